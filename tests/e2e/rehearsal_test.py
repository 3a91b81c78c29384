#!/usr/bin/env python3
"""A right to the targets that was taken away, and an admission policy that lets none be large, on a real API
server: each is known an hour before the event that needs more, and nothing is written to find out."""

import datetime
import unittest

from shortfall_test import (ROOT, ControlPlane, Exporter, Operator, Prometheus, SteadyAudience, edge_pool,
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
            plane.kubectl("apply", "-f", ROOT / "manifests/install.yaml")
            kubeconfig = plane.write_kubeconfig(plane.directory / "kubeconfig-operator",
                                                plane.service_account_token("edgetide", "edgetide"))
            with Operator(plane, "1s", kubeconfig=kubeconfig):
                wait_for("a decision", lambda: self.able()["reason"] == "Ready", 30)
                before = self.versions()
                self.may_write(False)
                plane.apply(event_in(datetime.timedelta(minutes=70)))
                self.is_refused("cannot update resource \"deployments/scale\"")
                self.may_write(True)
                plane.kubectl("-n", "video", "delete", "streamevent", "--all")
                wait_for("nothing to rehearse", lambda: self.able()["reason"] == "Ready", 30)
                plane.apply(event_in(datetime.timedelta(minutes=70)))
                self.is_refused("the budget ends at twenty")
                self.assertEqual(self.versions(), before, "something was written")
                plane.kubectl("delete", "validatingadmissionpolicybinding", "small-fleets")
                wait_for("the refusal to end", lambda: self.able()["reason"] == "Ready", 90)

    def may_write(self, may):
        """Gives the operator the right to the scale of Deployments, or takes it away."""
        roles = (ROOT / "manifests/install.yaml").read_text()
        right = "resources: [deployments/scale]\n  verbs: [get, update]"
        self.assertIn(right, roles)
        changed = self.plane.directory / "install.yaml"
        changed.write_text(roles if may else roles.replace(right, right.replace(", update", "")))
        self.plane.kubectl("apply", "-f", changed)
        asked = ("auth", "can-i", "update", "deployments.apps", "--subresource=scale", "-n", "video",
                 "--as=system:serviceaccount:edgetide:edgetide")
        wait_for("the right to be as it was set",
                 lambda: (self.plane.kubectl(*asked, check=False).returncode == 0) == may, 30)

    def is_refused(self, words):
        refused = wait_for(f"a refusal: {words}", lambda: self.able() if words in
                           self.able().get("message", "") else None, 90)
        print(refused["message"], flush=True)
        self.assertEqual((refused["status"], refused["reason"]), ("False", "RehearsalFailed"))

    def able(self):
        status = self.plane.get("-n", "video", "edgepool", "live-edge").get("status", {})
        return next((c for c in status.get("conditions", []) if c["type"] == "AbleToScale"),
                    {"reason": "none yet"})

    def versions(self):
        return {item["metadata"]["name"]: item["metadata"]["resourceVersion"]
                for item in self.plane.get("-n", "video", "deployments")["items"]}


if __name__ == "__main__":
    run_tests()
