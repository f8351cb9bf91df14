"""Triggers: what no CHECK can say, refused by the database itself on both engines.

A guard (models.guards) refuses a change to a row while its condition holds. A migration that touches a table ends with
create() for it: SQLite's batch mode drops triggers without a word.
The SQL is made of words of ours alone and takes no value from outside, which the marks for the linter rest on.
"""

from collections.abc import Iterable, Mapping

from directory.domain.moderation import AUTHORS_OWN, DAYS_TO_REPLY, DECISIONS, OPEN, STOOD_BY, TRANSITIONS, WRITABLE
from directory.domain.ties import MAY_REVIEW
from directory.models.after_guards import ON_WHAT_COMES_AFTER
from directory.models.conditions import (
    IS_CLAIMED,
    OWN_RULING,
    OWN_WORK,
    TIED,
    held,
    is_author,
    is_tied,
    never_swept_away,
    voice,
    words,
)
from directory.models.guards import EmptyingGuard, Guard
from directory.models.hold_guards import ON_HOLDS
from directory.models.listing_guards import ON_LISTINGS
from directory.models.merged_guards import ON_MERGED

#: The record: tables to which rows are added and never changed, with the keys by which REPLACE would find a row. In
#: SQLite a table without a whole number for its key has one all the same, the rowid.
APPEND_ONLY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "checklist": (("rowid",), ("version",)),
    "criterion": (("rowid",), ("version", "slug")),
    "decision": (("id",), ("public_id",), ("review_id", "seen_version"), ("recheck_id",), ("ruling_id",)),
    "answer_decision": (("rowid",), ("decision_id", "answer_id")),
    "recheck": (("id",), ("answer_id", "by_id")),
    "ruling": (("id",), ("clinic_id", "criterion", "kind", "by_id", "in_force_on")),
    "score": (("id",),),
    "audit": (("seq",), ("hash",)),
    "tie": (("id",),),
    "notice": (("id",),),
    "link_proposal": (("id",), ("by_id", "account_id", "other_id")),
    "void_vote": (("id",), ("review_id", "by_id")),
    "listing_decision": (("id",), ("public_id",), ("revision_id", "seen_version")),
}


def create(engine: str, tables: Iterable[str], *, without: Iterable[str] = ()) -> list[str]:
    """Return the statements that make all triggers of `tables` but those named in `without`, in order."""
    return [sql for trigger in _on(tables, without) for sql in trigger.statements(engine)]


def drop(engine: str, tables: Iterable[str], *, without: Iterable[str] = ()) -> list[str]:
    """Return the statements that take the same triggers away."""
    present = [trigger for trigger in _on(tables, without) if trigger.statements(engine)]
    if engine == "sqlite":
        return [f"DROP TRIGGER {trigger.name}" for trigger in present]
    return [f"DROP FUNCTION {trigger.name}() CASCADE" for trigger in present]


def _on(tables: Iterable[str], without: Iterable[str]) -> list[Guard | EmptyingGuard]:
    wanted, left_out = set(tables), set(without)
    return [trigger for trigger in TRIGGERS if trigger.table in wanted and trigger.name not in left_out]


def _append_only(table: str, keys: Iterable[tuple[str, ...]]) -> list[Guard | EmptyingGuard]:
    message = f"rows of {table} are added and never changed"
    taken = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys)
    return [
        Guard(f"{table}_no_update", table, "UPDATE", "TRUE", message),
        Guard(f"{table}_no_delete", table, "DELETE", "TRUE", message),
        *never_swept_away(table, message, *taken),
    ]


def _always(name: str, table: str, condition: str, message: str) -> list[Guard]:
    return [Guard(f"{name}_{event.lower()}", table, event, condition, message) for event in ("INSERT", "UPDATE")]


