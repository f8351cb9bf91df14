import re

import pytest

from directory.domain.access import GRANTS, Condition, Role, is_privileged
from directory.web.access import permission_of
from tests.support.accounts import ANNA, SIGN_IN, enrol, mails, person, post, signed_in_client, visitor
from tests.support.client import Page

CODE, RECOVERY, CODES = "/account/code", "/account/recovery", "/account/recovery-codes"


@pytest.mark.security(8)
@pytest.mark.parametrize("write", [str, lambda code: f" {code[:3]} {code[3:]} ", lambda code: f"{code}\n"])
def test_a_code_is_taken_once_however_it_is_written(app, write):
    anna = person(has_second_factor=True)
    code = anna.code()
    first, second = half_way(app, anna), half_way(app, anna)

    taken = post(first, CODE, {"code": code})
    again = post(second, CODE, {"code": write(code)})

    assert taken.location == "/account/onward"
    assert again.status_code == 200
    assert "This code is not right, or was used. Type the one that your app shows next." in again.text
    assert second.get("/account").status_code == 303


def test_signing_in_leaves_no_notice_in_the_language_of_the_page_before(app):
    anna = person(has_second_factor=True)
    client = half_way(app, anna)

    post(client, CODE, {"code": anna.code()})

    assert 'class="notice"' not in client.get("/account").text


@pytest.mark.security(8)
def test_a_used_code_stays_used_when_the_sign_in_failed_after_it(app, monkeypatch):
    anna = person(has_second_factor=True)
    code = anna.code()
    broken = half_way(app, anna)
    monkeypatch.setattr("directory.services.sessions.begin", lambda *_, **__: 1 / 0)

    failed = post(broken, CODE, {"code": code})
    monkeypatch.undo()
    again = post(half_way(app, anna), CODE, {"code": code})

    assert failed.status_code == 500
    assert again.status_code == 200


@pytest.mark.security(8)
def test_a_code_from_before_the_last_one_is_refused(app):
    anna = person(has_second_factor=True)
    post(half_way(app, anna), CODE, {"code": anna.code()})

    assert post(half_way(app, anna), CODE, {"code": anna.code(steps=-1)}).status_code == 200
    assert post(half_way(app, anna), CODE, {"code": anna.code(steps=1)}).location == "/account/onward"


def test_a_wrong_code_turns_nothing_on(app):
    anna = person()
    inside = signed_in_client(app, anna)
    page = post(inside, "/account/second-step", {"setup": "authenticator"})
    action = next(form["action"] for form in Page(page.text).all("form") if "/second-step/" in form["action"])

    answer = post(inside, action, {"code": "000000"}, page="/account")

    assert answer.location == "/account/second-step"
    assert "press “Set it up”, and scan the new picture." in inside.get(answer.location).text
    assert anna.account.tf_primary_method is None


@pytest.mark.security(11)
def test_a_recovery_code_works_once_and_its_use_is_told(app):
    anna = person()
    codes = recovery_codes(signed_in_client(app, anna), anna)

    used = post(half_way(app, anna), RECOVERY, {"code": codes[3].upper().replace("-", " ")})
    again = post(half_way(app, anna), RECOVERY, {"code": codes[3]})
    other = post(half_way(app, anna), RECOVERY, {"code": codes[4]})

    assert used.location == other.location == "/account/onward"
    assert "This is none of your codes, or it was used. Try another of the ten;" in again.text
    told = [mail for mail in mails(ANNA) if mail.kind == "recovery_code_used"]
    assert [f"Codes left: {left}" in mail.body for left, mail in zip((9, 8), told, strict=True)] == [True, True]
    assert len(anna.account.mf_recovery_codes) == 8


@pytest.mark.security(11)
def test_recovery_codes_are_stored_encrypted_with_a_key_of_their_own(app):
    anna = person()
    codes = recovery_codes(signed_in_client(app, anna), anna)
    stored = anna.account.mf_recovery_codes
    cryptor = app.extensions["security"].mf_recovery_codes_util.cryptor

    assert len(codes) == len(stored) == 10
    assert not any(code in each for code in codes for each in stored)
    assert [cryptor.decrypt(each).decode() for each in stored] == codes
    assert not set(app.config["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"]) & {
        app.secret_key,
        *app.config["SECURITY_TOTP_SECRETS"].values(),
    }


@pytest.mark.security(11)
def test_recovery_codes_are_shown_once(app):
    anna = person()
    inside = signed_in_client(app, anna)
    codes = recovery_codes(inside, anna)

    assert not any(code in inside.get(f"{CODES}?show_codes=1").text for code in codes)


@pytest.mark.security(8)
def test_the_secret_of_a_second_step_is_stored_encrypted(app):
    anna = person()
    enrol(signed_in_client(app, anna), anna)

    assert anna.secret not in anna.account.tf_totp_secret
    assert '"enckey"' in anna.account.tf_totp_secret


@pytest.mark.security(9)
@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_a_role_without_a_second_step_leads_to_setting_one_up(app, role, privileged):
    anna = person(role=role, has_second_factor=False)
    inside = signed_in_client(app, anna)

    before = [inside.get(path) for path in privileged]
    enrolled = enrol(inside, anna)
    after = [inside.get(path) for path in privileged]

    assert privileged
    assert {answer.location for answer in before} == {"/account/second-step"}
    assert enrolled.location == "/account/after-second-step"
    assert not {answer.location for answer in after} & {"/account/second-step"}


@pytest.mark.security(9)
def test_who_has_a_role_cannot_turn_the_second_step_off(app):
    anna = person(role="moderator")
    inside = signed_in_client(app, anna)

    answer = post(inside, "/account/second-step", {"setup": "disable"})

    assert "Your role needs a second step." in answer.text
    assert anna.account.tf_primary_method == "authenticator"


def test_a_reviewer_may_turn_the_second_step_off_and_is_told(app):
    anna = person(has_second_factor=True)
    inside = signed_in_client(app, anna)

    answer = post(inside, "/account/second-step", {"setup": "disable"})

    assert answer.location == "/account/after-second-step"
    assert inside.get(answer.location).location == "/account"
    assert anna.account.tf_totp_secret is None
    assert [mail.kind for mail in mails(ANNA)] == ["second_step_off"]


@pytest.mark.parametrize("path", ["/account/tf-rescue", "/account/tf-select"])
def test_no_mail_takes_the_place_of_the_second_step(app, path):
    client = half_way(app, person(has_second_factor=True))

    answers = [client.get(path), post(client, path, {"help_setup": "email"}, page=CODE)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert mails() == []


def test_the_pages_of_the_second_step_open_to_nobody_who_gave_no_password(client):
    answers = [client.get(CODE), client.get(RECOVERY), client.get("/account/second-step")]

    assert {answer.location for answer in answers} == {SIGN_IN}


@pytest.fixture
def privileged(app):
    """The addresses of all pages that only a role opens, and each role does."""
    opened = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and permission_of(app, rule.endpoint)]
    return [re.sub("<[^>]+>", "abc", rule.rule) for rule in opened if is_of_both(permission_of(app, rule.endpoint))]


def is_of_both(permission):
    return is_privileged(permission) and GRANTS[permission][Role.MODERATOR] is not Condition.NEVER


def half_way(app, who):
    """Return a browser in which somebody gave their password and not yet their code."""
    client = visitor(app)
    assert post(client, SIGN_IN, {"email": who.email, "password": who.password}).location == CODE
    return client


def recovery_codes(inside, who):
    enrol(inside, who)
    page = post(inside, CODES, {"generate_new_codes": "1"})
    return Page(page.text).texts("code")
