#!/usr/bin/env python3
"""A real API server takes our schemas, and draws the line where the cases of this folder say."""

import copy
import json
import pathlib
import ssl
import sys
import unittest
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests/cluster"))

from control_plane import ADMIN_TOKEN, ControlPlane, run_tests  # noqa: E402
from processes import wait_for  # noqa: E402

KINDS = ("edgepools", "streamevents", "eventclasses", "eventcalendars", "metricsources")
CLUSTER_SCOPED = ("eventclasses", "metricsources")
API = "/apis/edgetide.io/v1alpha1"


def steps(pointer):
    return [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]


def changed(full, case):
    """The object that a case means."""
    result = copy.deepcopy(full)
    for pointer, value in case.get("set", {}).items():
        *way, last = steps(pointer)
        place = result
        for step in way:
            place = place[step]
        place[last] = value
    for pointer in case.get("remove", []):
        *way, last = steps(pointer)
        place = result
        for step in way:
            place = place[step]
        del place[last]
    return result


class Crds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = cls.enterClassContext(ControlPlane())
        cls.plane.kubectl("apply", "-f", str(ROOT / "manifests/crds"))
        for kind in KINDS:
            cls.plane.kubectl("wait", "--for=condition=Established", "--timeout=30s",
                              f"crd/{kind}.edgetide.io")
        wait_for("the new paths", lambda: all(
            cls.send("GET", cls.collection(kind))[0] == 200 for kind in KINDS), 30)

    @classmethod
    def send(cls, method, path, body=None, content_type="application/json"):
        """Status code and decoded answer."""
        request = urllib.request.Request(
            cls.plane.url + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": content_type})
        context = ssl.create_default_context(cadata=cls.plane.ca)
        try:
            with urllib.request.urlopen(request, context=context, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    @staticmethod
    def collection(kind):
        scope = "" if kind in CLUSTER_SCOPED else "/namespaces/default"
        return f"{API}{scope}/{kind}"

    def create(self, kind, body):
        return self.send("POST", f"{self.collection(kind)}?dryRun=All&fieldValidation=Strict", body)

    def test_every_case_is_judged_as_the_codecs_judge_it(self):
        for kind in KINDS:
            cases = json.loads((HERE / f"{kind}.json").read_text())
            for case in cases["cases"]:
                with self.subTest(kind=kind, case=case["name"]):
                    status, answer = self.create(kind, changed(cases["full"], case))
                    if "problem" in case:
                        self.assertIn(status, (400, 422), answer)
                    else:
                        self.assertEqual(status, 201, answer.get("message"))

    def test_an_object_with_what_is_required_alone_is_taken(self):
        for kind in KINDS:
            status, answer = self.create(kind, json.loads(
                (HERE / f"{kind}.json").read_text())["minimal"])
            self.assertEqual(status, 201, answer.get("message"))

    def test_defaults_are_those_the_codecs_are_held_to(self):
        for kind in KINDS:
            minimal = json.loads((HERE / f"{kind}.json").read_text())["minimal"]
            _, answer = self.create(kind, minimal)
            expected = json.loads((HERE / "defaulted.json").read_text())[kind]
            self.assertEqual(answer["spec"], expected)

    def test_a_status_comes_back_as_it_was_written(self):
        written = json.loads((HERE / "status.json").read_text())
        written["status"]["conditions"].append(
            {"type": "ScalingLimited", "status": "True", "reason": "AtMaximum", "message": "140",
             "lastTransitionTime": "2026-12-05T19:20:00Z", "observedGeneration": 7})
        pool = json.loads((HERE / "edgepools.json").read_text())["full"]
        pool["metadata"] |= written["metadata"]
        self.send("POST", self.collection("edgepools"), pool)
        path = f"{self.collection('edgepools')}/{written['metadata']['name']}"
        status, answer = self.send(
            "PATCH", f"{path}/status?fieldManager=edgetide&force=true&fieldValidation=Strict",
            written, "application/apply-patch+yaml")
        self.assertEqual(status, 200, answer.get("message"))
        self.assertEqual(answer["status"], written["status"])
        shown = self.plane.kubectl("get", "epool", written["metadata"]["name"]).splitlines()
        self.assertEqual(shown[0].split(), ["NAME", "MODE", "READY", "DESIRED", "PEAK", "AT",
                                            "BASIS", "REDUNDANCY", "SHORTFALL", "PAUSED", "AGE"])
        self.assertEqual(shown[1].split()[1:-1],
                         ["Enforce", "40", "52", "98001", "2026-12-05T20:10:00Z",
                          "Event/video/final", "False", "4", "2026-12-05T22:00:00Z"])
        wide = self.plane.kubectl("get", "epool", written["metadata"]["name"], "-o", "wide").splitlines()
        self.assertEqual(wide[0].split()[-5:], ["VIEWERS", "TARGET", "MIN", "MAX", "REASON"])
        self.assertEqual(wide[1].split()[-5:], ["61201", "42", "6", "140", "AtMaximum"])
        self.send("DELETE", path)

    def test_what_an_event_and_a_source_say_is_shown(self):
        for kind, columns, values in (
                ("streamevents", ["START", "ZONE", "MINUTES", "CLASS", "PEAK", "FLOOR"],
                 ["2026-12-05T20:00:00", "Europe/London", "115", "football-knockout", "250000", "40"]),
                ("metricsources", ["URL", "INTERVAL", "NAMESPACES"],
                 ["https://prometheus.monitoring:9090/prefix", "30", '["video","live"]'])):
            full = json.loads((HERE / f"{kind}.json").read_text())["full"]
            full["metadata"]["name"] = "shown"
            status, answer = self.send("POST", self.collection(kind), full)
            self.assertEqual(status, 201, answer.get("message"))
            shown = self.plane.kubectl("get", kind, "shown").splitlines()
            self.assertEqual(shown[0].split(), ["NAME", *columns, "AGE"])
            self.assertEqual(shown[1].split()[:-1], ["shown", *values])
            self.send("DELETE", f"{self.collection(kind)}/shown")

    def test_what_a_class_has_learned_comes_back_and_can_be_carried_on(self):
        spec = json.loads((HERE / "eventclasses.json").read_text())["full"]
        learned = json.loads((HERE / "eventclass_status.json").read_text())
        name = learned["metadata"]["name"]
        spec["metadata"]["name"] = name
        path = f"{self.collection('eventclasses')}/{name}"
        self.send("POST", self.collection("eventclasses"), spec)
        status, answer = self.send(
            "PATCH", f"{path}/status?fieldManager=edgetide&force=true&fieldValidation=Strict",
            learned, "application/apply-patch+yaml")
        self.assertEqual(status, 200, answer.get("message"))
        self.assertEqual(answer["status"], learned["status"])
        shown = self.plane.kubectl("get", "evc", name, "-o", "wide").splitlines()
        self.assertEqual(shown[0].split(), ["NAME", "FAMILY", "EVENTS", "TYPICAL", "LAST", "PRIOR",
                                            "SPREAD", "DEVIATION", "AGE"])
        self.assertEqual(shown[1].split()[:-1],
                         [name, "football", "15", "20000", "2026-12-05T20:00:00Z", "250k", "1.5",
                          "0.6931"])
        # To another cluster, or here after a reset: the object, then its status.
        saved = self.plane.kubectl("get", "evc", name, "-o", "json")
        self.plane.kubectl("delete", "evc", name)
        fresh = json.loads(saved)
        fresh["metadata"] = {"name": name}
        self.plane.kubectl("create", "-f", "-", stdin=json.dumps(fresh))
        self.assertNotIn("status", json.loads(self.plane.kubectl("get", "evc", name, "-o", "json")))
        self.plane.kubectl("replace", "--subresource=status", "-f", "-", stdin=json.dumps(fresh))
        again = json.loads(self.plane.kubectl("get", "evc", name, "-o", "json"))
        self.assertEqual(again["status"], learned["status"])
        self.send("DELETE", path)

    def test_what_a_calendar_announces_is_shown(self):
        calendar = json.loads((HERE / "eventcalendars.json").read_text())["full"]
        written = json.loads((HERE / "eventcalendar_status.json").read_text())
        calendar["metadata"] = written["metadata"]
        self.send("POST", self.collection("eventcalendars"), calendar)
        path = f"{self.collection('eventcalendars')}/{written['metadata']['name']}"
        status, answer = self.send(
            "PATCH", f"{path}/status?fieldManager=edgetide&force=true&fieldValidation=Strict",
            written, "application/apply-patch+yaml")
        self.assertEqual(status, 200, answer.get("message"))
        self.assertEqual(answer["status"], written["status"])
        shown = self.plane.kubectl("get", "evcal", "read").splitlines()
        self.assertEqual(shown[0].split(), ["NAME", "READY", "EVENTS", "NEXT", "NAME", "AGE"])
        self.assertEqual(shown[1].split()[1:4], ["True", "2", "2026-12-05T20:00:00Z"])
        self.send("DELETE", path)

    def test_a_status_of_an_earlier_leader_is_refused(self):
        pool = json.loads((HERE / "edgepools.json").read_text())["full"]
        pool["metadata"] |= {"name": "led", "namespace": "default"}
        self.send("POST", self.collection("edgepools"), pool)
        path = f"{self.collection('edgepools')}/led"
        for epoch, accepted in ((None, True), (4, True), (4, True), (3, False), (None, False),
                                (5, True)):
            status = {"summary": f"by {epoch}"} | ({"leaderEpoch": epoch} if epoch else {})
            code, answer = self.send(
                "PATCH", f"{path}/status?fieldManager=edgetide&force=true",
                {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
                 "metadata": {"name": "led", "namespace": "default"}, "status": status},
                "application/apply-patch+yaml")
            with self.subTest(epoch=epoch):
                self.assertEqual(code, 200 if accepted else 422, answer.get("message"))
                if not accepted:
                    self.assertIn("later epoch", answer["message"])
        self.send("DELETE", path)

    def test_every_field_explains_itself(self):
        for kind in KINDS:
            shown = self.plane.kubectl("explain", "--recursive", f"{kind}.spec")
            self.assertNotIn("<no description>", shown)

    def test_examples_and_manifests_are_taken(self):
        self.plane.kubectl("apply", "-f", str(ROOT / "manifests/install.yaml"))
        self.plane.kubectl("apply", "-f", str(ROOT / "examples/live-edge"))
        self.plane.kubectl("apply", "-f", str(ROOT / "examples/tiers"))
        self.plane.kubectl("delete", "-f", str(ROOT / "examples/live-edge/30-edge-pool.yaml"))
        self.plane.kubectl("apply", "-f", str(ROOT / "examples/spread"))


if __name__ == "__main__":
    run_tests()
