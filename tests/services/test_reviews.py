from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from directory.domain.checklist import Value
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.moderation import Action
from directory.models import AnswerEvidence, AuditEntry, Clinic, Decision, Review, ReviewAnswer
from directory.services import audit, reviews
from directory.services.reviews import GivenAnswer
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    account,
    accounts,
    approval,
    changes_requested,
    decided,
    declined,
    document,
    link,
    pages,
    reviewed_clinic,
    submission,
    submitted,
    told,
)
from tests.support.tables import refusing, row_counts, rows
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

LEAST = {"at_home_use_offered": ("yes", told())}


def test_a_review_is_written_with_its_answers_their_evidence_the_decision_and_the_record():
    clinic, author = reviewed_clinic(), account()
    answers = {
        "cure_all_claims": ("no", *pages(days_ago(3))),
        "at_home_use_offered": ("yes", link(on=days_ago(2), archive_url="https://archive.example/1"), told()),
        "no_physician_on_staff": ("unknown",),
    }

    public_id = submitted(clinic, author, answers, key="a key")

    (review,) = rows(Review)
    assert (review.public_id, review.author_id, review.status, review.version) == (public_id, author, "submitted", 2)
    assert (review.checklist_version, review.idempotency_key) == ("2026.1", "a key")
    assert [at.replace(tzinfo=None) for at in (review.created_at, review.submitted_at)] == [
        NOON.replace(tzinfo=None)
    ] * 2
    written = [(each.criterion, each.value, each.tier, each.observed_on) for each in rows(ReviewAnswer)]
    assert written == [
        ("cure_all_claims", "no", 3, days_ago(3)),
        ("at_home_use_offered", "yes", 3, days_ago(2)),
        ("no_physician_on_staff", "unknown", None, None),
    ]
    assert [evidence_of(each) for each in rows(AnswerEvidence)] == [
        *pages(days_ago(3)), *answers["at_home_use_offered"][1:],
    ]  # fmt: skip
    (decision,) = rows(Decision)
    assert (decision.review_id, decision.clinic_id, decision.actor_id) == (review.id, review.clinic_id, author)
    assert (decision.action, decision.from_status, decision.to_status) == ("submit", "draft", "submitted")
    assert decision.seen_version == 1
    (entry,) = rows(AuditEntry)
    assert (entry.action, entry.actor_id) == ("submit", author)
    assert decision.public_id in entry.body
    assert audit.verify().problem == ""


def test_a_review_that_nobody_decided_changes_no_score():
    clinic = reviewed_clinic()
    before = rows(Clinic)[0]

    submitted(clinic, account(), {"at_home_use_offered": ("yes", link())})

    after = rows(Clinic)[0]
    assert (after.grade, after.signs, after.score_changes_on) == (before.grade, before.signs, None)
    assert row_counts()["score"] == 0


@pytest.mark.parametrize("table", ["answer", "evidence", "decision", "audit"])
def test_a_review_is_written_whole_or_not_at_all(table):
    clinic, author = reviewed_clinic(), account()
    before = row_counts()

    with refusing(table, "TRUE"), pytest.raises(IntegrityError, match="refused for a test"):
        submitted(clinic, author, LEAST)

    assert row_counts() == before


@pytest.mark.parametrize(
    ("evidence", "tier"), [([link()], 3), ([document()], 2), ([told()], 1), ([told(), document(), link()], 3)]
)
def test_the_tier_follows_from_the_evidence(evidence, tier):
    submitted(reviewed_clinic(), account(), {"at_home_use_offered": ("yes", *evidence)})

    assert rows(ReviewAnswer)[0].tier == tier


def test_a_smaller_site_that_was_read_whole_is_enough_where_the_author_says_so():
    clinic, author = reviewed_clinic(), account()
    filled_in = submission(clinic, {"cure_all_claims": ("no", *pages(TODAY, "/", "/faq"))})
    whole_site = replace(filled_in, answers=(replace(filled_in.answers[0], is_whole_site_read=True),))

    with pytest.raises(InvalidParameter, match="at least four pages"):
        reviews.submit(filled_in, author_id=author, at=NOON)
    reviews.submit(whole_site, author_id=author, at=NOON)

    (answer,) = rows(ReviewAnswer)
    assert (answer.tier, answer.is_whole_site_read) == (3, True)


