#!/usr/bin/python3
"""Holds the pages of docs/ against the code and against each other."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")),
         *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"))]
EVERY_METRIC = os.environ.get("EDGETIDE_EVERY_METRIC", str(ROOT / "build/release/tests/docs/every_metric"))
# Each takes names of objects that there are, or words and numbers of a short list.
LABELS = {"action", "calendar", "cause", "code", "failure_domain", "fleet", "for", "forecaster", "namespace",
          "pool", "resource", "result", "status", "type", "verb", "version", "window_seconds",
          "work"}
KINDS = {"EdgePool", "StreamEvent", "EventCalendar", "EventClass", "MetricSource"}


def anchors(page):
    """Of its headings, as GitHub makes them."""
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.+)$", page.read_text(), re.M)}


class Pages(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        for page in PAGES:
            for link, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text()):
                if link.startswith(("http:", "https:")):
                    continue
                target = (page.parent / link).resolve() if link else page
                with self.subTest(page=page.name, link=link or anchor):
                    self.assertTrue(target.exists())
                    if anchor and target.suffix == ".md":
                        self.assertIn(anchor, anchors(target))

    def test_every_page_is_reached_from_the_first(self):
        seen, waiting = set(), [ROOT / "docs/README.md"]
        while waiting:
            page = waiting.pop()
            if page in seen:
                continue
            seen.add(page)
            waiting += [(page.parent / link).resolve()
                        for link in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text())
                        if not link.startswith("http")]
        self.assertEqual([page.name for page in PAGES if page not in seen], [])

    def test_reference_pages_are_up_to_date(self):
        done = subprocess.run([ROOT / "scripts/generate-docs", "--check"], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_objects_in_pages_have_only_fields_that_there_are(self):
        known = set(re.findall(r"^\| `((?:spec|status)\.\S+)`",
                               (ROOT / "docs/reference/fields.md").read_text(), re.M))
        self.assertGreater(len(known), 100)
        checked = 0
        for page in PAGES:
            for block in re.findall(r"^```ya?ml\n(.*?)^```", page.read_text(), re.M | re.S):
                for thing in yaml.safe_load_all(block):
                    if isinstance(thing, dict) and thing.get("kind") in KINDS:
                        checked += 1
                        for path in paths(thing["spec"], "spec"):
                            self.assertTrue(path in known, f"{page.name}: {path}")
        self.assertGreaterEqual(checked, 4)


    def test_scenarios_in_pages_are_those_of_the_files_of_their_title(self):
        files = [yaml.safe_load(path.read_text()) for path in (ROOT / "examples/scenarios").rglob("*.yaml")]
        by_title = {thing["spec"]["title"]: thing for thing in files if thing.get("kind") == "Scenario"}
        quoted = [yaml.safe_load(block) for page in PAGES
                  for block in re.findall(r"^```ya?ml\n(.*?)^```", page.read_text(), re.M | re.S)
                  if "kind: Scenario" in block]
        self.assertGreaterEqual(len(quoted), 1)
        for scenario in quoted:
            self.assertEqual(scenario, by_title.get(scenario["spec"]["title"]))


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = subprocess.run([EVERY_METRIC], capture_output=True, text=True, check=True,
                                  timeout=60).stdout

    def test_promtool_finds_nothing_to_say_of_them_but_that_egress_is_in_bits(self):
        self.assertEqual([line for line in lint_of(self.text).splitlines() if not re.fullmatch(
            r'\w+_bits_per_second use base unit "bytes" instead of "bits"', line)], [])
        self.assertIn("no help text", lint_of(self.text + "edgetide_mute 1\n"))

    def test_every_one_of_the_source_is_among_them(self):
        named = {name for path in (ROOT / "src").rglob("*.cpp")
                 for name in re.findall(r'"((?:edgetide|process)_[a-z_]+)"', path.read_text())}
        told = set(re.findall(r"^# HELP (\S+)", self.text, re.M))
        self.assertGreater(len(told), 50)
        self.assertEqual(named, told)

    def test_labels_are_of_few_values(self):
        labels = set(re.findall(r'(\w+)="', self.text))
        self.assertEqual(labels - {"le"}, LABELS)

    def test_one_without_help_or_type_is_not_left_out_of_the_reference(self):
        for line in ("# TYPE edgetide_mute gauge\nedgetide_mute 1",
                     "# HELP edgetide_mute \n# TYPE edgetide_mute gauge\nedgetide_mute{a=\"b\"} 1",
                     "# HELP edgetide_mute Says nothing.\nedgetide_mute 1"):
            with self.subTest(line), tempfile.TemporaryDirectory() as folder:
                program = pathlib.Path(folder) / "every_metric"
                program.write_text(f"#!/bin/sh\ncat <<'END'\n{self.text}{line}\nEND\n")
                program.chmod(0o755)
                done = subprocess.run([ROOT / "scripts/generate-docs", "--check"], capture_output=True,
                                      text=True, env=os.environ | {"EDGETIDE_EVERY_METRIC": str(program)})
                self.assertIn("edgetide_mute has no type or no help", done.stderr)
                self.assertNotEqual(done.returncode, 0)


def lint_of(exposition):
    """What promtool says of it; nothing when all is well."""
    done = subprocess.run(["promtool", "check", "metrics"], input=exposition, capture_output=True, text=True)
    return done.stdout + done.stderr


class TestsThatPagesName(unittest.TestCase):
    """Of the columns headed `test`: names of tests or of their suites, and files."""

    def test_exist(self):
        known = names_of_tests()
        self.assertGreater(len(known), 500)
        for page in ("docs/kubernetes-practice.md", "docs/roadmap.md", "docs/reliability.md"):
            named = list(named_tests((ROOT / page).read_text()))
            self.assertGreater(len(named), 15, page)
            for name in named:
                with self.subTest(page=page, name=name):
                    self.assertTrue(name in known or is_file(name))

    def test_every_path_of_the_roadmap_is_written_whole(self):
        paths = re.findall(r"`(tests/[\w./*-]+)`", (ROOT / "docs/roadmap.md").read_text())
        self.assertGreater(len(paths), 50)
        for path in paths:
            with self.subTest(path=path):
                self.assertTrue(any(ROOT.glob(path)))

    def test_the_checker_notices(self):
        table = "| what | test |\n| --- | --- |\n| `x` | `Suite.Old` and `tests/nowhere` |\n"
        self.assertEqual(list(named_tests(table)), ["Suite.Old", "tests/nowhere"])
        self.assertFalse(is_file("tests/nowhere"))


def names_of_tests():
    """"Suite.Test", "Suite" and "Test" of each in C++ and Python."""
    known = set()
    for source in (ROOT / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"^(?:TYPED_)?TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)",
                                      source.read_text(), re.M):
            known |= {suite, name, f"{suite}.{name}"}
    for source in (ROOT / "tests").rglob("*.py"):
        known |= set(re.findall(r"^class (\w+)", source.read_text(), re.M))
    return known


def named_tests(text):
    """What is set as code in the last column of tables whose last heading is `test`; words in small
    letters are labels."""
    column = None
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            column = None
        elif column is None:
            column = len(cells) - 1 if cells[-1] == "test" else -1
        elif column > 0:
            yield from (name for name in re.findall(r"`([A-Za-z][\w./*-]+)`", cells[column])
                        if "/" in name or name[0].isupper())


def is_file(name):
    """In the repository or among the unit tests."""
    return any(any(top.glob(name)) for top in (ROOT, ROOT / "tests/unit"))


def paths(value, way):
    if isinstance(value, list):
        for part in value:
            yield from paths(part, way + "[]")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield f"{way}.{name}"
            if name not in ("matchLabels", "queries"):
                yield from paths(part, f"{way}.{name}")


if __name__ == "__main__":
    unittest.main()
