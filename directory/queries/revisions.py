"""Reads of what was suggested about listings, for those who suggest and decide; and small changes beside it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Delete, Select, TextClause, delete, func, or_, select, text

from directory.domain.moderation import COUNTING
from directory.domain.revisions import OPEN_REVISIONS, ListingAction
from directory.models import Account, Clinic, ClinicFact, ListingDecision, Organisation, Review, Revision
from directory.queries.aliases import called


def by_public_id(public_id: str) -> Select[Revision]:
    """What has this public id, of any status."""
    return select(Revision).where(Revision.public_id == public_id)


def under_key(author_id: int, key: str) -> Select[Revision]:
    """What an author handed in under a key of their own."""
    return select(Revision).where(Revision.author_id == author_id, Revision.idempotency_key == key)


def open_of(author_id: int, clinic_id: int) -> Select[Revision]:
    """What an author suggested about a listing and nobody has decided; there is at most one."""
    return select(Revision).where(
        Revision.author_id == author_id, Revision.clinic_id == clinic_id, Revision.status.in_(OPEN_REVISIONS)
    )


def number_since(author_id: int, moment: datetime) -> Select[int]:
    """How much an author has handed in after a moment."""
    return select(func.count()).where(Revision.author_id == author_id, Revision.submitted_at > moment)


def listing(public_id: str) -> Select[Clinic]:
    """The listing with this public id, of any status, held until the transaction ends."""
    return select(Clinic).where(Clinic.public_id == public_id).with_for_update()


def listings(ids: Sequence[int]) -> Select[Clinic]:
    """The listings with these ids, by id, held until the transaction ends."""
    return select(Clinic).where(Clinic.id.in_(ids)).order_by(Clinic.id).with_for_update()


def led_to(clinic_id: int) -> Select[Clinic]:
    """The listings for which this one stands since they were merged."""
    return select(Clinic).where(Clinic.successor_id == clinic_id).order_by(Clinic.id)


def last_hiding(clinic_id: int) -> Select[ListingDecision]:
    """The last decision by which a listing was hidden."""
    return (
        select(ListingDecision)
        .where(ListingDecision.clinic_id == clinic_id, ListingDecision.action == ListingAction.HIDE)
        .order_by(ListingDecision.id.desc())
        .limit(1)
    )


def one_of_chain(key: str) -> Select[int]:
    """A listing of the chain with this folded name, of whatever status: a tie to one is a tie to all."""
    return (
        select(Clinic.id)
        .join(Organisation, Organisation.id == Clinic.organisation_id)
        .where(Organisation.key == key)
        .order_by(Clinic.id)
        .limit(1)
    )


def of_author(author_id: int, *, after: str, limit: int) -> Select[Revision, Clinic, datetime | None]:
    """What an author suggested with its listing and the newest decision, the newest first; after the one named."""
    last = called("of_author_last", Revision)
    named = select(last.id).where(last.public_id == after)
    decided_at = (
        select(func.max(ListingDecision.at)).where(ListingDecision.revision_id == Revision.id).scalar_subquery()
    )
    return (
        select(Revision, Clinic, decided_at.label("decided_at"))
        .join(Clinic, Clinic.id == Revision.clinic_id)
        .where(Revision.author_id == author_id)
        .where(or_(~named.exists(), named.where(Revision.id < last.id).exists()))
        .order_by(Revision.id.desc())
        .limit(limit)
    )


def whole(public_id: str) -> Select[Revision, Clinic, str | None, str]:
    """What has this public id with its listing, that one's chain, and the author's public id."""
    return (
        select(Revision, Clinic, Organisation.name.label("chain"), Account.public_id.label("author"))
        .join(Clinic, Clinic.id == Revision.clinic_id)
        .join(Account, Account.id == Revision.author_id)
        .outerjoin(Organisation, Organisation.id == Clinic.organisation_id)
        .where(Revision.public_id == public_id)
    )


def with_chain(clinic_id: int) -> Select[Clinic, str | None]:
    """A listing and its chain."""
    return (
        select(Clinic, Organisation.name.label("chain"))
        .outerjoin(Organisation, Organisation.id == Clinic.organisation_id)
        .where(Clinic.id == clinic_id)
    )


def decisions_on(revision_id: int) -> Select[ListingDecision]:
    """What was entered in the record about a suggestion, the oldest first."""
    return select(ListingDecision).where(ListingDecision.revision_id == revision_id).order_by(ListingDecision.id)


def numbers(clinic_id: int) -> Select[int, int]:
    """How many reviews of a listing, and of those merged into it, count; and how many were merged into it."""
    merged = select(Clinic.id).where(Clinic.successor_id == clinic_id)
    reviews = select(func.count()).where(
        or_(Review.clinic_id == clinic_id, Review.clinic_id.in_(merged)), Review.status.in_(COUNTING)
    )
    listings = select(func.count()).where(Clinic.successor_id == clinic_id)
    return select(reviews.scalar_subquery().label("reviews"), listings.scalar_subquery().label("merged"))


def facts_gone(clinic_id: int, names: Sequence[str] = ()) -> Delete:
    """The statement that takes away where facts of a listing were read: those named, or all."""
    gone = delete(ClinicFact).where(ClinicFact.clinic_id == clinic_id)
    return gone.where(ClinicFact.field.in_(names)) if names else gone


def newest_fact(clinic_id: int) -> Select[date]:
    """The newest day on which a fact of a listing was read."""
    return select(func.max(ClinicFact.seen_on)).where(ClinicFact.clinic_id == clinic_id)


def organisation_entered() -> TextClause:
    """Enter a chain by its `name` and `key`; a no-op where it is recorded."""
    return text("INSERT INTO organisation (name, key) VALUES (:name, :key) ON CONFLICT DO NOTHING")
