from datetime import timedelta

import pytest

from directory.domain.moderation import Reason
from directory.extensions import db
from directory.models import OutboxMail, VoidVote, Wish
from directory.services import lapses, own_reviews, voids
from directory.services.access import actor
from directory.services.voids import Vote
from directory.web.own_reviews import meaning
from tests.support.accounts import fields
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    account,
    approved,
    changes_requested,
    confirmed,
    decided,
    give_address,
    link,
    rechecked,
    reviewed_clinic,
    status_of,
    submitted,
)
from tests.support.signed_in import signed_in, words
from tests.support.tables import nothing_written, rows

HOME = "at_home_use_offered"
COPIED = Vote(reason=Reason.COPIED_TEXT, words="The same text stands on a forum.")
AS_APPROVED = 3
WHY = {"version": AS_APPROVED, "reason": "paid_or_rewarded", "words": "An invoice\r\nnames the sum."}


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    for module in ("afterwards", "moderation", "reviews"):
        monkeypatch.setattr(f"directory.web.{module}.now", lambda: NOON)


def test_two_moderators_make_a_review_void_from_its_page(app):
    author = account(role=None)
    give_address(author)
    review = kept(author)
    first, second = (signed_in(app, account()) for _ in range(2))
    page = first.get(f"/moderation/reviews/{review}")
    assert f'href="/moderation/reviews/{review}/void"' in page.text

    answer = sent(first, f"/moderation/reviews/{review}/void", WHY)

    assert answer.location == "/moderation/approved"
    assert "Nothing changes before somebody else finds so too" in words(first.get("/moderation/approved"))
    assert "You voted. Somebody else must look too." in words(first.get(f"/moderation/reviews/{review}/void"))
    assert "Read the reasons, and vote" in words(second.get("/moderation/approved"))
    assert "An invoice names the sum." in words(second.get(f"/moderation/reviews/{review}/void"))
    sent(second, f"/moderation/reviews/{review}/void", WHY | {"reason": "copied_text"})
    assert "is void now" in words(second.get("/moderation/approved"))
    assert status_of(review)[0] == "voided"
    assert len(rows(OutboxMail)) == 1


@pytest.mark.parametrize("missing", [{"reason": ""}, {"words": " "}, {"reason": "dislike"}])
def test_a_vote_without_a_reason_is_asked_for_one_and_keeps_what_was_typed(app, missing):
    review, client = kept(), signed_in(app, account())

    with nothing_written():
        answer = sent(client, f"/moderation/reviews/{review}/void", WHY | missing)

    assert answer.status_code == 422
    assert "Please look at this again" in answer.text
    assert (missing.get("words") == " ") or "names the sum." in answer.text


def test_who_was_overtaken_or_voted_before_is_told_and_gets_their_words_back(app):
    review, client = kept(), signed_in(app, account())
    sent(client, f"/moderation/reviews/{review}/void", WHY)

    twice = sent(client, f"/moderation/reviews/{review}/void", WHY)
    late = sent(client, f"/moderation/reviews/{review}/void", WHY | {"version": 1})

    assert (twice.status_code, late.status_code) == (409, 409)
    assert "You have voted so before" in twice.text
    assert "has changed since you opened it" in late.text
    assert "names the sum." in late.text
    assert len(rows(VoidVote)) == 1


def test_what_was_not_approved_cannot_be_made_void(app):
    review = submitted(reviewed_clinic(), account(), {HOME: ("yes", link())})

    page = signed_in(app, account()).get(f"/moderation/reviews/{review}/void")

    assert "Only an approved review can be made void." in page.text
    assert "<textarea" not in page.text


def test_somebody_whose_session_ended_gets_their_reasons_back(app):
    review, client = kept(), signed_in(app, account())
    token = fields(client.get("/account"))
    with client.session_transaction() as cookie:
        del cookie["account_session"]

    answer = client.post(f"/moderation/reviews/{review}/void", data=WHY | token)

    assert answer.status_code == 401
    assert "names the sum." in answer.text