_ALLOWED = " OR ".join(
    f"(OLD.status = '{status}' AND NEW.status = '{after}')" for (status, _), after in TRANSITIONS.items()
)
_ENTERED = " OR ".join(
    f"(NEW.from_status = '{status}' AND NEW.action = '{action}' AND NEW.to_status = '{after}')"
    for (status, action), after in TRANSITIONS.items()
)
_OF_THE_ANSWER = "JOIN answer AS a ON a.review_id = r.id WHERE a.id = NEW.answer_id"
_OF_THE_SIGN = (
    "JOIN answer AS a ON a.review_id = r.id WHERE r.clinic_id = NEW.clinic_id AND a.criterion = NEW.criterion"
    f" AND r.status IN ({words(STOOD_BY)}) AND a.value IN ('yes', 'no')"
)
_RULED_BY_THE_AUTHOR = (
    "EXISTS (SELECT 1 FROM review AS r JOIN ruling AS g ON g.clinic_id = r.clinic_id"  # nosec B608
    f" WHERE r.id = NEW.review_id AND g.criterion = NEW.criterion AND {voice('g.by_id')} = {voice('r.author_id')})"
)
#: The last word of the author on their tie to the clinic; no word is none that lets them review it.
_DECLARED = (
    "COALESCE((SELECT t.kind FROM tie AS t WHERE t.account_id = NEW.actor_id AND t.clinic_id = NEW.clinic_id"  # nosec B608
    " ORDER BY t.id DESC LIMIT 1), '')"
)
_RECORD_FIRST = "a review changes its status only by a decision in the record"


def _not_writable(review: str) -> str:
    return f"(SELECT status FROM review WHERE id = {review}) NOT IN ({words(WRITABLE)})"  # nosec B608


def _only_while_written(table: str, old: str, new: str) -> list[Guard | EmptyingGuard]:
    message = f"{table} of a review that was handed in cannot be changed"
    return [
        Guard(f"{table}_insert_while_written", table, "INSERT", _not_writable(new), message),
        Guard(
            f"{table}_update_while_written",
            table,
            "UPDATE",
            # A new id would let UPDATE OR REPLACE push another row out.
            f"OLD.id <> NEW.id OR {_not_writable(old)} OR {_not_writable(new)}",
            message,
        ),
        Guard(f"{table}_delete_while_written", table, "DELETE", _not_writable(old), message),
        *never_swept_away(table, message, "id = NEW.id"),
    ]


