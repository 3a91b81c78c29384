#!/usr/bin/env python3
"""Faults of the machine under the operator: descriptors or memory used up, also at a start, a SIGTERM in
the middle of a write, a restart without Prometheus. Takes about a minute."""

import pathlib
import resource
import subprocess
import time
import unittest

from relay import Relay
from stage import Stage

from control_plane import ADMIN_TOKEN, run_tests
from processes import wait_for


def limit(process, **limits):
    """Sets limits of a running process; nothing is unlimited."""
    words = [f"--{name}={'unlimited' if value is None else value}:" for name, value in limits.items()]
    subprocess.run(["prlimit", f"--pid={process.pid}", *words], check=True, capture_output=True)


class ProcessFaults(unittest.TestCase):
    def test_descriptors_memory_and_restarts(self):
        with Stage(access=self.by_relay) as self.stage:
            self.operator = self.stage.operator
            self.descriptors_are_used_up()
            self.sigterm_in_the_middle_of_a_write()
            self.killed_without_prometheus()
            self.memory_is_used_up()
            self.memory_is_short_at_a_start()

    def by_relay(self, stage):
        data = stage.plane.directory / "data"
        data.mkdir()
        stage.arguments = (f"--data-dir={data}",)
        self.relay = stage.also(Relay(stage.plane.url))
        return stage.plane.write_kubeconfig(stage.plane.directory / "by-relay", ADMIN_TOKEN,
                                            (self.relay.url, stage.plane.ca))

    def descriptors_are_used_up(self):
        process = self.operator.process
        limit(process, nofile=3)
        self.stage.rise()
        time.sleep(4)
        limit(process, nofile=1024)
        self.stage.follows("no descriptor to be had for 4 s")

    def sigterm_in_the_middle_of_a_write(self):
        """The write is on its way and its answer never comes."""
        self.relay.freeze()
        self.stage.rise()
        time.sleep(1.5)
        asked = time.monotonic()
        self.operator.process.child.terminate()
        code = self.operator.process.child.wait(10)
        took = time.monotonic() - asked
        print(f"SIGTERM in the middle of a write: ended with {code} {took:.1f} s later", flush=True)
        self.assertLess(took, 6)
        self.operator.start()
        self.stage.follows("a SIGTERM in the middle of a write, and a start")

    def killed_without_prometheus(self):
        """What was learned is on disk: it decides without a source."""
        self.stage.learns()
        time.sleep(2)  # what was learned reaches the disk
        self.stage.prometheus.stop()
        self.operator.process.kill()
        started = time.monotonic()
        self.operator.launch()
        wait_for("a decision by what was kept", self.stage.knows_its_past, 15, 0.05)
        print(f"killed and started without Prometheus: decided {time.monotonic() - started:.1f} s "
              "later", flush=True)
        self.stage.prometheus.start()
        self.stage.follows("the operator killed while Prometheus is down")

    def memory_is_used_up(self):
        """As under a limit: what has no memory fails, and is tried again."""
        process = self.operator.process
        now = int(pathlib.Path(f"/proc/{process.pid}/statm").read_text().split()[0])
        limit(process, **{"as": now * resource.getpagesize()})
        self.stage.rise()
        time.sleep(5)
        process.check()
        limit(process, **{"as": None})
        self.stage.follows("no memory to be had for 5 s")

    def memory_is_short_at_a_start(self):
        """It begins once there is enough, or says why it ends and is started again."""
        process = self.operator.process
        pages = int(pathlib.Path(f"/proc/{process.pid}/statm").read_text().split()[0])
        process.kill()
        for share in (0.4, 0.6, 0.8, 0.9):
            most = int(share * pages * resource.getpagesize())
            self.operator.within = ("prlimit", f"--as={most}:")
            self.operator.launch()
            self.begins_or_ends(self.operator.process, share)
        self.operator.within = ()
        self.operator.start()
        self.stage.follows("four starts with too little memory")

    def begins_or_ends(self, process, share):
        time.sleep(2)
        try:
            limit(process, **{"as": None})
        except subprocess.CalledProcessError:
            pass  # it has ended
        wait_for("the operator to be ready, or to end",
                 lambda: not process.running() or self.operator._ready(), 60)
        if process.running():
            print(f"started with {share} of its memory: ready once there is more", flush=True)
        else:
            self.assertEqual(process.child.returncode, 1)
            self.assertIn("ending, an exception was not caught", process.tail(5))
            print(f"started with {share} of its memory: {process.tail(1)}", flush=True)
        process.kill()


if __name__ == "__main__":
    run_tests()
