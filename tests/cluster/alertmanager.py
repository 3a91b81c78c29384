"""A real Alertmanager on loopback, and somebody whom it tells."""

import http.server
import json
import threading

from processes import Process, Service, wait_for


class Alertmanager(Service):
    """Started by `with`. `told` are the alerts of which it has sent word, oldest first, each as the
    webhook's JSON has it."""

    def __init__(self):
        super().__init__("alertmanager")
        told = self.told = []

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.extend(json.loads(body)["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=self.receiver.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        super().__exit__()
        self.receiver.shutdown()
        self.receiver.server_close()

    def last(self, alert, status, **labels):
        """The last word of that alert, if it has that status ("firing", "resolved"); nothing else."""
        wanted = {"alertname": alert, **labels}
        words = [word for word in self.told if wanted.items() <= word["labels"].items()]
        return words[-1] if words and words[-1]["status"] == status else None

    def start(self):
        hook = f"http://127.0.0.1:{self.receiver.server_address[1]}/"
        (self.directory / "alertmanager.yml").write_text(json.dumps({
            "route": {"receiver": "somebody", "group_by": ["..."], "group_wait": "0s",
                      "group_interval": "1s"},
            "receivers": [{"name": "somebody", "webhook_configs": [{"url": hook}]}]}))
        self.process = Process("alertmanager", [
            "prometheus-alertmanager", f"--config.file={self.directory}/alertmanager.yml",
            f"--storage.path={self.directory}/data", "--cluster.listen-address=",
            f"--web.listen-address={self.address}", "--log.level=warn"], self.directory)
        wait_for("Alertmanager", self.ready, 30)
