from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError

from tests.support.rows import LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

TABLES = ("recheck", "ruling", "notice", "decision", "answer_decision")
ON_NO_REVIEW = {"review_id": None, "from_status": None, "to_status": None, "seen_version": None}
ON_RECHECK = ON_NO_REVIEW | {"action": "recheck", "recheck_id": 1}
ON_RULING = ON_NO_REVIEW | {"action": "confirm", "ruling_id": 1}
REMEDIED = {"kind": "remedied", "told_on": None}
DECLINED = {"action": "decline", "to_status": "declined", "reason_code": "no_evidence", "reason_text": "Add a link."}
DROPPED = {"outcome": "dropped", "reason_code": "no_evidence", "reason_text": "Add a link."}
REFUSED = [
    # a look at no answer, by nobody, or a second one
    ("recheck", "fk_recheck_answer_id", {"answer_id": 9}),
    ("recheck", "fk_recheck_by_id", {"by_id": 9}),
    ("recheck", "pk_recheck", {"id": 1}),
    ("recheck", "uq_recheck_answer_id_by_id", {"by_id": 2}),
    # a ruling on no clinic, on no question, by nobody, of no kind, or a second time for the same day
    ("ruling", "fk_ruling_clinic_id", {"clinic_id": 9}),
    ("ruling", "fk_ruling_checklist_version_criterion", {"criterion": "none"}),
    ("ruling", "fk_ruling_checklist_version_criterion", {"checklist_version": "9"}),
    ("ruling", "fk_ruling_by_id", {"by_id": 9}),
    ("ruling", "fk_ruling_notice_id", {"notice_id": 9}),
    ("ruling", "pk_ruling", {"id": 1}),
    ("ruling", "ck_ruling_kind", {"kind": "lifted", "told_on": None}),
    ("ruling", "uq_ruling_clinic_id_criterion_kind_by_id_in_force_on", {"by_id": 2}),
    # a confirmation that the clinic was not told of; a remedy that it was told of
    ("ruling", "ck_ruling_confirm_after_telling", {"told_on": None}),
    ("ruling", "ck_ruling_confirm_after_telling", REMEDIED | {"told_on": date(2026, 11, 1)}),
    # a notice to no clinic, of no question, by nobody, in no known way, by hand without words, or with too many
    ("notice", "fk_notice_clinic_id", {"clinic_id": 9}),
    ("notice", "fk_notice_checklist_version_criterion", {"criterion": "none"}),
    ("notice", "fk_notice_by_id", {"by_id": 9}),
    ("notice", "pk_notice", {"id": 1}),
    ("notice", "ck_notice_how", {"how": "pigeon"}),
    ("notice", "ck_notice_words_given", {"words": ""}),
    ("notice", "ck_notice_words_length", {"words": "x" * 1001}),
    # a decision by nobody, on nothing that is there, under a name that is taken, on what was decided
    ("decision", "fk_decision_clinic_id", {"clinic_id": 9}),
    ("decision", "fk_decision_actor_id", {"actor_id": 9}),
    ("decision", "fk_decision_review_id", {"review_id": 9}),
    ("decision", "fk_decision_recheck_id", ON_RECHECK | {"recheck_id": 9}),
    ("decision", "fk_decision_ruling_id", ON_RULING | {"ruling_id": 9}),
    ("decision", "pk_decision", {"id": 1}),
    ("decision", "uq_decision_public_id", {"public_id": "one"}),
    ("decision", "uq_decision_review_id_seen_version", {"seen_version": 2}),
    # words outside the vocabularies
    ("decision", "ck_decision_action", {"action": "publish"}),
    ("decision", "ck_decision_from_status", {"from_status": "open"}),
    ("decision", "ck_decision_to_status", {"to_status": "open"}),
    ("decision", "ck_decision_reason_code", {"reason_code": "dislike"}),
    # about nothing, about two things, half a transition
    ("decision", "ck_decision_about_one_thing", ON_NO_REVIEW),
    ("decision", "ck_decision_about_one_thing", {"action": "recheck", "recheck_id": 1}),
    ("decision", "ck_decision_transition_whole", {"from_status": None}),
    ("decision", "ck_decision_transition_whole", {"to_status": None}),
    ("decision", "ck_decision_transition_whole", {"seen_version": None}),
    ("decision", "ck_decision_transition_whole", ON_RECHECK | {"from_status": "submitted"}),
    # an act on what it cannot be about
    ("decision", "ck_decision_fits_its_action", ON_RULING | {"action": "approve"}),
    ("decision", "ck_decision_fits_its_action", ON_RECHECK | {"action": "approve"}),
    ("decision", "ck_decision_fits_its_action", {"action": "remedy"}),
    ("decision", "ck_decision_fits_its_action", {"action": "recheck"}),
    # without the reason that it needs, or with too many words
    ("decision", "ck_decision_reason_given", DECLINED | {"reason_code": None}),
    ("decision", "ck_decision_reason_given", DECLINED | {"reason_text": ""}),
    ("decision", "ck_decision_reason_given", DECLINED | {"action": "request_changes", "reason_text": ""}),
    ("decision", "ck_decision_reason_given", DECLINED | {"action": "void", "reason_code": None}),
    ("decision", "ck_decision_reason_given", DECLINED | {"action": "void", "reason_text": ""}),
    ("decision", "ck_decision_remedy_told", ON_RULING | {"action": "remedy"}),
    ("decision", "ck_decision_reason_text_length", {"reason_text": "x" * 1001}),
    # the same of what is decided on each answer
    ("answer_decision", "fk_answer_decision_decision_id", {"decision_id": 9}),
    ("answer_decision", "fk_answer_decision_answer_id", {"answer_id": 9}),
    ("answer_decision", "pk_answer_decision", {"answer_id": 1}),
    ("answer_decision", "ck_answer_decision_outcome", DROPPED | {"outcome": "believed"}),
    ("answer_decision", "ck_answer_decision_reason_code", DROPPED | {"reason_code": "dislike"}),
    ("answer_decision", "ck_answer_decision_reason_given", DROPPED | {"reason_code": None}),
    ("answer_decision", "ck_answer_decision_reason_given", DROPPED | {"outcome": "testimony", "reason_text": ""}),
    ("answer_decision", "ck_answer_decision_reason_text_length", {"reason_text": "x" * 1001}),
]
#: Tried below: it takes a decision that stands already.
ONCE = {"uq_decision_recheck_id": ON_RECHECK, "uq_decision_ruling_id": ON_RULING}
TAKEN = [
    ("recheck", {"has_seen": False}),
    ("ruling", {"by_id": 2, "in_force_on": date(2026, 11, 22)}),
    ("ruling", REMEDIED),
    ("notice", {"how": "mail", "words": ""}),
    ("notice", {"words": "x" * 1000}),
    ("decision", ON_RECHECK),
    ("decision", ON_RULING),
    ("decision", ON_RULING | {"action": "remedy", "reason_text": "Their new page says so."}),
    ("decision", DECLINED | {"reason_text": "x" * 1000}),
    ("answer_decision", DROPPED),
    ("answer_decision", DROPPED | {"outcome": "testimony"}),
]


@pytest.mark.parametrize(("table", "rule", "change"), REFUSED)
def test_the_database_refuses_what_the_rules_forbid(table, rule, change):
    with standing(), pytest.raises(DatabaseError, match=said_by(table, rule)):
        add_other(table, change)


@pytest.mark.parametrize(("table", "change"), [*[(table, {}) for table in TABLES], *TAKEN])
def test_the_database_takes_what_the_rules_allow(table, change):
    with standing():
        add_other(table, change)


@pytest.mark.parametrize("rule", ONCE)
def test_a_recheck_and_a_ruling_are_decided_on_once(rule):
    with standing():
        add_other("decision", ONCE[rule])

        with pytest.raises(DatabaseError, match=said_by("decision", rule)):
            add_other("decision", ONCE[rule] | {"id": 3, "public_id": "third"})


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_of_a_table_is_tried(table):
    tried = {rule for name, rule, _ in REFUSED if name == table}

    assert tried | (ONCE.keys() if table == "decision" else set()) == set(rules(table))


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in TABLES for column in needed(table)])
def test_a_row_without_what_each_has_is_refused(table, column):
    assert column in LEAST[table]

    with standing(), pytest.raises(DatabaseError, match=column):
        add_other(table, {column: None})
