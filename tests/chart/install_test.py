#!/usr/bin/python3
"""A season, as its owner lives it with Helm on a real control plane: install, look, enforce by an upgrade
that also renews the definitions, roll back, uninstall. The operator runs as the chart's own service
account, and the API server's audit log says what it asked for. That server streams no lists, so that every
right to list is asked for. Takes about half a minute."""

import copy
import http.client
import itertools
import json
import pathlib
import ssl
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request

import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cluster"), str(HERE.parent / "e2e")]

from control_plane import ADMIN_TOKEN, ControlPlane, run_tests  # noqa: E402
from pod_runner import PodRunner  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from rendering import CHART, dashboard_queries, helm, one_of_kind, operator_rules, render  # noqa: E402
from world import OPERATOR, Exporter, operator_of_the_chart  # noqa: E402

ACCOUNT = "system:serviceaccount:edgetide:edgetide"
CRD = "crd/edgepools.edgetide.io"
DESCRIPTION = "{.spec.versions[0].schema.openAPIV3Schema.description}"
SEMI_FINAL = int(time.time()) // 60 * 60 - 6 * 3600  # it has ended, and its class learns from it


class Audience:
    """As many viewers in each zone, until told otherwise."""

    viewers = 9000
    zones = "ab"

    def exposition(self, _):
        return "".join(f'player_sessions{{namespace="video",pool="live-edge",zone="{zone}"}} '
                       f"{self.viewers}\n" for zone in self.zones)

    def history(self, target, until, event):
        """Half a day of the same, but for an event of an hour, which half as many came for as well."""
        lines = ["# TYPE player_sessions gauge"]
        for zone in self.zones:
            lines += [f'player_sessions{{job="edge",instance="{target}",namespace="video",'
                      f'pool="live-edge",zone="{zone}"}} '
                      f"{self.viewers * (1.5 if 0 <= at - event < 3600 else 1)} {at}"
                      for at in range(int(until) - 43200, int(until) - 30, 60)]
        return "\n".join(lines) + "\n# EOF\n"


class Restless(threading.Thread):
    """Somebody who writes to these objects all the time, so that nobody else's version is the newest."""

    def __init__(self, plane, *paths):
        super().__init__()
        self.plane, self.paths, self.ended = plane, paths, threading.Event()
        self.answers = set()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()

    def run(self):
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.plane.port, timeout=30,
            context=ssl.create_default_context(cadata=self.plane.ca))
        for count in itertools.takewhile(lambda _: not self.ended.wait(0.002), itertools.count()):
            connection.request(
                "PATCH", self.paths[count % len(self.paths)],
                json.dumps({"metadata": {"annotations": {"example.com/count": str(count)}}}),
                {"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": "application/merge-patch+json"})
            answer = connection.getresponse()
            self.answers.add(answer.status)
            answer.read()
        connection.close()


def target(kind, name):
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"terminationGracePeriodSeconds": 0,
                                           "containers": [{"name": "edge", "image": "edge"}]}}}}


def autoscaler(name):
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment",
                                        "name": name}, "minReplicas": 2, "maxReplicas": 100}}


def status_of(url, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers),
                                      timeout=10).status
    except urllib.error.HTTPError as refused:
        return refused.code


def asked_for(event):
    """Verb, group and resource of an audit event; nothing for what is no resource."""
    of = event.get("objectRef")
    if not of or "resource" not in of:
        return None
    resource = of["resource"] + (f"/{of['subresource']}" if "subresource" in of else "")
    return event["verb"], of.get("apiGroup", ""), resource


CALENDAR = """\
BEGIN:VCALENDAR
BEGIN:VEVENT
UID:derby
SUMMARY:Derby
DTSTART;TZID=Europe/London:20260101T200000
DURATION:PT2H
RRULE:FREQ=WEEKLY
END:VEVENT
END:VCALENDAR
"""


def granted(values):
    return {(verb, group, resource) for _, rule in operator_rules(render(values))
            for verb in rule["verbs"] for group in rule["apiGroups"]
            for resource in rule["resources"]}


