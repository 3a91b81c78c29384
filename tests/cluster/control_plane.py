"""A real Kubernetes control plane on loopback: etcd, kube-apiserver and, when asked for, the controller
manager, the scheduler and kwok's fake nodes. Standard library only."""

import base64
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from processes import Process, free_port, wait_for

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ADMIN_TOKEN = "admin-token-of-a-throwaway-cluster"


class ProgramsMissing(Exception):
    """The control plane's programs have not been built."""


def programs_directory():
    script = ROOT / "scripts/build-cluster-programs"
    found = subprocess.run([script, "--where"], capture_output=True, text=True, check=True)
    directory = pathlib.Path(found.stdout.strip())
    if not (directory / "kube-apiserver").exists():
        raise ProgramsMissing(f"no control plane in {directory}: run {script}")
    return directory


def run_tests():
    """unittest.main() for tests that need the programs: exits with 77 without them, 1 in CI."""
    try:
        programs_directory()
    except ProgramsMissing as missing:
        print(missing, file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    unittest.main(module="__main__", verbosity=2)


class ControlPlane:
    """Started by `with`; everything it makes is in a directory of its own, which goes with it."""

    def __init__(self, full=False, zones=("a", "b", "c"), nodes_per_zone=4, audited_users=(),
                 streamed_lists=True):
        self.programs = programs_directory()
        self.full = full
        self.audited_users = list(audited_users)
        self.streamed_lists = streamed_lists
        self.zones = zones
        self.nodes_per_zone = nodes_per_zone
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="edgetide-cluster-"))
        self.processes = []
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.kubeconfig = self.directory / "kubeconfig"

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, name, *arguments):
        process = Process(name, [self.programs / name, *arguments], self.directory)
        self.processes.append(process)
        return process

    def start_again(self, name, *more):
        """Starts a program anew, killed if need be, with its arguments and more."""
        old = self.process(name)
        old.kill()
        self.processes.remove(old)
        return self.run(name, *old.child.args[1:], *more)

    def trust(self, ca):
        """From now on the API server is believed by that CA."""
        self.ca = ca
        self.write_kubeconfig(self.kubeconfig, ADMIN_TOKEN)

    def process(self, name):
        return next(process for process in self.processes if process.name == name)

    def kubectl(self, *arguments, stdin=None, check=True):
        """Runs kubectl and returns what it printed; with check, a failure raises with its words."""
        done = subprocess.run([self.programs / "kubectl", f"--kubeconfig={self.kubeconfig}",
                               f"--cache-dir={self.directory}/kubectl", *arguments],
                              input=stdin, capture_output=True, text=True, timeout=60)
        if check and done.returncode != 0:
            raise AssertionError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout if check else done

    def get(self, *arguments):
        return json.loads(self.kubectl("get", "-o", "json", *arguments))

    def apply(self, *objects):
        """Applies objects given as dictionaries or as YAML text."""
        for manifest in objects:
            text = manifest if isinstance(manifest, str) else json.dumps(manifest)
            self.kubectl("apply", "-f", "-", stdin=text)

    def write_kubeconfig(self, path, token, way=None):
        """To the API server, or by way of another URL and its CA."""
        url, ca = way or (self.url, self.ca)
        authority = base64.b64encode(ca.encode()).decode()
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": url,
                                                      "certificate-authority-data": authority}}],
            "users": [{"name": "test", "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}]}))
        return path

    def service_account_token(self, namespace, name):
        """A token as its pods have, by TokenRequest."""
        return self.kubectl("-n", namespace, "create", "token", name).strip()

    def audited(self):
        """What the audited users have asked for, as audit events, oldest first."""
        lines = (self.directory / "audit.log").read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def _start(self):
        self._start_etcd()
        self._start_api_server()
        if self.full:
            self._start_the_rest()

    def _start_etcd(self):
        client, peer = free_port(), free_port()
        self.etcd = f"http://127.0.0.1:{client}"
        self.run("etcd", "--unsafe-no-fsync", f"--data-dir={self.directory}/etcd",
                 f"--listen-client-urls={self.etcd}", f"--advertise-client-urls={self.etcd}",
                 f"--listen-peer-urls=http://127.0.0.1:{peer}",
                 f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
                 f"--initial-cluster=default=http://127.0.0.1:{peer}", "--log-level=error")

    def _start_api_server(self):
        key = self.directory / "sa.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        tokens = self.directory / "tokens.csv"
        tokens.write_text(f"{ADMIN_TOKEN},admin,admin,system:masters\n"
                          "nobody-token,nobody,nobody\n")
        certificates = self.directory / "certificates"
        client_ca = self._make_client_authority()
        self.run("kube-apiserver", f"--etcd-servers={self.etcd}", f"--cert-dir={certificates}",
                 f"--secure-port={self.port}", "--bind-address=127.0.0.1",
                 "--service-cluster-ip-range=10.0.0.0/24",
                 "--service-account-issuer=https://kubernetes.default.svc",
                 f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
                 "--authorization-mode=RBAC", f"--token-auth-file={tokens}",
                 f"--client-ca-file={client_ca}", "--allow-privileged=true", *self._audit(),
                 *([] if self.streamed_lists else ["--feature-gates=WatchList=false"]))
        certificate = certificates / "apiserver.crt"
        wait_for("the API server's certificate", certificate.exists, 30)
        self.ca = certificate.read_text()
        wait_for("the API server", self.ready, 60)
        self.write_kubeconfig(self.kubeconfig, ADMIN_TOKEN)
        # The namespace's service account is made a moment after readiness, by the API server itself.
        wait_for("namespace default", lambda: self.kubectl("get", "ns", "default", check=False)
                 .returncode == 0, 30)

    def _audit(self):
        """The options that write down what the audited users ask for."""
        if not self.audited_users:
            return []
        policy = self.directory / "audit-policy"
        policy.write_text(json.dumps({
            "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
            "rules": [{"level": "Metadata", "users": self.audited_users}, {"level": "None"}]}))
        return [f"--audit-policy-file={policy}", f"--audit-log-path={self.directory}/audit.log"]

    def _make_client_authority(self):
        """A certificate authority, and a certificate of it for the administrator."""
        ca, client = self.directory / "client-ca", self.directory / "client"
        openssl = lambda *words: subprocess.run(["openssl", *map(str, words)], check=True,
                                                capture_output=True)
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                "/CN=client-ca", "-keyout", f"{ca}.key", "-out", f"{ca}.crt")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/O=system:masters/CN=certified",
                "-keyout", f"{client}.key", "-out", f"{client}.csr")
        openssl("x509", "-req", "-days", "2", "-in", f"{client}.csr", "-CA", f"{ca}.crt", "-CAkey",
                f"{ca}.key", "-CAcreateserial", "-out", f"{client}.crt")
        return f"{ca}.crt"

    def ready(self):
        self.process("kube-apiserver").check()
        try:
            return self.answers(ADMIN_TOKEN) == 200
        except OSError:
            return False

    def answers(self, token):
        """The status with which the API server answers a bearer of that token."""
        context = ssl.create_default_context(cadata=self.ca)
        request = urllib.request.Request(f"{self.url}/readyz",
                                         headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, context=context, timeout=2) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def _start_the_rest(self):
        common = [f"--kubeconfig={self.kubeconfig}"]
        secured = ["--bind-address=127.0.0.1", "--leader-elect=false"]
        self.run("kube-controller-manager", *common, *secured, f"--secure-port={free_port()}",
                 f"--service-account-private-key-file={self.directory}/sa.key",
                 "--controllers=*,-nodeipam", "--kube-api-qps=200", "--kube-api-burst=400")
        self.run("kube-scheduler", *common, *secured, f"--secure-port={free_port()}",
                 "--kube-api-qps=200", "--kube-api-burst=400")
        self.run("kwok", *common, f"--config={HERE / 'stages.yaml'}", "--manage-all-nodes=true",
                 "--node-lease-duration-seconds=40", f"--server-address=127.0.0.1:{free_port()}")
        self.apply(*[self._node(zone, i) for zone in self.zones
                     for i in range(self.nodes_per_zone)])
        wait_for("the fake nodes", self._nodes_ready, 60)
        wait_for("the default service account", lambda: self.kubectl(
            "get", "serviceaccount", "default", check=False).returncode == 0, 60)

    @staticmethod
    def _node(zone, number):
        return {"apiVersion": "v1", "kind": "Node", "metadata": {
            "name": f"node-{zone}-{number}",
            "labels": {"topology.kubernetes.io/zone": zone, "kubernetes.io/os": "linux"}},
            "spec": {}}

    def _nodes_ready(self):
        nodes = self.get("nodes")["items"]
        ready = [node for node in nodes for condition in node["status"].get("conditions", [])
                 if condition["type"] == "Ready" and condition["status"] == "True"]
        return len(ready) == len(self.zones) * self.nodes_per_zone
