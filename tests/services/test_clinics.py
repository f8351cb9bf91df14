from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from directory.domain.facets import packed
from directory.domain.geo import Point, cell, earth_centred
from directory.domain.listings import Listing
from directory.domain.profile import ListingStatus, PointPrecision
from directory.extensions import reading
from directory.models import Clinic, ClinicFact, Organisation
from directory.services import clinics
from directory.services.clinics import Recorded, record, rehearse
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")

FIRST, LATER, LATEST = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
LEAST = Listing(
    source="test",
    source_key="1",
    source_title="A test",
    seen_on=FIRST,
    name="St. John’s Ketamine",
    city="O'Fallon",
    state="MO",
)
FULL = replace(
    LEAST, address="1 Main St", postal_code="63366", phone="+13145550123", website="http://example.org",
    npi="1234567893", contact_email="desk@example.org", organisation="Quiet Inc.", routes=3, settings=1, conditions=5,
    psychotherapy=2, insurance=9, payment_help=1, accepts=5, price="300-450",
    point=Point(38.8, -90.7), point_precision=PointPrecision.GIVEN, status=ListingStatus.PUBLISHED,
)  # fmt: skip


def test_a_listing_is_written_with_what_it_is_searched_and_sorted_by():
    assert record([FULL]) == Recorded(new=1, changed=0, unchanged=0)

    clinic = only_clinic()
    assert (clinic.name, clinic.slug) == ("St. John’s Ketamine", "saint-johns-ketamine")
    assert (clinic.name_key, clinic.search_text) == ("saint johns ketamine", "saint johns ketamine ofallon")
    assert (clinic.city, clinic.city_key, clinic.status) == ("O'Fallon", "ofallon", "published")
    assert (clinic.latitude, clinic.longitude, clinic.point_precision) == (38.8, -90.7, "given")
    assert clinic.cell == cell(FULL.point)
    assert (clinic.x, clinic.y, clinic.z) == earth_centred(FULL.point)
    assert (clinic.routes, clinic.settings, clinic.conditions) == (3, 1, 5)
    assert (clinic.psychotherapy, clinic.insurance, clinic.payment_help, clinic.accepts) == (2, 9, 1, 5)
    assert (clinic.price_min, clinic.price_max, clinic.price) == (300, 450, "300-450")
    assert clinic.facets == packed(vars(clinic)) > 0
    assert (clinic.phone, clinic.website, clinic.npi) == ("+13145550123", "http://example.org", "1234567893")
    assert len(clinic.public_id) == 12
    assert clinic.facts_as_of == FIRST


def test_each_fact_that_has_a_value_has_its_source_and_date():
    record([FULL, replace(LEAST, source_key="2")])

    with reading() as session:
        rows = session.execute(
            select(Clinic.source_key, ClinicFact.field, ClinicFact.source, ClinicFact.seen_on).join(Clinic.facts)
        ).all()
    assert {row.field for row in rows if row.source_key == "1"} == {
        "name", "address", "phone", "website", "contact_email", "npi", "organisation", "routes", "settings",
        "conditions", "point", "psychotherapy", "insurance", "payment_help", "accepts", "price",
    }  # fmt: skip
    assert {row.field for row in rows if row.source_key == "2"} == {"name", "address"}
    assert {(row.source, row.seen_on) for row in rows} == {("A test", FIRST)}


def test_recording_the_same_again_writes_nothing():
    record([FULL])
    before = only_clinic()

    assert record([replace(FULL, seen_on=LATER)]) == Recorded(new=0, changed=0, unchanged=1)

    after = only_clinic()
    assert (after.updated_at, after.facts_as_of, after.public_id) == (before.updated_at, FIRST, before.public_id)


def test_a_value_that_changes_takes_the_new_date_and_the_others_keep_theirs():
    record([FULL])
    public_id = only_clinic().public_id

    change = replace(FULL, seen_on=LATER, source_title="B", phone="+13145550199", website=None, settings=0)
    assert record([change]) == Recorded(new=0, changed=1, unchanged=0)

    clinic = only_clinic()
    assert (clinic.phone, clinic.website, clinic.settings) == ("+13145550199", None, 0)
    assert clinic.facets == packed(vars(clinic)) == packed(vars(clinic) | {"settings": 1}) - (1 << 8)
    assert (clinic.facts_as_of, clinic.public_id) == (LATER, public_id)
    found = facts()
    assert found["phone"] == ("B", LATER)
    assert found["name"] == found["point"] == ("A test", FIRST)
    assert not {"website", "settings"} & set(found)
    assert record([change]).unchanged == 1


def test_a_later_date_of_the_source_itself_renews_facts_and_an_earlier_one_does_not():
    record([replace(FULL, seen_on=LATER, is_dated_by_source=True)])

    assert record([replace(FULL, seen_on=FIRST, is_dated_by_source=True)]).unchanged == 1
    assert record([replace(FULL, seen_on=LATEST, is_dated_by_source=True)]).changed == 1

    assert set(facts().values()) == {("A test", LATEST)}
    assert only_clinic().facts_as_of == LATEST


