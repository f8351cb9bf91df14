"""What comes from outside to the pages of accounts: addresses to go on to, names of hosts, tokens, forged forms."""

import json
import re
from urllib.parse import urlsplit

import pytest

from tests.support.accounts import (
    ANNA,
    PASSWORD,
    SIGN_IN,
    Person,
    enrol,
    fields,
    link,
    mails,
    person,
    post,
    register,
    sign_in,
    signed_in_client,
    stored,
    visitor,
)

EVIL = ("//evil.example", "/\\evil.example", "/\t/evil.example", "///evil.example", "http:evil.example", "https://evil.example",
        "%2f%2fevil.example", "\\\\evil.example", "javascript:alert(1)", "/about", "search.about")  # fmt: skip


@pytest.mark.security(32)
@pytest.mark.parametrize("address", EVIL)
def test_no_address_from_outside_is_gone_on_to(app, client, address):
    anna, bert = person(), person("bert@example.org", has_second_factor=True)
    query = {"query_string": {"next": address}}

    answers = [
        post(client, SIGN_IN, {"email": ANNA, "password": PASSWORD, "next": address}, **query),
        post(client, "/account/again", {"password": PASSWORD, "next": address}, **query),
        client.get(SIGN_IN, **query),
        post(client, "/account/sign-out", {"next": address}, page="/account", **query),
        post(
            visitor(app),
            "/account/register",
            {"email": "new@example.org", "password": PASSWORD, "next": address},
            **query,
        ),
        sign_in(visitor(app), bert, **query),
    ]

    assert [answer.location for answer in answers] == [
        "/account/onward", "/account/onward", "/account/onward", "/", SIGN_IN, "/account/onward",
    ]  # fmt: skip
    assert anna.account.active


@pytest.mark.security(32)
def test_one_goes_on_to_the_page_that_asked_for_signing_in(client):
    person()

    asked = client.get("/account/password?next=//evil.example")
    signed_in = sign_in(client, Person(ANNA))
    onward = client.get(signed_in.location)
    next_time = client.get("/account/onward")

    assert asked.location == SIGN_IN
    assert urlsplit(onward.location).path == "/account/password"
    assert next_time.location == "/account"


@pytest.mark.security(32)
def test_where_one_wanted_to_go_outlives_registering(client):
    client.get("/account/password")
    register(client)
    client.get(link(ANNA))

    assert client.get(sign_in(client, Person(ANNA)).location).location == "/account/password"


def test_a_page_that_is_no_more_is_not_gone_on_to(client):
    person()
    with client.session_transaction() as session:
        session["onward"] = {"endpoint": "no.more", "arguments": {}}

    assert client.get(sign_in(client, Person(ANNA)).location).location == "/account"


