from datetime import timedelta

import pytest
from sqlalchemy import update

from directory.extensions import db
from directory.models import Account, Clinic, Notice, OutboxMail, StoredRuling
from directory.services import signs as services
from tests.support import hostile
from tests.support.accounts import fields
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME
from tests.support.client import Page
from tests.support.hostile_reviews import shape
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    WHY,
    account,
    accounts,
    approved,
    confirmed,
    link,
    reviewed_clinic,
    signs,
    submitted,
)
from tests.support.signed_in import sign_in_address, signed_in, words
from tests.support.tables import nothing_written, rows

OFFICE = "office@teapot.example"
CALLED = {
    "do": "confirm", "told-told_on": str(TODAY), "told-how": "phone", "told-words": "I spoke with the office.",
}  # fmt: skip
MENDED = {"do": "remedy", "mended-mended_on": str(days_ago(1)), "mended-reason": "Their new page says so."}


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr("directory.web.rulings.now", lambda: NOON)


def test_what_waits_for_confirmation_leads_to_its_page(app):
    clinic = on_a_quorum(name="Blue Teapot")
    confirmed(on_a_quorum(name="Paper Kite"), "at_home_use_offered", account())
    client = signed_in(app, account())

    page = client.get("/moderation/signs")

    text = words(page)
    assert f"Blue Teapot : {AT_HOME.name}" in text
    assert "nobody has confirmed it yet" in text
    assert "one of two has confirmed it" in text
    assert client.get(address(clinic)).status_code == 200
    assert f'href="{address(clinic)}"' in page.text


def test_where_nothing_waits_the_page_says_so(app):
    assert "Nothing waits for you here." in signed_in(app, account()).get("/moderation/signs").text


def test_the_list_goes_on_where_it_stopped(app, monkeypatch):
    monkeypatch.setattr(services, "PAGE", 1)
    for name in ("Blue Teapot", "Paper Kite"):
        on_a_quorum(name=name)
    client = signed_in(app, account())

    first = client.get("/moderation/signs")
    second = client.get(next(tag["href"] for tag in Page(first.text).all("a") if tag.get("rel") == "next"))

    assert ("Blue Teapot" in first.text, "Paper Kite" in first.text) == (True, False)
    assert ("Blue Teapot" in second.text, "Paper Kite" in second.text) == (False, True)


def test_a_confirmation_tells_the_clinic_whose_address_is_on_record(app):
    clinic = on_a_quorum(contact_email=OFFICE)
    client = signed_in(app, account())
    page = client.get(address(clinic))
    assert "With your confirmation a letter goes to it" in words(page)
    assert OFFICE not in page.text

    done = rule(client, clinic, {"do": "confirm"})
    shown = client.get(done.location)

    assert done.status_code == 303
    (mail,) = rows(OutboxMail)
    assert mail.recipient == OFFICE
    assert f"{app.config['BASE_URL']}/clinics/{clinic['public_id']}/{clinic['slug']}" in mail.body
    text = words(shown)
    assert "You confirmed this sign. It is shown as confirmed from 28 Nov 2026 on, once two of you have." in text
    assert "The clinic was told. By e-mail" in text
    assert "You confirmed it. Somebody else must too." in text


def test_the_second_moderator_confirms_without_telling_again(app):
    clinic = on_a_quorum()
    rule(signed_in(app, account()), clinic, CALLED | {"told-told_on": str(days_ago(7))})
    client = signed_in(app, account())
    page = client.get(address(clinic))

    done = rule(client, clinic, {"do": "confirm"}, page=page)

    assert "The clinic was told of these reports on 14 Nov 2026 (By telephone)." in words(page)
    assert "One of two has confirmed it." in words(page)
    assert done.status_code == 303
    assert len(rows(Notice)) == 1
    assert signs()[0] == "4"
    assert "You and somebody else confirmed it." in words(client.get(done.location))
    assert "Two moderators have confirmed it." in words(signed_in(app, account()).get(address(clinic)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"told-told_on": ""}, "Give the whole date."),
        ({"told-told_on": "soon"}, "Give the whole date."),
        ({"told-told_on": str(TODAY + timedelta(days=1))}, "It cannot lie in the future."),
        ({"told-told_on": str(days_ago(30))}, "It cannot lie before the first of them."),
        ({"told-how": ""}, "Say how the clinic was told."),
        ({"told-how": "mail"}, "Say how the clinic was told."),
        ({"told-words": ""}, "Say in a sentence whom you told, and what."),
        ({"told-words": "x" * 1001}, "Shorten it to 1,000 characters."),
    ],
)
def test_what_is_missing_about_telling_is_said_beside_its_field_and_nothing_typed_is_lost(app, typed, sentence):
    clinic, client = on_a_quorum(), signed_in(app, account())

    with nothing_written():
        answer = rule(client, clinic, CALLED | typed)

    assert answer.status_code == 422
    assert words(answer).count(sentence) == 2  # above everything, and beside the field
    assert [tag["class"].split()[0] for tag in Page(answer.text).all("select")] == ["form-select"]
    kept = {tag.get("name"): tag.get("value") for tag in Page(answer.text).all("input")}
    assert kept["told-told_on"] == (CALLED | typed)["told-told_on"]
    assert (CALLED | typed)["told-words"] in answer.text


