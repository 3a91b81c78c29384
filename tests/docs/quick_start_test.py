#!/usr/bin/python3
"""Runs docs/quick-start.md as it is written, block by block, on a real control plane and a real Prometheus.
Fake nodes call the chart's pods running; the operator itself runs here, with their arguments and their
service account. Takes about half a minute."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / part) for part in ("cluster", "e2e", "chart")]

from control_plane import ROOT, ControlPlane, run_tests  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from world import OPERATOR, Exporter, operator_of_the_chart  # noqa: E402

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")


class Audience:
    """Ten thousand viewers in each zone."""

    def exposition(self, at):
        labels = [f'namespace="video",pool="live-edge",zone="{zone}"' for zone in ZONES]
        return "".join(f"player_sessions{{{label}}} 10000\n"
                       f"edge_sent_bytes_total{{{label}}} {at * 1e8:.0f}\n" for label in labels)


def checked_blocks():
    text = (ROOT / "docs/quick-start.md").read_text()
    return re.findall(r"^```sh checked\n(.*?)^```", text, re.M | re.S)


class QuickStart(unittest.TestCase):
    def test_it_works_as_written(self):
        install, apply, look, plan, enforce, uninstall = checked_blocks()
        with (ControlPlane(full=True, zones=ZONES, nodes_per_zone=2) as self.plane,
              Exporter(Audience()) as exporter,
              Prometheus([exporter.target], scrape_seconds=1) as self.prometheus):
            self.run_block(install)
            with operator_of_the_chart(self.plane):
                self.run_block(apply)
                seen = self.run_block(look)
                self.assertIn("DryRun", seen)
                self.assertRegex(seen, r"viewers .* need \d+ replicas, \d+ with redundancy")
                self.assertIn("DemandFresh", self.run_block(plan))
                self.assertEqual(set(self.replicas().values()), {1}, "DryRun has scaled")
                self.run_block(enforce)
                wait_for("the fleet to grow", lambda: min(self.replicas().values()) > 6, 30)
            before = self.replicas()
            self.run_block(uninstall)
            self.assertEqual(self.replicas(), before)
            self.assertTrue(self.plane.get("-n", "video", "epool", "live-edge"))

    def run_block(self, text):
        here = text.replace("http://PROMETHEUS:9090", self.prometheus.url)
        path = f"{self.plane.programs}:{OPERATOR.parent}:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", here], cwd=ROOT, timeout=120,
                              env=os.environ | {"PATH": path, "KUBECONFIG": str(self.plane.kubeconfig)},
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{here}\n{done.stdout}{done.stderr}")
        print(f"$ {here.strip()}\n{done.stdout}", flush=True)
        return done.stdout

    def replicas(self):
        return {deployment["metadata"]["name"]: deployment["spec"]["replicas"]
                for deployment in self.plane.get("-n", "video", "deployments")["items"]}


if __name__ == "__main__":
    run_tests()
