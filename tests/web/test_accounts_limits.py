import re
from pathlib import Path

import pytest

from directory import create_app
from directory.web import account_limits
from directory.web.limits import limiter
from tests.support.accounts import (
    PASSWORD,
    SIGN_IN,
    Person,
    fields,
    hash_cheaply,
    let_go,
    link,
    mails,
    person,
    post,
    sign_in,
    visitor,
)

WRONG = "not the right words"


@pytest.mark.security(5)
@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
def test_the_eleventh_try_for_one_account_in_five_minutes_is_put_off(limited, email):
    person("known@example.org")

    answers = [attempt(limited, email, place=number) for number in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "wait" in answers[-1].text


@pytest.mark.security(5)
def test_the_eleventh_try_from_one_place_in_five_minutes_is_put_off(limited):
    answers = [attempt(limited, f"{number}@example.org") for number in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


@pytest.mark.security(5)
def test_a_thousand_tries_by_all_in_five_minutes_are_the_most(limited):
    client = visitor(limited)
    token = fields(client.get(SIGN_IN))

    statuses = [
        client.post(
            SIGN_IN, data=token, environ_base={"REMOTE_ADDR": f"10.0.{number // 200}.{number % 200}"}
        ).status_code
        for number in range(1001)
    ]

    assert statuses == [200] * 1000 + [429]


@pytest.mark.security(6)
def test_to_hold_one_account_up_holds_up_no_other(limited):
    anna, bert = person("anna@example.org"), person("bert@example.org")
    for number in range(11):
        attempt(limited, anna.email, place=number)

    assert sign_in(visitor(limited), anna, environ_base=place(50)).status_code == 429
    assert sign_in(visitor(limited), bert, environ_base=place(50)).location == "/account/onward"


@pytest.mark.security(6)
def test_who_is_held_up_does_not_use_up_the_tries_of_others(limited):
    anna = person()
    for number in range(10):
        attempt(limited, f"{number}@example.org", place=1)
    for _ in range(10):
        attempt(limited, anna.email, place=1)

    assert sign_in(visitor(limited), anna, environ_base=place(2)).location == "/account/onward"


@pytest.mark.security(7)
@pytest.mark.parametrize("path", ["/account/code", "/account/recovery"])
def test_the_sixth_code_in_five_minutes_is_put_off_from_wherever_it_comes(limited, path):
    anna = person(has_second_factor=True)
    clients = [half_way(limited, anna, number) for number in range(6)]

    statuses = [post(each, path, {"code": "000000"}, page="/account/code").status_code for each in clients]
    another = person("bert@example.org", has_second_factor=True)

    assert statuses == [200] * 5 + [429]
    assert sign_in(visitor(limited), another, environ_base=place(9)).location == "/account/onward"


@pytest.mark.security(7)
def test_codes_and_recovery_codes_are_counted_together_also_after_a_new_password(limited):
    anna = person(has_second_factor=True)
    clients = [half_way(limited, anna, number) for number in range(6)]
    for number, client in enumerate(clients[:5]):
        post(client, "/account/code" if number % 2 else "/account/recovery", {"code": "000000"}, page="/account/code")

    post(clients[5], "/account/reset", {"email": anna.email})
    post(clients[5], link(anna.email, "reset"), {"password": "eleven blue herons"})
    fresh = half_way(limited, Person(anna.email, "eleven blue herons"), 7)

    assert post(fresh, "/account/code", {"code": anna.code()}).status_code == 429


@pytest.mark.security(7)
def test_a_day_has_fifty_codes(app):
    assert account_limits._CODE.rates == ("5 per 5 minutes", "20 per hour", "50 per day")


@pytest.mark.security(12)
@pytest.mark.parametrize("path", ["/account/reset", "/account/confirm", "/account/register"])
@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
def test_the_sixth_mail_of_a_day_is_not_sent(limited, path, email):
    person("known@example.org", confirmed=path != "/account/confirm")
    form = {"email": email} | ({"password": PASSWORD} if path.endswith("register") else {})

    answers = [post(visitor(limited), path, form, environ_base=place(number)) for number in range(6)]

    assert [answer.status_code < 400 for answer in answers] == [True] * 5 + [False]
    assert answers[-1].status_code == 429
    assert len(mails(email)) <= 5


@pytest.mark.security(12)
def test_one_place_has_few_mails_sent(limited):
    statuses = [
        post(visitor(limited), "/account/reset", {"email": f"{number}@example.org"}).status_code for number in range(21)
    ]

    assert statuses == [200] * 20 + [429]


@pytest.mark.security(34)
def test_a_forged_address_is_the_same_place(limited):
    answers = [
        post(
            visitor(limited),
            SIGN_IN,
            {"email": f"{number}@example.org", "password": WRONG},
            headers={"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"},
        )
        for number in range(11)
    ]

    assert answers[-1].status_code == 429


@pytest.mark.security(5)
def test_what_is_counted_is_kept_without_addresses(limited):
    attempt(limited, "anna@example.org")

    kept = " ".join(map(str, limiter.storage.storage))
    assert re.search("[0-9a-f]{64}", kept)
    assert "anna" not in kept
    assert "127.0.0.1" not in kept


@pytest.fixture
def limited(app):
    """The same application, that counts; a minute's share of pages for one visitor is not what is tested here."""
    settings = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "RATE_LIMIT_STORAGE": "memory://"}
    counting = create_app(settings, instance_path=Path(app.instance_path))
    hash_cheaply(counting)
    yield counting
    let_go(counting)


def place(number):
    return {"REMOTE_ADDR": f"198.51.100.{number}"}


def attempt(app, email, *, place=0):
    where = {"REMOTE_ADDR": f"198.51.100.{place}"}
    return post(visitor(app), SIGN_IN, {"email": email, "password": WRONG}, environ_base=where)


def half_way(app, who, number):
    client = visitor(app)
    answer = post(client, SIGN_IN, {"email": who.email, "password": who.password}, environ_base=place(number))
    assert answer.location == "/account/code"
    return client
