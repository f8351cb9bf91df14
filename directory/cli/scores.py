"""`flask scores`: what a score is made of, whether the stored ones hold, and what time has done to them."""

from datetime import UTC, datetime
from typing import IO

import click
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.domain.cases import pretty
from directory.domain.errors import InvalidParameter
from directory.services import scores as services

scores = AppGroup("scores", help="Scores, and how they are made.")

_MISUSED = 2


@scores.command("explain")
@click.argument("file", type=click.File(encoding="utf-8"))
def explain(file: IO[str]) -> None:
    """Print what the scoring case in FILE (- for standard input) comes to, sign by sign."""
    try:
        click.echo(pretty(services.explain(file.read())))
    except UnicodeDecodeError:
        _refuse("case: this is no text in UTF-8.")
    except InvalidParameter as error:
        _refuse(str(error))


@scores.command("verify")
def verify() -> None:
    """Recompute every stored score and hold the present ones against the record; exits 1 on any difference."""
    stop_unless_ready()
    problems = 0
    for problem in services.verify():
        problems += 1
        click.echo(problem)
    if problems:
        raise click.ClickException(f"Differences: {problems}. Nothing was changed.")
    click.echo("Every stored score is what its inputs give, and what the record holds.")


@scores.command("expire")
def expire() -> None:
    """Apply ageing as of today; run it every night."""
    stop_unless_ready()
    changed = services.expire(at=datetime.now(UTC))
    click.echo(f"Scores stated anew: {changed}.")


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    raise SystemExit(_MISUSED)
