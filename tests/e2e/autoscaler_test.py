#!/usr/bin/env python3
"""Coming from HorizontalPodAutoscalers, on real parts: a control plane with their real controller, a
Prometheus, and the operator, whose targets they are. There is no metrics API, so that each of them does what
its bounds say and nothing else. Takes a little over three minutes."""

import datetime
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cluster"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from control_plane import ControlPlane, run_tests  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from world import Exporter, Operator, condition_of, define  # noqa: E402

ZONES = ("a", "b", "c")
VIEWERS = 1600  # in each zone: two replicas in each carry them without one of the three
OWN_MINIMUM, MAXIMUM = 2, 8  # of each autoscaler
LEAD_TIME = 40
RAMP = 60  # the shortest that is forecast
EVENING = 18  # replicas that the event asks for, more than is forecast for one that nobody knows


class Audience:
    """As many viewers in each zone, now and for the hours before."""

    def exposition(self, _):
        return "".join(f'player_sessions{{namespace="video",pool="live-edge",zone="{zone}"}} '
                       f"{VIEWERS}\n" for zone in ZONES)

    @staticmethod
    def history(target):
        now = int(time.time())
        lines = [f'player_sessions{{job="edge",instance="{target}",namespace="video",'
                 f'pool="live-edge",zone="{zone}"}} {VIEWERS} {at}'
                 for zone in ZONES for at in range(now - 3 * 3600, now, 120)]
        return "\n".join(["# TYPE player_sessions gauge", *lines, "# EOF", ""])


def deployment(zone):
    name = f"edge-{zone}"
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": OWN_MINIMUM, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}, "annotations": {
                         "edgetide.io/start-delay": "3s"}},
                         "spec": {"nodeSelector": {"topology.kubernetes.io/zone": zone},
                                  "terminationGracePeriodSeconds": 0,
                                  "containers": [{"name": "edge", "image": "edge"}]}}}}


def autoscaler(zone):
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": f"edge-{zone}", "namespace": "video"},
            "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment",
                                        "name": f"edge-{zone}"},
                     "minReplicas": OWN_MINIMUM, "maxReplicas": MAXIMUM}}


def metric_source(url):
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "MetricSource",
            "metadata": {"name": "video"},
            "spec": {"url": url, "allowedNamespaces": ["video"], "intervalSeconds": 1,
                     "labels": {"namespace": "namespace", "pool": "pool", "failureDomain": "zone"},
                     "queries": {"viewers": "sum by (namespace, pool, zone) (player_sessions)"}}}


def edge_pool():
    domains = [{"name": zone, "scaleTargetRef": {
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "name": f"edge-{zone}"}} for zone in ZONES]
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
            "metadata": {"name": "live-edge", "namespace": "video", "labels": {"service": "live"}},
            "spec": {"mode": "Enforce", "failureDomains": domains,
                     "demand": {"sourceRef": {"name": "video"}},
                     "capacity": {"viewers": 2000, "targetUtilizationPercent": 75},
                     "leadTime": {"initialSeconds": LEAD_TIME},
                     "behavior": {"scaleDown": {"stabilizationWindowSeconds": 5}},
                     "replicas": {"min": OWN_MINIMUM * len(ZONES), "max": 200}}}


def stream_event(start, least):
    at = datetime.datetime.fromtimestamp(start, datetime.timezone.utc)
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "StreamEvent",
            "metadata": {"name": "final", "namespace": "video"},
            "spec": {"start": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "timeZone": "UTC",
                     "durationMinutes": 60, "rampUpMinutes": 0,
                     "pools": {"matchLabels": {"service": "live"}},
                     "minimumReplicas": least}}


