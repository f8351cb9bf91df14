from pathlib import Path

import pytest
from sqlalchemy import text

from directory import create_app
from directory.domain.errors import DatabaseUnavailable
from directory.extensions import db
from directory.models import Place
from directory.services.readiness import missing_steps, reach_database
from tests.conftest import new_database


@pytest.mark.usefixtures("app")
def test_nothing_is_missing_from_a_directory_that_was_set_up():
    assert missing_steps() == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_steps_of_an_empty_database_come_in_their_order(engine, request, tmp_path):
    url = new_database(request.getfixturevalue("postgres_server"), "unready") if engine == "postgresql" else ""

    with create_app({"DATABASE_URL": url}, instance_path=tmp_path).app_context():
        assert missing_steps() == ["flask db upgrade", "flask places load"]
        let_go()


def test_tables_without_places_miss_only_the_places(bare_app):
    bare_app.test_cli_runner().invoke(args=["db", "upgrade"])

    with bare_app.app_context():
        assert missing_steps() == ["flask places load"]


def test_tables_of_another_version_count_as_missing(bare_app):
    bare_app.test_cli_runner().invoke(args=["db", "upgrade"])
    with bare_app.app_context():
        db.session.add(
            Place(
                kind="zip", key="63101", name="Saint Louis", state="MO", latitude=38.6, longitude=-90.2,
                accuracy_miles=1, size=0, origin="own",
            )
        )  # fmt: skip
        db.session.commit()
        assert missing_steps() == []

        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        db.session.commit()

        assert missing_steps()[0] == "flask db upgrade"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.sqlite3",
        "postgresql://nobody:hunter2@127.0.0.1:1/nothing",
    ],
)
def test_a_database_that_does_not_answer_is_named_without_its_password(url, tmp_path):
    with create_app({"DATABASE_URL": url}, instance_path=tmp_path).app_context():
        with pytest.raises(DatabaseUnavailable, match="Look at DATABASE_URL") as raised:
            missing_steps()
        with pytest.raises(DatabaseUnavailable, match="Look at DATABASE_URL"):
            reach_database()
        let_go()

    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("lost", ["TABLE clinic", "INDEX ix_clinic_nearby"])
def test_tables_that_a_search_would_miss_are_not_ready(bare_app, lost):
    bare_app.test_cli_runner().invoke(args=["db", "upgrade"])
    with bare_app.app_context():
        db.session.execute(text(f"DROP {lost}"))
        db.session.commit()

        with pytest.raises(DatabaseUnavailable, match=r"has lost tables or an index\. Restore it from a backup"):
            missing_steps()


def test_a_damaged_file_is_not_ready(bare_app):
    bare_app.test_cli_runner().invoke(args=["db", "upgrade"])
    with bare_app.app_context():
        index = text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_clinic_nearby'")
        page, size = db.session.scalar(index), db.session.scalar(text("PRAGMA page_size"))
        db.session.remove()
        let_go()
        with Path(db.engine.url.database).open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"?" * size)

        with pytest.raises(DatabaseUnavailable, match="is damaged"):
            missing_steps()


def test_a_table_that_is_gone_from_postgresql_is_not_ready(postgres_server, tmp_path):
    app = create_app({"DATABASE_URL": new_database(postgres_server, "without_clinics")}, instance_path=tmp_path)
    app.test_cli_runner().invoke(args=["db", "upgrade"])
    with app.app_context():
        db.session.execute(text("DROP TABLE clinic CASCADE"))
        db.session.commit()

        with pytest.raises(DatabaseUnavailable, match="has lost tables"):
            missing_steps()
        db.session.remove()
        let_go()


def test_a_file_that_is_no_database_is_named_too(tmp_path):
    (tmp_path / "directory.sqlite3").write_text("these are words, and no tables at all. " * 100)

    with create_app({}, instance_path=tmp_path).app_context():
        with pytest.raises(DatabaseUnavailable):
            missing_steps()
        let_go()


def let_go():
    """Close every connection, those that write and those that read; the last one empties SQLite's -wal file."""
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture
def bare_app(tmp_path):
    app = create_app({}, instance_path=tmp_path)
    yield app
    with app.app_context():
        let_go()
