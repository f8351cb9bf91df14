"""`flask reviews`: what time does to reviews that were handed in."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.services import lapses

reviews = AppGroup("reviews", help="Reviews that were handed in.")


@reviews.command("lapse")
def lapse() -> None:
    """Withdraw the reviews whose authors were asked for changes 30 days ago and made none; run it every night."""
    stop_unless_ready()
    number = lapses.lapse(at=datetime.now(UTC))
    click.echo(f"Reviews lapsed: {number}.")
