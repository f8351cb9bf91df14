from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.moderation import Action, Outcome, Reason
from directory.models import AnswerDecision, AuditEntry, Clinic, Decision, Review
from directory.services import audit, moderation
from directory.services.moderation import Act, Judgement, ReviewDecision
from tests.support.answers import TODAY
from tests.support.reviews import (
    ACCEPTED,
    AS_SUBMITTED,
    AS_TESTIMONY,
    DROPPED,
    NOON,
    WHY,
    account,
    accounts,
    approval,
    approved,
    assert_the_record_holds,
    changes_requested,
    decided,
    declined,
    link,
    pages,
    reviewed_clinic,
    signs,
    status_of,
    submitted,
    tied,
    told,
)
from tests.support.tables import nothing_written, refusing, row_counts, rows, unguarded
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

LEAST = {"at_home_use_offered": ("yes", told())}
MAILED = {"at_home_use_offered": ("yes", link())}
NOT_MAILED = {"at_home_use_offered": ("no", link("Every dose is given here."))}
VERDICTS = {"approve": approval(*LEAST), "decline": declined(), "request_changes": changes_requested()}
#: The digit of each finding on a sign, at_home_use_offered first.
UNKNOWN, CLEARED, DISPUTED, SUSPECTED, CONFIRMED = "01234"


def test_an_approval_is_entered_with_what_it_says_of_each_answer_and_states_the_score():
    clinic, author, moderator = reviewed_clinic(), account(), account()
    answers = MAILED | {"cure_all_claims": ("no", *pages(TODAY)), "no_physician_on_staff": ("unknown",)}
    review = submitted(clinic, author, answers)
    later = NOON + timedelta(hours=2)

    verdict = approval("at_home_use_offered", "no_physician_on_staff", cure_all_claims=DROPPED)
    decided(review, verdict, moderator=moderator, at=later)

    assert status_of(review) == ("approved", 3)
    decision = rows(Decision)[1]
    assert (decision.action, decision.actor_id, decision.seen_version) == ("approve", moderator, AS_SUBMITTED)
    assert (decision.from_status, decision.to_status) == ("submitted", "approved")
    assert (decision.reason_code, decision.reason_text, decision.at.hour) == (None, "", later.hour)
    assert [(each.decision_id, each.outcome, each.reason_code, each.reason_text) for each in rows(AnswerDecision)] == [
        (decision.id, "accepted", None, ""),
        (decision.id, "dropped", WHY["reason"], WHY["words"]),
        (decision.id, "accepted", None, ""),
    ]
    assert [(entry.action, entry.actor_id) for entry in rows(AuditEntry)] == [
        ("submit", author),
        ("approve", moderator),
    ]
    assert signs() == SUSPECTED + UNKNOWN * 4
    assert row_counts()["score"] == 1
    assert_the_record_holds()


@pytest.mark.parametrize(
    ("verdict", "status"), [(declined(), "declined"), (changes_requested(), "changes_requested")], ids=["no", "not yet"]
)
def test_a_review_that_is_not_approved_goes_back_with_the_reason_and_counts_for_nothing(verdict, status):
    clinic, moderator = reviewed_clinic(), account()
    review = submitted(clinic, account(), MAILED)

    decided(review, verdict, moderator=moderator)

    assert status_of(review) == (status, 3)
    decision = rows(Decision)[1]
    assert (decision.action, decision.actor_id, decision.to_status) == (verdict.action, moderator, status)
    assert (decision.reason_code, decision.reason_text) == (WHY["reason"], WHY["words"])
    assert [entry.action for entry in rows(AuditEntry)] == ["submit", verdict.action]
    assert (row_counts()["answer_decision"], row_counts()["score"], signs()) == (0, 0, UNKNOWN * 5)
    assert_the_record_holds()


