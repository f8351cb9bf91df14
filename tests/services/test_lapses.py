from datetime import timedelta

import pytest

from directory.domain.errors import InvalidTransition
from directory.models import Decision
from directory.services import lapses, reviews
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    account,
    approved,
    assert_the_record_holds,
    changes_requested,
    decided,
    link,
    reviewed_clinic,
    status_of,
    submission,
    submitted,
)
from tests.support.tables import nothing_written, rows

pytestmark = pytest.mark.usefixtures("app")

CURE = {"cure_all_claims": ("yes", link())}
DAY = timedelta(days=1)


def test_a_review_lapses_thirty_days_after_its_author_was_asked_for_changes():
    author = account(role=None)
    review = sent_back(author)

    with nothing_written():
        assert lapses.lapse(at=NOON + 29 * DAY + timedelta(hours=11)) == 0
    assert lapses.lapse(at=NOON + 30 * DAY - timedelta(hours=11)) == 1

    assert status_of(review) == ("withdrawn", AS_SUBMITTED + 2)
    (decision,) = rows(Decision, Decision.action == "lapse")
    assert decision.actor_id == author
    assert lapses.lapse(at=NOON + 31 * DAY) == 0
    assert_the_record_holds()


def test_what_was_handed_in_again_counts_its_days_anew():
    author, clinic = account(role=None), reviewed_clinic()
    review = submitted(clinic, author, CURE, key="one")
    decided(review, changes_requested())
    reviews.submit(submission(clinic, CURE, key="one"), author_id=author, at=NOON + 20 * DAY)
    decided(review, changes_requested(), seen_version=AS_SUBMITTED + 2, at=NOON + 21 * DAY)

    assert lapses.lapse(at=NOON + 50 * DAY) == 0
    assert lapses.lapse(at=NOON + 51 * DAY) == 1


def test_what_waits_for_a_moderator_or_was_decided_does_not_lapse():
    clinic = reviewed_clinic()
    submitted(clinic, account(), CURE)
    approved(clinic, account(), CURE)

    with nothing_written():
        assert lapses.lapse(at=NOON + 365 * DAY) == 0


def test_what_has_lapsed_is_not_handed_in_again():
    author = account(role=None)
    review = sent_back(author)
    lapses.lapse(at=NOON + 30 * DAY)

    with pytest.raises(InvalidTransition):
        reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED + 2, at=NOON + 30 * DAY)


def sent_back(author):
    """Return a review whose author was asked for changes at NOON."""
    review = submitted(reviewed_clinic(), author, CURE)
    decided(review, changes_requested())
    return review
