"""`flask drafts`: what people typed into the form of a review and did not hand in."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.services import drafts as services

drafts = AppGroup("drafts", help="Reviews that were begun and not handed in.")


@drafts.command("expire")
def expire() -> None:
    """Delete the drafts that nobody touched for 90 days; run it every night."""
    stop_unless_ready()
    deleted = services.expire(at=datetime.now(UTC))
    click.echo(f"Drafts deleted: {deleted}.")