class Season(unittest.TestCase):
    """One story: each step needs what the one before has left."""

    def test_in_one_namespace_its_rights_suffice_and_are_used(self):
        audience = Audience()
        audience.zones = "abc"
        with (ControlPlane(audited_users=[ACCOUNT], streamed_lists=False) as self.plane,
              Exporter(audience) as exporter,
              Prometheus([exporter.target], audience.history(exporter.target, time.time(), SEMI_FINAL),
                         scrape_seconds=1) as prometheus):
            self.values = self.season(prometheus) | {
                "watchNamespaces": ["video"],
                "rbac": {"autoscalers": [{"apiGroup": "autoscaling",
                                          "resource": "horizontalpodautoscalers"}]},
                "metrics": {"auth": "token",
                            "readers": [{"namespace": "video", "name": "scraper"}]}}
            pool = self.values["edgePools"][0]["spec"]
            pool["mode"] = "Enforce"
            pool["failureDomains"].append({"name": "c", "scaleTargetRef": {
                "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
                "name": "edge-c"}})
            self.lay_out()
            self.plane.apply(target("Deployment", "edge-c"), autoscaler("edge-c"))
            self.helm("install", "edgetide", CHART, values=self.values)
            with operator_of_the_chart(self.plane) as operator:
                wait_for("the fleet to grow", lambda: min(self.replicas().values()) > 4, 30)
                wait_for("the autoscaler's minimum to grow", lambda: self.plane.get(
                    "-n", "video", "hpa", "edge-c")["spec"]["minReplicas"] > 4, 30)
                self.metrics_are_for_their_readers(operator)
                self.others_write_to_the_targets_too(audience)
                self.every_right_was_used_and_none_was_missing()
                self.the_doctor_misses_no_right("--namespace=video", room="warn")

    def test_from_install_to_uninstall(self):
        self.audience = Audience()
        with (ControlPlane(full=True, zones=("a", "b"), nodes_per_zone=1,
                           audited_users=[ACCOUNT], streamed_lists=False) as self.plane,
              Exporter(self.audience) as exporter,
              Prometheus([exporter.target],
                         self.audience.history(exporter.target, time.time(), SEMI_FINAL),
                         scrape_seconds=1, rules=CHART / "files/alerts.yaml") as self.prometheus,
              PodRunner(self.plane, "edgetide", OPERATOR) as runner):
            self.ran = runner.ran
            self.values = self.season(self.prometheus) | {"nodeRoom": {"enabled": True}}
            self.lay_out()
            self.it_installs_under_the_restricted_level()
            with operator_of_the_chart(self.plane) as operator:
                self.prometheus.also_scrape(operator.url.removeprefix("http://"))
                self.the_preloaded_pool_is_a_dry_run()
                self.an_upgrade_enforces_and_renews_the_definitions()
                self.helm_test_passes()
                self.others_write_to_the_targets_too(self.audience)
                self.every_right_was_used_and_none_was_missing()
                self.the_doctor_misses_no_right(room="ok")
                self.room_on_the_nodes_is_known()
                self.the_dashboard_shows_something()
                self.trouble_is_on_its_way_to_an_alert()
                self.a_rollback_is_a_dry_run_again()
            self.an_uninstall_leaves_the_fleet()

    ran = ()  # what the pod runner has run

    @staticmethod
    def season(prometheus):
        values = yaml.safe_load((HERE / "values.yaml").read_text())
        values["metricSources"][0]["spec"]["url"] = prometheus.url
        past = copy.deepcopy(values["streamEvents"][0])
        past["name"] = "semi-final"
        past["spec"] |= {"start": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(SEMI_FINAL)),
                         "durationMinutes": 60}
        values["streamEvents"].append(past)
        return values

    def lay_out(self):
        self.plane.apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {
                "name": "edgetide", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "video"}},
            {"apiVersion": "v1", "kind": "Secret", "stringData": {"token": "a-token"},
             "metadata": {"name": "prometheus-token", "namespace": "edgetide"}},
            {"apiVersion": "v1", "kind": "ConfigMap", "data": {"season.ics": CALENDAR},
             "metadata": {"name": "season", "namespace": "video"}},
            target("Deployment", "edge-a"), target("StatefulSet", "edge-b"))

    def helm(self, *arguments, values=None):
        started = time.monotonic()
        done = helm(*arguments, "--kubeconfig", self.plane.kubeconfig, "--namespace", "edgetide",
                    "--timeout", "60s", values=values)
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}{self.ran}")
        print(f"helm {arguments[0]}: {time.monotonic() - started:.1f} s", flush=True)
        return done.stdout

    def it_installs_under_the_restricted_level(self):
        notes = self.helm("install", "edgetide", CHART, "--wait", values=self.values)
        self.assertIn("helm -n edgetide test edgetide", notes)
        status = self.plane.get("-n", "edgetide", "deployment", "edgetide")["status"]
        self.assertEqual(status["readyReplicas"], 2)
        # The level is really enforced: the same pod without its promises is not let in.
        lax = one_of_kind(render(self.values), "Deployment")["spec"]["template"]
        lax["metadata"]["name"] = "lax"
        del lax["spec"]["containers"][0]["securityContext"]
        refused = self.plane.kubectl("-n", "edgetide", "create", "-f", "-", check=False,
                                     stdin=json.dumps({"apiVersion": "v1", "kind": "Pod"} | lax))
        self.assertIn('violates PodSecurity "restricted', refused.stderr)

    def pool(self):
        return self.plane.get("-n", "video", "epool", "live-edge")

    def calendar(self):
        return self.plane.get("-n", "video", "evcal", "season")

    def replicas(self):
        return {name: self.plane.get("-n", "video", kind, name)["spec"]["replicas"]
                for kind, name in (("deployment", "edge-a"), ("statefulset", "edge-b"))}

    def the_preloaded_pool_is_a_dry_run(self):
        wait_for("a decision", lambda: self.pool().get("status", {}).get("desired", 0) > 4, 30)
        self.assertEqual(self.pool()["spec"]["mode"], "DryRun")
        self.assertEqual(self.replicas(), {"edge-a": 2, "edge-b": 2})
        wait_for("the calendar's status", lambda: "status" in self.calendar(), 15)
        season = self.calendar()
        self.assertIn(season["status"]["events"], (4, 5))
        self.assertTrue(season["status"]["next"][0]["name"].startswith("Derby@"))
        event = self.plane.get("-n", "video", "sev", "cup-final")
        self.assertEqual(event["spec"]["start"], "2026-12-05T20:00:00")

    def an_upgrade_enforces_and_renews_the_definitions(self):
        # As an earlier release has left it.
        self.plane.kubectl("patch", CRD, "--type=json", "-p", json.dumps([
            {"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema/description",
             "value": "Older."}]))
        self.enforcing = copy.deepcopy(self.values)
        self.enforcing["edgePools"][0]["spec"]["mode"] = "Enforce"
        notes = self.helm("upgrade", "edgetide", CHART, values=self.enforcing)
        self.assertIn("video/live-edge is to be enforced", notes)
        self.assertIn("A fleet of interchangeable edge servers",
                      self.plane.kubectl("get", CRD, "-o", f"jsonpath={DESCRIPTION}"))
        left = self.plane.kubectl("get", "clusterroles,clusterrolebindings", "-o", "name")
        self.assertNotIn("edgetide-crds", left, "the hook's rights have stayed")
        wait_for("the fleet to grow", lambda: min(self.replicas().values()) > 4, 30)

    def helm_test_passes(self):
        self.assertIn("Succeeded", self.helm("test", "edgetide"))
        name, code, output = self.ran[-1]
        self.assertEqual((name, code), ("edgetide-test", 0), output)
        self.assertIn("video/live-edge", output)

    def others_write_to_the_targets_too(self, audience):
        """While the fleet grows, so that a version has moved on and the scale is read again."""
        read_again = {("get", "apps", "deployments/scale"), ("get", "apps", "statefulsets/scale")}

        def more_viewers_until_both_are():
            audience.viewers += 500
            return read_again <= self.used()

        of = "/apis/apps/v1/namespaces/video"
        with Restless(self.plane, f"{of}/deployments/edge-a", f"{of}/statefulsets/edge-b") as restless:
            wait_for("both scales to be read again", more_viewers_until_both_are, 60)
        self.assertEqual(restless.answers, {200})

    def every_right_was_used_and_none_was_missing(self):
        for right in sorted(granted(self.values)):
            wait_for(f"{right} to be used", lambda: right in self.used(), 30)
        refused = [event for event in self.plane.audited()
                   if event.get("responseStatus", {}).get("code") == 403]
        self.assertEqual(refused, [])
        self.assertEqual(self.used(), granted(self.values))
        learned = self.plane.get("evc", "football-knockout")["status"]
        self.assertEqual([event["name"] for event in learned["lastEvents"]], ["video/semi-final"])

    def the_doctor_misses_no_right(self, *arguments, room):
        """Of the chart's own service account. `room`: the state of what it says of the nodes."""
        done = subprocess.run([OPERATOR, "doctor", "--service-account=edgetide/edgetide", "-o", "json",
                               f"--kubeconfig={self.plane.kubeconfig}", *arguments],
                              capture_output=True, text=True, timeout=60)
        found = {finding["subject"]: finding for finding in json.loads(done.stdout)["findings"]}
        self.assertEqual(found["operator's rights"]["state"], "ok", done.stdout)
        self.assertEqual(found["room on the nodes"]["state"], room, done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)

    def room_on_the_nodes_is_known(self):
        ahead = lambda: next(condition for condition in self.pool()["status"]["conditions"]
                             if condition["type"] == "CapacityShortfallAhead")
        wait_for("an outlook", lambda: ahead()["status"] != "Unknown", 30)
        self.assertNotIn("not known", ahead()["message"])

    def metrics_are_for_their_readers(self, operator):
        metrics = f"{operator.url}/metrics"
        for account in ("scraper", "somebody"):
            self.plane.kubectl("-n", "video", "create", "serviceaccount", account)
        token = self.plane.service_account_token
        wait_for("the reader to be let in",
                 lambda: status_of(metrics, token("video", "scraper")) == 200, 30)
        self.assertEqual(status_of(metrics, token("video", "somebody")), 403)
        self.assertEqual(status_of(metrics, "a-guess"), 401)
        self.assertEqual(status_of(metrics), 401)
        self.assertEqual(status_of(f"{operator.url}/livez"), 200)

    def used(self):
        return {asked_for(event) for event in self.plane.audited()} - {None}

    def the_dashboard_shows_something(self):
        for query in dashboard_queries():
            with self.subTest(query["expr"]):
                shown = self.prometheus.query(query["expr"].replace("{POOL", '{pool=~".*"'))
                self.assertTrue(shown or "empty" in query)

    def trouble_is_on_its_way_to_an_alert(self):
        wait_for("the fleet to be as planned", lambda: sum(self.replicas().values()) ==
                 self.pool()["status"]["desired"], 20)
        most = sum(self.replicas().values()) + 2
        small = copy.deepcopy(self.enforcing)
        small["edgePools"][0]["spec"]["replicas"]["max"] = most
        self.helm("upgrade", "edgetide", CHART, values=small)
        stands = max(most, sum(self.replicas().values()))  # it may have risen before the upgrade
        self.audience.viewers *= 2
        wrong = one_of_kind(render(self.values), "EdgePool")
        wrong["metadata"]["name"] = "wrong"
        wrong["spec"]["forecast"] = {"timeZone": "Mars/Olympus"}
        self.plane.apply(wrong)
        for alert, pool in (("CapacityShortfall", "live-edge"), ("PoolRefused", "wrong")):
            series = f'ALERTS{{alertname="Edgetide{alert}", namespace="video", pool="{pool}"}}'
            wait_for(series, lambda: self.prometheus.query(series), 30)
        self.assertEqual(self.prometheus.query('ALERTS{alertname="EdgetideOperatorAbsent"}'), [])
        self.plane.kubectl("-n", "video", "delete", "epool", "wrong")
        self.assertEqual(sum(self.replicas().values()), stands)

    def a_rollback_is_a_dry_run_again(self):
        before = self.replicas()
        self.helm("rollback", "edgetide", "1")
        wait_for("DryRun", lambda: self.pool()["spec"]["mode"] == "DryRun", 10)
        time.sleep(3)
        self.assertEqual(self.replicas(), before)

    def an_uninstall_leaves_the_fleet(self):
        before = self.replicas()
        self.helm("uninstall", "edgetide", "--wait")
        self.assertEqual(self.replicas(), before)
        self.assertEqual(self.plane.get("-n", "video", "epool,sev")["items"], [])
        self.assertIn("edgepools", self.plane.kubectl("get", CRD, "-o", "name"))
        left = self.plane.kubectl("get", "clusterroles,clusterrolebindings", "-o", "name")
        self.assertNotIn("edgetide", left)
        named = self.plane.kubectl("-n", "edgetide", "get",
                                   "deployments,services,serviceaccounts,roles,rolebindings,"
                                   "poddisruptionbudgets,jobs", "-o", "name")
        self.assertNotIn("edgetide", named)


if __name__ == "__main__":
    run_tests()
