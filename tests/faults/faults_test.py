#!/usr/bin/env python3
"""Faults of the control plane, of Prometheus and of the operator itself, on the real programs. A watch of
the target from before each fault judges it: every write counts. Takes under two minutes."""

import contextlib
import http.client
import http.server
import json
import pathlib
import ssl
import sys
import threading
import time
import unittest
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cluster"), str(ROOT / "tests/e2e")]

from control_plane import ADMIN_TOKEN, ControlPlane, run_tests  # noqa: E402
from leader_test import Audience, objects  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from world import Exporter, Operator, TargetWatch  # noqa: E402

BACK_WITHIN = 12  # seconds: an interval, the longest backoff of a quiet minute, and a scrape


class FaultyProxy:
    """Plain HTTP before Prometheus; `fault` says what becomes of an answer."""

    def __init__(self, url):
        self.target = urllib.parse.urlsplit(url)
        self.fault = None
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    status, headers, text = proxy.answer(self.path, body, self.headers)
                except OSError:
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text if proxy.fault != "truncated" else text[:len(text) // 2])

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, body, headers):
        text = {"Content-Type": "text/plain"}
        if self.fault == "429":
            return 429, text | {"Retry-After": "1"}, b"slow down"
        if self.fault == "500":
            return 500, text, b"internal error"
        if self.fault == "html":
            return 200, {"Content-Type": "text/html"}, b"<html>please log in</html>"
        if self.fault == "empty":
            return 200, {"Content-Type": "application/json"}, json.dumps(
                {"status": "success", "data": {"resultType": "vector", "result": []}}).encode()
        if self.fault == "slow":
            time.sleep(4)
        upstream = http.client.HTTPConnection(self.target.hostname, self.target.port, timeout=10)
        upstream.request("POST", path, body, {"Content-Type": headers["Content-Type"]})
        with upstream.getresponse() as answer:
            return answer.status, {"Content-Type": answer.headers["Content-Type"]}, answer.read()


