import re
from datetime import timedelta

import pytest

from directory.domain.moderation import Reason, ReviewStatus
from directory.extensions import db
from directory.models import Review
from directory.services import own_reviews, reviews
from directory.services.moderation import ReviewDecision
from directory.web.own_reviews import next_step, state
from tests.support import hostile_reviews
from tests.support.accounts import fields, post
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import CURE_ALL
from tests.support.client import Page
from tests.support.reviews import (
    AS_SUBMITTED,
    AS_TESTIMONY,
    DROPPED,
    NOON,
    account,
    approval,
    approved,
    changes_requested,
    decided,
    declined,
    link,
    pages,
    reviewed_clinic,
    status_of,
    submitted,
    told,
)
from tests.support.signed_in import SMUGGLED, sign_in_address, signed_in, words
from tests.support.statements import counted_statements
from tests.support.tables import row_counts, rows

pytestmark = pytest.mark.usefixtures("at_noon")

MAILED = {"at_home_use_offered": ("yes", link())}


def test_somebody_without_a_review_is_told_what_to_do_first(app):
    page = signed_in(app, account(role=None)).get("/reviews")

    assert page.status_code == 200
    assert "You have not written a review yet." in page.text
    assert "/" in [tag["href"] for tag in Page(page.text).all("a") if "Find a clinic" in page.text]


def test_the_list_names_the_clinic_the_state_and_the_day_with_the_newest_first(app):
    author = account(role=None)
    older = submitted(reviewed_clinic(name="Blue Teapot"), author, MAILED)
    newer = submitted(reviewed_clinic(name="Paper Kite", city="Clayton"), author, MAILED)
    decided(newer, declined())

    page = signed_in(app, author).get("/reviews")

    text = words(page)
    assert "Paper Kite Clayton, MO Declined, 21 Nov 2026 Blue Teapot Saint Louis, MO Waiting for a moderator," in text
    own = [tag["href"] for tag in Page(page.text).all("a") if tag["href"].startswith("/reviews/")]
    assert own == [f"/reviews/{newer}", f"/reviews/{older}"]


def test_a_long_list_goes_on_where_it_stopped(app, monkeypatch):
    monkeypatch.setattr(own_reviews, "PAGE", 1)
    author = account(role=None)
    for name in ("Blue Teapot", "Paper Kite"):
        submitted(reviewed_clinic(name=name), author, MAILED)
    client = signed_in(app, author)

    first = client.get("/reviews")
    onward = next(tag["href"] for tag in Page(first.text).all("a") if tag.get("rel") == "next")
    second = client.get(onward)

    assert "Paper Kite" in first.text
    assert "Blue Teapot" not in first.text
    assert "Blue Teapot" in second.text
    assert 'rel="next"' not in second.text


#: Where a review stands, whether its author can take it back, and whether the form has something to offer.
STANDS = {
    ReviewStatus.DRAFT: (True, True),
    ReviewStatus.SUBMITTED: (True, False),
    ReviewStatus.CHANGES_REQUESTED: (True, True),
    ReviewStatus.APPROVED: (False, True),
    ReviewStatus.DECLINED: (False, True),
    ReviewStatus.WITHDRAWN: (False, True),
    ReviewStatus.SUPERSEDED: (False, True),
}


@pytest.mark.parametrize("status", STANDS)
def test_a_review_says_where_it_stands_and_what_can_be_done(app, status):
    clinic, author = reviewed_clinic(), account(role=None)
    review = standing_at(status, clinic, author)

    page = signed_in(app, author).get(f"/reviews/{review}")

    assert page.status_code == 200
    assert state(status).label in page.text
    assert state(status).meaning in words(page)
    actions = [tag.get("action", tag.get("href", "")) for tag in Page(page.text).tags]
    can_withdraw, can_write = STANDS[status]
    assert (f"/reviews/{review}/withdraw" in actions, f"/clinics/{clinic['public_id']}/review" in actions) == STANDS[
        status
    ]
    assert can_withdraw or can_write


def test_every_state_has_its_words():
    assert all(state(status).label and state(status).meaning for status in ReviewStatus)


def test_an_approved_review_says_that_its_author_cannot_take_it_back_alone(app):
    author = account(role=None)
    review = approved(reviewed_clinic(), author, MAILED)

    page = signed_in(app, author).get(f"/reviews/{review}")

    assert "You cannot take an approved review back alone, but you can ask for it." in words(page)
    assert post_from(signed_in(app, author), review, version=AS_SUBMITTED + 1).status_code == 409
    assert status_of(review) == ("approved", AS_SUBMITTED + 1)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_with_what_the_author_can_do(app, reason):
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)
    decided(review, ReviewDecision(action="decline", answers={}, reason=reason, words="Look at page 2."))

    text = words(signed_in(app, author).get(f"/reviews/{review}"))

    assert f"{escaped(reason.label)}. Look at page 2. What you can do: {escaped(next_step(reason))}" in text


