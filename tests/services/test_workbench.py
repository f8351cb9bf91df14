from dataclasses import replace
from random import Random

import pytest

from directory.domain.checklist import Value
from directory.domain.errors import NotFound
from directory.domain.moderation import Outcome
from directory.domain.scoring import written
from directory.models import Clinic, Review, ReviewAnswer
from directory.services import moderation, workbench
from directory.services.workbench import Published
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED, SIGNS
from tests.support.reviews import (
    ACCEPTED,
    AS_SUBMITTED,
    AS_TESTIMONY,
    DROPPED,
    NOON,
    account,
    accounts,
    approval,
    approved,
    confirmed,
    document,
    link,
    remedied,
    reviewed_clinic,
    submitted,
    told,
)
from tests.support.statements import counted_statements
from tests.support.tables import row_counts, rows

pytestmark = pytest.mark.usefixtures("app")

#: More of one clinic in a week would be held.
ROUNDS, OF_ONE_CLINIC = 60, 5
MAILED = {"at_home_use_offered": ("yes", link())}
JUDGED = {Outcome.ACCEPTED: ACCEPTED, Outcome.TESTIMONY: AS_TESTIMONY, Outcome.DROPPED: DROPPED}
#: Days before today that are near to a limit of what counts.
AGES = (0, 1, 30, 90, 179, 180, 181, 364, 365)


def test_what_a_preview_shows_is_what_is_stored_after_the_click():
    draw = Random(5)
    writers = accounts(4)
    writers.append(account(linked_to=writers[0]))
    deciders = accounts(3)
    deciders.append(account(linked_to=deciders[0]))
    clinics = [reviewed_clinic() for _ in range(ROUNDS // OF_ONE_CLINIC)]
    changed = 0

    for number in range(ROUNDS):
        clinic = clinics[number % len(clinics)]
        review = submitted(clinic, draw.choice(writers), drawn(draw))
        outcomes, seen = judged(draw, review)
        by = draw.choice(deciders)
        before = row_counts()
        shown = workbench.preview(review, outcomes, seen, moderator_id=by, at=NOON)
        assert row_counts() == before
        assert stored(clinic) == told_of(shown.now)

        verdict = replace(approval(**{slug: JUDGED[each] for slug, each in outcomes.items()}), seen=seen)
        moderation.decide(review, verdict, moderator_id=by, seen_version=AS_SUBMITTED, at=NOON)

        assert stored(clinic) == told_of(shown.afterwards)
        changed += told_of(shown.now) != told_of(shown.afterwards)

    assert changed > ROUNDS / 4


@pytest.mark.parametrize("rule", [confirmed, remedied])
def test_rulings_and_what_only_comes_into_force_count_in_a_preview_as_they_do_in_the_score(rule):
    clinic = reviewed_clinic()
    for _ in range(3):
        approved(clinic, account(), {"at_home_use_offered": ("yes", link(on=days_ago(20)))})
    rule(clinic, "at_home_use_offered")
    review, by = submitted(clinic, account(), {"at_home_use_offered": ("no", told())}), account()

    shown = workbench.preview(review, {"at_home_use_offered": Outcome.ACCEPTED}, (), moderator_id=by, at=NOON)
    moderation.decide(review, approval("at_home_use_offered"), moderator_id=by, seen_version=AS_SUBMITTED, at=NOON)

    assert stored(clinic) == told_of(shown.afterwards)


def test_an_answer_that_is_not_marked_yet_is_left_out():
    review = submitted(reviewed_clinic(), account(), MAILED)

    shown = workbench.preview(review, {}, ["at_home_use_offered"], moderator_id=account(), at=NOON)

    assert shown.afterwards.answers == shown.now.answers == ()


def test_a_source_that_was_opened_makes_a_re_check_in_the_preview_of_what_is_accepted_as_it_stands_alone():
    review = submitted(reviewed_clinic(), account(), MAILED | {"cure_all_claims": ("yes", told())})
    outcomes = {"at_home_use_offered": Outcome.ACCEPTED, "cure_all_claims": Outcome.ACCEPTED}

    def looks(outcome):
        marked = outcomes | {"at_home_use_offered": outcome}
        shown = workbench.preview(review, marked, list(outcomes), moderator_id=account(), at=NOON)
        return [sorted(answer.rechecked_by) for answer in shown.afterwards.answers]

    assert looks(Outcome.ACCEPTED) == [["m1"], []]
    assert looks(Outcome.TESTIMONY) == [[], []]


def test_what_is_published_is_shown_by_criterion_with_whom_the_new_answer_follows():
    clinic, author = reviewed_clinic(), account()
    approved(clinic, author, MAILED)
    approved(clinic, account(), {"at_home_use_offered": ("no", told(on=days_ago(3)))})
    review = submitted(clinic, author, {"at_home_use_offered": ("no", document())})

    shown = workbench.published(review, at=NOON)

    assert shown == {
        "at_home_use_offered": (
            Published(value=Value.YES, tier=3, observed_on=TODAY, is_followed=True),
            Published(value=Value.NO, tier=1, observed_on=days_ago(3), is_followed=False),
        )
    }


@pytest.mark.parametrize("review", ["AAAAAAAAAAAA", "no id"])
def test_what_is_not_there_has_neither(review):
    with pytest.raises(NotFound):
        workbench.published(review, at=NOON)
    with pytest.raises(NotFound):
        workbench.preview(review, {}, (), moderator_id=account(), at=NOON)


def test_both_take_the_same_statements_whatever_there_is():
    small, large = reviewed_clinic(), reviewed_clinic()
    for _ in range(3):
        approved(large, account(), MAILED)
    taken = [*counts(small), *counts(large)]

    assert taken == [4, 7, 4, 7]


def counts(clinic):
    """Return how many statements the two take for a new review of a clinic."""
    review, by, numbers = submitted(clinic, account(), MAILED), account(), []
    outcomes = {"at_home_use_offered": Outcome.ACCEPTED}
    for act in (
        lambda: workbench.published(review, at=NOON),
        lambda: workbench.preview(review, outcomes, (), moderator_id=by, at=NOON),
    ):
        with counted_statements() as statements:
            act()
        numbers.append(len(statements))
    return numbers


def drawn(draw):
    """Return a few answers on signs and a safeguard, each with evidence of a tier."""
    criteria = draw.sample([*SIGNS, "price_published"], draw.randint(1, 4))
    values = {slug: draw.choice(["yes", "no", "unknown"]) for slug in criteria[1:]} | {criteria[0]: "yes"}
    return {slug: (value, *evidence(draw, value)) for slug, value in values.items()}


def evidence(draw, value):
    if value == "unknown":
        return ()
    on = days_ago(draw.choice(AGES))
    return draw.choice([(link(on=on),), (told(on=on),), (document(on=on),)])


def judged(draw, review):
    (row,) = rows(Review, Review.public_id == review)
    answers = rows(ReviewAnswer, ReviewAnswer.review_id == row.id)
    outcomes = {each.criterion: draw.choice([*Outcome, Outcome.ACCEPTED]) for each in answers}
    checkable = [each.criterion for each in answers if each.tier == 3 and outcomes[each.criterion] is Outcome.ACCEPTED]
    return outcomes, [slug for slug in checkable if draw.random() < 0.5]


def stored(clinic):
    row = rows(Clinic, Clinic.public_id == clinic["public_id"])[0]
    return row.grade, row.score_low, row.score_high, row.settled, row.confirmed_points, row.signs


def told_of(case):
    score = case.score()
    signs = written(SHIPPED, score.verdicts)
    return score.grade.value, score.low, score.high, score.settled, score.confirmed_points, signs
