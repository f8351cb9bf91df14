"""Requests a second through gunicorn with two workers, against T served the same way; needs Debian's `wrk`."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

from flask import Flask, current_app

from benchmarks.report import Report

_SECONDS = 8


def measure(app: Flask, report: Report, goal: float | None) -> None:
    """Print the share of T's requests a second that the results page reaches."""
    if shutil.which("wrk") is None:
        report.plain("requests a second against T", "   (install wrk to measure this)")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = _start(app, port)
    try:
        page, fixed = (_requests_a_second(port, path) for path in ("/search?near=63101&radius=25", "/fixed"))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    report.ratio("requests a second against T, gunicorn, 2 workers", page / fixed, unit="", goal=goal, at_least=True)


def _start(app: Flask, port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py",
        "-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}", "benchmarks.served:application()",
    ]  # fmt: skip
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    environment = os.environ | {"DATABASE_URL": url, "BENCH_INSTANCE": app.instance_path}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        time.sleep(0.1)
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz"):
                return server
        except OSError:
            continue
    server.kill()
    raise SystemExit("gunicorn did not come up")


def _requests_a_second(port: int, path: str) -> float:
    load = ["wrk", "-t", "1", "-c", "8", "-d", f"{_SECONDS}s", f"http://127.0.0.1:{port}{path}"]
    printed = subprocess.run(load, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([0-9.]+)", printed)
    assert found, printed
    assert "Non-2xx" not in printed, printed
    return float(found[1])
