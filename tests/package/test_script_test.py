#!/usr/bin/env python3
"""How `scripts/test` ends: 0 when every test and every sanitizer has passed, and otherwise not. What it
calls is replaced: here only its own course is looked at."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSED = "echo '100% tests passed, 0 tests failed out of 1'"


class TestScript(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name)
        for name in ("test", "lib.sh"):
            self.program(f"scripts/{name}", "")
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts")
        self.program("scripts/build-cluster-programs", "")
        self.program("scripts/sanitize", PASSED)
        self.program("bin/cmake", "")
        self.program("bin/dpkg-query", "echo ii")
        self.program("bin/ctest", PASSED)

    def program(self, name, body):
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def ended(self, *arguments):
        environment = {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "HOME": str(self.root)}
        return subprocess.run([self.root / "scripts/test", *arguments], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def test_all_that_passes_is_a_success(self):
        for arguments in ((), ("--fast",), ("--nightly",), ("-R", "http")):
            with self.subTest(arguments):
                done = self.ended(*arguments)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_sanitizers_that_end_after_the_tests_are_waited_for(self):
        self.program("scripts/sanitize", f"sleep 1; {PASSED}")
        done = self.ended()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("tests passed"), 2)

    def test_a_test_that_fails_is_a_failure_and_the_sanitizers_are_heard(self):
        self.program("bin/ctest", "exit 8")
        self.assertNotEqual(self.ended("--fast").returncode, 0)
        done = self.ended()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("tests passed", done.stdout)

    def test_a_finding_is_a_failure_that_says_what(self):
        self.program("scripts/sanitize", "echo 'heap-use-after-free'; exit 1")
        done = self.ended()
        self.assertEqual(done.returncode, 1)
        self.assertIn("heap-use-after-free", done.stderr)
        self.assertIn("a sanitizer has found something", done.stderr)

    def test_a_control_plane_that_cannot_be_built_is_a_failure(self):
        self.program("scripts/build-cluster-programs", "exit 1")
        self.assertNotEqual(self.ended().returncode, 0)
        self.assertEqual(self.ended("--fast").returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
