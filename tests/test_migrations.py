"""The migrations make the tables that the models declare, and take them away again."""

import re

import pytest
from sqlalchemy import inspect, text

from directory import create_app
from directory.extensions import db
from directory.models import Base
from tests.conftest import ENGINES, new_database


@pytest.mark.parametrize("way", [["upgrade"], ["upgrade", "downgrade base", "upgrade"]], ids=["up", "up, down and up"])
def test_the_database_holds_what_the_models_declare(way, fresh_app):
    for step in way:
        migrate(fresh_app, step)

    assert stored_names() == declared_names()
    assert stored_predicates() == declared_predicates(db.engine.dialect.name)


def test_going_down_takes_every_table_away(fresh_app):
    migrate(fresh_app, "upgrade")
    migrate(fresh_app, "downgrade base")

    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}


def test_flask_db_check_finds_no_drift(fresh_app):
    migrate(fresh_app, "upgrade")

    migrate(fresh_app, "check")


def test_flask_db_check_sees_a_column_that_no_migration_makes(fresh_app):
    migrate(fresh_app, "upgrade")
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE organisation ADD COLUMN motto TEXT"))

    outcome = fresh_app.test_cli_runner().invoke(args=["db", "check"])

    assert outcome.exit_code != 0


def test_a_partial_index_without_its_condition_is_seen(fresh_app):
    migrate(fresh_app, "upgrade")
    with db.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_clinic_unmapped"))
        connection.execute(text("CREATE INDEX ix_clinic_unmapped ON clinic (state, city_key)"))

    assert stored_predicates() != declared_predicates(db.engine.dialect.name)


@pytest.mark.parametrize("fresh_app", ["postgresql"], indirect=True)
def test_postgresql_sorts_names_by_their_bytes(fresh_app):
    migrate(fresh_app, "upgrade")

    with db.engine.connect() as connection:
        collation = connection.scalar(
            text(
                "SELECT collation_name FROM information_schema.columns"
                " WHERE table_name = 'clinic' AND column_name = 'name_key'"
            )
        )

    assert collation == "C"


def migrate(app, step):
    outcome = app.test_cli_runner().invoke(args=["db", *step.split()])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def declared_names():
    """Each table with its columns and with the names and columns of its constraints and indexes."""
    return {
        name: {*columns(table), *constraints(table), *indexes(table)} for name, table in Base.metadata.tables.items()
    }


def columns(table):
    return (("column", column.name, column.nullable) for column in table.columns)


def constraints(table):
    for constraint in table.constraints:
        kind = type(constraint).__name__
        names = () if kind == "CheckConstraint" else tuple(column.name for column in constraint.columns)
        yield kind, str(constraint.name), names


def indexes(table):
    return (
        ("Index", index.name, tuple(column.name for column in index.columns), index.unique) for index in table.indexes
    )


def stored_names():
    look = inspect(db.engine)
    return {name: set(stored_parts(look, name)) for name in look.get_table_names() if name != "alembic_version"}


def stored_parts(look, table):
    for column in look.get_columns(table):
        yield "column", column["name"], column["nullable"]
    key = look.get_pk_constraint(table)
    yield "PrimaryKeyConstraint", key["name"], tuple(key["constrained_columns"])
    for foreign in look.get_foreign_keys(table):
        yield "ForeignKeyConstraint", foreign["name"], tuple(foreign["constrained_columns"])
    for unique in look.get_unique_constraints(table):
        yield "UniqueConstraint", unique["name"], tuple(unique["column_names"])
    for check in look.get_check_constraints(table):
        yield "CheckConstraint", check["name"], ()
    for index in look.get_indexes(table):
        if not index.get("duplicates_constraint"):
            yield "Index", index["name"], tuple(index["column_names"]), bool(index["unique"])


def declared_predicates(engine):
    """Alembic's own comparison sees neither a missing nor a changed condition of an index."""
    declared = {index for table in Base.metadata.tables.values() for index in table.indexes}
    conditions = {index.name: index.dialect_options[engine]["where"] for index in declared}
    return {name: plain(str(condition)) for name, condition in conditions.items() if condition is not None}


def stored_predicates():
    sources = {
        "sqlite": "SELECT name, substr(sql, instr(sql, ' WHERE ') + 7) FROM sqlite_master"
        " WHERE type = 'index' AND instr(sql, ' WHERE ') > 0",
        "postgresql": "SELECT indexrelid::regclass::text, pg_get_expr(indpred, indrelid) FROM pg_index"
        " WHERE indpred IS NOT NULL",
    }
    with db.engine.connect() as connection:
        rows = connection.execute(text(sources[db.engine.dialect.name])).all()
    return {name: plain(condition) for name, condition in rows}


def plain(condition):
    """Without brackets and casts, which PostgreSQL writes into what it was given."""
    return " ".join(re.sub(r"[()]|::[a-z]+( varying)?", " ", condition).split())


@pytest.fixture(params=ENGINES)
def fresh_app(request, tmp_path):
    """An application on an empty database of each engine in turn; its context is pushed."""
    is_sqlite = request.param == "sqlite"
    name = f"migrations_{tmp_path.name.lower().replace('-', '_')}"
    url = "" if is_sqlite else new_database(request.getfixturevalue("postgres_server"), name)
    app = create_app({"DATABASE_URL": url}, instance_path=tmp_path)
    with app.app_context():
        yield app
        for engine in db.engines.values():
            engine.dispose()
