import pytest
from sqlalchemy import update

from directory.domain.moderation import AUTHORS_OWN, Action
from directory.domain.texts import is_plain
from directory.extensions import db
from directory.models import Clinic
from directory.services import log
from directory.web.log import kind
from tests.support import hostile
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL
from tests.support.client import Page
from tests.support.engines import ON_EACH_ENGINE
from tests.support.hostile_reviews import shape
from tests.support.reviews import (
    DROPPED,
    REPLY_OVER,
    account,
    accounts,
    approved,
    confirmed,
    decided,
    declined,
    link,
    rechecked,
    remedied,
    reviewed_clinic,
    submitted,
    told,
)
from tests.support.signed_in import words
from tests.support.statements import counted_statements

MAILED = {"at_home_use_offered": ("yes", link("We mail it.", on=REPLY_OVER))}


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.log.today", lambda: TODAY)


def test_an_empty_log_says_so(client):
    assert "Nothing has been decided yet." in client.get("/log").text
    assert "There is no such decision." in client.get("/log?action=decline").text


def test_a_decision_is_shown_with_its_clinic_kind_criterion_and_reason_and_leads_to_its_own_page(client):
    clinic = reviewed_clinic(name="Blue Teapot")
    review, _ = (
        approved(clinic, account(), MAILED | {"cure_all_claims": ("yes", told())}, cure_all_claims=DROPPED)
        for _ in range(2)
    )
    rechecked(review, "at_home_use_offered")
    confirmed(clinic, "at_home_use_offered", account())
    remedied(clinic, "at_home_use_offered", account())
    decided(submitted(clinic, account(), MAILED), declined())

    page = client.get("/log")

    text = words(page)
    for said in (
        "Review approved", f"Left out: {CURE_ALL.name}", "Review declined", "The review as a whole",
        "The evidence does not show what the answer says", "Source opened again: the words stood there",
        "Warning sign confirmed, by one of the two people it takes",
        "Found mended, by one of the two people it takes", AT_HOME.name, "Blue Teapot, Saint Louis, MO",
    ):  # fmt: skip
        assert said in text, said
    assert "Warning sign confirmed (one of two)" in Page(page.text).texts("option")
    for entry in log.page(as_of=TODAY).entries:
        assert f'href="/log/{entry.public_id}"' in page.text
        shown = client.get(f"/log/{entry.public_id}")
        assert entry.public_id in words(shown)
        assert f'href="/log?clinic={clinic["public_id"]}"' in shown.text
        assert f'rel="canonical" href="{client.application.config["BASE_URL"]}/log/{entry.public_id}"' in shown.text


def test_nobody_is_named_and_nobodys_words_are_repeated(client):
    clinic = reviewed_clinic()
    said = {"at_home_use_offered": ("yes", link("SECRET QUOTE", on=days_ago(9)), told("SECRET NOTE"))}
    approved(clinic, account(), said, at_home_use_offered=DROPPED)
    decided(submitted(clinic, account(), said), declined())
    for by in accounts(2):
        approved(clinic, by, MAILED)
    remedied(clinic, "at_home_use_offered", words="SECRET WORDS")

    shown = [client.get("/log"), *(client.get(f"/log/{each.public_id}") for each in log.page(as_of=TODAY).entries)]

    for page in shown:
        assert page.status_code == 200
        assert "SECRET" not in page.text
        assert "Quote the sentence itself." not in page.text, "the words of the moderator"


def test_the_page_of_a_clinic_leads_to_the_decisions_about_it(client):
    here, there = reviewed_clinic(name="Here"), reviewed_clinic(name="There")
    for clinic in (here, there):
        approved(clinic, account(), MAILED)

    page = client.get(f"/clinics/{here['public_id']}/{here['slug']}")
    (address,) = [tag["href"] for tag in Page(page.text).all("a") if tag.get("href", "").startswith("/log?clinic=")]
    narrowed = client.get(address)

    assert "Only decisions about Here" in words(narrowed)
    assert "There, Saint Louis" not in words(narrowed)


def test_a_kind_is_chosen_from_the_list_and_kept_on_the_next_page(client, monkeypatch):
    monkeypatch.setattr(log, "PAGE", 1)
    clinic = reviewed_clinic()
    for _ in range(2):
        decided(submitted(clinic, account(), MAILED), declined())
    approved(clinic, account(), MAILED)

    first = client.get(f"/log?action=decline&clinic={clinic['public_id']}")
    (address,) = [tag["href"] for tag in Page(first.text).all("a") if tag.get("rel") == "next"]
    second = client.get(address)

    assert '<option value="decline" selected>' in first.text
    for page in (first, second):
        assert words(page).count("Review declined") == 2, "the option, and one entry"
        assert "Only decisions about" in words(page)
    assert 'rel="next"' not in second.text
    assert len({tag["href"] for page in (first, second) for tag in Page(page.text).all("a")
                if tag["href"].startswith("/log/")}) == 2  # fmt: skip


@pytest.mark.parametrize("address", ["/log?action=submit", "/log?action=praise"])
def test_a_kind_that_is_not_listed_is_refused(client, address):
    assert client.get(address).status_code == 422


@pytest.mark.parametrize("address", ["/log/nowhere", "/log/no%00where", "/log?clinic=nowhere", "/log?clinic=%00"])
@ON_EACH_ENGINE
def test_what_is_not_in_the_log_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_every_page_leads_to_the_log(client):
    assert 'href="/log"' in client.get("/").text


def test_every_kind_of_decision_has_its_words(app):
    with app.test_request_context():
        assert all(kind(action) for action in Action if action not in AUTHORS_OWN)


def test_the_log_is_read_by_three_statements_and_reads_no_session(client):
    for _ in range(3):
        approved(reviewed_clinic(), account(), MAILED)

    with counted_statements() as statements:
        answer = client.get("/log")

    assert len(statements) == 3
    assert "Set-Cookie" not in answer.headers


@pytest.mark.security(30)
def test_whatever_clinics_are_called_their_names_are_text_on_the_log(client):
    clinics = [reviewed_clinic() for _ in range(log.PAGE)]
    for clinic in clinics:
        decided(submitted(clinic, account(), MAILED), declined())
    entry, public_id = log.page(as_of=TODAY).entries[0].public_id, clinics[-1]["public_id"]
    addresses = ("/log", f"/log/{entry}", f"/log?clinic={public_id}")
    plain = [shape(Page(client.get(address).text)) for address in addresses]
    names = [each for each in hostile.kinds() if each.strip() and is_plain(each) and len(each) <= 200]
    assert len(names) > 250

    for start in range(0, len(names), log.PAGE):
        batch = names[start : start + log.PAGE]
        for clinic, name in zip(reversed(clinics), batch, strict=False):
            db.session.execute(update(Clinic).where(Clinic.public_id == clinic["public_id"]).values(name=name))
        db.session.commit()
        pages = [Page(client.get(address).text) for address in addresses]
        assert not any(page.inline() for page in pages)
        assert [shape(page) for page in pages] == plain, batch
