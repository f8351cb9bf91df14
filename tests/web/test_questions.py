from datetime import timedelta

import pytest

from directory.domain.listings import Listing
from directory.domain.profile import ListingStatus
from directory.services import clinics
from tests.support.accounts import person, sign_in, signed_in_client
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED
from tests.support.client import Page
from tests.support.clinics import add_clinic
from tests.support.review_forms import LEAST, filled, send
from tests.support.reviews import NOON, account, approved, link, rechecked, reviewed_clinic, told
from tests.support.signed_in import words

CURE, HOME, CONSENT = "cure_all_claims", "at_home_use_offered", "written_informed_consent"


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.questions.today", lambda: TODAY)


def test_of_a_clinic_that_nobody_checked_the_five_signs_are_asked_first_with_room_for_the_answers(client):
    row = add_clinic(name="Paper Kite", phone="+13145550142")

    page = client.get(sheet(row))

    said = words(page)
    asked = [said.index(criterion.ask) for criterion in (*SHIPPED.signs, *core())]
    assert asked == sorted(asked)
    assert said.count("Would not say") == len(asked) == 12
    assert all(said.count(criterion.ask) == 1 for criterion in SHIPPED.safeguards)
    assert "314-555-0142" in said
    assert "Warning sign: nobody has checked it here" in said
    assert "In which forms do you give ketamine" in said
    assert "Date and time:" in said
    assert "“Hello. I am thinking about ketamine treatment" in said


UNSTATED = {
    "psychotherapy": "Is psychotherapy part of the treatment",
    "price": "What does one session cost in all, with the visits before and after it?",
    "insurance": "Which insurance do you bill",
    "payment_help": "is there a payment plan or a lower price?",
    "accepts": "Whom do you treat: from which age",
}


ASKED_BY = ("psychotherapy_integration", "price_published", "insurance_payment_terms")


def test_what_the_clinic_has_not_said_of_price_insurance_and_the_like_is_asked(client, monkeypatch):
    row = add_clinic()
    monkeypatch.setattr("directory.web.questions.questions.sheet", lambda _card: NOTHING)

    said = words(client.get(sheet(row)))

    assert all(said.count(question) == 1 for question in UNSTATED.values())


def test_what_a_question_of_the_checklist_asks_for_is_asked_once(client):
    said = words(client.get(sheet(add_clinic())))

    assert all(said.count(ask(slug)) == 1 for slug in ASKED_BY)
    assert [fact for fact, question in UNSTATED.items() if question in said] == ["accepts"]


def test_what_a_source_has_stated_is_not_asked(client, monkeypatch):
    said_of_itself = {"psychotherapy": 1, "insurance": 1, "payment_help": 1, "accepts": 1, "price": "400"}
    clinic = Listing(
        public_id="abcdefghjk", source="own", source_key="1", source_title="Their own site", seen_on=TODAY,
        name="Paper Kite", city="Saint Louis", state="MO", status=ListingStatus.PUBLISHED, **said_of_itself,
    )  # fmt: skip
    clinics.record([clinic])
    monkeypatch.setattr("directory.web.questions.questions.sheet", lambda _card: NOTHING)

    said = words(client.get(sheet({"public_id": clinic.public_id})))

    assert not [question for question in UNSTATED.values() if question in said]
    assert "Which conditions do you treat" in said


def test_what_is_settled_is_not_asked_and_what_is_open_says_why(client):
    row = reviewed_clinic()
    rechecked(approved(row, account(), {CURE: ("no", link()), CONSENT: ("yes", link())}), CURE)
    approved(row, account(), {HOME: ("yes", link())})

    said = words(client.get(sheet(row)))

    assert ask(CURE) not in said
    assert f"{ask(HOME)} Warning sign, suspected here" in said
    assert f"{ask(CONSENT)} Safeguard: too little was reported to tell." in said


