"""Empties tables between tests, also those whose rows the database refuses to delete."""

from sqlalchemy import select, text

from directory.extensions import db
from directory.models import triggers


def empty(tables):
    """Take every row out of `tables`, given in an order that foreign keys allow, and leave the triggers in force."""
    session = db.session
    filled = [table.name for table in tables if session.execute(select(1).select_from(table).limit(1)).first()]
    emptying = {"sqlite": _by_deleting, "postgresql": _by_truncating}[db.engine.dialect.name]
    for statement in emptying(filled) if filled else ():
        session.execute(text(statement))
    session.commit()


def _by_deleting(names):
    guarded = {trigger.table for trigger in triggers.TRIGGERS} & set(names)
    deleting = [f"DELETE FROM {name}" for name in names]
    return [*triggers.drop("sqlite", guarded), *deleting, *triggers.create("sqlite", guarded)]


def _by_truncating(names):
    # A replica runs no triggers. TRUNCATE forgets the statistics as well: after DELETE the planner would go on to
    # believe in empty tables, and choose its plans for them.
    return ["SET LOCAL session_replication_role = replica", f"TRUNCATE {', '.join(names)} CASCADE"]
