"""Writes rows by SQL text, past the services and, where a test asks for it, past the triggers.

LEAST holds one row of each table of the record that breaks no rule, in an order that foreign keys allow; BESIDE is what
else must stand, and OTHER makes of the least row another that may be added to all of it.
"""

from contextlib import contextmanager
from datetime import date

from sqlalchemy import ForeignKeyConstraint, Integer, text
from sqlalchemy.exc import DatabaseError

from directory.extensions import db
from directory.models import Base, triggers
from directory.models.base import now
from tests.support.clinics import clinic_row
from tests.support.tables import unguarded

DAY = date(2026, 11, 21)
LEAST = {
    "clinic": clinic_row(id=1, created_at=now(), updated_at=now()),
    "account": {
        "id": 1, "public_id": "one", "linked_to_id": None, "created_at": now(), "email": "One@clinic.example",
        "email_key": "one@clinic.example", "active": True, "fs_uniquifier": "one",
        "language": "en",
    },
    "account_role": {"account_id": 1, "name": "moderator", "granted_at": now()},
    "account_session": {
        "id": 1, "public_id": "one", "token": "one", "account_id": 1, "browser": "Firefox on Android",
        "created_at": now(), "seen_at": now(), "revoked_at": None,
    },
    "tie": {"id": 1, "account_id": 1, "clinic_id": 1, "kind": "owner", "declared_at": now(), "ends_on": None},
    "hold": {
        "id": 1, "clinic_id": 1, "began_at": now(), "until": DAY, "why": "burst", "by_id": None, "words": "",
        "ended_at": None, "ended_by_id": None, "ended_words": "",
    },
    "link_proposal": {
        "id": 1, "account_id": 1, "other_id": 2, "by_id": 2, "words": "They write alike.", "at": now(),
    },
    "checklist": {"version": "1", "published_on": DAY, "sha256": "0" * 64},
    "criterion": {"version": "1", "slug": "sign", "is_sign": True, "is_critical": True, "may_not_apply": False},
    "review": {
        "id": 1, "public_id": "one", "author_id": 1, "clinic_id": 1, "checklist_version": "1", "status": "submitted",
        "version": 2, "idempotency_key": "key", "created_at": now(), "submitted_at": now(),
        "claimed_by_id": None, "claimed_at": None, "claim_until": None,
    },
    "draft": {"review_id": 1, "fields": "{}", "version": 1, "saved_at": now()},
    "answer": {
        "id": 1, "review_id": 1, "checklist_version": "1", "criterion": "sign", "value": "yes", "tier": 3,
        "observed_on": DAY, "is_whole_site_read": False,
    },
    "evidence": {
        "id": 1, "answer_id": 1, "kind": "link", "seen_on": DAY, "url": "https://clinic.example", "quote": "So.",
        "note": "", "archive_url": "",
    },
    "recheck": {"id": 1, "answer_id": 1, "by_id": 2, "has_seen": True, "at": now()},
    "ruling": {
        "id": 1, "clinic_id": 1, "checklist_version": "1", "criterion": "sign", "kind": "confirm", "by_id": 2,
        "told_on": date(2026, 11, 1), "in_force_on": DAY, "at": now(),
    },
    "notice": {
        "id": 1, "clinic_id": 1, "checklist_version": "1", "criterion": "sign", "told_on": DAY, "how": "phone",
        "words": "I called.", "by_id": 2, "at": now(),
    },
    "void_vote": {
        "id": 1, "review_id": 1, "by_id": 2, "reason_code": "paid_or_rewarded", "words": "An invoice.", "at": now(),
    },
    "wish": {"id": 1, "review_id": 1, "by_id": 1, "words": "", "at": now(), "ended_at": None},
    "decision": {
        "id": 1, "public_id": "one", "clinic_id": 1, "action": "approve", "actor_id": 2, "review_id": 1,
        "recheck_id": None, "ruling_id": None, "from_status": "submitted", "to_status": "approved", "seen_version": 2,
        "reason_code": None, "reason_text": "", "at": now(),
    },
    "answer_decision": {
        "decision_id": 1, "answer_id": 1, "outcome": "accepted", "reason_code": None, "reason_text": "",
    },
    "score": {
        "id": 1, "clinic_id": 1, "checklist_version": "1", "scorer_version": 1, "as_of": DAY, "grade": "grey",
        "low": 0, "high": 100, "settled": 0, "inputs": "{}", "input_sha256": "0" * 64, "explanation": "{}", "at": now(),
    },
    "revision": {
        "id": 1, "public_id": "one", "clinic_id": 1, "kind": "edit", "target_id": None, "author_id": 1,
        "status": "submitted", "version": 1, "fields": '{"phone":""}', "base": "{}", "source": "Their own site",
        "source_url": "", "seen_on": DAY, "words": "I called.", "idempotency_key": "key", "submitted_at": now(),
        "claimed_by_id": None, "claimed_at": None, "claim_until": None,
    },
    "listing_decision": {
        "id": 1, "public_id": "one", "clinic_id": 1, "revision_id": 1, "action": "approve", "actor_id": 2,
        "from_status": "submitted", "to_status": "approved", "seen_version": 1, "listing_from": "published",
        "listing_to": "published", "reason_code": None, "reason_text": "", "until": None, "at": now(),
    },
    "audit": {
        "seq": 1, "at": now(), "actor_id": None, "action": "expire", "body": "{}", "prev_hash": "0" * 64,
        "hash": "1" * 64,
    },
    "outbox": {
        "id": 1, "message_id": "<one@clinic.example>", "kind": "confirm", "recipient": "one@clinic.example",
        "subject": "Confirm your address", "body": "Follow this link.", "created_at": now(), "expires_at": now(),
        "attempts": 0, "due_at": now(), "sent_at": None, "given_up_at": None,
    },
}  # fmt: skip
BESIDE = (
    ("account", {"id": 2, "public_id": "two", "email": None, "email_key": None, "fs_uniquifier": None}),
    ("review", {"id": 2, "public_id": "two", "author_id": 2, "idempotency_key": "two", "status": "declined"}),
    ("criterion", {"slug": "second"}),
    ("criterion", {"slug": "third"}),
    ("answer", {"id": 2, "criterion": "second"}),
)
OTHER = {
    "clinic": {"id": 2, "public_id": "other", "source_key": "other"},
    "account": {"id": 3, "public_id": "other", "email": None, "email_key": None, "fs_uniquifier": None},
    "account_role": {"name": "administrator"},
    "account_session": {"id": 2, "public_id": "other", "token": "other"},
    "tie": {"id": 2},
    "hold": {"id": 2},
    "link_proposal": {"id": 2, "by_id": 1},
    "checklist": {"version": "other"},
    "criterion": {"slug": "other"},
    "review": {"id": 3, "public_id": "other", "author_id": 2, "idempotency_key": "other"},
    "draft": {"review_id": 2},
    "answer": {"id": 3, "criterion": "third"},
    "evidence": {"id": 2},
    "recheck": {"id": 2, "by_id": 1},
    "ruling": {"id": 2, "by_id": 1},
    "notice": {"id": 2},
    "void_vote": {"id": 2, "by_id": 1},
    "wish": {"id": 2, "review_id": 2},
    "decision": {"id": 2, "public_id": "other", "seen_version": 3},
    "answer_decision": {"answer_id": 2},
    "score": {"id": 2},
    "revision": {"id": 2, "public_id": "other", "author_id": 2, "idempotency_key": "other"},
    "listing_decision": {"id": 2, "public_id": "other", "seen_version": 2},
    "audit": {"seq": 2, "hash": "2" * 64},
    "outbox": {"id": 2, "message_id": "<other@clinic.example>"},
}


