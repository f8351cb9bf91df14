from datetime import timedelta

import pytest

from directory.domain.errors import Conflict, InvalidTransition, NotFound
from directory.domain.moderation import Action, Outcome, ReviewStatus
from directory.extensions import db, reading
from directory.models import Review
from directory.services import access, own_reviews
from directory.services.own_reviews import Counts
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import CURE_ALL
from tests.support.reviews import (
    AS_SUBMITTED,
    AS_TESTIMONY,
    DROPPED,
    NOON,
    WHY,
    account,
    approved,
    changes_requested,
    confirmed,
    decided,
    declined,
    link,
    rechecked,
    remedied,
    reviewed_clinic,
    status_of,
    submitted,
    told,
)
from tests.support.statements import counted_statements
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
CURES = {"cure_all_claims": ("yes", link("It heals everything."))}


def test_an_author_sees_their_own_reviews_and_drafts_with_the_newest_first():
    author = account(role=None)
    first, second = reviewed_clinic(name="Blue Teapot"), reviewed_clinic(name="Paper Kite", status="published")
    older = submitted(first, author, MAILED)
    newer = drafted(second, author)
    submitted(first, account(), MAILED)

    found = own_reviews.mine(who(author))

    assert [each.public_id for each in found.reviews] == [newer, older]
    assert [each.clinic.name for each in found.reviews] == ["Paper Kite", "Blue Teapot"]
    assert [each.status for each in found.reviews] == [ReviewStatus.DRAFT, ReviewStatus.SUBMITTED]
    assert found.reviews[1].changed == NOON
    assert found.next is None


def test_a_line_says_when_a_review_last_changed():
    author, later = account(), NOON + timedelta(days=2)
    review = submitted(reviewed_clinic(), author, MAILED)
    decided(review, declined(), at=later)

    (line,) = own_reviews.mine(who(author)).reviews

    assert (line.status, line.changed) == (ReviewStatus.DECLINED, later)


def test_somebody_who_wrote_nothing_has_no_reviews():
    assert own_reviews.mine(who(account(role=None))).reviews == []


def test_fifty_reviews_stand_on_a_page_and_the_rest_on_the_next(monkeypatch):
    monkeypatch.setattr(own_reviews, "PAGE", 2)
    author = account()
    made = [submitted(reviewed_clinic(), author, MAILED) for _ in range(5)][::-1]

    pages, after = [], ""
    while after is not None:
        page = own_reviews.mine(who(author), after=after)
        pages.append([each.public_id for each in page.reviews])
        after = page.next

    assert pages == [made[:2], made[2:4], made[4:]]


@pytest.mark.parametrize("after", ["nobody", "a\0b", "x" * 300])
def test_a_page_that_nobody_named_begins_with_the_first(after):
    author = account()
    review = submitted(reviewed_clinic(), author, MAILED)

    assert [each.public_id for each in own_reviews.mine(who(author), after=after).reviews] == [review]


def test_the_list_takes_one_statement_however_long_it_is():
    author = account()
    for _ in range(4):
        submitted(reviewed_clinic(), author, MAILED)
    person = who(author)

    with counted_statements() as statements:
        own_reviews.mine(person)

    assert len(statements) == 1


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("role", [None, "moderator", "administrator"])
def test_nobody_else_sees_it_here_not_even_who_speaks_with_the_author(linked, role):
    author = account()
    other = account(linked_to=author if linked else None, role=role)
    review = submitted(reviewed_clinic(), author, MAILED)

    with pytest.raises(NotFound, match="no such review among yours"):
        shown(review, other)


@pytest.mark.parametrize("public_id", ["nowhere", "a\0b", "", "x" * 300])
def test_what_is_not_there_is_not_found(public_id):
    with pytest.raises(NotFound):
        shown(public_id, account())