def test_each_answer_is_told_with_its_evidence_its_outcome_and_until_when_it_counts(app):
    author, seen = account(role=None), days_ago(5)
    answers = {
        "at_home_use_offered": ("yes", link("We mail it.", on=seen)),
        "cure_all_claims": ("no", *pages(seen)),
        "price_published": ("yes", link("We charge 400."), told("They said 400.")),
        "no_physician_on_staff": ("unknown",),
    }
    review = approved(reviewed_clinic(), author, answers, at_home_use_offered=DROPPED, price_published=AS_TESTIMONY)

    page = signed_in(app, author).get(f"/reviews/{review}")

    dropped, cures, price, silent = (
        article(page, slug)
        for slug in ("at_home_use_offered", "cure_all_claims", "price_published", "no_physician_on_staff")
    )
    until = seen + timedelta(days=CURE_ALL.shelf_days)
    assert "“We mail it.”" in dropped
    assert "Dropped. The evidence does not show what the answer says. Quote the sentence itself." in dropped
    assert dropped.endswith("It does not count.")
    assert "4 pages read, and nothing of the kind found there:" in cures
    assert cures.endswith(f"Accepted. Counts until {until.day} {until:%b} {until.year}.")
    assert "Accepted as a first-hand report only." in price
    assert "&nbsp;· first-hand report" in price
    assert "They said 400." in price
    assert "Counts until" in price
    assert silent.endswith("Says nothing for or against the clinic")


def test_answers_that_a_newer_review_replaced_or_that_ran_out_say_so(app):
    clinic, author = reviewed_clinic(), account(role=None)
    long_ago = days_ago(CURE_ALL.shelf_days + 1)
    answers = MAILED | {"cure_all_claims": ("yes", link("It heals all.", on=long_ago))}
    older = approved(clinic, author, answers, at_home_use_offered=AS_TESTIMONY)
    approved(clinic, author, {"at_home_use_offered": ("no", link("Every dose is given here."))})

    page = signed_in(app, author).get(f"/reviews/{older}")

    assert "Followed by a newer review" in page.text
    assert "Counts no more: a newer answer of yours" in article(page, "at_home_use_offered")
    assert "What you can do" not in words(page)
    assert "and has run out. Look again" in article(page, "cure_all_claims")


def test_a_clinic_that_is_not_listed_any_more_is_named_and_not_linked_to(app):
    clinic, author = reviewed_clinic(name="Blue Teapot"), account(role=None)
    review = approved(clinic, author, MAILED)
    db.session.execute(db.text("UPDATE clinic SET status = 'closed'"))
    db.session.commit()

    page = signed_in(app, author).get(f"/reviews/{review}")

    assert "The clinic is not listed any more." in words(page)
    assert clinic["public_id"] not in page.text


def test_an_author_takes_an_undecided_review_back_and_is_told_so(app):
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)
    client = signed_in(app, author)

    answer = post_from(client, review)

    assert (answer.status_code, answer.location) == (303, "/reviews")
    assert status_of(review) == ("withdrawn", AS_SUBMITTED + 1)
    assert "You took your review back." in client.get("/reviews").text


@pytest.mark.parametrize("version", [AS_SUBMITTED, 0, "", "x", "9" * 400, "-1"])
def test_a_review_that_changed_since_it_was_read_is_shown_again_and_stays(app, version):
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)
    client = signed_in(app, author)
    token = fields(client.get(f"/reviews/{review}"))
    decided(review, changes_requested())
    before = row_counts()

    page = client.post(f"/reviews/{review}/withdraw", data=token | {"version": version})

    assert page.status_code == 409
    assert "look at it as it is now." in words(page)
    assert "Changes asked for" in page.text
    assert (row_counts(), status_of(review)) == (before, ("changes_requested", AS_SUBMITTED + 1))


@pytest.mark.security(24)
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("role", [None, "moderator", "administrator"])
def test_the_review_of_somebody_else_is_not_there(app, linked, role):
    author = account(role=None)
    other = account(linked_to=author if linked else None, role=role)
    theirs, own = (submitted(reviewed_clinic(), each, MAILED) for each in (author, other))
    client = signed_in(app, other)
    token = fields(client.get(f"/reviews/{own}"))

    shown = client.get(f"/reviews/{theirs}")
    taken = client.post(f"/reviews/{theirs}/withdraw", data=token | {"version": AS_SUBMITTED})

    assert (shown.status_code, taken.status_code) == (404, 404)
    assert status_of(theirs) == ("submitted", AS_SUBMITTED)


