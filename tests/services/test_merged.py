from datetime import timedelta

import pytest

from directory.domain.errors import Conflict, Forbidden
from directory.domain.moderation import Outcome
from directory.domain.ties import TieKind
from directory.extensions import reading, writing
from directory.models import Clinic, StoredScore
from directory.services import access, audit, own_reviews, queue, scores, signs, workbench
from directory.services.dossiers import gather
from directory.services.rulings import ClinicSign
from tests.support import checklists
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    NOON,
    account,
    accounts,
    approval,
    approved,
    assert_the_record_holds,
    confirmed,
    decided,
    link,
    pages,
    rechecked,
    remedied,
    reviewed_clinic,
    submitted,
)
from tests.support.statements import counted_statements
from tests.support.suggestions import number_of, relisted
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

AT_HOME, CURE_ALL, PHYSICIAN = (each.slug for each in (checklists.AT_HOME, checklists.CURE_ALL, checklists.PHYSICIAN))
YES, NO = ("yes", link()), ("no", link())


def test_what_was_found_out_about_either_listing_counts_for_the_one_that_stays():
    goes, stays = reviewed_clinic(), reviewed_clinic()
    rechecked(approved(goes, account(), {AT_HOME: YES}), AT_HOME)
    approved(stays, account(), {AT_HOME: YES})

    merge(goes, stays)

    assert stored(stays).signs != "00000"
    assert answers_of(stays) == 2
    assert score_of(goes) == ("grey", "00000", 0, 100, 0)
    assert_the_record_holds()


def test_a_merge_never_clears_a_sign():
    """What would be "suspected" of each alone stays so at least, and a confirmed one stays confirmed."""
    goes, stays = reviewed_clinic(), reviewed_clinic()
    review = approved(goes, account(), {AT_HOME: ("yes", link(on=days_ago(10)))})
    rechecked(review, AT_HOME)
    approved(goes, account(), {AT_HOME: ("yes", link(on=days_ago(10)))})
    confirmed(goes, AT_HOME)
    confirmed_before = stored(goes)

    merge(goes, stays)

    after = stored(stays)
    assert (after.signs, after.grade, after.confirmed_points) == (
        confirmed_before.signs, confirmed_before.grade, confirmed_before.confirmed_points,
    )  # fmt: skip
    assert after.confirmed_points > 0
    assert_the_record_holds()


def test_several_merged_listings_count_together_and_each_answer_once():
    first, second, stays = reviewed_clinic(), reviewed_clinic(), reviewed_clinic()
    author = account()
    approved(first, author, {CURE_ALL: YES, AT_HOME: NO})
    approved(second, account(), {AT_HOME: YES})
    merge(first, stays)
    merge(second, stays)
    # The author says something else of the same clinic now.
    approved(stays, author, {CURE_ALL: ("no", *pages(TODAY))})

    with reading() as session:
        found = gather(session, [number_of(each) for each in (stays, first, second)])

    assert [len(found[number_of(each)].answers) for each in (stays, first, second)] == [4, 0, 0]
    assert [each.review_id for each in found[number_of(stays)].answers] == sorted(
        each.review_id for each in found[number_of(stays)].answers
    )
    counting = scores.case(stays["public_id"], TODAY).answers
    assert sorted((each.criterion, each.value.value) for each in counting) == sorted(
        [(CURE_ALL, "no"), (AT_HOME, "no"), (AT_HOME, "yes")]
    )
    assert_the_record_holds()


def test_a_later_decision_on_a_review_of_a_merged_listing_restates_the_one_that_stays():
    goes, stays = reviewed_clinic(), reviewed_clinic()
    review = submitted(goes, account(), {AT_HOME: YES})
    merge(goes, stays)

    decided(review, approval(AT_HOME))
    rechecked(review, AT_HOME)

    assert stored(stays).signs != "00000"
    assert stored(goes).signs == "00000"
    assert len(rows(StoredScore, StoredScore.clinic_id == number_of(goes))) == 0
    assert_the_record_holds()


def test_the_preview_of_a_decision_is_of_the_listing_that_stays_and_equals_what_comes():
    goes, stays = reviewed_clinic(), reviewed_clinic()
    approved(stays, account(), {AT_HOME: YES})
    review = submitted(goes, account(), {AT_HOME: YES})
    merge(goes, stays)
    mo = account()

    shown = workbench.published(review, at=NOON)
    preview = workbench.preview(review, {AT_HOME: Outcome.ACCEPTED}, (), moderator_id=mo, at=NOON)
    decided(review, approval(AT_HOME), moderator=mo)

    assert len(shown[AT_HOME]) == 1
    assert len(preview.now.answers) == 1
    assert preview.afterwards.score() == scores.case(stays["public_id"], TODAY).score()
    assert len(preview.afterwards.answers) == 2


