import os
import socket
import sqlite3
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest
from sqlalchemy import text

from directory import ROOT
from directory.extensions import reading

VISITOR = {"X-Forwarded-For": "203.0.113.77", "Referer": "https://came.from.example/", "User-Agent": "curious/1"}


@pytest.mark.parametrize("options", [(), ("--access-logfile", "-")], ids=["as delivered", "with gunicorn's own lines"])
def test_no_log_tells_who_asked_or_for_what(options, gunicorn):
    process, port = gunicorn(*options)

    ask(port, "/search?near=63101")
    send(port, b"GET /search?near=63101 HTTP/9.9\r\n\r\n")
    send(port, b"near=63101 is no request\r\n\r\n")

    log = ended(process)
    for private in ("63101", "near=", "203.0.113.77", "ip=", "came.from", "curious"):
        assert private not in log
    assert "Traceback" not in log


def test_a_refused_request_is_told_of_without_its_sender(gunicorn):
    process, port = gunicorn()

    send(port, b"near=63101 is no request\r\n\r\n")

    assert "An invalid request was refused" in ended(process)


def test_gunicorns_own_lines_keep_to_method_path_status_and_time(gunicorn):
    process, port = gunicorn("--access-logfile", "-")

    ask(port, "/healthz?near=63101")

    assert any(line.startswith("GET /healthz 200 ") for line in ended(process).splitlines())


def test_an_overlong_query_meets_our_own_page_and_no_shorter_one_is_refused(gunicorn):
    _, port = gunicorn()

    short = ask(port, "/search?near=" + "x" * 5000)
    long = ask(port, "/search?near=" + "x" * 9000)

    assert (short.status, long.status) == (422, 400)
    for answer in (short, long):
        assert "default-src" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Request-Id"]


def test_a_line_that_never_ends_is_cut_off(gunicorn):
    _, port = gunicorn()

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /search?near=" + b"x" * 70_000)

        assert connection.recv(4096).startswith(b"HTTP/1.1 414 ")


def test_a_worker_has_read_the_places_before_anybody_asks(gunicorn, tmp_path, sqlite_app):
    with sqlite_app.app_context(), reading() as session:
        session.execute(text("VACUUM INTO :copy"), {"copy": str(tmp_path / "copy.sqlite3")})
    _, port = gunicorn(database=f"sqlite:///{tmp_path}/copy.sqlite3")
    with sqlite3.connect(tmp_path / "copy.sqlite3") as connection:
        connection.execute("DELETE FROM place")

    assert "Springfield, MO" in ask(port, "/api/v1/places?q=springf").text


def test_a_worker_starts_without_a_database_and_says_what_is_missing(gunicorn, tmp_path):
    process, port = gunicorn(database=f"sqlite:///{tmp_path}/none.sqlite3")

    assert ask(port, "/healthz").status == 200
    assert ask(port, "/readyz").status == 503
    assert "The gazetteer could not be read yet" in ended(process)


def ask(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=VISITOR)
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


def send(port, data):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        while connection.recv(4096):
            pass


def ended(process):
    process.terminate()
    return "".join(process.communicate(timeout=20))


@pytest.fixture
def gunicorn(sqlite_app):
    """Starts gunicorn with the project's own file on a free port and waits until it listens."""
    started = []

    def start(*options, database=sqlite_app.config["SQLALCHEMY_DATABASE_URI"]):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *options, "wsgi:app"]
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": database}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(command, cwd=ROOT, env=environment | {"WEB_CONCURRENCY": "1"}, **pipes)
        started.append(process)
        wait_for(port)
        return process, port

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=10)


def wait_for(port):
    for _ in range(200):
        try:
            ask(port, "/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)
