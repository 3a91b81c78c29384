#!/usr/bin/python3
"""The chart without a cluster: what it renders, what it grants, and which values it refuses."""

import copy
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from rendering import (CHART, ROOT, helm, of_kind, one_of_kind, operator_rules,  # noqa: E402
                       render)
from control_plane import run_tests  # noqa: E402

SEASON = yaml.safe_load((pathlib.Path(__file__).parent / "values.yaml").read_text())


def season(change):
    values = copy.deepcopy(SEASON)
    change(values)
    return values


# Values, and what Helm has to say of them.
REFUSED = [
    ({"replicaCount": "many"}, "at '/replicaCount': got string, want integer"),
    ({"replicaCount": 11}, "at '/replicaCount': maximum: got 11, want 10"),
    ({"replicaCount": 0}, "at '/replicaCount': minimum: got 0, want 1"),
    ({"leaderElection": {"renewDeadlineSeconds": 15}},
     "renewDeadlineSeconds has to be less than leaseDurationSeconds"),
    ({"replicaCont": 1}, "additional properties 'replicaCont' not allowed"),
    ({"operator": {"logLevel": "loud"}}, "at '/operator/logLevel': value must be one of 'debug'"),
    ({"operator": {"intervalSeconds": 301}}, "at '/operator/intervalSeconds': maximum: got 301"),
    ({"operator": {"extraArgs": ["interval=5s"]}}, "at '/operator/extraArgs/0': 'interval=5s' does"),
    ({"operator": {"extraEnv": [{"value": "debug"}]}},
     "at '/operator/extraEnv/0': missing property 'name'"),
    ({"operator": {"extraVolumes": ["settings"]}},
     "at '/operator/extraVolumes/0': got string, want object"),
    ({"persistence": {"type": "nfs"}}, "at '/persistence/type': value must be one of 'none'"),
    ({"persistence": {"size": "plenty"}}, "at '/persistence/size': 'plenty' does not match"),
    ({"persistence": {"path": "/data"}}, "additional properties 'path' not allowed"),
    ({"image": {"tag": "latest and greatest"}}, "at '/image/tag'"),
    ({"image": {"digest": "sha256:short"}}, "at '/image/digest'"),
    ({"image": {"repository": None}}, "at '/image': missing property 'repository'"),
    ({"image": {"pullPolicy": "Sometimes"}}, "at '/image/pullPolicy': value must be one of"),
    ({"rbac": {"scaleTargets": []}}, "at '/rbac/scaleTargets': minItems: got 0, want 1"),
    ({"rbac": {"scaleTargets": [{"apiGroup": "*", "resource": "*"}]}},
     "at '/rbac/scaleTargets/0/apiGroup': '*' does not match"),
    ({"rbac": {"secretNames": ["*"]}}, "at '/rbac/secretNames/0': '*' does not match"),
    ({"watchNamespaces": ["video", "video"]}, "at '/watchNamespaces': items at 0 and 1 are equal"),
    ({"watchNamespaces": "video"}, "at '/watchNamespaces': got string, want array"),
    ({"service": {"port": 0}}, "at '/service/port': minimum: got 0, want 1"),
    ({"serviceMonitor": {"enabled": "yes please"}}, "got string, want boolean"),
    ({"metrics": {"auth": "password"}}, "at '/metrics/auth': value must be one of 'none', 'token'"),
    ({"metrics": {"readers": ["prometheus"]}}, "at '/metrics/readers/0': got string, want object"),
    ({"prometheusRule": {"runbookUrl": "docs/runbooks"}},
     "at '/prometheusRule/runbookUrl': 'docs/runbooks' does not match"),
    ({"streamEvents": [{"name": "final"}]}, "at '/streamEvents/0': missing property 'spec'"),
    (season(lambda v: v["streamEvents"][0]["spec"].update(start="tomorrow evening")),
     "at '/streamEvents/0/spec/start': 'tomorrow evening' does not match"),
    (season(lambda v: v["streamEvents"][0]["spec"].update(durationMinutes="115")),
     "at '/streamEvents/0/spec/durationMinutes': got string, want integer"),
    (season(lambda v: v["streamEvents"][0]["spec"].update(duration=115)),
     "at '/streamEvents/0/spec': additional properties 'duration' not allowed"),
    (season(lambda v: v["edgePools"][0]["spec"].update(mode="Yolo")),
     "at '/edgePools/0/spec/mode': value must be one of 'DryRun', 'Enforce'"),
    (season(lambda v: v["edgePools"][0]["spec"].pop("replicas")),
     "at '/edgePools/0/spec': missing property 'replicas'"),
    (season(lambda v: v["edgePools"][0].update(namespace="Video")),
     "at '/edgePools/0/namespace': 'Video' does not match"),
    (season(lambda v: v["metricSources"][0]["spec"].update(url="prometheus:9090")),
     "at '/metricSources/0/spec/url': 'prometheus:9090' does not match"),
]


