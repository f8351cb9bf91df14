import pytest
from sqlalchemy import func, select

from directory import create_app
from directory.extensions import db
from directory.models import Clinic, Review
from directory.services.demo_accounts import ACCOUNTS
from tests.support.accounts import Person, sign_in, visitor

MODERATOR = Person(ACCOUNTS[1].email, ACCOUNTS[1].password, ACCOUNTS[1].totp_key)


def test_invented_clinics_are_refused_where_nobody_asked_for_a_demonstration(app):
    outcome = app.test_cli_runner().invoke(args=["demo", "load"])

    assert outcome.exit_code == 1
    assert "Set DEMO=1" in outcome.output
    assert db.session.scalar(select(func.count(Clinic.id))) == 0


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # tests/services tell stories on both engines
def test_a_demonstration_is_loaded_once(demonstrating):
    first = demonstrating.invoke(args=["demo", "load"])
    second = demonstrating.invoke(args=["demo", "load"])

    count = db.session.scalar(select(func.count(Clinic.id)))
    told = db.session.scalar(select(func.count(Review.clinic_id.distinct())))
    assert first.exit_code == second.exit_code == 0
    assert f"{count} invented clinics are new, 0 changed; {told} were checked by invented reviewers." in first.output
    assert f"All {count} invented clinics are there already." in second.output
    assert told > 400
    moderator = "Moderator: moderator@demo.example, password: otters drum quietly, second step"
    assert moderator in first.output
    assert moderator in second.output
    db.session.rollback()  # on SQLite what was counted above would keep everybody else from writing
    assert sign_in(visitor(demonstrating.app), MODERATOR).location == "/account/onward"


def test_a_database_without_tables_is_named_with_the_remedy(tmp_path):
    bare = create_app({"DEMO": "1"}, instance_path=tmp_path)

    outcome = bare.test_cli_runner().invoke(args=["demo", "load"])

    assert outcome.exit_code == 1
    assert (
        outcome.output == "Error: This directory is not set up yet. Run flask db upgrade and then flask places load.\n"
    )


@pytest.fixture
def demonstrating(app):
    app.config["DEMO"] = True
    yield app.test_cli_runner()
    app.config["DEMO"] = False
