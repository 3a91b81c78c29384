#!/usr/bin/env python3
"""Windows of a query that are not full: a real Prometheus that has lost its past tells a rate over
twenty seconds after less. Takes about two minutes and a half."""

import shutil
import time
import unittest

from stage import BACK_WITHIN, START_VIEWERS, Audience, Stage, metric_source

from control_plane import run_tests
from processes import wait_for

WINDOW = 20
QUERY = f"sum by (namespace, pool) (rate(viewer_seconds_total[{WINDOW}s]))"
AWAY = 4  # more than a twentieth of the window
NEARLY_FULL = 0.87 * WINDOW  # what is told then is no outage by its size: it looks like fewer viewers


class Counted(Audience):
    """Viewers as a counter of the seconds that they have watched."""

    def __init__(self):
        super().__init__()
        self.at = time.time()
        self.seconds = START_VIEWERS * self.at
        self.was = self.viewers

    def exposition(self, now):
        self.seconds += self.was * (now - self.at)
        self.at, self.was = now, self.viewers
        return f'viewer_seconds_total{{namespace="video",pool="live"}} {self.seconds:.0f}\n'


def past_of(target, hours=3, step=10):
    """The hours before now with the viewers of the start."""
    now = int(time.time())
    labels = f'namespace="video",pool="live",instance="{target}",job="edge"'
    lines = [f"viewer_seconds_total{{{labels}}} {START_VIEWERS * at} {at}"
             for at in range(now - hours * 3600, now, step)]
    return "\n".join(["# TYPE viewer_seconds counter", *lines, "# EOF", ""])


class WindowFaults(unittest.TestCase):
    def test_windows_that_are_not_full(self):
        with Stage(source=lambda url: metric_source(url, QUERY), past=past_of, audience=Counted(),
                   scraped="viewer_seconds_total", back_within=WINDOW + BACK_WITHIN) as self.stage:
            self.past_is_lost(back_after=0)
            self.past_is_lost(back_after=NEARLY_FULL)

    def past_is_lost(self, back_after):
        """Prometheus answers again so many seconds after it began anew."""
        prometheus, proxy = self.stage.prometheus, self.stage.proxy
        prometheus.stop()
        shutil.rmtree(prometheus.directory / "data")
        time.sleep(AWAY)
        proxy.fault = "503"
        prometheus.start()
        time.sleep(back_after)
        proxy.fault = None
        time.sleep(WINDOW + 2)
        self.stage.follows(f"a past that was lost, and answers {back_after:.0f} s after")
        wait_for("the window to tell of all viewers", self.tells_of_all, WINDOW + BACK_WITHIN)

    def tells_of_all(self):
        """Viewers who leave before that were never seen."""
        (series,) = self.stage.prometheus.query(QUERY)
        return float(series["value"][1]) > 0.995 * self.stage.audience.viewers


if __name__ == "__main__":
    run_tests()