TRIGGERS: tuple[Guard | EmptyingGuard, ...] = (
    *[guard for table, keys in APPEND_ONLY.items() for guard in _append_only(table, keys)],
    *_only_while_written("answer", "OLD.review_id", "NEW.review_id"),
    *_only_while_written(
        "evidence",
        "(SELECT review_id FROM answer WHERE id = OLD.answer_id)",
        "(SELECT review_id FROM answer WHERE id = NEW.answer_id)",
    ),
    Guard("review_begins_as_draft", "review", "INSERT", "NEW.status <> 'draft'", "a review begins as a draft"),
    Guard("review_delete_draft_only", "review", "DELETE", "OLD.status <> 'draft'", "only a draft can be deleted"),
    *never_swept_away(
        "review", "only a draft can be deleted", "id = NEW.id", "public_id = NEW.public_id",
        "author_id = NEW.author_id AND idempotency_key = NEW.idempotency_key",
        f"author_id = NEW.author_id AND clinic_id = NEW.clinic_id AND status IN ({words(OPEN)})",
    ),
    Guard(
        "review_stays_its_own", "review", "UPDATE",
        "OLD.author_id <> NEW.author_id OR OLD.clinic_id <> NEW.clinic_id OR OLD.id <> NEW.id"
        " OR OLD.checklist_version <> NEW.checklist_version OR OLD.public_id <> NEW.public_id"
        " OR OLD.idempotency_key <> NEW.idempotency_key",
        "author, clinic and checklist of a review stay as they are",
    ),
    Guard(
        "review_transition", "review", "UPDATE", f"OLD.status <> NEW.status AND NOT ({_ALLOWED})",
        "a review cannot go from that status to this one",
    ),
    Guard(
        "review_by_decision", "review", "UPDATE",
        "(OLD.status <> NEW.status OR OLD.version <> NEW.version) AND (NEW.version <> OLD.version + 1"
        " OR NOT EXISTS (SELECT 1 FROM decision AS d WHERE d.review_id = NEW.id AND d.seen_version = OLD.version"
        " AND d.from_status = OLD.status AND d.to_status = NEW.status))",
        _RECORD_FIRST,
    ),
    Guard(
        "review_claim_own_work", "review", "UPDATE",
        f"{IS_CLAIMED} AND {voice('NEW.claimed_by_id')} = {voice('NEW.author_id')}",
        "nobody claims their own work",
    ),
    Guard(
        "review_claim_tied", "review", "UPDATE",
        f"{IS_CLAIMED} AND {is_tied('NEW.claimed_by_id', 'NEW.clinic_id', '$claimed')}",
        "nobody claims a review of a clinic to which they have a tie",
    ),
    Guard(
        "decision_own_work", "decision", "INSERT",
        f"NEW.review_id IS NOT NULL AND NEW.action NOT IN ({words(AUTHORS_OWN)})"
        f" AND {is_author('NEW.actor_id', 'WHERE r.id = NEW.review_id')}",
        OWN_WORK,
    ),
    Guard(
        "decision_authors_own", "decision", "INSERT",
        f"NEW.action IN ({words(AUTHORS_OWN)})"  # nosec B608
        " AND NOT EXISTS (SELECT 1 FROM review AS r WHERE r.id = NEW.review_id AND r.author_id = NEW.actor_id)",
        "only the author hands in or withdraws a review",
    ),
    Guard(
        "decision_tied", "decision", "INSERT",
        f"NEW.action NOT IN ({words(AUTHORS_OWN)}) AND {is_tied('NEW.actor_id', 'NEW.clinic_id', '$day')}",
        TIED,
    ),
    Guard(
        "decision_while_held", "decision", "INSERT",
        f"NEW.action IN ({words(DECISIONS)}) AND {held('NEW.clinic_id', '$day')}",
        "reviews of this clinic are held",
    ),
    Guard(
        "decision_tie_declared", "decision", "INSERT",
        f"NEW.action = 'submit' AND {_DECLARED} NOT IN ({words(MAY_REVIEW)})",
        "a review is handed in by somebody who declared no tie to the clinic, or that of a patient",
    ),
    Guard(
        "decision_as_it_stands", "decision", "INSERT",
        "NEW.review_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review AS r WHERE r.id = NEW.review_id"
        " AND r.status = NEW.from_status AND r.version = NEW.seen_version)",
        "a decision is on a review as it stands",
    ),
    Guard(
        "decision_transition", "decision", "INSERT", f"NEW.review_id IS NOT NULL AND NOT ({_ENTERED})",
        "a decision takes a review where its action leads",
    ),
    Guard(
        "decision_of_its_clinic", "decision", "INSERT",
        "(NEW.review_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM review AS r WHERE r.id = NEW.review_id AND r.clinic_id = NEW.clinic_id))"
        " OR (NEW.ruling_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ruling AS g"
        " WHERE g.id = NEW.ruling_id AND g.clinic_id = NEW.clinic_id AND g.by_id = NEW.actor_id))"
        " OR (NEW.recheck_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM recheck AS k"
        " JOIN answer AS a ON a.id = k.answer_id JOIN review AS r ON r.id = a.review_id"
        " WHERE k.id = NEW.recheck_id AND r.clinic_id = NEW.clinic_id AND k.by_id = NEW.actor_id))",
        "a decision names the clinic and the actor of what it is about",
    ),
    Guard("recheck_own_work", "recheck", "INSERT", is_author("NEW.by_id", _OF_THE_ANSWER), OWN_WORK),
    Guard("ruling_own_work", "ruling", "INSERT", is_author("NEW.by_id", _OF_THE_SIGN), OWN_WORK),
    Guard("ruling_tied", "ruling", "INSERT", is_tied("NEW.by_id", "NEW.clinic_id", "$day"), TIED),
    Guard("notice_tied", "notice", "INSERT", is_tied("NEW.by_id", "NEW.clinic_id", "$day"), TIED),
    Guard(
        "recheck_tied", "recheck", "INSERT",
        is_tied(
            "NEW.by_id",
            "(SELECT r.clinic_id FROM review AS r JOIN answer AS a ON a.review_id = r.id WHERE a.id = NEW.answer_id)",
            "$day",
        ),
        TIED,
    ),
    *_always("answer_own_ruling", "answer", f"NEW.value IN ('yes', 'no') AND {_RULED_BY_THE_AUTHOR}", OWN_RULING),
    Guard(
        "ruling_two_people", "ruling", "INSERT",
        "EXISTS (SELECT 1 FROM ruling AS g WHERE g.clinic_id = NEW.clinic_id AND g.criterion = NEW.criterion"  # nosec B608
        " AND g.kind = NEW.kind AND g.in_force_on = NEW.in_force_on"
        f" AND {voice('g.by_id')} = {voice('NEW.by_id')})",
        "two accounts of one person are one person",
    ),
    Guard(
        "ruling_after_reply", "ruling", "INSERT", "NEW.kind = 'confirm' AND NEW.in_force_on < $reply_over",
        f"a confirmation comes into force {DAYS_TO_REPLY} days after the clinic was told",
    ),
    Guard(
        "ruling_on_a_sign", "ruling", "INSERT",
        "EXISTS (SELECT 1 FROM criterion AS c WHERE c.version = NEW.checklist_version AND c.slug = NEW.criterion"
        " AND (NOT c.is_sign OR (NEW.kind = 'confirm' AND NOT c.is_critical)))",
        "only warning signs are ruled on, and only critical ones confirmed",
    ),
    Guard(
        "answer_decision_of_its_review", "answer_decision", "INSERT",
        "NOT EXISTS (SELECT 1 FROM decision AS d JOIN answer AS a ON a.review_id = d.review_id"
        " WHERE d.id = NEW.decision_id AND a.id = NEW.answer_id AND d.action = 'approve')",
        "an approval is about the answers of its own review",
    ),
    Guard(
        "answer_decision_tier", "answer_decision", "INSERT",
        "NEW.outcome <> 'dropped' AND EXISTS (SELECT 1 FROM answer AS a WHERE a.id = NEW.answer_id"
        " AND a.value IN ('yes', 'no') AND NOT EXISTS (SELECT 1 FROM evidence AS e WHERE e.answer_id = a.id AND ("
        "(a.tier = 3 AND e.kind IN ('link', 'page_read')) OR (a.tier = 2 AND e.kind = 'document')"
        " OR (a.tier = 1 AND e.kind = 'first_hand'))))",
        "an answer counts only on evidence of its tier",
    ),
    *_always(
        "answer_may_not_apply", "answer",
        "NEW.value = 'not_applicable' AND NOT EXISTS (SELECT 1 FROM criterion AS c"
        " WHERE c.version = NEW.checklist_version AND c.slug = NEW.criterion AND c.may_not_apply)",
        "this question always applies",
    ),
    Guard(
        "audit_in_line", "audit", "INSERT",
        "NEW.seq <> COALESCE((SELECT max(seq) FROM audit), 0) + 1 OR NEW.prev_hash <>"  # nosec B608
        f" COALESCE((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), '{'0' * 64}')",
        "an entry of the audit chain follows the last one",
    ),
    *_always(
        "account_flat_links", "account",
        "NEW.linked_to_id IS NOT NULL AND (EXISTS (SELECT 1 FROM account WHERE linked_to_id = NEW.id)"
        " OR EXISTS (SELECT 1 FROM account WHERE id = NEW.linked_to_id AND linked_to_id IS NOT NULL))",
        "accounts are linked to the one that stands for the group",
    ),
    *ON_HOLDS,
    *ON_LISTINGS,
    *ON_MERGED,
    *ON_WHAT_COMES_AFTER,
)  # fmt: skip
