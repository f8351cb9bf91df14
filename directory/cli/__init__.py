"""The command line: one module a noun; parse, call a service, echo."""

from flask import Flask

from directory.cli.accounts import accounts
from directory.cli.audit import audit
from directory.cli.clinics import clinics
from directory.cli.demo import demo
from directory.cli.drafts import drafts
from directory.cli.groups import COMMANDS
from directory.cli.outbox import outbox
from directory.cli.outlines import outlines
from directory.cli.places import places
from directory.cli.readiness import guard_flask_run
from directory.cli.reviews import reviews
from directory.cli.scores import scores
from directory.cli.serve import serve


def init_app(app: Flask) -> None:
    """Add our commands to `flask`."""
    app.cli.add_command(places)
    app.cli.add_command(demo)
    app.cli.add_command(clinics)
    app.cli.add_command(scores)
    app.cli.add_command(audit)
    app.cli.add_command(accounts)
    for command in COMMANDS:
        accounts.add_command(command)
    app.cli.add_command(drafts)
    app.cli.add_command(reviews)
    app.cli.add_command(outbox)
    app.cli.add_command(outlines)
    app.cli.add_command(serve)
    guard_flask_run(app)
