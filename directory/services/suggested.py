"""A suggestion about a listing as something that is acted on: whose it is, which clinics it is about, who agreed."""

from sqlalchemy.orm import Session

from directory.domain.access import Actor
from directory.domain.errors import Conflict, Forbidden
from directory.domain.facts import restored
from directory.domain.folding import fold
from directory.domain.labels import N_
from directory.models import Revision
from directory.queries import queue as queries
from directory.queries import revisions
from directory.services import access
from directory.services.access import About

_AGREED = N_("You have agreed to this already. It takes somebody else to agree as well.")
_NOT_BY_OTHERS = N_(
    "Whoever agreed first turned out to be its author. Ask for changes or decline, so that two others look."
)


def about(session: Session, revision: Revision) -> About:
    """Return a suggestion as something that is acted on: of a merge both listings count, and a chain that it names."""
    authors = frozenset({revision.author_id})
    also = frozenset({revision.target_id} if revision.target_id else ()) | _of_the_chain(session, revision)
    return About(clinic_id=revision.clinic_id, also=also, authors=authors, voices=access.voices(session, authors))


def _of_the_chain(session: Session, revision: Revision) -> frozenset[int]:
    """Return a clinic of the chain to which the listing would belong: a tie to one of them is a tie to all."""
    name = restored(revision.fields).get("organisation")
    return frozenset(session.scalars(revisions.one_of_chain(fold(str(name)))) if name else ())


def refuse_who_agreed(session: Session, revision: Revision, who: Actor) -> None:
    """Raise Forbidden where `who`, or an account of the same voice, was the first of the two who must agree."""
    if has_agreed(session, revision, who):
        raise Forbidden(_AGREED)


def refuse_where_the_author_agreed(session: Session, revision: Revision) -> None:
    """Raise Conflict where the first of the two who must agree was linked to the author since."""
    voices = access.voices(session, [revision.author_id])
    if any(session.scalar(queries.agreed_by(revision.id, revision.version, voice)) for voice in voices):
        raise Conflict(_NOT_BY_OTHERS)


def has_agreed(session: Session, revision: Revision, who: Actor) -> bool:
    """Whether `who`, or an account of the same voice, was the first of the two who must agree."""
    return session.scalar(queries.agreed_by(revision.id, revision.version, who.voice)) is not None
