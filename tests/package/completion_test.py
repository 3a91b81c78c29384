#!/usr/bin/env python3
"""What `edgetide completion` prints, in the shells that it is for: bash, zsh and fish."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from shells import SHELLS, said  # noqa: E402

OPERATOR = pathlib.Path(os.environ["EDGETIDE_BINARY"])
ENVIRONMENT = {"PATH": f"{OPERATOR.parent}:{os.environ['PATH']}", "KUBECONFIG": "/nowhere"}


class Completion(unittest.TestCase):
    def test_every_shell_can_read_its_script(self):
        for shell in SHELLS:
            with self.subTest(shell), tempfile.NamedTemporaryFile("w") as script:
                script.write(said([OPERATOR, "completion", shell], ENVIRONMENT))
                script.flush()
                self.assertEqual(said([shell, "-n", script.name], ENVIRONMENT), "")
                script.write("if (\n")
                script.flush()
                self.assertNotEqual(subprocess.run([shell, "-n", script.name], stderr=subprocess.DEVNULL,
                                                   check=False).returncode, 0)

    def test_every_shell_goes_on_with_what_the_program_says(self):
        for shell, completed in SHELLS.items():
            for words, ends in ((["stat"], ["status"]), (["status", "-o", "wi"], ["wide"]),
                                (["completion", "z"], ["zsh"]),
                                (["status", "--all-n"], ["--all-namespaces"]),
                                (["backtest", "--policy", "edgetide,clair"], ["edgetide,clairvoyant"]),
                                (["backtest", "--policy", "kpa:panicw"], ["kpa:panicwindow="]),
                                (["backtest", "--policy", "edgetide,hpa:target=0.7:downw"],
                                 ["edgetide,hpa:target=0.7:downwindow="]),
                                (["reasons", "MaximumR"], ["MaximumReached"])):
                with self.subTest(shell, words=words):
                    self.assertEqual(completed(words, ENVIRONMENT), ends)

    def test_every_shell_offers_files_where_the_program_has_no_words(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "pool-of-ours.yaml").touch()
            for shell, completed in SHELLS.items():
                with self.subTest(shell):
                    self.assertEqual(completed(["plan", "-f", f"{folder}/pool-of"], ENVIRONMENT),
                                     [f"{folder}/pool-of-ours.yaml"])


if __name__ == "__main__":
    missing = [shell for shell in SHELLS if not shutil.which(shell)]
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    unittest.main(verbosity=2)