def test_a_sign_without_a_quorum_offers_no_confirmation_and_says_what_is_missing(app):
    clinic = reviewed_clinic(contact_email=OFFICE)
    approved(clinic, account(), {"at_home_use_offered": ("yes", link(on=REPLY_OVER))})
    client = signed_in(app, account())

    page = client.get(address(clinic))
    answer = rule(client, clinic, {"do": "confirm"}, page=page)

    assert "The evidence is not enough today." in words(page)
    assert 'value="confirm"' not in page.text
    assert answer.status_code == 422
    assert rows(StoredRuling) == []


def test_a_sign_that_people_do_not_confirm_is_only_ruled_mended(app):
    clinic = on_a_quorum("cure_all_claims")

    page = signed_in(app, account()).get(address(clinic, "cure_all_claims"))

    assert "Only critical signs are confirmed by people." in words(page)
    assert 'value="remedy"' in page.text


def test_two_rule_a_sign_mended(app):
    clinic = on_a_quorum()

    said = []
    for by in accounts(2):
        client = signed_in(app, by)
        said.append(words(client.get(rule(client, clinic, MENDED).location)))

    assert "You found it mended. It counts once a second moderator rules so for the same day." in said[0]
    assert "Two of you found it mended." in said[1]
    assert "Found mended by a moderator, as of 20 Nov 2026: Their new page says so." in said[1]
    assert signs()[0] == "0"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"mended-mended_on": ""}, "Mended on or before: Give the whole date."),
        ({"mended-mended_on": str(TODAY + timedelta(days=1))}, "It cannot lie in the future."),
        ({"mended-reason": ""}, "Say in a sentence what the clinic mended"),
    ],
)
def test_what_is_missing_about_a_remedy_is_said_beside_its_field(app, typed, sentence):
    clinic, client = on_a_quorum(), signed_in(app, account())

    with nothing_written():
        answer = rule(client, clinic, MENDED | typed)

    assert answer.status_code == 422
    assert sentence in words(answer)


def test_a_ruling_that_one_has_made_before_is_a_conflict(app):
    clinic, client = on_a_quorum(), signed_in(app, account())
    rule(client, clinic, MENDED)

    answer = rule(client, clinic, MENDED)

    assert answer.status_code == 409
    assert "You have ruled so on this sign before, for the same day." in words(answer)


def test_who_was_signed_out_gets_back_what_they_typed_and_is_led_on(app):
    clinic, client = on_a_quorum(), signed_in(app, account())
    page = client.get(address(clinic))
    with client.session_transaction() as cookie:
        cookie.pop("account_session")

    answer = rule(client, clinic, CALLED, page=page)

    assert answer.status_code == 401
    assert "I spoke with the office." in answer.text
    assert sign_in_address(app) in answer.text
    assert rows(StoredRuling) == []


def test_nobody_is_named_on_either_page(app):
    clinic, moderator = on_a_quorum(), account()
    db.session.execute(update(Account).values(email=None))
    db.session.commit()
    confirmed(clinic, "at_home_use_offered", moderator)
    client = signed_in(app, account())

    for page in (client.get("/moderation/signs"), client.get(address(clinic))):
        assert not [each.public_id for each in rows(Account) if each.public_id in page.text]


@pytest.mark.security(24)
def test_a_sign_is_closed_to_its_author_and_not_there_for_a_reviewer_or_where_there_is_none(app):
    clinic, author = on_a_quorum(), account()
    submitted(clinic, author, {"at_home_use_offered": ("no", link("Every dose is given here."))})

    client = signed_in(app, author)
    assert client.get(address(clinic)).status_code == 403
    assert rule(client, clinic, {"do": "confirm"}, page=client.get("/moderation/signs")).status_code == 403
    assert client.get(address(clinic, "price_published")).status_code == 404
    assert signed_in(app, account(role=None)).get(address(clinic)).status_code == 403
    assert rows(StoredRuling) == []


@pytest.mark.security(30)
def test_what_people_wrote_is_text_on_the_page_of_a_sign_whatever_stands_in_it(app):
    clinic, client = on_a_quorum(), signed_in(app, account())
    row = {"told-words": WHY["words"]}
    rule(signed_in(app, account()), clinic, CALLED | row)
    typed = [each for each in hostile.kinds() if each.strip() and "\0" not in each and len(each) <= 200][::3]
    assert len(typed) > 80
    plain = None

    for text in typed:
        db.session.execute(update(Clinic).values(name=text.encode("utf-8", "ignore").decode()))
        db.session.commit()
        answer = rule(client, clinic, MENDED | {"mended-mended_on": text, "mended-reason": text})
        pages = [Page(answer.text), Page(client.get("/moderation/signs").text)]
        assert answer.status_code == 422
        assert not any(page.inline() for page in pages)
        plain = plain or [shape(page) for page in pages]
        assert [shape(page) for page in pages] == plain, text


def on_a_quorum(criterion="at_home_use_offered", **stated):
    """Return a clinic of which two people say a sign, with words that anyone can check."""
    clinic = reviewed_clinic(**stated)
    for by in accounts(2):
        approved(clinic, by, {criterion: ("yes", link("We mail it to you.", on=REPLY_OVER))})
    return clinic


def address(clinic, criterion="at_home_use_offered"):
    return f"/moderation/clinics/{clinic['public_id']}/signs/{criterion}"


def rule(client, clinic, typed, *, page=None):
    """Send one of the forms of a sign with what is typed into it."""
    page = page or client.get(address(clinic))
    return client.post(address(clinic), data=fields(page) | typed)
