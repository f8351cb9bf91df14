"""`flask demo`: the invented clinics that show what the directory does."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.services import demo as invented
from directory.services import demo_accounts

demo = AppGroup("demo", help="Invented clinics, labelled as such, to try the directory with.")


@demo.command("load")
def load() -> None:
    """Write about 500 invented clinics and what happened to them; only with DEMO=1, and once is enough."""
    if not current_app.config["DEMO"]:
        raise click.ClickException(
            "These clinics are invented and must not stand beside real ones. Set DEMO=1 where that is meant."
        )
    stop_unless_ready()
    with click.progressbar(length=len(invented.heroes()), label="Telling the demonstration's stories") as bar:
        loaded = invented.load(today=datetime.now(UTC).date(), on_progress=bar.update)
    clinics = loaded.clinics
    if clinics.new or clinics.changed or loaded.stories:
        click.echo(
            f"{clinics.new} invented clinics are new, {clinics.changed} changed; {loaded.stories} were checked by"
            " invented reviewers."
        )
    else:
        click.echo(f"All {clinics.unchanged} invented clinics are there already.")
    _tell_who_may_sign_in()


def _tell_who_may_sign_in() -> None:
    codes = current_app.extensions["security"].totp_factory
    for account in demo_accounts.make(codes.encrypt, at=datetime.now(UTC)):
        second_step = f", second step (key for an authenticator app): {account.totp_key}" if account.totp_key else ""
        click.echo(f"{account.label}: {account.email}, password: {account.password}{second_step}")
