"""What an end-to-end test runs against: the exporter that replays an evening, a watch of the targets,
the operator as a process."""

import os
import pathlib
import sys
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cluster"))

from processes import Exposition, Process, free_port, wait_for  # noqa: E402
from watch import Watch  # noqa: E402

OPERATOR = pathlib.Path(os.environ.get("EDGETIDE_BINARY", ROOT / "build/release/bin/edgetide"))


class Exporter(Exposition):
    """Serves the evening's viewers of this moment to whoever scrapes."""

    def __init__(self, evening):
        super().__init__(lambda: evening.exposition(time.time()))


class TargetWatch(Watch):
    """Everything that ever happens to the Deployments of a namespace, by their own watch."""

    def __init__(self, plane, namespace):
        super().__init__(plane, f"/apis/apps/v1/namespaces/{namespace}/deployments", self._take)
        self.lock = threading.Lock()
        self.changes = []  # (time, name, specified, ready)
        self.now = {}

    def _take(self, deployment):
        state = deployment["spec"]["replicas"], deployment["status"].get("readyReplicas", 0)
        name = deployment["metadata"]["name"]
        with self.lock:
            self.now[name] = state
            self.changes.append((time.time(), name, *state))

    def specified(self):
        with self.lock:
            return {name: state[0] for name, state in self.now.items()}

    def ready(self):
        with self.lock:
            return {name: state[1] for name, state in self.now.items()}

    def lowerings(self, since):
        """Each fall of `spec.replicas` after that time, as text."""
        with self.lock:
            last, falls = {}, []
            for at, name, specified, _ in self.changes:
                if at >= since and specified < last.get(name, specified):
                    falls.append(f"{name} {last[name]} -> {specified}")
                last[name] = specified
            return falls


class Operator:
    """`edgetide operator` against a control plane; killed and started again at will."""

    def __init__(self, plane, interval="5s", name="operator", kubeconfig=None, arguments=(),
                 env=None, within=()):
        self.plane = plane
        self.name = name
        self.kubeconfig = kubeconfig or plane.kubeconfig
        self.arguments = [f"--interval={interval}", *arguments]
        self.env = env
        self.within = within  # a command that goes on as the one after it
        self.process = None

    def __enter__(self):
        if not self.process:
            self.start()
        return self

    def __exit__(self, *_):
        self.process.kill()

    def start(self):
        self.launch()
        wait_for("the operator to be ready", self._ready, 30)

    def launch(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = Process(self.name, [
            *self.within, OPERATOR, "operator", f"--kubeconfig={self.kubeconfig}", *self.arguments,
            "--listen-host=127.0.0.1", f"--listen-port={port}"], self.plane.directory, self.env)

    def _ready(self):
        self.process.check()
        try:
            return urllib.request.urlopen(f"{self.url}/readyz", timeout=2).status == 200
        except OSError:
            return False

    def metric(self, beginning):
        """The value of the first series that begins so; nothing when there is none."""
        text = urllib.request.urlopen(f"{self.url}/metrics", timeout=5).read().decode()
        for line in text.splitlines():
            if line.startswith(beginning):
                return float(line.rsplit(" ", 1)[1])
        return None


def define(plane):
    """Our definitions, and the namespace of the pools."""
    plane.kubectl("apply", "--server-side", "-f", ROOT / "manifests/crds")
    plane.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
    plane.kubectl("create", "namespace", "video")


def status_of(plane):
    """Of the one pool."""
    return plane.get("-n", "video", "edgepool", "live-edge").get("status", {})


def condition_of(plane, kind):
    """Of the same."""
    return next((c for c in status_of(plane).get("conditions", []) if c["type"] == kind),
                {"status": "none yet", "reason": "", "message": ""})


def operator_of_the_chart(plane):
    """The operator with the arguments of the installed chart's pod, as its service account, but for a
    look every second."""
    template = plane.get("-n", "edgetide", "deployment", "edgetide")["spec"]["template"]
    arguments = [word for word in template["spec"]["containers"][0]["args"][1:]
                 if not word.startswith(("--listen-port", "--interval"))]
    kubeconfig = plane.write_kubeconfig(plane.directory / "kubeconfig-operator",
                                        plane.service_account_token("edgetide", "edgetide"))
    return Operator(plane, "1s", kubeconfig=kubeconfig,
                    arguments=[*arguments, "--lease-namespace=edgetide"])
