#!/usr/bin/python3
"""The file system of the image, laid out from the program of this build: its size, and that the program
runs in it as nobody in particular, with a root that cannot be written. Needs root; the image itself is
built by image_test."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("EDGETIDE_BINARY", str(ROOT / "build/release/bin/edgetide"))
LARGEST_MB = 90
# In mount and network namespaces of its own: nothing of the host is to be seen or left behind.
IN_IMAGE = """set -e
mount --bind "$0" "$0"
mount -o remount,bind,ro "$0"
mount -t tmpfs tmpfs "$0/tmp"
exec env -i HOME=/tmp "$(type -p chroot)" --userspec=65532:65532 "$0" /usr/bin/edgetide "$@"
"""


def run_in(folder, *arguments):
    return subprocess.run(["unshare", "--mount", "--net", "bash", "-c", IN_IMAGE, folder,
                           *arguments], capture_output=True, text=True, timeout=240)


class ImageRoot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        os.chmod(cls.temporary.name, 0o755)
        cls.folder = cls.temporary.name + "/image"
        done = subprocess.run([ROOT / "scripts/collect-image", PROGRAM, cls.folder],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def expect_success(self, *arguments):
        done = run_in(self.folder, *arguments)
        self.assertEqual(done.returncode, 0, done.stdout[-500:] + done.stderr[-2000:])
        return done.stdout

    def test_it_is_small(self):
        done = subprocess.run(["du", "-sm", self.folder], capture_output=True, text=True, check=True)
        self.assertLessEqual(int(done.stdout.split()[0]), LARGEST_MB)

    def test_there_is_no_shell_and_nothing_that_gains_rights(self):
        for path in pathlib.Path(self.folder).rglob("*"):
            if path.is_file() and not path.is_symlink():
                self.assertFalse(path.stat().st_mode & 0o6000, path)
        self.assertEqual([path.name for path in pathlib.Path(self.folder, "usr/bin").iterdir()],
                         ["edgetide"])

    def test_every_package_brings_its_licence(self):
        packages = os.listdir(pathlib.Path(self.folder, "var/lib/dpkg/status.d"))
        self.assertIn("libcpprest2.10", packages)
        for package in packages:
            self.assertTrue(pathlib.Path(self.folder, "usr/share/doc", package, "copyright").exists())

    def test_the_manual_page_is_there(self):
        page = pathlib.Path(self.folder, "usr/share/man/man1/edgetide.1").read_text()
        self.assertIn(".SS operator", page)

    def test_the_operator_explains_itself(self):
        self.assertIn("--leader-election", self.expect_success("operator", "--help"))

    def test_the_demo_plays_and_knows_time_zones(self):
        self.assertIn("{", self.expect_success("demo", "--speed=max", "--output=json"))
        calendar = ROOT / "examples/live-edge/40-stream-events.yaml"
        zones = pathlib.Path(self.folder, "usr/share/zoneinfo")
        self.assertTrue((zones / "Europe/London").exists(), calendar)

    def test_its_root_cannot_be_written(self):
        refused = run_in(self.folder, "demo", "--speed=max", "--report=/demo.html")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("cannot be written there", refused.stderr)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("needs root to enter the image", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    unittest.main(verbosity=2)
