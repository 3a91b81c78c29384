"""What every fault is played on: a real control plane, a real Prometheus, an exporter, the operator that
follows it, and a judge. One pool, `live`, in one failure domain, may be lowered at once when its viewers
go, so that a fault that is taken for fewer viewers shows."""

import contextlib
import json
import os
import pathlib
import re
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("tests/cluster", "tests/e2e", "tests/bench")]

from control_plane import ControlPlane  # noqa: E402
from fleet_world import CRD, POOLS, SOURCES, TARGETS, Api, target  # noqa: E402
from judge import Judge  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from proxy import FaultyProxy  # noqa: E402
from world import Exporter, Operator  # noqa: E402

BACK_WITHIN = 12  # seconds: an interval, the longest backoff of a quiet minute, and a scrape
LEAST, MOST = 2, 5_000
START_VIEWERS = 22_500
START_REPLICAS = 30  # what they need, so that nothing has to be lowered at the start


class Audience:
    """Viewers that change only when told; `offset` seconds is how wrong the exporter's clock is."""

    def __init__(self):
        self.viewers = START_VIEWERS
        self.offset = 0
        self.more = ""  # further series

    def exposition(self, now):
        at = f" {int((now + self.offset) * 1000)}" if self.offset else ""
        return f'player_sessions{{namespace="video",pool="live"}} {self.viewers}{at}\n{self.more}'


def past_of(viewers, target, hours=3):
    """The hours before now as that target has told them, a sample every four minutes."""
    now = int(time.time())
    labels = f'namespace="video",pool="live",instance="{target}",job="edge"'
    lines = [f"player_sessions{{{labels}}} {viewers} {at}"
             for at in range(now - hours * 3600, now, 240)]
    return "\n".join(["# TYPE player_sessions gauge", *lines, "# EOF", ""])


def metric_source(url, query="sum by (namespace, pool) (player_sessions)", **more):
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "MetricSource",
            "metadata": {"name": "video"},
            "spec": {"url": url, "allowedNamespaces": ["video"], "intervalSeconds": 1,
                     "labels": {"namespace": "namespace", "pool": "pool"},
                     "queries": {"viewers": query}, **more}}


def pool(name="live", edge="edge", down_after=0):
    scale_target = {"apiVersion": "bench.edgetide.io/v1", "kind": "EdgeTarget", "name": edge}
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"mode": "Enforce",
                     "failureDomains": [{"name": "a", "scaleTargetRef": scale_target}],
                     "demand": {"sourceRef": {"name": "video"}}, "capacity": {"viewers": 1000},
                     # After the leaps of a story much is thought possible; that is not its matter.
                     "forecast": {"confidencePercent": 50},
                     "behavior": {"scaleDown": {"stabilizationWindowSeconds": down_after}},
                     "replicas": {"min": LEAST, "max": MOST}}}


def kubeconfig(path, url, ca_file, token_file, **cluster):
    """A kubeconfig whose CA and token stand in files of their own, as in a pod."""
    path.write_text(json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{"name": "test", "cluster": {
            "server": url, "certificate-authority": str(ca_file), **cluster}}],
        "users": [{"name": "test", "user": {"tokenFile": str(token_file)}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}]}))
    return path


