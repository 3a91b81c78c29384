#!/usr/bin/env python3
"""Runs a command with two real Prometheus servers beside it, and stops them afterwards.

EDGETIDE_TEST_PROMETHEUS_URL         plain, with the series of series() below
EDGETIDE_TEST_SECURE_PROMETHEUS_URL  TLS and basic authorization (admin:test), empty
EDGETIDE_TEST_PROMETHEUS_CA          file with the certificate to trust for it

Exits with the command's code; with 77 (skipped; 1 when CI=true) where Prometheus is not installed.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cluster"))
from processes import free_port  # noqa: E402

START = 1704067200  # 2024-01-01T00:00:00Z, a Monday
END = START + 3 * 86400
# bcrypt of "test", as in Prometheus's documentation.
PASSWORD_HASH = "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay"


def series():
    """Samples every minute from START to END; what each pool is good for stands beside it."""
    for t in range(START, END + 1, 60):
        minute = (t - START) // 60
        for zone, base in (("a", 100), ("b", 200), ("c", 300)):
            labels = f'namespace="video",pool="whole",zone="{zone}"'
            # Zone c was not recorded in the eleventh hour.
            if zone != "c":
                yield f"sessions{{{labels}}} {base + minute % 7} {t}"
            elif not 600 <= minute < 660:
                yield f"sessions{{{labels}}} {base} {t}"
            yield f"bytes_total{{{labels}}} {minute * 60 * base} {t}"
            # Zone a of this pool stopped 100 seconds before the end and more.
            if zone != "a" or t <= END - 100:
                yield f'sessions{{namespace="video",pool="frozen",zone="{zone}"}} {base} {t}'
            if zone != "c":
                yield f'sessions{{namespace="video",pool="partial",zone="{zone}"}} {base} {t}'
            value = "NaN" if zone == "b" else base
            yield f'sessions{{namespace="video",pool="nan",zone="{zone}"}} {value} {t}'
            # Series that know only their instance, and another that says whose it is.
            yield f'plain_sessions{{instance="{zone}1"}} {base} {t}'
            owner = f'namespace="video",pool="joined",zone="{zone}"'
            yield f'owner_info{{instance="{zone}1",{owner}}} 1 {t}'


def write_openmetrics(path):
    families = {}
    for line in series():
        families.setdefault(line.split("{")[0], []).append(line)
    with open(path, "w", encoding="utf-8") as file:
        for name, lines in families.items():
            counter = name.endswith("_total")
            kind = "counter" if counter else "gauge"
            file.write(f"# TYPE {name.removesuffix('_total')} {kind}\n")
            file.write("\n".join(lines) + "\n")
        file.write("# EOF\n")


def start(directory, data, extra=()):
    port = free_port()
    (directory / "prometheus.yml").write_text("global: {}\n")
    with open(directory / f"{port}.log", "wb") as log:
        process = subprocess.Popen(
            ["prometheus", f"--config.file={directory}/prometheus.yml",
             f"--storage.tsdb.path={data}", "--storage.tsdb.retention.time=100y",
             f"--web.listen-address=127.0.0.1:{port}", *extra],
            stdout=log, stderr=subprocess.STDOUT)
    return process, port


def wait_until_listening(process, port, plain):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if plain:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2).close()
            else:
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"with_prometheus: the server on port {port} did not start")


def secure_config(directory):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=prometheus.test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
         directory / "key.pem", "-out", directory / "cert.pem"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (directory / "web.yml").write_text(
        f"tls_server_config: {{cert_file: {directory}/cert.pem, key_file: {directory}/key.pem}}\n"
        f"basic_auth_users: {{admin: '{PASSWORD_HASH}'}}\n")
    return f"--web.config.file={directory}/web.yml"


def run(command, directory, started):
    write_openmetrics(directory / "series.txt")
    data = directory / "data"
    subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics",
                    directory / "series.txt", data], check=True, stdout=subprocess.DEVNULL)
    plain, plain_port = start(directory, data)
    started.append(plain)
    secure, secure_port = start(directory, directory / "empty", [secure_config(directory)])
    started.append(secure)
    wait_until_listening(plain, plain_port, True)
    wait_until_listening(secure, secure_port, False)
    return subprocess.run(command, check=False, env={
        **os.environ,
        "EDGETIDE_TEST_PROMETHEUS_URL": f"http://127.0.0.1:{plain_port}",
        "EDGETIDE_TEST_SECURE_PROMETHEUS_URL": f"https://127.0.0.1:{secure_port}",
        "EDGETIDE_TEST_PROMETHEUS_CA": str(directory / "cert.pem"),
    }).returncode


def main():
    command = sys.argv[1:]
    missing = [p for p in ("prometheus", "promtool", "openssl") if shutil.which(p) is None]
    if missing:
        print("with_prometheus: not installed: " + ", ".join(missing), file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 77
    # A stop from outside unwinds like any other end, so that the servers are stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = []
    with tempfile.TemporaryDirectory(prefix="edgetide-prometheus-") as directory:
        try:
            return run(command, pathlib.Path(directory), started)
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=30)


if __name__ == "__main__":
    sys.exit(main())
