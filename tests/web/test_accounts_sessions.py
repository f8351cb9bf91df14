from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from directory import create_app
from directory.extensions import reading, writing
from directory.models import AccountSession
from directory.models.base import now
from directory.services import accounts
from tests.support.accounts import (
    ANNA,
    PASSWORD,
    SIGN_IN,
    Person,
    enrol,
    fields,
    let_go,
    link,
    mails,
    person,
    post,
    sign_in,
    signed_in_client,
    visitor,
)
from tests.support.client import Page

NEW_KEY = "a new key with more than 32 characters"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.mark.security(16)
def test_signing_in_begins_a_session_that_shares_nothing_with_the_one_before(client):
    anna = person()
    before = fields(client.get(SIGN_IN))
    cookie_before = cookie(client)

    client.post(SIGN_IN, data=before | {"email": anna.email, "password": anna.password})
    with client.session_transaction() as session:
        kept = set(session)
    refused = client.post("/account/sign-out", data=before)

    assert cookie(client) != cookie_before
    assert kept == {"_user_id", "_fresh", "fs_paa", "account_session"}
    assert refused.status_code == 400


@pytest.mark.security(17)
@pytest.mark.parametrize("end", ["sign out", "sign out everywhere", "disable", "grant", "revoke", "reset"])
def test_a_copy_of_an_old_cookie_opens_nothing(app, client, end):
    anna = person(role="moderator" if end == "revoke" else None)
    inside = signed_in_client(app, anna)
    copy = cookie(inside)
    endings = {
        "sign out": lambda: post(inside, "/account/sign-out", page="/account"),
        "sign out everywhere": lambda: post(inside, "/account/sessions/end", {"which": "all"}, page="/account"),
        "disable": lambda: accounts.close(ANNA, at=now()),
        "grant": lambda: accounts.grant(ANNA, "administrator", at=now()),
        "revoke": lambda: accounts.revoke(ANNA, "moderator", at=now()),
        "reset": lambda: reset(client),
    }

    before = replay(app, copy).get("/account")
    endings[end]()
    after = replay(app, copy).get("/account")

    assert before.status_code == 200
    assert (after.status_code, after.location) == (303, "/account/sign-in")


@pytest.mark.security(17)
@pytest.mark.parametrize("change", ["password", "email", "second step", "second step off"])
def test_a_change_of_what_one_signs_in_with_ends_the_sessions_elsewhere_alone(app, change):
    anna = person()
    elsewhere, here = signed_in_client(app, anna), signed_in_client(app, anna)
    if change == "second step off":
        enrol(here, anna)
        elsewhere = visitor(app)
        post(elsewhere, SIGN_IN, {"email": anna.email, "password": anna.password})
        post(elsewhere, "/account/code", {"code": anna.code(steps=1)})
    changes = {
        "password": lambda: post(
            here, "/account/password", {"password": PASSWORD, "new_password": "eleven blue herons"}
        ),
        "email": lambda: (
            post(here, "/account/email", {"email": "moved@example.org"}),
            here.get(link("moved@example.org")),
        ),
        "second step": lambda: enrol(here, anna),
        "second step off": lambda: post(here, "/account/second-step", {"setup": "disable"}),
    }

    before = elsewhere.get("/account").status_code
    changes[change]()

    assert before == 200
    assert elsewhere.get("/account").location == "/account/sign-in"
    assert here.get("/account").status_code == 200


@pytest.mark.security(18)
@pytest.mark.parametrize(
    ("role", "idle", "opens"),
    [
        ("moderator", timedelta(minutes=29), True),
        ("moderator", timedelta(minutes=31), False),
        (None, timedelta(days=13), True),
        (None, timedelta(days=15), False),
    ],
)
def test_a_browser_that_was_idle_for_too_long_is_signed_out(app, role, idle, opens):
    inside = signed_in_client(app, person(role=role))
    age(seen_at=now() - idle)

    assert (inside.get("/account").status_code == 200) is opens


