from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError

from directory.models.base import now
from tests.support.rows import LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

TABLES = ("hold", "link_proposal")
BY_HAND = {"why": "moderator", "by_id": 1, "words": "A forum calls for it."}
ENDED = {"ended_at": now(), "ended_by_id": 1, "ended_words": "A support group wrote."}
REFUSED = [
    # of no clinic, by nobody, ended by nobody, a second time under one number
    ("hold", "fk_hold_clinic_id", {"clinic_id": 9}),
    ("hold", "fk_hold_by_id", BY_HAND | {"by_id": 9}),
    ("hold", "fk_hold_ended_by_id", ENDED | {"ended_by_id": 9}),
    ("hold", "pk_hold", {"id": 1}),
    # for no reason that there is; by hand without words or nobody's, by itself with either; too many words
    ("hold", "ck_hold_why", BY_HAND | {"why": "dislike"}),
    ("hold", "ck_hold_why_whole", BY_HAND | {"words": ""}),
    ("hold", "ck_hold_why_whole", BY_HAND | {"by_id": None}),
    ("hold", "ck_hold_why_whole", {"by_id": 1}),
    ("hold", "ck_hold_why_whole", {"words": "Words."}),
    ("hold", "ck_hold_words_length", BY_HAND | {"words": "x" * 1001}),
    # an end that is half
    ("hold", "ck_hold_end_whole", ENDED | {"ended_at": None}),
    ("hold", "ck_hold_end_whole", ENDED | {"ended_by_id": None}),
    ("hold", "ck_hold_end_whole", ENDED | {"ended_words": ""}),
    ("hold", "ck_hold_ended_words_length", ENDED | {"ended_words": "x" * 1001}),
    # of accounts that are not there, by nobody, of one account, the other way round, twice
    ("link_proposal", "fk_link_proposal_account_id", {"account_id": 0}),
    ("link_proposal", "fk_link_proposal_other_id", {"other_id": 9}),
    ("link_proposal", "fk_link_proposal_by_id", {"by_id": 9}),
    ("link_proposal", "pk_link_proposal", {"id": 1}),
    ("link_proposal", "ck_link_proposal_in_order", {"account_id": 2}),
    ("link_proposal", "ck_link_proposal_in_order", {"account_id": 2, "other_id": 1}),
    ("link_proposal", "uq_link_proposal_by_id_account_id_other_id", {"by_id": 2}),
    # without a word, or with too many
    ("link_proposal", "ck_link_proposal_words_given", {"words": ""}),
    ("link_proposal", "ck_link_proposal_words_length", {"words": "x" * 1001}),
]
TAKEN = [
    ("hold", BY_HAND | {"words": "x" * 1000}),
    ("hold", ENDED | {"ended_words": "x" * 1000}),
    ("hold", BY_HAND | ENDED),
    ("hold", {"until": date(2027, 1, 1)}),
    ("link_proposal", {"words": "x" * 1000}),
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
