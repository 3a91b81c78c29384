#!/usr/bin/env python3
"""Two replicas of the operator on a real control plane: the leader is killed, stopped and continued, cut
off from the API server, and stopped in order; one acts at any time, and what the last leader had sent
reaches the server after the next has written. Takes about a minute and a quarter."""

import contextlib
import itertools
import json
import pathlib
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cluster"), str(ROOT / "tests/e2e")]

from authority import Authority  # noqa: E402
from control_plane import ControlPlane, run_tests  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from proxy import FaultyProxy  # noqa: E402
from relay import Relay  # noqa: E402
from world import Exporter, Operator, TargetWatch  # noqa: E402

LEASE = 6
RENEW_DEADLINE = 4
AT_LEISURE = 60  # where not the time is judged but what was written
ARGUMENTS = ("--leader-election", f"--lease-duration={LEASE}s",
             f"--renew-deadline={RENEW_DEADLINE}s", "--retry-period=1s")
NAMES = ("one", "two")
USERS = {f"system:serviceaccount:default:{name}": name for name in NAMES}


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


class TwoReplicas:
    """One story: each fault begins where the one before has ended. Both replicas have an account of their
    own, by which the audit log tells who wrote."""

    def test_one_replica_acts(self):
        self.audience = Audience()
        with contextlib.ExitStack() as stack:
            self.also = stack.enter_context
            self.plane = self.also(ControlPlane(audited_users=USERS))
            exporter = self.also(Exporter(self.audience))
            self.lay_out(self.also(Prometheus([exporter.target], scrape_seconds=1)))
            self.watch = self.also(TargetWatch(self.plane, "video"))
            self.replicas = [self.replica(name, way) for name, way in zip(NAMES, self.ways())]
            stack.callback(self.end)
            self.tell_the_story()
            self.assertEqual(self.watch.lowerings(0), [], "a change of leaders lowered a target")

    def end(self):
        for replica in self.replicas:
            if replica.process:
                replica.process.kill()

    def ways(self):
        """The URL and CA by which each replica asks the API server."""
        self.relay = self.also(Relay(self.plane.url))
        return (self.plane.url, self.plane.ca), (self.relay.url, self.plane.ca)

    def replica(self, name, way):
        self.plane.kubectl("create", "serviceaccount", name)
        self.plane.kubectl("create", "clusterrolebinding", name, "--clusterrole=cluster-admin",
                           f"--serviceaccount=default:{name}")
        token = self.plane.service_account_token("default", name)
        path = self.plane.write_kubeconfig(self.plane.directory / f"of-{name}", token, way)
        return Operator(self.plane, "1s", name, path, ARGUMENTS)

    def begin(self):
        one, two = self.replicas
        one.start()
        wait_for("the first to lead", lambda: self.leads(one), 10, 0.05)
        two.start()
        self.assertFalse(self.leads(two))
        self.follows_the_audience(8000)
        return one, two

    def written_by(self):
        """Who wrote, in the order of what the API server did: one name for each time that another
        than before did. The Lease is for both to write."""
        written = sorted((event["stageTimestamp"], USERS[event["user"]["username"]])
                         for event in self.plane.audited()
                         if event["verb"] in ("create", "update", "patch", "delete")
                         and event["responseStatus"]["code"] < 300
                         and event["objectRef"]["resource"] != "leases")
        return [name for name, _ in itertools.groupby(name for _, name in written)]

    def refused_of(self, name, subresource):
        """The codes by which writes of that replica were refused."""
        return [event["responseStatus"]["code"] for event in self.plane.audited()
                if USERS[event["user"]["username"]] == name
                and event["verb"] in ("update", "patch")
                and event["objectRef"].get("subresource") == subresource
                and event["responseStatus"]["code"] >= 300]

    def lay_out(self, prometheus):
        for crd in sorted((ROOT / "manifests/crds").glob("*.yaml")):
            self.plane.kubectl("apply", "-f", crd)
        for kind in ("edgepools", "eventcalendars", "eventclasses", "metricsources", "streamevents"):
            wait_for(f"{kind} to be served",
                     lambda: self.plane.kubectl("get", kind, "-A", check=False).returncode == 0, 30)
        self.plane.kubectl("create", "namespace", "video")
        self.plane.apply(*objects(prometheus))
        wait_for("a scrape", lambda: prometheus.query("player_sessions"), 30)

    def leads(self, replica):
        return replica.metric("edgetide_leader") == 1

    def epoch(self):
        return self.plane.get("-n", "video", "edgepool", "live")["status"].get("leaderEpoch")

    def tells_its_epoch(self, epoch):
        """The leader writes its status after the scale of the target."""
        wait_for(f"a status of leader {epoch}", lambda: self.epoch() == epoch, 10, 0.05)

    def takes_over(self, replica, seconds, when, since=None):
        since = since or time.monotonic()
        decided = replica.metric("edgetide_decisions_total") or 0
        wait_for(f"the other to lead {when}", lambda: self.leads(replica), max(seconds, LEASE + 20), 0.02)
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


