"""What a form about a listing begins with: its facts as they stand, and what can be suggested of it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.domain.errors import NotFound
from directory.domain.facts import UNSHOWN, Facts
from directory.domain.identifiers import is_public_id
from directory.domain.profile import NOT_LISTED, ListingStatus
from directory.domain.revisions import RevisionKind, can_be_suggested
from directory.extensions import reading
from directory.models import Clinic
from directory.queries import suggestible as queries
from directory.services import duplicates, facts
from directory.services.duplicates import Duplicates


@dataclass(frozen=True, kw_only=True)
class Suggestible:
    """A listing that everybody knows of, and its facts but for the one that is never shown."""

    public_id: str
    slug: str
    name: str
    city: str
    state: str
    status: ListingStatus
    facts: Facts

    @property
    def kinds(self) -> tuple[RevisionKind, ...]:
        """What can be suggested of it as it stands."""
        return tuple(kind for kind in RevisionKind if can_be_suggested(self.status, kind))


def look_at(public_id: str) -> Suggestible:
    """Return a published or closed listing; NotFound for any other. Two statements at most."""
    with reading() as session:
        row = _known(session, public_id)
        names = ("public_id", "slug", "name", "city", "state")
        shown = {name: getattr(row, name) for name in names}
        known = {name: value for name, value in facts.of_clinic(session, row).items() if name != UNSHOWN}
        return Suggestible(**shown, status=ListingStatus(row.status), facts=known)


def alike(public_id: str) -> Duplicates:
    """Return the listings that may be of the same clinic as a published or closed one; NotFound for any other."""
    with reading() as session:
        return duplicates.possible(session, facts.of_clinic(session, _known(session, public_id)), but=public_id)


def _known(session: Session, public_id: str) -> Clinic:
    row = session.scalar(queries.known(public_id)) if is_public_id(public_id) else None
    if row is None:
        raise NotFound(NOT_LISTED)
    return row
