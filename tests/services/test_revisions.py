from datetime import timedelta

import pytest

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.facts import restored
from directory.domain.profile import ListingStatus
from directory.domain.revisions import MOST_SUGGESTIONS_A_DAY, RevisionKind, RevisionStatus
from directory.domain.sources import Source
from directory.domain.ties import TieKind
from directory.models import AuditEntry, Clinic, ListingDecision, Organisation, Revision, Tie
from directory.services import revisions
from directory.services.revisions import PossibleDuplicates
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.listings import (
    DECLINED,
    FIELDS,
    SENT_BACK,
    SOURCE,
    decided,
    facts_of,
    listing,
    listing_of,
    proposal,
    proposed,
    stored,
    suggested,
    suggestion,
)
from tests.support.reviews import NOON, account, accounts, assert_the_record_holds
from tests.support.tables import nothing_written, rows
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

LATER = NOON + timedelta(hours=1)


def test_a_clinic_that_is_proposed_waits_and_is_nobodys_to_see():
    author = account(role=None)

    revision = proposed(author, phone="309 555 0142", routes=["iv_infusion"], organisation="Snail Group")

    row, clinic = stored(revision), listing_of(revision)
    assert (row.status, row.version, row.kind, row.author_id) == (RevisionStatus.SUBMITTED, 1, RevisionKind.NEW, author)
    assert (clinic.status, clinic.source, clinic.source_key) == (ListingStatus.PROPOSED, "community", revision)
    assert (clinic.name, clinic.phone, clinic.routes) == ("Copper Snail Ketamine", "+13095550142", 1)
    assert [chain.name for chain in rows(Organisation)] == ["Snail Group"]
    assert_the_record_holds()


def test_a_clinic_that_is_proposed_stands_at_the_centre_of_its_zip_code():
    clinic = listing_of(proposed())

    assert clinic.point_precision == "zip"
    assert (round(clinic.latitude), round(clinic.longitude)) == (41, -90)


def test_each_fact_of_a_proposal_has_the_source_that_its_author_named():
    revision = proposed(phone="309 555 0142")

    of_it = (SOURCE.title, TODAY, stored(revision).id)
    assert facts_of(listing_of(revision)) == dict.fromkeys(("name", "address", "phone", "point"), of_it)


@pytest.mark.parametrize("kind", RevisionKind)
def test_ten_equal_submits_at_once_hand_in_one(app, kind):
    author, clinic, target = account(role=None), add_clinic(), add_clinic()
    act = {RevisionKind.NEW: lambda: proposed(author, key="same")}.get(
        kind, lambda: suggested(clinic, kind, author=author, key="same", **said(kind, target))
    )
    if kind is RevisionKind.REOPEN:
        decided(suggested(clinic, RevisionKind.CLOSE))

    outcomes = at_once(app, *[act] * 10)

    (handed_in,) = rows(Revision, Revision.author_id == author)
    assert outcomes == [handed_in.public_id] * 10
    assert len(rows(ListingDecision, ListingDecision.actor_id == author)) == 1
    assert len(rows(AuditEntry, AuditEntry.actor_id == author)) == 1


def test_what_may_be_listed_already_is_shown_first_and_goes_in_once_its_author_has_seen_it():
    listed = add_clinic(name="Copper Snail Ketamine", city="Pekin", state="IL")
    author = account(role=None)

    with nothing_written(), pytest.raises(PossibleDuplicates) as refused:
        proposed(author)
    proposed(author, despite=frozenset({listed["public_id"]}))

    assert [each.public_id for each in refused.value.found.shown] == [listed["public_id"]]
    assert len(rows(Revision)) == 1


def test_whoever_proposes_says_what_they_have_to_do_with_the_clinic_and_any_tie_may():
    author = account(role=None)

    revision = proposed(author, tie=TieKind.OWNER)

    (tie,) = rows(Tie)
    assert (tie.account_id, tie.clinic_id, tie.kind) == (author, stored(revision).clinic_id, "owner")


