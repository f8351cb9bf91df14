"""What a moderator sees of a suggestion about a listing: what would change, on what source, and what speaks against."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.domain import scoring
from directory.domain.access import SENTENCES, Actor, Permission, Refusal, refusal
from directory.domain.errors import Forbidden, NotFound
from directory.domain.facts import Difference, Facts, Shown, differences, restored, shown
from directory.domain.findings import Verdict
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.leases import Lease
from directory.domain.profile import ListingStatus
from directory.domain.revisions import RevisionKind, RevisionStatus
from directory.domain.sources import Source
from directory.extensions import reading
from directory.models import Clinic, Revision
from directory.queries import revisions as queries
from directory.services import access, checklists, duplicates, facts, suggested
from directory.services.audit import in_utc
from directory.services.duplicates import Duplicates
from directory.services.leased import live_lease_of
from directory.services.own_revisions import ListingStep, source_of, steps
from directory.services.queue import Declaration, declarations
from directory.services.queue_lines import pseudonym

_NO_SUCH = N_("There is no such suggestion for you to decide.")


@dataclass(frozen=True, kw_only=True)
class OpenedListing:
    """A listing beside a suggestion: its facts in the form of `Difference.now`, and what was found out about it.

    `reviews` are those that count, `signs` how each warning sign stands, by slug; `merged` how many listings were
    joined to it before.
    """

    public_id: str
    slug: str
    name: str
    status: ListingStatus
    facts: dict[str, Shown]
    reviews: int
    signs: dict[str, Verdict]
    merged: int


@dataclass(frozen=True, kw_only=True)
class OpenedRevision:
    """A suggestion as a moderator sees it. Declarations with the newest first, steps with the oldest.

    `still_stands` says that every fact it changes reads as it did when it was suggested; `approved_by_me` that one of
    the two who must agree is who looks at it, or an account linked to theirs.
    """

    public_id: str
    kind: RevisionKind
    listing: OpenedListing
    target: OpenedListing | None
    author: str
    status: RevisionStatus
    version: int
    since: datetime
    lease: Lease | None
    differences: tuple[Difference, ...]
    still_stands: bool
    source: Source
    words: str
    declarations: tuple[Declaration, ...]
    duplicates: Duplicates
    steps: tuple[ListingStep, ...]
    approved_by_me: bool

    @property
    def is_waiting(self) -> bool:
        """Whether it can be decided now."""
        return self.status in {RevisionStatus.SUBMITTED, RevisionStatus.APPROVED_ONCE}

    @property
    def takes_two(self) -> bool:
        """Whether two people must agree."""
        return self.kind is RevisionKind.MERGE


def look_at(revision_id: str, who: Actor, *, at: datetime) -> OpenedRevision:
    """Return a suggestion, for `who` to decide; ten statements at the most.

    Raises Forbidden for one's own or a linked account's, and NotFound for one about a clinic to which `who` has a tie,
    and for everything to somebody without the role.
    """
    with reading() as session:
        row = session.execute(queries.whole(revision_id)).one_or_none() if is_public_id(revision_id) else None
        if row is None:
            raise NotFound(_NO_SUCH)
        revision, clinic = row.Revision, row.Clinic
        _refuse(session, revision, who, at)
        now, base, fields = facts.of_row(clinic, row.chain), restored(revision.base), restored(revision.fields)
        return OpenedRevision(
            public_id=revision.public_id,
            kind=RevisionKind(revision.kind),
            listing=_listing(session, clinic, row.chain),
            target=_target(session, revision),
            author=pseudonym(row.author),
            status=RevisionStatus(revision.status),
            version=revision.version,
            since=in_utc(revision.submitted_at),
            lease=live_lease_of(revision, at),
            differences=differences(base, fields, now),
            still_stands=all(now[name] == value for name, value in base.items()),
            source=source_of(revision),
            words=revision.words,
            declarations=declarations(session, revision.author_id, revision.clinic_id),
            duplicates=_duplicates(session, revision, clinic, {**now, **fields}),
            steps=steps(session, revision),
            approved_by_me=suggested.has_agreed(session, revision, who),
        )


def _refuse(session: Session, revision: Revision, who: Actor, at: datetime) -> None:
    what = access.thing(session, who, Permission.DECIDE_LISTING, suggested.about(session, revision), today=at.date())
    permissions = (Permission.READ_UNPUBLISHED, Permission.DECIDE_LISTING)
    problems = [refusal(who, permission, what) for permission in permissions]
    if Refusal.OWN_WORK in problems:
        raise Forbidden(SENTENCES[Refusal.OWN_WORK])
    if any(problems):
        raise NotFound(_NO_SUCH)


def _target(session: Session, revision: Revision) -> OpenedListing | None:
    if revision.target_id is None:
        return None
    row = session.execute(queries.with_chain(revision.target_id)).one()
    return _listing(session, row.Clinic, row.chain)


def _listing(session: Session, clinic: Clinic, chain: str | None) -> OpenedListing:
    numbers = session.execute(queries.numbers(clinic.id)).one()
    return OpenedListing(
        public_id=clinic.public_id,
        slug=clinic.slug,
        name=clinic.name,
        status=ListingStatus(clinic.status),
        facts={name: shown(name, value) for name, value in facts.of_row(clinic, chain).items()},
        reviews=numbers.reviews,
        signs=scoring.read(checklists.current(), clinic.signs),
        merged=numbers.merged,
    )


def _duplicates(session: Session, revision: Revision, clinic: Clinic, stated: Facts) -> Duplicates:
    if not RevisionKind(revision.kind).states_facts:
        return Duplicates()
    return duplicates.possible(session, stated, but=clinic.public_id, for_moderators=True)
