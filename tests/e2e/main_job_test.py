#!/usr/bin/env python3
"""The main job on real parts: a Kubernetes control plane with fake nodes in three zones, a Prometheus
with weeks of history, an evening replayed on the real clock, and the operator. Takes about a quarter
of an hour."""

import datetime
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cluster"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from control_plane import ControlPlane, run_tests  # noqa: E402
from evening import ZONES, Evening  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from world import Exporter, Operator, TargetWatch, define  # noqa: E402

KICK_OFF_AFTER = 360
LEAD_TIME = 60
START_DELAY = 40
VIEWERS_PER_REPLICA = 2000
UTILIZATION = 0.75


def say(text):
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", flush=True)


def utc(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def deployment(zone):
    name = f"edge-{zone}"
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}, "annotations": {
                         "edgetide.io/start-delay": f"{START_DELAY}s"}},
                         "spec": {"nodeSelector": {"topology.kubernetes.io/zone": zone},
                                  "terminationGracePeriodSeconds": 0,
                                  "containers": [{"name": "edge", "image": "edge"}]}}}}


def metric_source(url):
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "MetricSource",
            "metadata": {"name": "video"},
            "spec": {"url": url, "allowedNamespaces": ["video"], "intervalSeconds": 5,
                     "maxSampleAgeSeconds": 30,
                     "labels": {"namespace": "namespace", "pool": "pool", "failureDomain": "zone"},
                     "queries": {"viewers": "sum by (namespace, pool, zone) (player_sessions)"}}}


def edge_pool():
    domains = [{"name": zone, "maxReplicas": 100,
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment",
                                   "name": f"edge-{zone}"}} for zone in ZONES]
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
            "metadata": {"name": "live-edge", "namespace": "video", "labels": {"service": "live"}},
            "spec": {"mode": "DryRun", "failureDomains": domains,
                     "demand": {"sourceRef": {"name": "video"}},
                     "capacity": {"viewers": VIEWERS_PER_REPLICA,
                                  "targetUtilizationPercent": int(UTILIZATION * 100)},
                     "leadTime": {"initialSeconds": LEAD_TIME},
                     "redundancy": {"survive": "FailureDomain"},
                     "replicas": {"min": 3, "max": 250}}}


def stream_event(number, start):
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "StreamEvent",
            "metadata": {"name": f"match-{number}", "namespace": "video"},
            "spec": {"start": utc(start), "timeZone": "UTC", "durationMinutes": 115,
                     "class": "football", "pools": {"matchLabels": {"service": "live"}}}}