@pytest.mark.security(33)
def test_links_in_mail_lead_to_this_site_whatever_the_request_says(app, client):
    hostile = {
        "base_url": "http://evil.example",
        "headers": {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp"},
    }
    person("bert@example.org", confirmed=False)
    person("carl@example.org")
    inside = signed_in_client(app, Person("carl@example.org"))

    post(client, "/account/register", {"email": ANNA, "password": PASSWORD}, **hostile)
    post(client, "/account/register", {"email": "carl@example.org", "password": PASSWORD}, **hostile)
    post(client, "/account/confirm", {"email": "bert@example.org"}, **hostile)
    post(client, "/account/reset", {"email": "carl@example.org"}, **hostile)
    post(inside, "/account/email", {"email": "moved@example.org"})

    written = [address for mail in mails() for address in re.findall(r"https?://\S+", mail.body)]
    assert [mail.kind for mail in mails()] == ["welcome", "welcome_existing", "confirm", "reset", "change_email"]
    assert len(written) >= 10
    assert {urlsplit(address).netloc for address in written} == {urlsplit(app.config["BASE_URL"]).netloc}


@pytest.mark.security(35)
@pytest.mark.parametrize("sent_with", ["nothing", "the token of another"])
def test_a_form_without_the_token_of_this_session_changes_nothing(app, sent_with):
    anna = person()
    inside = signed_in_client(app, anna)
    other = fields(visitor(app).get(SIGN_IN)) if sent_with == "the token of another" else {}
    posted = {
        SIGN_IN: {"email": ANNA, "password": PASSWORD},
        "/account/register": {"email": "new@example.org", "password": PASSWORD},
        "/account/reset": {"email": ANNA},
        "/account/confirm": {"email": ANNA},
        "/account/sign-out": {},
        "/account/password": {"password": PASSWORD, "new_password": "eleven blue herons"},
        "/account/email": {"email": "moved@example.org"},
        "/account/again": {"password": PASSWORD},
        "/account/second-step": {"setup": "authenticator"},
        "/account/recovery-codes": {"generate_new_codes": "1"},
        "/account/sessions/end": {"which": "all"},
    }

    statuses = {path: inside.post(path, data=form | other).status_code for path, form in posted.items()}

    assert set(statuses.values()) == {400}, statuses
    assert inside.get("/account").status_code == 200
    assert mails() == []
    assert stored("new@example.org") is None
    assert not anna.account.mf_recovery_codes
    assert sign_in(visitor(app), anna).location == "/account/onward"


@pytest.mark.security(35)
@pytest.mark.parametrize("who", ["visitor", "halfway"])
def test_signing_in_needs_the_token_at_every_step(app, who):
    anna = person(has_second_factor=True)
    client = visitor(app)
    if who == "halfway":
        post(client, SIGN_IN, {"email": ANNA, "password": PASSWORD})

    answers = [
        client.post(path, data={"code": anna.code()}) for path in ("/account/code", "/account/recovery", SIGN_IN)
    ]

    assert {answer.status_code for answer in answers} == {400}


def test_no_get_signs_anybody_out(app):
    inside = signed_in_client(app)

    assert inside.get("/account/sign-out").status_code == 405
    assert inside.get("/account/sessions/end").status_code == 405
    assert inside.get("/account").status_code == 200


def test_no_token_but_the_cookie_signs_anybody_in(app, client):
    anna = person()
    token = anna.account.get_auth_token()

    answers = [
        client.get("/account", query_string={"auth_token": token}),
        client.get("/account", headers={"Authentication-Token": token}),
        client.get("/account", headers={"Authorization": "Basic " + "YW5uYTpw"}),
        client.get("/account/password", query_string={"auth_token": token}),
        client.get("/account/email", headers={"Authentication-Token": token}),
    ]

    assert {answer.location for answer in answers} == {SIGN_IN}


def test_nobody_is_given_a_token_nor_remembered(client):
    person()

    answer = post(
        client, SIGN_IN, {"email": ANNA, "password": PASSWORD, "remember": "y"}, query_string={"include_auth_token": ""}
    )

    cookies = answer.headers.getlist("Set-Cookie")
    assert answer.location == "/account/onward"
    assert [cookie.partition("=")[0] for cookie in cookies] == ["session"]
    assert "auth" not in answer.text


@pytest.mark.parametrize("path", [SIGN_IN, "/account/register", "/account/reset"])
def test_the_pages_of_accounts_speak_no_json(client, path):
    person()
    token = fields(client.get(path))["csrf_token"]
    form = {"email": ANNA, "password": PASSWORD}

    sent = client.post(path, json=form, headers={"X-CSRFToken": token})
    asked = post(client, path, {"email": "x", "password": ""}, headers={"Accept": "application/json"})

    assert sent.status_code == 400
    assert sent.mimetype == asked.mimetype == "text/html"


@pytest.mark.security(41)
@pytest.mark.parametrize("path", ["/account/register", "/account/reset", "/account/confirm", SIGN_IN])
@pytest.mark.parametrize(
    "email",
    [
        "anna@example.org\r\nBcc: all@example.org",
        "anna@example.org\nX: y",
        "a\r\n@example.org",
        "<anna@example.org>, b@c.de",
    ],
)
def test_no_line_can_be_put_into_a_mail_by_its_address(client, path, email):
    person()

    answer = post(client, path, {"email": email, "password": PASSWORD})

    assert answer.status_code == 200
    assert mails() == []


@pytest.mark.security(53)
def test_what_happens_to_an_account_is_in_the_log_by_its_public_id_alone(app, client, caplog):
    register(client)
    confirm = link(ANNA)
    client.get(confirm)
    anna = Person(ANNA)
    inside = visitor(app)
    sign_in(client, Person(ANNA, "not the right words"))
    sign_in(inside, anna)
    enrol(inside, anna)
    codes = post(inside, "/account/recovery-codes", {"generate_new_codes": "1"})
    code = re.search(r'class="recovery-code">([^<]+)<', codes.text)[1]
    post(inside, "/account/second-step", {"setup": "disable"})
    post(inside, "/account/password", {"password": PASSWORD, "new_password": "eleven blue herons"})
    post(client, "/account/reset", {"email": ANNA})
    post(inside, "/account/email", {"email": "moved@example.org"})
    inside.get(link("moved@example.org"))
    post(inside, "/account/sign-out", page="/account")
    visitor(app).get("/account/password")

    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    events = [line["event"] for line in lines if "account" in line or "session" in line]
    assert events == [
        "registered", "email_confirmed", "sign_in_failed", "signed_in", "second_step_on", "second_step_off",
        "signed_in", "password_changed", "reset_asked", "email_changed", "session_ended",
    ]  # fmt: skip
    assert {line["account"] for line in lines if "account" in line} == {Person("moved@example.org").account.public_id}
    assert any(line["event"] == "refused" for line in lines)
    told = json.dumps(lines, default=str)
    secret = [
        ANNA,
        "moved@example.org",
        PASSWORD,
        "eleven blue herons",
        anna.secret,
        code,
        confirm.rpartition("/")[2],
        "127.0.0.1",
    ]
    assert not [word for word in secret if word in told]


@pytest.mark.security(53)
def test_a_recovery_code_and_a_wrong_code_are_in_the_log(app, caplog):
    anna = person(has_second_factor=True)
    client = visitor(app)
    post(client, SIGN_IN, {"email": ANNA, "password": PASSWORD})

    post(client, "/account/code", {"code": "000000"})
    post(client, "/account/recovery", {"code": "0000-0000-0000"})

    events = [(record.msg["event"], record.msg["account"]) for record in caplog.records if "account" in record.msg]
    assert events == [("code_refused", anna.account.public_id), ("recovery_code_refused", anna.account.public_id)]
