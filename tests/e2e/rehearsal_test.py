#!/usr/bin/env python3
"""An admission policy that lets no target be large, on a real API server: it is known an hour before the
event that needs more, and nothing is written to find out."""

import datetime
import unittest

from shortfall_test import (ControlPlane, Exporter, Operator, Prometheus, SteadyAudience, edge_pool,
                            event_in, lay_out, metric_source, run_tests, wait_for)

MOST = 20
POLICY = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
          "metadata": {"name": "small-fleets"},
          "spec": {"failurePolicy": "Fail",
                   "matchConstraints": {"resourceRules": [{
                       "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["UPDATE"],
                       "resources": ["deployments/scale"]}]},
                   "validations": [{"expression": f"object.spec.replicas <= {MOST}",
                                    "message": "the budget ends at twenty"}]}}
BINDING = {"apiVersion": "admissionregistration.k8s.io/v1",
           "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "small-fleets"},
           "spec": {"policyName": "small-fleets", "validationActions": ["Deny"]}}


def enforced_pool():
    pool = edge_pool()
    pool["spec"]["mode"] = "Enforce"
    pool["spec"]["replicas"]["max"] = 600
    return pool


class Rehearsal(unittest.TestCase):
    def test_a_refusal_is_known_an_hour_before(self):
        audience = SteadyAudience()
        with (ControlPlane() as plane, Exporter(audience) as exporter,
              Prometheus([exporter.target], audience.history(exporter.target), 1) as prometheus):
            self.plane = plane
            lay_out(plane, metric_source(prometheus.url), enforced_pool(), POLICY, BINDING)
            with Operator(plane, "1s"):
                wait_for("a decision", lambda: self.able()["reason"] == "Ready", 30)
                before = self.versions()
                plane.apply(event_in(datetime.timedelta(minutes=70)))
                refused = wait_for("the refusal", lambda: self.able() if
                                   self.able()["reason"] == "RehearsalFailed" else None, 30)
                print(refused["message"], flush=True)
                self.assertEqual(refused["status"], "False")
                self.assertIn("the budget ends at twenty", refused["message"])
                self.assertEqual(self.versions(), before, "something was written")
                plane.kubectl("delete", "validatingadmissionpolicybinding", "small-fleets")
                wait_for("the refusal to end", lambda: self.able()["reason"] == "Ready", 90)

    def able(self):
        status = self.plane.get("-n", "video", "edgepool", "live-edge").get("status", {})
        return next((c for c in status.get("conditions", []) if c["type"] == "AbleToScale"),
                    {"reason": "none yet"})

    def versions(self):
        return {item["metadata"]["name"]: item["metadata"]["resourceVersion"]
                for item in self.plane.get("-n", "video", "deployments")["items"]}


if __name__ == "__main__":
    run_tests()
