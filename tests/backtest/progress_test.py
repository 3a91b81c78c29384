#!/usr/bin/env python3
"""What takes a while says on a terminal how far it is, and leaves nothing of that behind; a file or a
pipe is told nothing.

  progress_test.py EDGETIDE
"""

import datetime
import math
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import unittest

EDGETIDE = None
DAYS = 42
POOL = """\
apiVersion: edgetide.io/v1alpha1
kind: EdgePool
metadata: {name: live, namespace: video}
spec:
  failureDomains:
  - {name: a, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}}
  demand: {sourceRef: {name: video}}
  capacity: {viewers: 100}
  redundancy: {survive: None}
  replicas: {min: 1, max: 1000}
"""
ERASED = "\r\x1b[K"


def demand():
    """Weeks of minutes: a wave a day."""
    first = datetime.datetime(2026, 1, 5)
    lines = ["timestamp,value"]
    for minute in range(DAYS * 1440):
        at = first + datetime.timedelta(minutes=minute)
        lines.append(f"{at:%Y-%m-%dT%H:%M:%SZ},{3000 - 2000 * math.cos(minute * math.tau / 1440):.0f}")
    return "\n".join(lines) + "\n"


def on_a_terminal(command):
    """Exit code and what the terminal was told on stderr."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs,
                          env={**os.environ, "TERM": "xterm"}) as process:
        os.close(theirs)
        told = b""
        while select.select([ours], [], [], 120)[0]:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            told += piece
    os.close(ours)
    return process.returncode, told.decode()


class Progress(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.folder.name)
        (folder / "demand.csv").write_text(demand())
        (folder / "pool.yaml").write_text(POOL)
        series = ["--series", folder / "demand.csv"]
        cls.commands = {
            "forecast": [EDGETIDE, "forecast", *series * 3, "--at", "2026-02-01T00:00:00Z",
                         "--horizon", "2h"],
            "backtest": [EDGETIDE, "backtest", *series, "--pool", folder / "pool.yaml"],
            "accuracy": [EDGETIDE, "accuracy", *series],
        }

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_terminal_sees_how_far_it_is_and_then_nothing_of_it(self):
        for name, command in self.commands.items():
            with self.subTest(name):
                code, told = on_a_terminal(command)
                self.assertEqual(code, 0, told)
                self.assertRegex(told, re.escape(ERASED) + r"[^\r]+  \d+ %")
                self.assertTrue(told.endswith(ERASED), repr(told[-80:]))
                self.assertNotIn("\n", told, "one line, written over")

    def test_how_far_it_is_only_grows(self):
        _, told = on_a_terminal(self.commands["backtest"])
        percents = [int(p) for p in re.findall(r"edgetide\S*  (\d+) %", told)]
        self.assertGreater(len(percents), 2, told)
        self.assertEqual(percents, sorted(percents))

    def test_a_pipe_is_told_nothing(self):
        for name, command in self.commands.items():
            with self.subTest(name):
                done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                      check=True)
                self.assertEqual(done.stderr, b"")


if __name__ == "__main__":
    EDGETIDE = sys.argv.pop()
    unittest.main()
