"""The audit chain: who did what, in a line of hashes that shows any later change."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from directory.domain.cases import canonical
from directory.extensions import db, reading, writing
from directory.models import AuditEntry, Decision
from directory.queries import audit as queries

#: What the first entry follows.
NOTHING = "0" * 64
_IN_TURN = "in turn"


@dataclass(frozen=True)
class Verified:
    """What a walk along the chain found: `problem` is "" where every entry holds; `head` is the last entry's hash."""

    entries: int
    head: str
    problem: str = ""


@contextmanager
def snapshot() -> Iterator[Session]:
    """Yield a session whose reads all see one moment, however long they take; writers do not wait for it."""
    with reading() as session:
        # It ends with the session: the pool rolls back what it is given back.
        session.execute(queries.begin_snapshot(session.get_bind().dialect.name))
        yield session


@contextmanager
def turn() -> Iterator[Session]:
    """Yield the session of a transaction that alone may add to the record; others wait until it has ended.

    A turn inside of a turn is part of it: all of it is written, or nothing.
    """
    if db.session().info.get(_IN_TURN):
        yield db.session()
        return
    with writing() as session:
        session.info[_IN_TURN] = True
        try:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(queries.turn_lock())
            yield session
        finally:
            session.info.pop(_IN_TURN)


def enter(session: Session, action: str, *, actor_id: int | None, at: datetime, body: dict[str, object]) -> None:
    """Add an entry in this turn. `body` holds ids, words of closed lists and dates, never personal data.

    Raises ValueError for a moment that is not in UTC: SQLite forgets the zone, and the record would accuse itself.
    """
    if at.utcoffset() != timedelta(0):
        raise ValueError(f"{at} is not in UTC")
    last = session.scalars(queries.last()).first()
    entry = AuditEntry(
        seq=last.seq + 1 if last else 1,
        at=at,
        actor_id=actor_id,
        action=action,
        body=canonical(body),
        prev_hash=last.hash if last else NOTHING,
    )
    entry.hash = _hash(entry)
    session.add(entry)
    session.flush()


def enter_decision(session: Session, decision: Decision) -> None:
    """Add a decision that has its id to the record."""
    body = _body(decision)
    enter(session, decision.action, actor_id=decision.actor_id, at=decision.at, body=body)


def verify(head: str = "") -> Verified:
    """Walk the chain from its beginning and hold the decisions against it.

    `head` is a hash that was noted down outside: it must stand in the chain. Memory stays bounded but for one short
    text a decision.
    """
    with snapshot() as session:
        seq, last, seen, entered = 0, NOTHING, head in {"", NOTHING}, dict[str, str]()
        for entry in session.scalars(queries.in_order()).yield_per(1000):
            seq += 1
            if entry.seq != seq:
                return Verified(seq - 1, last, f"entry {seq} is missing")
            if entry.prev_hash != last or entry.hash != _hash(entry):
                return Verified(seq - 1, last, f"entry {seq} is not as it was written")
            last = entry.hash
            seen = seen or last == head
            if (subject := _subject(entry.body)) in entered:
                return Verified(seq, last, f"decision {subject} was entered twice")
            if subject:
                entered[subject] = entry.body
        if not seen:
            return Verified(
                seq, last, f"no entry has the hash {head}: entries were taken away, or the chain is another"
            )
        return Verified(seq, last, _odd_decision(session, entered))


def in_utc(at: datetime) -> datetime:
    """Return a moment of the record in UTC: SQLite gives it back without its zone, PostgreSQL in the server's own."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _odd_decision(session: Session, entered: dict[str, str]) -> str:
    decisions = {decision.public_id: canonical(_body(decision)) for decision in session.scalars(queries.decisions())}
    for public_id, body in decisions.items():
        if entered.get(public_id) != body:
            return f"decision {public_id} is not as it was entered"
    for public_id in entered:
        if public_id not in decisions:
            return f"decision {public_id} was entered and is gone"
    for kind, unrecorded in (("ruling", queries.unrecorded_rulings()), ("re-check", queries.unrecorded_looks())):
        for number in session.scalars(unrecorded):
            return f"{kind} {number} stands in no decision"
    return ""


def _subject(body: str) -> str:
    """Return the public id of the decision that an entry is about, or ""."""
    return str(json.loads(body).get("decision", ""))


def _body(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.public_id,
        "clinic": decision.clinic_id,
        "action": decision.action,
        "actor": decision.actor_id,
        "review": decision.review_id,
        "recheck": decision.recheck_id,
        "ruling": decision.ruling_id,
        "from": decision.from_status,
        "to": decision.to_status,
        "seen_version": decision.seen_version,
        "reason": decision.reason_code,
        "words": hashlib.sha256(decision.reason_text.encode()).hexdigest(),
        "at": _moment(decision.at),
    }


def _hash(entry: AuditEntry) -> str:
    whole = [entry.seq, _moment(entry.at), entry.actor_id, entry.action, entry.body, entry.prev_hash]
    return hashlib.sha256(canonical(whole).encode("ascii")).hexdigest()


def _moment(at: datetime) -> str:
    return in_utc(at).isoformat()
