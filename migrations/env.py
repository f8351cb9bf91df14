"""Runs the migrations on the application's database."""

from logging.config import fileConfig
from pathlib import Path

from alembic import context
from flask import current_app

from directory.cli.readiness import stop_without_database

config = context.config
migrate = current_app.extensions["migrate"]
if Path(config.config_file_name).exists():
    fileConfig(config.config_file_name, disable_existing_loggers=False)


def leave_out_empty(_context, _revision, directives):
    """Write no migration when nothing changed."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


if context.is_offline_mode():
    raise SystemExit("Migrations here need the database itself. Run `flask db upgrade` without --sql.")

stop_without_database()
arguments = {"process_revision_directives": leave_out_empty} | migrate.configure_args
with migrate.db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=migrate.db.metadata, **arguments)
    with context.begin_transaction():
        context.run_migrations()
