from dataclasses import replace

import pytest

from directory.domain.access import Role
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.mail import Site
from directory.domain.moderation import Reason
from directory.domain.ties import TieKind
from directory.extensions import writing
from directory.models import Account, AuditEntry, Decision, OutboxMail, VoidVote, Wish
from directory.services import audit, groups, voids, wishes
from directory.services.access import declare
from directory.services.voids import Vote
from tests.support.answers import TODAY
from tests.support.reviews import (
    NOON,
    account,
    accounts,
    approved,
    assert_the_record_holds,
    decided,
    declined,
    give_address,
    link,
    reviewed_clinic,
    signs,
    status_of,
    submitted,
    tied,
)
from tests.support.rows import tamper
from tests.support.tables import nothing_written, rows

pytestmark = pytest.mark.usefixtures("app")

CURE = "cure_all_claims"
PAID = Vote(reason=Reason.PAID_OR_REWARDED, words="An invoice names the sum.")
COPIED = Vote(reason=Reason.COPIED_TEXT, words="The same text stands on a forum.")
AS_APPROVED, AS_SUPERSEDED = 3, 4
UNKNOWN, SUSPECTED = "0", "3"
SITE = Site(host="directory.example", page="https://directory.example/reviews/x")


def test_the_second_persons_vote_makes_a_review_void():
    author = account(role=None)
    review = doubted(author)
    before = signs()[3]

    is_void = voted(review)
    after_one = signs()[3], status_of(review)
    is_void_now = voted(review, COPIED)

    assert (before, after_one) == (SUSPECTED, (SUSPECTED, ("approved", AS_APPROVED)))
    assert (is_void, is_void_now) == (False, True)
    assert (signs()[3], status_of(review)) == (UNKNOWN, ("voided", AS_APPROVED + 1))
    (decision,) = rows(Decision, Decision.action == "void")
    assert (decision.reason_code, decision.reason_text) == ("copied_text", COPIED.words)
    assert decision.actor_id == rows(VoidVote)[1].by_id
    assert_the_record_holds()


def test_the_first_vote_stands_in_the_chain_by_its_ids_alone():
    review = doubted()

    voted(review)

    (entry,) = rows(AuditEntry, AuditEntry.action == "vote_void")
    (row,) = rows(VoidVote)
    assert entry.body == f'{{"review":{row.review_id},"vote":{row.id}}}'
    assert entry.actor_id == row.by_id
    assert rows(Decision, Decision.action == "void") == []
    assert_the_record_holds()


def test_a_review_that_a_newer_one_followed_is_made_void_too():
    clinic, author = reviewed_clinic(), account()
    review = approved(clinic, author, {CURE: ("yes", link())})
    approved(clinic, author, {"price_published": ("yes", link())})

    for _ in range(2):
        voted(review, seen_version=AS_SUPERSEDED)

    assert (status_of(review)[0], signs()[3]) == ("voided", UNKNOWN)
    assert_the_record_holds()


def test_the_author_is_told_both_reasons():
    author = account(role=None)
    give_address(author)
    review = doubted(author)

    voted(review, site=SITE)
    alone = rows(OutboxMail)
    voted(review, COPIED, site=SITE)

    (mail,) = rows(OutboxMail)
    assert alone == []
    for words in ("Two moderators have read again", PAID.words, COPIED.words, "made void", SITE.page):
        assert words in " ".join(mail.body.split())


def test_a_wish_for_the_review_ends_with_it():
    author = account(role=None)
    review = doubted(author)
    wishes.ask(review, words="", author_id=author, seen_version=AS_APPROVED, at=NOON)

    for _ in range(2):
        voted(review)

    assert rows(Wish)[0].ended_at is not None


def test_one_person_has_one_vote_by_whichever_account():
    review, whole = doubted(), account()
    voted(review, by=whole)

    for by in (whole, account(linked_to=whole)):
        with pytest.raises(Conflict, match="You have voted so before"):
            voted(review, by=by)

    assert len(rows(VoidVote)) == 1
    assert status_of(review)[0] == "approved"


@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_votes_on_their_own_review_nor_on_one_of_a_linked_account(tie):
    by, author = tied(tie)
    review = doubted(author)

    with nothing_written(), pytest.raises(Forbidden, match="your own review"):
        voted(review, by=by)


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR])
def test_it_takes_the_role_and_no_tie(role):
    by = account(role=role)
    clinic = reviewed_clinic()
    review = approved(clinic, account(), {CURE: ("yes", link())})
    if role:
        with writing() as session:
            declare(session, TieKind.COMPETITOR, by, rows(Decision)[0].clinic_id, at=NOON)

    with nothing_written(), pytest.raises(Forbidden, match="tie to this clinic" if role else "takes a role"):
        voted(review, by=by)


def test_the_vote_of_somebody_who_turns_out_to_be_the_author_counts_no_more():
    author, other = accounts(2)
    review = doubted(author)
    voted(review, by=other)
    administrator = account(role=Role.ADMINISTRATOR)
    ids = {row.id: row.public_id for row in rows(Account)}
    groups.link(ids[author], ids[other], administrator=ids[administrator], at=NOON)

    is_void = voted(review)

    assert (is_void, status_of(review)[0]) == (False, "approved")
    assert voted(review) is True
    assert_the_record_holds()


@pytest.mark.parametrize("given", [Vote(reason=None, words="So."), Vote(reason=Reason.ABUSIVE, words=" ")])
def test_a_vote_needs_a_reason_and_words(given):
    review = doubted()

    with nothing_written(accounts=1), pytest.raises(InvalidParameter, match="Choose a reason"):
        voted(review, given)


def test_only_what_counts_is_made_void():
    clinic = reviewed_clinic()
    waiting = submitted(clinic, account(), {CURE: ("yes", link())})
    refused = submitted(clinic, account(), {CURE: ("yes", link())})
    decided(refused, declined())

    for review, version in ((waiting, 2), (refused, 3)):
        with nothing_written(accounts=1), pytest.raises(InvalidTransition):
            voted(review, seen_version=version)


def test_a_review_that_changed_meanwhile_or_is_not_there_is_not_voted_on():
    review = doubted()

    with nothing_written(accounts=1), pytest.raises(Conflict, match="has changed since you opened it"):
        voted(review, seen_version=2)
    with nothing_written(accounts=1), pytest.raises(NotFound):
        voted("nowhere")


def test_a_vote_is_held_by_the_chain_once_it_made_the_review_void():
    review = doubted()
    for _ in range(2):
        voted(review)

    tamper("UPDATE void_vote SET words = 'Other words.' WHERE id = (SELECT min(id) FROM void_vote)")

    assert "is about is not as it was entered" in audit.verify().problem


def doubted(author=None):
    """Return an approved review that raises a sign by itself."""
    return approved(reviewed_clinic(), author or account(), {CURE: ("yes", link(on=TODAY))})


def voted(review, given=PAID, *, by=None, seen_version=AS_APPROVED, site=None):
    given = replace(given, site=site)
    return voids.vote(review, given, moderator_id=by or account(), seen_version=seen_version, at=NOON)
