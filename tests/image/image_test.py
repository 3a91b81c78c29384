#!/usr/bin/python3
"""The Dockerfile itself, built without a registry by scripts/build-image: what the image says of itself,
that it runs the demo and explains the operator as a user without rights, and that the same commit built
again from nothing, base, packages and compiler's cache included, is the same image to the last bit. Takes
the time of two whole builds, and needs root and Debian's packages."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from image_root_test import LARGEST_MB, ROOT, run_in  # noqa: E402

ENVIRONMENT = os.environ | {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}


def buildah(*arguments):
    return subprocess.run(["buildah", *arguments], env=ENVIRONMENT, capture_output=True, text=True,
                          check=True).stdout.strip()


def build(archive, environment=None):
    subprocess.run([ROOT / "scripts/build-image", "--archive", archive],
                   env=ENVIRONMENT | (environment or {}), check=True)


def digest(archive):
    """Of the manifest, and so of every layer and of the configuration."""
    with tarfile.open(archive) as files:
        [manifest] = json.load(files.extractfile("index.json"))["manifests"]
    return manifest["digest"]


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        os.chmod(cls.folder, 0o755)
        cls.archive = cls.folder / "edgetide.tar"
        build(cls.archive)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_it_is_small(self):
        self.assertLess(self.archive.stat().st_size, LARGEST_MB << 20)

    def test_it_says_what_it_is(self):
        config = json.loads(buildah("inspect", "--type", "image", name()))["OCIv1"]["config"]
        self.assertEqual(config["User"], "65532:65532")
        self.assertEqual(config["Entrypoint"], ["/usr/bin/edgetide"])
        self.assertEqual(config["Labels"]["org.opencontainers.image.licenses"], "Apache-2.0")
        self.assertRegex(config["Labels"]["org.opencontainers.image.revision"], "^[0-9a-f]{40}$")

    def test_it_runs_as_nobody_in_a_root_that_cannot_be_written(self):
        container = buildah("from", "--pull-never", name())
        try:
            root = self.folder / "root"
            shutil.copytree(buildah("mount", container), root, symlinks=True)
        finally:
            buildah("rm", container)
        for arguments in (("operator", "--help"), ("demo", "--speed=max", "--output=json")):
            done = run_in(root, *arguments)
            self.assertEqual(done.returncode, 0, done.stderr[-2000:])

    def test_the_same_commit_is_the_same_image(self):
        storage = self.folder / "storage.conf"
        storage.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{self.folder}/graph"\n'
                           f'runroot = "{self.folder}/run"\n')
        again = self.folder / "again.tar"
        build(again, {"CONTAINERS_STORAGE_CONF": str(storage),
                      "EDGETIDE_CACHE": str(self.folder / "cache")})
        self.assertEqual(digest(again), digest(self.archive))


def name():
    images = json.loads(buildah("images", "--json", "--filter", "reference=edgetide"))
    return next(name for image in images for name in image["names"])


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("needs root to build an image", file=sys.stderr)
        sys.exit(77)
    unittest.main(verbosity=2)