class MainJob(unittest.TestCase):
    """One evening, told in order: each step needs what the one before has left."""

    def test_the_evening(self):
        started = time.time()
        evening = Evening(started + KICK_OFF_AFTER)
        say(f"evening {evening.source}; kick-off at {utc(evening.kick_off)}")
        with (ControlPlane(full=True) as plane, Exporter(evening) as exporter,
              Prometheus([exporter.target],
                         evening.history(started, exporter.target)) as prometheus):
            self.plane, self.evening, self.prometheus = plane, evening, prometheus
            self.lay_out(evening)
            with TargetWatch(plane, "video") as self.watch, Operator(plane) as operator:
                self.operator = operator
                self.dry_run_writes_nothing_but_status()
                self.enforced_it_is_ready_at_the_knee()
                self.without_prometheus_nothing_goes_down()
                self.killed_and_started_again_nothing_goes_down()
                self.a_foreign_lowering_is_raised_back_and_a_fight_is_not_fought()
                self.a_deleted_pool_leaves_its_targets()
                self.it_stops_cleanly()

    def lay_out(self, evening):
        plane = self.plane
        define(plane)
        plane.apply(*[deployment(zone) for zone in ZONES], metric_source(self.prometheus.url),
                    edge_pool(), *[stream_event(i, start)
                                   for i, start in enumerate(evening.starts)])
        wait_for("two Ready replicas in each zone", lambda: all(
            d["status"].get("readyReplicas") == 2
            for d in plane.get("-n", "video", "deployments")["items"]), START_DELAY + 60)

    def pool(self):
        return self.plane.get("-n", "video", "edgepool", "live-edge")

    def condition(self, kind):
        conditions = self.pool().get("status", {}).get("conditions", [])
        return next((c for c in conditions if c["type"] == kind), {"status": "Unknown"})

    def dry_run_writes_nothing_but_status(self):
        wait_for("a plan in the status", lambda: self.pool().get("status", {}).get("summary"), 30)
        wait_for("a forecast", lambda: self.condition("ForecastReady")["status"] == "True", 30)
        time.sleep(15)
        status = self.pool()["status"]
        say(f"dry run: desired {status['desired']}, {status['summary']}")
        self.assertGreater(status["desired"], 6, "the evening needs more than stands")
        self.assertEqual(set(self.watch.specified().values()), {2}, "DryRun wrote to a target")
        self.assertEqual({d["name"] for d in status["domains"]}, set(ZONES))
        self.assertEqual(self.condition("DemandFresh")["status"], "True", status)
        for item in self.plane.get("-n", "video", "deployments", "--show-managed-fields")["items"]:
            managers = {f["manager"] for f in item["metadata"]["managedFields"]}
            self.assertNotIn("edgetide", managers)

    def enforced_it_is_ready_at_the_knee(self):
        self.plane.kubectl("-n", "video", "patch", "epool", "live-edge", "--type=merge", "-p",
                           '{"spec":{"mode":"Enforce"}}')
        enforced = time.time()
        self.assertLess(enforced, self.evening.kick_off - LEAD_TIME - 60, "set up too slowly")
        settled = enforced + LEAD_TIME + 30
        worst = None
        while time.time() < self.evening.kick_off + 240:
            time.sleep(5)
            now = time.time()
            ready = self.watch.ready()
            viewers = self.evening.viewers(now)
            capacity = VIEWERS_PER_REPLICA * sum(ready.values())
            survivors = capacity - VIEWERS_PER_REPLICA * max(ready.values())
            if int(now) % 30 < 5:
                say(f"viewers {viewers:,.0f}, ready {ready}, carries {capacity:,} or "
                    f"{survivors:,} without a zone")
            if now < settled:
                continue
            margin = survivors / viewers
            worst = min(worst or margin, margin)
            self.assertGreaterEqual(survivors, viewers,
                                    f"{now - self.evening.kick_off:+.0f} s from kick-off")
        say(f"ready at the knee; at the tightest {worst:.2f} times the viewers without a zone")
        self.assertLessEqual(max(ready.values()) - min(ready.values()), 2, "unevenly spread")

    def without_prometheus_nothing_goes_down(self):
        self.prometheus.stop()
        stopped = time.time()
        wait_for("stale demand to be noticed",
                 lambda: self.condition("DemandFresh")["status"] == "False", 90)
        time.sleep(60)
        self.assertEqual(self.watch.lowerings(stopped), [])
        say(f"Prometheus stopped for {time.time() - stopped:.0f} s: nothing went down; "
            f"{self.condition('DemandFresh')['message']}")

    def killed_and_started_again_nothing_goes_down(self):
        self.operator.process.kill()
        killed = time.time()
        self.prometheus.start()
        time.sleep(5)
        self.operator.start()
        wait_for("fresh demand again",
                 lambda: self.condition("DemandFresh")["status"] == "True", 90)
        time.sleep(60)
        self.assertEqual(self.watch.lowerings(killed), [])
        say("operator killed and started again: nothing went down")

    def a_foreign_lowering_is_raised_back_and_a_fight_is_not_fought(self):
        for attempt in (1, 2):
            self.plane.kubectl("-n", "video", "scale", "deployment/edge-a", "--replicas=1")
            wait_for(f"edge-a raised back ({attempt})", self._edge_a_is_as_planned, 30)
        self.plane.kubectl("-n", "video", "scale", "deployment/edge-a", "--replicas=1")
        wait_for("the fight to be reported",
                 lambda: self.condition("AbleToScale").get("reason") == "Contended", 30)
        time.sleep(20)
        self.assertEqual(self.watch.specified()["edge-a"], 1, "a fight was fought")
        self.assertEqual(self.operator.metric("edgetide_pool_contended{"), 1)
        say("two foreign lowerings raised back, the third reported and left alone")

    def _edge_a_is_as_planned(self):
        """The fleet carries the viewers without a zone, and edge-a is what the plan asks of it: what
        stood before may have been more, on its way down."""
        specified = self.watch.specified()
        survivors = sum(specified.values()) - max(specified.values())
        planned = next(d["desired"] for d in self.pool()["status"]["domains"] if d["name"] == "a")
        return (1 < planned <= specified["edge-a"] and
                survivors * VIEWERS_PER_REPLICA >= self.evening.viewers(time.time()))

    def a_deleted_pool_leaves_its_targets(self):
        before = self.watch.specified()
        self.plane.kubectl("-n", "video", "delete", "epool", "live-edge")
        time.sleep(15)
        self.assertEqual(self.watch.specified(), before)
        self.assertIsNone(self.operator.metric("edgetide_pool_desired_replicas{"))
        say("the deleted pool left its targets as they were")

    def it_stops_cleanly(self):
        before = time.time()
        self.assertEqual(self.operator.process.stop(seconds=6), 0)
        self.assertLess(time.time() - before, 5)


if __name__ == "__main__":
    run_tests()