def test_what_ran_out_is_asked_again_with_the_day_on_which_it_was_reported(client):
    row, long_ago = reviewed_clinic(), days_ago(200)
    approved(row, account(), {CURE: ("yes", link(on=long_ago))}, at=NOON - timedelta(days=200))

    said = words(client.get(sheet(row)))

    assert f"{ask(CURE)} Warning sign: Previously reported on 5 May 2026, not rechecked" in said


def test_a_confirmed_sign_is_said_at_the_head_and_not_asked(client):
    row = reviewed_clinic()
    rechecked(approved(row, account(), {CURE: ("yes", link())}), CURE)

    said = words(client.get(sheet(row)))

    assert "Confirmed here already: Presents ketamine as a “cure-all”." in said
    assert ask(CURE) not in said


def test_there_is_a_sheet_too_where_nothing_is_left_to_ask(client, monkeypatch):
    row = add_clinic()
    monkeypatch.setattr("directory.web.questions.questions.sheet", lambda _card: NOTHING)

    said = words(client.get(sheet(row)))

    assert "The five warning signs and the core safeguards are all settled here." in said


def test_there_is_no_sheet_for_a_clinic_that_is_not_published(client):
    assert client.get(sheet(add_clinic(status="proposed"))).status_code == 404


def test_there_is_nothing_to_ask_a_clinic_that_has_closed(client):
    row = add_clinic(status="closed")
    own = f"/clinics/{row['public_id']}/{row['slug']}"

    page = client.get(sheet(row))

    assert (page.status_code, page.location) == (302, own)
    assert sheet(row) not in client.get(own).text


def test_the_sheet_leads_to_the_clinic_and_the_clinic_to_the_sheet(client):
    row = add_clinic()
    own = f"/clinics/{row['public_id']}/{row['slug']}"

    assert own in hrefs(client.get(sheet(row)))
    assert sheet(row) in hrefs(client.get(own))
    assert f"http://127.0.0.1:5000{sheet(row)}" in client.get(sheet(row)).text


def test_answers_are_brought_back_by_a_form_that_knows_of_the_call(app):
    row = reviewed_clinic()
    anna = signed_in_client(app)
    (way,) = [href for href in hrefs(anna.get(sheet(row))) if href.endswith("/review/called")]

    page = anna.get(way)

    assert filled(page)["knows-phone"] == "y"
    assert "knows-site" not in filled(page)
    visit_alone = "Do you ask about pregnancy"
    assert visit_alone in words(anna.get(sheet(row)))
    assert send(anna, row, LEAST, page=page).status_code == 303


def test_a_call_is_added_to_what_a_draft_already_says(app):
    row = reviewed_clinic()
    anna = signed_in_client(app)
    send(anna, row, LEAST | {"knows-site": "y"})

    page = anna.get(f"/clinics/{row['public_id']}/review/called")

    kept = filled(page)
    assert (kept["knows-site"], kept["knows-phone"]) == ("y", "y")
    assert {name: kept[name] for name in LEAST} == LEAST


def test_whoever_is_signed_out_comes_back_to_the_form_of_the_call_by_signing_in(client):
    way = f"/clinics/{reviewed_clinic()['public_id']}/review/called"

    before = client.get(way)
    sign_in(client, person())
    onward = client.get("/account/onward")

    assert (before.status_code, before.location) == (303, "/account/sign-in")
    assert onward.location == way


def test_a_phone_call_alone_is_enough_for_the_answer_that_it_brings(client):
    row = reviewed_clinic()
    for author in (account(), account()):
        approved(row, author, {HOME: ("yes", told())})

    assert f"{ask(HOME)} Warning sign, suspected here" in words(client.get(sheet(row)))


class NOTHING:
    first = more = confirmed = ()


def core():
    return [criterion for criterion in SHIPPED.safeguards if criterion.is_core]


def ask(slug):
    return SHIPPED.by_slug[slug].ask


def sheet(row):
    return f"/clinics/{row['public_id']}/questions"


def hrefs(page):
    return [tag.get("href") for tag in Page(page.text).all("a")]
