import re
from datetime import date

import pytest
from sqlalchemy import insert, inspect, text
from sqlalchemy.exc import DatabaseError

from directory.extensions import db
from directory.models import Clinic, ClinicFact, Organisation
from directory.models.base import now
from tests.support.rows import insert_raw

pytestmark = pytest.mark.usefixtures("app")

POINT = {"latitude": 38.6, "longitude": -90.2, "point_precision": "given", "cell": 1, "x": 1.0, "y": 1.0, "z": 1.0}

REFUSED = [
    # a word outside the vocabulary
    ("status", {"status": "verified"}),
    ("point_precision", {"point_precision": "guess"}),
    # lengths
    ("name_length", {"name": "x" * 201}),
    ("address_length", {"address": "x" * 301}),
    ("city_length", {"city": "x" * 101}),
    ("website_length", {"website": "http://" + "x" * 494}),
    ("contact_email_length", {"contact_email": "x" * 255}),
    # what each clinic has
    ("name_given", {"name": ""}),
    ("name_given", {"name_key": ""}),
    ("city_given", {"city": ""}),
    # forms
    ("state_code", {"state": "M"}),
    ("state_code", {"state": "mo"}),
    ("postal_code", {"postal_code": "6310"}),
    ("website", {"website": "javascript:alert(1)"}),
    ("masks", {"routes": -1}),
    ("masks", {"settings": -1}),
    ("masks", {"conditions": -1}),
    *[(column, {column: -1}) for column in ("psychotherapy", "insurance", "payment_help", "accepts", "facets")],
    ("price_min", {"price_min": 0, "price_max": 0}),
    ("price_whole", {"price_min": 300}),
    ("price_whole", {"price_max": 300}),
    ("price_whole", {"price_min": 301, "price_max": 300}),
    # points
    ("on_earth", {"latitude": 90.1}),
    ("on_earth", {"longitude": -180.1}),
    ("not_zero", {"latitude": 0, "longitude": 0}),
    *[("point_whole", {column: None}) for column in POINT],
    # copies of the score
    ("grade", {"grade": "blue"}),
    ("score_low", {"score_low": -1}),
    ("score_low", {"score_low": 101}),
    ("score_high", {"score_high": -1}),
    ("score_high", {"score_high": 101}),
    ("settled", {"settled": -1}),
    ("settled", {"settled": 6}),
    ("confirmed_points", {"confirmed_points": -1}),
    ("signs_length", {"signs": "0000"}),
    # where it leads
    ("successor_given", {"status": "merged"}),
    ("successor_given", {"successor_id": 1}),
]


@pytest.mark.parametrize(("name", "columns"), REFUSED)
def test_the_database_refuses_what_the_rules_forbid(name, columns):
    row = {**least(), **POINT}
    insert_raw("clinic", {**row, "public_id": "other", "source_key": "other"})

    with pytest.raises(DatabaseError, match=f"ck_clinic_{name}"):
        insert_raw("clinic", row | columns)


def test_every_check_of_a_clinic_is_tried():
    declared = {check.name for check in Clinic.__table__.constraints if hasattr(check, "sqltext")}

    assert declared == {f"ck_clinic_{name}" for name, _ in REFUSED}


@pytest.mark.parametrize(
    "column", ["name", "slug", "name_key", "search_text", "city", "city_key", "state", "source", "facts_as_of"]
)
def test_a_clinic_without_what_each_has_is_refused(column):
    with pytest.raises(DatabaseError, match=column):
        insert_raw("clinic", least() | {column: None})


@pytest.mark.parametrize(
    ("columns", "name"),
    [({"source_key": "other"}, "public_id"), ({"public_id": "other"}, "source")],
)
def test_a_second_clinic_of_the_same_address_or_key_is_refused(columns, name):
    insert_raw("clinic", least())

    with pytest.raises(DatabaseError, match=name):
        insert_raw("clinic", least() | columns)


def test_a_clinic_may_be_known_by_two_sources_under_one_key():
    insert_raw("clinic", least())
    insert_raw("clinic", least() | {"public_id": "other", "source": "other"})

    assert db.session.scalar(text("SELECT count(*) FROM clinic")) == 2


def test_a_fact_belongs_to_a_clinic_once_and_goes_with_it():
    insert_raw("clinic", least() | {"id": 1})
    fact = {"clinic_id": 1, "field": "name", "source": "A test", "seen_on": date(2026, 1, 1)}
    insert_raw("clinic_fact", fact)

    for wrong, message in (
        ({}, "clinic_fact"),
        ({"field": "grade"}, "ck_clinic_fact_field"),
        ({"field": "phone", "source": "x" * 201}, "ck_clinic_fact_source_length"),
        ({"clinic_id": 2}, "(?i)foreign"),
    ):
        with pytest.raises(DatabaseError, match=message):
            insert_raw("clinic_fact", fact | wrong)

    db.session.execute(text("DELETE FROM clinic"))
    assert db.session.scalar(text("SELECT count(*) FROM clinic_fact")) == 0


def test_an_organisation_is_known_once_and_stays_while_it_has_clinics():
    insert_raw("organisation", {"id": 1, "name": "Quiet", "key": "quiet"})
    insert_raw("clinic", least() | {"organisation_id": 1})

    for wrong, message in (
        ({"id": 2}, "organisation"),
        ({"id": 2, "key": "long", "name": "x" * 201}, "ck_organisation_name_length"),
    ):
        with pytest.raises(DatabaseError, match=message):
            insert_raw("organisation", {"id": 1, "name": "Quiet", "key": "quiet"} | wrong)
    with pytest.raises(DatabaseError, match=r"(?i)foreign"):
        db.session.execute(text("DELETE FROM organisation"))
    db.session.rollback()
    with pytest.raises(DatabaseError, match=r"(?i)foreign"):
        insert_raw("clinic", least() | {"public_id": "other", "source_key": "other", "organisation_id": 9})


def test_the_database_keeps_every_constraint_that_is_declared():
    found = inspect(db.engine)
    for table in (Clinic, ClinicFact, Organisation):
        declared = {check.name for check in table.__table__.constraints if hasattr(check, "sqltext")}
        assert {check["name"] for check in found.get_check_constraints(table.__tablename__)} == declared


def test_a_clinic_of_the_models_own_defaults_is_proposed_and_has_an_address():
    given = {name: least()[name] for name in least() if name not in {"public_id", "status", "created_at", "updated_at"}}

    clinic = db.session.scalars(insert(Clinic).returning(Clinic), [given]).one()

    assert clinic.status == "proposed"
    assert re.fullmatch("[A-Za-z0-9_-]{12}", clinic.public_id)
    assert clinic.created_at is not None
    assert clinic.updated_at is not None


def least():
    return {
        "public_id": "one", "status": "proposed", "name": "A", "slug": "a", "name_key": "a", "search_text": "a b",
        "address": "", "city": "B", "city_key": "b", "state": "MO", "routes": 0, "settings": 0, "conditions": 0,
        "source": "test", "source_key": "1", "facts_as_of": date(2026, 1, 1), "created_at": now(), "updated_at": now(),
    }  # fmt: skip
