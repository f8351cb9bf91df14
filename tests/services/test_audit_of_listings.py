import pytest

from directory.models import AuditEntry
from directory.services import audit, listing_decisions
from directory.services.listing_decisions import Hiding
from tests.support.answers import TODAY
from tests.support.clinics import add_clinic
from tests.support.listings import SENT_BACK, WHY, administrator, decided, listing, merged, stored, suggested
from tests.support.reviews import NOON
from tests.support.rows import tamper
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")


def test_every_decision_on_a_listing_is_an_entry_of_the_one_chain():
    merged(add_clinic(), add_clinic())
    hidden()

    assert [entry.action for entry in rows(AuditEntry)] == ["submit", "approve_once", "approve", "hide"]
    assert audit.verify().problem == ""


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE listing_decision SET reason_text = 'Another.' WHERE action = 'approve'",
        "UPDATE listing_decision SET listing_to = 'published' WHERE action = 'approve'",
        "UPDATE listing_decision SET actor_id = (SELECT min(id) FROM account) WHERE action = 'approve'",
        "UPDATE listing_decision SET until = '2027-01-01' WHERE action = 'hide'",
        "DELETE FROM listing_decision WHERE action = 'approve_once'",
    ],
)
def test_a_decision_that_was_changed_or_taken_away_is_noticed(change):
    merged(add_clinic(), add_clinic())
    hidden()

    tamper(change)

    assert audit.verify().problem.startswith("decision ")


@pytest.mark.parametrize(
    "change",
    [
        'fields = \'{"phone":"+13095550000"}\'',
        'base = \'{"phone":"+13095550000"}\'',
        "source = 'Another'",
        "seen_on = '2026-11-01'",
        "words = 'Other.'",
        "author_id = (SELECT min(id) FROM account)",
        "submitted_at = '2026-11-01 12:00:00+00:00'",
    ],
)
def test_a_suggestion_that_was_changed_after_it_was_handed_in_is_noticed(change):
    suggested(add_clinic(), "close")
    revision = suggested(add_clinic(), phone="309 555 0142")
    decided(revision)

    tamper(f"UPDATE revision SET {change} WHERE public_id = '{revision}'")

    assert audit.verify().problem.startswith("what decision ")


def test_what_was_sent_back_may_be_written_anew():
    revision = suggested(add_clinic(), phone="309 555 0142")
    decided(revision, SENT_BACK)

    tamper(f"UPDATE revision SET words = 'Better.' WHERE public_id = '{revision}'")

    assert audit.verify().problem == ""


@pytest.mark.parametrize("change", ["status = 'approved'", "status = 'declined', version = 2", "version = 9"])
def test_a_suggestion_that_stands_otherwise_than_was_decided_is_noticed(change):
    revision = suggested(add_clinic(), phone="309 555 0142")

    tamper(f"UPDATE revision SET {change} WHERE public_id = '{revision}'")

    assert audit.verify().problem == f"suggestion {stored(revision).id} stands in no decision"


@pytest.mark.parametrize("change", ["'published'", "'closed'", "'withdrawn'"])
def test_a_listing_that_was_shown_or_left_out_without_a_decision_is_noticed(change):
    clinic = hidden()

    tamper(f"UPDATE clinic SET status = {change} WHERE public_id = '{clinic['public_id']}'")

    assert audit.verify().problem == f"listing {listing(clinic).id} stands in no decision"


def test_what_an_import_publishes_and_closes_stands_in_no_decision_and_need_not():
    clinic = add_clinic()
    suggested(clinic, phone="309 555 0142")

    tamper(f"UPDATE clinic SET status = 'closed' WHERE public_id = '{clinic['public_id']}'")

    assert audit.verify().problem == ""


def hidden():
    clinic = add_clinic()
    whole = Hiding(**WHY, until=TODAY.replace(year=TODAY.year + 1))
    listing_decisions.hide(clinic["public_id"], whole, administrator_id=administrator(), at=NOON)
    return clinic
