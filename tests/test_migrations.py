"""The migrations make the tables that the models declare, and take them away again."""

import re
from datetime import date

import pytest
from sqlalchemy import inspect, text

from directory import create_app
from directory.domain.checklist import PUBLISHED
from directory.domain.facets import packed
from directory.extensions import db
from directory.models import Base, triggers
from directory.models.base import now
from directory.models.clinic import CLAIMS
from directory.models.triggers import APPEND_ONLY
from directory.services.checklists import version
from tests.conftest import new_database
from tests.support.attempts import set_stage
from tests.support.clinics import clinic_row
from tests.support.engines import ENGINES

NEW_WITH_LISTINGS = ("revision", "listing_decision")
RECORD = ("account", "review", "answer", "evidence", *(set(APPEND_ONLY) - {*NEW_WITH_LISTINGS}))
NEW_WITH_MODERATION = ("hold", "link_proposal", "notice")
NEW_WITH_WHAT_COMES_AFTER = ("void_vote", "wish")
NEW_COLUMNS = {"claimed_by_id", "claimed_at", "claim_until", "fingerprint", "notice_id"}
NEW_WITH_ACCOUNTS = ("account_role", "account_session", "tie", "draft", "outbox")
#: What the clinic's copies of its score hold before anybody has checked anything.
UNCHECKED = {
    "grade": "grey", "score_low": 0, "score_high": 100, "settled": 0, "confirmed_points": 0, "signs": "00000",
    "signs_seen_on": None, "score_changes_on": None, "successor_id": None,
}  # fmt: skip
#: What nobody had been asked of a clinic.
UNSAID = dict.fromkeys(CLAIMS, 0) | {"price_min": None, "price_max": None}
OF_NO_REVISION = {"revision_id": None}


@pytest.mark.parametrize("way", [["upgrade"], ["upgrade", "downgrade base", "upgrade"]], ids=["up", "up, down and up"])
def test_the_database_holds_what_the_models_declare(way, fresh_app):
    for step in way:
        migrate(fresh_app, step)

    assert stored_names() == declared_names()
    assert stored_predicates() == declared_predicates(db.engine.dialect.name)
    assert stored_triggers() == declared_triggers(db.engine.dialect.name)


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


def test_clinics_that_were_there_begin_as_unchecked_and_lose_nothing(fresh_app):
    migrate(fresh_app, "upgrade 0001")
    fill_with_clinics()
    before = contents("organisation", "clinic", "clinic_fact")

    migrate(fresh_app, "upgrade")

    after = contents("organisation", "clinic", "clinic_fact")
    assert before["clinic_fact"]
    assert after["organisation"] == before["organisation"]
    assert after["clinic_fact"] == [row | OF_NO_REVISION for row in before["clinic_fact"]]
    assert after["clinic"] == [grown(row) for row in before["clinic"]]
    assert [row["facets"] for row in after["clinic"]] == [5 | 2 << 8 | 2048 << 16, 0]


def test_going_down_one_step_takes_the_reviews_and_keeps_the_clinics(fresh_app):
    migrate(fresh_app, "upgrade")
    set_stage()
    fill_with_clinics()
    before = contents("organisation", "clinic", "clinic_fact")
    assert all(contents(*RECORD).values())

    migrate(fresh_app, "downgrade 0001")

    assert set(inspect(db.engine).get_table_names()).isdisjoint(RECORD)
    assert stored_triggers() == set()
    after = contents("organisation", "clinic", "clinic_fact")
    old = set(after["clinic"][0])
    assert after["clinic"] == [{name: row[name] for name in row if name in old} for row in before["clinic"]]
    assert set(before["clinic"][0]) - old == {*UNCHECKED, *UNSAID, "facets"}
    assert [row | OF_NO_REVISION for row in after["clinic_fact"]] == before["clinic_fact"]
    assert after["organisation"] == before["organisation"]

    migrate(fresh_app, "upgrade")

    assert contents("clinic")["clinic"] == [grown(row) for row in before["clinic"]]
    assert set_stage().ruling


def test_accounts_that_were_there_can_be_signed_in_to_and_what_they_wrote_stays(fresh_app):
    migrate(fresh_app, "upgrade 0002")
    with db.engine.begin() as connection:
        for number, link in ((1, "NULL"), (2, "1"), (3, "NULL")):
            row = f"({number}, 'p{number}', {link}, '2026-11-21 12:00:00+00:00')"
            connection.execute(text(f"INSERT INTO account (id, public_id, linked_to_id, created_at) VALUES {row}"))
    before = contents("account")["account"]

    migrate(fresh_app, "upgrade")

    after = contents("account")["account"]
    assert [{name: row[name] for name in before[0]} for row in after] == before
    assert [bool(row["active"]) for row in after] == [True] * 3
    assert [len(row["fs_uniquifier"]) for row in after] == [43] * 3
    assert len({row["fs_uniquifier"] for row in after}) == 3