class FaithfulWatch(TargetWatch):
    """A watch that is opened again where it broke, so that no write is missed."""

    def _follow(self):
        while True:
            super()._follow()
            try:
                self.stream = self.reopen()
            except OSError:
                time.sleep(0.1)

    def reopen(self):
        request = urllib.request.Request(
            f"{self.plane_url}/apis/apps/v1/namespaces/video/deployments?watch=1",
            headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
        return urllib.request.urlopen(request, context=self.context, timeout=120)

    def __init__(self, plane):
        self.plane_url = plane.url
        self.context = ssl.create_default_context(cadata=plane.ca)
        super().__init__(plane, "video")


def past_of(viewers, target, hours=3):
    """The hours before now as that target has told them, a sample every four minutes."""
    now = int(time.time())
    labels = f'namespace="video",pool="live",instance="{target}",job="edge"'
    lines = [f"player_sessions{{{labels}}} {viewers} {at}"
             for at in range(now - hours * 3600, now, 240)]
    return "\n".join(["# TYPE player_sessions gauge", *lines, "# EOF", ""])


def fleet(source):
    """As the test of leaders lays out, with room for every rise of this story."""
    made = objects(source)
    made[-1]["spec"]["replicas"]["max"] = 10_000
    return made


class Faults(unittest.TestCase):
    """A story: each fault begins where the one before has ended, with more viewers after it."""

    def test_faults(self):
        with self.world():
            self.tell_the_story()

    def test_a_restart_without_prometheus(self):
        with self.world():
            self.the_operator_is_killed_without_prometheus()

    @contextlib.contextmanager
    def world(self):
        """Everything started, and the operator following; judged at the end."""
        self.audience = Audience()
        self.audience.viewers = 2000
        with (ControlPlane() as self.plane, Exporter(self.audience) as exporter,
              Prometheus([exporter.target], past_of(2000, exporter.target), 1) as self.prometheus):
            self.proxy = FaultyProxy(self.prometheus.url)
            self.lay_out()
            self.watch = FaithfulWatch(self.plane)
            data = self.plane.directory / "data"
            data.mkdir()
            self.operator = Operator(self.plane, "1s", arguments=(f"--data-dir={data}",))
            with self.operator:
                self.follows("a start")
                self.descriptors = self.count_descriptors()
                yield
                self.assertEqual(self.watch.lowerings(0), [], "a fault lowered a target")
                self.assertLess(self.count_descriptors(), self.descriptors + 10)

    def tell_the_story(self):
        for fault in ("429", "500", "html", "empty", "truncated", "slow"):
            with self.subTest(fault):
                self.proxy.fault = fault
                time.sleep(3)
                self.proxy.fault = None
                self.follows(f"Prometheus answering '{fault}' for 3 s")
        self.prometheus_is_killed()
        self.api_server_is_paused()
        self.api_server_is_killed()
        self.history_is_compacted()
        self.a_rival_lowers()
        self.the_pool_is_made_anew()

    def prometheus_is_killed(self):
        self.prometheus.stop()
        time.sleep(3)
        self.prometheus.start()
        self.follows("Prometheus killed for 3 s")

    def api_server_is_paused(self):
        server = self.plane.process("kube-apiserver")
        server.pause()
        self.audience.viewers = self.watch.specified()["edge"] * 1000 + 1000  # in the pause
        time.sleep(8)
        server.resume()
        self.follows("the API server paused for 8 s")

    def api_server_is_killed(self):
        server = self.plane.process("kube-apiserver")
        server.kill()
        time.sleep(2)
        self.plane.processes.remove(server)
        self.plane.run("kube-apiserver", *server.child.args[1:])
        wait_for("the API server", self.plane._ready, 60)
        self.follows("the API server killed at a rise, and back")

    def history_is_compacted(self):
        """The watches' versions expire while their connections are cut: 410."""
        server = self.plane.process("kube-apiserver")
        server.kill()
        revision = self.etcd("/v3/kv/range", {"key": "Lw=="})["header"]["revision"]
        self.etcd("/v3/kv/compaction", {"revision": revision, "physical": True})
        self.plane.processes.remove(server)
        self.plane.run("kube-apiserver", *server.child.args[1:])
        wait_for("the API server", self.plane._ready, 60)
        self.follows("etcd compacted under the watches")

    def a_rival_lowers(self):
        since = time.time()
        before = self.watch.specified()["edge"]
        self.plane.kubectl("-n", "video", "scale", "deployment", "edge", "--replicas=3")
        wait_for("the rival's write", lambda: self.watch.lowerings(since), 10, 0.02)
        self.timed(lambda: self.watch.specified()["edge"] >= before)
        with self.watch.lock:
            times = [at for at, _, replicas, _ in self.watch.changes if at >= since
                     and (replicas == 3 or replicas >= before)]
            self.watch.changes = []  # the rival's lowering is not the operator's
        self.tell("a rival writer lowered the target; raised back", times[1] - times[0])

    def the_pool_is_made_anew(self):
        pool = next(o for o in fleet(self.proxy) if o["kind"] == "EdgePool")
        since = time.time()
        self.plane.kubectl("-n", "video", "delete", "edgepool", "live", "--wait")
        self.plane.apply(pool)
        self.assertEqual(self.watch.lowerings(since), [])
        self.follows("the pool deleted and made anew")

    def the_operator_is_killed_without_prometheus(self):
        """What was learned is on disk: it decides without a source."""
        wait_for("the past to be known", self.knows_its_past, 15)
        time.sleep(2)  # what was learned reaches the disk
        self.prometheus.stop()
        self.operator.process.kill()
        started = time.monotonic()
        self.operator.launch()
        wait_for("a decision by what was kept", self.knows_its_past, 15, 0.05)
        self.tell("killed and started without Prometheus; decided", time.monotonic() - started)
        self.prometheus.start()
        self.follows("the operator killed while Prometheus is down")

    def knows_its_past(self):
        try:
            return self.operator.metric(
                'edgetide_pool_condition{namespace="video",pool="live",status="True",'
                'type="ForecastReady"}') == 1
        except OSError:
            return False

    def lay_out(self):
        for crd in sorted((ROOT / "manifests/crds").glob("*.yaml")):
            self.plane.kubectl("apply", "-f", crd)
            wait_for(f"{crd.stem} to be served", lambda: self.plane.kubectl(
                "get", crd.stem, "-A", check=False).returncode == 0, 30)
        self.plane.kubectl("create", "namespace", "video")
        self.plane.apply(*fleet(self.proxy))
        wait_for("a scrape", lambda: self.prometheus.query("player_sessions"), 30)

    def etcd(self, path, body):
        target = urllib.parse.urlsplit(self.plane.etcd)
        line = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
        line.request("POST", path, json.dumps(body))
        return json.loads(line.getresponse().read())

    def follows(self, after):
        """There are more viewers than all that was ordered carries, and soon capacity for them."""
        viewers = self.watch.specified().get("edge", 0) * 1000 + 1000
        self.audience.viewers = max(self.audience.viewers, viewers)
        took = self.timed(lambda: self.watch.specified().get("edge", 0) * 1000
                          >= self.audience.viewers)
        self.tell(f"after {after}: capacity for more viewers", took)
        self.assertLess(took, BACK_WITHIN, after)

    def timed(self, condition):
        since = time.monotonic()
        wait_for("the target to be written", condition, 60, 0.02)
        return time.monotonic() - since

    def count_descriptors(self):
        return len(list(pathlib.Path(f"/proc/{self.operator.process.pid}/fd").iterdir()))

    @staticmethod
    def tell(what, took):
        print(f"{what} {took:.1f} s later", flush=True)


if __name__ == "__main__":
    run_tests()
