"""Reads of the audit chain."""

from sqlalchemy import Select, TextClause, select, text
from sqlalchemy.orm import InstrumentedAttribute

from directory.models import AuditEntry, Decision, Recheck, StoredRuling

#: "audi" in ASCII; any number will do that no other lock of ours uses.
_TURN_LOCK = 0x61756469


def turn_lock() -> TextClause:
    """Return the statement by which a PostgreSQL transaction waits for its turn to add to the record."""
    return text(f"SELECT pg_advisory_xact_lock({_TURN_LOCK})")


def begin_snapshot(engine: str) -> TextClause:
    """Return the statement after which a connection in AUTOCOMMIT sees one moment, until it is rolled back."""
    return text("BEGIN" if engine == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def last() -> Select[AuditEntry]:
    """The newest entry."""
    return select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)


def in_order() -> Select[AuditEntry]:
    """All entries from the first."""
    return select(AuditEntry).order_by(AuditEntry.seq)


def decisions() -> Select[Decision]:
    """All decisions, by id."""
    return select(Decision).order_by(Decision.id)


def unrecorded_rulings() -> Select[int]:
    """The ids of the rulings that stand in no decision of who ruled, in order."""
    return _unrecorded(StoredRuling, Decision.ruling_id)


def unrecorded_looks() -> Select[int]:
    """The ids of the re-checks that stand in no decision of who looked, in order."""
    return _unrecorded(Recheck, Decision.recheck_id)


def _unrecorded(kind: type[StoredRuling | Recheck], decided: InstrumentedAttribute[int | None]) -> Select[int]:
    decision = select(Decision.id).where(decided == kind.id, Decision.actor_id == kind.by_id)
    return select(kind.id).where(~decision.exists()).order_by(kind.id)
