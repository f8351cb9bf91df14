"""Rules on warning signs: that a critical one holds, or that a clinic mended one; either takes two people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from directory.domain import dossier as dossiers
from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter
from directory.domain.findings import QUORUM, RulingKind, find, in_force, live
from directory.domain.labels import N_
from directory.domain.moderation import DAYS_TO_REPLY, Action, check_reason
from directory.models import Decision, Notice, StoredRuling
from directory.queries import rulings as queries
from directory.services import access, audit, checklists, scores
from directory.services.access import About
from directory.services.dossiers import PEOPLE_TO_REMEDY, gather
from directory.services.moderation import enter, listed


@dataclass(frozen=True)
class ClinicSign:
    """A warning sign of one clinic, both by their public names."""

    clinic: str
    criterion: str


def confirm(sign: ClinicSign, *, moderator_id: int, told_on: date, at: datetime, notice: Notice | None = None) -> date:
    """Rule that a critical sign holds, and return the day on which that comes into force: a week after `told_on`.

    `notice` is how the clinic was told on that day, where nobody has noted it down yet. It takes two people. Raises
    NotFound; InvalidParameter where the sign is not critical, where the evidence is not that of a quorum on this day,
    or where the clinic was not told, or told before any of it was seen; Forbidden for an author of an answer on the
    sign, a tie or a missing role; Conflict on the second time for the same day.
    """
    if told_on > at.date():
        raise InvalidParameter("told_on", N_("Give the day on which the clinic was told. It cannot lie in the future."))
    with audit.turn() as session:
        ruling = _ruling(session, sign, RulingKind.CONFIRM, moderator_id, at)
        _refuse_unless_raised(session, ruling, told_on)
        ruling.told_on = told_on
        ruling.in_force_on = max(at.date(), told_on + timedelta(days=DAYS_TO_REPLY))
        _refuse_unless_theirs(session, ruling)
        ruling.notice_id = _told_by(session, ruling, told_on, notice).id
        _rule(session, ruling, Action.CONFIRM)
        return ruling.in_force_on


def remedy(sign: ClinicSign, *, mended_on: date, moderator_id: int, words: str, at: datetime) -> bool:
    """Rule that the clinic mended a sign by a day, and return whether that counts now.

    It counts once two people have ruled so for the same day: what raised the sign until then stops counting. Raises
    NotFound, InvalidParameter for a day to come, for missing words or a criterion that is no sign, Forbidden as
    confirm() does, and Conflict on the second time for the same day.
    """
    check_reason(Action.REMEDY, None, words)
    if mended_on > at.date():
        raise InvalidParameter("mended_on", N_("Give the day by which it was mended. It cannot lie in the future."))
    with audit.turn() as session:
        ruling = _ruling(session, sign, RulingKind.REMEDIED, moderator_id, at)
        ruling.in_force_on = mended_on
        _refuse_unless_theirs(session, ruling)
        _rule(session, ruling, Action.REMEDY, words)
        return len(set(session.scalars(queries.voices_of(ruling)))) >= PEOPLE_TO_REMEDY


def _ruling(session: Session, sign: ClinicSign, kind: RulingKind, by_id: int, at: datetime) -> StoredRuling:
    clinic = listed(session, sign.clinic)
    version = checklists.current().version
    return StoredRuling(
        clinic_id=clinic.id, checklist_version=version, criterion=sign.criterion, kind=kind, by_id=by_id, at=at
    )


def _refuse_unless_raised(session: Session, ruling: StoredRuling, told_on: date) -> None:
    if told_on < first_seen_on(session, ruling.clinic_id, ruling.criterion, ruling.at.date()):
        raise InvalidParameter(
            "told_on",
            N_("Give the day on which the clinic was told of these reports. It cannot lie before the first of them."),
        )


def first_seen_on(session: Session, clinic_id: int, criterion: str, today: date) -> date:
    """Return the day of the oldest answer that raises a critical sign of a clinic and counts; three statements.

    Raises InvalidParameter where the sign is not critical, or the evidence is not that of a quorum.
    """
    sign = checklists.current().by_slug.get(criterion)
    if sign is None or not sign.is_critical:
        raise InvalidParameter("criterion", N_("Only a critical warning sign is confirmed by two people."))
    found = gather(session, [clinic_id])[clinic_id]
    answers, rulings = dossiers.inputs(checklists.current(), found, today)
    if find(sign, answers, rulings, today).raising.level < QUORUM:
        raise InvalidParameter(
            "criterion", N_("The evidence is not enough today: it takes what anyone can check, and a second voice.")
        )
    counting = live(sign, answers, list(in_force(sign, rulings, today)), today)
    return min(answer.observed_on for answer in counting if answer.value is sign.against)


def _told_by(session: Session, ruling: StoredRuling, told_on: date, notice: Notice | None) -> Notice:
    """Return the notice by which the clinic was told on that day; a new one is written down."""
    if notice:
        session.add(notice)
        session.flush()
        return notice
    noted = session.scalars(queries.notices(ruling.clinic_id, ruling.criterion)).all()
    found = next((each for each in noted if each.told_on == told_on), None)
    if found is None:
        raise InvalidParameter("told_on", N_("Nobody has noted down how the clinic was told on that day."))
    return found


def _refuse_unless_theirs(session: Session, ruling: StoredRuling) -> None:
    sign = checklists.current().by_slug.get(ruling.criterion)
    if sign is None or not sign.is_sign:
        raise InvalidParameter("criterion", N_("Rulings are on the five warning signs."))
    answered = frozenset(session.scalars(queries.voices_on(ruling.clinic_id, ruling.criterion)))
    about = About(clinic_id=ruling.clinic_id, voices=answered)
    voice = access.require(session, Permission.RULE, ruling.by_id, about, at=ruling.at).voice
    if voice in session.scalars(queries.voices_of(ruling)):
        raise Conflict(N_("You have ruled so on this sign before, for the same day."))


def _rule(session: Session, ruling: StoredRuling, action: Action, words: str = "") -> None:
    session.add(ruling)
    session.flush()
    enter(session, Decision(clinic_id=ruling.clinic_id, action=action, actor_id=ruling.by_id, ruling_id=ruling.id,
                            reason_text=words, at=ruling.at))  # fmt: skip
    scores.restate(session, [ruling.clinic_id], at=ruling.at)
