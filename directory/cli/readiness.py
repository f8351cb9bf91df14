"""Stops a command on a directory that has not been set up, naming the commands that set it up."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import run_command

from directory.domain.errors import DatabaseUnavailable
from directory.services.readiness import MAKE_TABLES, missing_steps, reach_database


def stop_unless_ready() -> None:
    """Do nothing on a directory that can serve; raises ClickException with a sentence on any other."""
    steps = _missing()
    if steps:
        raise click.ClickException(f"This directory is not set up yet. Run {' and then '.join(steps)}.")


def stop_without_tables() -> None:
    """Do nothing where the tables are those of this version; raises ClickException with a sentence elsewhere."""
    if MAKE_TABLES in _missing():
        raise click.ClickException(f"The tables are not there yet. Run {MAKE_TABLES} first.")


def stop_without_database() -> None:
    """Do nothing where the database answers, whatever it holds; raises ClickException with a sentence elsewhere."""
    with _in_a_sentence():
        reach_database()


def _missing() -> list[str]:
    with _in_a_sentence():
        return missing_steps()


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except DatabaseUnavailable as error:
        raise click.ClickException(str(error)) from error


def guard_flask_run(app: Flask) -> None:
    """Stop `flask run` on a directory that has not been set up; no other command is touched."""
    # A command of our own named `run` would never be called: Flask looks for its built-in ones first. But it
    # makes the application inside of that command, and so the application can see who is asking.
    context = click.get_current_context(silent=True)
    if context and context.command is run_command:
        with app.app_context():
            stop_unless_ready()
