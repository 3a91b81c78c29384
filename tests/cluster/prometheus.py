"""A real Prometheus on loopback, with a past written beforehand and targets it scrapes."""

import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import urllib.parse
import urllib.request

from processes import Process, free_port, wait_for


class Prometheus:
    """Started by `with`. `targets` are host:port texts; `history` is OpenMetrics text, oldest first;
    `rules` is a file of alerts, of which the `alertmanager` at host:port is told."""

    def __init__(self, targets=(), history=None, scrape_seconds=5, rules=None,
                 alertmanager=None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="edgetide-prometheus-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.targets = list(targets)
        self.history = history
        self.scrape_seconds = scrape_seconds
        self.rules = rules
        self.alertmanager = alertmanager
        self.process = None

    def __enter__(self):
        try:
            self._write_history()
            self._write_configuration()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self):
        self.process = Process("prometheus", [
            "prometheus", f"--config.file={self.directory}/prometheus.yml",
            f"--storage.tsdb.path={self.directory}/data", "--storage.tsdb.retention.time=10y",
            f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"], self.directory)
        wait_for("Prometheus", self._ready, 60)

    def stop(self):
        self.process.kill()

    def also_scrape(self, target):
        self.targets.append(target)
        self._write_configuration()
        self.process.child.send_signal(signal.SIGHUP)

    def query(self, expression, at=None):
        form = {"query": expression} | ({"time": at} if at else {})
        url = f"{self.url}/api/v1/query?{urllib.parse.urlencode(form)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]["result"]

    def _write_history(self):
        if not self.history:
            return
        source = self.directory / "history.om"
        source.write_text(self.history)
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics",
                        "--max-block-duration=1000h", source, self.directory / "data"],
                       check=True, capture_output=True)

    def _write_configuration(self):
        (self.directory / "prometheus.yml").write_text(json.dumps({
            "global": {"scrape_interval": f"{self.scrape_seconds}s",
                       "scrape_timeout": f"{self.scrape_seconds}s",
                       "evaluation_interval": f"{self.scrape_seconds}s"},
            "rule_files": [str(self.rules)] if self.rules else [],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [self.alertmanager]}]}]
                         if self.alertmanager else []},
            "scrape_configs": [{"job_name": "edge", "honor_labels": True,
                                "static_configs": [{"targets": self.targets}]}]}))

    def _ready(self):
        self.process.check()
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False
