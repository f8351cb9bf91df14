"""`flask demo`: the invented clinics that show what the directory does."""

import click
from flask import current_app
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.services import demo as invented

demo = AppGroup("demo", help="Invented clinics, labelled as such, to try the directory with.")


@demo.command("load")
def load() -> None:
    """Write about 400 invented clinics; only with DEMO=1, and once is enough."""
    if not current_app.config["DEMO"]:
        raise click.ClickException(
            "These clinics are invented and must not stand beside real ones. Set DEMO=1 where that is meant."
        )
    stop_unless_ready()
    recorded = invented.load()
    if recorded.new or recorded.changed:
        click.echo(f"{recorded.new} invented clinics are new, {recorded.changed} changed.")
    else:
        click.echo(f"All {recorded.unchanged} invented clinics are there already.")
