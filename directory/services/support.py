"""Finds the confirmed signs whose evidence was taken back or made void, for moderators, log and public page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.access import SENTENCES, Actor, Permission, refusal
from directory.domain.card import Card, Entry, card
from directory.domain.checklist import Criterion, Value
from directory.domain.dossier import Dossier, held_up
from directory.domain.errors import Forbidden
from directory.domain.findings import RulingKind
from directory.domain.moderation import Action
from directory.domain.support import Lost, shaken
from directory.extensions import reading
from directory.queries import support as queries
from directory.services import checklists, handed_in
from directory.services.audit import in_utc
from directory.services.dossiers import gather
from directory.services.handed_in import ReviewedClinic


@dataclass(frozen=True)
class ShakenSign:
    """A confirmed sign to look at again, and the newest of what it has lost."""

    clinic: ReviewedClinic
    entry: Entry
    lost: Lost


def of_clinic(session: Session, clinic_id: int, shown: Card, dossier: Dossier) -> dict[str, Lost]:
    """Return the signs of a clinic to look at again on the day of its card; one statement where one was confirmed."""
    return of_clinics(session, {clinic_id: shown}, {clinic_id: dossier})[clinic_id]


def of_clinics(
    session: Session, shown: Mapping[int, Card], dossiers: Mapping[int, Dossier]
) -> dict[int, dict[str, Lost]]:
    """Return the same for each clinic by its id; one statement for all of them where a sign was confirmed at any."""
    ruled = [clinic_id for clinic_id in shown if _was_ruled_on(dossiers[clinic_id])]
    wanted = queries.of_clinics(queries.not_confirmed_since(queries.lost()), ruled)
    rows = session.execute(wanted).all() if ruled else ()
    return {
        clinic_id: shaken(each, dossiers[clinic_id], [_lost(row) for row in rows if row.clinic_id == clinic_id])
        for clinic_id, each in shown.items()
    }


def _was_ruled_on(dossier: Dossier) -> bool:
    return any(ruling.kind is RulingKind.CONFIRM for ruling in dossier.rulings)


def to_look_at_again(who: Actor, *, at: datetime) -> list[ShakenSign]:
    """Return the signs to look at again at all clinics to which `who` has no tie; five statements.

    Raises Forbidden for somebody without the role.
    """
    if refused := refusal(who, Permission.RULE):
        raise Forbidden(SENTENCES[refused])
    with reading() as session:
        clinics = session.scalars(queries.clinics(who.voice, at.date())).all()
        ids = [clinic.id for clinic in clinics]
        found = gather(session, ids)
        wanted = queries.of_clinics(queries.not_confirmed_since(queries.lost()), ids)
        rows = session.execute(wanted).all()
    signs: list[ShakenSign] = []
    for clinic in clinics:
        shown = card(checklists.current(), found[clinic.id], at.date())
        lost = shaken(shown, found[clinic.id], [_lost(row) for row in rows if row.clinic_id == clinic.id])
        place = handed_in.clinic(clinic)
        signs += [
            ShakenSign(place, each, lost[each.criterion.slug]) for each in shown.signs if each.criterion.slug in lost
        ]
    return signs


def confirmed_then(session: Session, decisions: Iterable[Any]) -> dict[int, Sequence[Criterion]]:
    """Return by decision the signs that were confirmed on the day on which it took part of their evidence away.

    `decisions` are rows of such decisions, with id and action; four statements where there are any.
    """
    ids = [row.id for row in decisions if row.action in {Action.WITHDRAW_AFTER, Action.VOID}]
    if not ids:
        return {}
    rows = session.execute(queries.of_decisions(queries.lost(), ids)).all()
    dossiers = gather(session, sorted({row.clinic_id for row in rows}))
    found: dict[int, list[Criterion]] = {}
    for row in rows:
        if _was_confirmed(dossiers[row.clinic_id], _lost(row), in_utc(row.at).date()):
            found.setdefault(row.decision_id, []).append(checklists.version(row.version).by_slug[row.criterion])
    return dict(found)


def _was_confirmed(dossier: Dossier, lost: Lost, on: date) -> bool:
    return (lost.criterion, lost.value) in held_up(checklists.version(lost.version), dossier.rulings, on)


def _lost(row: Any) -> Lost:
    return Lost(
        version=row.version,
        criterion=row.criterion,
        value=Value(row.value),
        observed_on=row.observed_on,
        action=Action(row.action),
        on=in_utc(row.at).date(),
    )
