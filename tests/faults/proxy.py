"""An HTTP proxy before Prometheus or the API server that answers wrongly when told to."""

import http.client
import http.server
import json
import socket
import ssl
import threading
import time
import urllib.parse

JSON = {"Content-Type": "application/json"}
STATUS = lambda code, reason: json.dumps({
    "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
    "message": f"made up by a test: {reason}"}).encode()

# What is answered in place of the server: status, headers, body.
ANSWERS = {
    "429": (429, JSON | {"Retry-After": "1"}, STATUS(429, "TooManyRequests")),
    "500": (500, JSON, STATUS(500, "InternalError")),
    "503": (503, JSON, STATUS(503, "ServiceUnavailable")),
    "504": (504, JSON, STATUS(504, "Timeout")),
    "html": (200, {"Content-Type": "text/html"}, b"<html>please log in</html>"),
    "empty": (200, JSON, json.dumps({"status": "success", "data": {
        "resultType": "vector", "result": []}}).encode()),
}
# What becomes of the server's answer.
EDITS = {
    "truncated": lambda body: body,  # its second half is not sent
    "another pool": lambda body: body.replace(b'"live"', b'"other"'),
}
# Errors that say what they were asked, credentials and all, by status.
ECHOES = {"echo by 400": 400, "echo by 401": 401, "echo by 500": 500}
SLOW_SECONDS = 4


class Held:
    """A request that the proxy has taken in whole and keeps to itself until it is let go, whatever
    becomes of the one who sent it; then what the server answered to it."""

    def __init__(self, method, ending):
        self.method, self.ending = method, ending
        self.arrived = threading.Event()
        self.released = threading.Event()
        self.answered = threading.Event()
        self.body = b""
        self.status = None
        self.answer = b""

    def is_meant(self, method, path):
        return method == self.method and urllib.parse.urlsplit(path).path.endswith(self.ending)

    def let_go(self, seconds=10):
        """Returns the status and the text of the server's answer."""
        self.released.set()
        if not self.answered.wait(seconds):
            raise AssertionError(f"the server has not answered {self.method} {self.ending}")
        return self.status, self.answer.decode(errors="replace")


class FaultyProxy:
    """Started by `with`. `fault` is a key of ANSWERS or EDITS, "slow", or nothing. `certificate` are the
    paths of a certificate and its key, for TLS; `ca` says whom to believe behind it."""

    def __init__(self, url, certificate=None, ca=None):
        self.target = urllib.parse.urlsplit(url)
        self.upstream = ssl.create_default_context(cadata=ca) if ca else None
        self.fault = None
        self.asked = 0
        self.held = []
        self.streams = set()
        self.upstreams = set()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self.server.daemon_threads = False  # so that closing it waits for them
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.url = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        for held in self.held:
            held.released.set()
        end(self.streams)
        end({upstream.sock for upstream in self.upstreams})
        self.server.server_close()

    def cut_streams(self):
        """Ends every watch that is under way."""
        end(self.streams)

    def hold_next(self, method, ending):
        """Keeps back the next request of that method whose path ends so."""
        self.held.append(Held(method, ending))
        return self.held[-1]

    def to_hold(self, method, path):
        """The one of `held` that waits for such a request; nothing when there is none."""
        return next((held for held in self.held
                     if not held.arrived.is_set() and held.is_meant(method, path)), None)

    def connect(self):
        kind = http.client.HTTPSConnection if self.upstream else http.client.HTTPConnection
        more = {"context": self.upstream} if self.upstream else {}
        return kind(self.target.hostname, self.target.port, timeout=120, **more)


def end(sockets):
    for each in list(sockets):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            pass  # has ended by itself


def handler_for(proxy):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_any(self):
            proxy.asked += 1
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.held = proxy.to_hold(self.command, self.path)
            if self.held:
                self.held.body = body
                self.held.arrived.set()
                self.held.released.wait()
            try:
                if proxy.fault in ECHOES:
                    return self.answer(ECHOES[proxy.fault], JSON, json.dumps({
                        "status": "error", "errorType": "bad_data",
                        "error": f"what is {self.headers}?"}).encode())
                if proxy.fault in ANSWERS:
                    return self.answer(*ANSWERS[proxy.fault])
                if proxy.fault == "slow":
                    time.sleep(SLOW_SECONDS)
                self.pass_on(body)
            except (OSError, http.client.HTTPException):
                self.close_connection = True  # one of the two ends has gone

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_any

        def pass_on(self, body):
            headers = {name: value for name, value in self.headers.items()
                       if name.lower() not in ("host", "connection", "content-length")}
            upstream = proxy.connect()
            proxy.upstreams.add(upstream)
            try:
                self.pass_on_to(upstream, headers, body)
            finally:
                proxy.upstreams.discard(upstream)
                upstream.close()

        def pass_on_to(self, upstream, headers, body):
            upstream.request(self.command, self.path, body or None, headers)
            with upstream.getresponse() as answer:
                kept = {name: answer.headers[name] for name in ("Content-Type", "Retry-After")
                        if name in answer.headers}
                if "watch=1" in self.path and answer.status == 200:
                    self.stream(answer, kept)
                else:
                    edit = EDITS.get(proxy.fault, lambda text: text)
                    text = answer.read()
                    self.note(answer.status, text)
                    self.answer(answer.status, kept, edit(text))

        def note(self, status, text):
            if self.held:
                self.held.status, self.held.answer = status, text
                self.held.answered.set()

        def answer(self, status, headers, body):
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            if proxy.fault == "truncated" and len(body) > 1:
                body = body[:len(body) // 2]
                self.close_connection = True
            self.wfile.write(body)

        def stream(self, answer, headers):
            self.send_response(200)
            for name, value in (headers | {"Transfer-Encoding": "chunked"}).items():
                self.send_header(name, value)
            self.end_headers()
            proxy.streams.add(self.connection)
            try:
                while piece := answer.read1(65536):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")
            finally:
                proxy.streams.discard(self.connection)

        def log_message(self, *_):
            pass

    return Handler
