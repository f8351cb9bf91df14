"""Takes in what people suggest about listings: a clinic that is missing, a fact that is wrong, a move, a closing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.errors import Conflict, DirectoryError, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.facts import Facts, Typed, changed, read, written
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.profile import NOT_LISTED, SHOWN, ListingStatus
from directory.domain.revisions import (
    MOST_SUGGESTIONS_A_DAY,
    WHEREABOUTS,
    ListingAction,
    RevisionKind,
    RevisionStatus,
    can_be_suggested,
)
from directory.domain.sources import Source
from directory.domain.ties import TieKind
from directory.models import Clinic, Revision
from directory.models.base import random_public_id
from directory.queries import revisions as queries
from directory.services import access, audit, duplicates, facts
from directory.services.duplicates import Duplicates
from directory.services.listing_acts import CHANGED, ListingAct, after, handed_in, move

_LONGEST_KEY = 64
#: By what a listing is known that somebody proposed; its key is the public id of the revision.
_COMMUNITY = "community"
_NOT_WHOLE = N_("This form is not whole any more. Open it again, and fill it in anew.")
_UNDECIDED = N_("You have suggested something about this listing that is not decided yet. Withdraw it first.")
_TOO_MUCH = N_("You have handed in as much as one person can within a day. Go on tomorrow.")
_NOT_SO = N_("This cannot be suggested of the listing as it stands now.")
_OTHER_LISTING = N_("Choose the other listing of this clinic, the one that stays.")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A clinic that is not listed. `key` is made by the author's side: the same key is the same proposal.

    `fields` are its facts as they were typed (domain.facts). `despite` are the public ids of the possible duplicates
    that the author has seen, and says are other clinics. `tie` is what they say of their own tie to the clinic.
    """

    fields: Typed
    source: Source
    words: str
    key: str
    tie: TieKind
    despite: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What is suggested about a listing. `fields` are the facts that were typed; one that is not in it stays.

    `target` is the public id of the listing that stays, of a merge alone. The e-mail address is shown to nobody, so ""
    leaves it as it is.
    """

    kind: RevisionKind
    source: Source
    words: str
    key: str
    tie: TieKind
    fields: Typed = field(default_factory=dict)
    target: str = ""


class PossibleDuplicates(DirectoryError):
    """What is proposed may be listed already: `found` are listings that its author has not said are other clinics."""

    def __init__(self, found: Duplicates) -> None:
        super().__init__(N_("This clinic may be listed already. Look at these listings first."))
        self.found = found


def propose(proposal: Proposal, *, author_id: int, at: datetime) -> str:
    """Hand in a clinic that is not listed and return the public id of the revision; under a known key that one's.

    Raises InvalidParameter naming the field ("name", "phone" … of the facts, "source", "source_url", "seen_on",
    "words", "key"), PossibleDuplicates, and Forbidden where the author hands in too much in a day.
    """
    _refuse_key(proposal.key)
    stated = read(proposal.fields, is_whole=True)
    said = _said(proposal.source, proposal.words, at)
    with audit.turn() as session:
        begun = session.scalar(queries.under_key(author_id, proposal.key))
        if begun:
            return _same(begun, RevisionKind.NEW)
        _refuse_haste(session, author_id, at)
        _refuse_duplicates(session, stated, proposal.despite)
        revision = _new(RevisionKind.NEW, proposal.key, author_id=author_id, at=at, **said, fields=written(stated))
        clinic = _proposed(session, stated, revision)
        access.declare(session, proposal.tie, author_id, clinic.id, at=at)
        _hand_in(session, clinic, revision)
        facts.put(session, clinic, revision)
        return revision.public_id


def suggest(clinic_id: str, suggestion: Suggestion, *, author_id: int, at: datetime) -> str:
    """Hand in what is suggested about a listing and return the public id of the revision; under a known key that one's.

    Raises NotFound for a listing that is neither published nor closed, InvalidTransition for what cannot be suggested
    of it as it stands, InvalidParameter as propose() does and naming "target", or "fields" where nothing differs, and
    Conflict where the author has something open about the listing.
    """
    _refuse_key(suggestion.key)
    stated = _stated(suggestion)
    said = _said(suggestion.source, suggestion.words, at)
    with audit.turn() as session:
        clinic = _listing(session, clinic_id)
        begun = session.scalar(queries.under_key(author_id, suggestion.key))
        if begun:
            return _same(begun, suggestion.kind, clinic)
        if not can_be_suggested(ListingStatus(clinic.status), suggestion.kind):
            raise InvalidTransition(_NOT_SO)
        _refuse_haste(session, author_id, at)
        if session.scalar(queries.open_of(author_id, clinic.id)):
            raise Conflict(_UNDECIDED)
        access.declare(session, suggestion.tie, author_id, clinic.id, at=at)
        said |= _against(session, clinic, stated, suggestion.kind)
        said |= {"target_id": _target(session, clinic, suggestion)}
        revision = _new(suggestion.kind, suggestion.key, author_id=author_id, at=at, **said)
        _hand_in(session, clinic, revision)
        return revision.public_id


def submit_again(revision_id: str, suggestion: Suggestion, *, author_id: int, seen_version: int, at: datetime) -> None:
    """Hand in with changes what a moderator sent back; `suggestion` has the kind and target that it had.

    Of a proposal `fields` are all facts. Raises NotFound for somebody else's, Conflict where it changed since
    `seen_version`, InvalidTransition where it does not wait for its author, and InvalidParameter as suggest() does.
    """
    said = _said(suggestion.source, suggestion.words, at)
    is_new = suggestion.kind is RevisionKind.NEW
    stated = read(suggestion.fields, is_whole=True) if is_new else _stated(suggestion)
    with audit.turn() as session:
        revision, clinic = _own(session, revision_id, author_id, seen_version)
        if suggestion.kind != revision.kind:
            raise InvalidParameter("key", _NOT_WHOLE)
        act = ListingAct(action=ListingAction.SUBMIT, actor_id=author_id, at=at)
        after(revision, act)
        access.declare(session, suggestion.tie, author_id, clinic.id, at=at)
        said |= {"fields": written(stated)} if is_new else _against(session, clinic, stated, suggestion.kind)
        for name, value in (said | {"submitted_at": at}).items():
            setattr(revision, name, value)
        session.flush()
        if is_new:
            facts.put(session, clinic, revision)
        move(session, revision, clinic, act)


def withdraw(revision_id: str, *, author_id: int, seen_version: int, at: datetime) -> None:
    """Take back what one suggested and nobody has decided.

    Raises NotFound for somebody else's, InvalidTransition for what is decided, and Conflict where it changed.
    """
    with audit.turn() as session:
        revision, clinic = _own(session, revision_id, author_id, seen_version)
        move(session, revision, clinic, ListingAct(action=ListingAction.WITHDRAW, actor_id=author_id, at=at))


def _refuse_key(key: str) -> None:
    if not (1 <= len(key) <= _LONGEST_KEY and key.isprintable()):
        raise InvalidParameter("key", _NOT_WHOLE)


def _same(begun: Revision, kind: RevisionKind, clinic: Clinic | None = None) -> str:
    """Return what was handed in under the same key, where it is the same thing."""
    if begun.kind != kind or (clinic and begun.clinic_id != clinic.id):
        raise InvalidParameter("key", _NOT_WHOLE)
    return begun.public_id


def _refuse_haste(session: Session, author_id: int, at: datetime) -> None:
    if session.scalars(queries.number_since(author_id, at - timedelta(days=1))).one() >= MOST_SUGGESTIONS_A_DAY:
        raise Forbidden(_TOO_MUCH)


def _refuse_duplicates(session: Session, stated: Facts, despite: frozenset[str]) -> None:
    found = duplicates.possible(session, stated)
    if {each.public_id for each in found.shown} - despite:
        raise PossibleDuplicates(found)


def _stated(suggestion: Suggestion) -> Facts:
    if suggestion.kind is RevisionKind.MOVE and not set(suggestion.fields) <= set(WHEREABOUTS):
        raise InvalidParameter("fields", N_("Of a move say the new address alone."))
    if suggestion.fields and not suggestion.kind.states_facts:
        raise InvalidParameter("fields", N_("This says nothing about single facts."))
    return read(suggestion.fields, is_whole=False)


def _against(session: Session, clinic: Clinic, stated: Facts, kind: RevisionKind) -> dict[str, str]:
    """Return the columns for what differs from the listing, and for what it says of that now."""
    now = facts.of_clinic(session, clinic)
    fields = changed(stated, now)
    if kind.states_facts and not fields:
        raise InvalidParameter("fields", N_("All of this stands in the listing already. Change what is wrong."))
    return {"fields": written(fields), "base": written({name: now[name] for name in fields})}


def _said(source: Source, words: str, at: datetime) -> dict[str, Any]:
    """Return the columns for the source and the author's words."""
    kept = source.cleaned(words, at.date())
    return {"source": kept.title, "source_url": kept.url, "seen_on": kept.seen_on, "words": words.strip()}


