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


@contextmanager
def just_before(words, act):
    """Call `act` once, when the first statement that holds `words` is about to reach any database."""
    waiting = [act]

    def look(_connection, _cursor, statement, *_rest):
        if words in " ".join(statement.split()) and waiting:
            waiting.pop()()

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert not waiting, f"no statement held {words!r}"
