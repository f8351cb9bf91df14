from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from directory.domain.errors import Conflict, Forbidden, NotFound
from directory.domain.revisions import RevisionKind, RevisionStatus
from directory.domain.ties import TieKind
from directory.domain.waiting import Item, ItemKind
from directory.extensions import db, reading
from directory.models import Revision
from directory.services import access, claims, queue
from directory.services.queue_lines import Asked, View
from tests.support.reviews import (
    NOON,
    account,
    accounts,
    decided,
    declared,
    declined,
    link,
    reviewed_clinic,
    submitted,
    tied,
)
from tests.support.statements import counted_statements
from tests.support.suggestions import entered, suggested
from tests.support.tables import rows
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
LISTING, REVIEW = ItemKind.LISTING, ItemKind.REVIEW
TIES = ["author", "stands for the author", "linked to the author", "linked to the same"]


def minutes(number):
    return NOON + timedelta(minutes=number)


def test_reviews_and_suggestions_wait_in_one_queue_with_the_longest_waiting_first():
    second = reviewed(at=minutes(1))
    first, third = suggestion(), suggestion(at=minutes(2), kind="close")

    found = looked()

    assert [each.public_id for each in found.waiting] == [first, second, third]
    assert [each.kind for each in found.waiting] == [LISTING, REVIEW, LISTING]
    assert [each.suggestion for each in found.waiting] == [RevisionKind.EDIT, None, RevisionKind.CLOSE]
    assert [each.answers for each in found.waiting] == [0, 1, 0]
    assert (found.number, found.left_out, found.by_kind) == (3, 0, {LISTING: 2, REVIEW: 1})


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_both_kinds_leave_nothing_out_and_show_nothing_twice(monkeypatch, size):
    monkeypatch.setattr(queue, "PAGE", size)
    # Of one moment there are two of each kind.
    made = {reviewed(at=minutes(late)) for late in (0, 0, 3)} | {suggestion(at=minutes(late)) for late in (0, 0, 2)}

    pages, after = [], ""
    while after is not None:
        page = looked(after=after)
        pages += [each.public_id for each in page.waiting]
        after = page.next

    assert len(pages) == 6
    assert set(pages) == made


def test_one_kind_can_be_looked_at_alone():
    review, listing = reviewed(), suggestion()

    of_reviews, of_listings = (looked(asked=Asked(kind=kind)) for kind in (REVIEW, LISTING))

    assert [each.public_id for each in of_reviews.waiting] == [review]
    assert [each.public_id for each in of_listings.waiting] == [listing]
    assert of_reviews.number == of_listings.number == 2


def test_what_was_asked_for_and_what_one_decided_is_shown_of_both_kinds():
    mo = account()
    asked, gone = suggestion(), suggestion()
    entered(asked, "request_changes", by=mo, at=minutes(1))
    entered(gone, "decline", by=mo, at=minutes(3))
    review = reviewed()
    decided(review, declined(), moderator=mo, at=minutes(2))

    with_authors = looked(mo, asked=Asked(view=View.ASKED))
    lately = looked(mo, asked=Asked(view=View.DECIDED))

    assert [each.public_id for each in with_authors.waiting] == [asked]
    assert [each.public_id for each in lately.waiting] == [gone, review, asked]
    assert [each.decided_as for each in lately.waiting] == ["decline", "decline", "request_changes"]
    assert [each.decided_at for each in lately.waiting] == [minutes(3), minutes(2), minutes(1)]
    assert looked(mo).number == 0


def test_what_waits_longer_than_was_promised_is_shown_of_both_kinds():
    late = suggestion(), reviewed(at=minutes(1))
    suggestion(at=NOON + timedelta(days=3))

    found = looked(asked=Asked(only_overdue=True), at=NOON + timedelta(days=15))

    assert tuple(each.public_id for each in found.waiting) == late
    assert all(each.is_over_time for each in found.waiting)
    assert (found.overdue, found.number) == (2, 3)


@pytest.mark.security(27)
@pytest.mark.parametrize("tie", TIES)
def test_ones_own_suggestions_are_left_out_and_never_claimed(tie):
    mo, author = tied(tie)
    listing = suggested(reviewed_clinic(), author)

    assert (looked(mo).number, looked(mo).left_out) == (0, 1)
    assert claims.take_next(moderator_id=mo, at=NOON) is None
    with pytest.raises(Forbidden, match="your own"):
        claims.claim(listing, moderator_id=mo, at=NOON, kind=LISTING)
    with pytest.raises(DatabaseError, match="nobody claims their own work"):
        claim_past_the_service(listing, mo)


@pytest.mark.security(27)
@pytest.mark.parametrize("end", ["the listing that goes", "the listing that stays"])
def test_a_tie_to_either_of_two_listings_keeps_one_from_joining_them(end):
    mo, goes, stays = account(), reviewed_clinic(), reviewed_clinic()
    listing = suggested(goes, account(), kind="merge", target=stays)
    declared(mo, goes if end == "the listing that goes" else stays, TieKind.COMPETITOR)

    assert (looked(mo).number, looked(mo).left_out) == (0, 1)
    assert claims.take_next(moderator_id=mo, at=NOON) is None
    with pytest.raises(Forbidden, match="a tie to this clinic"):
        claims.claim(listing, moderator_id=mo, at=NOON, kind=LISTING)
    with pytest.raises(DatabaseError, match="to which they have a tie"):
        claim_past_the_service(listing, mo)