def insert_raw(table, row):
    """Insert by SQL text and commit; after an error the session is ready for the next attempt."""
    try:
        add(table, row)
        db.session.commit()
    except DatabaseError:
        db.session.rollback()
        raise


def add(table, row):
    """Insert by SQL text, and leave the transaction open."""
    adapted = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"
    db.session.execute(text(statement), adapted)


@contextmanager
def without_triggers(dropped=triggers.TRIGGERS):
    """Take triggers away, all of them where none are named; whatever is done meanwhile is taken back at the end."""
    engine = db.engine.dialect.name
    away = [trigger for trigger in dropped if trigger.statements(engine)]
    drop = "DROP TRIGGER {}" if engine == "sqlite" else "DROP FUNCTION {}() CASCADE"
    db.session.execute(text("SELECT count(*) FROM account"))  # SQLite sees by it what others did to the tables
    try:
        for trigger in away:
            db.session.execute(text(drop.format(trigger.name)))
        yield
    finally:
        db.session.rollback()


def tamper(*statements):
    """Change what the triggers guard, as somebody may who can drop them, and put them back."""
    with unguarded(*{trigger.table for trigger in triggers.TRIGGERS}):
        try:
            for statement in statements:
                db.session.connection().exec_driver_sql(statement)
            db.session.commit()
        finally:
            db.session.rollback()  # after an error the triggers could not be put back


@contextmanager
def standing():
    """Let the least rows and what stands beside them be there, without triggers, which see a row before its checks."""
    with without_triggers():
        for table, row in LEAST.items():
            for change in ({}, *(change for name, change in BESIDE if name == table)):
                add(table, row | change)
        yield


def add_other(table, change):
    """Add another row of `table`, least but for `change`."""
    add(table, LEAST[table] | OTHER[table] | change)


def said_by(table, name):
    """Return a pattern for what either engine says where the constraint or unique index `name` refuses a row."""
    constraint = rules(table)[name]
    columns = ", ".join(f"{table}.{column.name}" for column in getattr(constraint, "columns", ()))
    if isinstance(constraint, ForeignKeyConstraint):
        return f"FOREIGN KEY constraint failed|{name}"
    return f"{name}|UNIQUE constraint failed: {columns}\\n" if columns else name


def rules(table):
    """Return every constraint and unique index of a table by name."""
    found = Base.metadata.tables[table]
    return {rule.name: rule for rule in (*found.constraints, *(index for index in found.indexes if index.unique))}


def needed(table):
    """Return the columns that a row cannot do without; a whole number that is the key comes by itself."""
    found = Base.metadata.tables[table]
    numbered = [column.name for column in found.primary_key if isinstance(column.type, Integer)]
    by_itself = numbered if numbered == found.primary_key.columns.keys() and len(numbered) == 1 else []
    return [column.name for column in found.columns if not (column.nullable or column.name in by_itself)]
