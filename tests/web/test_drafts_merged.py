"""The form of a review whose listing was merged while it was written: its author loses nothing."""

import html

import pytest

from directory.extensions import db
from directory.models import AccountSession, Review, ReviewDraft
from tests.support.accounts import signed_in_client
from tests.support.answers import TODAY
from tests.support.client import Page
from tests.support.review_forms import LEAST, ORIGIN, address, filled, send, typed_in
from tests.support.reviews import changes_requested, decided, reviewed_clinic
from tests.support.suggestions import number_of, relisted
from tests.support.tables import nothing_written, rows

HOME = "at_home_use_offered"
OTHER = LEAST | {f"{HOME}-quote": "Lozenges by <i>mail</i>."}


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.drafts.today", lambda: TODAY)


@pytest.fixture
def listings(app):
    """Two listings of one clinic, which are not merged yet: the one that goes, and the one that stays."""
    return reviewed_clinic(name="Paper Kite Annex"), reviewed_clinic(name="Paper Kite")


@pytest.fixture
def anna(app):
    return signed_in_client(app)


def test_a_draft_about_a_merged_listing_goes_on_at_the_one_that_stays(anna, listings):
    goes, stays = listings
    send(anna, goes, LEAST)
    merge(goes, stays)

    left = anna.get(address(goes))
    own = anna.get(f"/reviews/{rows(Review)[0].public_id}")
    onward = send(anna, goes, page=left)
    there = anna.get(address(stays))

    assert left.status_code == 200
    assert "This listing was merged" in left.text
    assert f"/clinics/{stays['public_id']}/{stays['slug']}" in hrefs(left)
    assert "We mail it to you." in left.text
    assert "21\xa0Nov\xa02026" in left.text
    assert "cannot be brought back" in left.text.split("<details")[1]
    assert address(goes) in hrefs(own)
    assert (onward.status_code, onward.location) == (303, address(stays))
    assert typed_in(there) == LEAST
    assert "Nothing is handed in yet." in there.text
    assert [(row.clinic_id, row.status) for row in rows(Review)] == [(number_of(stays), "draft")]
    assert send(anna, stays, act="submit").location.startswith("/reviews/")


@pytest.mark.parametrize("act", ["save", "submit", ""])
def test_a_form_that_was_open_while_its_listing_was_merged_loses_nothing(anna, listings, act):
    goes, stays = listings
    send(anna, goes, LEAST)
    page = anna.get(address(goes))
    merge(goes, stays)

    sent = send(anna, goes, OTHER, page=page, act=act)
    again = send(anna, goes, OTHER, page=page, act=act)

    assert (sent.status_code, sent.location) == (again.status_code, again.location) == (303, address(stays))
    assert typed_in(anna.get(address(stays))) == OTHER
    assert [row.status for row in rows(Review)] == ["draft"]


def test_what_another_window_saved_about_a_merged_listing_is_kept_too(anna, listings):
    goes, stays = listings
    page = anna.get(address(goes))
    send(anna, goes, OTHER)
    merge(goes, stays)

    sent = send(anna, goes, LEAST, page=page)

    assert sent.location == address(stays)
    assert typed_in(anna.get(address(stays))) == LEAST
    assert "Lozenges by &lt;i&gt;mail&lt;/i&gt;." in anna.get(address(goes)).text


def test_another_draft_about_the_listing_that_stays_is_not_written_over(anna, listings):
    goes, stays = listings
    send(anna, stays, OTHER)
    send(anna, goes, LEAST)
    page = anna.get(address(goes))
    merge(goes, stays)

    with nothing_written():
        left, sent = anna.get(address(goes)), send(anna, goes, LEAST | {f"{HOME}-quote": "Typed last."}, page=page)

    assert sent.status_code == 409
    assert "Go on at the listing that stays" not in left.text
    for shown, words in ((left, "We mail it to you."), (sent, "Typed last.")):
        assert "another review of that listing" in shown.text
        assert address(stays) in hrefs(shown)
        assert words in shown.text
    assert typed_in(anna.get(address(stays))) == OTHER


def test_what_was_sent_back_about_a_merged_listing_goes_on_as_a_new_review(anna, listings):
    goes, stays = listings
    send(anna, goes, LEAST, act="submit")
    decided(rows(Review)[0].public_id, changes_requested())
    merge(goes, stays)

    onward = send(anna, goes, page=anna.get(address(goes)))

    assert onward.location == address(stays)
    assert typed_in(anna.get(address(stays))) | {"tie": "none"} == LEAST
    assert sorted(row.status for row in rows(Review)) == ["changes_requested", "draft"]


def test_a_draft_about_a_merged_listing_can_be_thrown_away(anna, listings):
    goes, stays = listings
    send(anna, goes, LEAST)
    merge(goes, stays)

    gone = send(anna, goes, page=anna.get(address(goes)), act="discard")

    assert "The draft is thrown away." in anna.get(gone.location).text
    assert (rows(Review), rows(ReviewDraft)) == ([], [])


def test_without_a_draft_the_form_of_a_merged_listing_leads_to_the_one_that_stays(anna, listings):
    merge(*listings)

    led = anna.get(address(listings[0]))

    assert (led.status_code, led.location) == (302, address(listings[1]))


def test_the_script_is_told_that_the_listing_was_merged(anna, listings):
    goes, stays = listings
    page = anna.get(address(goes))
    merge(goes, stays)

    with nothing_written():
        answer = anna.post(f"/clinics/{goes['public_id']}/review/draft", data=filled(page) | LEAST, headers=ORIGIN)

    assert answer.status_code == 409
    assert "merged with another" in answer.json["message"]


def test_whoever_was_signed_out_meanwhile_keeps_what_they_typed_about_a_merged_listing(anna, listings):
    goes, stays = listings
    page = anna.get(address(goes))
    merge(goes, stays)
    db.session.execute(db.delete(AccountSession))
    db.session.commit()

    shown = send(anna, goes, LEAST, page=page)

    assert shown.status_code == 401
    assert typed_in(shown) == LEAST


def merge(goes, stays):
    relisted(goes, "merge", "merged", target=stays)


def hrefs(page):
    return [html.unescape(tag["href"]) for tag in Page(page.text).all("a") if "href" in tag]
