#!/usr/bin/python3
"""The Dockerfile itself, built without a registry by scripts/build-image: what the image says of itself,
and that it runs the demo and explains the operator as a user without rights. Takes the time of a whole
build, and needs root and Debian's packages."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from image_root_test import LARGEST_MB, ROOT, run_in  # noqa: E402

BUILDAH = os.environ | {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}


def buildah(*arguments):
    return subprocess.run(["buildah", *arguments], env=BUILDAH, capture_output=True, text=True,
                          check=True).stdout.strip()


class Image(unittest.TestCase):
    def test_it_is_built_from_the_dockerfile_and_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = pathlib.Path(folder, "edgetide.tar")
            subprocess.run([ROOT / "scripts/build-image", "--archive", archive], check=True)
            self.assertLess(archive.stat().st_size, LARGEST_MB << 20)
            self.it_describes_itself()
            container = buildah("from", "--pull-never", self.name)
            try:
                place = buildah("mount", container)
                root = pathlib.Path(folder, "root")
                shutil.copytree(place, root, symlinks=True)
            finally:
                buildah("rm", container)
            os.chmod(folder, 0o755)
            for arguments in (("operator", "--help"), ("demo", "--speed=max", "--output=json")):
                done = run_in(root, *arguments)
                self.assertEqual(done.returncode, 0, done.stderr[-2000:])

    def it_describes_itself(self):
        images = json.loads(buildah("images", "--json", "--filter", "reference=edgetide"))
        self.name = next(name for image in images for name in image["names"])
        config = json.loads(buildah("inspect", "--type", "image", self.name))["OCIv1"]["config"]
        self.assertEqual(config["User"], "65532:65532")
        self.assertEqual(config["Entrypoint"], ["/usr/bin/edgetide"])
        self.assertEqual(config["Labels"]["org.opencontainers.image.licenses"], "Apache-2.0")


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("needs root to build an image", file=sys.stderr)
        sys.exit(77)
    unittest.main(verbosity=2)
