#!/usr/bin/env python3
"""A service account's token that really expires, and another that comes to its file before or after.
Takes about two minutes."""

import base64
import json
import subprocess
import time
import unittest

from stage import Stage, kubeconfig

from control_plane import run_tests
from processes import wait_for

LEEWAY = 60  # for so long after its end the API server still takes a token
SOON, LATER = 30, 3600
# An interval, the longest wait between two tries of a write, and a scrape.
RECOVERS_WITHIN = 20


def base64_url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class TokenFaults(unittest.TestCase):
    """A story: each token is taken up when the one before is refused."""

    def test_tokens_that_expire(self):
        with Stage(access=self.access) as self.stage:
            self.first_ends()
            self.comes_late()
            self.comes_in_time()

    def access(self, stage):
        """As a pod has it: CA and token in files."""
        self.plane = stage.plane
        ca_file, self.token_file = self.plane.directory / "ca.crt", self.plane.directory / "token"
        ca_file.write_text(self.plane.ca)
        for name in ("first", "operator"):
            self.plane.kubectl("create", "serviceaccount", name)
            self.plane.kubectl("create", "clusterrolebinding", name,
                               "--clusterrole=cluster-admin", f"--serviceaccount=default:{name}")
        self.first = self.plane.service_account_token("default", "first")
        self.token_file.write_text(self.first)
        return kubeconfig(self.plane.directory / "as-a-pod", self.plane.url, ca_file,
                          self.token_file)

    def first_ends(self):
        """With its account, so that the operator takes up one that will soon expire."""
        self.plane.kubectl("delete", "serviceaccount", "first")
        self.is_refused(self.first)
        self.short = self.token(SOON)
        self.token_file.write_text(self.short)
        self.stage.follows("a token whose account is gone, and another in its file")

    def comes_late(self):
        """What the operator cannot do meanwhile it says, and leaves undone."""
        self.is_refused(self.short)
        refused = self.refusals()
        self.stage.rise()
        wait_for("a write to be refused", lambda: self.refusals() > refused, 15)
        time.sleep(5)
        self.assertLess(self.stage.judge.replicas() * 1000, self.stage.audience.viewers,
                        "its old token is taken")
        self.assertIn("not written: PUT", said := self.stage.log())
        self.assertIn("Unauthorized", said)
        self.short = self.token(SOON)
        self.token_file.write_text(self.short)
        self.stage.follows("a token that expired, and 5 s later another in its file",
                           within=RECOVERS_WITHIN)

    def comes_in_time(self):
        self.token_file.write_text(self.token(LATER))
        refused = self.refusals()
        self.is_refused(self.short)
        self.stage.follows("a token that expired after another had come to its file")
        self.assertGreater(self.refusals(), refused, "the operator did not use the one that expired")

    def token(self, seconds):
        """A token of the operator's account, as the API server signs it, that it takes for so long."""
        account = self.plane.get("serviceaccount", "operator")["metadata"]
        issuer, now = "https://kubernetes.default.svc", int(time.time())
        claims = {"iss": issuer, "aud": [issuer], "iat": now - 600, "nbf": now - 600,
                  "exp": now + seconds - LEEWAY,
                  "sub": "system:serviceaccount:default:operator",
                  "kubernetes.io": {"namespace": "default", "serviceaccount": {
                      "name": account["name"], "uid": account["uid"]}}}
        text = b".".join(base64_url(json.dumps(part).encode())
                         for part in ({"alg": "RS256", "typ": "JWT"}, claims))
        key = self.plane.directory / "sa.key"
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text,
                                   check=True, capture_output=True).stdout
        return (text + b"." + base64_url(signature)).decode()

    def is_refused(self, token):
        """The server believes for ten seconds more what it has looked at."""
        wait_for("the token to be refused", lambda: self.plane.answers(token) == 401, SOON + 25)

    def refusals(self):
        return self.stage.total("edgetide_kubernetes_requests_total", 'code="401"')


if __name__ == "__main__":
    run_tests()