class LeaderFaults(TwoReplicas, unittest.TestCase):
    def tell_the_story(self):
        one, two = self.begin()
        self.tells_its_epoch(1)

        one.process.kill()
        self.takes_over(two, LEASE + 1, "after a kill")
        self.follows_the_audience(12000)
        self.tells_its_epoch(2)

        one.start()
        two.process.pause()
        self.takes_over(one, LEASE + 1, "while the leader is stopped")
        self.follows_the_audience(20000)
        self.audience.viewers = 30000  # what the stopped one would act on when it wakes up
        two.process.resume()
        self.ends_itself(two, 1)
        self.follows_the_audience(30000)
        self.tells_its_epoch(3)

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
        self.tells_its_epoch(5)
        self.assertEqual(self.written_by(), ["one", "two", "one", "two", "one"])


class LateWrites(TwoReplicas, unittest.TestCase):
    """What a leader had sent when it was stopped or killed is kept on its way, and reaches the server
    when another has led and written since: more than that, so that it would lower a target."""

    def ways(self):
        authority = Authority(self.plane.directory, "proxy-ca")
        self.proxy = self.also(FaultyProxy(self.plane.url, authority.issue("proxy"), self.plane.ca))
        return (self.proxy.url, authority.pem), (self.plane.url, self.plane.ca)

    def tell_the_story(self):
        one, two = self.begin()
        scale = self.held("PUT", "/scale")
        one.process.pause()
        self.takes_over(two, AT_LEISURE, "while the leader is stopped in the middle of a write")
        self.follows_the_audience(json.loads(scale.body)["spec"]["replicas"] * 1000 + 4000)
        self.is_refused(scale, 409, "the object has been modified")
        one.process.resume()
        self.ends_itself(one, AT_LEISURE)

        one.start()
        two.process.kill()
        self.takes_over(one, AT_LEISURE, "after a kill")
        two.start()
        status = self.held("PATCH", "/status")
        one.process.kill()
        self.takes_over(two, AT_LEISURE, "after a kill in the middle of a write")
        self.follows_the_audience(self.watch.specified()["edge"] * 1000 + 4000)
        self.tells_its_epoch(4)
        self.is_refused(status, 422, "leaderEpoch")
        self.assertEqual(self.epoch(), 4)

        self.assertEqual(self.written_by(), ["one", "two", "one", "two"])
        self.assertEqual(self.refused_of("one", "scale"), [409])
        self.assertEqual(self.refused_of("one", "status"), [422])

    def held(self, method, ending):
        """The leader's next such request, which more viewers bring about."""
        held = self.proxy.hold_next(method, ending)
        self.audience.viewers = self.watch.specified()["edge"] * 1000 + 4000
        self.assertTrue(held.arrived.wait(15), f"no {method} of {ending}")
        return held

    def is_refused(self, held, status, words):
        answered, text = held.let_go()
        print(f"a late {held.method} of {held.ending}: {answered} {text[:300]}", flush=True)
        self.assertEqual(answered, status, text)
        self.assertIn(words, text)


if __name__ == "__main__":
    run_tests()
