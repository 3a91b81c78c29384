"""The world of `fleet`: many pools whose targets are small custom resources, an exporter whose viewers
change when told, and a line to Prometheus that notes when each answer arrived."""

import base64
import concurrent.futures
import datetime
import http.client
import http.server
import json
import pathlib
import ssl
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cluster"), str(ROOT / "tests/e2e")]

from control_plane import ADMIN_TOKEN  # noqa: E402
from processes import Exposition, wait_for  # noqa: E402
from watch import Watch  # noqa: E402

ZONES = ("a", "b", "c")
TARGETS = "/apis/bench.edgetide.io/v1/namespaces/video/edgetargets"
POOLS = "/apis/edgetide.io/v1alpha1/namespaces/video/edgepools"
SOURCES = "/apis/edgetide.io/v1alpha1/metricsources"
DEPLOYMENTS = "/apis/apps/v1/namespaces/video/deployments"
START_REPLICAS = 6
PODS = {"a": 7, "b": 7, "c": 6}  # of each pool, where its targets are Deployments
CRD = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
       "metadata": {"name": "edgetargets.bench.edgetide.io"},
       "spec": {"group": "bench.edgetide.io", "scope": "Namespaced",
                "names": {"kind": "EdgeTarget", "plural": "edgetargets", "singular": "edgetarget"},
                "versions": [{
                    "name": "v1", "served": True, "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                        part: {"type": "object",
                               "properties": {"replicas": {"type": "integer"}}}
                        for part in ("spec", "status")}}},
                    "subresources": {"status": {}, "scale": {
                        "specReplicasPath": ".spec.replicas",
                        "statusReplicasPath": ".status.replicas"}}}]}}


class Api:
    """Requests of the administrator, over one connection a thread."""

    def __init__(self, plane):
        self.plane = plane
        self.own = threading.local()

    def send(self, *request):
        """Once more when the server has closed a connection that was idle."""
        try:
            return self._send(*request)
        except (http.client.RemoteDisconnected, BrokenPipeError):
            return self._send(*request)

    def _send(self, method, path, body=None, content_type="application/json"):
        if not hasattr(self.own, "connection"):
            self.own.connection = http.client.HTTPSConnection(
                "127.0.0.1", self.plane.port, timeout=60,
                context=ssl.create_default_context(cadata=self.plane.ca))
        try:
            self.own.connection.request(
                method, path, json.dumps(body) if body else None,
                {"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": content_type})
            answer = self.own.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.own.connection.close()
            del self.own.connection  # whatever was wrong with it, the next is a new one
            raise
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer.status} {text[:300]}")
        return text

    def stand(self, name, replicas):
        """What a kubelet would do: as many stand as were asked for."""
        self.send("PATCH", f"{TARGETS}/{name}/status", {"status": {"replicas": replicas}},
                  "application/merge-patch+json")

    def requests(self):
        """How often each (verb, resource) was asked for, by anybody."""
        counts = {}
        for line in self.send("GET", "/metrics").decode().splitlines():
            if not line.startswith("apiserver_request_total{"):
                continue
            labels = dict(part.split("=", 1) for part in line[line.index("{") + 1:
                                                               line.rindex("}")].split(","))
            word = lambda name: labels[name].strip('"')
            resource = word("resource") + ("/" + word("subresource") if word("subresource") else "")
            key = (word("verb"), resource)
            counts[key] = counts.get(key, 0) + float(line.rsplit(" ", 1)[1])
        return counts


class Audience:
    """Serves viewers of every pool and zone to whoever scrapes."""

    def __init__(self, pools):
        self.viewers = [3000] * pools
        self._write()
        self.target = Exposition(lambda: self.body).target

    def change(self, pools, viewers):
        for pool in pools:
            self.viewers[pool] = viewers
        self._write()

    def _write(self):
        self.body = "".join(
            f'player_sessions{{namespace="video",pool="pool-{i}",zone="{zone}"}} {viewers}\n'
            for i, viewers in enumerate(self.viewers) for zone in ZONES)

    def history(self, hours=3, step=240):
        """The hours before now, as OpenMetrics; one sample within Prometheus' lookback each."""
        now = int(time.time())
        lines = ["# TYPE player_sessions gauge"]
        for i in range(len(self.viewers)):
            for zone in ZONES:
                series = (f'player_sessions{{namespace="video",pool="pool-{i}",zone="{zone}",'
                          f'instance="{self.target}",job="edge"}}')
                lines += [f"{series} {3000 + (at // step) % 5} {at}"
                          for at in range(now - hours * 3600, now, step)]
        return "\n".join(lines) + "\n# EOF\n"


class PrometheusLine:
    """Passes requests on to Prometheus; notes each request and when its answer had arrived."""

    def __init__(self, port):
        self.answers = []  # (monotonic time, path)
        line = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                upstream.request("POST", self.path, body,
                                 {"Content-Type": self.headers["Content-Type"]})
                answer = upstream.getresponse()
                text = answer.read()
                upstream.close()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                line.answers.append((time.monotonic(), urllib.parse.urlsplit(self.path).path))

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"

    def since(self, start, path="/api/v1/query"):
        return [at for at, asked in self.answers if at >= start and asked == path]


