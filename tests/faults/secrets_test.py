#!/usr/bin/env python3
"""Secrets of a real run, a service account's token, a source's password and headers, are in nothing that the
operator writes or serves, though servers refuse them and send them back. Takes half a minute."""

import base64
import subprocess
import time
import unittest
import urllib.request

from proxy import ECHOES
from stage import Stage, kubeconfig, metric_source

from control_plane import run_tests
from world import OPERATOR

PASSWORD = "canary-password-3f9c1e"
HEADER = "canary-header-77ab02"
KINDS = ("edgepools", "metricsources", "streamevents", "eventclasses", "eventcalendars",
         "events.events.k8s.io", "leases", "edgetargets.bench.edgetide.io")
# Of each command that asks a cluster, also as a machine reads it.
COMMANDS = [(*words, *output) for output in ((), ("-o", "json")) for words in (
    ("plan",), ("status",), ("explain", "video/live"), ("doctor",), ("history", "video/live"),
    ("plan", "--ahead=2h"), ("events", "next"), ("events", "list"), ("classes", "list"))]
USAGE = 2  # an exit code


def source(url):
    """One that says who asks, by a Secret in every place that takes one."""
    secret = {"name": "prometheus", "namespace": "video"}
    return metric_source(url, authorization={"type": "Basic", "secretRef": secret},
                         headers=[{"name": "X-Scope-OrgID",
                                   "secretRef": secret | {"key": "header"}}])


class Secrets(unittest.TestCase):
    def test_no_output_holds_a_secret(self):
        with Stage(access=self.access, source=source, arguments=("--log-level=debug",),
                   lowers=False) as stage:
            self.stage = stage
            outputs = {"log while all is well": stage.log()}
            for fault in ECHOES:
                stage.proxy.fault = fault
                stage.rise()
                time.sleep(4)
                outputs |= self.everything(fault)
            stage.proxy.fault = None
            stage.follows("refusals that repeat what they refuse")
            outputs |= self.everything("at the end")
            self.assertIn("HTTP 400", "".join(outputs.values()), "the refusal itself is told")
            for where, text in outputs.items():
                for canary in self.canaries():
                    self.assertNotIn(canary, text, where)

    def access(self, stage):
        plane = stage.plane
        ca, token = plane.directory / "ca.crt", plane.directory / "token"
        ca.write_text(plane.ca)
        plane.kubectl("create", "serviceaccount", "operator")
        plane.kubectl("create", "clusterrolebinding", "operator", "--clusterrole=cluster-admin",
                      "--serviceaccount=default:operator")
        self.token = plane.service_account_token("default", "operator")
        token.write_text(self.token)
        plane.kubectl("-n", "video", "create", "secret", "generic", "prometheus",
                      "--from-literal=username=edge", f"--from-literal=password={PASSWORD}",
                      f"--from-literal=header={HEADER}")
        data = plane.directory / "data"
        data.mkdir()
        stage.arguments += (f"--data-dir={data}",)
        self.data = data
        self.kubeconfig = kubeconfig(plane.directory / "as-a-pod", plane.url, ca, token)
        return self.kubeconfig

    def canaries(self):
        basic = base64.b64encode(f"edge:{PASSWORD}".encode()).decode()
        return [PASSWORD, HEADER, basic, base64.b64encode(PASSWORD.encode()).decode(),
                self.token, self.token.rsplit(".", 1)[1]]

    def everything(self, when):
        """All that people and machines may read."""
        stage, url = self.stage, self.stage.operator.url
        outputs = {"log": stage.log()}
        for path in ("/metrics", "/livez?verbose", "/readyz?verbose", "/nowhere"):
            try:
                outputs[path] = urllib.request.urlopen(url + path, timeout=5).read().decode()
            except OSError as problem:
                outputs[path] = str(problem)
        for kind in KINDS:
            outputs[kind] = stage.plane.kubectl("get", kind, "-A", "-o", "yaml")
        for words in COMMANDS:
            done = subprocess.run([OPERATOR, *words, f"--kubeconfig={self.kubeconfig}"],
                                  capture_output=True, text=True, timeout=60)
            self.assertNotEqual(done.returncode, USAGE, done.stderr)
            outputs[" ".join(words)] = done.stdout + done.stderr
        for file in self.data.iterdir():
            outputs[file.name] = file.read_bytes().decode(errors="replace")
        return {f"{where} at {when}": text for where, text in outputs.items()}


if __name__ == "__main__":
    run_tests()
