from datetime import timedelta

import pytest

from directory.domain.errors import Forbidden
from directory.extensions import reading
from directory.models import AnswerEvidence, Review
from directory.queries import reviews as queries
from directory.services import abuse, drafts, reviews
from directory.services.drafts import Filled
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    account,
    approved,
    changes_requested,
    decided,
    declined,
    document,
    link,
    reviewed_clinic,
    status_of,
    submitted,
    told,
)
from tests.support.statements import counted_statements
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

HOME, CURE = "at_home_use_offered", "cure_all_claims"
TOLD = {HOME: ("yes", told())}
DAY = timedelta(days=1)
TYPED = {
    "tie": "none",
    f"{HOME}-value": "yes",
    f"{HOME}-note": "They offered it when I called.",
    f"{HOME}-note_seen": TODAY.isoformat(),
}
TOO_FAST = "as many reviews as one person can in so short a time. Hand this one in from %s on; your draft is kept"
TOO_SOON = "a review of this clinic within the last 90 days. Hand the next in from %s on; your draft is kept"


def test_a_fourth_review_of_a_day_waits_for_the_next_and_its_draft_is_kept():
    author, clinic = account(), reviewed_clinic()
    for _ in range(3):
        submitted(reviewed_clinic(), author, TOLD)

    refused(clinic, author, TOO_FAST % days_ago(-1))

    assert status_of(begun(author, clinic)) == ("draft", 1)
    handed_in = typed(clinic, author, at=NOON + DAY, seen=1)
    assert status_of(handed_in) == ("submitted", 2)


def test_an_eleventh_review_of_a_week_waits_until_the_first_is_a_week_old():
    author = account()
    for days in (6, 5, 5, 5, 4, 4, 4, 3, 3, 3):
        submitted(reviewed_clinic(), author, {HOME: ("yes", told(on=days_ago(9)))}, at=NOON - days * DAY)

    refused(reviewed_clinic(), author, TOO_FAST % days_ago(-1))


def test_what_others_hand_in_is_not_held_against_anybody():
    for _ in range(3):
        submitted(reviewed_clinic(), account(), TOLD)

    assert typed(reviewed_clinic(), account())


def test_who_was_declined_hands_in_another_review_of_the_clinic_after_ninety_days():
    author, clinic = account(), reviewed_clinic()
    decided(submitted(clinic, author, TOLD), declined())

    refused(clinic, author, TOO_SOON % days_ago(-90))
    refused(clinic, author, TOO_SOON % days_ago(-90), at=NOON + 89 * DAY, seen=1)

    assert typed(clinic, author, at=NOON + 90 * DAY - timedelta(hours=6), seen=1)


def test_ninety_days_are_those_of_one_clinic():
    author = account()
    decided(submitted(reviewed_clinic(), author, TOLD), declined())

    assert typed(reviewed_clinic(), author)


def test_an_update_of_an_approved_review_is_taken_at_any_time():
    author, clinic = account(), reviewed_clinic()
    approved(clinic, author, TOLD)

    assert typed(clinic, author, at=NOON + DAY)


def test_what_was_taken_back_leaves_room_for_another_and_counts_on_its_day():
    author, clinic = account(), reviewed_clinic()
    for number in range(3):
        review = typed(clinic, author, key=f"key {number}")
        reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    refused(clinic, author, TOO_FAST % days_ago(-1), key="key 3")


def test_what_is_handed_in_again_because_a_moderator_asked_is_taken_at_any_time():
    author, clinic = account(), reviewed_clinic()
    review = typed(clinic, author)
    for _ in range(2):
        submitted(reviewed_clinic(), author, TOLD)
    decided(review, changes_requested())

    assert typed(clinic, author) == review
    assert status_of(review) == ("submitted", 4)


def test_the_same_form_sent_again_is_no_further_review():
    author, clinic = account(), reviewed_clinic()
    for _ in range(2):
        submitted(reviewed_clinic(), author, TOLD)

    assert typed(clinic, author) == typed(clinic, author)


@pytest.mark.parametrize(
    ("evidence", "same"),
    [
        (told("They said it: on the PHONE!"), True),
        (told("They said it on the phone, twice."), False),
        (document("They said it on the phone."), True),
        (link(quote="They said it on the phone."), False),
    ],
)
def test_words_that_another_person_used_are_noticed_in_any_clinic(evidence, same):
    submitted(reviewed_clinic(), account(), {CURE: ("no", told("They said it on the phone."))})
    review = submitted(reviewed_clinic(), account(), {HOME: ("yes", evidence), CURE: ("no", told("I asked."))})

    assert echoes(review) == ({HOME} if same else set())


def test_words_of_ones_own_other_accounts_are_no_echo():
    whole = account()
    submitted(reviewed_clinic(), whole, TOLD)
    submitted(reviewed_clinic(), whole, TOLD)
    review = submitted(reviewed_clinic(), account(linked_to=whole), TOLD)

    assert echoes(review) == set()


def test_words_that_were_declined_or_taken_back_are_no_echo_and_those_that_count_are():
    author = account()
    decided(submitted(reviewed_clinic(), account(), TOLD), declined())
    reviews.withdraw(submitted(reviewed_clinic(), author, TOLD), author_id=author, seen_version=AS_SUBMITTED, at=NOON)
    review = submitted(reviewed_clinic(), account(), TOLD)

    assert echoes(review) == set()

    approved(reviewed_clinic(), account(), TOLD)

    assert echoes(review) == {HOME}


def test_answers_without_words_have_no_echo():
    page = {CURE: ("no", *[link(url="https://clinic.example/faq", quote="…")])}
    for _ in range(2):
        review = submitted(reviewed_clinic(), account(), page)

    assert [row.fingerprint for row in rows(AnswerEvidence)] == [None, None]
    assert echoes(review) == set()


def test_echoes_are_found_in_one_statement():
    review = submitted(reviewed_clinic(), account(), TOLD)
    for _ in range(3):
        submitted(reviewed_clinic(), account(), TOLD)

    with reading() as session:
        found = session.scalar(queries.by_public_id(review))
        with counted_statements() as seen:
            assert abuse.echoes(session, found) == {HOME}

    assert len(seen) == 1


def refused(clinic, author, sentence, **details):
    with pytest.raises(Forbidden, match=sentence):
        typed(clinic, author, **details)


def typed(clinic, author, *, at=NOON, seen=0, key="a key"):
    """Hand in by the form, as people do, and return the review's public id."""
    form = Filled(clinic=clinic["public_id"], author_id=author, fields=TYPED, key=key, seen_version=seen)
    return drafts.submit(form, SHIPPED, at=at)


def begun(author, _clinic):
    return rows(Review, Review.author_id == author)[-1].public_id


def echoes(review):
    with reading() as session:
        return abuse.echoes(session, session.scalar(queries.by_public_id(review)))
