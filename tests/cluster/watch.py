"""A watch of the API server."""

import http.client
import json
import socket
import ssl
import threading

from control_plane import ADMIN_TOKEN


class Watch:
    """Started by `with`: gives `take` each object of a collection, as it is and whenever it changes, in a
    thread of its own and over every break, so that no change is missed. That thread is gone once the watch has
    ended: one that is within TLS while the interpreter ends can take the whole process with it."""

    def __init__(self, plane, path, take):
        self.plane, self.path, self.take = plane, path, take
        self.version = None
        self.ended = threading.Event()
        self.connection = None
        self.thread = threading.Thread(target=self._follow)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        while self.thread.is_alive():
            self._break()
            self.thread.join(0.1)

    def begin_anew(self):
        """With the objects as they are by then; what was seen until now is of a cluster that is no more."""
        self.version = None

    def _follow(self):
        while not self.ended.is_set():
            self.connection = http.client.HTTPSConnection(
                "127.0.0.1", self.plane.port, timeout=120,
                context=ssl.create_default_context(cadata=self.plane.ca))
            try:
                for line in self._ask():
                    self._pass_on(json.loads(line))
            except (OSError, http.client.HTTPException, ValueError):
                self.ended.wait(0.1)
            finally:
                self.connection.close()

    def _ask(self):
        at = f"&resourceVersion={self.version}" if self.version else ""
        self.connection.request("GET", f"{self.path}?watch=1&allowWatchBookmarks=1{at}",
                                headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
        answer = self.connection.getresponse()
        if answer.status != 200:
            raise http.client.HTTPException(f"{answer.status} {answer.read()[:300]}")
        return answer

    def _break(self):
        try:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            pass  # there is none at the moment

    def _pass_on(self, event):
        if event["type"] == "ERROR":
            self.version = None
            raise ValueError(f"the watch ended: {event['object'].get('message')}")
        self.version = event["object"]["metadata"]["resourceVersion"]
        if event["type"] != "BOOKMARK":
            self.take(event["object"])