@pytest.mark.parametrize(
    ("field", "stated"),
    [
        ("name", {"name": ""}),
        ("state", {"state": "Bavaria"}),
        ("phone", {"phone": "555"}),
        ("motto", {"motto": "We care."}),
        ("source", {"source": Source(title=" ", seen_on=TODAY)}),
        ("source_url", {"source": Source(title="Site", url="nonsense", seen_on=TODAY)}),
        ("seen_on", {"source": Source(title="Site", seen_on=days_ago(-1))}),
        ("words", {"words": " "}),
        ("key", {"key": ""}),
        ("key", {"key": "x" * 65}),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_written(field, stated):
    author = account(role=None)

    with nothing_written(), pytest.raises(InvalidParameter) as refused:
        proposed(author, **stated)

    assert refused.value.field == field


def test_one_person_hands_in_so_much_a_day_and_goes_on_on_the_next():
    author = account(role=None)
    for number in range(MOST_SUGGESTIONS_A_DAY):
        suggested(add_clinic(), phone=f"309555{number:04}", author=author)
    other = add_clinic()

    with nothing_written(), pytest.raises(Forbidden):
        suggested(other, phone="3095559999", author=author)

    suggested(other, phone="3095559999", author=author, at=NOON + timedelta(days=1))


def test_an_edit_holds_what_differs_and_how_it_read_and_the_listing_stays():
    clinic = add_clinic(name="Snail", phone="+13095550142", website="https://snail.example")

    revision = suggested(clinic, name="Snail", phone="309 555 0199", website="")

    row = stored(revision)
    assert restored(row.fields) == {"phone": "+13095550199", "website": ""}
    assert restored(row.base) == {"phone": "+13095550142", "website": "https://snail.example"}
    assert (listing(clinic).phone, listing(clinic).status) == ("+13095550142", "published")
    assert_the_record_holds()


def test_nobody_learns_the_address_of_a_clinic_by_guessing_it():
    clinic = add_clinic(contact_email="desk@snail.example")

    suggested(clinic, contact_email="desk@snail.example")
    suggested(clinic, contact_email="other@snail.example")
    with pytest.raises(InvalidParameter):
        suggested(clinic, contact_email="")


@pytest.mark.parametrize("stated", [{}, {"name": "Snail"}, {"name": " Snail "}])
def test_an_edit_of_nothing_is_refused(stated):
    clinic, author = add_clinic(name="Snail"), account(role=None)

    with nothing_written(), pytest.raises(InvalidParameter, match="stands in the listing already"):
        suggested(clinic, author=author, **stated)


@pytest.mark.parametrize(
    ("kind", "stated"),
    [("move", {"phone": "3095550142"}), ("close", {"phone": "3095550142"}), ("merge", {"city": "X"})],
)
def test_a_suggestion_says_only_what_belongs_to_it(kind, stated):
    clinic, target = add_clinic(), add_clinic()

    with pytest.raises(InvalidParameter) as refused:
        suggested(clinic, kind, target=target, **stated)

    assert refused.value.field == "fields"


def test_the_listing_that_stays_is_another_that_is_published():
    clinic, closed = add_clinic(), add_clinic(status="closed")

    for target in (clinic, closed, {"public_id": "nowhere"}, {"public_id": "no id at all"}):
        with pytest.raises(InvalidParameter) as refused:
            suggested(clinic, "merge", target=target)
        assert refused.value.field == "target"


@pytest.mark.parametrize(
    "status", [status for status in ListingStatus if status not in {"published", "closed", "merged"}]
)
def test_nothing_is_suggested_about_what_nobody_sees(status):
    clinic = add_clinic(status=status)

    with pytest.raises(NotFound):
        suggested(clinic, phone="3095550142")


@pytest.mark.parametrize(
    ("status", "kind"), [("published", "reopen"), ("closed", "close"), ("closed", "edit"), ("closed", "move")]
)
def test_a_closed_clinic_is_reopened_before_anything_else_and_an_open_one_not_at_all(status, kind):
    clinic = add_clinic(status=status)

    with pytest.raises(InvalidTransition):
        suggested(clinic, kind, **said(RevisionKind(kind), None))


def test_whoever_has_something_open_about_a_listing_waits_or_takes_it_back():
    clinic, author = add_clinic(), account(role=None)
    first = suggested(clinic, phone="3095550142", author=author)

    with nothing_written(), pytest.raises(Conflict):
        suggested(clinic, "close", author=author)

    revisions.withdraw(first, author_id=author, seen_version=1, at=LATER)
    suggested(clinic, "close", author=author)


def test_a_key_is_of_one_thing():
    clinic, other, author = add_clinic(), add_clinic(), account(role=None)
    suggested(clinic, phone="3095550142", author=author, key="same")

    for act in (
        lambda: suggested(other, phone="3095550142", author=author, key="same"),
        lambda: suggested(clinic, "close", author=author, key="same"),
        lambda: proposed(author, key="same"),
    ):
        with pytest.raises(InvalidParameter) as refused:
            act()
        assert refused.value.field == "key"


def test_what_was_sent_back_is_handed_in_again_with_changes():
    clinic, author = add_clinic(phone="+13095550142"), account(role=None)
    revision = suggested(clinic, phone="309 555 0199", author=author)
    decided(revision, SENT_BACK)
    better = suggestion(phone="309 555 0177", source=Source(title="Their door", seen_on=TODAY))

    revisions.submit_again(revision, better, author_id=author, seen_version=2, at=LATER)

    row = stored(revision)
    assert (row.status, row.version, row.source, row.source_url) == ("submitted", 3, "Their door", "")
    assert restored(row.fields) == {"phone": "+13095550177"}
    assert_the_record_holds()


def test_a_proposal_that_was_sent_back_is_written_anew_as_a_whole():
    author = account(role=None)
    revision = proposed(author, phone="309 555 0142")
    decided(revision, SENT_BACK)
    better = suggestion("new", **FIELDS | {"name": "Silver Snail", "city": "Pekin", "postal_code": "61554"})

    revisions.submit_again(revision, better, author_id=author, seen_version=2, at=LATER)

    clinic = listing_of(revision)
    assert (clinic.name, clinic.city, clinic.phone, clinic.status) == ("Silver Snail", "Pekin", None, "proposed")
    assert set(facts_of(clinic)) == {"name", "address", "point"}
    assert_the_record_holds()


def test_only_its_author_hands_in_again_and_only_what_was_sent_back():
    clinic, (author, other) = add_clinic(), accounts(2, role=None)
    revision = suggested(clinic, phone="309 555 0199", author=author)
    again = suggestion(phone="309 555 0177")

    with nothing_written(), pytest.raises(InvalidTransition):
        revisions.submit_again(revision, again, author_id=author, seen_version=1, at=LATER)
    with nothing_written(), pytest.raises(NotFound):
        revisions.submit_again(revision, again, author_id=other, seen_version=1, at=LATER)
    with nothing_written(), pytest.raises(Conflict):
        revisions.submit_again(revision, again, author_id=author, seen_version=2, at=LATER)
    with nothing_written(), pytest.raises(InvalidParameter):
        revisions.submit_again(revision, suggestion("close"), author_id=author, seen_version=1, at=LATER)


def test_a_proposal_that_is_taken_back_is_no_listing_and_can_be_made_again():
    author = account(role=None)
    revision = proposed(author)

    revisions.withdraw(revision, author_id=author, seen_version=1, at=LATER)

    assert (stored(revision).status, listing_of(revision).status) == ("withdrawn", "withdrawn")
    assert proposed(author) != revision
    assert_the_record_holds()


def test_what_is_decided_or_somebody_elses_is_not_taken_back():
    clinic, (author, other) = add_clinic(), accounts(2, role=None)
    revision = suggested(clinic, "close", author=author)

    with pytest.raises(NotFound):
        revisions.withdraw(revision, author_id=other, seen_version=1, at=LATER)
    with pytest.raises(NotFound):
        revisions.withdraw("no id at all", author_id=author, seen_version=1, at=LATER)
    decided(revision, DECLINED)
    with pytest.raises(Conflict):
        revisions.withdraw(revision, author_id=author, seen_version=1, at=LATER)
    with pytest.raises(InvalidTransition):
        revisions.withdraw(revision, author_id=author, seen_version=2, at=LATER)


def said(kind, target):
    """Return what a suggestion of that kind has to say."""
    facts = {"phone": "3095550142"} if kind is RevisionKind.EDIT else {"address": "1 New Street"}
    if kind is RevisionKind.MERGE:
        return {"target": target}
    return facts if kind.states_facts else {}


def test_a_name_of_the_longest_and_oddest_letters_is_kept():
    name = "\U0001d4d0" * 200

    assert restored(stored(proposed(name=name, organisation=name)).fields)["name"] == name
    assert proposal().key != proposal().key
    assert rows(Clinic)
