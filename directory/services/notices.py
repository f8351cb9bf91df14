"""Tells a clinic of a critical sign with the first confirmation of it, and remembers when and how it was told."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from directory.domain.card import Entry, card
from directory.domain.errors import InvalidParameter
from directory.domain.evidence import EvidenceKind
from directory.domain.findings import VERIFIABLE
from directory.domain.labels import N_
from directory.domain.letters import Quoted, Reported
from directory.domain.mail import Site
from directory.domain.notices import ToldByHand, Way
from directory.models import Clinic, Notice
from directory.queries import rulings as queries
from directory.services import audit, checklists, letters, rulings
from directory.services.dossiers import gather
from directory.services.moderation import listed
from directory.services.rulings import ClinicSign


def confirm(sign: ClinicSign, told: ToldByHand | None = None, *, site: Site, moderator_id: int, at: datetime) -> date:
    """Rule that a critical sign holds, and return the day on which that comes into force: a week after it was told.

    The clinic is told by letter where its address is on record, else by hand as `told` says; where it was told of these
    reports before, that day counts. `site` is its page. Raises what rulings.confirm() does, and InvalidParameter where
    it must be told by hand and was not.
    """
    with audit.turn() as session:
        clinic, today = listed(session, sign.clinic), at.date()
        first_seen = rulings.first_seen_on(session, clinic.id, sign.criterion, today)
        known = standing(session, clinic.id, sign.criterion, first_seen)
        notice = known or _notice(clinic, sign, told, by_id=moderator_id, at=at)
        shown_on = rulings.confirm(sign, moderator_id=moderator_id, told_on=notice.told_on, at=at, notice=notice)
        if known is None and notice.how == Way.MAIL:
            reported = _reported(session, clinic, sign.criterion, today, shown_on)
            letters.tell_clinic(session, clinic, reported, site, at=at)
        return shown_on


def standing(session: Session, clinic_id: int, criterion: str, first_seen: date) -> Notice | None:
    """Return the newest notice that told a clinic of what is reported now: none that is older than the reports."""
    newest = session.scalars(queries.notices(clinic_id, criterion)).first()
    return newest if newest and newest.told_on >= first_seen else None


def _notice(clinic: Clinic, sign: ClinicSign, told: ToldByHand | None, *, by_id: int, at: datetime) -> Notice:
    if letters.can_be_written_to(clinic.contact_email):
        told = ToldByHand(on=at.date(), how=Way.MAIL, words="")
    elif told is None:
        raise InvalidParameter("told_on", N_("No address of this clinic is on record. Tell it, and say here how."))
    else:
        told.check(at.date())
    return Notice(
        clinic_id=clinic.id,
        checklist_version=checklists.current().version,
        criterion=sign.criterion,
        told_on=told.on,
        how=told.how,
        words=told.words,
        by_id=by_id,
        at=at,
    )


def _reported(session: Session, clinic: Clinic, criterion: str, today: date, shown_on: date) -> Reported:
    found = gather(session, [clinic.id], with_evidence=True)[clinic.id]
    (entry,) = (each for each in card(checklists.current(), found, today).signs if each.criterion.slug == criterion)
    quoted = _quoted(entry)
    return Reported(
        clinic=letters.place(clinic),
        sign=entry.criterion.name,
        question=entry.criterion.question,
        now=entry.finding.verdict.label,
        quoted=quoted,
        others=sum(entry.raises(each) and each.tier != VERIFIABLE for each in entry.counting),
        shown_on=shown_on,
    )


def _quoted(entry: Entry) -> list[Quoted]:
    """Return the words on pages that raise the sign and that anyone can check, each once, the newest first."""
    pieces = (
        Quoted(words=each.quote, url=each.url, seen_on=each.seen_on)
        for answer in entry.counting
        if entry.raises(answer) and answer.tier == VERIFIABLE
        for each in answer.evidence
        if each.kind is EvidenceKind.LINK
    )
    return list(dict.fromkeys(pieces))
