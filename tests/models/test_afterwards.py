import pytest
from sqlalchemy.exc import DatabaseError

from directory.models.base import now
from tests.support.rows import LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

TABLES = ("void_vote", "wish")
REFUSED = [
    # on no review, by nobody, twice by one, for no known reason, without words or with too many
    ("void_vote", "fk_void_vote_review_id", {"review_id": 9}),
    ("void_vote", "fk_void_vote_by_id", {"by_id": 9}),
    ("void_vote", "pk_void_vote", {"id": 1}),
    ("void_vote", "uq_void_vote_review_id_by_id", {"by_id": 2}),
    ("void_vote", "ck_void_vote_reason_code", {"reason_code": "dislike"}),
    ("void_vote", "ck_void_vote_words_given", {"words": ""}),
    ("void_vote", "ck_void_vote_words_length", {"words": "x" * 1001}),
    # for no review, by nobody, a second one while the first is open, with too many words
    ("wish", "fk_wish_review_id", {"review_id": 9}),
    ("wish", "fk_wish_by_id", {"by_id": 9}),
    ("wish", "pk_wish", {"id": 1}),
    ("wish", "uq_wish_open", {"review_id": 1}),
    ("wish", "ck_wish_words_length", {"words": "x" * 1001}),
]
TAKEN = [
    *[(table, {}) for table in TABLES],
    ("void_vote", {"review_id": 2, "words": "x" * 1000}),
    ("wish", {"review_id": 1, "ended_at": now()}),
    ("wish", {"words": "x" * 1000}),
]


@pytest.mark.parametrize(("table", "rule", "change"), REFUSED)
def test_the_database_refuses_what_the_rules_forbid(table, rule, change):
    with standing(), pytest.raises(DatabaseError, match=said_by(table, rule)):
        add_other(table, change)


@pytest.mark.parametrize(("table", "change"), TAKEN)
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
