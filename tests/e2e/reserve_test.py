#!/usr/bin/env python3
"""A reserve that is Ready before the loss, on a real control plane: a rollout by the Deployment controller and
a drained node eat into it, which RedundancyMet says at once, with how many are missing in which domain; what
only starts counts for nothing, and nothing is lowered meanwhile."""

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
    ZONES, SteadyAudience, deployment, edge_pool, lay_out, metric_source)
from world import Exporter, Operator, TargetWatch, condition_of, status_of  # noqa: E402

EACH = 7  # 10,000 viewers take 14 replicas of 750 once a domain of three is lost


def slow_to_start(zone):
    workload = deployment(zone)
    workload["spec"]["replicas"] = EACH
    workload["spec"]["template"]["metadata"]["annotations"] = {"edgetide.io/start-delay": "6s"}
    return workload


def pool():
    wanted = edge_pool()
    wanted["spec"] |= {"mode": "Enforce", "replicas": {"min": len(ZONES) * EACH, "max": 60}}
    return wanted


class Reserve(unittest.TestCase):
    """Told in order: each step needs what the one before has left."""

    def test_it_is_missed_by_domain_and_number_while_people_work_on_the_fleet(self):
        audience = SteadyAudience()
        with (ControlPlane(full=True) as plane, Exporter(audience) as exporter,
              Prometheus([exporter.target], audience.history(exporter.target), 1) as prometheus):
            self.plane = plane
            lay_out(plane, metric_source(prometheus.url))
            plane.kubectl("-n", "video", "delete", "deployments", "--all")
            plane.apply(*[slow_to_start(zone) for zone in ZONES], pool())
            with TargetWatch(plane, "video") as targets, Operator(plane, "1s") as operator:
                self.operator = operator
                self.is_met()
                began = time.time()
                self.a_rollout_eats_into_it()
                self.is_met()
                self.a_drained_node_eats_into_it()
                self.is_met()
                self.assertEqual(targets.lowerings(began), [])

    def is_met(self):
        wait_for("the reserve", lambda: self.redundancy()["status"] == "True", 60)
        self.assertEqual(self.missing(), dict.fromkeys(ZONES, 0))

    def a_rollout_eats_into_it(self):
        """Of seven the Deployment controller lets one be unavailable: 25 %, rounded down."""
        self.plane.kubectl("-n", "video", "rollout", "restart", "deployment", "edge-b")
        self.is_missed("b", 1)
        self.plane.kubectl("-n", "video", "rollout", "status", "deployment", "edge-b",
                           "--timeout=60s")

    def a_drained_node_eats_into_it(self):
        node, evicted = self.fullest_node_of("a")
        self.plane.kubectl("drain", node, "--force", "--timeout=30s")
        self.is_missed("a", evicted)
        self.plane.kubectl("uncordon", node)

    def is_missed(self, zone, replicas):
        """The word, the status and the metric, all of them while the new ones start."""
        wait_for(f"{replicas} of {zone} to be missed", lambda: self.redundancy()["status"] == "False"
                 and self.redundancy()["message"].endswith(f"; missing: {zone} {replicas}"), 20)
        self.assertEqual(self.redundancy()["reason"], "ReserveMissing")
        self.assertEqual(self.missing(), dict.fromkeys(ZONES, 0) | {zone: replicas})
        self.assertEqual(self.operator.metric(
            f'edgetide_pool_reserve_missing_replicas{{failure_domain="{zone}"'), replicas)

    def fullest_node_of(self, zone):
        nodes = [pod["spec"]["nodeName"] for pod in self.plane.get(
            "-n", "video", "pods", "-l", f"app=edge-{zone}")["items"]]
        fullest = max(nodes, key=nodes.count)
        return fullest, nodes.count(fullest)

    def redundancy(self):
        return condition_of(self.plane, "RedundancyMet")

    def missing(self):
        return {domain["name"]: domain["reserveMissing"]
                for domain in status_of(self.plane)["domains"]}


if __name__ == "__main__":
    run_tests()