@pytest.mark.parametrize(
    ("judged", "sign"),
    [
        ([ACCEPTED, ACCEPTED], CONFIRMED),
        # with what anyone can check taken for a word, and a word beside it, there are two words
        ([AS_TESTIMONY, ACCEPTED], SUSPECTED),
        ([AS_TESTIMONY, DROPPED], UNKNOWN),
        ([ACCEPTED, DROPPED], SUSPECTED),
        ([DROPPED, ACCEPTED], UNKNOWN),
        ([DROPPED, DROPPED], UNKNOWN),
    ],
)
def test_an_answer_counts_as_it_was_accepted(judged, sign):
    clinic = reviewed_clinic()

    for evidence, judgement in zip((link(), told()), judged, strict=True):
        approved(clinic, account(), {"cure_all_claims": ("yes", evidence)}, cure_all_claims=judgement)

    assert signs() == UNKNOWN * 3 + sign + UNKNOWN
    assert_the_record_holds()


@pytest.mark.parametrize("action", [Action.DECLINE, Action.REQUEST_CHANGES])
@pytest.mark.parametrize(("reason", "words"), [(None, "Say more."), (Reason.ABUSIVE, ""), (Reason.ABUSIVE, "  ")])
def test_a_review_is_not_sent_back_without_a_reason(action, reason, words):
    review = submitted(reviewed_clinic(), account(), LEAST)

    with pytest.raises(InvalidParameter, match="Choose a reason") as refusal, nothing_written(accounts=1):
        decided(review, ReviewDecision(action=action, answers={}, reason=reason, words=words))

    assert refusal.value.field == "reason"


@pytest.mark.parametrize("outcome", [Outcome.TESTIMONY, Outcome.DROPPED])
def test_an_answer_is_not_taken_for_less_without_a_reason(outcome):
    review = submitted(reviewed_clinic(), account(), LEAST | {"cure_all_claims": ("yes", told())})
    judgement = Judgement(outcome=outcome, reason=Reason.ABUSIVE)

    with pytest.raises(InvalidParameter, match="Choose a reason") as refusal, nothing_written(accounts=1):
        decided(review, approval("at_home_use_offered", cure_all_claims=judgement))

    assert refusal.value.field == "answers.cure_all_claims"


@pytest.mark.parametrize("words", ["No\0thing", "\ud800", "\x1b[31m", "so\x85"])
@pytest.mark.parametrize("action", [Action.APPROVE, Action.DECLINE, Action.REQUEST_CHANGES])
def test_words_that_cannot_be_stored_or_shown_are_refused_with_a_sentence(action, words):
    review = submitted(reviewed_clinic(), account(), LEAST)
    decision = ReviewDecision(action=action, answers={}, reason=Reason.ABUSIVE, words=words)
    judgement = Judgement(outcome=Outcome.DROPPED, reason=Reason.ABUSIVE, words=words)

    with pytest.raises(InvalidParameter, match="as plain text") as refusal, nothing_written(accounts=1):
        decided(review, decision)
    with pytest.raises(InvalidParameter, match="as plain text") as of_answer, nothing_written(accounts=1):
        decided(review, approval(at_home_use_offered=judgement))

    assert (refusal.value.field, of_answer.value.field) == ("reason", "answers.at_home_use_offered")


def test_words_may_have_lines_and_any_letters():
    review, answers = submitted(reviewed_clinic(), account(), LEAST), {"at_home_use_offered": ACCEPTED}

    decided(review, ReviewDecision(action=Action.APPROVE, answers=answers, words="¿Sí?\n\t“a”"))

    assert rows(Decision)[-1].reason_text == "¿Sí?\n\t“a”"


@pytest.mark.parametrize(
    "criteria", [[], ["at_home_use_offered"], ["at_home_use_offered", "cure_all_claims", "no_physician_on_staff"]]
)
def test_an_approval_is_about_every_answer_and_about_no_other(criteria):
    review = submitted(reviewed_clinic(), account(), LEAST | {"cure_all_claims": ("unknown",)})

    with pytest.raises(InvalidParameter, match="every answer of the review") as refusal, nothing_written(accounts=1):
        decided(review, approval(*criteria))

    assert refusal.value.field == "answers"


