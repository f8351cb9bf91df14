from dataclasses import replace
from datetime import date

import pytest

from directory.domain.facets import packed
from directory.domain.geo import Point
from directory.domain.listings import Listing
from directory.domain.profile import ListingStatus, PointPrecision
from directory.domain.revisions import ListingAction, RevisionKind
from directory.domain.ties import TieKind
from directory.models import Clinic, ClinicFact
from directory.services import listing_decisions, revisions
from directory.services.clinics import Recorded, record, rehearse
from directory.services.listing_decisions import ListingVerdict
from directory.services.revisions import Source, Suggestion
from tests.support.reviews import NOON, account
from tests.support.statements import counted_statements
from tests.support.suggestions import hidden, relisted, shown_again
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

FIRST, LATER = date(2026, 1, 1), date(2026, 11, 22)
IMPORTED = Listing(
    source="test", source_key="1", source_title="A register", seen_on=FIRST, name="Paper Kite", address="1 Main St",
    city="Saint Louis", state="MO", postal_code="63101", phone="+13145550123", website="https://kite.example",
    contact_email="desk@kite.example", organisation="Quiet Inc.", routes=3, settings=1, conditions=5,
    psychotherapy=1, insurance=1, payment_help=1, accepts=4, price="300-450",
    point=Point(38.63, -90.19), point_precision=PointPrecision.GIVEN, status=ListingStatus.PUBLISHED,
    is_dated_by_source=True,
)  # fmt: skip
AGAIN = replace(IMPORTED, seen_on=LATER)
CHANGES = {
    "name": "Blue Teapot", "phone": "314-555-0199", "website": "https://teapot.example", "npi": "1234567893",
    "contact_email": "desk@teapot.example", "organisation": "Loud Inc.", "routes": 4, "settings": 2, "conditions": 2,
    "psychotherapy": 4, "insurance": 2, "payment_help": 8, "accepts": 1, "price": "900-1200",
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGES)
def test_no_import_takes_back_a_fact_that_was_approved(field):
    record([IMPORTED])
    approve({field: CHANGES[field]})
    before, column = clinic(), "organisation_id" if field == "organisation" else field

    outcomes = [record([AGAIN]), record([AGAIN])]

    after = clinic()
    assert getattr(after, column) == getattr(before, column) != {**vars(AGAIN), "organisation_id": None}[column]
    assert facts()[field][0] == "Their own site"
    assert {fact[0] for name, fact in facts().items() if name != field} == {"A register"}
    assert {fact[1] for name, fact in facts().items() if name != field} == {LATER}
    assert outcomes == [Recorded(0, 1, 0), Recorded(0, 0, 1)]
    assert (after.slug, after.name_key, after.search_text) == (before.slug, before.name_key, before.search_text)
    assert after.facets == before.facets == packed(vars(after))


def test_that_something_is_not_there_any_more_stays_as_well():
    record([IMPORTED])
    approve({"phone": ""})

    record([AGAIN])

    assert clinic().phone is None
    assert facts()["phone"][0] == "Their own site"


def test_a_clinic_that_moved_is_not_carried_back_nor_put_where_it_was():
    record([IMPORTED])
    approve({"address": "9 Far Road", "city": "Chicago", "postal_code": "60601"} | {"state": "IL"}, kind="move")
    before = place()

    record([AGAIN])

    assert place() == before
    assert before[:4] == ("9 Far Road", "Chicago", "IL", "60601")
    assert facts()["point"][0] == "Their own site"
    assert clinic().phone == IMPORTED.phone


def test_a_clinic_that_moved_to_where_nobody_knows_the_point_of_is_not_put_where_it_was():
    record([IMPORTED])
    approve({"city": "Nowhere Atall", "postal_code": "", "state": "IL"}, kind="move")

    record([AGAIN])

    assert clinic().cell is None
    assert "point" not in facts()


def test_what_a_source_says_anew_of_other_facts_is_taken_over():
    record([IMPORTED])
    approve({"phone": "314-555-0199"})

    record([replace(AGAIN, website="https://newer.example", phone="+13145550177", name="Paper Kite Rooms")])

    now = clinic()
    assert (now.website, now.phone, now.name) == ("https://newer.example", "+13145550199", "Paper Kite Rooms")
    assert (now.slug, now.search_text) == ("paper-kite-rooms", "paper kite rooms saint louis")


@pytest.mark.parametrize("asked", ["proposed", "published", "closed"])
@pytest.mark.parametrize("given", ["closed", "reopened", "merged", "hidden", "shown again"])
def test_no_import_takes_back_a_status_that_a_decision_gave(given, asked):
    record([replace(IMPORTED, source_key="2"), IMPORTED])
    listing, other = ({"public_id": each.public_id} for each in (clinic("1"), clinic("2")))
    decide = {
        "closed": lambda: relisted(listing, "close", "closed"),
        "reopened": lambda: (relisted(listing, "close", "closed"), relisted(listing, "reopen", "published")),
        "merged": lambda: relisted(listing, "merge", "merged", target=other),
        "hidden": lambda: hidden(listing),
        "shown again": lambda: (hidden(listing), shown_again(listing)),
    }
    decide[given]()
    before = clinic("1").status

    record([replace(AGAIN, status=ListingStatus(asked))])

    assert clinic("1").status == before
    assert clinic("1").successor_id == (clinic("2").id if given == "merged" else None)


def test_a_rehearsal_tells_what_would_be_changed_where_something_was_approved():
    record([IMPORTED])
    approve({"phone": "314-555-0199"})

    assert rehearse([replace(IMPORTED, phone="+13145550177")]) == Recorded(0, 0, 1)
    assert rehearse([replace(IMPORTED, website="https://newer.example")]) == Recorded(0, 1, 0)


def test_an_import_takes_as_many_statements_for_many_as_for_few():
    record([replace(IMPORTED, source_key=str(number)) for number in range(1, 31)])
    taken = []
    for number in (2, 30):
        again = [replace(IMPORTED, source_key=str(each)) for each in range(1, number + 1)]
        with counted_statements() as statements:
            assert record(again).unchanged == number
        taken.append(len(statements))

    assert taken[0] == taken[1]


def approve(fields, *, kind="edit"):
    """Let somebody suggest facts of the one clinic, and a moderator approve them."""
    suggestion = Suggestion(
        kind=RevisionKind(kind), source=Source(title="Their own site", seen_on=FIRST), words="I looked.",
        key="a key", tie=TieKind.NONE, fields=fields,
    )  # fmt: skip
    revision = revisions.suggest(clinic().public_id, suggestion, author_id=account(), at=NOON)
    verdict = ListingVerdict(action=ListingAction.APPROVE)
    listing_decisions.decide(revision, verdict, moderator_id=account(), seen_version=1, at=NOON)


def clinic(key="1"):
    return rows(Clinic, Clinic.source_key == key)[0]


def facts():
    return {row.field: (row.source, row.seen_on) for row in rows(ClinicFact)}


def place():
    names = ("address", "city", "state", "postal_code", "latitude", "longitude", "cell", "x", "city_key", "search_text")
    return tuple(getattr(clinic(), name) for name in names)
