"""Tells whether the directory can serve: its tables are those of this version, and its gazetteer is filled."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.domain.errors import DatabaseUnavailable
from directory.domain.labels import N_
from directory.extensions import migrate, reading
from directory.queries.readiness import any_place

MAKE_TABLES = "flask db upgrade"
FILL_GAZETTEER = "flask places load"


def missing_steps() -> list[str]:
    """Return the commands that are still to be run, in their order; empty when the directory can serve.

    Tables of another version than this code's count as missing. Raises DatabaseUnavailable when the database
    cannot be asked.
    """
    try:
        with reading() as session:
            if _stored_revision(session) != _newest_revision(migrate.directory):
                return [MAKE_TABLES, FILL_GAZETTEER]
            return [] if session.scalar(any_place()) else [FILL_GAZETTEER]
    except DBAPIError as error:
        raise DatabaseUnavailable(
            N_("The database cannot be reached. Look at DATABASE_URL and whether its server runs.")
        ) from error


def _stored_revision(session: Session) -> str | None:
    return MigrationContext.configure(session.connection()).get_current_revision()


@cache
def _newest_revision(folder: str) -> str | None:
    return ScriptDirectory(folder).get_current_head()
