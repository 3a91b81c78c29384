#!/usr/bin/env python3
"""Replicas that have a node and do not become Ready in time, on a real API server and Prometheus: told by
condition, status, Kubernetes Event and metric as a shortfall with a cause of its own, and taken back
once they are Ready."""

import json
import pathlib
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("tests/cluster", "tests/e2e")]

from control_plane import ControlPlane, run_tests  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from shortfall_test import (  # noqa: E402
    SteadyAudience, deployment, edge_pool, lay_out, metric_source)
from world import Exporter, Operator  # noqa: E402

# They take 24 replicas, and 36 with a zone lost: more than the twenty of a and c.
VIEWERS = 17_500
LEAD = 4
SHORTFALL = "edgetide_capacity_shortfall_replicas"
CONDITION = 'edgetide_pool_condition{namespace="video",pool="live-edge",' \
            'status="True",type="CapacityShortfall"}'


def slow_to_start(workload):
    """Its pods get a node, and nobody plays a kubelet that would make them Ready."""
    workload["spec"]["template"]["metadata"]["annotations"] = {"edgetide.io/start-delay": "24h"}
    return workload


def ready():
    """What a kubelet says of a pod that has just become so."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"status": {"phase": "Running", "conditions": [
        {"type": "Ready", "status": "True", "lastTransitionTime": now}]}})


def pool():
    wanted = edge_pool()
    wanted["spec"] |= {"mode": "Enforce", "leadTime": {"initialSeconds": LEAD}}
    return wanted


class ReplicasNotReady(unittest.TestCase):
    """Told in order: each step needs what the one before has left."""

    def test_they_are_told_with_a_cause_of_their_own_and_taken_back(self):
        audience = SteadyAudience(VIEWERS)
        with (ControlPlane(full=True) as plane, Exporter(audience) as exporter,
              Prometheus([exporter.target], audience.history(exporter.target), 1) as prometheus):
            self.plane, self.prometheus = plane, prometheus
            lay_out(plane, metric_source(prometheus.url))
            plane.kubectl("-n", "video", "delete", "deployment", "edge-b")
            plane.apply(slow_to_start(deployment("b")))
            wait_for("pods with a node that are not Ready", lambda: len(self.waiting()) == 10, 30)
            plane.apply(pool())
            with Operator(plane, "1s") as operator:
                self.operator = operator
                prometheus.also_scrape(operator.url.removeprefix("http://"))
                self.all_that_is_late_is_missing()
                self.everybody_says_the_same()
                self.what_becomes_ready_takes_it_back()

    def all_that_is_late_is_missing(self):
        """Once what was ordered last is late as well."""
        wait_for("a shortfall", lambda: self.condition()["reason"] == "ReplicasNotReady"
                 and f"; {len(self.waiting())} of b have a node" in self.condition()["message"], 40)
        print(self.condition()["message"], flush=True)
        self.assertEqual(self.condition()["status"], "True")
        self.assertIn(f"have not become Ready within the lead time of {LEAD}s: their events and logs "
                      "say why", self.condition()["message"])

    def everybody_says_the_same(self):
        shortfall = self.shortfall()
        self.assertEqual(shortfall["cause"], "ReplicasNotReady")
        missing = shortfall["missingReplicas"]
        self.assertGreater(missing, 0)
        self.assertEqual(missing, shortfall["requiredReplicas"] - shortfall["grantedReplicas"])
        events = self.plane.get("-n", "video", "events.events.k8s.io")["items"]
        notes = [(event["type"], event["regarding"]["name"], event["note"])
                 for event in events if event["reason"] == "CapacityShortfall"]
        self.assertTrue(notes)
        for kind, name, note in notes:
            self.assertEqual((kind, name), ("Warning", "live-edge"))
            # Before they are late they are told as starting, and an Event so like is not repeated.
            self.assertRegex(note, "have not become Ready|are on the way")
        wait_for("the metric in Prometheus", lambda: self.scraped(SHORTFALL) == missing, 20)
        wait_for("the condition in Prometheus", lambda: self.scraped(CONDITION) == 1, 20)

    def what_becomes_ready_takes_it_back(self):
        for name in self.waiting():
            self.plane.kubectl("-n", "video", "patch", "pod", name, "--subresource=status",
                               "--type=strategic", "-p", ready())
        mended = time.monotonic()
        wait_for("the word to be taken back", lambda: self.condition()["status"] == "False", 20)
        print(f"taken back after {time.monotonic() - mended:.1f} s", flush=True)
        self.assertEqual(self.condition()["reason"], "Enough")
        self.assertIsNone(self.shortfall())
        wait_for("nothing missing in Prometheus", lambda: self.scraped(SHORTFALL) == 0, 20)

    def waiting(self):
        """Pods of b that have a node and are not Ready."""
        pods = self.plane.get("-n", "video", "pods", "-l", "app=edge-b")["items"]
        return [pod["metadata"]["name"] for pod in pods
                if pod["spec"].get("nodeName") and pod["status"]["phase"] == "Pending"]

    def status(self):
        return self.plane.get("-n", "video", "edgepool", "live-edge").get("status", {})

    def condition(self):
        return next((c for c in self.status().get("conditions", [])
                     if c["type"] == "CapacityShortfall"), {"status": "none yet", "reason": ""})

    def shortfall(self):
        return self.status().get("shortfall")

    def scraped(self, series):
        found = self.prometheus.query(series)
        return float(found[0]["value"][1]) if found else None


if __name__ == "__main__":
    run_tests()