def without_runbooks(thing):
    """A dashboard without the links from alerts to their runbooks."""
    if isinstance(thing, list):
        return [without_runbooks(part) for part in thing
                if not (isinstance(part, dict) and part.get("title") == "Its runbook")]
    if isinstance(thing, dict):
        return {key: without_runbooks(part) for key, part in thing.items()}
    return thing


class Values(unittest.TestCase):
    def test_wrong_values_are_refused_by_name(self):
        for values, words in REFUSED:
            with self.subTest(words):
                done = helm("template", "edgetide", CHART, values=values)
                self.assertNotEqual(done.returncode, 0, "was taken")
                self.assertIn(words, done.stderr)

    def test_it_lints_with_its_defaults_and_with_a_season(self):
        for values in ({}, SEASON):
            done = helm("lint", "--strict", CHART, values=values)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_what_is_derived_is_up_to_date(self):
        done = subprocess.run([ROOT / "scripts/generate-chart", "--check"], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_value_is_explained(self):
        loader = importlib.machinery.SourceFileLoader("generate_chart",
                                                      str(ROOT / "scripts/generate-chart"))
        generate = importlib.util.module_from_spec(
            importlib.util.spec_from_loader(loader.name, loader))
        sys.dont_write_bytecode = True
        loader.exec_module(generate)
        text = (CHART / "values.yaml").read_text()
        explained = {name for name, _, _ in generate.rows(text)}

        def leaves(value, way=()):
            if not isinstance(value, dict) or not value or ".".join(way) in explained:
                return {".".join(way)}
            return set().union(*(leaves(part, way + (key,)) for key, part in value.items()))

        self.assertEqual(leaves(yaml.safe_load(text)) - explained, set())

    def test_its_version_is_the_programs(self):
        [version] = re.findall(r"project\(edgetide VERSION (\S+)",
                               (ROOT / "CMakeLists.txt").read_text())
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertEqual((chart["version"], chart["appVersion"]), (version, version))

    def test_what_artifact_hub_is_told_is_true(self):
        told = yaml.safe_load((CHART / "Chart.yaml").read_text())["annotations"]
        definitions = [yaml.safe_load(path.read_text())
                       for path in (ROOT / "manifests/crds").glob("*.yaml")]
        there = {(one["spec"]["names"]["kind"], version["name"], one["metadata"]["name"])
                 for one in definitions for version in one["spec"]["versions"]}
        said = yaml.safe_load(told["artifacthub.io/crds"])
        self.assertEqual({(one["kind"], one["version"], one["name"]) for one in said}, there)
        for one in said:
            self.assertTrue(one["displayName"] and one["description"], one["kind"])
        examples = yaml.safe_load(told["artifacthub.io/crdsExamples"])
        known = set(re.findall(r"^\| `(spec\.\S+)`",
                               (ROOT / "docs/reference/fields.md").read_text(), re.M))
        for example in examples:
            self.assertIn((example["kind"], "v1alpha1"), {one[:2] for one in there})
            for field in example["spec"]:
                self.assertIn(f"spec.{field}", known, example["kind"])

    def test_a_package_holds_everything(self):
        with tempfile.TemporaryDirectory() as folder:
            done = helm("package", CHART, "--destination", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            [package] = pathlib.Path(folder).iterdir()
            crds = helm("show", "crds", package).stdout
        for path in (ROOT / "manifests/crds").iterdir():
            self.assertIn(path.read_text().strip(), crds)


class Rights(unittest.TestCase):
    def test_nodes_and_machines_are_read_only_where_that_is_wanted(self):
        def extra(values):
            before = [rule for _, rule in operator_rules(render({}))]
            return [rule for _, rule in operator_rules(render({"nodeRoom": values}))
                    if rule not in before]

        self.assertEqual(extra({}), [])
        self.assertEqual(extra({"enabled": True}), [
            {"apiGroups": [""], "resources": ["nodes", "pods"], "verbs": ["list", "watch"]}])
        self.assertEqual(extra({"machineDeployments": True}), [
            {"apiGroups": ["cluster.x-k8s.io"], "resources": ["machinedeployments"],
             "verbs": ["get"]}])

    def test_nodes_alone_are_read_for_workloads_that_the_scheduler_spreads(self):
        nodes = {"apiGroups": [""], "resources": ["nodes"], "verbs": ["list", "watch"]}
        for values, granted in (({}, False), ({"topologySpread": {"enabled": True}}, True)):
            rules = [rule for _, rule in operator_rules(render(values))]
            self.assertEqual(nodes in rules, granted, values)

    def test_nothing_is_granted_that_is_not_named(self):
        for values in ({}, SEASON, {"watchNamespaces": ["video", "sport"]}):
            for namespace, rule in operator_rules(render(values)):
                self.assertNotIn("*", rule["verbs"] + rule["resources"] + rule["apiGroups"])
                self.assertFalse({"escalate", "bind", "impersonate"} & set(rule["verbs"]))
                if "secrets" in rule["resources"]:
                    self.assertEqual(namespace, "edgetide", "Secrets of other namespaces")
                    self.assertTrue(rule["resourceNames"])
                    self.assertEqual(rule["verbs"], ["get"])

    def test_without_credentials_no_secret_can_be_read(self):
        self.assertNotIn("secrets", json.dumps(operator_rules(render())))

    def test_the_secrets_that_sources_name_can_be_read(self):
        values = season(lambda v: v.update(rbac={"secretNames": ["more"]}))
        source = values["metricSources"][0]["spec"]
        source["tls"] = {"caSecretRef": {"namespace": "edgetide", "name": "ca"},
                         "clientCertificateSecretRef": {"namespace": "edgetide", "name": "us"}}
        source["headers"] = [
            {"name": "X-A", "value": "a"},
            {"name": "X-B", "secretRef": {"namespace": "edgetide", "name": "b", "key": "b"}},
            {"name": "X-C", "secretRef": {"namespace": "other", "name": "c", "key": "c"}}]
        [rule] = [rule for _, rule in operator_rules(render(values))
                  if "secrets" in rule["resources"]]
        self.assertEqual(rule["resourceNames"], ["b", "ca", "more", "prometheus-token", "us"])

    def test_namespaced_it_holds_no_right_elsewhere(self):
        objects = render({"watchNamespaces": ["video", "sport"]})
        everywhere = [rule for namespace, rule in operator_rules(objects) if not namespace]
        self.assertEqual([rule["resources"] for rule in everywhere],
                         [["eventclasses", "metricsources"], ["eventclasses/status"]])
        granted = {namespace for namespace, rule in operator_rules(objects)
                   if namespace and rule["resources"] != ["leases"]}
        self.assertEqual(granted, {"video", "sport"})
        arguments = one_of_kind(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0][
            "args"]
        self.assertIn("--namespace=video", arguments)
        self.assertIn("--namespace=sport", arguments)

    def test_a_custom_resource_as_target_is_three_more_rules(self):
        targets = [{"apiGroup": "argoproj.io", "resource": "rollouts"}]
        rules = [rule for _, rule in operator_rules(render({"rbac": {"scaleTargets": targets}}))]
        self.assertIn({"apiGroups": ["argoproj.io"], "resources": ["rollouts"],
                       "verbs": ["list", "watch"]}, rules)
        self.assertIn({"apiGroups": ["argoproj.io"], "resources": ["rollouts/scale"],
                       "verbs": ["get", "update"]}, rules)
        self.assertIn({"apiGroups": ["apiextensions.k8s.io"],
                       "resources": ["customresourcedefinitions"],
                       "resourceNames": ["rollouts.argoproj.io"], "verbs": ["get"]}, rules)
        self.assertNotIn("deployments", json.dumps(rules))
        builtin = [rule for _, rule in operator_rules(render())]
        self.assertNotIn("customresourcedefinitions", json.dumps(builtin))

    def test_an_autoscaler_that_is_a_target_is_one_more_rule(self):
        more = [{"apiGroup": "autoscaling", "resource": "horizontalpodautoscalers"}]
        without = [rule for _, rule in operator_rules(render())]
        rules = [rule for _, rule in operator_rules(render({"rbac": {"autoscalers": more}}))]
        self.assertEqual([rule for rule in rules if rule not in without], [
            {"apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers"],
             "verbs": ["get", "list", "watch", "patch"]}])

    def test_a_token_for_metrics_takes_the_right_to_ask_about_it_and_no_more(self):
        without = [rule for _, rule in operator_rules(render())]
        objects = render({"metrics": {"auth": "token", "readers": [
            {"namespace": "monitoring", "name": "prometheus"}]}})
        more = [rule for _, rule in operator_rules(objects) if rule not in without]
        self.assertEqual(more, [
            {"apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"],
             "verbs": ["create"]},
            {"apiGroups": ["authorization.k8s.io"], "resources": ["subjectaccessreviews"],
             "verbs": ["create"]}])
        arguments = one_of_kind(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0][
            "args"]
        self.assertIn("--metrics-auth=token", arguments)
        [role] = [role for role in of_kind(objects, "ClusterRole")
                  if role["metadata"]["name"] == "edgetide-metrics-reader"]
        self.assertEqual(role["rules"], [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}])
        [binding] = [binding for binding in of_kind(objects, "ClusterRoleBinding")
                     if binding["roleRef"]["name"] == "edgetide-metrics-reader"]
        self.assertEqual(binding["subjects"], [
            {"kind": "ServiceAccount", "namespace": "monitoring", "name": "prometheus"}])

    def test_the_hooks_rights_are_gone_after_the_upgrade(self):
        for thing in render(hooks=True):
            if thing["metadata"]["name"] == "edgetide-crds":
                annotations = thing["metadata"]["annotations"]
                self.assertEqual(annotations["helm.sh/hook"], "pre-upgrade")
                self.assertIn("hook-succeeded", annotations["helm.sh/hook-delete-policy"])


