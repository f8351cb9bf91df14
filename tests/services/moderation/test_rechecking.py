import pytest

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.models import AuditEntry, Decision, Recheck
from tests.support.reviews import (
    ACCEPTED,
    AS_TESTIMONY,
    DROPPED,
    account,
    approved,
    assert_the_record_holds,
    changes_requested,
    decided,
    declined,
    document,
    link,
    rechecked,
    reviewed_clinic,
    signs,
    submitted,
    tied,
    told,
)
from tests.support.tables import nothing_written, row_counts, rows

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
#: The digit of each finding on a sign, at_home_use_offered first.
UNKNOWN, CLEARED, DISPUTED, SUSPECTED, CONFIRMED = "01234"


def test_a_moderator_who_saw_the_words_is_a_second_pair_of_eyes():
    clinic, moderator = reviewed_clinic(), account()
    review = approved(clinic, account(), {"cure_all_claims": ("yes", link())})
    before = signs()

    rechecked(review, "cure_all_claims", moderator=moderator)

    assert (before[3], signs()[3]) == (SUSPECTED, CONFIRMED)
    (look,) = rows(Recheck)
    assert (look.by_id, look.has_seen) == (moderator, True)
    decision = rows(Decision)[-1]
    assert (decision.action, decision.actor_id, decision.recheck_id) == ("recheck", moderator, look.id)
    assert (decision.review_id, decision.from_status) == (None, None)
    assert rows(AuditEntry)[-1].action == "recheck"
    assert_the_record_holds()


def test_a_moderator_who_did_not_find_the_words_is_entered_and_changes_nothing():
    clinic = reviewed_clinic()
    review = approved(clinic, account(), {"cure_all_claims": ("yes", link())})

    rechecked(review, "cure_all_claims", has_seen=False)

    assert (signs()[3], rows(Recheck)[0].has_seen, row_counts()["score"]) == (SUSPECTED, False, 1)
    assert rows(AuditEntry)[-1].action == "recheck"
    assert_the_record_holds()


@pytest.mark.parametrize(("answer", "judged"), [(document(), ACCEPTED), (told(), ACCEPTED), (link(), AS_TESTIMONY)])
def test_what_nobody_else_can_open_is_not_rechecked(answer, judged):
    review = approved(reviewed_clinic(), account(), {"cure_all_claims": ("yes", answer)}, cure_all_claims=judged)

    with pytest.raises(InvalidParameter, match="no page that anyone can open") as refusal, nothing_written(accounts=1):
        rechecked(review, "cure_all_claims")

    assert refusal.value.field == "criterion"


def test_an_answer_of_a_replaced_review_can_still_be_rechecked():
    clinic, author = reviewed_clinic(), account()
    first = approved(clinic, author, {"cure_all_claims": ("yes", link())})
    approved(clinic, author, {"cure_all_claims": ("unknown",), "no_detailed_history": ("yes", told())})

    rechecked(first, "cure_all_claims")

    assert signs()[3] == CONFIRMED


def test_one_look_a_person_counts():
    review, moderator = approved(reviewed_clinic(), account(), MAILED), account()
    rechecked(review, "at_home_use_offered", moderator=moderator, has_seen=False)

    with pytest.raises(Conflict, match="re-checked this answer before"), nothing_written():
        rechecked(review, "at_home_use_offered", moderator=moderator)

    rechecked(review, "at_home_use_offered")


@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_rechecks_their_own_answer(tie):
    moderator, author = tied(tie)
    review = approved(reviewed_clinic(), author, MAILED)

    with pytest.raises(Forbidden, match="your own review"), nothing_written():
        rechecked(review, "at_home_use_offered", moderator=moderator)


@pytest.mark.parametrize("end", [None, declined(), changes_requested()], ids=["undecided", "declined", "sent back"])
def test_only_an_approved_answer_is_rechecked(end):
    review = submitted(reviewed_clinic(), account(), MAILED)
    if end:
        decided(review, end)

    with pytest.raises(NotFound, match="among the approved ones"), nothing_written(accounts=1):
        rechecked(review, "at_home_use_offered")


def test_an_answer_that_was_dropped_or_says_nothing_is_not_rechecked():
    answers = MAILED | {"cure_all_claims": ("yes", link()), "no_physician_on_staff": ("unknown", link())}
    review = approved(reviewed_clinic(), account(), answers, cure_all_claims=DROPPED)

    for criterion in ("cure_all_claims", "no_physician_on_staff", "no_detailed_history", "is_it_nice", "is\0it"):
        with pytest.raises(NotFound, match="among the approved ones"), nothing_written(accounts=1):
            rechecked(review, criterion)
    with pytest.raises(NotFound), nothing_written(accounts=1):
        rechecked("no\0where", "at_home_use_offered")
