"""Says what has become of a listing that has no page at its address any more."""

from sqlalchemy.orm import Session

from directory.domain.errors import DirectoryError, Moved, NotFound, Withheld
from directory.domain.identifiers import is_public_id
from directory.domain.profile import MERGED, NOT_LISTED, WITHHELD, ListingStatus
from directory.domain.revisions import ListingReason
from directory.queries import profiles as queries
from directory.services.audit import in_utc


def what_became(session: Session, public_id: str) -> DirectoryError:
    """Return, to be raised: Moved to the listing that stands for it, Withheld, or NotFound; two statements at most.

    That one is proposed, or was declined or taken back, is told to nobody, nor the name of one that is hidden.
    """
    row = session.execute(queries.what_became(public_id)).one_or_none() if is_public_id(public_id) else None
    if row and row.status == ListingStatus.MERGED:
        if row.stands == ListingStatus.HIDDEN:
            return what_became(session, row.successor)
        return Moved(MERGED, row.successor, row.slug)
    if row and row.status == ListingStatus.HIDDEN:
        is_legal = row.reason_code == ListingReason.LEGAL_REQUEST
        return Withheld(WITHHELD, in_utc(row.at).date(), is_legal=is_legal)
    return NotFound(NOT_LISTED)