class Objects(unittest.TestCase):
    def test_replicas_elect_a_leader_and_stand_apart(self):
        objects = render({"leaderElection": {"leaseDurationSeconds": 30}}, release="night")
        template = one_of_kind(objects, "Deployment")["spec"]["template"]
        arguments = template["spec"]["containers"][0]["args"]
        self.assertIn("--leader-election", arguments)
        self.assertIn("--lease-duration=30s", arguments)
        self.assertIn("--lease-name=night-edgetide", arguments)
        [lease] = [rule for _, rule in operator_rules(objects, "night-edgetide")
                   if rule["resources"] == ["leases"] and "update" in rule["verbs"]]
        self.assertEqual(lease["resourceNames"], ["night-edgetide"])
        budget = one_of_kind(objects, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"]
        self.assertLessEqual(budget.items(), template["metadata"]["labels"].items())
        self.assertEqual([spread["topologyKey"] for spread in
                          template["spec"]["topologySpreadConstraints"]],
                         ["topology.kubernetes.io/zone", "kubernetes.io/hostname"])

    def test_one_replica_does_not_keep_its_node_from_being_drained(self):
        objects = render({"replicaCount": 1})
        self.assertEqual(of_kind(objects, "PodDisruptionBudget"), [])
        self.assertIn("--leader-election",
                      one_of_kind(objects, "Deployment")["spec"]["template"]["spec"][
                          "containers"][0]["args"])

    def test_without_persistence_nothing_is_kept(self):
        template = one_of_kind(render(), "Deployment")["spec"]["template"]["spec"]
        self.assertNotIn("data-dir", json.dumps(template))
        self.assertNotIn("volumes", template)

    def test_further_environment_and_volumes_stand_beside_what_the_chart_needs(self):
        more = {"extraEnv": [{"name": "EDGETIDE_LOG_LEVEL", "value": "debug"}],
                "extraVolumes": [{"name": "settings", "configMap": {"name": "settings"}}],
                "extraVolumeMounts": [{"name": "settings", "mountPath": "/etc/edgetide"}]}
        for kept, volumes in (({}, ["settings"]), ({"type": "emptyDir"}, ["data", "settings"])):
            spec = one_of_kind(render({"operator": more, "persistence": kept}),
                               "Deployment")["spec"]["template"]["spec"]
            [container] = spec["containers"]
            self.assertEqual(container["env"], more["extraEnv"])
            self.assertEqual([volume["name"] for volume in spec["volumes"]], volumes)
            self.assertEqual([mount["name"] for mount in container["volumeMounts"]], volumes)

    def test_an_empty_directory_is_written_to_by_the_operator_alone(self):
        values = {"persistence": {"type": "emptyDir", "size": "3Gi"}}
        template = one_of_kind(render(values), "Deployment")["spec"]["template"]["spec"]
        [volume] = template["volumes"]
        self.assertEqual(volume["emptyDir"], {"sizeLimit": "3Gi"})
        self.kept_in(template, volume["name"])

    def test_with_claims_each_replica_has_a_volume_of_its_own(self):
        values = {"persistence": {"type": "claim", "size": "8Gi", "storageClass": "fast"}}
        objects = render(values)
        self.assertEqual(of_kind(objects, "Deployment"), [])
        spec = one_of_kind(objects, "StatefulSet")["spec"]
        [claim] = spec["volumeClaimTemplates"]
        self.assertEqual(claim["spec"], {"accessModes": ["ReadWriteOnce"], "storageClassName": "fast",
                                         "resources": {"requests": {"storage": "8Gi"}}})
        self.assertEqual(spec["podManagementPolicy"], "Parallel", "a standby waits for nobody")
        self.kept_in(spec["template"]["spec"], claim["metadata"]["name"])
        budget = one_of_kind(objects, "PodDisruptionBudget")["spec"]["selector"]
        self.assertEqual(budget, spec["selector"])

    def kept_in(self, template, volume):
        [container] = template["containers"]
        [mount] = container["volumeMounts"]
        self.assertEqual(mount["name"], volume)
        self.assertIn(f"--data-dir={mount['mountPath']}", container["args"])
        user = template["securityContext"]
        self.assertEqual(user["fsGroup"], user["runAsGroup"], "who runs may write")

    def test_the_service_selects_the_operator_alone(self):
        objects = render(hooks=True)
        selector = one_of_kind(objects, "Service")["spec"]["selector"]
        operator = one_of_kind(objects, "Deployment")["spec"]["template"]["metadata"]["labels"]
        others = [one_of_kind(objects, "Pod")["metadata"]["labels"],
                  one_of_kind(objects, "Job")["spec"]["template"]["metadata"]["labels"]]
        self.assertLessEqual(selector.items(), operator.items())
        for labels in others:
            self.assertFalse(selector.items() <= labels.items(), labels)

    def test_a_season_comes_with_the_install(self):
        objects = render(SEASON, release="night", namespace="edgetide")
        self.assertEqual(one_of_kind(objects, "StreamEvent")["spec"],
                         SEASON["streamEvents"][0]["spec"])
        event_class = one_of_kind(objects, "EventClass")
        self.assertEqual(event_class["spec"], SEASON["eventClasses"][0]["spec"])
        self.assertEqual(event_class["metadata"]["annotations"],
                         {"helm.sh/resource-policy": "keep"}, "what it has learned stays")
        self.assertNotIn("namespace", event_class["metadata"])
        pool = one_of_kind(objects, "EdgePool")
        self.assertEqual(pool["metadata"]["namespace"], "video")
        self.assertEqual(pool["metadata"]["labels"]["service"], "live")
        self.assertNotIn("mode", pool["spec"], "who says nothing gets DryRun")
        self.assertNotIn("namespace", one_of_kind(objects, "MetricSource")["metadata"])

    def test_large_numbers_stay_integers(self):
        values = season(lambda v: v["edgePools"][0]["spec"]["capacity"].update(
            egressBitsPerSecond=8000000000))
        bits = one_of_kind(render(values), "EdgePool")["spec"]["capacity"]["egressBitsPerSecond"]
        self.assertEqual(repr(bits), "8000000000")

    def test_what_is_optional_is_absent_until_asked_for(self):
        optional = {"NetworkPolicy": "networkPolicy", "ServiceMonitor": "serviceMonitor",
                    "PrometheusRule": "prometheusRule", "ConfigMap": "dashboard"}
        for kind, value in optional.items():
            self.assertEqual(of_kind(render(), kind), [])
            one_of_kind(render({value: {"enabled": True}}), kind)

    def test_kubernetes_asks_what_the_operator_answers(self):
        for kept in ("none", "claim"):
            objects = render({"persistence": {"type": kept}, "metrics": {"auth": "token"}})
            [workload] = of_kind(objects, "Deployment") + of_kind(objects, "StatefulSet")
            [container] = workload["spec"]["template"]["spec"]["containers"]
            [port] = container["ports"]
            self.assertIn(f"--listen-port={port['containerPort']}", container["args"])
            for probe, path in (("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
                self.assertEqual(container[probe]["httpGet"], {"path": path, "port": port["name"]})

    def test_prometheus_finds_the_metrics_by_annotations_unless_told_otherwise(self):
        def scraped(**values):
            template = one_of_kind(render(values), "Deployment")["spec"]["template"]
            [port] = template["spec"]["containers"][0]["ports"]
            found = {name.removeprefix("prometheus.io/"): value for name, value in
                     template["metadata"]["annotations"].items() if name.startswith("prometheus.io/")}
            self.assertIn(found, ({}, {"scrape": "true", "port": str(port["containerPort"]),
                                       "path": "/metrics"}))
            return bool(found)

        self.assertTrue(scraped())
        self.assertTrue(scraped(podAnnotations={"more": "words"}))
        self.assertFalse(scraped(scrapeAnnotations=False))
        self.assertFalse(scraped(serviceMonitor={"enabled": True}), "it would be scraped twice")

    def test_whoever_scrapes_keeps_the_pools_namespace(self):
        monitor = one_of_kind(render({"serviceMonitor": {"enabled": True}}), "ServiceMonitor")
        self.assertTrue(monitor["spec"]["endpoints"][0]["honorLabels"])

    def test_prometheus_is_told_to_bear_a_token_where_one_is_asked_for(self):
        def endpoint(**values):
            monitor = one_of_kind(render({"serviceMonitor": {"enabled": True} | values,
                                          "metrics": {"auth": "token"}}), "ServiceMonitor")
            return monitor["spec"]["endpoints"][0]

        self.assertIn("bearerTokenFile", endpoint())
        secret = {"name": "scraper", "key": "token"}
        self.assertEqual(endpoint(tokenSecret=secret)["authorization"], {"credentials": secret})

    def test_the_alerts_are_those_of_the_file(self):
        values = {"prometheusRule": {"enabled": True, "runbookUrl": "https://wiki.example/runbooks/",
                                     "labels": {"release": "monitoring"}}}
        rule = one_of_kind(render(values), "PrometheusRule")
        text = (CHART / "files/alerts.yaml").read_text()
        expected = yaml.safe_load(text.replace("docs/runbooks/", "https://wiki.example/runbooks/"))
        self.assertEqual(rule["spec"], expected)
        self.assertEqual(rule["metadata"]["labels"]["release"], "monitoring")

    def test_without_an_absolute_url_nothing_links_to_a_runbook(self):
        objects = render({"prometheusRule": {"enabled": True}, "dashboard": {"enabled": True}})
        rules = [rule for group in one_of_kind(objects, "PrometheusRule")["spec"]["groups"]
                 for rule in group["rules"]]
        self.assertGreater(len(rules), 20)
        for rule in rules:
            self.assertEqual(set(rule["annotations"]), {"summary", "description"}, rule["alert"])
        boards = one_of_kind(objects, "ConfigMap")["data"]
        for name, text in boards.items():
            file = CHART / "files/dashboards" / name.removeprefix("edgetide-")
            self.assertEqual(json.loads(text), without_runbooks(json.loads(file.read_text())), name)
        self.assertNotIn("runbooks/", json.dumps(boards))

    def test_the_dashboards_are_those_of_the_files(self):
        values = {"dashboard": {"enabled": True},
                  "prometheusRule": {"runbookUrl": 'https://wiki.example/"runbooks"/'}}
        boards = one_of_kind(render(values), "ConfigMap")
        self.assertEqual(boards["metadata"]["labels"]["grafana_dashboard"], "1")
        files = {f"edgetide-{path.name}": path for path in (CHART / "files/dashboards").iterdir()}
        self.assertEqual(set(boards["data"]), set(files))
        pages = 0
        for name, path in files.items():
            text = path.read_text()
            pages += text.count("docs/runbooks/")
            url = json.dumps('https://wiki.example/"runbooks"/').strip('"')
            self.assertEqual(json.loads(boards["data"][name]),
                             json.loads(text.replace("docs/runbooks/", url)))
        self.assertGreater(pages, 0)

    def test_dashboards_lead_to_each_other_and_to_what_there_is(self):
        boards = {board["uid"]: board for board in
                  (json.loads(path.read_text()) for path in (CHART / "files/dashboards").iterdir())}
        self.assertTrue("/d/edgetide-pools?" in json.dumps(boards["edgetide-fleet"]))

        def variables(uid):
            return {variable["name"] for variable in boards[uid]["templating"]["list"]}

        for uid, board in boards.items():
            self.assertEqual([link["tags"] for link in board["links"]], [["edgetide"]])
            self.assertIn("edgetide", board["tags"])
            numbers = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(numbers), len(set(numbers)))
            taken = {}
            for panel in board["panels"]:
                at = panel["gridPos"]
                for x in range(at["x"], at["x"] + at["w"]):
                    for y in range(at["y"], at["y"] + at["h"]):
                        self.assertLess(x, 24)
                        self.assertNotIn((x, y), taken, panel["title"])
                        taken[x, y] = panel["title"]
            for target, wanted in re.findall(r"/d/([a-z-]+)\?([^\"]*)", json.dumps(board)):
                self.assertIn(target, boards)
                self.assertLessEqual(set(re.findall(r"var-(\w+)=", wanted)), variables(target))
            self.assertEqual("pool" in variables(uid), "$pool" in json.dumps(board))

    def test_egress_is_limited_only_by_rules(self):
        policy = one_of_kind(render({"networkPolicy": {"enabled": True}}), "NetworkPolicy")
        self.assertEqual(policy["spec"]["policyTypes"], ["Ingress"])
        rules = [{"ports": [{"port": 443}]}]
        policy = one_of_kind(render({"networkPolicy": {"enabled": True, "egress": rules}}),
                             "NetworkPolicy")
        self.assertEqual(policy["spec"]["policyTypes"], ["Ingress", "Egress"])
        self.assertEqual(policy["spec"]["egress"], rules)

    def test_names_stay_within_a_label(self):
        for thing in render({"fullnameOverride": "x" * 200}, hooks=True):
            self.assertLessEqual(len(thing["metadata"]["name"]), 63)


if __name__ == "__main__":
    run_tests()
