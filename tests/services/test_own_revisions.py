from datetime import timedelta

import pytest

from directory.domain.errors import NotFound
from directory.domain.revisions import ListingAction, RevisionKind, RevisionStatus
from directory.services import own_revisions
from tests.support.clinics import add_clinic
from tests.support.listings import SENT_BACK, SOURCE, WHY, WORDS, decided, merged, proposed, stored, suggested
from tests.support.reviews import NOON, account, accounts
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")

LATER = NOON + timedelta(hours=1)


def test_everybody_sees_their_own_suggestions_the_newest_first_and_nobody_elses(monkeypatch):
    monkeypatch.setattr(own_revisions, "PAGE", 2)
    author, other = accounts(2, role=None)
    theirs = [suggested(add_clinic(), "close", author=author) for _ in range(3)]
    suggested(add_clinic(), "close", author=other)
    decided(theirs[2], SENT_BACK, at=LATER)

    first = own_revisions.mine(author)
    with counted_statements() as counted:
        second = own_revisions.mine(author, after=first.next)

    assert [each.public_id for each in first.revisions] == [theirs[2], theirs[1]]
    assert [each.changed for each in first.revisions] == [LATER, NOON]
    assert ([each.public_id for each in second.revisions], second.next) == ([theirs[0]], None)
    assert len(counted) == 1
    assert own_revisions.mine(author, after="no id at all").revisions == first.revisions


def test_a_suggestion_is_shown_with_what_it_changes_and_what_was_decided():
    author, clinic = account(role=None), add_clinic(phone="+13095550142")
    revision = suggested(clinic, phone="309 555 0199", routes=["iv_infusion"], author=author)
    decided(revision, SENT_BACK, at=LATER)

    with counted_statements() as counted:
        shown = own_revisions.show(revision, author)

    assert (shown.kind, shown.status, shown.version) == (RevisionKind.EDIT, RevisionStatus.CHANGES_REQUESTED, 2)
    assert [(each.field, each.before, each.now, each.after) for each in shown.differences] == [
        ("phone", "+13095550142", "+13095550142", "+13095550199"),
        ("routes", (), (), ("IV infusion",)),
    ]
    assert (shown.source, shown.words, shown.target) == (SOURCE, WORDS, None)
    assert [(each.action, each.at) for each in shown.steps] == [
        (ListingAction.SUBMIT, NOON), (ListingAction.REQUEST_CHANGES, LATER),
    ]  # fmt: skip
    assert (shown.steps[1].reason, shown.steps[1].words) == (WHY["reason"], WHY["words"])
    assert len(counted) <= 3


def test_a_merge_names_the_listing_that_stays():
    clinic, target = add_clinic(), add_clinic()
    revision = merged(clinic, target)

    shown = own_revisions.show(revision, stored(revision).author_id)

    assert (shown.clinic.public_id, shown.target.public_id) == (clinic["public_id"], target["public_id"])
    assert not shown.clinic.is_listed


def test_the_address_of_a_clinic_is_not_shown_to_whoever_suggests_another():
    author, clinic = account(role=None), add_clinic(contact_email="desk@snail.example")
    revision = suggested(clinic, contact_email="other@snail.example", author=author)

    (difference,) = own_revisions.show(revision, author).differences

    assert (difference.before, difference.now, difference.after) == ("", "", "other@snail.example")


def test_nobody_sees_anybody_elses():
    revision, other = proposed(), account()

    for public_id in (revision, "nothing", "no id at all"):
        with pytest.raises(NotFound):
            own_revisions.show(public_id, other)