class Standing(Watch):
    """Watches every target, notes each write to its spec and lets as many stand as are asked for, unless
    there are `pods`, which stand by themselves."""

    def __init__(self, plane, api, pods=False):
        super().__init__(plane, DEPLOYMENTS if pods else TARGETS, self._take)
        self.api = api
        self.pods = pods
        self.writes = []  # (monotonic time, name, replicas)
        self.known = set()
        self.replicas = {}
        self.helpers = concurrent.futures.ThreadPoolExecutor(2)

    def __exit__(self, *_):
        super().__exit__()
        self.helpers.shutdown()

    def _take(self, target):
        name, replicas = target["metadata"]["name"], target["spec"]["replicas"]
        self.known.add(name)
        before = PODS[name[-1]] if self.pods else START_REPLICAS
        if replicas == self.replicas.get(name, before):
            return
        self.replicas[name] = replicas
        self.writes.append((time.monotonic(), name, replicas))
        if not self.pods:
            self.helpers.submit(self.api.stand, name, replicas)


def pool(number, pods):
    version, kind = ("apps/v1", "Deployment") if pods else ("bench.edgetide.io/v1", "EdgeTarget")
    domains = [{"name": zone, "scaleTargetRef": {"apiVersion": version, "kind": kind,
                                                 "name": f"edge-{number}-{zone}"}}
               for zone in ZONES]
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "EdgePool",
            "metadata": {"name": f"pool-{number}", "namespace": "video"},
            "spec": {"mode": "Enforce", "failureDomains": domains,
                     "demand": {"sourceRef": {"name": "video"}}, "capacity": {"viewers": 3000},
                     "behavior": {"scaleDown": {"selectPolicy": "Disabled"}},
                     "replicas": {"min": 3, "max": 300}}}


def metric_source(url):
    return {"apiVersion": "edgetide.io/v1alpha1", "kind": "MetricSource",
            "metadata": {"name": "video"},
            "spec": {"url": url, "allowedNamespaces": ["video"], "intervalSeconds": 15,
                     "labels": {"namespace": "namespace", "pool": "pool",
                                "failureDomain": "zone"},
                     "queries": {"viewers":
                                 "sum by (namespace, pool, zone) (player_sessions)"}}}


def target(name):
    return {"apiVersion": "bench.edgetide.io/v1", "kind": "EdgeTarget",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": START_REPLICAS}, "status": {"replicas": START_REPLICAS}}


class Store:
    """Puts custom resources where the API server keeps them: 40,000 of them in seconds, which would take
    it minutes to take in one by one."""

    MOST = 120  # of one transaction; etcd's limit is 128

    def __init__(self, etcd):
        self.etcd = etcd
        self.waiting = []

    def put(self, plural, thing):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        about = thing["metadata"]
        about |= {"uid": str(uuid.uuid4()), "creationTimestamp": now, "generation": 1}
        group = thing["apiVersion"].split("/")[0]
        path = f"/registry/{group}/{plural}/{about['namespace']}/{about['name']}"
        text = lambda value: base64.b64encode(value.encode()).decode()
        self.waiting.append({"requestPut": {"key": text(path), "value": text(json.dumps(thing))}})
        if len(self.waiting) == self.MOST:
            self.flush()

    def flush(self):
        if not self.waiting:
            return
        body = json.dumps({"success": self.waiting}).encode()
        self.waiting = []
        with urllib.request.urlopen(f"{self.etcd}/v3/kv/txn", body, timeout=60) as answer:
            if not json.load(answer).get("succeeded"):
                raise AssertionError("etcd did not take a transaction")


def deployment(name, replicas):
    labels = {"app": name}
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "video"},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels}, "spec": {
                         "containers": [{"name": "edge", "image": "edge"}]}}}}


def lay_out(plane, api, prometheus_url, pools, pods=False):
    """Every object that the operator will find; with `pods`, those that kwok lets stand."""
    plane.apply(CRD)
    definitions = sorted((ROOT / "manifests/crds").glob("*.yaml"))
    for definition in definitions:
        plane.kubectl("apply", "-f", definition)
    for kind in ("edgetargets", *(definition.stem for definition in definitions)):
        wait_for(f"{kind} to be served", lambda: plane.kubectl(
            "get", kind, "-A", check=False).returncode == 0, 30)
    plane.kubectl("create", "namespace", "video")
    api.send("POST", SOURCES, metric_source(prometheus_url))
    if pods:
        lay_out_deployments(api, pools)
    store = Store(plane.etcd)
    for number in range(pools):
        for zone in "" if pods else ZONES:
            store.put("edgetargets", target(f"edge-{number}-{zone}"))
        store.put("edgepools", pool(number, pods))
    store.flush()
    wait_for("the API server to know every pool", lambda: count(api, POOLS) == pools, 60)


def lay_out_deployments(api, pools):
    def make(number):
        for zone in ZONES:
            api.send("POST", DEPLOYMENTS, deployment(f"edge-{number}-{zone}", PODS[zone]))

    def every_pod_is_ready():
        ready = ready_pods(api)
        print(f"{ready} pods are Ready", flush=True)
        return ready == pools * sum(PODS.values())

    with concurrent.futures.ThreadPoolExecutor(8) as helpers:
        list(helpers.map(make, range(pools)))
    wait_for("every pod to be Ready", every_pod_is_ready, 900, 10)


def ready_pods(api):
    listed = json.loads(api.send("GET", DEPLOYMENTS + "?resourceVersion=0"))
    return sum(one["status"].get("readyReplicas", 0) for one in listed["items"])


def count(api, collection):
    """How many the API server's cache holds."""
    listed = json.loads(api.send("GET", collection + "?limit=1"))
    return len(listed["items"]) + listed["metadata"].get("remainingItemCount", 0)
