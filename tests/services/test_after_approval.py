from datetime import timedelta

import pytest

from directory.domain.errors import Forbidden, NotFound
from directory.domain.moderation import Reason
from directory.domain.ties import TieKind
from directory.extensions import reading
from directory.services import access, after_approval, voids, wishes
from directory.services.voids import PastVote, Vote
from tests.support.reviews import (
    NOON,
    account,
    approved,
    declared,
    link,
    reviewed_clinic,
    status_of,
    submitted,
    tied,
)
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")

CURE = {"cure_all_claims": ("yes", link())}
PAID = Vote(reason=Reason.PAID_OR_REWARDED, words="An invoice names the sum.")
COPIED = Vote(reason=Reason.COPIED_TEXT, words="The same text stands on a forum.")
AS_APPROVED = 3
HOUR = timedelta(hours=1)
NOBODY = "abcdefghijkl"


def test_a_moderator_reads_the_votes_on_a_review_and_what_its_author_wishes():
    author, voter = account(role=None), account()
    review = kept(author)
    before = of_review(review, voter)
    voted(review, PAID, by=voter)
    wished(review, author, words="I was wrong.", at=NOON - HOUR)

    mine, other = of_review(review, voter), of_review(review, account())

    assert (before.votes, before.wish, before.has_voted) == ((), None, False)
    assert mine.votes == (PastVote(reason=PAID.reason, words=PAID.words, is_mine=True),)
    assert other.votes == (PastVote(reason=PAID.reason, words=PAID.words, is_mine=False),)
    assert (mine.has_voted, other.has_voted) == (True, False)
    assert (mine.wish.since, mine.wish.words) == (NOON - HOUR, "I was wrong.")


def test_a_wish_that_its_author_dropped_is_none():
    author = account(role=None)
    review = kept(author)
    wished(review, author)

    wishes.drop(review, author_id=author, seen_version=AS_APPROVED, at=NOON)

    assert of_review(review, account()).wish is None
    assert pending(account()).wished == []


def test_nothing_is_asked_about_a_review_that_does_not_count():
    waits, void = submitted(reviewed_clinic(), account(role=None), CURE), kept()
    voted(void, PAID)
    voted(void, COPIED)

    found = [of_review(review, account()) for review in (waits, void)]

    assert status_of(void)[0] == "voided"
    assert [(each.votes, each.wish) for each in found] == [((), None)] * 2
    assert pending(account()).voted_on == []


@pytest.mark.security(22)
def test_what_is_asked_about_ones_own_review_or_with_a_tie_is_not_read():
    decides, wrote = tied("linked to the author")
    clinic, tied_to_it = reviewed_clinic(), account()
    declared(tied_to_it, clinic, TieKind.EMPLOYEE)
    review = approved(clinic, wrote, CURE)
    voted(review, PAID)
    wished(review, wrote)

    for who, says in (
        (decides, "your own"), (wrote, "your own"), (tied_to_it, "a tie to this clinic"),
        (account(role=None), "takes a role"),
    ):  # fmt: skip
        with pytest.raises(Forbidden, match=says):
            of_review(review, who)
    for who in (decides, wrote, tied_to_it):
        assert (pending(who).wished, pending(who).voted_on) == ([], [])


@pytest.mark.parametrize("public_id", [NOBODY, "no\0where", ""])
def test_what_is_not_there_is_not_found(public_id):
    with pytest.raises(NotFound, match="There is no such review"):
        of_review(public_id, account())


def test_what_waits_for_a_decision_after_approval_stands_in_the_order_in_which_it_was_asked():
    by, whole = account(), account()
    linked = account(linked_to=whole)
    authors = [account(role=None) for _ in range(2)]
    reviews = [kept(author, name="Paper Kite") for author in authors]
    for hours, (review, author) in enumerate(zip(reviews, authors, strict=True), start=1):
        wished(review, author, at=NOON - hours * HOUR)
        voted(review, PAID, by=by if hours == 1 else linked, at=NOON - hours * HOUR)

    mine, of_voter = pending(by), pending(whole)

    for asked in (mine.wished, mine.voted_on):
        assert [(each.public_id, each.since) for each in asked] == [
            (reviews[1], NOON - 2 * HOUR), (reviews[0], NOON - HOUR),
        ]  # fmt: skip
        assert [(each.version, each.clinic.name) for each in asked] == [(AS_APPROVED, "Paper Kite")] * 2
        assert len({each.reviewer for each in asked}) == 2
    assert [each.is_mine for each in mine.voted_on] == [False, True]
    assert [each.is_mine for each in of_voter.voted_on] == [True, False]
    assert not any(each.is_mine for each in mine.wished)


def test_a_review_takes_six_statements_and_all_that_waits_two():
    review = kept()
    voted(review, PAID)
    who = who_is(account())
    with counted_statements() as of_one:
        after_approval.of_review(review, who, at=NOON)
    with counted_statements() as of_few:
        after_approval.pending(who, at=NOON)
    for _ in range(2):
        voted(kept(), COPIED)
    with counted_statements() as of_more:
        after_approval.pending(who, at=NOON)

    assert (len(of_one), len(of_few), len(of_more)) == (6, 2, 2)


def of_review(review, by):
    return after_approval.of_review(review, who_is(by), at=NOON)


def pending(by):
    return after_approval.pending(who_is(by), at=NOON)


def kept(author=None, **clinic):
    return approved(reviewed_clinic(**clinic), author or account(role=None), CURE)


def voted(review, given, *, by=None, at=NOON):
    voids.vote(review, given, moderator_id=by or account(), seen_version=AS_APPROVED, at=at)


def wished(review, author, *, words="", at=NOON):
    wishes.ask(review, words=words, author_id=author, seen_version=AS_APPROVED, at=at)


def who_is(number):
    with reading() as session:
        return access.actor(session, number)