def test_a_review_says_what_was_done_about_it_and_why():
    author = account()
    review = submitted(reviewed_clinic(name="Blue Teapot"), author, MAILED)
    later = NOON + timedelta(hours=3)
    decided(review, changes_requested(), at=later)

    found = shown(review, author)

    assert (found.status, found.version, found.saved) == (ReviewStatus.CHANGES_REQUESTED, AS_SUBMITTED + 1, None)
    assert [(step.action, step.at, step.reason, step.words) for step in found.steps] == [
        (Action.SUBMIT, NOON, None, ""),
        (Action.REQUEST_CHANGES, later, WHY["reason"], WHY["words"]),
    ]


def test_an_answer_is_shown_with_its_evidence_in_the_order_of_the_checklist():
    author = account()
    evidence = (link(), told("They said so.", on=days_ago(3)))
    review = submitted(
        reviewed_clinic(), author, {"price_published": ("unknown",), "at_home_use_offered": ("yes", *evidence)}
    )

    at_home, price = shown(review, author).answers

    assert (at_home.given.criterion.slug, at_home.given.value, at_home.given.tier) == ("at_home_use_offered", "yes", 3)
    assert at_home.given.evidence == evidence
    assert at_home.given.observed_on == TODAY
    assert (at_home.counts, at_home.given.judgement) == (Counts.UNDECIDED, None)
    assert (price.given.criterion.slug, price.given.evidence, price.until) == ("price_published", (), None)


@pytest.mark.parametrize(
    ("verdict", "counts"), [(declined(), Counts.NOT_APPROVED), (changes_requested(), Counts.UNDECIDED)]
)
def test_what_was_not_approved_does_not_count(verdict, counts):
    author = account()
    review = submitted(reviewed_clinic(), author, MAILED)
    decided(review, verdict)

    assert [answer.counts for answer in shown(review, author).answers] == [counts]


def test_an_accepted_answer_counts_until_the_last_day_of_its_shelf_life():
    author, seen = account(), days_ago(10)
    review = approved(reviewed_clinic(), author, {"cure_all_claims": ("yes", link("It heals all.", on=seen))})
    last = seen + timedelta(days=CURE_ALL.shelf_days)

    on_the_last, after = (shown(review, author, as_of=day).answers[0] for day in (last, last + timedelta(days=1)))

    assert (on_the_last.counts, on_the_last.until) == (Counts.YES, last)
    assert (after.counts, after.until) == (Counts.RAN_OUT, last)


def test_what_was_decided_on_each_answer_is_told():
    author = account()
    answers = (
        MAILED | CURES | {"no_physician_on_staff": ("unknown",), "price_published": ("yes", link("We charge 400."))}
    )
    review = approved(reviewed_clinic(), author, answers, at_home_use_offered=DROPPED, price_published=AS_TESTIMONY)

    found = {answer.given.criterion.slug: answer for answer in shown(review, author).answers}

    assert {slug: answer.counts for slug, answer in found.items()} == {
        "at_home_use_offered": Counts.DROPPED, "cure_all_claims": Counts.YES,
        "no_physician_on_staff": Counts.SAYS_NOTHING, "price_published": Counts.YES,
    }  # fmt: skip
    assert found["at_home_use_offered"].given.judgement == DROPPED
    assert found["price_published"].given.judgement == AS_TESTIMONY
    assert found["cure_all_claims"].given.judgement.outcome is Outcome.ACCEPTED


def test_a_newer_review_takes_the_place_of_the_answers_that_it_gives_anew():
    clinic, author = reviewed_clinic(), account()
    older = approved(clinic, author, MAILED | CURES)
    approved(clinic, author, {"cure_all_claims": ("no", link("It does not help everybody."))})

    found = shown(older, author)

    assert found.status is ReviewStatus.SUPERSEDED
    assert [answer.counts for answer in found.answers] == [Counts.YES, Counts.REPLACED]


def test_a_sign_that_two_people_confirmed_goes_on_counting_after_a_newer_review():
    clinic, author = reviewed_clinic(), account()
    older = approved(clinic, author, {"at_home_use_offered": ("yes", link(on=days_ago(10)))})
    rechecked(older, "at_home_use_offered")
    confirmed(clinic, "at_home_use_offered")
    approved(clinic, author, {"at_home_use_offered": ("no", link("Every dose is given here."))})

    assert [answer.counts for answer in shown(older, author).answers] == [Counts.YES]


