"""Judges a fault: a watch of every target from before it, where each write counts."""

import http.client
import threading
import time

from fleet_world import TARGETS
from watch import Watch


class Judge:
    """Started by `with`: follows the targets over every break of the API server, and lets as many replicas
    stand as are asked for, as kubelets would: without Ready replicas nothing could ever be lowered."""

    def __init__(self, plane, api):
        self.api = api
        self.lock = threading.Lock()
        self.writes = []  # (time, name, replicas)
        self.specified = {}
        self.standing = {}
        self.watch = Watch(plane, TARGETS, self._take)
        self.ended = threading.Event()
        self.kubelets = threading.Thread(target=self._let_stand)

    def __enter__(self):
        self.watch.__enter__()
        self.kubelets.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.watch.__exit__()
        self.kubelets.join()

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
        self.watch.begin_anew()

    def _take(self, target):
        name, replicas = target["metadata"]["name"], target["spec"]["replicas"]
        with self.lock:
            if self.specified.get(name) != replicas:
                self.writes.append((time.time(), name, replicas))
            self.specified[name] = replicas
            self.standing[name] = target.get("status", {}).get("replicas", 0)

    def _let_stand(self):
        while not self.ended.wait(0.2):
            with self.lock:
                late = [(name, replicas) for name, replicas in self.specified.items()
                        if self.standing.get(name) != replicas]
            for name, replicas in late:
                try:
                    self.api.stand(name, replicas)
                except (OSError, http.client.HTTPException, AssertionError):
                    break  # the API server does not answer now
