"""Judges a fault: a watch of every target from before it, where each write counts."""

import http.client
import json
import ssl
import threading
import time
import urllib.request

from control_plane import ADMIN_TOKEN
from fleet_world import TARGETS


class Judge:
    """Follows the targets over every break of the API server, and lets as many replicas stand as are
    asked for, as kubelets would: without Ready replicas nothing could ever be lowered."""

    def __init__(self, plane, api):
        self.plane = plane
        self.api = api
        self.lock = threading.Lock()
        self.writes = []  # (time, name, replicas)
        self.specified = {}
        self.standing = {}
        self.version = None
        self.ended = False
        self.threads = [threading.Thread(target=loop, daemon=True)
                        for loop in (self._follow, self._let_stand)]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.ended = True

    def replicas(self, name="edge"):
        with self.lock:
            return self.specified.get(name, 0)

    def lowerings(self, since=0):
        """Each fall of `spec.replicas` after that time, as text."""
        with self.lock:
            last, falls = {}, []
            for at, name, replicas in self.writes:
                if at >= since and replicas < last.get(name, replicas):
                    falls.append(f"{name} {last[name]} -> {replicas}")
                last[name] = replicas
            return falls

    def outside(self, least, most):
        """Each write that is not within the bounds."""
        with self.lock:
            return [write for write in self.writes if not least <= write[2] <= most]

    def times(self, since, condition):
        with self.lock:
            return [at for at, _, replicas in self.writes if at >= since and condition(replicas)]

    def forgive(self):
        """What was written until now was the test's own doing, such as a rival's write."""
        with self.lock:
            self.writes = [(time.time(), *now) for now in self.specified.items()]

    def begin_anew(self):
        """What was seen until now is of a cluster that is no more."""
        with self.lock:
            self.writes = []
            self.specified = {}
            self.version = None

    def _follow(self):
        while not self.ended:
            try:
                with self._open() as stream:
                    for line in stream:
                        self._take(json.loads(line))
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.1)

    def _open(self):
        """Where the last watch broke, so that no write is missed."""
        context = ssl.create_default_context(cadata=self.plane.ca)
        at = f"&resourceVersion={self.version}" if self.version else ""
        request = urllib.request.Request(
            f"{self.plane.url}{TARGETS}?watch=1&allowWatchBookmarks=1{at}",
            headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
        return urllib.request.urlopen(request, context=context, timeout=120)

    def _take(self, event):
        target = event["object"]
        if event["type"] == "ERROR":
            self.version = None
            raise ValueError(f"the watch ended: {target.get('message')}")
        self.version = target["metadata"]["resourceVersion"]
        if event["type"] == "BOOKMARK":
            return
        name, replicas = target["metadata"]["name"], target["spec"]["replicas"]
        with self.lock:
            if self.specified.get(name) != replicas:
                self.writes.append((time.time(), name, replicas))
            self.specified[name] = replicas
            self.standing[name] = target.get("status", {}).get("replicas", 0)

    def _let_stand(self):
        while not self.ended:
            with self.lock:
                late = [(name, replicas) for name, replicas in self.specified.items()
                        if self.standing.get(name) != replicas]
            for name, replicas in late:
                try:
                    self.api.stand(name, replicas)
                except (OSError, http.client.HTTPException, AssertionError):
                    break  # the API server does not answer now
            time.sleep(0.2)
