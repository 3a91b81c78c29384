#!/usr/bin/python3
"""The alerts, by promtool: what alerts.test.yaml says of them, that it says enough, and that each has a page
that helps whoever it wakes. And that they and the dashboard ask for what there is."""

import copy
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from rendering import dashboard_queries  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = (ROOT / "tests/chart/alerts.test.yaml").read_text()
TEXT = (ROOT / "charts/edgetide/files/alerts.yaml").read_text()
RULES = [rule for group in yaml.safe_load(TEXT)["groups"] for rule in group["rules"]]


def promtool(rules, tests=CASES):
    """Exit code and words of `promtool test rules` of these tests over these rules."""
    with tempfile.TemporaryDirectory() as folder:
        alerts = pathlib.Path(folder) / "alerts.yaml"
        alerts.write_text(rules)
        cases = pathlib.Path(folder) / "cases.yaml"
        cases.write_text(tests.replace("ALERTS", str(alerts)))
        done = subprocess.run(["promtool", "test", "rules", cases], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


def failing(change):
    """The alerts of which a case fails when every rule has been changed so."""
    changed = copy.deepcopy(yaml.safe_load(TEXT))
    for group in changed["groups"]:
        for rule in group["rules"]:
            change(rule)
    return set(re.findall(r"alertname: *(\w+)", promtool(yaml.safe_dump(changed))[1]))


def expanded(values):
    """promtool's "1x2 0+5x2 _x2 stale" as its samples, one a word."""
    samples = []
    for word in values.split():
        run = re.fullmatch(r"(_|[0-9.]+)(\+[0-9.]+)?x([0-9]+)", word)
        if not run:
            samples.append(word)
        elif run[1] == "_":
            samples += ["_"] * int(run[3])
        else:
            first, more = float(run[1]), float(run[2] or 0)
            samples += [f"{first + more * i:g}" for i in range(int(run[3]) + 1)]
    return samples


def seconds(text):
    return sum(int(number) * {"s": 1, "m": 60, "h": 3600}[unit]
               for number, unit in re.findall(r"([0-9]+)([smh])", text))


def asks(expression):
    def change(rule):
        rule["expr"] = expression
        rule.pop("for", None)
    return change


def listed_metrics():
    """The labels of each metric of the reference, under every name that Prometheus has for it."""
    listed = {"ALERTS": {"alertname", "alertstate", "severity", "namespace", "pool"}}
    for name, kind, labels in re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|",
                                         (ROOT / "docs/reference/metrics.md").read_text(), re.M):
        labels = set(re.findall(r"\w+", labels))
        if kind == "histogram":
            listed |= {f"{name}_bucket": labels | {"le"}, f"{name}_sum": labels, f"{name}_count": labels}
        else:
            listed[name] = labels
    return listed


def unknown_in(expression):
    """Metrics and labels that it names and that the operator does not tell."""
    listed = listed_metrics()
    asked = set(re.findall(r"\b(?:edgetide_|process_)\w+|\bALERTS\b", expression))
    labels = set(re.findall(r"(\w+) *(?:=~|!=|!~|=)\s*\"", expression))
    for names in re.findall(r"\b(?:by|on|ignoring|without|group_left)\s*\(([^)]*)\)", expression):
        labels |= set(re.findall(r"\w+", names))
    has = set().union(*(listed.get(name, set()) for name in asked))
    has.add("instance")  # by Prometheus
    return (asked - set(listed)) | (labels - has) | (set() if asked else {expression})


class Dashboard(unittest.TestCase):
    def test_it_asks_for_what_there_is(self):
        queries = list(dashboard_queries())
        self.assertGreater(len(queries), 50)
        for query in queries:
            with self.subTest(query["expr"]):
                asked = query["expr"].replace("POOL", 'namespace="a", pool="b"')
                self.assertEqual(unknown_in(asked), set())
                kept = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", asked))))
                self.assertLessEqual(set(re.findall(r"{{(\w+)}}", query.get("legend", ""))), kept)

    def test_what_there_is_not_is_found(self):
        self.assertEqual(unknown_in('max by (pool) (edgetide_leadr{verb="x"})'),
                         {"edgetide_leadr", "verb", "pool"})
        self.assertEqual(unknown_in("sum(up)"), {"sum(up)"})


