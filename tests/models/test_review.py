from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from directory.extensions import db
from tests.support.rows import LEAST, add, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

TABLES = ("checklist", "criterion", "review", "draft", "answer", "evidence")
DOCUMENT = {"kind": "document", "url": "", "quote": "", "note": "The consent form."}
CLAIMED = {"claimed_by_id": 1, "claimed_at": date(2026, 11, 21), "claim_until": date(2026, 11, 22)}
REFUSED = [
    # a version of the checklist that is there, or whose hash is none
    ("checklist", "pk_checklist", {"version": "1"}),
    ("checklist", "ck_checklist_sha256_length", {"sha256": "0" * 63}),
    # a criterion of no version, twice, critical without being a sign, a sign that may not apply
    ("criterion", "fk_criterion_version", {"version": "9"}),
    ("criterion", "pk_criterion", {"slug": "sign"}),
    ("criterion", "ck_criterion_critical_signs_only", {"is_sign": False}),
    ("criterion", "ck_criterion_signs_apply", {"may_not_apply": True}),
    # a review of nobody, of no clinic, of no version, or of a name that is taken
    ("review", "fk_review_author_id", {"author_id": 9}),
    ("review", "fk_review_clinic_id", {"clinic_id": 9}),
    ("review", "fk_review_checklist_version", {"checklist_version": "9"}),
    ("review", "pk_review", {"id": 1}),
    ("review", "uq_review_public_id", {"public_id": "one"}),
    # handed in twice under one key; a second one of the same author and clinic while the first is undecided
    ("review", "uq_review_author_id_idempotency_key", {"author_id": 1, "idempotency_key": "key", "status": "declined"}),
    ("review", "uq_review_open", {"author_id": 1, "status": "draft"}),
    # a status that does not exist, one that nobody handed in, a version before the first, a key without a letter
    ("review", "ck_review_status", {"status": "published"}),
    ("review", "ck_review_submitted_at_given", {"submitted_at": None}),
    ("review", "ck_review_version_counts", {"version": 0}),
    ("review", "ck_review_idempotency_key_length", {"idempotency_key": ""}),
    # claimed by nobody there is, by half, for no time, or once it is decided
    ("review", "fk_review_claimed_by_id", CLAIMED | {"claimed_by_id": 9}),
    ("review", "ck_review_claim_begun", CLAIMED | {"claimed_by_id": None}),
    ("review", "ck_review_claim_begun", CLAIMED | {"claimed_at": None, "claim_until": None}),
    ("review", "ck_review_claim_whole", CLAIMED | {"claim_until": None}),
    ("review", "ck_review_claim_whole", CLAIMED | {"claim_until": date(2026, 11, 21)}),
    ("review", "ck_review_claim_while_waiting", CLAIMED | {"author_id": 1, "status": "declined"}),
    # a draft of no review, a second one of the same, one before the first, one that is longer than a form can be
    ("draft", "fk_draft_review_id", {"review_id": 9}),
    ("draft", "pk_draft", {"review_id": 1}),
    ("draft", "ck_draft_version_counts", {"version": 0}),
    ("draft", "ck_draft_fields_length", {"fields": "x" * 1_000_001}),
    # an answer to no review, to one of another version, to no question, or twice to one
    ("answer", "fk_answer_review_id_checklist_version", {"review_id": 9}),
    (
        "answer",
        "fk_answer_review_id_checklist_version",
        {"checklist_version": "2026.1", "criterion": "cure_all_claims"},
    ),
    ("answer", "fk_answer_checklist_version_criterion", {"criterion": "none"}),
    ("answer", "pk_answer", {"id": 1}),
    ("answer", "uq_answer_review_id_criterion", {"criterion": "sign"}),
    # a value and a tier that do not exist, a weight that is half, the weight of nothing
    ("answer", "ck_answer_value", {"value": "maybe", "tier": None, "observed_on": None}),
    ("answer", "ck_answer_tier", {"tier": 4}),
    ("answer", "ck_answer_tier", {"tier": 0}),
    ("answer", "ck_answer_weight_whole", {"observed_on": None}),
    ("answer", "ck_answer_weight_whole", {"tier": None}),
    ("answer", "ck_answer_weight_of_something", {"value": "unknown"}),
    # evidence for nothing, of no kind, without what its kind has, with addresses of no page, too long
    ("evidence", "fk_evidence_answer_id", {"answer_id": 9}),
    ("evidence", "pk_evidence", {"id": 1}),
    ("evidence", "ck_evidence_kind", {"kind": "rumor"}),
    ("evidence", "ck_evidence_url_given", {"url": ""}),
    ("evidence", "ck_evidence_url_given", {"kind": "page_read", "url": "", "quote": ""}),
    ("evidence", "ck_evidence_quote_given", {"quote": ""}),
    ("evidence", "ck_evidence_note_given", DOCUMENT | {"note": ""}),
    ("evidence", "ck_evidence_note_given", DOCUMENT | {"kind": "first_hand", "note": ""}),
    ("evidence", "ck_evidence_url_web", {"url": "javascript:alert(1)"}),
    ("evidence", "ck_evidence_archive_url_web", {"archive_url": "ftp://x"}),
    ("evidence", "ck_evidence_url_length", {"url": "http://" + "x" * 494}),
    ("evidence", "ck_evidence_archive_url_length", {"archive_url": "http://" + "x" * 494}),
    ("evidence", "ck_evidence_quote_length", {"quote": "x" * 501}),
    ("evidence", "ck_evidence_note_length", {"note": "x" * 1001}),
]
TAKEN = [
    ("criterion", {"is_critical": False}),
    ("criterion", {"is_sign": False, "is_critical": False, "may_not_apply": True}),
    # one that is decided leaves room for the next; a draft and one that was taken back as a draft were never handed in
    ("review", {"author_id": 1, "status": "declined"}),
    ("review", {"status": "draft", "submitted_at": None}),
    ("review", CLAIMED),
    ("review", {"status": "withdrawn", "submitted_at": None}),
    ("draft", {"fields": "x" * 1_000_000, "version": 2}),
    ("answer", {"value": "not_applicable", "tier": None, "observed_on": None}),
    ("answer", {"tier": None, "observed_on": None}),
    ("answer", {"tier": 1, "observed_on": date(2020, 2, 29)}),
    ("evidence", DOCUMENT),
    ("evidence", {"kind": "page_read", "quote": ""}),
    ("evidence", {"url": "http://" + "x" * 493, "quote": "x" * 500, "note": "x" * 1000}),
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
    tried = {rule for name, rule, _ in REFUSED if name == table}

    # Each review has one version of the checklist, so its id alone keeps this: it is there for the answers' key.
    assert tried == set(rules(table)) - {"uq_review_id_checklist_version"}


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in TABLES for column in needed(table)])
def test_a_row_without_what_each_has_is_refused(table, column):
    assert column in LEAST[table]

    with standing(), pytest.raises(DatabaseError, match=column):
        add_other(table, {column: None})


def test_a_draft_goes_with_its_review():
    with standing():
        add("draft", LEAST["draft"] | {"review_id": 2})

        db.session.execute(text("DELETE FROM review WHERE id = 2"))

        assert db.session.scalars(text("SELECT review_id FROM draft")).all() == [1]
