#!/usr/bin/env python3
"""Faults of what is in the cluster: definitions that are missing, a rival writer, a pool
made anew. Takes about a minute."""

import time
import unittest
import urllib.request

from stage import POOLS, Stage, pool

from control_plane import run_tests
from processes import wait_for


class ObjectFaults(unittest.TestCase):
    def test_definitions_rivals_and_pools_made_anew(self):
        with Stage(lays_out=False) as self.stage:
            self.definitions_are_missing()
            self.a_rival_lowers()
            self.the_pool_is_made_anew()
            self.the_definition_is_taken_away()

    def definitions_are_missing(self):
        """The operator was there first: it waits, says for what, and begins by itself."""
        operator = self.stage.operator
        wait_for("word of what is missing", lambda: "edgepools" in self.stage.log(), 30)
        with self.assertRaises(OSError):
            urllib.request.urlopen(f"{operator.url}/readyz", timeout=2)
        self.assertEqual(urllib.request.urlopen(f"{operator.url}/livez", timeout=2).status, 200)
        self.stage.lay_out()
        wait_for("the operator to be ready", operator._ready, 45)
        self.stage.watch_and_follow()

    def a_rival_lowers(self):
        judge = self.stage.judge
        self.stage.follows("more viewers than the rival leaves room for")
        since, enough = time.time(), lambda r: r * 1000 >= self.stage.audience.viewers
        self.stage.plane.kubectl("-n", "video", "scale", "edgetarget", "edge", "--replicas=2")
        wait_for("the rival's write", lambda: judge.times(since, lambda r: r == 2), 10, 0.02)
        wait_for("the target to be raised back", lambda: enough(judge.replicas()), 10, 0.02)
        took = judge.times(since, enough)[0] - judge.times(since, lambda r: r == 2)[0]
        print(f"a rival lowered the target: raised back {took:.1f} s later", flush=True)
        judge.forgive()

    def the_pool_is_made_anew(self):
        self.stage.plane.kubectl("-n", "video", "delete", "edgepool", "live", "--wait")
        time.sleep(1)
        self.stage.api.send("POST", POOLS, pool())
        self.stage.follows("the pool deleted and made anew")
        self.stage.learns()

    def the_definition_is_taken_away(self):
        """And every pool with it: no target is touched. Then both come back."""
        self.stage.plane.kubectl("delete", "crd", "edgepools.edgetide.io", "--wait")
        time.sleep(3)
        self.stage.define()
        self.stage.api.send("POST", POOLS, pool())
        # A watch that finds nothing to watch is tried again after 20 s at most.
        self.stage.follows("the definition of pools taken away and brought back", within=45)
        self.stage.learns()


if __name__ == "__main__":
    run_tests()
