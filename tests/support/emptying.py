"""Empties tables between tests, also those whose rows the database refuses to delete."""

from sqlalchemy import select, text

from directory.extensions import db
from directory.models import triggers


def empty(tables):
    """Take every row out of `tables`, given in an order that foreign keys allow, and leave the triggers in force."""
    session, engine = db.session, db.engine.dialect.name
    filled = [table for table in tables if session.execute(select(1).select_from(table).limit(1)).first()]
    guarded = {trigger.table for trigger in triggers.TRIGGERS} & {table.name for table in filled}
    for statement in triggers.drop(engine, guarded):
        session.execute(text(statement))
    for statement in _emptying([table.name for table in filled], engine):
        session.execute(text(statement))
    for statement in triggers.create(engine, guarded):
        session.execute(text(statement))
    session.commit()


def _emptying(names, engine):
    if engine == "sqlite" or not names:
        return [f"DELETE FROM {name}" for name in names]
    # TRUNCATE forgets the statistics too: the planner would go on to believe in empty tables.
    return [f"TRUNCATE {', '.join(names)} CASCADE"]
