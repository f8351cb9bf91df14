"""`flask outbox`: sends the mail that was written, once or for as long as it is left running."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread
from types import FrameType

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from directory.cli.readiness import stop_without_tables
from directory.services import outbox as services
from directory.services.mail_transport import build_transport
from directory.services.outbox import Sent

outbox = AppGroup("outbox", help="The mail that waits to be sent.")

#: What is put into it asks a watcher to end. A signal may put something in at any moment; an Event could lock up then.
_Asked = SimpleQueue[int]
_log = structlog.get_logger("directory.outbox")


@outbox.command("send")
@click.option("--watch", is_flag=True, help="Go on until Ctrl-C or SIGTERM.")
@click.option(
    "--every", type=click.FloatRange(min=0.1), default=5, show_default=True, help="With --watch: seconds between looks."
)
def send(*, watch: bool, every: float) -> None:
    """Send the mail that is due; exits 1 where some was not taken, which is tried again later."""
    stop_without_tables()
    if watch:
        with _asked_by_signals() as asked:
            _watch(asked, every, tell=_tell)
        return
    sent = _send(SimpleQueue())
    _tell(sent)
    raise SystemExit(1 if sent.failed else 0)


@contextmanager
def sending_beside(app: Flask, every: float = 1) -> Iterator[None]:
    """Send mail in a thread for as long as the block runs."""
    asked: _Asked = SimpleQueue()

    def watch() -> None:
        with app.app_context():
            _watch(asked, every, tell=lambda _: None)

    thread = Thread(target=watch)
    try:
        thread.start()
        yield
    finally:
        # Not joined: Ctrl-C may have come before the thread was known to run. Python waits for it at the end.
        asked.put(0)


def _watch(asked: _Asked, every: float, *, tell: Callable[[Sent], None]) -> None:
    while True:
        try:
            sent = _send(asked)
        except OperationalError as error:
            # Busy or away for the moment: nothing is lost, and the next look asks again.
            _log.warning("outbox_not_reached", error=type(error.orig).__name__)
        else:
            if sent != Sent():
                tell(sent)
        with suppress(Empty):
            asked.get(timeout=every)
            return


def _send(asked: _Asked) -> Sent:
    transport = build_transport(current_app.config["MAIL_URL"], sender=current_app.config["MAIL_FROM"])
    return services.send(transport, at=datetime.now(UTC), is_ended=lambda: not asked.empty())


def _tell(sent: Sent) -> None:
    click.echo(f"Mails sent: {sent.sent}, failed: {sent.failed}, expired: {sent.expired}.")


@contextmanager
def _asked_by_signals() -> Iterator[_Asked]:
    """Yield what Ctrl-C and SIGTERM put something into, so that a mail under way is finished; the second one kills."""
    asked: _Asked = SimpleQueue()

    def ask(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        asked.put(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, ask)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
