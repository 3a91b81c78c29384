#!/usr/bin/env python3
"""Faults of the API server, of its certificates and of etcd behind it. Takes about two
minutes."""

import contextlib
import http.client
import json
import shutil
import time
import unittest
import urllib.parse

from authority import Authority
from stage import Stage, kubeconfig

from control_plane import run_tests
from processes import wait_for


# A server that has begun and is not whole yet, not having read the rights of a service account or with
# its storage still initializing, refuses, after which the operator waits for the longest backoff, 10 s and
# up to twice that.
SERVER_WHOLE = 45


class ApiServerFaults(unittest.TestCase):
    """A story: each fault begins where the one before has ended, with more viewers after it."""

    def test_server_and_credentials(self):
        with Stage(access=self.access, lowers=False) as self.stage:
            self.plane = self.stage.plane
            self.server_is_killed_at_the_peak()
            self.server_is_paused()
            self.certificates_are_replaced()
            self.token_is_void()

    def test_etcd(self):
        with Stage() as self.stage:
            self.plane = self.stage.plane
            self.etcd_is_paused()
            self.history_is_compacted()
            self.an_older_backup_is_restored()

    def access(self, stage):
        """As a pod has it: CA and token in files, the token of a service account."""
        plane = stage.plane
        self.ca_file, self.token_file = plane.directory / "ca.crt", plane.directory / "token"
        self.ca_file.write_text(plane.ca)
        plane.kubectl("create", "serviceaccount", "operator")
        plane.kubectl("create", "clusterrolebinding", "operator", "--clusterrole=cluster-admin",
                      "--serviceaccount=default:operator")
        self.token_file.write_text(plane.service_account_token("default", "operator"))
        return kubeconfig(plane.directory / "as-a-pod", plane.url, self.ca_file, self.token_file)

    def server_is_killed_at_the_peak(self):
        self.stage.api_server().kill()
        self.stage.rise()
        time.sleep(2)
        self.stage.start_api_server_again()
        self.stage.follows("the API server killed at the peak, and back", within=SERVER_WHOLE)

    def server_is_paused(self):
        self.stage.api_server().pause()
        self.stage.rise()
        time.sleep(8)
        self.stage.api_server().resume()
        self.stage.follows("the API server paused for 8 s")

    def certificates_are_replaced(self):
        """By one of a new authority, whose certificate comes to the operator's file after the server
        has it."""
        authority = Authority(self.plane.directory, "new-ca")
        self.server_gets(authority, "one")
        self.ca_file.write_text(authority.pem)
        self.stage.follows("a new CA, and the API server restarted", within=SERVER_WHOLE)

    def token_is_void(self):
        """Its service account is deleted and made anew; the token of that comes to the file later."""
        self.plane.kubectl("delete", "serviceaccount", "operator")
        self.plane.kubectl("create", "serviceaccount", "operator")
        time.sleep(11)  # for so long the API server believes a token that it has looked at
        self.stage.rise()
        time.sleep(3)
        self.assertLess(self.stage.judge.replicas() * 1000, self.stage.audience.viewers,
                        "its old token is believed")
        self.token_file.write_text(self.plane.service_account_token("default", "operator"))
        self.stage.follows("a void token, and a new one in its file", within=SERVER_WHOLE)

    def server_gets(self, authority, name):
        certificate, key = authority.issue(name)
        self.stage.api_server().kill()
        self.plane.trust(authority.pem)
        self.stage.start_api_server_again(f"--tls-cert-file={certificate}",
                                          f"--tls-private-key-file={key}")
        self.stage.rise()
        time.sleep(1)

    def etcd_is_paused(self):
        etcd = self.plane.process("etcd")
        etcd.pause()
        self.stage.rise()
        time.sleep(5)
        etcd.resume()
        self.stage.follows("etcd paused for 5 s")

    def history_is_compacted(self):
        """The watches' versions expire while their connections are cut: 410."""
        self.stage.api_server().kill()
        revision = self.etcd("/v3/kv/range", {"key": "Lw=="})["header"]["revision"]
        self.etcd("/v3/kv/compaction", {"revision": revision, "physical": True})
        expired = self.expiries()
        self.stage.start_api_server_again()
        self.stage.follows("etcd compacted under the watches")
        wait_for("the operator to be told 410", lambda: self.expiries() > expired, 30)
        print(f"watches that were answered 410: {self.expiries() - expired:.0f}", flush=True)

    def an_older_backup_is_restored(self):
        """Resource versions go back: what the caches hold is of a future that never was."""
        etcd = self.plane.process("etcd")
        etcd.stop()
        data, backup = self.plane.directory / "etcd", self.plane.directory / "backup"
        shutil.copytree(data, backup)
        self.plane.start_again("etcd")
        self.stage.follows("etcd stopped and started", within=20)
        for _ in range(3):
            self.stage.follows("nothing")  # writes that the backup does not know
        self.stage.api_server().kill()
        self.plane.process("etcd").stop()
        shutil.rmtree(data)
        backup.rename(data)
        self.plane.start_again("etcd")
        self.stage.judge.begin_anew()
        self.stage.start_api_server_again()
        wait_for("the restored target", self.stage.judge.replicas, 30)
        self.stage.follows("an older backup of etcd restored", within=SERVER_WHOLE)

    def expiries(self):
        return self.stage.total("edgetide_watch_expiries_total")

    def etcd(self, path, body):
        target = urllib.parse.urlsplit(self.plane.etcd)
        line = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
        with contextlib.closing(line):
            line.request("POST", path, json.dumps(body))
            return json.loads(line.getresponse().read())


if __name__ == "__main__":
    run_tests()
