"""Writes letters about decisions on listings into the outbox, in the transaction of the decision."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from directory.domain import listing_letters as letters
from directory.domain.labels import LANGUAGES
from directory.domain.listing_letters import Decided
from directory.domain.mail import Mail, Site
from directory.domain.revisions import ListingAction, ListingReason, RevisionKind
from directory.models import Clinic, ListingDecision, Revision
from directory.queries import listing_letters as queries
from directory.services import outbox
from directory.services.audit import in_utc
from directory.services.letters import can_be_written_to, place


def tell(session: Session, decision: ListingDecision, site: Site, listing_page: str) -> None:
    """Send what follows from a decision on a suggestion; the first of two agreements is told to nobody.

    Its author is told in any case (`site.page` is where they read it). Where it is approved, also the clinic that is
    listed now, and who reviewed one that closed, moved or was merged (`listing_page`). Nobody without an address is.
    """
    revision, clinic = session.get_one(Revision, decision.revision_id), session.get_one(Clinic, decision.clinic_id)
    if decision.action == ListingAction.APPROVE_ONCE:
        return
    for letter in _letters(
        session, _decided(session, decision, revision, clinic), (revision, clinic), (site, listing_page)
    ):
        outbox.post(session, letter, at=decision.at)
    session.flush()  # what is refused is refused here, and not when the transaction ends


def _letters(
    session: Session, decided: Decided, about: tuple[Revision, Clinic], pages: tuple[Site, str]
) -> Iterator[Mail]:
    (revision, clinic), (site, listing_page) = about, pages
    of_the_listing = replace(site, page=listing_page)
    author = session.execute(queries.address_of(revision.author_id)).one()
    if can_be_written_to(author.email):
        page = of_the_listing.read_in(author.language).page
        yield letters.to_author(decided, author.email, site.read_in(author.language), page)
    if decided.action is not ListingAction.APPROVE:
        return
    if decided.kind is RevisionKind.NEW and can_be_written_to(clinic.contact_email):
        yield letters.to_clinic(decided.listing, clinic.contact_email or "", of_the_listing.read_in(LANGUAGES[0]))
    if decided.kind in letters.REVIEWERS_ARE_TOLD:
        for reviewer in session.execute(queries.reviewers(clinic.id, revision.author_id)):
            if can_be_written_to(reviewer.email):
                yield letters.to_reviewer(decided, reviewer.email, of_the_listing.read_in(reviewer.language))


def _decided(session: Session, decision: ListingDecision, revision: Revision, clinic: Clinic) -> Decided:
    target = session.get(Clinic, revision.target_id) if revision.target_id else None
    return Decided(
        listing=place(clinic),
        on=in_utc(decision.at).date(),
        kind=RevisionKind(revision.kind),
        action=ListingAction(decision.action),
        reason=ListingReason(decision.reason_code) if decision.reason_code else None,
        words=decision.reason_text,
        successor=place(target) if target else "",
    )