def test_only_the_site_that_the_clinic_is_listed_with_is_its_own():
    author, without = account(), add_clinic()
    elsewhere = add_clinic(website="http://www.other.example/ketamine")

    for clinic in (without, elsewhere):
        with pytest.raises(InvalidParameter, match="Only the clinic’s own site"):
            submitted(clinic, author, {"at_home_use_offered": ("yes", link())})
    submitted(elsewhere, author, {"at_home_use_offered": ("yes", link(url="https://other.example/"))})
    submitted(without, author, {"no_physician_on_staff": ("yes", link(url="https://www.albme.gov/"))})

    assert [answer.tier for answer in rows(ReviewAnswer)] == [3, 3]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("clinic.example/faq", "http://clinic.example/faq"),
        ("  https://clinic.example/faq\n", "https://clinic.example/faq"),
        ("HTTPS://Clinic.example/faq", "https://Clinic.example/faq"),
    ],
)
def test_an_address_is_kept_as_a_link_that_works(typed, kept):
    submitted(reviewed_clinic(), account(), {"at_home_use_offered": ("yes", link(url=typed, archive_url=typed))})

    (evidence,) = rows(AnswerEvidence)
    assert (evidence.url, evidence.archive_url) == (kept, kept)


def test_a_review_that_is_handed_in_again_under_its_key_is_the_same_review():
    clinic, author = reviewed_clinic(), account()
    first = submitted(clinic, author, LEAST, key="once")
    before = row_counts()

    again = submitted(clinic, author, {"cure_all_claims": ("yes", told())}, key="once")
    reviews.withdraw(first, author_id=author, seen_version=AS_SUBMITTED, at=NOON)
    after_all = submitted(clinic, author, LEAST, key="once")

    assert (again, after_all) == (first, first)
    assert row_counts() == before | {"decision": before["decision"] + 1, "audit": before["audit"] + 1}


def test_a_key_is_its_authors_own():
    clinic = reviewed_clinic()

    first, second = (submitted(clinic, author, LEAST, key="once") for author in accounts(2))

    assert first != second


def test_ten_clicks_at_once_hand_one_review_in(app):
    clinic, author = reviewed_clinic(), account()

    for key in ("first", "second", "third"):
        answers = at_once(app, *[lambda key=key: submitted(clinic, author, LEAST, key=key)] * 10)
        assert len(set(answers)) == 1
        decided(answers[0], declined())

    assert [review.idempotency_key for review in rows(Review)] == ["first", "second", "third"]
    assert row_counts()["answer"] == 3
    assert audit.verify().problem == ""


def test_two_reviews_by_one_author_at_once_leave_one_open(app):
    clinic, author = reviewed_clinic(), account()

    outcomes = at_once(app, *[lambda: submitted(clinic, author, LEAST)] * 5)

    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict"] * 4 + ["str"]
    assert row_counts()["review"] == 1


def test_nobody_has_two_undecided_reviews_of_one_clinic():
    clinic, other = reviewed_clinic(), reviewed_clinic()
    author, somebody = accounts(2)
    submitted(clinic, author, LEAST)
    before = row_counts()

    with pytest.raises(Conflict, match="not decided yet"):
        submitted(clinic, author, LEAST)

    assert row_counts() == before
    submitted(other, author, LEAST)
    submitted(clinic, somebody, LEAST)


@pytest.mark.parametrize(
    ("end", "is_over"),
    [
        (lambda review, _author: decided(review, approval(*LEAST)), True),
        (lambda review, _author: decided(review, declined()), True),
        (lambda review, author: withdrawn(review, author=author), True),
        (lambda review, _author: decided(review, changes_requested()), False),
    ],
    ids=["approved", "declined", "withdrawn", "changes requested"],
)
def test_the_next_review_may_come_once_the_first_is_over(end, is_over):
    clinic, author = reviewed_clinic(), account()
    end(submitted(clinic, author, LEAST), author)

    if is_over:
        submitted(clinic, author, LEAST)
    else:
        with pytest.raises(Conflict):
            submitted(clinic, author, LEAST)


