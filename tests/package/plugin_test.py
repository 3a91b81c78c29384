#!/usr/bin/python3
"""kubectl's plugin as Krew installs it: the manifest says what Krew asks for, its digest is the archive's,
and what is unpacked of it runs and calls itself by kubectl's name."""

import hashlib
import os
import pathlib
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = "https://example.org/edgetide"
PROGRAM = os.environ.get("EDGETIDE_BINARY", str(ROOT / "build/release/bin/edgetide"))


def package(folder):
    subprocess.run([ROOT / "scripts/package-plugin", "--home", HOME, "--program", PROGRAM, folder],
                   check=True, timeout=60)
    [archive] = pathlib.Path(folder).glob("*.tar.gz")
    return archive, yaml.safe_load((pathlib.Path(folder) / "edgetide.yaml").read_text())


class Plugin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.archive, cls.manifest = package(cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_the_manifest_is_as_krew_asks(self):
        self.assertEqual(self.manifest["apiVersion"], "krew.googlecontainertools.github.com/v1alpha2")
        self.assertEqual(self.manifest["kind"], "Plugin")
        self.assertEqual(self.manifest["metadata"], {"name": "edgetide"})
        spec = self.manifest["spec"]
        [version] = re.findall(r"project\(edgetide VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())
        self.assertEqual(spec["version"], f"v{version}")
        # Krew's own rules: one line, no full stop, no word of kubectl, at most fifty characters.
        self.assertRegex(spec["shortDescription"], r"^[A-Z][^\n]{1,49}$")
        self.assertNotRegex(spec["shortDescription"], r"(?i)kubectl|plugin|\.$")
        self.assertEqual(spec["homepage"], HOME)
        self.assertTrue(spec["description"].strip())

    def test_the_platform_is_ours_and_its_digest_the_archives(self):
        [ours] = self.manifest["spec"]["platforms"]
        architecture = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
        self.assertEqual(ours["selector"], {"matchLabels": {"os": "linux", "arch": architecture}})
        self.assertEqual(ours["sha256"], hashlib.sha256(self.archive.read_bytes()).hexdigest())
        self.assertEqual(ours["uri"], f"{HOME}/releases/download/{self.manifest['spec']['version']}/"
                                      f"{self.archive.name}")

    def test_what_is_unpacked_runs_as_kubectls_plugin(self):
        [ours] = self.manifest["spec"]["platforms"]
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(self.archive) as archive:
                names = archive.getnames()
                archive.extractall(folder)
            self.assertEqual(sorted(names), sorted(part["from"] for part in ours["files"]))
            done = subprocess.run([pathlib.Path(folder) / ours["bin"], "status", "--help"],
                                  capture_output=True, text=True, timeout=30)
        self.assertIn("Usage: kubectl edgetide status", done.stdout)

    def test_it_names_the_libraries_that_it_needs(self):
        self.assertIn("libcpprest", self.manifest["spec"]["caveats"])

    def test_the_same_program_is_the_same_archive(self):
        with tempfile.TemporaryDirectory() as folder:
            again, manifest = package(folder)
            self.assertEqual(again.read_bytes(), self.archive.read_bytes())
        self.assertEqual(manifest, self.manifest)


if __name__ == "__main__":
    sys.exit(unittest.main())