@pytest.mark.security(27)
def test_who_agreed_to_a_merge_is_not_offered_it_for_the_second_time():
    whole = account()
    mo, other = account(linked_to=whole), account()
    listing = suggested(reviewed_clinic(), account(), kind="merge", target=reviewed_clinic())
    entered(listing, "approve_once", by=mo)

    for same in (mo, whole):
        assert (looked(same).number, looked(same).left_out) == (0, 1)
        assert claims.take_next(moderator_id=same, at=NOON) is None
        with pytest.raises(Forbidden, match="agreed to this already"):
            claims.claim(listing, moderator_id=same, at=NOON, kind=LISTING)
    assert looked(other).waiting[0].status is RevisionStatus.APPROVED_ONCE
    assert claims.take_next(moderator_id=other, at=NOON) == Item(LISTING, listing)


def test_who_agreed_to_what_was_changed_since_may_look_at_it_again():
    mo, author = account(), account()
    listing = suggested(reviewed_clinic(), author, kind="merge", target=reviewed_clinic())
    entered(listing, "approve_once", by=mo)
    entered(listing, "request_changes")
    entered(listing, "submit", by=author)

    assert looked(mo).number == 1


def test_the_next_is_the_oldest_of_either_kind():
    late, first, second = reviewed(at=minutes(2)), suggestion(), reviewed(at=minutes(1))
    mo = account()

    taken = [claims.take_next(moderator_id=mo, at=minutes(3)) for _ in range(4)]

    assert taken == [Item(LISTING, first), Item(REVIEW, second), Item(REVIEW, late), None]


def test_the_next_goes_through_both_kinds_and_begins_again_at_the_end():
    made = [suggestion(), reviewed(), reviewed(at=minutes(1)), suggestion(at=minutes(1))]
    mo, taken, after = account(), [], ""

    for _ in range(5):
        after = claims.take_next(moderator_id=mo, at=minutes(2), after=after).public_id
        taken.append(after)

    # Of one moment listings come first.
    assert taken == [made[0], made[1], made[3], made[2], made[0]]
    assert lease(made[3]) == (None, None, None)


def test_a_suggestion_is_taken_kept_and_given_back_as_a_review_is():
    listing, mo, other = suggestion(), *accounts(2)

    assert claims.claim(listing, moderator_id=mo, at=NOON, kind=LISTING) == minutes(15)
    with pytest.raises(Conflict, match="has this suggestion open until 12:15 UTC"):
        claims.claim(listing, moderator_id=other, at=minutes(1), kind=LISTING)
    assert claims.renew(listing, moderator_id=mo, at=minutes(10), kind=LISTING) == minutes(25)
    assert lease(listing) == (mo, NOON, minutes(25))
    claims.release(listing, moderator_id=mo, kind=LISTING)

    assert lease(listing) == (None, None, None)
    with pytest.raises(Conflict, match="Claim the suggestion again"):
        claims.renew(listing, moderator_id=mo, at=minutes(11), kind=LISTING)


@pytest.mark.parametrize("public_id", ["AAAAAAAAAAAA", "no id"])
def test_a_suggestion_that_is_not_there_is_not_claimed(public_id):
    with pytest.raises(NotFound, match="no such suggestion"):
        claims.claim(public_id, moderator_id=account(), at=NOON, kind=LISTING)


def test_a_review_is_not_claimed_as_a_suggestion():
    with pytest.raises(NotFound):
        claims.claim(reviewed(), moderator_id=account(), at=NOON, kind=LISTING)


@pytest.mark.parametrize("action", ["decline", "request_changes", "approve"])
def test_a_suggestion_that_was_decided_is_not_claimed(action):
    listing = suggestion()
    entered(listing, action)

    with pytest.raises(Conflict, match="does not wait"):
        claims.claim(listing, moderator_id=account(), at=NOON, kind=LISTING)


@pytest.mark.security(29)
def test_of_many_who_take_the_next_of_both_kinds_at_once_each_gets_another(app):
    waits = [*(Item(REVIEW, reviewed()) for _ in range(4)), *(Item(LISTING, suggestion()) for _ in range(4))]

    taken = at_once(app, *[lambda by=by: claims.take_next(moderator_id=by, at=NOON) for by in accounts(8)])

    assert sorted(taken) == sorted(waits)


def test_the_next_takes_as_many_statements_among_few_as_among_many():
    mo, taken = account(), []
    for number in (1, 5):
        for _ in range(number):
            suggestion()
            reviewed()
        with counted_statements() as statements:
            claims.take_next(moderator_id=mo, at=NOON)
        taken.append(len(statements))

    assert taken[0] == taken[1] <= 5


def reviewed(at=NOON):
    return submitted(reviewed_clinic(), account(), MAILED, at=at)


def suggestion(at=NOON, kind="edit"):
    return suggested(reviewed_clinic(), account(), kind=kind, at=at)


def looked(by=None, *, after="", asked=None, at=NOON + timedelta(hours=5)):
    with reading() as session:
        who = access.actor(session, by or account())
    return queue.waiting(who, asked, at=at, after=after)


def lease(listing):
    found = rows(Revision, Revision.public_id == listing)[0]
    moments = (found.claimed_at, found.claim_until)
    return found.claimed_by_id, *(each and each.replace(tzinfo=NOON.tzinfo) for each in moments)


def claim_past_the_service(listing, by):
    try:
        db.session.execute(
            db.text(
                f"UPDATE revision SET claimed_by_id = {by}, claimed_at = '2026-11-21 12:00:00+00:00',"
                " claim_until = '2026-11-22 12:00:00+00:00' WHERE public_id = :id"
            ),
            {"id": listing},
        )
    finally:
        db.session.rollback()
