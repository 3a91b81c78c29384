#!/usr/bin/env python3
"""What the commands read of a real Prometheus, against the same series as a file.

usage: with_prometheus.py prometheus_record_test.py EDGETIDE; with_prometheus.py says what stands in the server."""

import datetime
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from with_prometheus import END, START

EDGETIDE = sys.argv.pop()
URL = os.environ["EDGETIDE_TEST_PROMETHEUS_URL"]
WHOLE = 'sum(sessions{pool="whole",zone!="c"})'


def text(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%FT%TZ")


def run(*line):
    return subprocess.run([EDGETIDE, *line], capture_output=True, text=True, check=False, timeout=60)


def by_server(command, query, *more):
    return run(command, "--prometheus", URL, "--query", query, *more)


class PrometheusRecord(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "series.csv"
        with self.file.open("w", encoding="utf-8") as out:
            out.write("timestamp,value\n")
            for t in range(START, END + 1, 60):
                minute = (t - START) // 60
                out.write(f"{text(t)},{300 + 2 * (minute % 7)}\n")

    def test_forecast_is_that_of_the_same_series_as_a_file(self):
        at = ("--at", text(END - 3600), "-o", "json")
        read = by_server("forecast", WHOLE, *at)
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertEqual(read.stdout, run("forecast", "--series", self.file, *at).stdout)
        self.assertEqual(read.stderr, "")

    def test_accuracy_reads_what_came_before_from(self):
        span = ("--from", text(START + 2 * 86400), "--to", text(END), "-o", "csv")
        read = by_server("accuracy", WHOLE, *span)
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertEqual(read.stdout, run("accuracy", "--series", self.file, *span).stdout)

    def test_backtest_decides_as_on_the_same_series_as_a_file(self):
        pool = self.file.with_name("pool.yaml")
        pool.write_text("""
apiVersion: edgetide.io/v1alpha1
kind: EdgePool
metadata: {name: live, namespace: video}
spec:
  failureDomains:
  - {name: a, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: edge-a}}
  - {name: b, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: edge-b}}
  demand: {sourceRef: {name: video}}
  capacity: {viewers: 20}
  replicas: {min: 2, max: 100}
""")
        ours, theirs = (self.file.with_name(name) for name in ("ours.csv", "theirs.csv"))
        span = ("--pool", pool, "--from", text(START + 2 * 86400), "--to", text(END),
                "--policy", "edgetide,hpa", "-o", "csv", "--decisions")
        read = by_server("backtest", WHOLE, *span, theirs)
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertEqual(read.stdout, run("backtest", "--series", self.file, *span, ours).stdout)
        self.assertEqual(read.stdout.count("\n"), 3)
        self.assertEqual(theirs.read_text(), ours.read_text())
        self.assertEqual(len(theirs.read_text().splitlines()), 1 + 1440)

    def test_many_weeks_are_joined_without_a_seam(self):
        read = by_server("forecast", "vector(500)", "--at", text(END), "--history", "1000h",
                         "--horizon", "5m", "-o", "json")
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertIn('"stage": "Weekly"', read.stdout)

    def test_what_is_wrong_is_said(self):
        for query, says in ((WHOLE + ")", "parse error"),
                            ("absent_metric", "it has to give one series"),
                            ('sessions{pool="whole"}', "it has to give one series")):
            with self.subTest(query):
                read = by_server("forecast", query, "--at", text(END))
                self.assertEqual(read.returncode, 2, read.stderr)
                self.assertIn(says, read.stderr)
                self.assertEqual(read.stdout, "")


if __name__ == "__main__":
    unittest.main()
