"""Asks a database how it carries out the statements that the product sends it."""

from contextlib import contextmanager

from sqlalchemy import Engine, event, text

from directory.extensions import db, reading

_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


@contextmanager
def explained():
    """Yield a list that holds, after the block, the plan of every SELECT that ran in it, in lines."""
    seen, plans = [], []

    def note(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with reading() as session:
        for statement, parameters in seen:
            explain = _EXPLAIN[db.engine.dialect.name] + statement
            found = session.connection().exec_driver_sql(explain, parameters).all()
            plans.append("\n".join(str(row[-1]) for row in found))


def analyse(*tables):
    """Let the planner know what is in these tables."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"ANALYZE {table}"))
