"""The audit chain: who did what, in a line of hashes that shows any later change."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from directory.domain.cases import canonical
from directory.domain.moderation import Action
from directory.domain.revisions import ListingAction
from directory.extensions import db, reading, writing
from directory.models import AuditEntry, Decision, ListingDecision
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


class _Entered(NamedTuple):
    """What the chain says of a decision: the hash of the entry's body, and the hash of what it is about."""

    body: bytes
    content: str


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
    """Add a decision that has its id to the record, after all that it is about was written in the same turn."""
    body = _body(decision, _content_of(session, decision))
    enter(session, decision.action, actor_id=decision.actor_id, at=decision.at, body=body)


def enter_listing_decision(session: Session, decision: ListingDecision) -> None:
    """Add a decision on a listing that has its id to the record, after what was suggested was written in that turn."""
    body = _listing_body(decision, _suggested(session, decision))
    enter(session, decision.action, actor_id=decision.actor_id, at=decision.at, body=body)


def verify(head: str = "") -> Verified:
    """Walk the chain from its beginning, and hold against it the decisions and what they are about.

    `head` is a hash that was noted down outside: it must stand in the chain. The rows are read a part at a time, in as
    many statements for a million decisions as for one; what memory grows by is an id and two hashes a decision.
    """
    with snapshot() as session:
        entered: dict[str, _Entered] = {}
        found = _walk(session, head, entered)
        if found.problem:
            return found
        problem = _odd_decision(session, entered) or _unrecorded(session) or _odd_content(session, entered)
        return replace(found, problem=problem)


def in_utc(at: datetime) -> datetime:
    """Return a moment of the record in UTC: SQLite gives it back without its zone, PostgreSQL in the server's own."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _walk(session: Session, head: str, entered: dict[str, _Entered]) -> Verified:
    """Follow the chain to its end or its first fault, and fill `entered` by the decisions' public ids."""
    seq, last, seen = 0, NOTHING, head in {"", NOTHING}
    with session.scalars(queries.in_order()) as entries:
        for entry in entries:
            seq += 1
            if entry.seq != seq:
                return Verified(seq - 1, last, f"entry {seq} is missing")
            if entry.prev_hash != last or entry.hash != _hash(entry):
                return Verified(seq - 1, last, f"entry {seq} is not as it was written")
            last = entry.hash
            seen = seen or last == head
            body = json.loads(entry.body)
            subject = str(body.get("decision") or body.get("listing_decision") or "")
            if subject in entered:
                return Verified(seq, last, f"decision {subject} was entered twice")
            if subject:
                entered[subject] = _Entered(_digest(entry.body), str(body.get("content", "")))
    problem = "" if seen else f"no entry has the hash {head}: entries were taken away, or the chain is another"
    return Verified(seq, last, problem)


def _odd_decision(session: Session, entered: dict[str, _Entered]) -> str:
    left = set(entered)
    for decision, body in _decided(session):
        known = entered.get(decision.public_id)
        if known is None or known.body != _digest(canonical(body(known.content))):
            return f"decision {decision.public_id} is not as it was entered"
        left.discard(decision.public_id)
    return next((f"decision {public_id} was entered and is gone" for public_id in entered if public_id in left), "")


def _decided(session: Session) -> Iterator[tuple[Decision | ListingDecision, Callable[[str], dict[str, object]]]]:
    """Yield every decision with what makes of its content the body of its entry."""
    with session.scalars(queries.decisions()) as decisions:
        for decision in decisions:
            yield decision, partial(_body, decision)
    with session.scalars(queries.listing_decisions()) as on_listings:
        for on_listing in on_listings:
            yield on_listing, partial(_listing_body, on_listing)


def _unrecorded(session: Session) -> str:
    kinds = (
        ("ruling", queries.unrecorded_rulings()),
        ("re-check", queries.unrecorded_looks()),
        ("suggestion", queries.unrecorded_suggestions()),
        ("listing", queries.unrecorded_listings()),
    )
    for kind, unrecorded in kinds:
        number = session.scalars(unrecorded.limit(1)).first()
        if number is not None:
            return f"{kind} {number} stands in no decision"
    return ""


def _odd_content(session: Session, entered: dict[str, _Entered]) -> str:
    for statement in (*queries.contents().values(), queries.suggested()):
        with session.execute(queries.in_parts(statement)).mappings() as rows:
            for public_id, about in groupby(rows, key=itemgetter("public_id")):
                if entered[public_id].content != _content(about):
                    return f"what decision {public_id} is about is not as it was entered"
    return ""


def _content_of(session: Session, decision: Decision) -> str:
    statement = queries.contents().get(Action(decision.action))
    if statement is None:
        return ""
    return _content(session.execute(queries.of_decision(statement, decision.id)).mappings())


def _suggested(session: Session, decision: ListingDecision) -> str:
    if decision.action != ListingAction.SUBMIT:
        return ""
    return _content(session.execute(queries.of_listing_decision(decision.id)).mappings())


def _content(rows: Iterable[RowMapping]) -> str:
    """Hash what a decision is about. What is None is left out, so that a column added later changes no hash."""
    about = [{name: _written(value) for name, value in row.items() if value is not None} for row in rows]
    return _digest(canonical(about)).hex()


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _body(decision: Decision, content: str) -> dict[str, object]:
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
        "words": _digest(decision.reason_text).hex(),
        "at": _moment(decision.at),
        "content": content,
    }


def _listing_body(decision: ListingDecision, content: str) -> dict[str, object]:
    return {
        "listing_decision": decision.public_id,
        "clinic": decision.clinic_id,
        "action": decision.action,
        "actor": decision.actor_id,
        "revision": decision.revision_id,
        "from": decision.from_status,
        "to": decision.to_status,
        "seen_version": decision.seen_version,
        "listing_from": decision.listing_from,
        "listing_to": decision.listing_to,
        "reason": decision.reason_code,
        "words": _digest(decision.reason_text).hex(),
        "until": decision.until.isoformat() if decision.until else None,
        "at": _moment(decision.at),
        "content": content,
    }


def _digest(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()


def _hash(entry: AuditEntry) -> str:
    whole = [entry.seq, _moment(entry.at), entry.actor_id, entry.action, entry.body, entry.prev_hash]
    return _digest(canonical(whole)).hex()


def _moment(at: datetime) -> str:
    return in_utc(at).isoformat()
