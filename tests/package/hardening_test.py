#!/usr/bin/env python3
"""The program as it is shipped defends itself: what cmake/EdgetideBuild.cmake asks for is in the file,
by readelf. Sanitizers and unoptimized builds are let off."""

import os
import pathlib
import platform
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("EDGETIDE_BINARY", ROOT / "build/release/bin/edgetide"))
ENDBR64 = bytes.fromhex("f30f1efa")  # where an indirect call may land, by -fcf-protection


def readelf(*options):
    return subprocess.run(["readelf", "-W", *options, PROGRAM], check=True, capture_output=True,
                          text=True).stdout


class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.segments = readelf("--segments")
        cls.dynamic = readelf("--dynamic")
        cls.symbols = readelf("--dyn-syms")
        if "__asan_init" in cls.symbols or "__tsan_init" in cls.symbols:
            raise unittest.SkipTest("a build with sanitizers")

    def test_code_is_placed_at_random(self):
        self.assertIn("PIE", self.flags())

    def test_tables_of_the_linker_are_filled_at_the_start_and_then_read_only(self):
        self.assertIn("GNU_RELRO", self.segments)
        self.assertIn("NOW", self.flags())

    def test_the_stack_is_not_executable(self):
        stack = next(line for line in self.segments.splitlines() if "GNU_STACK" in line)
        self.assertIn(" RW ", stack)

    def test_nothing_is_both_writable_and_executable(self):
        for line in self.segments.splitlines():
            if line.strip().startswith("LOAD"):
                self.assertNotIn("RWE", line)

    def test_returns_are_guarded(self):
        self.assertIn("__stack_chk_fail", self.symbols)

    def test_bounds_of_containers_are_checked(self):
        self.assertIn("__glibcxx_assert_fail", self.symbols)

    def test_copies_are_bounded(self):
        if os.environ.get("EDGETIDE_BUILD_TYPE") == "Debug":
            self.skipTest("_FORTIFY_SOURCE wants an optimized build")
        self.assertRegex(self.symbols, r"__\w+_chk@")

    def test_indirect_calls_land_where_they_may(self):
        if platform.machine() != "x86_64":
            self.skipTest("x86-64 alone")
        self.assertGreater(PROGRAM.read_bytes().count(ENDBR64), 1000)

    def flags(self):
        return next(line for line in self.dynamic.splitlines() if "(FLAGS_1)" in line)


if __name__ == "__main__":
    unittest.main(verbosity=2)