@pytest.mark.security(18)
@pytest.mark.parametrize(
    ("role", "hours", "opens"), [("administrator", 11, True), ("administrator", 13, False), (None, 13, True)]
)
def test_staff_sign_in_anew_every_half_day(app, role, hours, opens):
    inside = signed_in_client(app, person(role=role))
    age(created_at=now() - timedelta(hours=hours))

    assert (inside.get("/account").status_code == 200) is opens


@pytest.mark.security(19)
@pytest.mark.parametrize(
    "spoil", [lambda value: value[:-2], lambda value: f"x{value}", lambda _value: "", lambda _value: "a.b.c" * 9]
)
def test_a_spoiled_cookie_is_a_visitor_without_one(app, spoil):
    inside = signed_in_client(app)
    spoiled = replay(app, spoil(cookie(inside)))

    answers = [spoiled.get("/account"), spoiled.get(SIGN_IN), spoiled.get("/about")]

    assert [answer.status_code for answer in answers] == [303, 200, 200]


@pytest.mark.security(19)
def test_a_cookie_of_another_key_is_a_visitor_without_one(app, tmp_path):
    inside = signed_in_client(app)
    stranger = create_app({"SECRET_KEY": "another key of 32 characters or so"}, instance_path=tmp_path)
    stranger.config["SQLALCHEMY_DATABASE_URI"] = app.config["SQLALCHEMY_DATABASE_URI"]

    assert replay(stranger, cookie(inside)).get(SIGN_IN).status_code == 200
    assert stranger.session_interface.get_signing_serializer(stranger).secret_keys != app.secret_key