@pytest.mark.parametrize("action", [action for action in Action if action.value not in {
    "approve", "decline", "request_changes",
}])  # fmt: skip
@pytest.mark.parametrize("end", [None, declined(), changes_requested(), approval(*LEAST)])
def test_a_verdict_approves_declines_or_asks_for_changes_and_does_nothing_else(action, end):
    review = submitted(reviewed_clinic(), account(), LEAST)
    if end:
        decided(review, end)
    verdict, seen_version = ReviewDecision(action=action, answers={}, **WHY), status_of(review)[1]

    with pytest.raises(InvalidParameter, match="Approve the review") as refusal, nothing_written(accounts=1):
        decided(review, verdict, seen_version=seen_version)

    assert refusal.value.field == "action"


@pytest.mark.parametrize("again", VERDICTS.values(), ids=VERDICTS)
@pytest.mark.parametrize("first", VERDICTS.values(), ids=VERDICTS)
def test_what_was_decided_is_not_decided_again(first, again):
    review = submitted(reviewed_clinic(), account(), LEAST)
    decided(review, first)

    with pytest.raises(InvalidTransition, match="as it stands now"), nothing_written(accounts=1):
        decided(review, again, seen_version=AS_SUBMITTED + 1)


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
@pytest.mark.parametrize("seen_version", [AS_SUBMITTED - 1, AS_SUBMITTED + 1])
def test_a_moderator_decides_on_the_review_as_they_saw_it(verdict, seen_version):
    review = submitted(reviewed_clinic(), account(), LEAST)

    with pytest.raises(Conflict, match="has changed since you opened it"), nothing_written(accounts=1):
        decided(review, verdict, seen_version=seen_version)


@pytest.mark.parametrize("public_id", ["nowhere", "no\0where", ""])
def test_a_review_that_is_not_there_is_not_decided(public_id):
    with pytest.raises(NotFound, match="no such review"), nothing_written(accounts=1):
        decided(public_id, declined())


def test_an_account_that_is_not_there_decides_nothing():
    review = submitted(reviewed_clinic(), account(), LEAST)

    with pytest.raises(NotFound, match="no such account"), nothing_written():
        decided(review, approval(*LEAST), moderator=10**6)


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_decides_on_their_own_review(verdict, tie):
    moderator, author = tied(tie)
    review = submitted(reviewed_clinic(), author, LEAST)

    with pytest.raises(Forbidden, match="your own review"), nothing_written():
        decided(review, verdict, moderator=moderator)


def test_a_moderator_who_is_linked_to_somebody_else_decides():
    moderator = account(linked_to=account())

    approved(reviewed_clinic(), account(linked_to=account()), LEAST, moderator=moderator)

    assert rows(Decision)[1].actor_id == moderator


def test_two_moderators_at_once_make_one_decision(app):
    moderators = accounts(2)
    pairs = list(product(VERDICTS.values(), repeat=2))[:6]

    for verdicts in pairs:
        review = submitted(reviewed_clinic(), account(), LEAST)
        outcomes = at_once(app, *[
            lambda by=by, verdict=verdict: decided(review, verdict, moderator=by)  # noqa: B023 - run within the round
            for by, verdict in zip(moderators, verdicts, strict=True)
        ])  # fmt: skip

        assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]
        winner = outcomes.index(None)
        stored = rows(Review, Review.public_id == review)[0]
        (decision,) = rows(Decision, Decision.review_id == stored.id, Decision.action != Action.SUBMIT)
        assert (decision.actor_id, decision.action) == (moderators[winner], verdicts[winner].action)
        assert (stored.status, stored.version) == (decision.to_status, AS_SUBMITTED + 1)
        assert len([entry for entry in rows(AuditEntry) if decision.public_id in entry.body]) == 1
    assert row_counts()["decision"] == row_counts()["audit"] == 2 * len(pairs)
    assert_the_record_holds()


def test_an_author_and_a_moderator_at_once_make_one_decision(app):
    clinic, author, moderator = reviewed_clinic(), account(), account()

    for _ in range(4):
        review = submitted(clinic, author, LEAST)
        taken_back = Act(action=Action.WITHDRAW, actor_id=author, at=NOON)
        outcomes = at_once(
            app,
            lambda: acted(review, taken_back),  # noqa: B023 - run within the round
            lambda: decided(review, declined(), moderator=moderator),  # noqa: B023
        )

        assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]
        assert status_of(review) == (["withdrawn", "declined"][outcomes.index(None)], AS_SUBMITTED + 1)
    assert row_counts()["decision"] == row_counts()["audit"] == 8


