#!/usr/bin/env python3
"""A thousand pools made at once beside one that is being watched by a crowd. Takes about a minute."""

import concurrent.futures
import time
import unittest

from stage import POOLS, TARGETS, Stage, pool, target

from control_plane import run_tests
from processes import wait_for

POOLS_AT_ONCE = 1000
VIEWERS = 9000  # of each, more than its target's six replicas carry


class Crowd(unittest.TestCase):
    def test_a_thousand_pools_at_once(self):
        with Stage() as self.stage:
            self.stage.follows("nothing")  # it stands for the viewers that there are
            names = [f"many-{i}" for i in range(POOLS_AT_ONCE)]
            self.stage.audience.more = "".join(
                f'player_sessions{{namespace="video",pool="{name}"}} {VIEWERS}\n' for name in names)
            self.make(TARGETS, [target(name) for name in names])
            began = time.monotonic()
            self.make(POOLS, [pool(name, edge=name) for name in names])
            print(f"{POOLS_AT_ONCE} pools made within {time.monotonic() - began:.1f} s", flush=True)
            self.stage.follows("a thousand pools made at once", within=60)
            wait_for("every one of them to be sized", lambda: all(
                self.stage.judge.replicas(name) * 1000 >= VIEWERS for name in names), 60)
            print(f"each sized {time.monotonic() - began:.1f} s after the first was made", flush=True)
            self.stage.used = self.stage.usage()  # what a thousand pools take
            time.sleep(5)
            self.stage.follows("a thousand pools beside it")

    def make(self, path, objects):
        with concurrent.futures.ThreadPoolExecutor(8) as makers:
            list(makers.map(lambda one: self.stage.api.send("POST", path, one), objects))


if __name__ == "__main__":
    run_tests()
