from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from directory.domain.revisions import ListingReason, RevisionKind
from directory.models.base import now
from tests.support.rows import DAY, LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

TABLES = ("revision", "listing_decision")
LEASE = {"claimed_by_id": 2, "claimed_at": now(), "claim_until": now() + timedelta(minutes=15)}
CLOSING = {"kind": "close", "fields": "{}"}
HIDING = {
    "action": "hide", "revision_id": None, "from_status": None, "to_status": None, "seen_version": None,
    "reason_code": "legal_request", "reason_text": "A court asked.", "until": DAY, "listing_to": "hidden",
}  # fmt: skip
REFUSED = [
    # of no listing, into none, by nobody, held by nobody, a second time under one number, name or key
    ("revision", "fk_revision_clinic_id", {"clinic_id": 9}),
    ("revision", "fk_revision_target_id", CLOSING | {"kind": "merge", "target_id": 9}),
    ("revision", "fk_revision_author_id", {"author_id": 9}),
    ("revision", "fk_revision_claimed_by_id", LEASE | {"claimed_by_id": 9}),
    ("revision", "pk_revision", {"id": 1}),
    ("revision", "uq_revision_public_id", {"public_id": "one"}),
    ("revision", "uq_revision_author_id_idempotency_key",
     {"author_id": 1, "idempotency_key": "key", "status": "declined"}),
    ("revision", "uq_revision_open", {"author_id": 1}),
    # of no kind and no status, of no version
    ("revision", "ck_revision_kind", CLOSING | {"kind": "sell"}),
    ("revision", "ck_revision_status", {"status": "draft"}),
    ("revision", "ck_revision_version_counts", {"version": 0}),
    # facts where none belong, none where some do; a merge into nothing or itself, a target of anything else
    ("revision", "ck_revision_fields_given", {"fields": "{}"}),
    ("revision", "ck_revision_fields_given", {"kind": "close"}),
    ("revision", "ck_revision_target_given", CLOSING | {"kind": "merge"}),
    ("revision", "ck_revision_target_given", CLOSING | {"target_id": 9}),
    ("revision", "ck_revision_target_another", CLOSING | {"kind": "merge", "target_id": 1}),
    # without a source or words, with what is no address, with too much
    ("revision", "ck_revision_source_given", {"source": ""}),
    ("revision", "ck_revision_source_given", {"words": ""}),
    ("revision", "ck_revision_source_url_web", {"source_url": "javascript:alert(1)"}),
    ("revision", "ck_revision_fields_length", {"fields": "x" * 10_001}),
    ("revision", "ck_revision_base_length", {"base": "x" * 10_001}),
    ("revision", "ck_revision_source_length", {"source": "x" * 201}),
    ("revision", "ck_revision_source_url_length", {"source_url": f"http://{'x' * 500}"}),
    ("revision", "ck_revision_words_length", {"words": "x" * 1001}),
    ("revision", "ck_revision_idempotency_key_length", {"idempotency_key": ""}),
    # held by half, or while nobody may decide it
    ("revision", "ck_revision_claim_begun", LEASE | {"claimed_by_id": None}),
    ("revision", "ck_revision_claim_whole", LEASE | {"claim_until": None}),
    ("revision", "ck_revision_claim_whole", LEASE | {"claim_until": LEASE["claimed_at"]}),
    ("revision", "ck_revision_claim_while_waiting", LEASE | {"status": "changes_requested"}),
    # of no listing, of no suggestion, by nobody, a second time under one number or name or on one version
    ("listing_decision", "fk_listing_decision_clinic_id", {"clinic_id": 9}),
    ("listing_decision", "fk_listing_decision_revision_id", {"revision_id": 9}),
    ("listing_decision", "fk_listing_decision_actor_id", {"actor_id": 9}),
    ("listing_decision", "pk_listing_decision", {"id": 1}),
    ("listing_decision", "uq_listing_decision_public_id", {"public_id": "one"}),
    ("listing_decision", "uq_listing_decision_revision_id_seen_version", {"seen_version": 1}),
    # an action, a status, a reason that there is not; too many words
    ("listing_decision", "ck_listing_decision_action", {"action": "sell"}),
    ("listing_decision", "ck_listing_decision_from_status", {"from_status": "draft"}),
    ("listing_decision", "ck_listing_decision_to_status", {"to_status": ""}),
    ("listing_decision", "ck_listing_decision_listing_from", {"listing_from": "sold"}),
    ("listing_decision", "ck_listing_decision_listing_to", {"listing_to": "moved"}),
    ("listing_decision", "ck_listing_decision_reason_code", {"reason_code": "dislike"}),
    ("listing_decision", "ck_listing_decision_reason_text_length", {"reason_text": "x" * 1001}),
    # hidden by a suggestion, approved without one; half a transition
    ("listing_decision", "ck_listing_decision_about_one_thing", HIDING | {"action": "approve", "until": None}),
    ("listing_decision", "ck_listing_decision_about_one_thing", {"action": "unhide"}),
    ("listing_decision", "ck_listing_decision_transition_whole", {"from_status": None}),
    ("listing_decision", "ck_listing_decision_transition_whole", {"to_status": None}),
    ("listing_decision", "ck_listing_decision_transition_whole", {"seen_version": None}),
    # against something without a reason or words; hidden for ever, anything else for a time
    *[("listing_decision", "ck_listing_decision_reason_given", {"action": action} | why)
      for action in ("decline", "request_changes")
      for why in ({"reason_code": "no_source"}, {"reason_text": "Words."})],
    ("listing_decision", "ck_listing_decision_reason_given", HIDING | {"reason_text": ""}),
    ("listing_decision", "ck_listing_decision_until_given", HIDING | {"until": None}),
    ("listing_decision", "ck_listing_decision_until_given", {"until": DAY}),
]  # fmt: skip
TAKEN = [
    ("revision", LEASE),
    ("revision", LEASE | {"status": "approved_once"}),
    ("revision", {"author_id": 1, "status": "declined"}),
    *[("revision", {"kind": kind} | ({} if kind.states_facts else {"fields": "{}"}))
      for kind in RevisionKind if kind is not RevisionKind.MERGE],
    ("revision", {"source_url": f"https://{'x' * 492}", "source": "x" * 200, "words": "x" * 1000}),
    ("revision", {"idempotency_key": "x" * 64}),
    ("listing_decision", HIDING),
    ("listing_decision", HIDING | {"action": "unhide", "until": None, "listing_from": "hidden", "reason_code": None}),
    *[("listing_decision", {"action": "decline", "reason_code": reason, "reason_text": "x" * 1000})
      for reason in ListingReason],
    ("listing_decision", {"action": "submit", "from_status": "", "to_status": "submitted", "seen_version": 0}),
]  # fmt: skip


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