def test_a_review_that_changes_between_reading_and_writing_is_a_conflict():
    review = submitted(reviewed_clinic(), account(), LEAST)
    declining = Act(action=Action.DECLINE, actor_id=account(), at=NOON, **WHY)

    with (
        unguarded("review", "decision"),
        nothing_written(),
        pytest.raises(Conflict, match="has changed since you opened it"),
    ):
        acted(review, declining, meanwhile=bump)

    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_the_newer_review_of_an_author_replaces_the_older_one_when_it_is_approved():
    clinic, author, moderator = reviewed_clinic(), account(), account()
    first = approved(clinic, author, {"cure_all_claims": ("yes", link()), "no_physician_on_staff": ("no", link())})
    others = approved(clinic, account(), {"cure_all_claims": ("yes", told())})
    elsewhere = approved(reviewed_clinic(), author, LEAST)
    before = signs()

    newer = submitted(clinic, author, {"cure_all_claims": ("no", link("It helps some people."))})
    while_open = (status_of(first), signs())
    decided(newer, approval("cure_all_claims"), moderator=moderator)

    assert while_open == (("approved", 3), before)
    assert [status_of(each)[0] for each in (first, newer, others, elsewhere)] == [
        "superseded", "approved", "approved", "approved",
    ]  # fmt: skip
    decisions = rows(Decision)[-2:]
    assert [(each.action, each.actor_id) for each in decisions] == [("approve", moderator), ("supersede", moderator)]
    assert (decisions[1].from_status, decisions[1].to_status, decisions[1].seen_version) == (
        "approved",
        "superseded",
        3,
    )
    assert before == UNKNOWN * 2 + SUSPECTED + CONFIRMED + UNKNOWN
    # what the newer one says nothing of still counts
    assert signs() == UNKNOWN * 2 + SUSPECTED + UNKNOWN * 2
    assert_the_record_holds()


@pytest.mark.parametrize("end", [declined(), changes_requested()], ids=["declined", "changes requested"])
def test_a_newer_review_that_is_not_approved_replaces_nothing(end):
    clinic, author = reviewed_clinic(), account()
    first = approved(clinic, author, MAILED)

    decided(submitted(clinic, author, NOT_MAILED), end)

    assert (status_of(first)[0], signs()[0]) == ("approved", SUSPECTED)


def test_only_the_newest_of_three_reviews_stands():
    clinic, author = reviewed_clinic(), account()

    reviews = [approved(clinic, author, LEAST) for _ in range(3)]

    assert [status_of(each) for each in reviews] == [("superseded", 4), ("superseded", 4), ("approved", 3)]


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("decision", "NEW.action = 'supersede'"),
        ("answer_decision", "NEW.outcome = 'dropped'"),
        ("score", "TRUE"),
        ("audit", "NEW.action = 'approve'"),
        ("audit", "NEW.action = 'supersede'"),
    ],
)
def test_an_approval_is_written_whole_or_not_at_all(table, condition):
    clinic, author = reviewed_clinic(), account()
    first = approved(clinic, author, LEAST)
    second = submitted(clinic, author, MAILED | {"cure_all_claims": ("yes", told())})
    before = rows(Clinic)[0]

    with refusing(table, condition), nothing_written(accounts=1), pytest.raises(IntegrityError, match="for a test"):
        decided(second, approval("at_home_use_offered", cure_all_claims=DROPPED))

    assert (status_of(first), status_of(second)) == (("approved", 3), ("submitted", 2))
    assert (rows(Clinic)[0].signs, rows(Clinic)[0].updated_at) == (before.signs, before.updated_at)
    assert_the_record_holds()


def acted(review, act, *, meanwhile=lambda _session: None):
    with audit.turn() as session:
        read = moderation.reviewed(session, review, AS_SUBMITTED)
        meanwhile(session)
        moderation.move(session, read, act)


def bump(session):
    """Change the review behind the back of the session, as somebody would who does not take turns."""
    session.execute(update(Review.__table__).values(version=AS_SUBMITTED + 5))
