import pytest

from tests.support.accounts import (
    ANNA,
    PASSWORD,
    Person,
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

LONG = "correct horse " * 3 + "batteries staple and seventy-nine otters in a canoe 日本語のパスワード " * 10
REFUSED = (
    "short but fine",
    "ketamine clinic directory",
    "anna@example.org",
    "annaannaannaanna",
    "abcdefghijklmnopqr",
    "qwertyuiopasdfgh",
)


@pytest.mark.security(1)
def test_a_long_password_in_any_script_is_taken_whole(client):
    register(client, password=LONG)
    client.get(link(ANNA))

    cut_off = sign_in(client, Person(ANNA, LONG[:-1]))
    whole = sign_in(client, Person(ANNA, LONG))

    assert len(LONG) > 600
    assert cut_off.location is None
    assert whole.location == "/account/onward"


@pytest.mark.security(1, 2)
@pytest.mark.parametrize("password", REFUSED)
def test_what_anybody_would_try_first_is_refused_with_the_reason(client, password):
    page = register(client, password=password)

    assert page.status_code == 200
    assert 'href="#password"' in page.text
    assert stored(ANNA) is None


@pytest.mark.security(2)
def test_the_same_rules_hold_for_a_change_and_for_a_reset(app, client):
    anna = person()
    post(client, "/account/reset", {"email": ANNA})
    reset = link(ANNA, "reset")
    inside = signed_in_client(app, anna)

    changed = post(inside, "/account/password", {"password": PASSWORD, "new_password": "anna@example.org"})
    chosen = post(client, reset, {"password": "ketamine clinic directory"})

    assert 'href="#new_password"' in changed.text
    assert 'href="#password"' in chosen.text
    assert sign_in(visitor(app), anna).location == "/account/onward"


@pytest.mark.security(12)
def test_a_link_to_choose_a_new_password_works_once_and_signs_nobody_in(client):
    anna = person()
    post(client, "/account/reset", {"email": ANNA})
    reset = link(ANNA, "reset")

    done = post(client, reset, {"password": "eleven blue herons"})
    again = client.get(reset)
    inside = client.get("/account")

    assert done.location == "/account/sign-in"
    assert again.location == "/account/reset"
    assert inside.location == "/account/sign-in"
    assert sign_in(client, anna).location is None
    assert sign_in(client, Person(ANNA, "eleven blue herons")).location == "/account/onward"


@pytest.mark.security(12)
@pytest.mark.parametrize("hours", [5, 7])
def test_a_link_to_choose_a_new_password_works_for_six_hours(app, client, hours, monkeypatch):
    person()
    post(client, "/account/reset", {"email": ANNA})
    serializer = app.extensions["security"].reset_serializer
    signer = type(serializer.make_signer())
    later = signer.get_timestamp(None) + hours * 3600
    monkeypatch.setattr(signer, "get_timestamp", lambda _signer: later)

    assert client.get(link(ANNA, "reset")).status_code == (200 if hours < 6 else 302)


@pytest.mark.security(12)
def test_a_mailed_link_dies_when_the_password_or_the_address_changes(app, client):
    anna = person()
    inside = signed_in_client(app, anna)
    post(client, "/account/reset", {"email": ANNA})
    before_change = link(ANNA, "reset")
    post(inside, "/account/password", {"password": PASSWORD, "new_password": "eleven blue herons"})
    post(client, "/account/reset", {"email": ANNA})
    before_move = link(ANNA, "reset")

    post(inside, "/account/email", {"email": "moved@example.org"})
    inside.get(link("moved@example.org"))

    assert client.get(before_change).location == "/account/reset"
    assert client.get(before_move).location == "/account/reset"
    assert before_change != before_move


@pytest.mark.security(12)
def test_a_new_password_does_not_lead_past_the_second_factor(client):
    anna = person(has_second_factor=True)
    post(client, "/account/reset", {"email": ANNA})
    post(client, link(ANNA, "reset"), {"password": "eleven blue herons"})

    half_way = post(client, "/account/sign-in", {"email": ANNA, "password": "eleven blue herons"})

    assert half_way.location == "/account/code"
    assert client.get("/account").location == "/account/sign-in"
    assert stored(ANNA).tf_totp_secret == anna.account.tf_totp_secret


@pytest.mark.security(13)
@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_nobody_with_a_role_can_be_let_in_by_mail(client, role):
    person(role=role)
    reviewer = person("rita@example.org")

    for_staff = post(client, "/account/reset", {"email": ANNA})
    for_reviewer = post(client, "/account/reset", {"email": reviewer.email})

    assert mails(ANNA) == []
    assert len(mails(reviewer.email)) == 1
    seen = [
        answer.text.replace(to, "").replace(fields(answer)["csrf_token"], "")  # which carries the second
        for answer, to in ((for_staff, ANNA), (for_reviewer, reviewer.email))
    ]
    assert seen[0] == seen[1]


def test_a_changed_password_is_told_to_its_owner(app):
    inside = signed_in_client(app)

    post(inside, "/account/password", {"password": PASSWORD, "new_password": "eleven blue herons"})

    assert [mail.kind for mail in mails(ANNA)] == ["password_changed"]


def test_a_new_password_needs_the_one_before(app):
    inside = signed_in_client(app)

    page = post(inside, "/account/password", {"password": "not this one at all", "new_password": "eleven blue herons"})

    assert "This is not your password." in page.text
