#!/usr/bin/env python3
"""Holds the product's includes, file sizes and main page against the rules of ARCHITECTURE.md."""

import pathlib
import re
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAYERS = tomllib.loads((ROOT / "tests/layers/layers.toml").read_text())
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)
# POSIX and compiler headers, which adapters may use and the pure parts may not.
SYSTEM = re.compile(r"^(sys/|arpa/|netinet/|[a-z_]+\.h$)")
PURE = {"core", "model", "forecast", "sizing", "guard", "planning", "backtest", "ports", "controller"}


def product_files():
    for top in ("include/edgetide", "src"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                yield path.relative_to(ROOT / top).parts[0], path


def part_of(included, including):
    """The part that an include in quotes names; None for a file beside the including one."""
    parts = included.split("/")
    if parts[0] == "edgetide":
        return parts[1]
    if len(parts) > 1 and parts[0] in LAYERS:
        return parts[0]
    if (including.parent / included).exists():
        return None
    raise AssertionError(f"{including}: cannot tell where {included} comes from")


def problem_with(part, path, bracket, included):
    rule = LAYERS[part]
    if bracket == '"':
        other = part_of(included, path)
        if other in (None, part) or "*" in rule["parts"] or other in rule["parts"]:
            return None
        return f"{part} may not include {other}"
    third_party = rule.get("third_party", [])
    if any(included.startswith(prefix) for prefix in third_party):
        return None
    if "/" not in included and "." not in included:
        return None  # the standard library
    if SYSTEM.match(included) and part not in PURE and included != "simdjson.h":
        return None
    return f"{part} may not include <{included}>"


class Layers(unittest.TestCase):
    def test_every_folder_is_in_the_table(self):
        self.assertEqual({part for part, _ in product_files()} - set(LAYERS), set())

    def test_includes_stay_within_the_table(self):
        problems = []
        for part, path in product_files():
            for bracket, included in INCLUDE.findall(path.read_text()):
                problem = problem_with(part, path, bracket, included)
                if problem:
                    problems.append(f"{path.relative_to(ROOT)}: {problem}")
        self.assertEqual(problems, [], "\n".join(problems))

    def test_the_checker_notices(self):
        path = ROOT / "src/core/time.cpp"
        self.assertIsNotNone(problem_with("core", path, '"', "edgetide/model/forecast.h"))
        self.assertIsNotNone(problem_with("sizing", path, '"', "edgetide/guard/guard.h"))
        self.assertIsNotNone(problem_with("planning", path, "<", "fmt/format.h"))
        self.assertIsNotNone(problem_with("kube", path, '"', "promql/client.h"))
        self.assertIsNone(problem_with("kube", path, '"', "http/transport.h"))
        self.assertIsNone(problem_with("http", path, "<", "openssl/ssl.h"))

    def test_only_one_source_includes_each_slow_library(self):
        for prefix in ("cpprest/", "boost/beast"):
            users = [str(p) for _, p in product_files()
                     if any(i.startswith(prefix) for _, i in INCLUDE.findall(p.read_text()))]
            self.assertLessEqual(len(users), 1, users)


class Sizes(unittest.TestCase):
    def test_files_can_be_read_in_one_sitting(self):
        limits = {".h": 150, ".cpp": 300}
        long_files = [f"{p.relative_to(ROOT)}: {n} lines" for _, p in product_files()
                      if (n := len(p.read_text().splitlines())) > limits[p.suffix]]
        self.assertEqual(long_files, [], "\n".join(long_files))

    def test_lines_fit_the_screen(self):
        long_lines = [f"{p.relative_to(ROOT)}:{i}" for _, p in product_files()
                      for i, line in enumerate(p.read_text().splitlines(), 1) if len(line) > 100]
        self.assertEqual(long_lines, [], "\n".join(long_lines))

    def test_the_reconciler_is_one_page(self):
        lines = (ROOT / "src/controller/reconciler.cpp").read_text().splitlines()
        self.assertLessEqual(len(lines), 60)


class Purity(unittest.TestCase):
    BANNED = re.compile(r"system_clock::now|std::random_device|\brand\(\)|\btime\(nullptr\)|\bgetenv\b"
                        r"|unordered_(map|set)")

    def test_pure_parts_have_no_clock_no_chance_no_environment(self):
        found = [str(p.relative_to(ROOT)) for part, p in product_files()
                 if part in PURE - {"ports", "controller"} and self.BANNED.search(p.read_text())]
        self.assertEqual(found, [])


class Documents(unittest.TestCase):
    def test_every_reason_is_explained(self):
        code = (ROOT / "include/edgetide/model/reasons.h").read_text()
        reasons = set(re.findall(r'k\w+\s*=\s*"(\w+)"', code))
        self.assertGreater(len(reasons), 20)
        page = (ROOT / "docs/reference/reasons.md").read_text()
        self.assertEqual({reason for reason in reasons if f"`{reason}`" not in page}, set())

    def test_every_metric_is_explained(self):
        code = "".join(p.read_text() for p in sorted((ROOT / "src").rglob("*.[ch]*")))
        metrics = set(re.findall(r'"((?:edgetide|process)_[a-z_]+)"', code))
        self.assertGreater(len(metrics), 20)
        listed = set(re.findall(r"^\| `((?:edgetide|process)_\w+)`", (ROOT / "docs/reference/metrics.md").read_text(),
                                re.MULTILINE))
        self.assertEqual(metrics, listed)

    def test_the_readme_is_short_and_its_files_exist(self):
        text = (ROOT / "README.md").read_text()
        self.assertLessEqual(len(text.splitlines()), 120)
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            self.assertTrue((ROOT / link).exists(), link)


if __name__ == "__main__":
    unittest.main()
