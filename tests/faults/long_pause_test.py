#!/usr/bin/env python3
"""An API server that is paused for a minute, and a leader that is stopped for as long and then continued.
Takes about four minutes."""

import time
import unittest

import leader_test
from stage import Stage

from control_plane import run_tests

PAUSE = 60


class ApiServerPause(unittest.TestCase):
    def test_the_api_server_is_paused_for_a_minute(self):
        with Stage() as stage:
            stage.api_server().pause()
            stage.rise()
            time.sleep(PAUSE)
            stage.api_server().resume()
            stage.follows(f"the API server paused for {PAUSE} s", within=30)


class LeaderStop(leader_test.LeaderFaults):
    """Instead of the shorter story."""

    def tell_the_story(self):
        one, two = self.replicas
        one.start()
        leader_test.wait_for("the first to lead", lambda: self.leads(one), 10, 0.05)
        two.start()
        self.follows_the_audience(8000)
        one.process.pause()
        stopped = time.monotonic()
        self.takes_over(two, leader_test.LEASE + 1, f"while the leader is stopped for {PAUSE} s")
        self.follows_the_audience(20000)
        time.sleep(PAUSE - (time.monotonic() - stopped))
        self.audience.viewers = 30000  # what the stopped one would act on when it wakes up
        one.process.resume()
        self.ends_itself(one, 1)
        self.follows_the_audience(30000)
        self.assertEqual(self.epoch(), 2)
        self.assertEqual(self.watch.lowerings(0), [], "a stopped leader lowered a target")


if __name__ == "__main__":
    run_tests()
