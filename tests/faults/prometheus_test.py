#!/usr/bin/env python3
"""Faults of Prometheus: answers that are refused, wrong, late or of somebody else, a server that was
killed or lost its past, an exporter's clock that is off. Takes about a minute and a half."""

import shutil
import time
import unittest

from stage import Stage

from control_plane import run_tests


class PrometheusFaults(unittest.TestCase):
    def test_answers(self):
        with Stage() as self.stage:
            for fault in ("429", "500", "503", "html", "empty", "truncated", "slow",
                          "another pool"):
                with self.subTest(fault):
                    self.stage.proxy.fault = fault
                    self.stage.rise()
                    time.sleep(3)
                    self.stage.proxy.fault = None
                    self.stage.follows(f"Prometheus answering '{fault}' for 3 s")
            self.the_clock_is_off(-300)
            self.prometheus_is_killed(keeps_its_past=True)
            self.the_clock_is_ahead(300)
            self.prometheus_is_killed(keeps_its_past=False)

    def the_clock_is_off(self, seconds):
        """What is stamped five minutes ago is too old to say that viewers have gone."""
        audience = self.stage.audience
        before = audience.viewers
        audience.viewers, audience.offset = 100, seconds
        time.sleep(4)
        audience.viewers, audience.offset = before, 0
        self.stage.follows(f"an exporter's clock off by {seconds} s")

    def the_clock_is_ahead(self, seconds):
        """What is stamped in five minutes cannot be read before, and Prometheus refuses what comes after it
        with the right stamps: until it begins anew, as it does next."""
        audience = self.stage.audience
        before = audience.viewers
        audience.viewers, audience.offset = 100, seconds
        time.sleep(4)
        audience.viewers, audience.offset = before, 0
        time.sleep(4)
        self.assertEqual(self.stage.judge.lowerings(), [])

    def prometheus_is_killed(self, keeps_its_past):
        prometheus = self.stage.prometheus
        prometheus.stop()
        if not keeps_its_past:
            shutil.rmtree(prometheus.directory / "data")
        time.sleep(3)
        prometheus.start()
        self.stage.follows("Prometheus killed for 3 s" if keeps_its_past
                           else "Prometheus killed, and started without its past")


if __name__ == "__main__":
    run_tests()