def test_an_author_asks_for_their_review_and_a_moderator_takes_it_back(app):
    author = account(role=None)
    clinic = reviewed_clinic(name="Paper Kite")
    review = approved(clinic, author, {HOME: ("yes", link(on=REPLY_OVER))})
    rechecked(review, HOME)
    confirmed(clinic, HOME)
    anna, moderator = signed_in(app, author), signed_in(app, account())

    sent(anna, f"/reviews/{review}/wish", {"version": AS_APPROVED, "do": "ask", "words": "I was wrong."})

    assert "You asked on 21 Nov 2026 to have it back." in words(anna.get(f"/reviews/{review}"))
    assert f'href="/moderation/reviews/{review}"' in moderator.get("/moderation/approved").text
    page = words(moderator.get(f"/moderation/reviews/{review}"))
    assert "Its author wishes it back since 21 Nov 2026 : I was wrong." in page
    sent(moderator, f"/moderation/reviews/{review}/take-back", {"version": AS_APPROVED})
    assert status_of(review)[0] == "withdrawn_after"
    assert "Taken back after approval" in words(anna.get(f"/reviews/{review}"))
    assert "Paper Kite : Offers at-home use" in words(moderator.get("/moderation/signs/again"))
    page = words(app.test_client().get(f"/clinics/{clinic['public_id']}", follow_redirects=True))
    assert "On 21 Nov 2026 the author of a review that it rested on withdrew that review" in page
    assert "Nobody has checked this clinic" not in page
    logged = words(app.test_client().get("/log"))
    assert "Approved review taken back, as its author wished" in logged
    assert "part of its evidence is gone; moderators look at it again: Offers at-home use" in logged


def test_an_author_thinks_better_of_it(app):
    author = account(role=None)
    review, client = kept(author), signed_in(app, author)
    sent(client, f"/reviews/{review}/wish", {"version": AS_APPROVED, "do": "ask"})

    sent(client, f"/reviews/{review}/wish", {"version": AS_APPROVED, "do": "drop"})

    page = words(client.get(f"/reviews/{review}"))
    assert "Your review stays as it is." in page
    assert "Ask to have it back" in page
    assert rows(Wish)[0].ended_at is not None


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({"version": 1}, 409, "has changed since you opened it"),
        ({"do": "drop"}, 409, "Nobody asks any more"),
        ({"words": "x" * 1001}, 422, "Shorten it to 1,000 characters."),
    ],
)
def test_a_wish_that_cannot_be_taken_is_said_why_and_keeps_the_words(app, typed, status, says):
    author = account(role=None)
    review, client = kept(author), signed_in(app, author)

    with nothing_written():
        answer = sent(client, f"/reviews/{review}/wish", {"version": AS_APPROVED, "do": "ask", "words": "So."} | typed)

    assert answer.status_code == status
    assert says in answer.text
    assert typed.get("words", "So.") in answer.text


def test_nothing_is_taken_back_that_its_author_keeps(app):
    review = kept()

    answer = sent(signed_in(app, account()), f"/moderation/reviews/{review}/take-back", {"version": AS_APPROVED})

    assert answer.status_code == 409
    assert "Nobody asks any more" in answer.text


def test_a_review_that_was_made_void_says_so_to_its_author_with_the_reason(app):
    author = account(role=None)
    review = kept(author)
    for by in (account(), account()):
        voids.vote(review, COPIED, moderator_id=by, seen_version=AS_APPROVED, at=NOON)

    page = words(signed_in(app, author).get(f"/reviews/{review}"))

    assert "Two people found that its approval was a mistake." in page
    assert COPIED.words in page


def test_what_lapsed_is_not_said_to_be_taken_back(app):
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, {HOME: ("yes", link())})
    decided(review, changes_requested())
    lapses.lapse(at=NOON + timedelta(days=30))
    who = actor(db.session, author)
    db.session.rollback()

    with app.test_request_context():
        assert "none came within 30 days" in meaning(own_reviews.show(review, who, as_of=NOON.date()))


def kept(author=None):
    return approved(reviewed_clinic(), author or account(), {HOME: ("yes", link())})


def sent(client, address, typed):
    return client.post(address, data=typed | fields(client.get("/account")))
