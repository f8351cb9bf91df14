"""`flask accounts link`, `unlink` and `proposals`: whose accounts are one person's, as an administrator decides."""

from collections.abc import Callable
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from directory.cli.readiness import stop_unless_ready
from directory.domain.errors import DirectoryError
from directory.services import groups as services

_BY = click.option("--by", required=True, help="The administrator who decides this, by address or id.")


@click.command("proposals")
@with_appcontext
def proposals() -> None:
    """Print what moderators proposed to link and nobody linked yet."""
    stop_unless_ready()
    for each in services.proposed():
        click.echo(f"{each.at:%Y-%m-%d}  {each.account}  {each.other}  {' '.join(each.words.split())}")


@click.command("link")
@click.argument("account")
@click.argument("other")
@_BY
@with_appcontext
def link(account: str, other: str, by: str) -> None:
    """Let two accounts, named by address or id, speak with one voice; scores follow at once."""
    changed = _done(lambda: services.link(account, other, administrator=by, at=datetime.now(UTC)))
    click.echo(f"{account} and {other} speak with one voice now; {changed} scores changed.")


@click.command("unlink")
@click.argument("account")
@_BY
@with_appcontext
def unlink(account: str, by: str) -> None:
    """Let an account speak for itself again; scores follow at once."""
    changed = _done(lambda: services.unlink(account, administrator=by, at=datetime.now(UTC)))
    click.echo(f"{account} speaks for itself now; {changed} scores changed.")


def _done(act: Callable[[], int]) -> int:
    stop_unless_ready()
    try:
        return act()
    except DirectoryError as error:
        raise click.ClickException(str(error)) from error


#: What stands beside the commands of `flask accounts`.
COMMANDS = (proposals, link, unlink)
