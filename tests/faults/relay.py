"""A port of loopback that passes bytes on to another, until it is told to cut the line, to keep it open
without a byte, or to let it drip."""

import socket
import threading
import time
import urllib.parse

DRIP_BYTES = 400
DRIP_SECONDS = 0.01


class Relay:
    """Started by `with`. `cut()` ends every connection and refuses new ones until `mend()`; `freeze()`
    leaves those there are half open: no byte arrives any more, and no end; `drip()` lets what comes from
    the server trickle until `mend()`."""

    def __init__(self, url):
        target = urllib.parse.urlsplit(url)
        self.target = (target.hostname, target.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"{target.scheme}://127.0.0.1:{self.listener.getsockname()[1]}"
        self.whole = True
        self.dripping = False
        self.lock = threading.Lock()
        self.open = set()
        self.frozen = set()

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.cut()
        self.listener.close()

    def cut(self):
        self.whole = False
        self.end_connections()

    def end_connections(self):
        """New ones may be made at once."""
        with self.lock:
            for end in self.open:
                self._shut(end)

    def freeze(self):
        with self.lock:
            self.frozen |= self.open

    def drip(self):
        self.dripping = True

    def mend(self):
        self.whole = True
        self.dripping = False

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # closed
            try:
                if not self.whole:
                    raise OSError("cut")
                server = socket.create_connection(self.target)
            except OSError:
                client.close()
                continue
            with self.lock:
                self.open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, sink, source is server),
                                 daemon=True).start()

    def _pass_on(self, source, sink, answers):
        try:
            while data := source.recv(65536):
                if source in self.frozen:
                    continue  # lost on the way
                self._send(sink, data, answers)
        except OSError:
            pass
        if source not in self.frozen:
            for end in (source, sink):
                self._shut(end)
        with self.lock:
            self.open -= {source}
        if source not in self.frozen:
            source.close()

    def _send(self, sink, data, answers):
        while self.dripping and answers and data:
            sink.sendall(data[:DRIP_BYTES])
            data = data[DRIP_BYTES:]
            time.sleep(DRIP_SECONDS)
        sink.sendall(data)

    @staticmethod
    def _shut(end):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # has gone already
