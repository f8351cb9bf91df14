"""Holds what somebody wants to do against the permission matrix: who they are, what it is to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from directory.domain import ties
from directory.domain.access import SENTENCES, Actor, Permission, Refusal, Role, Thing, refusal
from directory.domain.errors import Forbidden, NotFound, Tied
from directory.domain.labels import N_
from directory.domain.ties import Declared, TieKind
from directory.models import Tie
from directory.queries import accounts as queries

#: What their newest word on a tie settles; everything else is settled by every word that holds.
_BY_THE_LAST_WORD = {Permission.WRITE_REVIEW}


@dataclass(frozen=True, kw_only=True)
class About:
    """What is acted on: its clinic, who wrote it, and the voices that stand for them or for others who took part.

    `also` are the other clinics that it is about: a tie to one of them is a tie.
    """

    clinic_id: int
    also: frozenset[int] = frozenset()
    authors: frozenset[int] = frozenset()
    voices: frozenset[int] = frozenset()


def actor(session: Session, account_id: int) -> Actor:
    """Return who an account is, by one statement; NotFound where there is none."""
    rows = session.execute(queries.standing(), {"account_id": account_id}).all()
    if not rows:
        raise NotFound(N_("There is no such account."))
    return Actor(
        account_id=account_id,
        voice=rows[0].voice,
        roles=frozenset(Role(row.name) for row in rows if row.name),
        has_second_factor=rows[0].tf_primary_method is not None,
    )


def require(session: Session, permission: Permission, account_id: int, about: About, *, at: datetime) -> Actor:
    """Return the actor where they may do that; Forbidden, with the reason, where they may not."""
    who = actor(session, account_id)
    if refused := refusal(who, permission, thing(session, who, permission, about, today=at.date())):
        raise (Tied if refused is Refusal.TIE else Forbidden)(SENTENCES[refused])
    return who


def thing(session: Session, who: Actor, permission: Permission, about: About, *, today: date) -> Thing:
    """Return what is acted on as it stands to `who`."""
    clinics = [about.clinic_id, *about.also]
    rows = session.execute(queries.ties(), {"voice": who.voice, "clinic_ids": clinics})
    declared = [Declared(row.clinic_id, TieKind(row.kind), row.ends_on) for row in rows]
    settle = ties.newest if permission in _BY_THE_LAST_WORD else ties.held
    return Thing(authors=about.authors, voices=about.voices, ties=settle(declared, today))


def voices(session: Session, account_ids: Iterable[int]) -> frozenset[int]:
    """Return the accounts that stand for these."""
    return frozenset(session.scalars(queries.voices(account_ids)))


def declare(session: Session, kind: TieKind, account_id: int, clinic_id: int, *, at: datetime) -> None:
    """Note down what somebody says of their tie to a clinic; a no-op where that is what they said last."""
    last = session.execute(queries.last_tie(account_id, clinic_id)).one_or_none()
    if last and last.kind == kind and Declared(clinic_id, kind, last.ends_on).holds(at.date()):
        return
    ends_on = ties.ends_on(kind, at.date())
    session.add(Tie(account_id=account_id, clinic_id=clinic_id, kind=kind, declared_at=at, ends_on=ends_on))
    session.flush()
