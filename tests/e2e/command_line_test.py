#!/usr/bin/env python3
"""Every command that looks at a cluster, as a person runs it: on a real control plane with the operator and
Prometheus, by its own name and as kubectl's plugin, also where something is wrong. Takes about half a
minute."""

import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / part) for part in ("cluster", "package")]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from control_plane import ControlPlane, run_tests  # noqa: E402
from processes import free_port, wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from shells import SHELLS  # noqa: E402
from world import OPERATOR, Exporter, Operator  # noqa: E402

OK, FAILED, USAGE, NOT_FOUND, UNREACHABLE = 0, 1, 2, 3, 5


class Audience:
    """4,000 viewers in each of two zones, for as long as anybody remembers."""

    def exposition(self, _):
        return "".join(f'player_sessions{{namespace="video",pool="live-edge",zone="{zone}"}} 4000\n'
                       for zone in "ab")

    @staticmethod
    def history(until, target):
        lines = ["# TYPE player_sessions gauge"]
        for zone in "ab":
            lines += [f'player_sessions{{job="edge",instance="{target}",namespace="video",'
                      f'pool="live-edge",zone="{zone}"}} 4000 {at}'
                      for at in range(int(until) - 3 * 86400, int(until) - 30, 60)]
        return "\n".join(lines) + "\n# EOF\n"


def deployment(zone):
    name = f"edge-{zone}"
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"terminationGracePeriodSeconds": 0,
                                           "containers": [{"name": "edge", "image": "edge"}]}}}}


def metric_source(url):
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "MetricSource", "metadata": {"name": "video"},
            "spec": {"url": url, "allowedNamespaces": ["video"], "intervalSeconds": 2,
                     "labels": {"failureDomain": "zone"},
                     "queries": {"viewers": "sum by (namespace, pool, zone) (player_sessions)"}}}


def edge_pool(name, mode):
    domains = [{"name": zone, "maxReplicas": 40,
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment",
                                   "name": f"edge-{zone}"}} for zone in "ab"]
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
            "metadata": {"name": name, "namespace": "video", "labels": {"service": "live"}},
            "spec": {"mode": mode, "failureDomains": domains, "demand": {"sourceRef": {"name": "video"}},
                     "capacity": {"viewers": 1000, "targetUtilizationPercent": 80},
                     "replicas": {"min": 2, "max": 60}}}


def utc(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def stream_event(name, start):
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "StreamEvent",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"start": utc(start), "durationMinutes": 115, "class": "football",
                     "pools": {"matchLabels": {"service": "live"}}, "expectedPeakViewers": 20000}}