def _new(kind: RevisionKind, key: str, *, author_id: int, at: datetime, **columns: Any) -> Revision:
    identity = {"public_id": random_public_id(), "kind": kind, "idempotency_key": key, "author_id": author_id}
    return Revision(**identity, **columns, submitted_at=at, status=RevisionStatus.SUBMITTED, version=1)


def _proposed(session: Session, stated: Facts, revision: Revision) -> Clinic:
    """Return the listing that nobody sees before it is published."""
    place = facts.centre_of(session, stated)
    clinic = Clinic(
        **facts.columns(session, stated, place),
        status=ListingStatus.PROPOSED,
        source=_COMMUNITY,
        source_key=revision.public_id,
        facts_as_of=revision.seen_on,
    )
    session.add(clinic)
    session.flush()
    return clinic


def _hand_in(session: Session, clinic: Clinic, revision: Revision) -> None:
    revision.clinic_id = clinic.id
    session.add(revision)
    session.flush()
    handed_in(session, revision, clinic)


def _target(session: Session, clinic: Clinic, suggestion: Suggestion) -> int | None:
    """Return the id of the listing that stays, of a merge; None of anything else."""
    if suggestion.kind is not RevisionKind.MERGE:
        return None
    target = session.scalar(queries.listing(suggestion.target)) if is_public_id(suggestion.target) else None
    if target is None or target.id == clinic.id or target.status != ListingStatus.PUBLISHED:
        raise InvalidParameter("target", _OTHER_LISTING)
    return target.id


def _listing(session: Session, public_id: str) -> Clinic:
    clinic = session.scalar(queries.listing(public_id)) if is_public_id(public_id) else None
    if clinic is None or clinic.status not in SHOWN:
        raise NotFound(NOT_LISTED)
    return clinic


def _own(session: Session, revision_id: str, author_id: int, seen_version: int) -> tuple[Revision, Clinic]:
    revision = session.scalar(queries.by_public_id(revision_id)) if is_public_id(revision_id) else None
    if revision is None or revision.author_id != author_id:
        raise NotFound(N_("There is no such suggestion among yours."))
    if revision.version != seen_version:
        raise Conflict(CHANGED)
    (clinic,) = session.scalars(queries.listings([revision.clinic_id]))
    return revision, clinic
