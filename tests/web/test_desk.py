import pytest

from directory.models import Hold, LinkProposal
from tests.support.accounts import fields
from tests.support.answers import days_ago
from tests.support.reviews import NOON, account, approved, link, reviewed_clinic, submitted
from tests.support.signed_in import signed_in, words
from tests.support.tables import nothing_written, rows

CURE = {"cure_all_claims": ("yes", link())}


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    for module in ("desk", "moderation"):
        monkeypatch.setattr(f"directory.web.{module}.now", lambda: NOON)


def test_a_moderator_holds_new_reviews_and_ends_that(app):
    clinic, client = reviewed_clinic(name="Paper Kite"), signed_in(app, account())

    sent(client, of(clinic), {"do": "hold", "days": "3", "words": "Many at once."})

    (hold,) = rows(Hold)
    assert (hold.until, hold.words, hold.ended_at) == (days_ago(-3), "Many at once.", None)
    page = words(client.get(of(clinic)))
    assert "New reviews of Paper Kite are held until 24 Nov 2026, and its page says so." in page
    assert "Since 21 Nov 2026, until 24 Nov 2026. Many at once." in page
    sent(client, of(clinic), {"do": "end", "words": "It was a newspaper."})
    assert rows(Hold)[0].ended_words == "It was a newspaper."
    assert "are decided again." in words(client.get(of(clinic)))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"days": "15"}, "Hold them for 1 to 14 days."),
        ({"days": "0"}, "Hold them for 1 to 14 days."),
        ({"days": "many"}, "Give a number of days from 1 to 14."),
        ({"days": ""}, "Give a number of days from 1 to 14."),
        ({"words": " "}, "Say in a sentence what you saw."),
    ],
)
def test_a_hold_that_cannot_be_is_said_why_beside_the_field(app, typed, says):
    clinic, client = reviewed_clinic(), signed_in(app, account())

    with nothing_written():
        answer = sent(client, of(clinic), {"do": "hold", "days": "3", "words": "Many at once."} | typed)

    assert answer.status_code == 422
    assert answer.text.count(says) == 2  # above everything, and beside the field


@pytest.mark.parametrize(("do", "says"), [("hold", "are held already"), ("end", "are not held")])
def test_who_was_overtaken_is_told(app, do, says):
    clinic, client = reviewed_clinic(), signed_in(app, account())
    if do == "hold":
        sent(client, of(clinic), {"do": "hold", "days": "3", "words": "Many at once."})

    answer = sent(client, of(clinic), {"do": do, "days": "3", "words": "Many at once."})

    assert answer.status_code == 409
    assert says in answer.text


def test_who_has_a_review_that_waits_sees_the_page_and_no_form(app):
    clinic, by = reviewed_clinic(), account()
    submitted(clinic, by, CURE)

    page = words(signed_in(app, by).get(of(clinic)))

    assert "somebody else must hold or end that" in page
    assert "Your own" in page


def test_a_moderator_proposes_that_two_authors_are_one_person(app):
    clinic, client = reviewed_clinic(), signed_in(app, account())
    first, second = (approved(clinic, account(role=None), CURE) for _ in range(2))
    page = client.get(f"/moderation/reviews/{first}/link")
    assert f'value="{second}"' in page.text
    assert f'value="{first}"' not in page.text

    answer = sent(client, f"/moderation/reviews/{first}/link", {"chosen": second, "words": "They write alike."})

    assert answer.location == f"/moderation/reviews/{first}"
    assert [row.words for row in rows(LinkProposal)] == ["They write alike."]
    again = sent(client, f"/moderation/reviews/{first}/link", {"chosen": second, "words": "They write alike."})
    assert (again.status_code, "You have proposed this before" in again.text) == (409, True)


def test_the_other_review_may_be_of_another_clinic(app):
    client = signed_in(app, account())
    first, second = (approved(reviewed_clinic(), account(role=None), CURE) for _ in range(2))
    typed = {"other": f"https://directory.example/moderation/reviews/{second}/", "words": "They write alike."}

    sent(client, f"/moderation/reviews/{first}/link", typed)

    assert len(rows(LinkProposal)) == 1


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({}, 422, "Choose the other review, or give its address."),
        ({"other": "nowhere"}, 409, "There is no such review."),
        ({"other": "same"}, 422, "Both reviews are by the same account."),
        ({"other": "other", "words": ""}, 422, "Say in a sentence what you saw."),
    ],
)
def test_a_proposal_that_cannot_be_is_said_why(app, typed, status, says):
    client, author = signed_in(app, account()), account(role=None)
    reviews = {
        "same": approved(reviewed_clinic(), author, CURE),
        "other": approved(reviewed_clinic(), account(role=None), CURE),
    }
    review = approved(reviewed_clinic(), author, CURE)
    typed = {"words": "They write alike."} | typed | {"other": reviews.get(typed.get("other"), typed.get("other", ""))}

    with nothing_written():
        answer = sent(client, f"/moderation/reviews/{review}/link", typed)

    assert answer.status_code == status
    assert says in answer.text


def test_the_page_of_a_review_leads_to_its_clinic_and_to_a_proposal(app):
    clinic, client = reviewed_clinic(), signed_in(app, account())
    review = submitted(clinic, account(), CURE)

    page = client.get(f"/moderation/reviews/{review}").text

    assert f'href="{of(clinic)}"' in page
    assert f'href="/moderation/reviews/{review}/link"' in page


def of(clinic):
    return f"/moderation/clinics/{clinic['public_id']}"


def sent(client, address, typed):
    return client.post(address, data=typed | fields(client.get("/account")))