def test_what_the_clinic_mended_counts_no_more():
    clinic, author = reviewed_clinic(), account()
    review = approved(clinic, author, CURES)
    remedied(clinic, "cure_all_claims")

    assert [answer.counts for answer in shown(review, author).answers] == [Counts.MENDED]


def test_a_draft_has_no_answers_and_can_be_seen():
    author = account()
    review = drafted(reviewed_clinic(), author)

    found = shown(review, author)

    assert (found.status, found.answers, found.steps) == (ReviewStatus.DRAFT, (), ())


def test_a_review_takes_the_same_statements_whatever_it_holds():
    author = account()
    small = approved(reviewed_clinic(), author, MAILED)
    large = approved(
        reviewed_clinic(), author, MAILED | CURES | {"price_published": ("yes", link("We charge 400."), told(), told())}
    )

    taken = [statements_of(lambda each=each: shown(each, author)) for each in (small, large)]

    assert taken == [9, 9]  # one of them tells who asks


def test_an_author_takes_an_undecided_review_back():
    author = account()
    review = submitted(reviewed_clinic(), author, MAILED)

    taken_back(review, author)

    assert status_of(review) == ("withdrawn", AS_SUBMITTED + 1)


def test_a_review_of_somebody_else_is_not_there_to_take_back():
    review = submitted(reviewed_clinic(), account(), MAILED)

    with pytest.raises(NotFound):
        taken_back(review, account())

    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_a_review_that_changed_or_is_decided_is_not_taken_back():
    author = account()
    changed, done = (submitted(reviewed_clinic(), author, MAILED) for _ in range(2))
    decided(changed, changes_requested())
    decided(done, declined())

    with pytest.raises(Conflict):
        taken_back(changed, author)
    with pytest.raises(InvalidTransition):
        taken_back(done, author, seen=AS_SUBMITTED + 1)

    assert [review.status for review in rows(Review)] == ["changes_requested", "declined"]


def test_an_author_asks_for_an_approved_review_and_may_think_better_of_it():
    author = account(role=None)
    review = approved(reviewed_clinic(), author, MAILED)
    before = shown(review, author).wished

    own_reviews.wish_back(review, who(author), words="I was wrong.", seen_version=AS_SUBMITTED + 1, at=NOON)
    asked = shown(review, author).wished
    own_reviews.drop_wish(review, who(author), seen_version=AS_SUBMITTED + 1, at=NOON)

    assert (before, asked, shown(review, author).wished) == (None, NOON, None)
    assert status_of(review) == ("approved", AS_SUBMITTED + 1)


@pytest.mark.parametrize("linked", [False, True])
def test_a_review_of_somebody_else_is_not_there_to_ask_for(linked):
    author = account(role=None)
    review = approved(reviewed_clinic(), author, MAILED)
    other = who(account(role=None, linked_to=author if linked else None))

    with pytest.raises(NotFound, match="no such review among yours"):
        own_reviews.wish_back(review, other, words="", seen_version=AS_SUBMITTED + 1, at=NOON)

    assert shown(review, author).wished is None


def who(account_id):
    with reading() as session:
        return access.actor(session, account_id)


def shown(review, by, *, as_of=TODAY):
    return own_reviews.show(review, who(by), as_of=as_of)


def taken_back(review, by, *, seen=AS_SUBMITTED):
    own_reviews.take_back(review, who(by), seen_version=seen, at=NOON)


def statements_of(act):
    with counted_statements() as statements:
        act()
    return len(statements)


def drafted(clinic, author):
    """Write a draft, of which nothing was handed in, and return its public id."""
    clinic_id = db.session.execute(db.text("SELECT id FROM clinic WHERE public_id = :id"), {"id": clinic["public_id"]})
    review = Review(
        author_id=author, clinic_id=clinic_id.scalar(), checklist_version="2026.1", idempotency_key="draft",
        created_at=NOON,
    )  # fmt: skip
    db.session.add(review)
    db.session.commit()
    return review.public_id
