import pytest
from sqlalchemy.exc import DatabaseError

from tests.support.rows import LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

REFUSED = [
    ("fk_audit_actor_id", {"actor_id": 9}),
    ("pk_audit", {"seq": 1}),
    ("uq_audit_hash", {"hash": "1" * 64}),
    ("ck_audit_seq_counts", {"seq": 0}),
    ("ck_audit_hash_length", {"hash": "2" * 63}),
    ("ck_audit_hash_length", {"prev_hash": ""}),
]


@pytest.mark.parametrize(("rule", "change"), REFUSED)
def test_the_database_refuses_what_the_rules_forbid(rule, change):
    with standing(), pytest.raises(DatabaseError, match=said_by("audit", rule)):
        add_other("audit", change)


@pytest.mark.parametrize("change", [{}, {"actor_id": 1}])
def test_the_database_takes_an_entry_of_somebody_and_of_nobody(change):
    with standing():
        add_other("audit", change)


def test_every_rule_of_an_entry_is_tried():
    assert {rule for rule, _ in REFUSED} == set(rules("audit"))


@pytest.mark.parametrize("column", needed("audit"))
def test_an_entry_without_what_each_has_is_refused(column):
    assert column in LEAST["audit"]

    with standing(), pytest.raises(DatabaseError, match=column):
        add_other("audit", {column: None})
