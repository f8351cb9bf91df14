import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from directory import ROOT, create_app
from directory.extensions import db
from directory.models import OutboxMail
from tests.support.smtp import free_port, mail_server, written
from tests.support.tables import rows

PAST = datetime(2026, 1, 1, tzinfo=UTC)


def test_in_development_mail_is_printed_and_counted(run):
    posted(subject="Confirm your address")

    outcome = run()

    assert outcome.exit_code == 0
    assert "\nSubject: Confirm your address\n" in outcome.stdout
    assert outcome.stdout.splitlines()[-1] == "Mails sent: 1, failed: 0, expired: 0."


def test_nothing_to_send_is_no_failure(run):
    outcome = run()

    assert (outcome.exit_code, outcome.stdout) == (0, "Mails sent: 0, failed: 0, expired: 0.\n")


def test_mail_goes_to_the_server_that_is_named_from_the_sender_that_is_named(run, app, monkeypatch):
    posted()

    with mail_server() as inbox:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{inbox.port}")
        monkeypatch.setitem(app.config, "MAIL_FROM", "hello@clinics.example")
        outcome = run()

    assert (outcome.exit_code, outcome.stdout) == (0, "Mails sent: 1, failed: 0, expired: 0.\n")
    assert inbox.taken[0]["From"] == "hello@clinics.example"


def test_mail_that_was_not_taken_fails_the_command_and_what_ran_out_is_told(run, app, monkeypatch):
    posted()
    posted(expires_at=PAST + timedelta(days=1))
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{free_port()}")

    outcome = run()

    assert (outcome.exit_code, outcome.stdout) == (1, "Mails sent: 0, failed: 1, expired: 1.\n")


def test_tables_that_are_missing_are_told_of(tmp_path):
    outcome = create_app({}, instance_path=tmp_path).test_cli_runner().invoke(args=["outbox", "send"])

    assert outcome.exit_code == 1
    assert "The tables are not there yet. Run flask db upgrade first." in outcome.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_watcher_sends_what_is_written_while_it_runs_and_ends_quietly_when_asked(ending, app):
    posted(subject="first")

    with watching("outbox", "send", "--watch", "--every", "0.1") as process:
        printed_until(process, "Subject: first\n", "Mails sent: 1")
        posted(subject="second")
        printed_until(process, "Subject: second\n", "Mails sent: 1")
        process.send_signal(ending)
        left, complaints = process.communicate(timeout=30)

    assert (process.returncode, left, complaints) == (0, "", "")
    assert all(row.sent_at for row in rows(OutboxMail))


def test_a_watcher_that_is_asked_to_end_finishes_the_mail_in_its_hands(app):
    for number in range(3):
        posted(subject=f"{number}")

    with mail_server() as inbox:
        inbox.answer = lambda _: process.send_signal(signal.SIGTERM) or "250 OK"
        with watching("outbox", "send", "--watch", mail_url=f"smtp://127.0.0.1:{inbox.port}") as process:
            printed, complaints = process.communicate(timeout=30)

    assert (process.returncode, printed, complaints) == (0, "Mails sent: 1, failed: 0, expired: 0.\n", "")
    assert [row.sent_at is None for row in rows(OutboxMail)] == [False, True, True]


def test_a_watcher_outlives_a_database_that_is_busy(sqlite_app, tmp_path):
    file = tmp_path / "busy.sqlite3"
    runner = create_app({"DATABASE_URL": f"sqlite:///{file}"}, instance_path=tmp_path).test_cli_runner()
    assert runner.invoke(args=["db", "upgrade"]).exit_code == 0
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("ALTER TABLE outbox RENAME TO away")

    with watching("outbox", "send", "--watch", "--every", "0.1", url=f"sqlite:///{file}") as process:
        assert '"event": "outbox_not_reached"' in process.stderr.readline()
        other.execute("ALTER TABLE away RENAME TO outbox")
        other.execute(
            "INSERT INTO outbox (message_id, kind, recipient, subject, body, created_at, expires_at, due_at, attempts)"
            f" VALUES ('<1@x>', 'test', 'jo@x.example', 'back', 'Hi', '{PAST:%F %T.%f}', '9999-01-01 00:00:00.000000',"
            f" '{PAST:%F %T.%f}', 0)"
        )
        printed_until(process, "Subject: back\n")
    other.close()


def test_the_server_for_trying_out_prints_the_mail_that_its_pages_write(sqlite_app):
    with sqlite_app.app_context():
        with watching("serve", url=sqlite_app.config["SQLALCHEMY_DATABASE_URI"]) as process:
            assert process.stdout.readline().startswith("http://127.0.0.1:")
            posted(subject="Confirm your address")
            printed_until(process, "Subject: Confirm your address\n", "-----")
            process.send_signal(signal.SIGINT)
            left, complaints = process.communicate(timeout=30)

        assert (process.returncode, left, complaints) == (0, "", "")
        db.session.query(OutboxMail).delete()
        db.session.commit()


def posted(**fields):
    written(at=PAST, **{"expires_at": datetime(9999, 1, 1, tzinfo=UTC)} | fields)


def printed_until(process, *starts):
    """Read lines until there was one with each of these beginnings, in that order."""
    for start in starts:
        while not (line := process.stdout.readline()).startswith(start.rstrip("\n")):
            assert line, f"the process ended before it printed {start}"


@contextmanager
def watching(*command, url="", mail_url=""):
    """Start a `flask` command of its own on the database of the test, and end it."""
    url = url or db.engine.url.render_as_string(hide_password=False)
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env=kept | {"DATABASE_URL": url, "MAIL_URL": mail_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A worker of pytest-xdist ignores Ctrl-C, and what it starts would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - nothing else runs then
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def run(app):
    db.session.rollback()
    return lambda *options: app.test_cli_runner().invoke(args=["outbox", "send", *options])
