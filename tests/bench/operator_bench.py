#!/usr/bin/env python3
"""Measures the whole operator: from its start to the first decision on every pool, and its resident
memory when idle. Real etcd, kube-apiserver and Prometheus; targets are Deployments that nobody runs.

usage: operator_bench.py [--pools 100]
"""

import argparse
import http.server
import pathlib
import re
import sys
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cluster"), str(ROOT / "tests/e2e")]

from control_plane import ControlPlane  # noqa: E402
from processes import wait_for  # noqa: E402
from prometheus import Prometheus  # noqa: E402
from world import Operator  # noqa: E402

ZONES = ("a", "b", "c")


def exporter(pools):
    """Viewers of every pool and zone, always the same; returns host:port."""
    body = "".join(f'player_sessions{{namespace="video",pool="pool-{i}",zone="{zone}"}} 1000\n'
                   for i in range(pools) for zone in ZONES).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_address[1]}"


def deployment(name):
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"containers": [{"name": "edge", "image": "edge"}]}}}}


def pool(number):
    domains = [{"name": zone, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment",
                                                 "name": f"edge-{number}-{zone}"}}
               for zone in ZONES]
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
            "metadata": {"name": f"pool-{number}", "namespace": "video"},
            "spec": {"failureDomains": domains, "demand": {"sourceRef": {"name": "video"}},
                     "capacity": {"viewers": 1000}, "replicas": {"min": 3, "max": 100}}}


def lay_out(plane, prometheus, pools):
    for crd in sorted((ROOT / "manifests/crds").glob("*.yaml")):
        plane.kubectl("apply", "-f", crd)
    plane.kubectl("wait", "--for=condition=Established", "crd/edgepools.edgetide.io",
                  "crd/metricsources.edgetide.io", "crd/streamevents.edgetide.io",
                  "crd/eventclasses.edgetide.io")
    for kind in ("edgepools", "eventclasses", "metricsources", "streamevents"):
        wait_for(f"{kind} to be served", lambda: plane.kubectl("get", kind, "-A", check=False).returncode == 0, 30)
    plane.kubectl("create", "namespace", "video")
    source = {"apiVersion": "edgetide.io/v1alpha1", "kind": "MetricSource",
              "metadata": {"name": "video"},
              "spec": {"url": prometheus.url, "allowedNamespaces": ["video"],
                       "labels": {"namespace": "namespace", "pool": "pool",
                                  "failureDomain": "zone"},
                       "queries": {"viewers":
                                   "sum by (namespace, pool, zone) (player_sessions)"}}}
    items = [source, *[deployment(f"edge-{i}-{zone}") for i in range(pools) for zone in ZONES],
             *[pool(i) for i in range(pools)]]
    plane.apply({"apiVersion": "v1", "kind": "List", "items": items})


def decisions(operator):
    """Pools that have been decided upon."""
    try:
        text = urllib.request.urlopen(f"{operator.url}/metrics", timeout=5).read().decode()
    except OSError:
        return 0
    return len(set(re.findall(r'edgetide_decisions_total\{[^}]*pool="([^"]*)"', text)))


def resident_megabytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pools", type=int, default=100)
    pools = parser.parse_args().pools
    target = exporter(pools)
    with ControlPlane() as plane, Prometheus([target]) as prometheus:
        lay_out(plane, prometheus, pools)
        wait_for("the first scrape", lambda: prometheus.query("count(player_sessions)"), 30)
        operator = Operator(plane, interval="15s")
        started = time.monotonic()
        operator.launch()
        with operator:
            wait_for("every pool's decision", lambda: decisions(operator) >= pools, 60, 0.02)
            took = time.monotonic() - started
            time.sleep(40)
            print(f"{pools} pools: all decided {took:.2f} s after the start, "
                  f"{resident_megabytes(operator.process):.1f} MB resident when idle")


if __name__ == "__main__":
    main()
