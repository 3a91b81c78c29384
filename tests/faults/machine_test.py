#!/usr/bin/env python3
"""Faults of what the machine gives the operator: names that cannot be resolved, a full disk, a clock that
jumps. Takes about two minutes."""

import errno
import os
import pathlib
import tempfile
import time
import unittest

from relay import Relay
from stage import Stage, kubeconfig, metric_source

from control_plane import ADMIN_TOKEN, run_tests
from processes import wait_for

FAKETIME = "faketime/libfaketimeMT.so.1"
HOSTS = "127.0.0.1 localhost\n"
NAMED = HOSTS + "127.0.0.1 api.edgetide.test prometheus.edgetide.test\n"


def with_mounts(*mounts):
    """A command that goes on as what follows it, with file systems that only that sees."""
    return ("unshare", "--user", "--map-root-user", "--mount", "sh", "-ec",
            "; ".join([*mounts, 'exec "$@"']), "sh")


class Names(unittest.TestCase):
    def test_names_are_gone(self):
        with Stage(access=self.by_name, within=self.hosts, source=self.source) as self.stage:
            self.names_are_gone(5)

    def hosts(self, stage):
        """Names stand in a file of the test's; whoever is asked for others answers nothing."""
        self.names, nobody = stage.plane.directory / "hosts", stage.plane.directory / "resolv.conf"
        self.names.write_text(NAMED)
        nobody.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        return with_mounts(f"mount --bind {self.names} /etc/hosts",
                           f"mount --bind {nobody} /etc/resolv.conf")

    def by_name(self, stage):
        self.relays = [self.enterContext(Relay(stage.plane.url)), self.to_prometheus]
        url = self.relays[0].url.replace("127.0.0.1", "api.edgetide.test")
        token, ca = stage.plane.directory / "token", stage.plane.directory / "ca.crt"
        token.write_text(ADMIN_TOKEN)
        ca.write_text(stage.plane.ca)
        return kubeconfig(stage.plane.directory / "by-name", url, ca, token,
                          **{"tls-server-name": "kubernetes.default"})

    def source(self, url):
        self.to_prometheus = self.enterContext(Relay(url))
        named = self.to_prometheus.url.replace("127.0.0.1", "prometheus.edgetide.test")
        return metric_source(named)

    def names_are_gone(self, seconds):
        """Every connection has to be made anew meanwhile."""
        self.names.write_text(HOSTS)
        for relay in self.relays:
            relay.end_connections()
        self.stage.rise()
        time.sleep(seconds)
        self.assertLess(self.stage.judge.replicas() * 1000, self.stage.audience.viewers,
                        "it knew what it could not know")
        self.names.write_text(NAMED)
        self.stage.follows(f"names that could not be resolved for {seconds} s")


class Disk(unittest.TestCase):
    def test_the_disk_is_full(self):
        with Stage(within=self.small_disk) as self.stage:
            self.fill()
            self.stage.follows("the disk full")
            wait_for("the metric", lambda: self.healthy() == 0, 30)
            wait_for("the condition", lambda: self.memory_is("False"), 10)
            said = self.stage.log().count("is not kept on disk for now")
            self.stage.follows("the disk full for a while")
            self.assertEqual(said, 1)
            self.assertEqual(self.stage.log().count("is not kept on disk for now"), 1)
            self.filler.unlink()
            wait_for("the disk to be used again", lambda: self.healthy() == 1, 90)
            self.assertIn("is kept again", self.stage.log())
            wait_for("the condition", lambda: self.memory_is("True"), 10)

    def small_disk(self, stage):
        self.directory = stage.plane.directory / "data"
        self.directory.mkdir()
        stage.arguments = (f"--data-dir={self.directory}",)
        return with_mounts(f"mount -t tmpfs -o size=4m tmpfs {self.directory}")

    def fill(self):
        """As others would who write to that disk too."""
        seen_from_within = f"/proc/{self.stage.operator.process.pid}/root{self.directory}"
        self.filler = pathlib.Path(seen_from_within) / "of-others"
        with self.filler.open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError as full:
                self.assertEqual(full.errno, errno.ENOSPC)

    def memory_is(self, status):
        pool = self.stage.plane.get("-n", "video", "edgepool", "live")
        return ("MemoryKept", status) in [(condition["type"], condition["status"])
                                          for condition in pool["status"]["conditions"]]

    def healthy(self):
        return self.stage.operator.metric("edgetide_store_healthy")


class Clock(unittest.TestCase):
    """The operator's alone, by libfaketime, as an NTP client that was wrong would turn it."""

    def test_the_clock_jumps(self):
        with Stage(env=self.faked_clock()) as self.stage:
            used = pathlib.Path(f"/proc/{self.stage.operator.process.pid}/maps").read_text()
            self.assertIn(FAKETIME, used)
            for jump in ("+10m", "-10m", "+1d", "-1d"):
                with self.subTest(jump):
                    self.the_clock_jumps(jump)

    def faked_clock(self):
        descriptor, path = tempfile.mkstemp()
        os.close(descriptor)
        self.offset = pathlib.Path(path)
        self.addCleanup(self.offset.unlink)
        self.offset.write_text("+0")
        library = next(pathlib.Path("/usr/lib").glob(f"*/{FAKETIME}"))
        return {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": path, "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def the_clock_jumps(self, jump):
        """And is put right again, while the viewers rise."""
        self.offset.write_text(jump)
        self.stage.rise()
        time.sleep(5)
        self.offset.write_text("+0")
        self.stage.follows(f"the clock {jump} for 5 s")


if __name__ == "__main__":
    run_tests()
