#!/usr/bin/env python3
"""How much memory the commands that read recordings take for those that nobody should give them."""

import datetime
import gzip
import os
import pathlib
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
START = datetime.datetime(2026, 3, 2)
POOL = """failureDomains: [{name: a}, {name: b}, {name: c}]
capacity: {viewers: 100}
redundancy: {survive: None}
replicas: {max: 1000}
"""
COMMANDS = ("backtest", "accuracy", "forecast")
# Whatever is read, and as many times the size of a file, of which none may be larger than 64 MB unpacked.
MOST_MB = 400
MOST_TIMES = 20


def record(folder, name, readings):
    """A file of `readings`, each with its second since the start."""
    path = folder / name
    with open(path, "w", encoding="ascii") as lines:
        lines.write("timestamp,value\n")
        for second, value in readings:
            at = START + datetime.timedelta(seconds=second)
            lines.write(f"{at:%Y-%m-%dT%H:%M:%SZ},{value}\n")
    return path


def days(count, step=60):
    return ((second, 1000 + second // 60 % 1440) for second in range(0, count * 86_400, step))


class Memory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.pool = cls.folder / "pool.yaml"
        cls.pool.write_text(POOL)
        cls.week = record(cls.folder, "week.csv", days(7))

    def largest_mb(self, command, series, *more, refused):
        arguments = [PROGRAM, command, "--series", series, *more]
        if command == "backtest":
            arguments += ["--pool", self.pool]
        with open(self.folder / "said", "w", encoding="utf-8") as said:
            pid = os.posix_spawn(PROGRAM, arguments, os.environ,
                                 file_actions=[(os.POSIX_SPAWN_DUP2, said.fileno(), 1),
                                               (os.POSIX_SPAWN_DUP2, said.fileno(), 2)])
            _, status, usage = os.wait4(pid, 0)
        text = (self.folder / "said").read_text(encoding="utf-8")
        self.assertEqual(os.waitstatus_to_exitcode(status), 2 if refused else 0, text[-500:])
        self.assertIn(refused, text)
        return usage.ru_maxrss / 1024

    def each_command(self, series, *more, refused):
        """`refused`: by command, with which words it does not go on; the others do their work."""
        for command in COMMANDS:
            with self.subTest(command, series=series.name):
                most = MOST_MB + MOST_TIMES * series.stat().st_size / (1 << 20)
                used = self.largest_mb(command, series, *more, refused=refused.get(command, ""))
                self.assertLessEqual(used, most)

    def test_a_day_of_which_every_minute_is_said_two_hundred_times(self):
        self.each_command(record(self.folder, "repeated.csv",
                                 (reading for reading in days(1) for _ in range(200))),
                          refused=dict.fromkeys(COMMANDS, "is not after the row before it"))

    def test_a_century(self):
        too_long = "is more than the 1830 days that are gone through at once"
        self.each_command(record(self.folder, "century.csv", days(36_500, step=3600)),
                          refused={"backtest": too_long, "accuracy": too_long})

    def test_five_years(self):
        self.each_command(record(self.folder, "years.csv", days(1800, step=1800)), refused={})

    def test_a_hundred_thousand_events(self):
        calendar = self.folder / "calendar.csv"
        with open(calendar, "w", encoding="ascii") as lines:
            lines.write("start,end,class,name\n")
            for event in range(100_000):
                at = START + datetime.timedelta(seconds=6 * event)
                end = at + datetime.timedelta(hours=2)
                lines.write(f"{at:%Y-%m-%dT%H:%M:%SZ},{end:%Y-%m-%dT%H:%M:%SZ},show,Show {event}\n")
        self.each_command(self.week, "--calendar", calendar, refused={})

    def test_an_archive_that_unpacks_to_gigabytes(self):
        bomb = self.folder / "bomb.csv.gz"
        with gzip.open(bomb, "wb", compresslevel=1) as packed:
            packed.write(b"timestamp,value\n")
            for _ in range(2048):
                packed.write(b"0" * (1 << 20))
        self.each_command(bomb, refused=dict.fromkeys(COMMANDS, "more than 67108864 bytes"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
