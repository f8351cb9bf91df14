"""Which reviews came back with the changes that a moderator had asked for, and for whom they are kept a while."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from directory.domain.leases import KEPT_FOR_WHO_ASKED
from directory.domain.moderation import Action
from directory.domain.ties import TieKind
from directory.models import Account, AccountRole, Clinic, Decision, Review, Tie
from directory.queries.aliases import called
from directory.queries.dossiers import are_one, voice


def came_back_to(for_voice: int) -> ColumnElement[bool]:
    """The author of the review handed it in again after somebody with this voice had asked for changes."""
    asker = called("came_back_to_asker", Account)
    return _asked(asker).where(voice(asker) == for_voice).exists()


def kept_for_another(for_voice: int, at: datetime) -> ColumnElement[bool]:
    """It came back lately to somebody else who may still decide on it: has the role, no tie, and is not its author."""
    asker, author = called("kept_for_another_asker", Account), called("kept_for_another_author", Account)
    may_decide = (
        _asked(asker)
        .join(AccountRole, AccountRole.account_id == asker.id)
        .join(author, author.id == Review.author_id)
        .where(asker.active, voice(asker) != for_voice, voice(asker) != voice(author), ~_is_tied(asker, at))
    )
    return and_(Review.submitted_at > at - KEPT_FOR_WHO_ASKED, may_decide.correlate(Review).exists())


def _asked(asker: Any) -> Any:
    """Who asked for the changes with which the review came back: they decided on the version before the last."""
    return (
        select(Decision.id)
        .join(asker, asker.id == Decision.actor_id)
        .where(Decision.review_id == Review.id, Decision.seen_version == Review.version - 2)
        .where(Decision.action == Action.REQUEST_CHANGES)
        .correlate(Review)
    )


def _is_tied(asker: Any, at: datetime) -> ColumnElement[bool]:
    holder = called("is_tied_holder", Account)
    about = called("is_tied_about", Clinic)
    meant = called("is_tied_meant", Clinic)
    return (
        select(Tie.id)
        .join(holder, holder.id == Tie.account_id)
        .join(about, about.id == Tie.clinic_id)
        .join(meant, are_one(meant, about))
        .where(voice(holder) == voice(asker), meant.id == Review.clinic_id, Tie.kind != TieKind.NONE)
        .where(or_(Tie.ends_on.is_(None), Tie.ends_on > at.date()))
        .correlate(Review, asker)
        .exists()
    )
