from datetime import timedelta

import pytest

from directory.domain.errors import Forbidden, NotFound
from directory.domain.moderation import ReviewStatus
from directory.domain.profile import NOT_LISTED
from directory.domain.ties import TieKind
from directory.extensions import reading
from directory.services import access, desk, holds
from tests.support.answers import days_ago
from tests.support.clinics import add_clinic
from tests.support.reviews import (
    NOON,
    account,
    accounts,
    approved,
    decided,
    declared,
    declined,
    link,
    reviewed_clinic,
    submitted,
)
from tests.support.statements import counted_statements
from tests.support.suggestions import relisted

pytestmark = pytest.mark.usefixtures("app")

CURE = {"cure_all_claims": ("yes", link())}
HOUR = timedelta(hours=1)


def test_a_moderator_sees_every_review_of_a_clinic_that_was_handed_in_the_newest_first():
    clinic, author = reviewed_clinic(name="Paper Kite"), account(role=None)
    first = approved(clinic, author, CURE, at=NOON - 2 * HOUR)
    second = submitted(clinic, account(role=None), CURE, at=NOON - HOUR)
    decided(second, declined())
    third = submitted(clinic, author, CURE, at=NOON)
    approved(reviewed_clinic(), account(role=None), CURE)

    found = looked_at(clinic, account())

    assert (found.clinic.name, found.hold, found.may_hold) == ("Paper Kite", None, True)
    assert [(each.public_id, each.status, each.since) for each in found.reviews] == [
        (third, ReviewStatus.SUBMITTED, NOON),
        (second, ReviewStatus.DECLINED, NOON - HOUR),
        (first, ReviewStatus.APPROVED, NOON - 2 * HOUR),
    ]
    names = [each.reviewer for each in found.reviews]
    assert names[0] == names[2] != names[1]
    assert not any(each.is_own for each in found.reviews)


def test_what_was_handed_in_about_a_merged_listing_stands_with_the_one_that_stays():
    goes, stays = reviewed_clinic(), reviewed_clinic()
    review = approved(goes, account(role=None), CURE)
    relisted(goes, "merge", "merged", target=stays)

    assert [each.public_id for each in looked_at(stays, account()).reviews] == [review]


def test_of_many_reviews_the_newest_are_listed(monkeypatch):
    monkeypatch.setattr(desk, "MOST_REVIEWS", 2)
    clinic = reviewed_clinic()
    made = [submitted(clinic, by, CURE, at=NOON - number * HOUR) for number, by in enumerate(accounts(3))]

    assert [each.public_id for each in looked_at(clinic, account()).reviews] == made[:2]


def test_whether_new_reviews_are_held_is_seen_with_the_days_and_the_words():
    clinic, by = reviewed_clinic(), account()
    holds.hold(clinic["public_id"], days=3, words="Many at once.", moderator_id=by, at=NOON - 24 * HOUR)

    held = looked_at(clinic, by).hold
    holds.end(clinic["public_id"], words="It was a newspaper.", moderator_id=by, at=NOON)

    assert (held.since, held.until, held.words) == (days_ago(1), days_ago(-2), "Many at once.")
    assert looked_at(clinic, by).hold is None


def test_who_has_a_review_that_waits_there_by_either_account_sees_it_as_their_own_and_may_not_hold():
    clinic, whole = reviewed_clinic(), account()
    linked = account(linked_to=whole)
    review = submitted(clinic, linked, CURE)

    waiting = [looked_at(clinic, by) for by in (whole, linked, account())]
    decided(review, declined())
    after = looked_at(clinic, whole)

    assert [(found.may_hold, found.reviews[0].is_own) for found in waiting] == [
        (False, True), (False, True), (True, False),
    ]  # fmt: skip
    assert (after.may_hold, after.reviews[0].is_own) == (True, True)


@pytest.mark.security(22)
def test_a_clinic_to_which_one_has_a_tie_is_not_there():
    clinic, by = reviewed_clinic(), account()
    declared(by, clinic, TieKind.EMPLOYEE)

    with pytest.raises(NotFound) as refused:
        looked_at(clinic, by)

    assert str(refused.value) == NOT_LISTED
    assert looked_at(clinic, account()).clinic.public_id == clinic["public_id"]


@pytest.mark.parametrize("status", ["proposed", "closed", "declined", "withdrawn"])
def test_a_clinic_that_is_not_published_is_not_there(status):
    with pytest.raises(NotFound, match="No clinic is listed"):
        looked_at(add_clinic(status=status), account())


def test_somebody_without_the_role_is_told_so():
    with pytest.raises(Forbidden, match="takes a role"):
        looked_at(reviewed_clinic(), account(role=None))


def test_it_takes_the_same_statements_however_many_reviews_there_are():
    few, many, by = reviewed_clinic(), reviewed_clinic(), account()
    for author in accounts(4):
        submitted(many, author, CURE, at=NOON)
    holds.hold(few["public_id"], days=3, words="Many at once.", moderator_id=by, at=NOON)
    who = who_is(by)
    taken = []
    for clinic in (few, many):
        with counted_statements() as statements:
            desk.look_at(clinic["public_id"], who, at=NOON)
        taken.append(len(statements))

    assert taken == [6, 6]


def looked_at(clinic, by):
    return desk.look_at(clinic["public_id"], who_is(by), at=NOON)


def who_is(number):
    with reading() as session:
        return access.actor(session, number)