class Alerts(unittest.TestCase):
    def test_promtool_agrees(self):
        code, words = promtool(TEXT)
        self.assertEqual(code, 0, words)

    def test_each_is_seen_firing_and_at_rest_and_before_its_time(self):
        alerts = {rule["alert"] for rule in RULES}
        self.assertEqual(alerts - failing(asks("vector(0) > 1")), set(), "never seen firing")
        self.assertEqual(alerts - failing(asks("vector(1)")), set(), "never seen at rest")
        waiting = {rule["alert"] for rule in RULES if "for" in rule}
        hasty = failing(lambda rule: rule.pop("for", None))
        self.assertEqual(waiting - hasty, set(), "never seen before its time")

    def test_none_fires_without_its_series_and_none_outlives_them(self):
        alerts = {rule["alert"] for rule in RULES} - {"EdgetideOperatorAbsent"}
        longest = 900  # seconds that a rule looks back
        tests = [{"name": "no series", "interval": "30s", "input_series": [],
                  "alert_rule_test": [{"eval_time": "26h", "alertname": alert, "exp_alerts": []}
                                      for alert in alerts]}]
        seen = set()
        for group in yaml.safe_load(CASES)["tests"]:
            for case in group["alert_rule_test"]:
                if not case["exp_alerts"] or case["alertname"] not in alerts:
                    continue
                seen.add(case["alertname"])
                fires = seconds(case["eval_time"])
                known = fires // seconds(group["interval"]) + 1
                series = [one | {"values": " ".join(expanded(one["values"])[:known] + ["stale"])}
                          for one in group["input_series"]]
                after = {"eval_time": f"{fires + seconds(group['interval']) + longest}s",
                         "alertname": case["alertname"], "exp_alerts": []}
                tests.append({"name": f"{case['alertname']} goes stale", "input_series": series,
                              "interval": group["interval"], "alert_rule_test": [case, after]})
        self.assertEqual(seen, alerts)
        code, words = promtool(TEXT, yaml.safe_dump(
            {"rule_files": ["ALERTS"], "evaluation_interval": "30s", "tests": tests}))
        self.assertEqual(code, 0, words)

    def test_they_ask_for_metrics_that_there_are(self):
        for rule in RULES:
            self.assertEqual(unknown_in(rule["expr"]), set(), rule["alert"])

    def test_each_says_what_matters(self):
        for rule in RULES:
            with self.subTest(rule["alert"]):
                self.assertRegex(rule["alert"], r"^Edgetide[A-Z]\w+$")
                self.assertIn(rule["labels"]["severity"], ("critical", "warning", "info"))
                self.assertEqual(set(rule["annotations"]), {"summary", "description", "runbook_url"})
                self.assertNotIn("{{", rule["annotations"]["summary"])

    def test_each_has_a_page_that_helps(self):
        pages = {path.stem for path in (ROOT / "docs/runbooks").glob("Edgetide*.md")}
        self.assertEqual(pages, {rule["alert"] for rule in RULES})
        for rule in RULES:
            page = rule["annotations"]["runbook_url"]
            self.assertEqual(page, f"docs/runbooks/{rule['alert']}.md")
            headings = re.findall(r"^## (.+)$", (ROOT / page).read_text(), re.M)
            self.assertEqual(headings, ["Meaning", "Impact", "Diagnosis", "What helps"], page)
        index = (ROOT / "docs/runbooks/README.md").read_text()
        for rule in RULES:
            self.assertIn(f"[{rule['alert']}]({rule['alert']}.md) | {rule['labels']['severity']} |",
                          index)


if __name__ == "__main__":
    if not shutil.which("promtool"):
        sys.exit("promtool is missing: install the package prometheus")
    unittest.main(verbosity=2)
