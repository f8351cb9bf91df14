import os
import re
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest

from directory import ROOT

FLASK = (sys.executable, "-m", "flask")
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)\n")


def test_the_printed_address_is_the_one_that_answers(serving):
    process = serving()

    address = process.stdout.readline()

    assert answers(int(ADDRESS.fullmatch(address)[1]))


def test_a_taken_port_is_left_alone_and_the_next_free_one_used(serving):
    one, other = serving(), serving()

    ports = [int(ADDRESS.fullmatch(process.stdout.readline())[1]) for process in (one, other)]

    assert len(set(ports)) == 2
    assert min(ports) >= 5000
    assert all(answers(port) for port in ports)


def test_port_5000_is_used_when_it_is_free(serving):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        is_free = probe.connect_ex(("127.0.0.1", 5000)) != 0

    port = int(ADDRESS.fullmatch(serving().stdout.readline())[1])

    assert (port == 5000) == is_free


def test_ctrl_c_closes_quietly(serving):
    process = serving()
    process.stdout.readline()

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=10) == 0
    assert process.stderr.read() == ""


@pytest.mark.parametrize("command", [("serve",), ("run", "--port", "0")])
@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        ([], "This directory is not set up yet. Run flask db upgrade and then flask places load."),
        ([("db", "upgrade")], "This directory is not set up yet. Run flask places load."),
    ],
)
def test_a_directory_that_is_not_set_up_is_not_served_and_the_commands_are_named(command, done, sentence, tmp_path):
    for step in done:
        flask(*step, url=f"sqlite:///{tmp_path / 'new.sqlite3'}")

    outcome = flask(*command, url=f"sqlite:///{tmp_path / 'new.sqlite3'}")

    assert outcome.returncode == 1
    assert outcome.stderr == f"Error: {sentence}\n"


@pytest.mark.parametrize("command", [("serve",), ("run", "--port", "0")])
def test_a_database_that_does_not_answer_stops_the_server_with_a_sentence(command):
    outcome = flask(*command, url="postgresql://nobody@127.0.0.1:1/nothing")

    assert outcome.returncode == 1
    assert outcome.stderr == (
        "Error: The database cannot be reached. Look at DATABASE_URL and whether its server runs.\n"
    )


def test_other_commands_are_not_asked_for_a_database():
    assert flask("routes", url="postgresql://nobody@127.0.0.1:1/nothing").returncode == 0


def test_when_every_port_is_taken_the_sentence_says_what_to_do(sqlite_app):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 65535))
        taken.listen()

        outcome = flask("serve", "--port", "65535", url=sqlite_app.config["SQLALCHEMY_DATABASE_URI"])

    assert outcome.returncode == 1
    assert outcome.stderr == "Error: The ports 65535 to 65535 are all taken. Name another first one with --port.\n"


def answers(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    connection.close()
    return status == 200


def flask(*arguments, url):
    return subprocess.run(
        [*FLASK, *arguments], cwd=ROOT, env=environment(url), capture_output=True, text=True, timeout=60, check=False
    )


def environment(url):
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL"}}
    return kept | {"DATABASE_URL": url}


@pytest.fixture
def serving(sqlite_app):
    """Starts `flask serve` on a directory that is set up; every server started is ended."""
    started = []

    def start():
        url = sqlite_app.config["SQLALCHEMY_DATABASE_URI"]
        process = subprocess.Popen(
            [*FLASK, "serve"],
            cwd=ROOT,
            env=environment(url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A worker of pytest-xdist ignores Ctrl-C, and what it starts would inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - nothing else runs then
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=10)