class Stage:
    """Started by `with`, which also judges at the end. `access` makes the operator's kubeconfig, given
    the stage; `within` makes a command to run it within, given the stage; `source` makes the
    MetricSource, given the proxy's URL; `past` what Prometheus holds from
    before, given the exporter's address; `back_within` how many seconds more viewers may wait for
    capacity. With `lays_out=False` the cluster knows nothing of us yet. `also` starts what ends with
    the stage."""

    def __init__(self, arguments=(), access=None, env=None, source=metric_source, past=None,
                 interval="1s", lays_out=True, audience=None, down_after=0,
                 scraped="player_sessions", lowers=True, within=None, back_within=BACK_WITHIN):
        self.arguments = arguments
        self.access = access
        self.env = env
        self.source = source
        self.past = past or (lambda target: past_of(START_VIEWERS, target))
        self.interval = interval
        self.lays_out = lays_out
        self.audience = audience or Audience()
        self.down_after = down_after
        self.scraped = scraped
        self.within = within
        self.back_within = back_within
        self.lowers = lowers  # the story ends with viewers who go

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.also = stack.enter_context
            self.plane = stack.enter_context(ControlPlane())
            exporter = stack.enter_context(Exporter(self.audience))
            self.prometheus = stack.enter_context(
                Prometheus([exporter.target], self.past(exporter.target), 1))
            self.proxy = self.also(FaultyProxy(self.prometheus.url))
            self.api = Api(self.plane)
            if self.lays_out:
                self.lay_out()
            self.operator = Operator(
                self.plane, self.interval, env={**os.environ, **self.env} if self.env else None,
                kubeconfig=self.access(self) if self.access else None,
                within=self.within(self) if self.within else (),
                arguments=("--core-dumps", *self.arguments))
            if self.lays_out:
                stack.enter_context(self.operator)
                self.watch_and_follow()
            else:
                self.operator.launch()
                stack.callback(lambda: self.operator.process.kill())
            self.stack = stack.pop_all()
            self.also = self.stack.enter_context
        return self

    def __exit__(self, kind, *_):
        with self.stack:
            if kind is None:
                self.verdict()

    def watch_and_follow(self):
        """From here on every write counts."""
        self.judge = self.also(Judge(self.plane, self.api))
        self.learns()
        self.follows("a start")
        self.used = self.usage()

    def lay_out(self):
        self.define()
        self.plane.kubectl("create", "namespace", "video")
        self.api.send("POST", SOURCES, self.source(self.proxy.url))
        edge = target("edge")
        edge["spec"]["replicas"] = START_REPLICAS
        self.api.send("POST", TARGETS, edge)
        self.api.send("POST", POOLS, pool(down_after=self.down_after))
        wait_for("a scrape", lambda: self.prometheus.query(self.scraped), 30)

    def define(self):
        self.plane.apply(CRD)
        definitions = sorted((ROOT / "manifests/crds").glob("*.yaml"))
        self.plane.kubectl("apply", *[f"--filename={path}" for path in definitions])
        for kind in ("edgetargets", *(path.stem for path in definitions)):
            wait_for(f"{kind} to be served", lambda: self.plane.kubectl(
                "get", kind, "-A", check=False).returncode == 0, 30)

    # What a fault is judged by.

    def follows(self, after, within=None):
        """There are more viewers than all that was ordered carries, and soon capacity for them."""
        within = within or self.back_within
        self.audience.viewers = max(self.audience.viewers, self.judge.replicas() * 1000 + 1000)
        took = self.timed(lambda: self.judge.replicas() * 1000 >= self.audience.viewers)
        print(f"after {after}: capacity for more viewers {took:.1f} s later", flush=True)
        if took >= within:
            raise AssertionError(f"after {after}: {took:.1f} s is not within {within} s:\n"
                                 f"{self.log()[-3000:]}")

    def rise(self):
        """More viewers, of which nobody can know yet."""
        self.audience.viewers = self.judge.replicas() * 1000 + 1000

    def timed(self, condition, seconds=90):
        since = time.monotonic()
        wait_for("the target to be written", condition, seconds, 0.02)
        return time.monotonic() - since

    def verdict(self):
        """No target went down, no write was out of bounds, nothing was used up; and the target can
        go down: it does when the viewers go."""
        falls = self.judge.lowerings()
        if falls:
            raise AssertionError(f"a fault lowered a target: {falls}")
        if outside := self.judge.outside(LEAST, MOST):
            raise AssertionError(f"writes out of bounds: {outside}")
        self.operator.process.check()
        memory, descriptors, threads = self.usage()
        print(f"used at the start {self.used}, at the end {(memory, descriptors, threads)}",
              flush=True)
        if memory > self.used[0] * 1.5 + 8 or descriptors > self.used[1] + 8 or \
                threads > self.used[2] + 4:
            raise AssertionError(f"{self.used} became {(memory, descriptors, threads)}")
        if self.lowers:
            self.lowers_when_the_viewers_go()

    def lowers_when_the_viewers_go(self):
        since = time.time()
        self.audience.viewers *= 0.87  # more at once is taken for an outage, and held
        try:
            took = self.timed(lambda: self.judge.lowerings(since), 60 + self.down_after)
        except AssertionError:
            raise AssertionError(f"the viewers went, and nothing is lowered: {self.log()[-3000:]}"
                                 ) from None
        print(f"the viewers went: lowered {took:.1f} s later", flush=True)

    def usage(self):
        """Resident megabytes, open descriptors and threads of the operator."""
        process = pathlib.Path(f"/proc/{self.operator.process.pid}")
        status = (process / "status").read_text()
        number = lambda name: int(re.search(rf"{name}:\s+(\d+)", status)[1])
        return number("VmRSS") // 1024, len(list((process / "fd").iterdir())), number("Threads")

    def total(self, name, label=""):
        """The sum of the operator's series of that name that have the label."""
        text = urllib.request.urlopen(f"{self.operator.url}/metrics", timeout=5).read().decode()
        return sum(float(value) for labels, value in
                   re.findall(rf"^{name}{{(.*)}} (\S+)$", text, re.M) if label in labels)

    def learns(self):
        """Waits for the pool's past to be known: without it nothing is ever lowered."""
        wait_for("the past to be known", self.knows_its_past, 75)

    def knows_its_past(self):
        try:
            return self.operator.metric(
                'edgetide_pool_condition{namespace="video",pool="live",status="True",'
                'type="ForecastReady"}') == 1
        except OSError:
            return False

    # Breaking parts.

    def api_server(self):
        return self.plane.process("kube-apiserver")

    def start_api_server_again(self, *more):
        self.plane.start_again("kube-apiserver", *more)
        wait_for("the API server", self.plane.ready, 60)

    def log(self):
        return self.operator.process.log.read_text(errors="replace")