@pytest.mark.security(20)
def test_where_the_site_speaks_https_the_cookie_is_bound_to_it(app, tmp_path):
    secure = create_app({"BASE_URL": "https://clinics.example"}, instance_path=tmp_path)

    answer = visitor(secure).get(SIGN_IN, base_url="https://clinics.example")

    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-session"
    assert {part.strip() for part in rest.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.security(20)
def test_the_cookie_stays_small_also_while_a_second_step_is_set_up(app):
    inside = signed_in_client(app)

    page = post(inside, "/account/second-step", {"setup": "authenticator"})

    assert "totp-key" in page.text
    assert 100 < len(cookie(inside)) < 4096


@pytest.mark.security(50)
def test_a_new_secret_key_keeps_sessions_and_mailed_links(app, like):
    anna = person()
    inside = signed_in_client(app, anna)
    post(visitor(app), "/account/reset", {"email": ANNA})
    rotated = like(SECRET_KEY=NEW_KEY, SECRET_KEY_FALLBACKS=app.secret_key)

    with rotated.app_context():
        still_in = replay(rotated, cookie(inside)).get("/account")
        still_works = visitor(rotated).get(link(ANNA, "reset"))
        post(visitor(rotated), "/account/reset", {"email": ANNA})
        written_anew = link(ANNA, "reset")
    finished = like(SECRET_KEY=NEW_KEY)

    assert still_in.status_code == still_works.status_code == 200
    assert visitor(finished).get(written_anew).status_code == 200
    assert replay(finished, cookie(inside)).get("/account").status_code == 303


def test_one_sees_where_one_is_signed_in_and_ends_it_there(app):
    anna = person()
    elsewhere, here = signed_in_client(app, anna), signed_in_client(app, anna)
    with_a_name = visitor(app)
    sign_in(with_a_name, anna, headers={"User-Agent": FIREFOX})

    page = here.get("/account")
    endings = [form["action"] for form in Page(page.text).all("form") if form["action"].endswith("/end")]
    answers = [here.post(action, data=fields(page)) for action in endings[:1]]

    assert "Firefox on Android" in page.text
    assert len(endings) == 4  # three browsers, and all at once
    assert [answer.location for answer in answers] == ["/account"]
    assert with_a_name.get("/account").status_code == 303
    assert here.get("/account").status_code == elsewhere.get("/account").status_code == 200


def test_nobody_ends_the_session_of_another(app):
    bert, anna = person("bert@example.org"), person()
    of_bert, of_anna = signed_in_client(app, bert), signed_in_client(app, anna)
    with reading() as session:
        theirs = session.scalar(select(AccountSession.public_id).where(AccountSession.account_id == bert.id))

    answer = post(of_anna, f"/account/sessions/{theirs}/end", page="/account")

    assert answer.status_code == 404
    assert of_bert.get("/account").status_code == 200


def test_everywhere_else_leaves_this_browser_signed_in(app):
    anna = person()
    elsewhere, here = signed_in_client(app, anna), signed_in_client(app, anna)

    answer = post(here, "/account/sessions/end", {"which": "others"}, page="/account")

    assert answer.location == "/account"
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


@pytest.mark.security(55)
def test_a_page_for_everybody_knows_nobody_also_from_one_who_is_signed_in(app):
    inside = signed_in_client(app)

    mine, anybodys = inside.get("/about"), visitor(app).get("/about")

    assert mine.text == anybodys.text
    assert "Set-Cookie" not in mine.headers
    assert "Cookie" not in mine.headers.get("Vary", "")


@pytest.mark.security(14)
def test_a_new_address_is_used_once_it_is_confirmed_and_the_old_one_is_told(app):
    anna = person()
    inside = signed_in_client(app, anna)

    asked = post(inside, "/account/email", {"email": "moved@example.org"})
    before = anna.account.email
    inside.get(link("moved@example.org"))
    again = inside.get(link("moved@example.org"))

    assert "moved@example.org" in asked.text
    assert before == ANNA
    assert anna.account is None
    assert Person("moved@example.org").account.email_key == "moved@example.org"
    assert [mail.kind for mail in mails(ANNA)] == ["email_changed"]
    assert again.status_code == 302


@pytest.mark.security(14, 15)
def test_an_address_that_somebody_has_cannot_be_taken_nor_found_out(app):
    person("taken@example.org")
    inside = signed_in_client(app)

    taken = post(inside, "/account/email", {"email": "Taken@example.org"})
    free = post(inside, "/account/email", {"email": "free@example.org"})

    assert mails("taken@example.org") == []
    assert "A mail is on its way" in taken.text
    assert "A mail is on its way" in free.text


@pytest.mark.security(14, 21)
@pytest.mark.parametrize("path", ["/account/email", "/account/second-step", "/account/recovery-codes"])
def test_what_changes_how_one_signs_in_asks_for_the_password_again_after_ten_minutes(app, path):
    inside = signed_in_client(app)
    token = fields(inside.get("/account"))
    with inside.session_transaction() as session:
        session["fs_paa"] -= 601

    opened = inside.get(path)
    sent = inside.post(path, data=token | {"email": "moved@example.org", "setup": "authenticator"})
    wrong = post(inside, "/account/again", {"password": "not the right words"})
    right = post(inside, "/account/again", {"password": PASSWORD})
    onward = inside.get(right.location)

    assert opened.location == sent.location == "/account/again"
    assert mails() == []
    assert "This is not your password." in wrong.text
    assert right.location == "/account/onward"
    assert onward.location == path
    assert inside.get(path).status_code == 200


@pytest.mark.security(21)
def test_within_ten_minutes_the_password_is_not_asked_again(app):
    inside = signed_in_client(app)
    with inside.session_transaction() as session:
        session["fs_paa"] -= 590

    assert inside.get("/account/email").status_code == 200


def cookie(client):
    """Return the value of the session cookie that a browser holds."""
    return client.get_cookie("session").value


def replay(app, value):
    """Return a browser that holds a copy of a cookie."""
    client = visitor(app)
    client.set_cookie("session", value)
    return client


def reset(client):
    post(client, "/account/reset", {"email": ANNA})
    return post(client, link(ANNA, "reset"), {"password": "eleven blue herons"})


def age(**moments):
    with writing() as session:
        session.execute(update(AccountSession).values(**moments))


@pytest.fixture
def like(app):
    """Makes applications on the same database and with the same keys, but for what is stated."""
    made = []

    def make(**settings):
        settings = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], **settings}
        made.append(create_app(settings, instance_path=Path(app.instance_path)))
        return made[-1]

    yield make
    for each in made:
        let_go(each)
