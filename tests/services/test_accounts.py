import json

import pytest
from sqlalchemy import select

from directory.domain.access import Role
from directory.domain.errors import Conflict, InvalidParameter, NotFound
from directory.domain.mail import Mail
from directory.extensions import reading, writing
from directory.models import AuditEntry
from directory.models.base import now
from directory.services import accounts, audit, demo_accounts, second_factors, sessions
from directory.services.account_store import AccountStore
from tests.support.accounts import ANNA, PASSWORD, mails, person, stored
from tests.support.reviews import NOON
from tests.support.threads import at_once

NOTICE = Mail(kind="recovery_code_used", recipient=ANNA, subject="Used", body="Used.", host="localhost")


def test_an_operator_makes_an_account_that_is_confirmed():
    public_id = accounts.create(f" {ANNA} ", PASSWORD, at=NOON)

    made = stored(ANNA)
    assert (made.public_id, made.roles) == (public_id, [])
    assert made.confirmed_at is not None
    assert made.password.startswith("$argon2id$")
    assert entries() == []


def test_a_role_that_comes_with_an_account_stands_in_the_record():
    accounts.create(ANNA, PASSWORD, at=NOON, role=Role.ADMINISTRATOR)

    made = stored(ANNA)
    assert [role.name for role in made.roles] == ["administrator"]
    assert entries() == [("grant_role", {"account": made.id, "role": "administrator"})]
    assert audit.verify().problem == ""


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [("no address", PASSWORD, "email"), (ANNA, "too short", "password"), (ANNA, "anna@example.org", "password")],
)
def test_an_account_that_cannot_be_is_refused_with_the_field(email, password, field):
    with pytest.raises(InvalidParameter) as raised:
        accounts.create(email, password, at=NOON)

    assert raised.value.field == field


def test_an_address_has_one_account_however_it_is_written():
    accounts.create(ANNA, PASSWORD, at=NOON)

    with pytest.raises(Conflict):
        accounts.create(ANNA.upper(), PASSWORD, at=NOON)


def test_a_role_is_granted_and_taken_back_and_both_end_the_sessions():
    anna = person()
    token = begun(anna.id)

    accounts.grant(ANNA, Role.MODERATOR, at=now())
    after_grant, name = sessions.signed_in(token, at=now()), anna.account.fs_uniquifier
    token = begun(anna.id)
    accounts.revoke(ANNA, Role.MODERATOR, at=now())

    assert after_grant is sessions.signed_in(token, at=now()) is None
    assert anna.account.roles == []
    assert anna.account.fs_uniquifier != name
    assert [action for action, _ in entries()] == ["grant_role", "revoke_role"]
    assert audit.verify().problem == ""


def test_a_role_cannot_be_granted_twice_nor_taken_from_who_has_it_not():
    person(role="moderator")

    with pytest.raises(Conflict):
        accounts.grant(ANNA, Role.MODERATOR, at=NOON)
    with pytest.raises(Conflict):
        accounts.revoke(ANNA, Role.ADMINISTRATOR, at=NOON)

    assert entries() == []


def test_an_account_whose_address_nobody_confirmed_gets_no_role():
    anna = person(confirmed=False)

    with pytest.raises(Conflict, match="Nobody has confirmed this address yet"):
        accounts.grant(ANNA, Role.MODERATOR, at=NOON)

    assert (anna.account.roles, entries()) == ([], [])


@pytest.mark.parametrize("verb", [accounts.grant, accounts.revoke])
def test_nobody_has_no_roles(verb):
    with pytest.raises(NotFound):
        verb("nobody@example.org", Role.MODERATOR, at=NOON)


def test_a_closed_account_is_signed_in_nowhere():
    anna = person()
    token = begun(anna.id)

    accounts.close(ANNA, at=now())

    assert not anna.account.active
    assert sessions.signed_in(token, at=now()) is None
    assert entries() == [("close_account", {"account": anna.id, "role": None})]


def test_the_code_of_a_step_is_taken_by_one_of_ten_who_bring_it_at_once(app):
    anna = person(has_second_factor=True)
    number = anna.id

    taken = at_once(app, *[lambda: second_factors.take(number, 7)] * 10)

    assert sorted(taken) == [False] * 9 + [True]
    assert not second_factors.take(number, 6)
    assert second_factors.take(number, 8)


def test_a_recovery_code_is_burned_once_with_its_mail():
    anna = person()
    store = AccountStore()
    account = store.find_user(email=ANNA)
    store.mf_set_recovery_codes(account, ["one", "two"])
    store.commit()

    def find(codes):
        return codes.index("two") if "two" in codes else None

    burned = [second_factors.burn(anna.id, find, notice=NOTICE, at=now()) for _ in range(2)]

    assert burned == [True, False]
    assert anna.account.mf_recovery_codes == ["one"]
    assert [mail.kind for mail in mails(ANNA)] == ["recovery_code_used"]


def test_an_account_without_recovery_codes_has_none_to_burn():
    anna = person()

    assert not second_factors.burn(anna.id, lambda codes: 0 if codes else None, notice=NOTICE, at=now())


def test_the_store_knows_an_account_by_its_address_in_any_spelling_and_by_its_name():
    anna = person("Anna.Otter@gmail.com")
    store = AccountStore()

    found = [
        store.find_user(email="annaotter+x@googlemail.com"),
        store.find_user(fs_uniquifier=anna.account.fs_uniquifier),
        store.find_user(email="nobody@example.org"),
    ]

    assert [each and each.email for each in found] == ["Anna.Otter@gmail.com", "Anna.Otter@gmail.com", None]


def test_the_store_writes_one_account_for_an_address():
    store = AccountStore()
    store.create_user(email=ANNA, password="hash")  # noqa: S106 - of nobody
    store.commit()

    with pytest.raises(Conflict):
        store.create_user(email=ANNA.title(), password="hash")  # noqa: S106 - as above

    assert stored(ANNA) is not None


def test_of_two_who_use_a_mailed_link_at_the_same_time_it_works_for_one():
    anna, ben = person(), person("ben@example.org")
    name, of_ben = anna.account.fs_uniquifier, ben.account.fs_uniquifier
    first, second = anna.account, anna.account  # both were read before either is written
    store = AccountStore()

    store.set_uniquifier(first)
    store.commit()
    renamed = anna.account.fs_uniquifier
    with pytest.raises(Conflict, match="This link was used already"):
        store.set_uniquifier(second, "a name of the second")

    assert renamed not in {name, None}
    assert store.find_user(fs_uniquifier=name) is None
    assert (anna.account.fs_uniquifier, ben.account.fs_uniquifier) == (renamed, of_ben)


def test_the_demonstration_has_two_accounts_made_once():
    first = demo_accounts.make(str.lower, at=NOON)
    again = demo_accounts.make(str.upper, at=NOON)

    reviewer, moderator = (stored(account.email) for account in first)
    assert first == again
    assert [account.label for account in first] == ["Reviewer", "Moderator"]
    assert (reviewer.roles, reviewer.tf_totp_secret) == ([], None)
    assert [role.name for role in moderator.roles] == ["moderator"]
    assert moderator.tf_totp_secret == first[1].totp_key.lower()
    assert moderator.tf_primary_method == "authenticator"


def begun(account_id):
    with writing() as session:
        return sessions.begin(session, account_id, browser="Firefox on Linux", at=now())


def entries():
    with reading() as session:
        found = session.execute(select(AuditEntry.action, AuditEntry.body).order_by(AuditEntry.seq)).all()
    return [(action, json.loads(body)) for action, body in found]


@pytest.fixture(autouse=True)
def _on_each_engine(app):
    return app
