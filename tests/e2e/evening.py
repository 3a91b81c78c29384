"""The audience of an end-to-end test: weeks of history and one evening, moved so that its kick-off is
at a given moment. Recorded (worldcup98, 23 June 1998) where traces are present, else generated."""

import bisect
import csv
import datetime
import gzip
import math
import os
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONES = ("a", "b", "c")
SHARES = (0.36, 0.33, 0.31)
HISTORY_DAYS = 21
RECORDED_KICK_OFF = datetime.datetime(1998, 6, 23, 19, tzinfo=datetime.timezone.utc).timestamp()


class Evening:
    """Viewers over time, and when its matches kick off; `source` says where they come from."""

    def __init__(self, kick_off):
        self.kick_off = kick_off
        folder = pathlib.Path(os.environ.get("EDGETIDE_TRACES", ROOT / "../shared/data"))
        if (folder / "worldcup98").is_dir():
            self.source = "recorded: worldcup98, 23 June 1998"
            points, starts = recorded(folder / "worldcup98")
            shift = kick_off - RECORDED_KICK_OFF
        else:
            self.source = "generated (traces absent)"
            points, starts = generated()
            shift = kick_off
        self.times = [time + shift for time, _ in points]
        self.values = [value for _, value in points]
        self.starts = sorted({start + shift for start in starts})

    def viewers(self, at):
        """Between two points the straight line."""
        after = min(max(bisect.bisect_right(self.times, at), 1), len(self.times) - 1)
        t0, t1 = self.times[after - 1], self.times[after]
        share = min(max((at - t0) / (t1 - t0), 0), 1)
        return self.values[after - 1] * (1 - share) + self.values[after] * share

    def history(self, until, target):
        """OpenMetrics of the weeks before, as if scraped from that target: five minutes apart, the
        last six hours one."""
        lines = ["# TYPE player_sessions gauge"]
        recent = until - 6 * 3600
        times = [*range(int(until - HISTORY_DAYS * 86400), int(recent), 300),
                 *range(int(recent), int(until) - 30, 60)]
        for zone, share in zip(ZONES, SHARES):
            lines += [f'player_sessions{{job="edge",instance="{target}",namespace="video",'
                      f'pool="live-edge",zone="{zone}"}} {self.viewers(time) * share:.1f} {time}'
                      for time in times]
        return "\n".join(lines) + "\n# EOF\n"

    def exposition(self, at):
        return "# TYPE player_sessions gauge\n" + "".join(
            f'player_sessions{{namespace="video",pool="live-edge",zone="{zone}"}} '
            f"{self.viewers(at) * share:.1f}\n" for zone, share in zip(ZONES, SHARES))


def recorded(folder):
    def seconds(text):
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()

    with gzip.open(folder / "series.csv.gz", "rt") as file:
        points = [(seconds(row["timestamp"]), float(row["value"])) for row in csv.DictReader(file)]
    with open(folder / "calendar.csv") as file:
        starts = [seconds(row["start"]) for row in csv.DictReader(file)]
    return points, starts


def generated():
    """Evenings that rise and fall, and every third day a match: a ramp of half an hour, then a knee
    at the kick-off that doubles the audience within five minutes."""
    chance = random.Random(1998)
    starts = [-day * 86400 for day in range(0, HISTORY_DAYS + 2, 3)]

    def match(since):
        minutes = since / 60
        if not -30 <= minutes <= 180:
            return 0.0
        ramp = (0.2 / (1 + math.exp(-(minutes + 10) / 5)) +
                0.8 / (1 + math.exp(-(minutes - 2.5) / 0.7)))
        return ramp * (1 + minutes / 400) * (1 if minutes < 120 else math.exp(-(minutes - 120) / 8))

    points = []
    for time in range(-(HISTORY_DAYS + 1) * 86400, 4 * 3600, 60):
        daily = 20000 * (1 + 0.5 * math.cos(2 * math.pi * time / 86400))
        event = sum(40000 * match(time - start) for start in starts)
        points.append((time, (daily + event) * chance.uniform(0.985, 1.015)))
    return points, starts