def test_going_back_before_the_accounts_takes_theirs_and_keeps_the_record(fresh_app):
    migrate(fresh_app, "upgrade")
    set_stage()
    new = {*NEW_WITH_MODERATION, *NEW_WITH_WHAT_COMES_AFTER}
    kept = [table for table in RECORD if table not in {"account", "tie", *new}]
    before, people = without(NEW_COLUMNS, contents(*kept)), contents("account")["account"]

    migrate(fresh_app, "downgrade 0002")

    assert contents(*kept) == before
    left = contents("account")["account"]
    assert left == [{name: row[name] for name in left[0]} for row in people]
    assert set(left[0]) == {"id", "public_id", "linked_to_id", "created_at"}
    assert set(inspect(db.engine).get_table_names()).isdisjoint((*NEW_WITH_ACCOUNTS, *new))
    bound = " ".join(stored_triggers())
    assert "JOIN tie" not in bound
    assert "FROM tie" not in bound
    assert "FROM hold" not in bound
    assert "FROM void_vote" not in bound

    migrate(fresh_app, "upgrade")

    assert without(NEW_COLUMNS, contents(*kept)) == before
    assert stored_triggers() == declared_triggers(db.engine.dialect.name)


def test_the_checklist_in_the_database_is_the_one_that_is_shipped(fresh_app):
    migrate(fresh_app, "upgrade")

    kept = contents("checklist", "criterion")
    assert [(row["version"], row["sha256"], str(row["published_on"])) for row in kept["checklist"]] == [
        (each.version, each.sha256, str(each.published_on)) for each in map(version, PUBLISHED)
    ]
    assert {tuple(row.values()) for row in kept["criterion"]} == {
        (each.version, criterion.slug, criterion.is_sign, criterion.is_critical, bool(criterion.not_applicable))
        for each in map(version, PUBLISHED)
        for criterion in each.by_slug.values()
    }


def test_facts_that_an_older_version_does_not_know_keep_this_one(fresh_app):
    migrate(fresh_app, "upgrade")
    fill_with_clinics()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE clinic_fact SET field = 'insurance' WHERE field = 'name'"))

    outcome = fresh_app.test_cli_runner().invoke(args=["db", "downgrade", "0007"])

    assert "Keep this version" in str(outcome.exception)
    assert contents("clinic_fact")["clinic_fact"][0]["field"] == "insurance"


def grown(row):
    """Return a row of the first migration as the last one has it."""
    return row | UNCHECKED | UNSAID | {"facets": packed(row | UNSAID)}


def fill_with_clinics():
    """Write two clinics, one with a chain, a point and its facts, as the tables of the first migration take them."""
    said = {"routes": 5, "settings": 2, "conditions": 2048}
    with db.engine.begin() as connection:
        known = {column["name"] for column in inspect(connection).get_columns("clinic")}
        connection.execute(text("INSERT INTO organisation (id, name, key) VALUES (7, 'Quiet', 'quiet')"))
        for number, row in enumerate((clinic_row(at=(38.6, -90.2), organisation_id=7, **said), clinic_row()), 101):
            stamped = row | {"id": number, "created_at": now(), "updated_at": now()}
            whole = {name: value for name, value in stamped.items() if name in known}
            connection.execute(
                text(f"INSERT INTO clinic ({', '.join(whole)}) VALUES ({', '.join(f':{name}' for name in whole)})"),
                {name: str(value) if isinstance(value, date) else value for name, value in whole.items()},
            )
        for field in ("name", "point"):
            values = f"(101, '{field}', 'A test', '2026-01-01')"
            connection.execute(text(f"INSERT INTO clinic_fact (clinic_id, field, source, seen_on) VALUES {values}"))


def contents(*tables):
    with db.engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings()]
            for table in tables
        }


def without(columns, found):
    """Return what contents() found, without some columns."""
    return {
        table: [{name: value for name, value in row.items() if name not in columns} for row in rows]
        for table, rows in found.items()
    }


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
        of = tuple(foreign["constrained_columns"])
        # SQLite does not tell the name of a key that came with its column.
        yield "ForeignKeyConstraint", foreign["name"] or f"fk_{table}_{'_'.join(of)}", of
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


def declared_triggers(engine):
    """By name, so that a trigger that a migration forgot, or wrote otherwise, is seen; Alembic looks at none."""
    made = [statement for trigger in triggers.TRIGGERS for statement in trigger.statements(engine)]
    return {plain(statement) for statement in made}


def stored_triggers():
    sources = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT replace(pg_get_triggerdef(oid), 'public.', '') FROM pg_trigger WHERE NOT tgisinternal"
        " UNION ALL SELECT 'CREATE FUNCTION ' || proname || '() RETURNS trigger LANGUAGE plpgsql AS $$' || prosrc"
        " || '$$' FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    }
    with db.engine.connect() as connection:
        rows = connection.scalars(text(sources[db.engine.dialect.name])).all()
    return set(map(plain, rows))


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