@pytest.mark.parametrize(
    ("answers", "field", "remedy"),
    [
        ({}, "answers", "Answer at least one question"),
        ({"at_home_use_offered": ("unknown",)}, "answers", "Answer at least one question"),
        ({"rems_certified": ("not_applicable",)}, "answers", "Answer at least one question"),
        ({"is_it_nice": ("yes", told())}, "answers.is_it_nice", "cannot be answered so"),
        ({"at_home_use_offered": ("not_applicable",)} | {"cure_all_claims": ("yes", told())},
         "answers.at_home_use_offered", "cannot be answered so"),
        ({"at_home_use_offered": ("yes",)}, "answers.at_home_use_offered", "Add what you base this answer on"),
        ({"at_home_use_offered": ("yes", *[told()] * 21)}, "answers.at_home_use_offered", "Keep the twenty pieces"),
        ({"at_home_use_offered": ("yes", link(url="https://reviews.example/"))},
         "answers.at_home_use_offered", "Only the clinic’s own site"),
        ({"cure_all_claims": ("no", *pages(TODAY, "/", "/faq", "/prices"))}, "answers.cure_all_claims", "four pages"),
        ({"cure_all_claims": ("yes", *pages(TODAY))}, "answers.cure_all_claims", "Only the clinic’s own site"),
        ({"at_home_use_offered": ("yes", link(quote=""))}, "answers.at_home_use_offered", "Copy the exact words"),
        ({"at_home_use_offered": ("yes", told(), link(url="javascript:alert(1)"))},
         "answers.at_home_use_offered", "Give the address of the page"),
        ({"at_home_use_offered": ("yes", replace(told(), url="javascript:alert(1)"))},
         "answers.at_home_use_offered", "Give the address of the page"),
        ({"at_home_use_offered": ("yes", told("They\0mail it."))}, "answers.at_home_use_offered", "as plain text"),
        ({"at_home_use_offered": ("yes", told(on=days_ago(-1)))}, "answers.at_home_use_offered", "lie in the future"),
        # also beside good evidence, and for an answer that says nothing
        ({"at_home_use_offered": ("yes", told(), told(on=days_ago(-1)))},
         "answers.at_home_use_offered", "lie in the future"),
        ({"cure_all_claims": ("unknown", told(on=days_ago(-1)))} | LEAST,
         "answers.cure_all_claims", "lie in the future"),
        # the second answer is as good as the first
        (LEAST | {"cure_all_claims": ("yes",)}, "answers.cure_all_claims", "Add what you base this answer on"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_is_named_and_nothing_is_written(answers, field, remedy):
    clinic, author = reviewed_clinic(), account()
    before = row_counts()

    with pytest.raises(InvalidParameter, match=remedy) as refusal:
        submitted(clinic, author, answers)

    assert refusal.value.field == field
    assert row_counts() == before


def test_a_question_is_answered_once():
    filled_in = submission(reviewed_clinic(), LEAST)
    another = GivenAnswer(criterion="at_home_use_offered", value=Value.NO, evidence=(told(),))
    author, before = account(), row_counts()

    with pytest.raises(InvalidParameter, match="answered twice") as refusal:
        reviews.submit(replace(filled_in, answers=(*filled_in.answers, another)), author_id=author, at=NOON)

    assert refusal.value.field == "answers.at_home_use_offered"
    assert row_counts() == before


def test_only_a_published_version_of_the_checklist_is_answered():
    filled_in = submission(reviewed_clinic(), LEAST, checklist="2025.9")
    author, before = account(), row_counts()

    with pytest.raises(InvalidParameter, match="No such version") as refusal:
        reviews.submit(filled_in, author_id=author, at=NOON)

    assert refusal.value.field == "checklist"
    assert row_counts() == before


@pytest.mark.parametrize("key", ["", "x" * 65, "a\0b", "a\nb"])
def test_a_form_without_a_key_of_its_own_is_not_taken(key):
    filled_in = replace(submission(reviewed_clinic(), LEAST), key=key)
    author, before = account(), row_counts()

    with pytest.raises(InvalidParameter, match="Open it again") as refusal:
        reviews.submit(filled_in, author_id=author, at=NOON)

    assert refusal.value.field == "key"
    assert row_counts() == before


def test_a_key_may_be_as_long_as_the_table_holds():
    submitted(reviewed_clinic(), account(), LEAST, key="x" * 64)

    assert rows(Review)[0].idempotency_key == "x" * 64


def test_what_was_seen_on_the_day_of_the_review_is_not_the_future():
    late = NOON.replace(hour=23, minute=59)

    submitted(reviewed_clinic(), account(), {"at_home_use_offered": ("yes", told(on=TODAY))}, at=late)

    assert rows(ReviewAnswer)[0].observed_on == TODAY


@pytest.mark.parametrize("slug", ["rems_certified", "offlabel_status_disclosed", "psychotherapy_integration"])
def test_a_question_that_may_not_apply_can_be_answered_so(slug):
    submitted(reviewed_clinic(), account(), LEAST | {slug: ("not_applicable",)})

    answer = rows(ReviewAnswer)[1]
    assert (answer.value, answer.tier, answer.observed_on) == ("not_applicable", None, None)


@pytest.mark.parametrize("public_id", ["nowhere", "", "no\0where", "x" * 300, "’ OR 1=1"])
def test_a_clinic_that_is_not_listed_cannot_be_reviewed(public_id):
    author, before = account(), row_counts()

    with pytest.raises(NotFound):
        submitted({"public_id": public_id}, author, LEAST)

    assert row_counts() == before


@pytest.mark.parametrize("status", ["proposed", "closed"])
def test_a_clinic_that_is_not_public_cannot_be_reviewed(status):
    clinic, author = reviewed_clinic(status=status), account()
    before = row_counts()

    with pytest.raises(NotFound):
        submitted(clinic, author, LEAST)

    assert row_counts() == before


def test_an_author_takes_an_undecided_review_back():
    clinic, author = reviewed_clinic(), account()
    review = submitted(clinic, author, LEAST)
    later = NOON + timedelta(hours=1)

    reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=later)

    (stored,) = rows(Review)
    assert (stored.status, stored.version) == ("withdrawn", 3)
    decision = rows(Decision, Decision.action == Action.WITHDRAW)[0]
    assert (decision.actor_id, decision.from_status, decision.to_status) == (author, "submitted", "withdrawn")
    assert (decision.seen_version, decision.review_id) == (AS_SUBMITTED, stored.id)
    assert [entry.action for entry in rows(AuditEntry)] == ["submit", "withdraw"]


def test_an_author_takes_back_what_changes_were_asked_for():
    clinic, author = reviewed_clinic(), account()
    review = submitted(clinic, author, LEAST)
    decided(review, changes_requested())

    reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED + 1, at=NOON)

    assert rows(Review)[0].status == "withdrawn"


@pytest.mark.parametrize("linked", [False, True])
def test_nobody_takes_back_the_review_of_somebody_else(linked):
    author = account()
    other = account(linked_to=author if linked else None)
    review = submitted(reviewed_clinic(), author, LEAST)
    before = row_counts()

    with pytest.raises(Forbidden, match="Only the author"):
        reviews.withdraw(review, author_id=other, seen_version=AS_SUBMITTED, at=NOON)

    assert (row_counts(), rows(Review)[0].status) == (before, "submitted")


@pytest.mark.parametrize("decision", [approval(*LEAST), declined()], ids=["approved", "declined"])
def test_a_decided_review_cannot_be_taken_back(decision):
    author = account()
    review = submitted(reviewed_clinic(), author, LEAST)
    decided(review, decision)
    before = row_counts()

    with pytest.raises(InvalidTransition, match="as it stands now"):
        reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED + 1, at=NOON)

    assert row_counts() == before


def test_a_review_that_changed_meanwhile_is_looked_at_again_before_it_is_taken_back():
    author = account()
    review = submitted(reviewed_clinic(), author, LEAST)
    decided(review, changes_requested())
    before = row_counts()

    with pytest.raises(Conflict, match="look at it as it is now"):
        reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    assert row_counts() == before


@pytest.mark.parametrize("public_id", ["nowhere", "no\0where", ""])
def test_a_review_that_is_not_there_cannot_be_taken_back(public_id):
    author, before = account(), row_counts()

    with pytest.raises(NotFound, match="no such review"):
        reviews.withdraw(public_id, author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    assert row_counts() == before


def withdrawn(review, *, author):
    reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)


def evidence_of(row):
    return Evidence(
        kind=EvidenceKind(row.kind), seen_on=row.seen_on, url=row.url, quote=row.quote, note=row.note,
        archive_url=row.archive_url,
    )  # fmt: skip