@pytest.mark.security(35)
def test_nothing_is_taken_back_without_the_token_of_the_page(app):
    author, other = account(role=None), account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)
    strange = fields(signed_in(app, other).get("/reviews"))
    client = signed_in(app, author)

    for token in ({}, {"csrf_token": "x"}, strange):
        assert client.post(f"/reviews/{review}/withdraw", data=token | {"version": AS_SUBMITTED}).status_code == 400

    assert status_of(review) == ("submitted", AS_SUBMITTED)


@pytest.mark.security(26)
def test_a_form_changes_nothing_but_what_it_is_for(app):
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)
    before = rows(Review)[0]

    post_from(signed_in(app, author), review, **SMUGGLED)

    after = rows(Review)[0]
    kept = ("author_id", "clinic_id", "checklist_version", "public_id", "created_at", "submitted_at", "idempotency_key")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (after.status, after.version) == ("withdrawn", AS_SUBMITTED + 1)
    assert "/moderation" not in signed_in(app, author).get("/reviews").text


@pytest.mark.parametrize("address", ["/reviews", "/reviews/{}"])
def test_who_is_not_signed_in_is_led_to_sign_in(app, client, address):
    review = submitted(reviewed_clinic(), account(), MAILED)

    answer = client.get(address.format(review))

    assert (answer.status_code, answer.location) == (303, sign_in_address(app))


def test_nobody_keeps_a_copy_of_these_pages(app):
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)
    client = signed_in(app, author)

    for address in ("/reviews", f"/reviews/{review}", "/reviews/nobody"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_a_page_takes_the_same_statements_whatever_it_holds(app):
    author = account(role=None)
    small = approved(reviewed_clinic(), author, MAILED)
    large = approved(reviewed_clinic(), author, MAILED | {"price_published": ("yes", link(), told(), told())})
    client = signed_in(app, author)

    taken = {}
    for address in (f"/reviews/{small}", f"/reviews/{large}", "/reviews"):
        with counted_statements() as statements:
            client.get(address)
        taken[address] = len(statements)

    # Two tell who is signed in.
    assert list(taken.values()) == [10, 10, 3]


@pytest.mark.security(30)
def test_what_people_wrote_is_text_on_ones_own_pages_whatever_stands_in_it(app):
    author, moderator = account(role=None), account()
    client, found = signed_in(app, author), []

    for batch in hostile_reviews.batches():
        review = submitted(reviewed_clinic(), author, hostile_reviews.answers(batch))
        decided(review, hostile_reviews.approval(batch), moderator=moderator)
        found.append(Page(client.get(f"/reviews/{review}").text))

    assert len(found) > 9
    for page in found:
        assert not page.inline()
        assert hostile_reviews.shape(page) == hostile_reviews.shape(found[0])


def standing_at(status, clinic, author):
    """Bring a review to a status through the services, a draft by hand, and return its public id."""
    if status is ReviewStatus.DRAFT:
        return drafted(clinic, author)
    review = submitted(clinic, author, MAILED)
    verdicts = {
        ReviewStatus.CHANGES_REQUESTED: changes_requested(), ReviewStatus.DECLINED: declined(),
        ReviewStatus.APPROVED: approval(*MAILED), ReviewStatus.SUPERSEDED: approval(*MAILED),
    }  # fmt: skip
    if status in verdicts:
        decided(review, verdicts[status])
    if status is ReviewStatus.SUPERSEDED:
        approved(clinic, author, MAILED)
    if status is ReviewStatus.WITHDRAWN:
        reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)
    assert status_of(review)[0] == status
    return review


def drafted(clinic, author):
    clinic_id = db.session.scalar(db.text("SELECT id FROM clinic WHERE public_id = :id"), {"id": clinic["public_id"]})
    review = Review(
        author_id=author, clinic_id=clinic_id, checklist_version="2026.1", idempotency_key="d", created_at=NOON
    )
    db.session.add(review)
    db.session.commit()
    return review.public_id


def post_from(client, review, *, version=AS_SUBMITTED, **more):
    """Send the form that takes a review back, with the token of a page that has one."""
    return post(client, f"/reviews/{review}/withdraw", {"version": version} | more, page="/reviews")


def article(page, slug):
    source = page.text.partition(f'id="answer-{slug}"')[2].partition("</article>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", f"<{source}").split()).replace("“ ", "“").replace(" ”", "”")


def escaped(text):
    return text.replace("&", "&amp;").replace("'", "&#39;")


@pytest.fixture
def at_noon(monkeypatch):
    """Let the pages be of the day on which everything else happens."""
    monkeypatch.setattr("directory.web.reviews.today", lambda: TODAY)
    monkeypatch.setattr("directory.web.reviews.now", lambda: NOON)
