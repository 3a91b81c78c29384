"""A real Prometheus on loopback, with a past written beforehand and targets it scrapes."""

import json
import signal
import subprocess
import urllib.parse
import urllib.request

from processes import Process, Service, wait_for


class Prometheus(Service):
    """Started by `with`. `targets` are host:port texts; `history` is OpenMetrics text, oldest first;
    `rules` is a file of alerts, of which the `alertmanager` at host:port is told."""

    def __init__(self, targets=(), history=None, scrape_seconds=5, rules=None,
                 alertmanager=None):
        super().__init__("prometheus")
        self.url = f"http://{self.address}"
        self.targets = list(targets)
        self.history = history
        self.scrape_seconds = scrape_seconds
        self.rules = rules
        self.alertmanager = alertmanager

    def prepare(self):
        self._write_history()
        self._write_configuration()

    def start(self):
        self.process = Process("prometheus", [
            "prometheus", f"--config.file={self.directory}/prometheus.yml",
            f"--storage.tsdb.path={self.directory}/data", "--storage.tsdb.retention.time=10y",
            f"--web.listen-address={self.address}", "--log.level=warn"], self.directory)
        wait_for("Prometheus", self.ready, 60)

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
