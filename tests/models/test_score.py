import pytest
from sqlalchemy.exc import DatabaseError

from tests.support.rows import LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

REFUSED = [
    ("fk_score_clinic_id", {"clinic_id": 9}),
    ("fk_score_checklist_version", {"checklist_version": "9"}),
    ("pk_score", {"id": 1}),
    ("ck_score_grade", {"grade": "blue"}),
    # beyond the scale, or the wrong way around
    ("ck_score_range", {"low": -1}),
    ("ck_score_range", {"high": 101}),
    ("ck_score_range", {"low": 60, "high": 50}),
    # of five signs
    ("ck_score_settled", {"settled": -1}),
    ("ck_score_settled", {"settled": 6}),
    ("ck_score_input_sha256_length", {"input_sha256": "0" * 63}),
]


@pytest.mark.parametrize(("rule", "change"), REFUSED)
def test_the_database_refuses_what_the_rules_forbid(rule, change):
    with standing(), pytest.raises(DatabaseError, match=said_by("score", rule)):
        add_other("score", change)


@pytest.mark.parametrize("change", [{}, {"low": 100, "settled": 5, "grade": "green"}, {"high": 0, "grade": "red"}])
def test_the_database_takes_what_the_rules_allow_also_a_second_time_on_one_day(change):
    with standing():
        add_other("score", change)


def test_every_rule_of_a_score_is_tried():
    assert {rule for rule, _ in REFUSED} == set(rules("score"))


@pytest.mark.parametrize("column", needed("score"))
def test_a_score_without_what_each_has_is_refused(column):
    assert column in LEAST["score"]

    with standing(), pytest.raises(DatabaseError, match=column):
        add_other("score", {column: None})
