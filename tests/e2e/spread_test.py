#!/usr/bin/env python3
"""One workload that the real scheduler spreads over zones: its pool is raised until the loss of any zone
is survived, and tells which zone lacks how many as soon as the spread that is really there does not."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("tests/cluster", "tests/e2e")]

from control_plane import ControlPlane, run_tests  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from shortfall_test import ZONES, SteadyAudience, edge_pool, metric_source  # noqa: E402
from world import Exporter, Operator, condition_of, define, status_of  # noqa: E402

ZONE = "topology.kubernetes.io/zone"
WHOLE = 21  # 10,000 viewers take 14 of 750 after the loss of a zone: 7 in each


def workload(name, replicas, when_unsatisfiable):
    labels = {"app": name}
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels}, "spec": {
                         "terminationGracePeriodSeconds": 0,
                         "topologySpreadConstraints": [
                             {"maxSkew": 1, "topologyKey": ZONE,
                              "whenUnsatisfiable": when_unsatisfiable,
                              "labelSelector": {"matchLabels": labels}}],
                         "containers": [{"name": "edge", "image": "edge"}]}}}}


def spread_pool():
    """The pool of the other tests, over one workload in place of one a zone."""
    pool = edge_pool()
    del pool["spec"]["failureDomains"]
    pool["spec"] |= {"mode": "Enforce", "topologyKey": ZONE, "scaleTargetRef": {
        "apiVersion": "apps/v1", "kind": "Deployment", "name": "edge"}}
    return pool


class OneWorkload(unittest.TestCase):
    """Told in order: each step needs what the one before has left."""

    def test_its_guarantee_is_that_of_the_spread_that_is_there(self):
        audience = SteadyAudience()
        with (ControlPlane(full=True) as plane, Exporter(audience) as exporter,
              Prometheus([exporter.target], audience.history(exporter.target), 1) as prometheus):
            self.plane = plane
            define(plane)
            plane.apply(workload("edge", 3, "DoNotSchedule"), metric_source(prometheus.url),
                        spread_pool())
            with Operator(plane, "1s") as operator:
                self.it_is_raised_until_a_zone_can_be_lost(operator)
                self.a_zone_that_is_lost_is_missed_by_name()
                self.and_is_filled_again()

    def zones(self):
        return {domain["name"]: domain for domain in status_of(self.plane).get("domains", [])}

    def redundancy(self):
        return condition_of(self.plane, "RedundancyMet")

    def nodes_of(self, zone):
        return [node["metadata"]["name"]
                for node in self.plane.get("nodes", "-l", f"{ZONE}={zone}")["items"]]

    def really_there(self):
        """Ready pods by zone, as the API server has them."""
        zone_of = {node["metadata"]["name"]: node["metadata"]["labels"][ZONE]
                   for node in self.plane.get("nodes")["items"]}
        counts = dict.fromkeys(ZONES, 0)
        for pod in self.plane.get("-n", "video", "pods", "-l", "app=edge")["items"]:
            ready = any(c["type"] == "Ready" and c["status"] == "True"
                        for c in pod.get("status", {}).get("conditions", []))
            if ready and not pod["metadata"].get("deletionTimestamp"):
                counts[zone_of[pod["spec"]["nodeName"]]] += 1
        return counts

    def it_is_raised_until_a_zone_can_be_lost(self, operator):
        wait_for("the reserve", lambda: self.redundancy()["status"] == "True", 60)
        there = self.really_there()
        self.assertGreaterEqual(sum(there.values()) - max(there.values()), 14, there)
        self.assertLessEqual(sum(there.values()), WHOLE + 3, there)
        wait_for("the status to count what is there", lambda: {
            zone: domain["ready"] for zone, domain in self.zones().items()} ==
            self.really_there(), 20)
        self.assertEqual({domain["reserveMissing"] for domain in self.zones().values()}, {0})
        for zone in ZONES:
            spare = 'edgetide_pool_spare_viewers{failure_domain="%s"' % zone
            self.assertIsNotNone(operator.metric(spare))

    def a_zone_that_is_lost_is_missed_by_name(self):
        before = status_of(self.plane)["desired"]
        for node in self.nodes_of("c"):
            self.plane.kubectl("cordon", node)
        for pod in self.plane.get("-n", "video", "pods", "-l", "app=edge")["items"]:
            if pod["spec"].get("nodeName") in self.nodes_of("c"):
                self.plane.kubectl("-n", "video", "delete", "pod", pod["metadata"]["name"])
        wait_for("the reserve to be missed",
                 lambda: self.redundancy()["status"] == "False", 30)
        self.assertEqual(self.redundancy()["reason"], "ReserveMissing")
        self.assertIn("missing: ", self.redundancy()["message"])
        self.assertGreaterEqual(status_of(self.plane)["desired"], before)

    def and_is_filled_again(self):
        for node in self.nodes_of("c"):
            self.plane.kubectl("uncordon", node)
        wait_for("the reserve to be back", lambda: self.redundancy()["status"] == "True", 60)
        there = self.really_there()
        self.assertGreaterEqual(sum(there.values()) - max(there.values()), 14, there)


class WithoutTheRight(unittest.TestCase):
    def test_where_it_stands_is_unknown_and_its_viewers_are_served_all_the_same(self):
        audience = SteadyAudience()
        with (ControlPlane(full=True) as plane, Exporter(audience) as exporter,
              Prometheus([exporter.target], audience.history(exporter.target), 1) as prometheus):
            define(plane)
            plane.kubectl("apply", "-f", ROOT / "manifests/install.yaml")
            plane.apply(workload("edge", 3, "DoNotSchedule"), metric_source(prometheus.url),
                        spread_pool())
            kubeconfig = plane.write_kubeconfig(plane.directory / "kubeconfig-operator",
                                                plane.service_account_token("edgetide", "edgetide"))

            def redundancy():
                return condition_of(plane, "RedundancyMet")

            with Operator(plane, "1s", kubeconfig=kubeconfig):
                wait_for("the word", lambda: redundancy()["reason"] == "SpreadUnknown", 40)
                wait_for("the reason", lambda: "nodes is forbidden" in redundancy()["message"], 20)
                wait_for("the viewers' replicas", lambda: plane.get(
                    "-n", "video", "deployment", "edge")["spec"]["replicas"] >= 14, 30)


if __name__ == "__main__":
    run_tests()
