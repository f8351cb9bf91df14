from datetime import timedelta

import pytest

from directory.domain.errors import Moved, NotFound, Withheld
from directory.domain.profile import NOT_LISTED
from directory.domain.revisions import ListingAction, ListingReason, RevisionKind
from directory.extensions import db
from directory.services import profiles
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.reviews import NOON, account
from tests.support.statements import counted_statements
from tests.support.suggestions import entered, hidden, relisted, shown_again, suggested

pytestmark = pytest.mark.usefixtures("app")

A_DAY = timedelta(days=1)


def test_a_clinic_that_has_closed_names_the_decision_by_which_that_is_known():
    clinic = add_clinic()
    before = shown(clinic)
    entry = relisted(clinic, "close", "closed")

    found = shown(clinic)

    assert (before.is_closed, before.closing) == (False, None)
    assert found.is_closed
    assert (found.closing.entry, found.closing.source, found.closing.seen_on) == (entry, "Their own site", TODAY)


def test_a_clinic_that_is_open_again_or_was_closed_by_an_import_since_names_none():
    reopened, imported = add_clinic(), add_clinic(status="closed")
    relisted(reopened, "close", "closed")
    relisted(reopened, "reopen", "published")
    open_again = shown(reopened)
    db.session.execute(db.text("UPDATE clinic SET status = 'closed'"))
    db.session.commit()

    assert (open_again.is_closed, open_again.closing) == (False, None)
    for clinic in (reopened, imported):
        assert (shown(clinic).is_closed, shown(clinic).closing) == (True, None)


def test_a_move_says_from_where_and_each_of_several_where_the_clinic_was_then():
    clinic = add_clinic(address="3 Last Street", city="Clayton", state="MO", postal_code="63105")
    moves = ('{"address": "1 First Street", "city": "Saint Louis", "postal_code": ""}', '{"address": "2 Second St"}')
    for base in moves:
        entered(suggested(clinic, account(), kind="move", base=base), "approve")

    found = shown(clinic)

    assert [each.moved_from for each in found.history] == [
        "2 Second St, Clayton, MO 63105", "1 First Street, Saint Louis, MO",
    ]  # fmt: skip
    assert found.move == found.history[0]
    assert shown(add_clinic()).move is None


def test_the_history_names_facts_sources_and_joined_listings_and_nothing_that_was_only_suggested():
    goes, stays = add_clinic(name="Old Kite"), add_clinic(name="New Kite")
    suggested(stays, account())
    fields = '{"phone": "+13145550100", "contact_email": "desk@secret.example"}'
    entered(suggested(stays, account(), fields=fields, source_url="https://kite.example/contact"), "approve")
    relisted(goes, "merge", "merged", target=stays)
    hidden(stays)
    shown_again(stays)

    history = shown(stays).history

    assert [(each.action, each.kind, each.joined) for each in history] == [
        (ListingAction.UNHIDE, None, ""), (ListingAction.HIDE, None, ""),
        (ListingAction.APPROVE, RevisionKind.MERGE, "Old Kite"), (ListingAction.APPROVE, RevisionKind.EDIT, ""),
    ]  # fmt: skip
    assert (history[3].fields, history[3].source_url) == (("phone",), "https://kite.example/contact")
    assert {(each.on, each.moved_from) for each in history} == {(TODAY, "")}


def test_a_merged_listing_leads_to_the_one_that_stands_for_it():
    goes, stays = add_clinic(), add_clinic(name="New Kite")
    relisted(goes, "merge", "merged", target=stays)

    with pytest.raises(Moved, match="stands for this one") as moved:
        shown(goes)

    assert (moved.value.public_id, moved.value.slug) == (stays["public_id"], "new-kite")


@pytest.mark.parametrize("reason", [ListingReason.LEGAL_REQUEST, ListingReason.OTHER_CLINIC])
def test_a_hidden_listing_says_since_when_and_whether_after_a_legal_request_and_no_name(reason):
    other = {ListingReason.LEGAL_REQUEST: ListingReason.OTHER_CLINIC}.get(reason, ListingReason.LEGAL_REQUEST)
    goes, clinic = add_clinic(), add_clinic(name="Secret Kite")
    relisted(goes, "merge", "merged", target=clinic)
    hidden(clinic, reason=other, at=NOON - 9 * A_DAY)
    shown_again(clinic, at=NOON - 8 * A_DAY)
    hidden(clinic, reason=reason, at=NOON - 2 * A_DAY)

    for asked in (clinic, goes):
        with pytest.raises(Withheld, match="hidden for the present") as withheld:
            shown(asked)
        assert (withheld.value.since, withheld.value.is_legal) == (days_ago(2), reason == ListingReason.LEGAL_REQUEST)
        assert "ecret" not in str(vars(withheld.value))


@pytest.mark.parametrize("status", ["proposed", "declined", "withdrawn", None])
def test_what_nobody_published_is_not_there_and_nobody_learns_why(status):
    public_id = add_clinic(status=status)["public_id"] if status else "no\0where"

    with pytest.raises(NotFound) as refused:
        profiles.show(public_id, as_of=TODAY)

    assert (type(refused.value), str(refused.value)) == (NotFound, NOT_LISTED)


def test_a_profile_takes_seven_statements_however_long_its_history_is():
    clinic = add_clinic()
    taken = []
    for _ in range(2):
        for _day in range(2):
            entered(suggested(clinic, account()), "approve")
        with counted_statements() as statements:
            shown(clinic)
        taken.append(len(statements))

    assert taken[0] == taken[1] <= 7


def shown(clinic):
    return profiles.show(clinic["public_id"], as_of=TODAY)
