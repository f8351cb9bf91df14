"""Empties tables between tests, also those whose rows the database refuses to delete."""

from sqlalchemy import text

from directory.extensions import db
from directory.models import triggers

#: A table of so many pages is made anew: deleted rows keep their place, and reading past them takes time.
_MANY_PAGES = 50


def empty(tables):
    """Take every row out of `tables`, given in an order that foreign keys allow, and leave the triggers in force."""
    filled = _filled([table.name for table in tables])
    emptying = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}[db.engine.dialect.name]
    for statement in emptying(filled) if filled else ():
        db.session.execute(text(statement))
    db.session.commit()


def _filled(names):
    probes = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    return db.session.scalars(text(" UNION ALL ".join(probes))).all()


def _on_sqlite(names):
    # Making a trigger takes longer than deleting what it guards.
    standing = {
        trigger.name: making
        for trigger in triggers.TRIGGERS
        for making in trigger.statements("sqlite")
        if trigger.table in names and " BEFORE DELETE ON " in making
    }
    away = [f"DROP TRIGGER {name}" for name in standing]
    return [*away, *(f"DELETE FROM {name}" for name in names), *standing.values()]


def _on_postgresql(names):
    # A replica runs no triggers. TRUNCATE takes ten times as long as deleting a few rows; but it forgets the statistics
    # as well: after DELETE the planner would go on to believe what it was told of many rows, or of none.
    counted = text(
        "SELECT relname FROM pg_class WHERE relname = ANY(:names) AND relkind = 'r'"
        f" AND (reltuples >= 0 OR pg_relation_size(oid) > {_MANY_PAGES} * 8192)"
    )
    anew = db.session.scalars(counted, {"names": names}).all()
    truncating = [f"TRUNCATE {', '.join(anew)} CASCADE"] if anew else []
    deleting = [f"DELETE FROM {name}" for name in names if name not in anew]
    return [";".join(["SET LOCAL session_replication_role = replica", *truncating, *deleting])]
