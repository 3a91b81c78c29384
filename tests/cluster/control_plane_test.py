#!/usr/bin/env python3
"""The test control plane itself: pods on fake nodes become Ready, in every zone."""

import unittest

from control_plane import ControlPlane, run_tests
from processes import wait_for


def deployment(name, replicas, zone=None, start_delay="1s"):
    """A Deployment of pods that become Ready on fake nodes after `start_delay`."""
    selector = {"topology.kubernetes.io/zone": zone} if zone else {}
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name},
                                               "annotations": {
                                                   "edgetide.io/start-delay": start_delay}},
                                  "spec": {"nodeSelector": selector,
                                           "terminationGracePeriodSeconds": 0,
                                           "containers": [{"name": "edge", "image": "edge"}]}}}}


class FullControlPlane(unittest.TestCase):
    def test_pods_of_a_deployment_become_ready_in_their_zone(self):
        with ControlPlane(full=True) as plane:
            plane.apply(deployment("edge-b", 3, zone="b"))
            wait_for("three Ready replicas", lambda: plane.get("deployment", "edge-b")["status"]
                     .get("readyReplicas") == 3, 60)
            nodes = {pod["spec"]["nodeName"] for pod in plane.get("pods")["items"]}
            self.assertTrue(all(node.startswith("node-b-") for node in nodes), nodes)


if __name__ == "__main__":
    run_tests()
