"""The Flask extensions, made here and bound in create_app(); and how a database connection begins."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from directory.models.base import Base

db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True, compare_type=True)
bootstrap = Bootstrap5()
babel = Babel()
csrf = CSRFProtect()

#: The engine that reads, a bind of Flask-SQLAlchemy; config names it and gives it AUTOCOMMIT once and for all.
READING = "reading"

# FULL: WAL with NORMAL may lose the last commits when the power fails. recursive_triggers: without it REPLACE
# deletes rows behind the triggers' backs.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
)


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a session for reads: no transaction is opened, so a reader never waits for a writer, nor makes one wait.

    Each statement sees what was committed before it began.
    """
    with Session(db.engines[READING]) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Yield the session of one transaction: committed at the end, and taken back whole on any error."""
    session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver's own BEGIN is deferred, and comes too late
        for pragma in _PRAGMAS:
            connection.execute(pragma)


@event.listens_for(Engine, "begin")
def _begin_immediately(connection: Connection) -> None:
    """Take SQLite's write lock at the start: a deferred transaction that meets another writer fails at once."""
    if connection.dialect.name == "sqlite" and not connection.get_execution_options().get("reads_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