def test_an_author_sees_what_of_a_review_of_a_merged_listing_counts_for_the_other():
    goes, stays, author = reviewed_clinic(), reviewed_clinic(), account()
    review = approved(goes, author, {AT_HOME: YES})
    merge(goes, stays)

    with reading() as session:
        who = access.actor(session, author)
    (answer,) = own_reviews.show(review, who, as_of=TODAY).answers

    assert answer.counts is own_reviews.Counts.YES


@pytest.mark.security(27)
def test_who_answered_about_either_listing_does_not_rule_on_the_one_that_stays():
    goes, stays, author = reviewed_clinic(), reviewed_clinic(), account()
    rechecked(approved(goes, author, {AT_HOME: YES}), AT_HOME)
    approved(goes, account(), {AT_HOME: YES})
    merge(goes, stays)

    with pytest.raises(Forbidden, match="your own"):
        confirmed(stays, AT_HOME, author, told_on=TODAY)
    with pytest.raises(Forbidden, match="your own"):
        signs.look_at(ClinicSign(stays["public_id"], AT_HOME), who_is(author), at=NOON)


def test_rulings_on_either_listing_are_of_one_clinic():
    goes, stays, mo, other = reviewed_clinic(), reviewed_clinic(), *accounts(2)
    for clinic in (goes, stays):
        approved(clinic, account(), {CURE_ALL: ("yes", link(on=days_ago(3)))})
    assert not remedied(goes, CURE_ALL, mo, mended_on=days_ago(1))
    merge(goes, stays)

    with pytest.raises(Conflict, match="before"):
        remedied(stays, CURE_ALL, mo, mended_on=days_ago(1))
    assert remedied(stays, CURE_ALL, other, mended_on=days_ago(1))

    opened = signs.look_at(ClinicSign(stays["public_id"], CURE_ALL), who_is(account()), at=NOON)
    assert len(opened.rulings) == 2
    assert_the_record_holds()


@pytest.mark.security(27)
@pytest.mark.parametrize("tied_to", ["the listing that went", "the listing that stays"])
def test_a_tie_to_either_listing_is_a_tie_to_both(tied_to):
    goes, stays, mo = reviewed_clinic(), reviewed_clinic(), account()
    of_goes = submitted(goes, account(), {AT_HOME: YES})
    of_stays = submitted(stays, account(), {PHYSICIAN: NO})
    with writing() as session:
        tied = goes if tied_to == "the listing that went" else stays
        access.declare(session, TieKind.OWNER, mo, number_of(tied), at=NOON)
    merge(goes, stays)

    for review, criterion in ((of_goes, AT_HOME), (of_stays, PHYSICIAN)):
        with pytest.raises(Forbidden, match="a tie to this clinic"):
            decided(review, approval(criterion), moderator=mo)
    assert queue.waiting(who_is(mo), at=NOON).left_out == 2


def test_the_dossier_takes_the_same_statements_with_merged_listings():
    goes, stays = reviewed_clinic(), reviewed_clinic()
    approved(goes, account(), {AT_HOME: YES})
    merge(goes, stays)

    with reading() as session:
        number = number_of(stays)
        with counted_statements() as statements:
            gather(session, [number], with_evidence=True)

    assert len(statements) == 4


def test_age_is_applied_to_what_was_found_out_about_a_merged_listing():
    goes, stays = reviewed_clinic(), reviewed_clinic()
    rechecked(approved(goes, account(), {AT_HOME: YES}), AT_HOME)
    merge(goes, stays)
    before = stored(stays).score_changes_on

    assert scores.expire(at=NOON + timedelta(days=3000)) == 1

    assert before is not None
    assert stored(goes).score_changes_on is None
    assert_the_record_holds()


def merge(goes, stays):
    relisted(goes, "merge", "merged", target=stays)
    with audit.turn() as session:
        scores.restate(session, [number_of(stays)], at=NOON)


def stored(clinic):
    return rows(Clinic, Clinic.public_id == clinic["public_id"])[0]


def score_of(clinic):
    found = stored(clinic)
    return found.grade, found.signs, found.score_low, found.score_high, found.confirmed_points


def answers_of(clinic):
    return len(scores.case(clinic["public_id"], TODAY).answers)


def who_is(number):
    with reading() as session:
        return access.actor(session, number)
