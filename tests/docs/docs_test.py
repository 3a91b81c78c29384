#!/usr/bin/python3
"""Holds the pages of docs/ against the code and against each other."""

import pathlib
import re
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")),
         *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"))]
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
