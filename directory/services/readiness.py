"""Tells whether the directory can serve: its tables are those of this version, and its gazetteer is filled."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.domain.errors import DatabaseUnavailable
from directory.domain.labels import N_
from directory.extensions import migrate, reading
from directory.queries.readiness import any_place, first_in_the_search_index

MAKE_TABLES = "flask db upgrade"
FILL_GAZETTEER = "flask places load"
_UNREACHED = N_("The database cannot be reached. Look at DATABASE_URL and whether its server runs.")
_BROKEN = N_("The database is damaged, or has lost tables or an index. Restore it from a backup.")


def reach_database() -> None:
    """Do nothing where the database answers; raises DatabaseUnavailable where none does, or what is there is none."""
    with _telling(_UNREACHED), reading() as session:
        _stored_revision(session)


def missing_steps() -> list[str]:
    """Return the commands that are still to be run, in their order; empty when the directory can serve.

    Tables of another version than this code's count as missing. Raises DatabaseUnavailable when the database
    cannot be asked, or says that it is set up and a search would fail all the same.
    """
    with reading() as session:
        with _telling(_UNREACHED):
            is_of_this_version = _stored_revision(session) == _newest_revision(migrate.directory)
        if not is_of_this_version:
            return [MAKE_TABLES, FILL_GAZETTEER]
        with _telling(_BROKEN):
            session.scalar(first_in_the_search_index(session.get_bind().dialect.name))
            return [] if session.scalar(any_place()) else [FILL_GAZETTEER]


@contextmanager
def _telling(message: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise DatabaseUnavailable(_UNREACHED if error.connection_invalidated else message) from error


def _stored_revision(session: Session) -> str | None:
    return MigrationContext.configure(session.connection()).get_current_revision()


@cache
def _newest_revision(folder: str) -> str | None:
    return ScriptDirectory(folder).get_current_head()
