"""What a hostile visitor does to accounts, found by somebody who tried."""

import re

import pytest
from passlib.totp import TOTP

from directory.domain.errors import Conflict
from directory.models.base import now
from directory.services import accounts
from tests.support.accounts import (
    ANNA,
    BEN,
    PASSWORD,
    REGISTER,
    RESET,
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
)  # fmt: skip
from tests.support.client import Page
from tests.support.engines import ON_ONE_ENGINE
from tests.support.threads import at_once
from tests.web.test_accounts_limits import WRONG, attempt, limited, place  # noqa: F401


def started_setup(client):
    """Begin to set a second step up; return the address that takes the first code, and the secret."""
    page = post(client, "/account/second-step", {"setup": "authenticator"})
    secret = re.search(r'class="totp-key">([^<]+)<', page.text)[1].replace("-", "")
    return next(form["action"] for form in Page(page.text).all("form") if "/second-step/" in form["action"]), secret


@pytest.mark.parametrize("has_second_factor", [False, True])
@ON_ONE_ENGINE
def test_an_open_browser_does_not_take_the_second_step_of_another_account(app, has_second_factor):
    mallory, anna = person("mallory@example.org"), person(has_second_factor=has_second_factor)
    address, secret = started_setup(signed_in_client(app, mallory))
    left_open = signed_in_client(app, anna)
    with left_open.session_transaction() as session:
        session["fs_paa"] = 1.0  # she proved who she is long ago
    before = anna.account.tf_totp_secret
    assert left_open.get("/account/second-step").location == "/account/again"

    totp = TOTP(key=secret)
    post(left_open, address, {"code": totp.generate(totp.now() + 30).token}, page="/account")

    assert anna.account.tf_totp_secret == before


@ON_ONE_ENGINE
def test_ones_own_second_step_can_still_be_set_up(app):
    anna = person()
    enrol(signed_in_client(app, anna), anna)
    assert anna.account.tf_primary_method == "authenticator"


#: A thousand characters, of which each half becomes eighteen when it is folded.
SWELLING = "".join("\ufdfa" + chr(0x4E00 + place) for place in range(500))


@ON_ONE_ENGINE
def test_a_password_that_swells_does_not_tell_who_has_an_account(client):
    person(ANNA)
    known, unknown = (
        post(client, SIGN_IN, {"email": email, "password": SWELLING}).status_code for email in (ANNA, BEN)
    )
    assert known == unknown == 200


@pytest.mark.parametrize("password", [SWELLING, "quiet brown kettle " * 300])
@ON_ONE_ENGINE
def test_a_password_that_cannot_be_hashed_is_refused_and_no_fault(app, password):
    inside = signed_in_client(app, person())
    statuses = {
        "sign in": post(visitor(app), SIGN_IN, {"email": ANNA, "password": password}).status_code,
        "register": post(visitor(app), REGISTER, {"email": BEN, "password": password}).status_code,
        "again": post(inside, "/account/again", {"password": password}).status_code,
        "change": post(inside, "/account/password", {"password": PASSWORD, "new_password": password}).status_code,
    }
    assert set(statuses.values()) == {200}, statuses


@ON_ONE_ENGINE
def test_who_registers_the_address_of_a_moderator_to_be_does_not_become_one(app):
    mallory = visitor(app)
    register(mallory, "mod@example.org")  # with mallory's password; the mail goes to the future moderator
    try:
        accounts.grant("mod@example.org", "moderator", at=now())
    except Conflict:
        return
    post(visitor(app), "/account/confirm", {"email": "mod@example.org"})
    visitor(app).get(link("mod@example.org", "confirm"))  # the future moderator opens the link that they wait for
    them = Person("mod@example.org")
    sign_in(mallory, them)
    enrol(mallory, them)
    assert mallory.get("/moderation").status_code != 200


@ON_ONE_ENGINE
def test_a_link_to_the_code_page_signs_nobody_out(app):
    inside = signed_in_client(app, person())
    inside.get("/account/code")
    assert inside.get("/account").status_code == 200


@ON_ONE_ENGINE
def test_strangers_who_guess_do_not_keep_the_owner_from_changing_the_password(limited):  # noqa: F811
    anna = person()
    inside = visitor(limited)
    sign_in(inside, anna, environ_base=place(99))
    for number in range(11):
        attempt(limited, anna.email, place=number)
    new = {"password": PASSWORD, "new_password": "quiet brown kettle lamp"}
    assert post(inside, "/account/password", new, environ_base=place(99)).status_code == 302


def test_the_id_of_a_session_that_is_none_is_not_found(app):
    inside = signed_in_client(app, person())
    assert post(inside, "/account/sessions/%00/end", page="/account").status_code == 404


def test_an_address_that_mail_cannot_reach_makes_no_account(client):
    register(client, "a@example.1org")
    assert stored("a@example.1org") is None


def test_mail_for_one_host_does_not_go_to_another(client):
    register(client, "anna@faß.de")
    assert [mail.recipient for mail in mails()] in ([], ["anna@xn--fa-hia.de"])


def test_of_two_who_take_one_address_at_once_the_slower_meets_no_fault(app):
    people = [signed_in_client(app, person(email)) for email in (ANNA, BEN)]
    links = []
    for client in people:
        post(client, "/account/email", {"email": "new@example.org"})
        links.append(link("new@example.org"))
    answers = at_once(
        app,
        *[
            lambda client=client, path=path: client.get(path).status_code
            for client, path in zip(people, links, strict=True)
        ],
    )
    assert 500 not in answers


def test_a_reset_link_that_two_use_at_once_works_for_one(app):
    person()
    post(visitor(app), RESET, {"email": ANNA})
    address, clients = link(ANNA), [visitor(app), visitor(app)]
    tokens = [fields(client.get(address)) for client in clients]
    words = ("quiet brown kettle one", "quiet brown kettle two")
    at_once(
        app,
        *[
            lambda c=c, t=t, w=w: c.post(address, data=t | {"password": w}).status_code
            for c, t, w in zip(clients, tokens, words, strict=True)
        ],
    )
    assert len([mail for mail in mails(ANNA) if mail.kind == "password_changed"]) == 1
