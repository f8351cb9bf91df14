"""`flask audit`: whether the record of decisions is as it was written."""

import click
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.services import audit as services

audit = AppGroup("audit", help="The chain of the record of decisions.")


@audit.command("verify")
@click.option("--head", default="", help="A hash noted down earlier, which must still stand in the chain.")
def verify(head: str) -> None:
    """Walk the chain from its first entry and hold the decisions against it; exits 1 where anything differs."""
    stop_unless_ready()
    found = services.verify(head)
    if found.problem:
        raise click.ClickException(f"{found.problem}. Entries that hold: {found.entries}.")
    click.echo(f"Entries that hold: {found.entries}. Note this hash down outside: {found.head}")
