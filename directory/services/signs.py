"""A warning sign of a clinic as moderators see it: the evidence, what was ruled and told; and which signs wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.access import SENTENCES, Actor, Permission, Refusal, refusal
from directory.domain.card import Card, Entry, card
from directory.domain.dossier import Dossier
from directory.domain.errors import Forbidden, NotFound
from directory.domain.findings import PEOPLE_TO_CONFIRM, QUORUM, RulingKind
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.notices import Way
from directory.extensions import reading
from directory.models import Clinic, Notice
from directory.queries import rulings as queries
from directory.services import access, checklists, handed_in, letters
from directory.services.access import About
from directory.services.audit import in_utc
from directory.services.dossiers import gather
from directory.services.handed_in import ReviewedClinic
from directory.services.moderation import listed
from directory.services.rulings import ClinicSign

#: The signs of so many clinics are looked through for one page.
PAGE = 50
_NO_SUCH = N_("There is no such sign for you to rule on.")


@dataclass(frozen=True, kw_only=True)
class PastRuling:
    """A ruling without the name of who ruled; `told_on` is None for a remedy, whose `words` say what was mended."""

    kind: RulingKind
    on: date
    told_on: date | None
    in_force_on: date
    words: str


@dataclass(frozen=True, kw_only=True)
class PastNotice:
    """When and how a clinic was told of a sign, and what a moderator says of that."""

    told_on: date
    how: Way
    words: str


@dataclass(frozen=True, kw_only=True)
class SignState:
    """How far the confirmation of a sign is: how many people confirmed it since it was mended, and whether one did."""

    entry: Entry
    confirmed_by: int
    has_confirmed: bool

    @property
    def has_quorum(self) -> bool:
        """Whether the evidence of today is enough for a ruling."""
        return self.entry.finding.raising.level >= QUORUM

    @property
    def is_waiting(self) -> bool:
        """Whether a critical sign could be confirmed today by somebody."""
        return self.entry.criterion.is_critical and self.has_quorum and self.confirmed_by < PEOPLE_TO_CONFIRM


@dataclass(frozen=True, kw_only=True)
class OpenedSign:
    """A sign as it is ruled on. `told` is the notice that holds for a confirmation now; `has_address` of a clinic."""

    clinic: ReviewedClinic
    state: SignState
    rulings: tuple[PastRuling, ...]
    notices: tuple[PastNotice, ...]
    told: PastNotice | None
    has_address: bool

    @property
    def can_confirm(self) -> bool:
        """Whether who looks at it can confirm it today."""
        return self.state.is_waiting and not self.state.has_confirmed


@dataclass(frozen=True)
class WaitingSign:
    """A critical sign that awaits confirmation."""

    clinic: ReviewedClinic
    state: SignState


@dataclass(frozen=True)
class WaitingSigns:
    """A page of signs that await confirmation, by the age of the listing; `next` names the last clinic where more."""

    signs: Sequence[WaitingSign]
    next: str | None


def look_at(sign: ClinicSign, who: Actor, *, at: datetime) -> OpenedSign:
    """Return a warning sign of a published clinic, for `who` to rule on; nine statements.

    Raises Forbidden where they, or a linked account, answered on it; NotFound for a clinic to which they have a tie,
    for a criterion that is no sign, and for everything to somebody without the role.
    """
    criterion = checklists.current().by_slug.get(sign.criterion)
    if criterion is None or not criterion.is_sign:
        raise NotFound(_NO_SUCH)
    with reading() as session:
        clinic = listed(session, sign.clinic)
        _refuse(session, clinic, sign.criterion, who, at.date())
        state = _states(clinic, gather(session, [clinic.id], with_evidence=True), who, at.date())[sign.criterion]
        notices = [_notice(each) for each in session.scalars(queries.notices(clinic.id, sign.criterion))]
        return OpenedSign(
            clinic=handed_in.clinic(clinic),
            state=state,
            rulings=tuple(_ruling(row) for row in session.execute(queries.history(clinic.id, sign.criterion))),
            notices=tuple(notices),
            told=_standing(state, notices),
            has_address=letters.can_be_written_to(clinic.contact_email),
        )


def waiting(who: Actor, *, at: datetime, after: str = "") -> WaitingSigns:
    """Return the critical signs that await confirmation at a page of clinics: those after the one named, or the first.

    Four statements. Left out are clinics to which `who` has a tie, and signs on which an answer of theirs counts.
    Raises Forbidden for somebody without the role.
    """
    if refused := refusal(who, Permission.RULE):
        raise Forbidden(SENTENCES[refused])
    after, critical = after if is_public_id(after) else "", _critical()
    with reading() as session:
        wanted = queries.raised(critical.values(), who.voice, at.date(), after=after, limit=PAGE + 1)
        clinics = session.scalars(wanted).all()
        found = gather(session, [clinic.id for clinic in clinics[:PAGE]])
    signs = [
        WaitingSign(handed_in.clinic(clinic), state)
        for clinic in clinics[:PAGE]
        for slug, state in _states(clinic, found, who, at.date()).items()
        if slug in critical and state.is_waiting and not _answered(found[clinic.id], slug, who)
    ]
    return WaitingSigns(signs, clinics[PAGE - 1].public_id if len(clinics) > PAGE else None)


def _critical() -> dict[str, int]:
    """Return the critical signs with their places among the signs."""
    return {sign.slug: place for place, sign in enumerate(checklists.current().signs) if sign.is_critical}


def _states(clinic: Clinic, found: dict[int, Dossier], who: Actor, today: date) -> dict[str, SignState]:
    dossier = found[clinic.id]
    shown: Card = card(checklists.current(), dossier, today)
    return {entry.criterion.slug: _state(entry, dossier, who, today) for entry in shown.signs}


def _state(entry: Entry, dossier: Dossier, who: Actor, today: date) -> SignState:
    own = [ruling for ruling in dossier.rulings if ruling.criterion == entry.criterion.slug]
    mended = [ruling.on for ruling in own if ruling.kind is RulingKind.REMEDIED and ruling.on <= today]
    standing = [each for each in own if each.kind is RulingKind.CONFIRM and all(each.on > day for day in mended)]
    people = {person for ruling in standing for person in ruling.by}
    return SignState(entry=entry, confirmed_by=len(people), has_confirmed=who.voice in people)


def _answered(dossier: Dossier, slug: str, who: Actor) -> bool:
    return any(answer.criterion == slug and answer.voice_id == who.voice for answer in dossier.answers)


def _refuse(session: Session, clinic: Clinic, criterion: str, who: Actor, today: date) -> None:
    about = About(clinic_id=clinic.id, voices=frozenset(session.scalars(queries.voices_on(clinic.id, criterion))))
    refused = refusal(who, Permission.RULE, access.thing(session, who, Permission.RULE, about, today=today))
    if refused is Refusal.OWN_WORK:
        raise Forbidden(SENTENCES[refused])
    if refused:
        raise NotFound(_NO_SUCH)


def _standing(state: SignState, notices: Sequence[PastNotice]) -> PastNotice | None:
    seen = [each.observed_on for each in state.entry.counting if state.entry.raises(each)]
    return next((each for each in notices if seen and each.told_on >= min(seen)), None)


def _ruling(row: Any) -> PastRuling:
    ruling = row.StoredRuling
    return PastRuling(
        kind=RulingKind(ruling.kind),
        on=in_utc(ruling.at).date(),
        told_on=ruling.told_on,
        in_force_on=ruling.in_force_on,
        words=row.reason_text,
    )


def _notice(row: Notice) -> PastNotice:
    return PastNotice(told_on=row.told_on, how=Way(row.how), words=row.words)
