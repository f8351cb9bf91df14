from datetime import timedelta

import pytest

from directory.domain.ties import TieKind
from directory.extensions import db, writing
from directory.models import AccountRole, Clinic
from directory.services import access, claims, queue, reviews
from tests.support.reviews import (
    NOON,
    account,
    changes_requested,
    decided,
    link,
    reviewed_clinic,
    submission,
    submitted,
)
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

CURE = {"cure_all_claims": ("yes", link())}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + 2 * HOUR


def test_what_came_back_goes_first_to_whoever_had_asked_for_changes():
    asker = account()
    submitted(reviewed_clinic(), account(), CURE)
    review = came_back(asker)

    assert taken(asker) == review


def test_for_two_days_nobody_else_is_handed_it():
    asker, other = account(), account()
    review = came_back(asker)

    assert taken(other, at=LATER + 2 * DAY - HOUR) is None
    assert taken(other, at=LATER + 2 * DAY) == review


def test_whoever_opens_it_on_purpose_may_take_it():
    asker, other = account(), account()
    review = came_back(asker)

    claims.claim(review, moderator_id=other, at=LATER)

    assert taken(asker) is None


@pytest.mark.parametrize("why", ["no role any more", "a tie", "the author", "closed"])
def test_it_is_kept_for_nobody_who_may_not_decide_any_more(why):
    asker, other = account(), account()
    review = came_back(asker)
    barred(asker, review, why)

    assert taken(other) == review


def test_it_goes_back_to_one_person_by_whichever_account():
    asker = account()
    review = came_back(asker)

    assert taken(account(linked_to=asker)) == review


def test_whoever_passes_over_it_gets_what_waits_behind():
    asker = account()
    first = submitted(reviewed_clinic(), account(), CURE)
    review = came_back(asker)

    assert taken(asker) == review
    assert taken(asker, after=review) == first


def test_only_the_last_who_asked_has_it_back():
    clinic, author, first, second = reviewed_clinic(), account(role=None), account(), account()
    review = came_back(first, author=author, clinic=clinic)
    decided(review, changes_requested(), moderator=second, seen_version=4, at=LATER)
    reviews.submit(submission(clinic, CURE, key="one"), author_id=author, at=LATER)

    assert taken(first) is None
    assert taken(second) == review


def test_the_queue_says_what_came_back_to_oneself():
    asker, other = account(), account()
    came_back(asker)
    submitted(reviewed_clinic(), account(), CURE)

    assert [each.came_back for each in listed(asker)] == [False, True]
    assert [each.came_back for each in listed(other)] == [False, False]


def came_back(asker, *, author=None, clinic=None):
    """Return a review that its author changed as `asker` had asked, and handed in again two hours after NOON."""
    clinic, author = clinic or reviewed_clinic(), author or account(role=None)
    review = submitted(clinic, author, CURE, key="one")
    decided(review, changes_requested(), moderator=asker)
    reviews.submit(submission(clinic, CURE, key="one"), author_id=author, at=LATER)
    return review


def barred(asker, review, why):
    if why == "a tie":
        with writing() as session:
            access.declare(session, TieKind.OWNER, asker, rows(Clinic)[0].id, at=NOON)
    elif why == "the author":
        db.session.execute(
            db.text(
                f"UPDATE account SET linked_to_id = {asker} WHERE id ="
                f" (SELECT author_id FROM review WHERE public_id = '{review}')"
            )
        )
    elif why == "closed":
        db.session.execute(db.text(f"UPDATE account SET active = FALSE WHERE id = {asker}"))
    else:
        db.session.execute(AccountRole.__table__.delete().where(AccountRole.account_id == asker))
    db.session.commit()


def taken(by, *, at=LATER, after=""):
    found = claims.take_next(moderator_id=by, at=at, after=after)
    return found.public_id if found else None


def listed(by):
    who = access.actor(db.session, by)
    db.session.rollback()
    return queue.waiting(who, at=LATER).waiting