@pytest.mark.parametrize(
    ("recorded", "asked", "result"),
    [
        ("proposed", "proposed", "proposed"),
        ("proposed", "published", "published"),
        ("proposed", "closed", "closed"),
        # what is public is not withdrawn by an import
        ("published", "proposed", "published"),
        ("published", "published", "published"),
        ("published", "closed", "closed"),
        # what was closed here is never re-opened nor published by one
        ("closed", "proposed", "closed"),
        ("closed", "published", "closed"),
        ("closed", "closed", "closed"),
    ],
)
def test_a_status_goes_only_from_proposed_to_published_or_to_closed(recorded, asked, result):
    record([replace(LEAST, status=ListingStatus(recorded))])

    outcome = record([replace(LEAST, status=ListingStatus(asked))])

    assert only_clinic().status == result
    assert outcome.changed == (recorded != result)


def test_one_source_does_not_know_the_clinics_of_another():
    assert record([LEAST, replace(LEAST, source="other"), replace(LEAST, source="other", source_key="2")]).new == 3
    assert record([replace(LEAST, source_key="2")]).new == 1


def test_clinics_of_one_organisation_share_its_row():
    record([FULL, replace(FULL, source_key="2", organisation="QUIET, inc")])
    record([replace(FULL, source_key="3", organisation="quiet inc"), replace(FULL, source_key="4", organisation=None)])

    with reading() as session:
        assert session.scalars(select(Organisation.name)).all() == ["Quiet Inc."]
        of = dict(session.execute(select(Clinic.source_key, Clinic.organisation_id)).all())
    assert of["1"] == of["2"] == of["3"] is not None
    assert of["4"] is None


def test_the_demo_gives_its_own_addresses():
    record([replace(LEAST, public_id="demo-0000001")])

    assert only_clinic().public_id == "demo-0000001"


def test_nothing_to_record_is_nothing_written():
    assert record([]) == rehearse([]) == Recorded(0, 0, 0)


def test_a_rehearsal_counts_and_writes_nothing():
    record([FULL, replace(LEAST, source_key="2")])
    rehearsed = [
        replace(FULL, phone=None),
        replace(LEAST, source_key="2"),
        replace(LEAST, source_key="3", organisation="New"),
    ]

    assert rehearse(rehearsed) == Recorded(new=1, changed=1, unchanged=1)
    assert rehearse([replace(LEAST, source_key="2", organisation="New")]).changed == 1

    assert count(Clinic) == 2
    assert count(Organisation) == 1
    assert record(rehearsed) == Recorded(new=1, changed=1, unchanged=1)


def test_an_error_in_the_last_row_leaves_nothing_written():
    listings = many(clinics.CHUNK + 1)
    listings[-1] = replace(listings[-1], state="XXX")

    with pytest.raises(DatabaseError):
        record(listings)

    assert count(Clinic) == count(ClinicFact) == 0
    assert record(many(1)).new == 1


def test_progress_is_told_of_every_listing(monkeypatch):
    monkeypatch.setattr(clinics, "CHUNK", 10)
    told = []

    record(many(25), on_progress=told.append)

    assert told == [10, 10, 5]


def test_statements_grow_with_chunks_and_not_with_rows(monkeypatch):
    monkeypatch.setattr(clinics, "CHUNK", 200)
    record([LEAST])  # the words of its name, which all of them bear, are known from here on
    one_chunk = [statements(lambda size=size: record(many(size, prefix=f"{size}-"))) for size in (20, 200)]
    two_chunks = statements(lambda: record(many(400, prefix="400-")))
    unchanged = statements(lambda: record(many(200, prefix="200-")))
    changed = statements(
        lambda: record([replace(listing, phone=None, npi="1234567893") for listing in many(200, prefix="200-")])
    )

    assert one_chunk[0] == one_chunk[1] <= 9
    assert two_chunks <= 2 * one_chunk[0]
    assert unchanged <= 5
    assert changed <= 11


def test_two_processes_that_record_the_same_at_once_both_end_well(app):
    outcomes = []

    def at_once():
        with app.app_context():
            outcomes.append(record(many(300)))

    threads = [Thread(target=at_once) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome.new for outcome in outcomes) == [0, 0, 300]
    assert sorted(outcome.unchanged for outcome in outcomes) == [0, 300, 300]
    assert count(Clinic) == 300


def many(size, prefix=""):
    """Return listings with and without each fact, so that empty columns differ from row to row."""
    return [
        replace(
            FULL, source_key=f"{prefix}{number}", phone=FULL.phone if number % 2 else None,
            website=FULL.website if number % 3 else None, npi=None, organisation=None,
            point=FULL.point if number % 5 else None, point_precision=FULL.point_precision if number % 5 else None,
        )
        for number in range(size)
    ]  # fmt: skip


def only_clinic():
    with reading() as session:
        return session.scalars(select(Clinic)).one()


def facts():
    with reading() as session:
        return {fact.field: (fact.source, fact.seen_on) for fact in session.scalars(select(ClinicFact))}


def count(model):
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def statements(act):
    with counted_statements() as seen:
        act()
    return len(seen)