class Autoscalers(unittest.TestCase):
    """One story: each step needs what the one before has left."""

    def test_their_minimum_is_raised_ahead_and_the_rest_is_theirs(self):
        audience = Audience()
        with (ControlPlane(full=True) as self.plane, Exporter(audience) as exporter,
              Prometheus([exporter.target], audience.history(exporter.target), 1) as prometheus):
            self.lay_out(prometheus)
            with Operator(self.plane, "1s") as self.operator:
                self.what_stands_suffices()
                self.it_is_raised_before_the_event()
                self.what_the_autoscaler_adds_is_left_alone()
                self.above_the_maximum_there_is_a_shortfall()
                self.after_the_event_the_minimum_goes_down_and_nothing_else()
                self.nobody_wrote_to_the_workloads_but_the_autoscalers()

    def lay_out(self, prometheus):
        plane = self.plane
        define(plane)
        plane.apply(*map(deployment, ZONES), *map(autoscaler, ZONES),
                    metric_source(prometheus.url), edge_pool())
        wait_for("two Ready replicas in each zone",
                 lambda: self.ready() == OWN_MINIMUM * len(ZONES), 60)

    def minima(self):
        return [item["spec"]["minReplicas"] for item in self.plane.get(
            "-n", "video", "horizontalpodautoscalers")["items"]]

    def ready_of(self):
        return [item["status"].get("readyReplicas", 0)
                for item in self.plane.get("-n", "video", "deployments")["items"]]

    def ready(self):
        return sum(self.ready_of())

    def condition(self, kind):
        return condition_of(self.plane, kind)

    def what_stands_suffices(self):
        wait_for("a forecast", lambda: self.condition("ForecastReady")["status"] == "True", 60)
        time.sleep(10)
        self.assertEqual(self.minima(), [OWN_MINIMUM] * len(ZONES))
        self.assertEqual(self.condition("RedundancyMet")["status"], "True")

    def it_is_raised_before_the_event(self):
        start = time.time() + RAMP + LEAD_TIME + 30
        self.plane.apply(stream_event(start, EVENING))
        time.sleep(10)
        minima, left = self.minima(), start - time.time()
        self.assertGreater(left, RAMP + LEAD_TIME + 5, "too slow a machine")
        self.assertEqual(minima, [OWN_MINIMUM] * len(ZONES), f"{left:.0f} s before the start")
        wait_for("what the event asks for to be Ready", lambda: self.ready() >= EVENING,
                 start - time.time())
        print(f"Ready {start - time.time():.0f} s before the event: minima {self.minima()}")
        self.assertGreaterEqual(sum(self.minima()), EVENING)

    def what_the_autoscaler_adds_is_left_alone(self):
        """As it would for a metric: the workload stands above its minimum."""
        self.plane.kubectl("-n", "video", "scale", "deployment/edge-a", f"--replicas={MAXIMUM}")
        wait_for("the reaction to be Ready", lambda: self.ready_of()[0] == MAXIMUM, 30)
        time.sleep(10)
        self.assertLess(self.minima()[0], MAXIMUM, "a reaction is no minimum")
        self.assertEqual(self.ready_of()[0], MAXIMUM)

    def above_the_maximum_there_is_a_shortfall(self):
        self.plane.apply(stream_event(time.time(), MAXIMUM * len(ZONES) + 6))
        wait_for("every minimum at its maximum",
                 lambda: self.minima() == [MAXIMUM] * len(ZONES), 30)
        wait_for("the shortfall",
                 lambda: self.condition("CapacityShortfall").get("reason") == "DomainLimits", 10)
        self.assertEqual(self.condition("AbleToScale")["status"], "True",
                         "nothing is asked for that is not allowed")

    def after_the_event_the_minimum_goes_down_and_nothing_else(self):
        wait_for("all of it to be Ready", lambda: self.ready() == MAXIMUM * len(ZONES), 60)
        self.plane.kubectl("-n", "video", "delete", "streamevent", "final")
        wait_for("the minima to be the pool's again",
                 lambda: sum(self.minima()) <= OWN_MINIMUM * len(ZONES) + 3, 60)
        time.sleep(20)
        self.assertGreaterEqual(min(self.minima()), OWN_MINIMUM)
        self.assertEqual(self.ready(), MAXIMUM * len(ZONES),
                         "without a metric the autoscalers have no reason to lower anything")
        self.assertEqual(self.operator.metric("edgetide_pool_contended{"), 0)

    def nobody_wrote_to_the_workloads_but_the_autoscalers(self):
        def managers(plural):
            return {field["manager"]
                    for item in self.plane.get("-n", "video", plural, "--show-managed-fields")["items"]
                    for field in item["metadata"]["managedFields"]}

        self.assertNotIn("edgetide", managers("deployments"))
        self.assertIn("edgetide", managers("horizontalpodautoscalers"))


if __name__ == "__main__":
    run_tests()
