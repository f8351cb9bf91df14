"""`flask accounts`: accounts that an operator makes, and the roles that only an operator grants."""

import secrets
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.domain.access import GRANTED, Role
from directory.domain.errors import DirectoryError
from directory.services import accounts as services

accounts = AppGroup("accounts", help="Accounts and their roles.")
_ROLE = click.Choice([role.value for role in GRANTED])
_RANDOM_BYTES = 18


@accounts.command("create")
@click.argument("email")
@click.option("--role", type=_ROLE, help="The role that the account gets with it.")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
def create(email: str, role: str | None, generate: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Make an account with a confirmed address; it asks for the password where none is made."""
    stop_unless_ready()
    password = (
        secrets.token_urlsafe(_RANDOM_BYTES)
        if generate
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    try:
        services.create(email, password, at=datetime.now(UTC), role=Role(role) if role else None)
    except DirectoryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The account {email} is there{f', with the role {role}' if role else ''}.")
    if generate:
        click.echo(f"Its password, shown only now: {password}")
    _tell_of_the_second_step(role)


@accounts.command("grant")
@click.argument("email")
@click.argument("role", type=_ROLE)
def grant(email: str, role: str) -> None:
    """Grant a role; the account is signed out everywhere."""
    stop_unless_ready()
    try:
        services.grant(email, Role(role), at=datetime.now(UTC))
    except DirectoryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email} has the role {role} now, and is signed out everywhere.")
    _tell_of_the_second_step(role)


@accounts.command("revoke")
@click.argument("email")
@click.argument("role", type=_ROLE)
def revoke(email: str, role: str) -> None:
    """Take a role back; the account is signed out everywhere."""
    stop_unless_ready()
    try:
        services.revoke(email, Role(role), at=datetime.now(UTC))
    except DirectoryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email} has the role {role} no longer, and is signed out everywhere.")


@accounts.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Let an account sign in no more; what it handed in stays."""
    stop_unless_ready()
    try:
        services.close(email, at=datetime.now(UTC))
    except DirectoryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email} is signed out everywhere and can sign in no more.")


def _tell_of_the_second_step(role: str | None) -> None:
    if role:
        click.echo("Nothing of the role can be used before a second step of signing in is set up.")
