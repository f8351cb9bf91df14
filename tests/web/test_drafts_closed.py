"""The form of a review whose clinic closed while it was written: nothing is handed in, and nothing is lost to sight."""

import pytest

from directory.models import Review, ReviewDraft
from tests.support.accounts import signed_in_client
from tests.support.answers import TODAY
from tests.support.review_forms import LEAST, ORIGIN, address, filled, send
from tests.support.reviews import reviewed_clinic
from tests.support.suggestions import hidden, relisted
from tests.support.tables import nothing_written, rows

HOME = "at_home_use_offered"
TYPED_LAST = LEAST | {f"{HOME}-quote": "Lozenges by <i>mail</i>."}


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.drafts.today", lambda: TODAY)


@pytest.fixture
def clinic(app):
    return reviewed_clinic(name="Paper Kite")


@pytest.fixture
def anna(app):
    return signed_in_client(app)


@pytest.mark.parametrize("act", ["save", "submit"])
@pytest.mark.parametrize("tie", ["none", "owner"])
def test_what_was_typed_about_a_clinic_that_closed_meanwhile_is_shown_and_not_handed_in(anna, clinic, act, tie):
    page = anna.get(address(clinic))
    relisted(clinic, "close", "closed")

    with nothing_written():
        sent = send(anna, clinic, TYPED_LAST | {"tie": tie}, page=page, act=act)

    assert sent.status_code == 409
    assert "This clinic has closed" in sent.text
    assert "recorded as closed while you were writing" in sent.text
    assert "Lozenges by &lt;i&gt;mail&lt;/i&gt;." in sent.text
    assert rows(Review) == []


def test_the_script_is_told_that_the_clinic_closed_and_nothing_is_saved(anna, clinic):
    page = anna.get(address(clinic))
    relisted(clinic, "close", "closed")

    with nothing_written():
        sent = filled(page) | TYPED_LAST
        answer = anna.post(f"/clinics/{clinic['public_id']}/review/draft", data=sent, headers=ORIGIN)

    assert answer.status_code == 409
    assert answer.json["message"].startswith("This clinic was recorded as closed, so nothing is saved here any more.")


def test_a_draft_about_a_closed_clinic_is_still_read_and_thrown_away(anna, clinic):
    send(anna, clinic, LEAST)
    relisted(clinic, "close", "closed")

    left = anna.get(address(clinic))
    gone = send(anna, clinic, act="discard", page=left)
    after = anna.get(address(clinic))

    assert (left.status_code, "We mail it to you." in left.text) == (200, True)
    assert "cannot be brought back" in left.text
    assert gone.status_code == 303
    assert (rows(Review), rows(ReviewDraft)) == ([], [])
    assert (after.status_code, after.location) == (302, f"/clinics/{clinic['public_id']}/{clinic['slug']}")


def test_what_another_window_saved_before_the_clinic_closed_is_not_thrown_away_unseen(anna, clinic):
    send(anna, clinic, LEAST)
    seen = anna.get(address(clinic))
    send(anna, clinic, TYPED_LAST)
    relisted(clinic, "close", "closed")

    token = {name: filled(seen)[name] for name in ("csrf_token", "version")}
    kept = anna.post(address(clinic), data=token | {"do": "discard"})

    assert kept.status_code == 409
    assert "saved in another window" in kept.text
    assert "Lozenges by &lt;i&gt;mail&lt;/i&gt;." in kept.text
    assert len(rows(ReviewDraft)) == 1


def test_a_clinic_that_is_hidden_has_no_form_at_all(anna, clinic):
    page = anna.get(address(clinic))
    hidden(clinic)

    assert anna.get(address(clinic)).status_code == send(anna, clinic, LEAST, page=page).status_code == 404
