"""Counts the statements that reach the database."""

from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def counted_statements():
    """Yield a list that fills with the SQL of every statement of any engine; BEGIN and the like are not among them."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
