#!/usr/bin/env python3
"""The HTML report of a week of minutes under Edgetide and nine peers stays small enough to be mailed: 2 MB."""

import datetime
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
MOST_BYTES = 2_000_000
START = datetime.datetime(2026, 3, 2)
POLICIES = "edgetide,hpa,kpa,keda,phpa,cloud,lastweek,surge,schedule,clairvoyant"
POOL = """failureDomains: [{name: a}, {name: b}, {name: c}]
capacity: {viewers: 1500}
replicas: {max: 1000}
"""


def write_audience(folder):
    """Two weeks of up to some 300,000 viewers, with a show each evening; none of its minutes is as the one
    before."""
    chance = random.Random(1)
    with (open(folder / "series.csv", "w", encoding="ascii") as series,
          open(folder / "calendar.csv", "w", encoding="ascii") as calendar):
        series.write("timestamp,value\n")
        calendar.write("start,end,class,name\n")
        for minute in range(14 * 1440):
            at = START + datetime.timedelta(minutes=minute)
            hour = minute / 60 % 24
            show = max(0.0, math.sin(math.pi * (hour - 19.5) / 3)) if 19.5 <= hour < 22.5 else 0
            viewers = 60_000 - 45_000 * math.cos(math.pi * hour / 12) + 200_000 * show
            series.write(f"{at:%Y-%m-%dT%H:%M:%SZ},{viewers * chance.gauss(1, .01):.0f}\n")
            if hour == 20:
                end = at + datetime.timedelta(hours=2)
                calendar.write(f"{at:%Y-%m-%dT%H:%M:%SZ},{end:%Y-%m-%dT%H:%M:%SZ},show,{at:%A}\n")


class ReportOfAWeek(unittest.TestCase):
    def test_is_small_enough_to_be_mailed(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write_audience(folder)
            (folder / "pool.yaml").write_text(POOL)
            report = folder / "week.html"
            subprocess.run(
                [PROGRAM, "backtest", "--series", folder / "series.csv", "--calendar",
                 folder / "calendar.csv", "--pool", folder / "pool.yaml", "--policy", POLICIES,
                 "--from", "2026-03-09T00:00:00Z", "--report", report],
                check=True, stdout=subprocess.DEVNULL)
            size = report.stat().st_size
            print(f"{size / 1e6:.2f} MB", flush=True)
            page = report.read_text(encoding="utf-8")
            for policy in POLICIES.split(","):
                self.assertIn(f"{policy}: viewers and what replicas carry", page)
            self.assertLessEqual(size, MOST_BYTES)


if __name__ == "__main__":
    unittest.main(verbosity=2)
