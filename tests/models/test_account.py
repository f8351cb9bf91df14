import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError

from directory.domain.ties import TieKind
from directory.extensions import db
from directory.models import Account, AccountSession
from tests.support.rows import LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

TABLES = ("account", "account_role", "account_session", "tie")
REFUSED = [
    # an account that speaks for itself by way of itself, for a stranger, or under a name that is taken
    ("account", "ck_account_not_to_itself", {"linked_to_id": 3}),
    ("account", "fk_account_linked_to_id", {"linked_to_id": 9}),
    ("account", "uq_account_public_id", {"public_id": "one"}),
    ("account", "pk_account", {"id": 1}),
    # a second account of one address, however it was typed; two that one cookie would name
    ("account", "uq_account_email_key", {"email": "ONE@clinic.example", "email_key": "one@clinic.example"}),
    ("account", "uq_account_fs_uniquifier", {"fs_uniquifier": "one"}),
    # one who is written to in a language that nobody here writes
    ("account", "ck_account_language", {"language": "fr"}),
    # a role of nobody, a role twice, a role that nobody grants
    ("account_role", "fk_account_role_account_id", {"account_id": 9}),
    ("account_role", "pk_account_role", {"name": "moderator"}),
    ("account_role", "ck_account_role_name", {"name": "reviewer"}),
    ("account_role", "ck_account_role_name", {"name": "visitor"}),
    ("account_role", "ck_account_role_name", {"name": "owner"}),
    # a session of nobody, or one that goes by the name or the token of another
    ("account_session", "fk_account_session_account_id", {"account_id": 9}),
    ("account_session", "pk_account_session", {"id": 1}),
    ("account_session", "uq_account_session_public_id", {"public_id": "one"}),
    ("account_session", "uq_account_session_token", {"token": "one"}),
    # a tie of nobody, to no clinic, of no kind
    ("tie", "fk_tie_account_id", {"account_id": 9}),
    ("tie", "fk_tie_clinic_id", {"clinic_id": 9}),
    ("tie", "pk_tie", {"id": 1}),
    ("tie", "ck_tie_kind", {"kind": "friend"}),
]
TAKEN = [
    ("account", {"linked_to_id": 1}),
    # two without an address stand beside each other: those of the demonstration
    ("account", {"email": None, "email_key": None, "fs_uniquifier": None}),
    ("account", {"language": "es"}),
    ("account", {"email": "other@clinic.example", "email_key": "other@clinic.example", "fs_uniquifier": "other"}),
    ("account_role", {"account_id": 2, "name": "moderator"}),
    *[("tie", {"kind": kind}) for kind in TieKind],
]


@pytest.mark.parametrize(("table", "rule", "change"), REFUSED)
def test_the_database_refuses_what_the_rules_forbid(table, rule, change):
    with standing(), pytest.raises(DatabaseError, match=said_by(table, rule)):
        add_other(table, change)


@pytest.mark.parametrize(("table", "change"), [*[(table, {}) for table in TABLES], *TAKEN])
def test_the_database_takes_what_the_rules_allow(table, change):
    with standing():
        add_other(table, change)


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_of_a_table_is_tried(table):
    assert {rule for name, rule, _ in REFUSED if name == table} == set(rules(table))


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in TABLES for column in needed(table)])
def test_a_row_without_what_each_has_is_refused(table, column):
    assert column in LEAST[table]

    with standing(), pytest.raises(DatabaseError, match=column):
        add_other(table, {column: None})


def test_an_account_of_the_models_own_defaults_is_active_and_named_by_what_nobody_guesses():
    first, second = db.session.scalars(insert(Account).returning(Account), [{}, {}]).all()

    assert first.active is True
    assert (first.email, first.confirmed_at, first.linked_to_id, first.tf_primary_method) == (None,) * 4
    assert (len(first.public_id), len(first.fs_uniquifier)) == (12, 43)
    assert len({first.public_id, second.public_id}) == len({first.fs_uniquifier, second.fs_uniquifier}) == 2


def test_an_account_that_another_program_writes_is_active():
    written = "INSERT INTO account (public_id, created_at) VALUES ('x', '2026-11-21 12:00:00+00:00')"
    db.session.execute(text(written))

    assert db.session.scalar(select(Account.active)) is True


def test_a_session_of_the_models_own_defaults_is_in_force_and_goes_by_what_nobody_guesses():
    account = db.session.scalars(insert(Account).returning(Account.id), [{}]).one()
    given = [{"account_id": account}, {"account_id": account}]

    first, second = db.session.scalars(insert(AccountSession).returning(AccountSession), given).all()

    assert (first.revoked_at, len(first.token), len(first.public_id)) == (None, 43, 12)
    assert (first.token != second.token, first.public_id != second.public_id) == (True, True)
