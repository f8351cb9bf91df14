"""Looks into the tables, to see what was written and that nothing else was."""

from contextlib import contextmanager
from itertools import count

from sqlalchemy import func, select, text

from directory.extensions import db, reading
from directory.models import Base, triggers
from directory.models.guards import Guard

_numbers = count(1)


def row_counts():
    """Return the number of rows of every table."""
    with reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
        }


@contextmanager
def nothing_written(*, accounts=0):
    """Hold that no table gains or loses a row inside, but for so many moderators; also where it raises."""
    before = row_counts()
    try:
        yield
    finally:
        grown = {table: before[table] + accounts for table in ("account", "account_role")}
        assert row_counts() == before | grown


def rows(model, *conditions):
    """Return the rows of a table by id, as they were committed."""
    with reading() as session:
        return session.scalars(select(model).where(*conditions).order_by(*model.__table__.primary_key)).all()


@contextmanager
def refusing(table, condition):
    """Let the database refuse rows of `table` for which `condition`, on NEW, holds."""
    engine = db.engine.dialect.name
    # A name is not used twice: a connection that has seen the first would say that it still stands.
    guard = Guard(f"refused_for_a_test_{next(_numbers)}", table, "INSERT", condition, "refused for a test")
    removal = {
        "sqlite": f"DROP TRIGGER {guard.name}",
        "postgresql": f"DROP FUNCTION {guard.name}() CASCADE",
    }
    _run(*guard.statements(engine))
    try:
        yield
    finally:
        _run(removal[engine])


@contextmanager
def unguarded(*tables):
    """Take the triggers of `tables` away, to see that the product holds what they hold too."""
    engine = db.engine.dialect.name
    _run(*triggers.drop(engine, tables))
    try:
        yield
    finally:
        db.session.rollback()  # after an error nothing else could be done in its transaction
        _run(*triggers.create(engine, tables))


def _run(*statements):
    # A connection of SQLite's looks at what others did to the tables when it reads, and not when it makes a trigger.
    db.session.execute(select(func.count()).select_from(Base.metadata.tables["account"]))
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()
