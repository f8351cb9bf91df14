"""Gives the form of a review to somebody who opens it: their draft, or what they said before, or an empty one."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from directory.domain import drafts
from directory.domain.checklist import Checklist, Value
from directory.domain.drafts import CHECKLIST, Changed, Fields, GivenAnswer
from directory.domain.errors import NotFound
from directory.domain.evidence import Evidence, EvidenceKind, Hosts, own_site
from directory.domain.identifiers import is_public_id
from directory.domain.moderation import WRITABLE, Reason, ReviewStatus
from directory.domain.profile import NOT_LISTED, ListingStatus
from directory.extensions import reading
from directory.models import Clinic, Review
from directory.queries import reviews as queries
from directory.services import checklists, registers
from directory.services.audit import in_utc
from directory.services.moderation import listed

_KEY_BYTES = 24


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A draft as it is kept: `version` is 0 and `saved_at` None where nothing was saved."""

    key: str
    fields: Fields = field(default_factory=dict)
    version: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeRequest:
    """What a moderator asked the author to change."""

    reason: Reason | None
    words: str


@dataclass(frozen=True, kw_only=True)
class About:
    """The clinic that a form is about, and whose links anyone can check. Of one that `is_closed` nothing is taken."""

    public_id: str
    slug: str
    name: str
    website: str | None
    hosts: Hosts
    is_closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What the form shows. `undecided` is the review that was handed in and stands in the way of another."""

    about: About
    checklist: Checklist
    stored: Stored
    undecided: str | None = None
    asked: ChangeRequest | None = None
    is_update: bool = False
    changed: Changed = field(default_factory=lambda: Changed((), (), ()))


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """A form about a listing that was merged into `stays`; `stored` has no fields where nothing is left to hand in.

    `has_another`: its author has another draft, or a review that is not decided yet, about the listing that stays.
    """

    goes: About
    stays: About
    stored: Stored
    has_another: bool


def about(clinic: str) -> About:
    """Return the clinic that a form is about; NotFound for one that is neither public nor merged away."""
    with reading() as session:
        return about_of(of_form(session, clinic))


def of_form(session: Session, clinic: str) -> Clinic:
    """Return the clinic about which a form may be open: one in use, or one that was closed or merged while it was."""
    found = session.scalar(queries.clinic_of_form(clinic)) if is_public_id(clinic) else None
    if found is None:
        raise NotFound(NOT_LISTED)
    return found


def merged(session: Session, clinic: str) -> tuple[Clinic, Clinic]:
    """Return a merged listing and the one that stays; NotFound for any other listing."""
    goes = of_form(session, clinic)
    stays = session.scalar(queries.stays(goes.id))
    if stays is None:
        raise NotFound(NOT_LISTED)
    return goes, stays


def left_behind(clinic: str, author_id: int) -> LeftBehind:
    """Return what an author left in the form of a listing that was merged; NotFound for any other listing."""
    with reading() as session:
        goes, stays = merged(session, clinic)
        return LeftBehind(
            goes=about_of(goes),
            stays=about_of(stays),
            stored=_left(session, goes, author_id),
            has_another=session.scalar(queries.open_of(author_id, stays.id)) is not None,
        )


def left_open(clinic: str, author_id: int) -> Stored:
    """Return what an author left in the form of a clinic, closed ones included; NotFound as about()."""
    with reading() as session:
        return _left(session, of_form(session, clinic), author_id)


def _left(session: Session, clinic: Clinic, author_id: int) -> Stored:
    """Return what can still be written of an author's review of a clinic; without fields where there is none."""
    review = session.scalar(queries.open_of(author_id, clinic.id))
    return stored_of(session, review) if review and review.status in WRITABLE else Stored(key=new_key())


def new_key() -> str:
    """Return a key under which a review can be begun."""
    return secrets.token_urlsafe(_KEY_BYTES)


def open_form(clinic: str, author_id: int, present: Checklist) -> Opened:
    """Return what the form shows: the own draft, else what changes were asked for, else the last approved answers.

    `present` is the version that is filled in now; a review that was handed in before keeps its own.
    """
    with reading() as session:
        row = listed(session, clinic)
        review = session.scalar(queries.open_of(author_id, row.id))
        if review is None:
            return _fresh(session, row, author_id, present)
        is_draft = review.status == ReviewStatus.DRAFT
        version = present if is_draft else checklists.version(review.checklist_version)
        stored = stored_of(session, review)
        return Opened(
            about=about_of(row),
            checklist=version,
            stored=stored,
            undecided=None if review.status in WRITABLE else review.public_id,
            asked=_asked(session, review),
            changed=_changed(stored.fields.get(CHECKLIST, version.version), version),
        )


def _fresh(session: Session, clinic: Clinic, author_id: int, checklist: Checklist) -> Opened:
    """Return a form that nothing was typed into: empty, or with what the author said when they were approved last."""
    approved = session.scalar(queries.newest_approved(author_id, clinic.id))
    said = drafts.fields_of(given(session, approved.id)) if approved else {}
    return Opened(
        about=about_of(clinic),
        checklist=checklist,
        stored=Stored(key=new_key(), fields=drafts.kept(checklist, said)),
        is_update=approved is not None,
        changed=_changed(approved.checklist_version if approved else checklist.version, checklist),
    )


def about_of(clinic: Clinic) -> About:
    """Return a clinic as something that a form is about."""
    hosts = Hosts(own=own_site(clinic.website or ""), registers=registers.hosts())
    return About(
        public_id=clinic.public_id,
        slug=clinic.slug,
        name=clinic.name,
        website=clinic.website,
        hosts=hosts,
        is_closed=clinic.status == ListingStatus.CLOSED,
    )


def _changed(began_with: str, checklist: Checklist) -> Changed:
    before = checklist if began_with == checklist.version else checklists.version(began_with)
    return drafts.changed(before, checklist)


def _asked(session: Session, review: Review) -> ChangeRequest | None:
    asked = session.scalar(queries.last_request(review.id))
    if asked is None or review.status != ReviewStatus.CHANGES_REQUESTED:
        return None
    return ChangeRequest(reason=Reason(asked.reason_code) if asked.reason_code else None, words=asked.reason_text)


def stored_of(session: Session, review: Review) -> Stored:
    """Return the draft of a review; of one that has none what was handed in, as version 0."""
    draft = session.scalar(queries.draft_of(review.id))
    if draft is None:
        fields = drafts.fields_of(given(session, review.id)) | {CHECKLIST: review.checklist_version}
        return Stored(key=review.idempotency_key, fields=fields)
    return Stored(
        key=review.idempotency_key,
        fields=drafts.read(draft.fields),
        version=draft.version,
        saved_at=in_utc(draft.saved_at),
    )


def given(session: Session, review_id: int) -> list[GivenAnswer]:
    """Return the answers of a review with their evidence, as their author gave them."""
    evidence: dict[int, list[Evidence]] = {}
    for row in session.scalars(queries.evidence_of(review_id)):
        piece = Evidence(
            kind=EvidenceKind(row.kind),
            seen_on=row.seen_on,
            url=row.url,
            quote=row.quote,
            note=row.note,
            archive_url=row.archive_url,
        )
        evidence.setdefault(row.answer_id, []).append(piece)
    return [
        GivenAnswer(
            criterion=row.criterion,
            value=Value(row.value),
            evidence=tuple(evidence.get(row.id, ())),
            is_whole_site_read=row.is_whole_site_read,
        )
        for row in session.scalars(queries.answers_of(review_id))
    ]
