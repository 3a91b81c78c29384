#!/usr/bin/env python3
"""Two replicas of the operator on a real control plane: the leader is killed, stopped and continued, cut
off from the API server, and stopped in order; one acts at any time. Takes about a minute."""

import pathlib
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cluster"), str(ROOT / "tests/e2e")]

from control_plane import ADMIN_TOKEN, ControlPlane, run_tests  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from relay import Relay  # noqa: E402
from world import Exporter, Operator, TargetWatch  # noqa: E402

LEASE = 6
RENEW_DEADLINE = 4
ARGUMENTS = ("--leader-election", f"--lease-duration={LEASE}s",
             f"--renew-deadline={RENEW_DEADLINE}s", "--retry-period=1s")


class Audience:
    """Viewers that change only when told."""

    viewers = 8000

    def exposition(self, _):
        return f'player_sessions{{namespace="video",pool="live"}} {self.viewers}\n'


def deployment(name):
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"containers": [{"name": "edge", "image": "edge"}]}}}}


def objects(prometheus):
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "edge"}
    return [
        {"apiVersion": "edgetide.io/v1alpha1", "kind": "MetricSource",
         "metadata": {"name": "video"},
         "spec": {"url": prometheus.url, "allowedNamespaces": ["video"], "intervalSeconds": 1,
                  "labels": {"namespace": "namespace", "pool": "pool"},
                  "queries": {"viewers": "sum by (namespace, pool) (player_sessions)"}}},
        deployment("edge"),
        {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
         "metadata": {"name": "live", "namespace": "video"},
         "spec": {"mode": "Enforce", "failureDomains": [{"name": "a", "scaleTargetRef": target}],
                  "demand": {"sourceRef": {"name": "video"}}, "capacity": {"viewers": 1000},
                  "replicas": {"min": 2, "max": 500}}}]


class LeaderFaults(unittest.TestCase):
    """One story: each fault begins where the one before has ended."""

    def test_one_replica_acts(self):
        self.audience = Audience()
        with (ControlPlane() as self.plane, Exporter(self.audience) as exporter,
              Prometheus([exporter.target], scrape_seconds=1) as prometheus):
            self.lay_out(prometheus)
            with (TargetWatch(self.plane, "video") as self.watch,
                  Relay(self.plane.url) as self.relay):
                cut_off = self.plane.directory / "through-relay"
                self.write_kubeconfig(cut_off)
                self.replicas = [self.replica("one"), self.replica("two", cut_off)]
                try:
                    self.tell_the_story()
                finally:
                    for replica in self.replicas:
                        replica.process.kill()

    def tell_the_story(self):
        one, two = self.replicas
        one.start()
        wait_for("the first to lead", lambda: self.leads(one), 10, 0.05)
        two.start()
        self.assertFalse(self.leads(two))
        self.follows_the_audience(8000)
        self.assertEqual(self.epoch(), 1)

        one.process.kill()
        self.takes_over(two, LEASE + 1, "after a kill")
        self.follows_the_audience(12000)
        self.assertEqual(self.epoch(), 2)

        one.start()
        two.process.pause()
        self.takes_over(one, LEASE + 1, "while the leader is stopped")
        self.follows_the_audience(20000)
        self.audience.viewers = 30000  # what the stopped one would act on when it wakes up
        two.process.resume()
        self.ends_itself(two, 1)
        self.follows_the_audience(30000)
        self.assertEqual(self.epoch(), 3)

        two.start()
        one.process.stop()
        self.takes_over(two, 3, "after an orderly stop")

        one.start()
        self.relay.cut()
        cut = time.monotonic()
        self.ends_itself(two, RENEW_DEADLINE + 1)
        self.assertFalse(self.leads(one), "another leads before the first has ended")
        self.takes_over(one, LEASE + 1, "after a partition", since=cut)
        self.follows_the_audience(40000)
        self.assertEqual(self.epoch(), 5)
        self.assertEqual(self.watch.lowerings(0), [], "a change of leaders lowered a target")

    def lay_out(self, prometheus):
        for crd in sorted((ROOT / "manifests/crds").glob("*.yaml")):
            self.plane.kubectl("apply", "-f", crd)
        for kind in ("edgepools", "eventcalendars", "eventclasses", "metricsources", "streamevents"):
            wait_for(f"{kind} to be served",
                     lambda: self.plane.kubectl("get", kind, "-A", check=False).returncode == 0, 30)
        self.plane.kubectl("create", "namespace", "video")
        self.plane.apply(*objects(prometheus))
        wait_for("a scrape", lambda: prometheus.query("player_sessions"), 30)

    def write_kubeconfig(self, path):
        """Of the administrator, to the API server by way of the relay."""
        direct = self.plane.url
        try:
            self.plane.url = self.relay.url
            self.plane.write_kubeconfig(path, ADMIN_TOKEN)
        finally:
            self.plane.url = direct

    def replica(self, name, kubeconfig=None):
        return Operator(self.plane, "1s", name, kubeconfig, ARGUMENTS)

    def leads(self, replica):
        return replica.metric("edgetide_leader") == 1

    def epoch(self):
        return self.plane.get("-n", "video", "edgepool", "live")["status"].get("leaderEpoch")

    def takes_over(self, replica, seconds, when, since=None):
        since = since or time.monotonic()
        decided = replica.metric("edgetide_decisions_total") or 0
        wait_for(f"the other to lead {when}", lambda: self.leads(replica), LEASE + 20, 0.02)
        wait_for(f"a decision {when}",
                 lambda: (replica.metric("edgetide_decisions_total") or 0) > decided, 10, 0.02)
        took = time.monotonic() - since
        print(f"{when}: decided {took:.2f} s later", flush=True)
        self.assertLess(took, seconds)

    def ends_itself(self, replica, seconds):
        wait_for("the old leader to end", lambda: not replica.process.running(), seconds, 0.02)
        self.assertEqual(replica.process.kill(), 1)
        self.assertIn("no longer the leader", replica.process.tail())

    def follows_the_audience(self, viewers):
        self.audience.viewers = viewers
        wait_for(f"capacity for {viewers} viewers",
                 lambda: self.watch.specified()["edge"] * 1000 >= viewers, 15, 0.05)


if __name__ == "__main__":
    run_tests()
