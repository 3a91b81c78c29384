#!/usr/bin/env python3
"""Holds `edgetide backtest` against an independent scorer of the same decisions.

The scorer is tools/score.py beside the folder of recorded traces ($EDGETIDE_TRACES, by default
../shared/data beside the checkout). It needs pandas 2, which `scripts/test` installs into an
environment of its own. Without either the test is skipped.

  score_agreement_test.py EDGETIDE
"""

import csv
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
# Trace, first minute scored, lead in seconds, viewers a replica, domains, more of the pool.
CASES = [
    ("worldcup98", "1998-06-08T00:00:00Z", 300, 1147.5, 3, "redundancy: {survive: None}"),
    ("worldcup98", "1998-06-20T00:00:00Z", 1800, 1147.5, 3, "redundancy: {survive: FailureDomain}"),
    ("gdq/flame2021", None, 300, 90, 1, "redundancy: {survive: None}"),
    ("isp_eu_5min", "2005-07-10T00:00:00Z", 120, 5e7, 2, "redundancy: {survive: None}"),
    ("twitter_volume/AMZN", "2015-04-15T00:00:00Z", 90, 20, 4, "redundancy: {spareReplicas: 2}"),
]


CACHE = pathlib.Path(os.environ.get("EDGETIDE_CACHE") or pathlib.Path(
    os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "edgetide")


def scorers_python():
    """The interpreter that the scorer runs under; None where none has pandas 2."""
    for python in (CACHE / "scorer/bin/python", sys.executable):
        asked = [python, "-c", "import pandas; assert int(pandas.__version__.split('.')[0]) >= 2"]
        if pathlib.Path(python).exists() and subprocess.run(asked, stderr=subprocess.DEVNULL,
                                                            check=False).returncode == 0:
            return python
    return None


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def series_of(folder, work):
    """The trace's series as a plain file."""
    plain = folder / "series.csv"
    if plain.exists():
        return plain
    unpacked = work / (folder.name + ".csv")
    unpacked.write_bytes(gzip.decompress((folder / "series.csv.gz").read_bytes()))
    return unpacked


def problems_of(case, edgetide, python, scorer, traces, work):
    trace, begin, lead, capacity, domains, more = case
    folder = traces / trace
    series = series_of(folder, work)
    pool = work / "pool.yaml"
    names = ", ".join(f"{{name: zone-{i}}}" for i in range(domains))
    pool.write_text(f"failureDomains: [{names}]\nreplicas: {{max: 10000}}\n{more}\n"
                    f"capacity: {{viewers: {capacity:.12g}, targetUtilizationPercent: 100}}\n")
    decisions = work / "decisions.csv"
    command = [edgetide, "backtest", "--series", series, "--pool", pool, "--lead", f"{lead}s",
               "--set", "spec.forecast.confidencePercent=90", "--decisions", decisions,
               "-o", "json"]
    if (folder / "calendar.csv").exists():
        command += ["--calendar", folder / "calendar.csv"]
    window = ["--from", begin] if begin else []
    ours = json.loads(subprocess.run([*map(str, command), *window], check=True,
                                     capture_output=True, text=True, timeout=120).stdout)
    with decisions.open() as file:
        header = next(csv.reader(file))
    assert header[:2] == ["timestamp", "desired"], header
    theirs = json.loads(subprocess.run(
        [python, scorer, "--series", series, "--decisions", decisions, "--lead", str(lead),
         "--capacity", str(capacity), *window],
        check=True, capture_output=True, text=True, timeout=120).stdout)
    policy = ours["policies"][0]
    pairs = {"shortfall": (policy["shortfallRatio"], theirs["shortfall"]),
             "cost": (policy["costAgainstClairvoyant"], theirs["cost_ratio"]),
             "short minutes": (policy["shortMinutes"], theirs["short_minutes"]),
             "scored minutes": (ours["scoredMinutes"], theirs["scored_minutes"]),
             "most replicas": (policy["mostReplicas"], theirs["peak_replicas"]),
             "moves": (policy["moves"], theirs["actions"]),
             "reversals a day": (policy["reversalsPerDay"], theirs["reversals_per_day"])}
    print(f"{trace}, lead {lead} s: " + ", ".join(f"{k} {a:.6g}" for k, (a, _) in pairs.items()))
    return [f"{trace}: {what}: {a} here, {b} there" for what, (a, b) in pairs.items()
            if abs(a - b) > 5e-5]


def main():
    traces = pathlib.Path(os.environ.get("EDGETIDE_TRACES") or ROOT.parent / "shared" / "data")
    scorer = traces.parent / "tools" / "score.py"
    if not scorer.exists():
        skip(f"no independent scorer at {scorer}")
    python = scorers_python()
    if python is None:
        skip("the independent scorer needs pandas 2")
    cases = [case for case in CASES if (traces / case[0]).exists()]
    if not cases:
        skip(f"no traces in {traces}")
    problems = []
    with tempfile.TemporaryDirectory() as work:
        for case in cases:
            problems += problems_of(case, sys.argv[1], python, scorer, traces, pathlib.Path(work))
    print("\n".join(problems) or f"{len(cases)} backtests agree to four digits")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
