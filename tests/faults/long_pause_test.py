#!/usr/bin/env python3
"""An API server that is paused for a minute, a leader that is stopped for as long and then continued, and
watches that are half open until somebody notices. Takes about seven minutes."""

import time
import unittest

import leader_test
from relay import Relay
from stage import POOLS, Stage, kubeconfig

from control_plane import ADMIN_TOKEN, run_tests

PAUSE = 60
SILENCE = 150  # seconds without a byte, after which a watch is opened anew


class ApiServerPause(unittest.TestCase):
    def test_the_api_server_is_paused_for_a_minute(self):
        with Stage() as stage:
            stage.api_server().pause()
            stage.rise()
            time.sleep(PAUSE)
            stage.api_server().resume()
            stage.follows(f"the API server paused for {PAUSE} s", within=30)


class HalfOpenWatches(unittest.TestCase):
    def test_what_only_a_watch_would_tell_is_known_once_its_silence_is_noticed(self):
        with Stage(access=self.access, lowers=False) as stage:
            self.relay.freeze()
            stage.rise()
            stage.follows("every connection half open", within=24)
            wanted = stage.judge.replicas() + 20
            stage.api.send("PATCH", f"{POOLS}/live", {"spec": {"replicas": {"min": wanted}}},
                           "application/merge-patch+json")
            took = stage.timed(lambda: stage.judge.replicas() >= wanted, SILENCE + 30)
            print(f"watches half open: a changed pool is known after {took:.0f} s", flush=True)

    def access(self, stage):
        token, authority = stage.plane.directory / "token", stage.plane.directory / "ca"
        token.write_text(ADMIN_TOKEN)
        authority.write_text(stage.plane.ca)
        self.relay = stage.also(Relay(stage.plane.url))
        return kubeconfig(stage.plane.directory / "by-relay", self.relay.url, authority, token)


class LeaderStop(leader_test.TwoReplicas, unittest.TestCase):
    def tell_the_story(self):
        one, two = self.begin()
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
        self.assertEqual(self.written_by(), ["one", "two"])


if __name__ == "__main__":
    run_tests()
