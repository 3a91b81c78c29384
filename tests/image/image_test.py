#!/usr/bin/python3
"""The Dockerfile itself, built without a registry by scripts/build-image: what the image says of itself,
that it runs the demo and explains the operator as a user without rights, and that the same commit built
twice, each time with a base, packages and layers of its own and once without the compiler's cache, is the
same image to the last bit. Takes the time of two whole builds, and needs root and Debian's packages."""

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

class Storage:
    """Of buildah, empty at first: an older base or layer would make other images of the same commit."""

    def __init__(self, folder, **more):
        folder.mkdir()
        self.archive = folder / "edgetide.tar"
        settings = folder / "storage.conf"
        settings.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/graph"\n'
                            f'runroot = "{folder}/run"\n')
        self.environment = os.environ | more | {"CONTAINERS_STORAGE_CONF": str(settings),
                                                "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}

    def build(self):
        subprocess.run([ROOT / "scripts/build-image", "--archive", self.archive],
                       env=self.environment, check=True)

    def buildah(self, *arguments):
        return subprocess.run(["buildah", *arguments], env=self.environment, capture_output=True,
                              text=True, check=True).stdout.strip()

    def image(self):
        images = json.loads(self.buildah("images", "--json", "--filter", "reference=edgetide"))
        return next(name for image in images for name in image["names"])


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
        cls.first = Storage(cls.folder / "first")
        cls.first.build()

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_it_is_small(self):
        self.assertLess(self.first.archive.stat().st_size, LARGEST_MB << 20)

    def test_it_says_what_it_is(self):
        config = json.loads(self.first.buildah("inspect", "--type", "image",
                                               self.first.image()))["OCIv1"]["config"]
        self.assertEqual(config["User"], "65532:65532")
        self.assertEqual(config["Entrypoint"], ["/usr/bin/edgetide"])
        self.assertEqual(config["Labels"]["org.opencontainers.image.licenses"], "Apache-2.0")
        self.assertRegex(config["Labels"]["org.opencontainers.image.revision"], "^[0-9a-f]{40}$")

    def test_it_runs_as_nobody_in_a_root_that_cannot_be_written(self):
        container = self.first.buildah("from", "--pull-never", self.first.image())
        try:
            root = self.folder / "root"
            shutil.copytree(self.first.buildah("mount", container), root, symlinks=True)
        finally:
            self.first.buildah("rm", container)
        for arguments in (("operator", "--help"), ("demo", "--speed=max", "--output=json")):
            done = run_in(root, *arguments)
            self.assertEqual(done.returncode, 0, done.stderr[-2000:])

    def test_the_same_commit_is_the_same_image(self):
        second = Storage(self.folder / "second", EDGETIDE_CACHE=str(self.folder / "cache"))
        second.build()
        self.assertEqual(digest(second.archive), digest(self.first.archive))


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("needs root to build an image", file=sys.stderr)
        sys.exit(77)
    unittest.main(verbosity=2)
