"""What a stranger can learn about who has an account here: nothing."""

import re
import unicodedata

import pytest
from sqlalchemy import update

from directory.extensions import writing
from directory.models import Account
from tests.support.accounts import (
    ANNA,
    PASSWORD,
    SIGN_IN,
    Person,
    mails,
    person,
    post,
    register,
    sign_in,
    stored,
    visitor,
)

NOBODY = "zz-nobody@example.org"


@pytest.mark.security(3)
def test_every_failed_sign_in_looks_the_same(app):
    person("zz-unverified@example.org", confirmed=False)
    person("zz-disabled@example.org", active=False)
    person("zz-wrong@example.org")
    tries = {
        "zz-unverified@example.org": PASSWORD,
        "zz-disabled@example.org": PASSWORD,
        "zz-wrong@example.org": "not the right words",
        NOBODY: PASSWORD,
    }

    answers = [sign_in(visitor(app), Person(email, password)) for email, password in tries.items()]

    assert len({seen(answer, email) for answer, email in zip(answers, tries, strict=True)}) == 1
    assert "do not belong together here" in answers[0].text


@pytest.mark.security(3)
@pytest.mark.parametrize("path", ["/account/reset", "/account/confirm"])
def test_who_asks_for_a_link_learns_nothing(app, path):
    person("zz-unverified@example.org", confirmed=False)
    person("zz-disabled@example.org", active=False)
    person("zz-staff@example.org", role="moderator")
    person("zz-plain@example.org")
    asked = [
        "zz-unverified@example.org",
        "zz-disabled@example.org",
        "zz-staff@example.org",
        "zz-plain@example.org",
        NOBODY,
    ]

    answers = [post(visitor(app), path, {"email": email}) for email in asked]

    assert len({seen(answer, email) for answer, email in zip(answers, asked, strict=True)}) == 1
    assert len(mails()) == 1


@pytest.mark.parametrize("path", ["/account/reset", "/account/confirm"])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an e-mail address."),
        ("anna", "Enter an e-mail address like name@example.org."),
        ("anna@", "Enter an e-mail address like name@example.org."),
    ],
)
def test_who_asks_for_a_link_to_no_address_is_told_so_and_that_nothing_is_sent(client, path, typed, said):
    answer = post(client, path, {"email": typed})

    assert said in answer.text
    assert "on its way" not in answer.text
    assert mails() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "", "password": ""}, ["Enter an e-mail address.", "Enter a password."]),
        ({"email": "", "password": PASSWORD}, ["Enter an e-mail address."]),
        ({"email": ANNA, "password": ""}, ["Enter a password."]),
    ],
)
def test_who_leaves_a_field_of_the_sign_in_empty_is_told_which(client, typed, said):
    person()

    answer = post(client, SIGN_IN, typed)

    assert re.findall(r"</svg> (Enter[^<]+)</p>", answer.text) == said
    assert "do not belong together" not in answer.text


@pytest.mark.security(3, 15)
@pytest.mark.parametrize("again", [ANNA, "ANNA@EXAMPLE.ORG", "Ａnna@example.org"])
def test_who_registers_an_address_again_sees_the_same_page_and_its_owner_is_told(app, again):
    person()

    known = register(visitor(app), again)
    unknown = register(visitor(app), "new@example.org")

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert seen(known, again) == seen(unknown, "new@example.org")
    assert [mail.kind for mail in mails(ANNA)] == ["welcome_existing"]
    assert stored(again) is None or again == ANNA


@pytest.mark.security(15)
def test_dots_and_suffixes_are_one_address_where_the_provider_says_so(client):
    register(client, "anna.otter@gmail.com")
    register(client, "annaotter+directory@googlemail.com")
    register(client, "anna.otter@example.org")
    register(client, "annaotter@example.org")

    assert [mail.kind for mail in mails()] == ["welcome", "welcome_existing", "welcome", "welcome"]


@pytest.mark.security(15)
def test_of_two_who_take_an_address_at_the_same_moment_one_has_it_and_both_see_the_same(app, client, monkeypatch):
    store = app.extensions["security"].datastore
    first = register(client)
    monkeypatch.setattr(type(store), "find_user", lambda *_store, **_by: None)

    second = register(visitor(app))

    assert (second.status_code, second.location) == (first.status_code, first.location)
    assert len(mails(ANNA)) == 1


@pytest.mark.security(4)
@pytest.mark.parametrize("who", ["known", "unknown", "disabled", "unverified", "invented"])
def test_every_sign_in_costs_one_hash(app, client, who, hashes):
    email = f"{who}@example.org"
    if who == "invented":  # those of the demonstration have no password
        person(email)
        forget_the_password(email)
    elif who != "unknown":
        person(email, confirmed=who != "unverified", active=who != "disabled")
    hashes.clear()

    sign_in(client, Person(email, "not the right words"))

    assert len(hashes) == 1


@pytest.mark.security(4)
@pytest.mark.parametrize("who", ["known", "unknown", "staff"])
def test_every_request_for_a_link_costs_one_hash(client, who, hashes):
    if who != "unknown":
        person(role="moderator" if who == "staff" else None)
    hashes.clear()

    post(client, "/account/reset", {"email": ANNA})

    assert len(hashes) == 1


@pytest.fixture
def hashes(app, monkeypatch):
    """Every call that hashes or compares a password, whoever makes it."""
    calls = []
    context = app.extensions["security"].pwd_context
    for name in ("hash", "verify"):
        real = getattr(context, name)

        def counted(*arguments, _real=real, **options):
            calls.append(_real.__name__)
            return _real(*arguments, **options)

        monkeypatch.setattr(context, name, counted)
    return calls


def forget_the_password(email):
    with writing() as session:
        session.execute(update(Account).where(Account.email == email).values(password=None))


def seen(answer, email):
    """Return what anybody sees of an answer, without what they typed, the token and what differs in every answer."""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, "")
    body = body.replace(unicodedata.normalize("NFC", email).lower(), "").replace(email.rpartition("@")[0], "")
    varying = {"X-Request-Id", "Date", "Set-Cookie", "Content-Length"}
    headers = sorted((name, value) for name, value in answer.headers if name not in varying)
    return answer.status_code, body, str(headers)