class CommandLine(unittest.TestCase):
    """One story: each step needs what the one before has left."""

    def test_as_a_person_uses_it(self):
        with (ControlPlane(full=True, zones=("a", "b"), nodes_per_zone=1) as self.plane,
              Exporter(Audience()) as exporter,
              Prometheus([exporter.target], Audience.history(time.time(), exporter.target),
                         scrape_seconds=1) as self.prometheus):
            self.before_anything_is_installed()
            self.lay_out()
            self.before_an_operator_runs()
            with Operator(self.plane, "1s"):
                wait_for("a decision that all is Ready", self.in_order, 40)
                self.pools_at_a_glance()
                self.why_it_has_its_size()
                self.what_the_hours_ahead_will_need()
                self.a_pause_and_its_end()
                self.the_doctor_is_content_until_a_rival_comes()
                self.what_a_class_has_learned_is_carried_and_forgotten()
                self.a_calendar_is_imported_all_or_nothing()
                self.as_a_plugin_of_kubectl()
                self.completed_by_the_shells()
                self.watched_for_a_while()
            self.where_something_is_wrong()

    def edgetide(self, *words, code=OK, kubeconfig=None, program=OPERATOR):
        """What it printed for who asked; the error where it is to fail."""
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=60,
                              env={"KUBECONFIG": str(kubeconfig or self.plane.kubeconfig),
                                   "PATH": os.environ["PATH"]})
        line = " ".join(map(str, words))
        self.assertEqual(done.returncode, code, f"{line}: {done.stdout}{done.stderr}")
        for shown in done.stdout.splitlines():
            if words[0] in ("explain", "history", "pause", "resume") and "-o" not in words:
                self.assertLessEqual(len(shown), 80, line)
        return done.stderr if code in (USAGE, NOT_FOUND, UNREACHABLE) else done.stdout

    def json_of(self, *words, **more):
        return json.loads(self.edgetide(*words, "-o", "json", **more))

    def pool(self, name="live-edge"):
        return self.plane.get("-n", "video", "epool", name)

    def in_order(self):
        status = self.pool().get("status", {})
        return status.get("ready", 0) >= 20 and status["ready"] == status["desired"]

    def before_anything_is_installed(self):
        self.assertIn("edgetide crds --apply", self.edgetide("status", code=NOT_FOUND))
        report = self.edgetide("doctor", code=FAILED)
        self.assertIn("fail  definition edgepools: is not there", report)
        self.assertIn("fail  pools: there can be none before their definition is there", report)
        self.assertNotIn("404", report)
        self.assertIn("edgepools.edgetide.io is up to date", self.edgetide("crds", "--apply"))
        wait_for("the definitions to be served", lambda: self.plane.kubectl(
            "get", "epool,sev,evcal,evc,metricsources", "-A", check=False).returncode == 0, 20)
        self.assertIn("no EdgePools found", self.edgetide_err("status"))

    def edgetide_err(self, *words, code=OK):
        done = subprocess.run([OPERATOR, *words], capture_output=True, text=True, timeout=60,
                              env={"KUBECONFIG": str(self.plane.kubeconfig)})
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def lay_out(self):
        self.plane.kubectl("create", "namespace", "video")
        self.plane.apply(*[deployment(zone) for zone in "ab"], metric_source(self.prometheus.url),
                         edge_pool("live-edge", "Enforce"),
                         stream_event("final", time.time() + 3 * 3600),
                         {"apiVersion": "edgetide.io/v1alpha1", "kind": "EventClass",
                          "metadata": {"name": "football"}, "spec": {"priorPeakViewers": "20k"}})

    def before_an_operator_runs(self):
        self.assertIn("not decided upon yet", self.edgetide("status"))
        self.assertIn("is an operator running?",
                      self.edgetide("explain", "video/live-edge", code=NOT_FOUND))

    def pools_at_a_glance(self):
        table = self.edgetide("status")
        self.assertRegex(table, r"video/live-edge +Enforce +(\d+)/\1 ")
        self.assertEqual(self.edgetide("status", "-o", "name"), "video/live-edge\n")
        self.assertEqual(self.json_of("status", "-A")["items"][0]["viewers"], 8000)
        self.assertIn("video,live-edge,Enforce,", self.edgetide("status", "-o", "csv"))
        self.assertIn("Fresh", self.edgetide("status", "-n", "video", "-l", "service=live", "-o", "wide"))
        self.assertEqual(self.json_of("status", "-l", "service=vod")["items"], [])
        header, line = (shown.split() for shown in self.plane.kubectl(
            "-n", "video", "get", "epool", "-o", "wide").splitlines())
        self.assertEqual(header[-6:], ["AGE", "VIEWERS", "TARGET", "MIN", "MAX", "REASON"])
        self.assertEqual(line[-5:-1], ["8000", str(self.pool()["status"]["specified"]), "2", "60"])
        self.assertRegex(line[-1], "^[A-Z][A-Za-z]+$")

    def why_it_has_its_size(self):
        text = self.edgetide("explain", "live-edge", "-n", "video")
        for words in ("8,000, Fresh, from MetricSource video", "event final", "class football",
                      "a replica takes: 80 % of 1,000", "fullest of 2 failure domains"):
            self.assertIn(words, text)
        whole = self.json_of("explain", "video/live-edge")
        self.assertEqual(whole["desired"], self.pool()["status"]["desired"])
        self.assertIn("ScaleUp", self.edgetide("history", "video/live-edge"))
        self.assertEqual(self.json_of("history", "video/live-edge")["kind"], "DecisionHistory")

    def what_the_hours_ahead_will_need(self):
        self.assertIn("Decision ", self.edgetide("plan", "video/live-edge"))
        ahead = self.json_of("plan", "video/live-edge", "--ahead", "6h")["items"][0]
        needs = {step.get("event"): step["likely"]["replicas"] for step in ahead["steps"]}
        self.assertGreater(needs["video/final"], needs[None])
        self.assertEqual(len(self.json_of("plan", "live-edge", "-n", "video", "--at",
                                          utc(time.time() + 3600))["items"][0]["steps"]), 1)
        effect = self.json_of("events", "next")["items"][0]
        self.assertEqual((effect["event"], effect["class"]), ("video/final", "football"))
        self.assertGreater(effect["likely"]["replicas"], effect["without"]["replicas"])
        self.assertIn("live-edge", self.edgetide("events", "list"))

    def a_pause_and_its_end(self):
        def pause():
            return self.pool()["metadata"].get("annotations", {}).get("edgetide.io/paused-until")

        self.edgetide("pause", "video/live-edge", "--for", "10m", "--dry-run")
        self.assertIsNone(pause())
        refused = self.edgetide("pause", "video/live-edge", "--for", "10m", "--replicas", "3", code=USAGE)
        self.assertIn("--yes lowers it", refused)
        self.edgetide("pause", "video/live-edge", "--for", "10m", "--replicas", "61", code=USAGE)
        said = self.edgetide("pause", "video/live-edge", "--for", "10m", "--replicas", "30")
        self.assertIn(f"paused until {pause()} (", said)
        wait_for("the operator to follow", lambda: self.pool()["status"].get("desired") == 30, 10)
        self.assertRegex(self.edgetide("status"), r"(?m) (9|10)m$")
        self.assertIn(" 30 for ", self.edgetide("status", "-o", "wide"))
        self.assertIn("edgetide resume", self.edgetide("explain", "video/live-edge"))
        self.assertRegex(self.edgetide("history", "video/live-edge"), r"\b30 +yes +Paused\n")
        self.edgetide("resume", "video/live-edge")
        self.assertIsNone(pause())
        self.assertIn("is not paused", self.edgetide("resume", "video/live-edge"))
        wait_for("the end of the pause", lambda: "pausedUntil" not in self.pool()["status"], 10)

    def the_doctor_is_content_until_a_rival_comes(self):
        wait_for("the fleet to be Ready", lambda: self.pool()["status"].get("ready", 0) >= 20, 30)
        report = self.edgetide("doctor")
        for words in ("ok    API server: Kubernetes v", "ok    API server's clock: as ours",
                      "ok    definition edgepools: as this program has it", "ok    your rights",
                      "ok    source video: http://127.0.0.1:", "ok    source video, clock: as ours",
                      "ok    demand of video/live-edge: Fresh, ", "ok    rivals", ", 0 failed"):
            self.assertIn(words, report)
        rights = self.json_of("doctor", "--service-account", "edgetide/edgetide", code=FAILED)
        missing = [finding for finding in rights["findings"] if finding["state"] == "fail"]
        self.assertEqual([finding["subject"] for finding in missing], ["operator's rights"])
        self.assertIn("update deployments/scale.apps in video", missing[0]["text"])
        self.plane.kubectl("-n", "video", "autoscale", "deployment", "edge-a", "--max=60", "--min=1")
        self.assertIn("HorizontalPodAutoscaler edge-a scales Deployment edge-a too",
                      " ".join(self.edgetide("doctor", code=FAILED).split()))
        self.plane.kubectl("-n", "video", "delete", "hpa", "edge-a")

    def what_a_class_has_learned_is_carried_and_forgotten(self):
        exported = self.plane.directory / "classes.json"
        classes = self.json_of("classes", "export")
        classes["items"][0]["status"] = {"events": 3, "lastEvents": [
            {"name": "video/semi", "start": "2026-11-05T20:00:00Z", "viewers": 18000}]}
        exported.write_text(json.dumps(classes))
        self.edgetide("classes", "import", exported, "--dry-run")
        self.assertNotIn("status", self.plane.get("evc", "football"))
        self.assertIn("3 events; imported", self.edgetide("classes", "import", exported))
        self.assertRegex(self.edgetide("classes", "list"), r"football +- +3 +18,000 ")
        self.assertRegex(self.plane.kubectl("get", "evc", "-o", "wide"), r"football +3 +18000 ")
        self.assertIn("--yes replaces", self.edgetide("classes", "import", exported, code=USAGE))
        self.assertIn("--yes forgets", self.edgetide("classes", "reset", "football", code=USAGE))
        self.edgetide("classes", "reset", "football", "--yes")
        self.assertNotIn("lastEvents", self.plane.get("evc", "football").get("status", {}))
        self.edgetide("classes", "reset", "none", "--yes", code=NOT_FOUND)

    def a_calendar_is_imported_all_or_nothing(self):
        calendar = self.plane.directory / "season.csv"
        day = int(time.time()) // 86400 * 86400

        def announce(**days):
            lines = [f"{utc(day + after * 86400)},{utc(day + after * 86400 + 5400)},football,{name},20000"
                     for name, after in days.items()]
            calendar.write_text("\n".join(["start,end,class,name,expected_peak_viewers"] + lines))

        def imported(*words):
            document = self.json_of("events", "import", calendar, "--apply", "-n", "video",
                                    "--pools", "service=live", *words)
            return {item["name"]: item["result"] for item in document["items"]}

        def versions():
            listed = self.plane.get("-n", "video", "sev", "-l", "edgetide.io/imported-from=season.csv")
            return {item["metadata"]["name"]: item["metadata"]["resourceVersion"]
                    for item in listed["items"]}

        announce(derby=5, cup=6)
        self.assertEqual(imported("--dry-run"), {"derby": "created", "cup": "created"})
        self.assertEqual(versions(), {})
        self.assertEqual(imported(), {"derby": "created", "cup": "created"})
        before = versions()
        self.assertEqual(self.edgetide("events", "import", calendar, "--apply", "-n", "video",
                                       "--pools", "service=live"),
                         "streamevent.edgetide.io/derby unchanged\n"
                         "streamevent.edgetide.io/cup unchanged\n")
        self.assertEqual(versions(), before, "an import that changes nothing has written")
        self.assertIn("video/derby,", self.edgetide("events", "list", "-n", "video", "-o", "csv"))

        # What somebody else has changed keeps the whole import from being written.
        self.plane.kubectl("-n", "video", "patch", "sev", "cup", "--type=merge", "-p",
                           json.dumps({"spec": {"expectedPeakViewers": 30000}}))
        before = versions()
        announce(derby=7, cup=6, final=5)  # "final" stands there already, and is nobody's calendar's
        said = self.edgetide_err("events", "import", calendar, "--apply", "-n", "video", code=FAILED)
        for words in ("StreamEvent video/cup: ", "StreamEvent video/final: ", "conflict with \"kubectl",
                      "nothing was written"):
            self.assertIn(words, said)
        self.assertNotIn("video/derby", said, "a selector that is taken back is no mistake")
        self.assertEqual(versions(), before)
        self.plane.kubectl("-n", "video", "delete", "sev", "cup")

        announce(derby=7)
        self.assertEqual(imported(), {"derby": "configured"})
        announce(cup=6)
        self.assertEqual(imported(), {"cup": "created", "derby": "left"})
        self.assertEqual(imported("--prune", "--dry-run"), {"cup": "unchanged", "derby": "pruned"})
        self.assertEqual(imported("--prune"), {"cup": "unchanged", "derby": "pruned"})
        announce()
        self.edgetide("events", "import", calendar, "--apply", "-n", "video", "--prune", code=USAGE)
        self.assertEqual(list(versions()), ["cup"])
        self.plane.kubectl("-n", "video", "delete", "sev", "cup")
        announce(derby=5)
        self.assertIn("namespaces \"none\" not found", self.edgetide(
            "events", "import", calendar, "--apply", "-n", "none", code=NOT_FOUND))

    def as_a_plugin_of_kubectl(self):
        def kubectl(*words):
            done = subprocess.run([self.plane.programs / "kubectl", *words], capture_output=True,
                                  text=True, timeout=60,
                                  env={"KUBECONFIG": str(self.plane.kubeconfig),
                                       "HOME": str(self.plane.directory),
                                       "PATH": f"{OPERATOR.parent}:{os.environ['PATH']}"})
            self.assertEqual(done.returncode, OK, done.stderr)
            return done.stdout

        self.assertIn("video/live-edge", kubectl("edgetide", "status", "-n", "video"))
        self.assertIn("Usage: kubectl edgetide status", kubectl("edgetide", "status", "--help"))
        self.assertIn("status\tall pools at a glance", kubectl("__complete", "edgetide", "stat"))

    def completed_by_the_shells(self):
        def completed(*words):
            """How the last of the words can go on."""
            script = ("source <(edgetide completion bash); COMP_WORDS=(edgetide \"$@\"); "
                      "COMP_CWORD=$#; _edgetide; echo \"${COMPREPLY[@]}\"")
            done = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True,
                                  text=True, timeout=20,
                                  env={"KUBECONFIG": str(self.plane.kubeconfig),
                                       "PATH": f"{OPERATOR.parent}:{os.environ['PATH']}"})
            self.assertEqual(done.stderr, "")
            return done.stdout.strip()

        self.assertEqual(completed("status", "-o", "w"), "wide")
        self.assertEqual(completed("backtest", "--policy", "=", "edgetide,clair"), "edgetide,clairvoyant")
        self.assertEqual(completed("reasons", "MaximumR"), "MaximumReached")
        self.assertEqual(completed("explain", "vid"), "video/live-edge")
        self.assertEqual(completed("pause", "-n", "video", "l"), "live-edge")
        self.assertEqual(completed("status", "-n", ""), "video")
        self.assertEqual(completed("classes", "reset", ""), "football")
        for shell, asked in SHELLS.items():
            with self.subTest(shell):
                self.assertEqual(asked(["explain", "vid"], {
                    "KUBECONFIG": str(self.plane.kubeconfig),
                    "PATH": f"{OPERATOR.parent}:{os.environ['PATH']}"}), ["video/live-edge"])
        started = time.monotonic()
        away = self.plane.write_kubeconfig(self.plane.directory / "silent", "a-token-that-nobody-has")
        self.assertEqual(completed("explain", "--kubeconfig", str(away), "nobody/"), "")
        self.assertLess(time.monotonic() - started, 3)

    def watched_for_a_while(self):
        shown = self.plane.directory / "watched"
        with shown.open("w") as out, subprocess.Popen(
                [OPERATOR, "status", "--watch", f"--kubeconfig={self.plane.kubeconfig}"],
                stdout=out) as watching:
            try:
                wait_for("the second look", lambda: shown.read_text().count("POOL ") >= 2, 10)
                self.assertIsNone(watching.poll())
            finally:
                watching.terminate()
        self.assertNotIn("\033", shown.read_text(), "a file is no terminal")
        self.assertRegex(shown.read_text(), r"(?m)^Every 2s: 20\d\d-\S+Z\n\nPOOL ")
        self.assertIn("\033[H\033[2JEvery 2s: ", self.on_a_terminal_without_a_size(
            "status", "--watch", f"--kubeconfig={self.plane.kubeconfig}"))

    def on_a_terminal_without_a_size(self, *words):
        """Its first 64 bytes and more, as of a terminal that says it has no columns."""
        ours, theirs = os.openpty()
        with subprocess.Popen([OPERATOR, *words], stdout=theirs,
                              env=os.environ | {"TERM": "xterm"}) as shown:
            try:
                said = b""
                while len(said) < 64:
                    said += os.read(ours, 4096)
            finally:
                shown.terminate()
        os.close(ours)
        os.close(theirs)
        return said.decode()

    def where_something_is_wrong(self):
        for command in (["status"], ["explain"], ["history"], ["pause", "--for", "1h"], ["resume"]):
            said = self.edgetide(*command, "video/none", code=NOT_FOUND)
            self.assertIn("EdgePool video/none: no such pool", said)
        self.assertIn("EdgePool default/live-edge: no such pool; did you mean video/live-edge?",
                      " ".join(self.edgetide("plan", "live-edge", code=NOT_FOUND).split()))
        self.assertIn("did you mean status?", self.edgetide("statsu", code=USAGE))
        self.assertIn("--output: 'xml' is not one of", self.edgetide("status", "-o", "xml", code=USAGE))
        self.assertIn("/none", self.edgetide("status", "--kubeconfig", "/none", code=NOT_FOUND))

        directory = self.plane.directory
        nobody = self.plane.write_kubeconfig(directory / "nobody", "nobody-token")
        for command in (["status"], ["explain", "video/live-edge"],
                        ["pause", "video/live-edge", "--for", "1h"]):
            said = self.edgetide(*command, kubeconfig=nobody, code=UNREACHABLE)
            self.assertIn('User "nobody" cannot', said)
        self.assertIn("warn  your rights: missing: list edgepools.edgetide.io",
                      self.edgetide("doctor", kubeconfig=nobody, code=FAILED))
        self.assertIn('User "ada" cannot', self.edgetide("status", "--as", "ada", code=UNREACHABLE))
        self.assertIn("video/live-edge",
                      self.edgetide("status", "--as", "ada", "--as-group", "system:masters"))
        stranger = self.plane.write_kubeconfig(directory / "stranger", "a-token-that-nobody-has")
        self.edgetide("status", kubeconfig=stranger, code=UNREACHABLE)
        away = directory / "away"
        away.write_text(self.plane.kubeconfig.read_text().replace(
            self.plane.url, f"https://127.0.0.1:{free_port()}"))
        self.edgetide("status", kubeconfig=away, code=UNREACHABLE)


if __name__ == "__main__":
    run_tests()
