import pytest

from directory.domain.access import Role
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.mail import Site
from directory.domain.ties import TieKind
from directory.extensions import writing
from directory.models import AuditEntry, Decision, OutboxMail, Wish
from directory.services import wishes
from directory.services.access import declare
from tests.support.reviews import (
    NOON,
    account,
    approved,
    assert_the_record_holds,
    give_address,
    link,
    reviewed_clinic,
    signs,
    status_of,
    submitted,
    tied,
)
from tests.support.tables import nothing_written, rows

pytestmark = pytest.mark.usefixtures("app")

CURE = "cure_all_claims"
AS_APPROVED, AS_SUPERSEDED = 3, 4
UNKNOWN, SUSPECTED = "0", "3"
SITE = Site(host="directory.example", page="https://directory.example/reviews/x")


def test_an_approved_review_is_taken_back_as_its_author_wishes():
    author = account(role=None)
    review = kept(author)
    asked(review, author, words="I was wrong.")
    meanwhile = signs()[3], status_of(review)

    granted(review)

    assert meanwhile == (SUSPECTED, ("approved", AS_APPROVED))
    assert (signs()[3], status_of(review)) == (UNKNOWN, ("withdrawn_after", AS_APPROVED + 1))
    assert [row.ended_at is None for row in rows(Wish)] == [False]
    (decision,) = rows(Decision, Decision.action == "withdraw_after")
    assert (decision.reason_text, decision.actor_id != author) == ("", True)
    assert_the_record_holds()


def test_a_review_that_a_newer_one_followed_is_taken_back_by_itself():
    clinic, author = reviewed_clinic(), account()
    review = approved(clinic, author, {CURE: ("yes", link())})
    newer = approved(clinic, author, {"price_published": ("yes", link())})
    asked(review, author, seen_version=AS_SUPERSEDED)

    granted(review, seen_version=AS_SUPERSEDED)

    assert (status_of(review)[0], status_of(newer)[0], signs()[3]) == ("withdrawn_after", "approved", UNKNOWN)


def test_the_author_is_told():
    author = account(role=None)
    give_address(author)
    review = kept(author)
    asked(review, author)

    granted(review, site=SITE)

    (mail,) = rows(OutboxMail)
    assert "taken back, as you asked" in mail.body
    assert SITE.page in mail.body


def test_an_author_may_think_better_of_it_and_ask_again():
    author = account(role=None)
    review = kept(author)
    asked(review, author)

    dropped(review, author)
    with pytest.raises(Conflict, match="Nobody asks any more"):
        granted(review)
    asked(review, author)

    assert [row.ended_at is None for row in rows(Wish)] == [False, True]
    assert [row.action for row in rows(AuditEntry)][-3:] == ["wish_back", "wish_dropped", "wish_back"]
    assert_the_record_holds()


def test_nobody_wishes_twice_at_once():
    author = account(role=None)
    review = kept(author)
    asked(review, author)

    with nothing_written(), pytest.raises(Conflict, match="asked for that already"):
        asked(review, author)


@pytest.mark.parametrize("act", ["ask", "drop"])
def test_only_the_very_author_wishes(act):
    author = account()
    review = kept(author)
    asked(review, author)
    does = {"ask": asked, "drop": dropped}[act]

    for other in (account(), account(linked_to=author), account(role=Role.ADMINISTRATOR)):
        with nothing_written(), pytest.raises(Forbidden, match="Only the author"):
            does(review, other)


@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_grants_their_own_wish(tie):
    by, author = tied(tie)
    review = kept(author)
    asked(review, author)

    with nothing_written(), pytest.raises(Forbidden, match="your own review"):
        granted(review, by=by)


def test_it_is_granted_by_somebody_with_the_role_and_without_a_tie():
    author, reviewer, owner = account(role=None), account(role=None), account()
    review = kept(author)
    asked(review, author)
    with writing() as session:
        declare(session, TieKind.OWNER, owner, rows(Decision)[0].clinic_id, at=NOON)

    for by, why in ((reviewer, "takes a role"), (owner, "tie to this clinic")):
        with nothing_written(), pytest.raises(Forbidden, match=why):
            granted(review, by=by)


def test_nothing_is_granted_that_nobody_wishes_or_that_changed_meanwhile():
    author = account(role=None)
    review = kept(author)

    with nothing_written(accounts=1), pytest.raises(Conflict, match="Nobody asks any more"):
        granted(review)
    asked(review, author)
    with nothing_written(accounts=1), pytest.raises(Conflict, match="has changed since you opened it"):
        granted(review, seen_version=2)
    with nothing_written(accounts=1), pytest.raises(NotFound):
        granted("nowhere")


def test_only_what_counts_is_wished_back():
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, {CURE: ("yes", link())})

    with nothing_written(), pytest.raises(InvalidTransition):
        asked(review, author, seen_version=2)


@pytest.mark.parametrize(("words", "problem"), [("x" * 1001, "Shorten it"), ("\x1b[2J", "plain text")])
def test_words_are_plain_and_not_too_many(words, problem):
    author = account(role=None)
    review = kept(author)

    with nothing_written(), pytest.raises(InvalidParameter, match=problem):
        asked(review, author, words=words)


def kept(author):
    """Return an approved review that raises a sign by itself."""
    return approved(reviewed_clinic(), author, {CURE: ("yes", link())})


def asked(review, author, *, words="", seen_version=AS_APPROVED):
    wishes.ask(review, words=words, author_id=author, seen_version=seen_version, at=NOON)


def dropped(review, author):
    wishes.drop(review, author_id=author, seen_version=AS_APPROVED, at=NOON)


def granted(review, *, by=None, seen_version=AS_APPROVED, site=None):
    wishes.grant(review, moderator_id=by or account(), seen_version=seen_version, at=NOON, site=site)
