"""Writes letters into the outbox, in the transaction of the decision that they tell of."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.domain import letters, mail
from directory.domain.labels import LANGUAGES
from directory.domain.letters import Judged, Reported, Told
from directory.domain.mail import Mail, Site
from directory.domain.moderation import Action, Outcome, Reason
from directory.models import Clinic, Decision
from directory.queries import letters as queries
from directory.services import checklists, outbox
from directory.services.audit import in_utc


def tell_author(session: Session, decision: Decision, site: Site) -> None:
    """Send the author of a review the reasons for a decision on it; a no-op where there are none to give.

    None are given for an approval that takes every answer as it is, nor to an account without an address.
    """
    answers = tuple(_judged(row) for row in session.execute(queries.not_as_given(decision.id)))
    if decision.action == Action.APPROVE and not answers:
        return
    author = session.execute(queries.author(decision.review_id or 0)).one()
    told = Told(
        clinic=place(author),
        on=in_utc(decision.at).date(),
        action=Action(decision.action),
        reason=_reason(decision.reason_code),
        words=decision.reason_text,
        answers=answers,
        before=_before(session, decision),
    )
    if can_be_written_to(author.email):
        _post(session, letters.statement(told, author.email, site.read_in(author.language)), at=decision.at)


def tell_clinic(session: Session, clinic: Clinic, reported: Reported, site: Site, *, at: datetime) -> None:
    """Send a clinic the notice of a critical sign to the address on record; can_be_written_to() says if it has one."""
    _post(session, letters.notice(reported, clinic.contact_email or "", site.read_in(LANGUAGES[0])), at=at)


def can_be_written_to(address: str | None) -> bool:
    """Whether a letter could be addressed so."""
    return bool(address) and mail.address(address or "") is not None


def place(row: Any) -> str:
    """Return how a letter names a clinic, by its row: name, city and state."""
    return f"{row.name}, {row.city}, {row.state}"


def _post(session: Session, letter: Mail, *, at: datetime) -> None:
    outbox.post(session, letter, at=at)
    session.flush()  # what is refused is refused here, and not when the transaction ends


def _before(session: Session, decision: Decision) -> list[tuple[Reason, str]]:
    """Return the reasons of the first to vote, where a review was made void by two."""
    if decision.action != Action.VOID:
        return []
    rows = session.execute(queries.other_votes(decision.review_id or 0, decision.actor_id))
    return [(Reason(row.reason_code), row.words) for row in rows]


def _judged(row: Any) -> Judged:
    return Judged(
        criterion=checklists.version(row.version).by_slug[row.criterion].name,
        outcome=Outcome(row.outcome),
        reason=_reason(row.reason_code),
        words=row.reason_text,
    )


def _reason(code: str | None) -> Reason | None:
    return Reason(code) if code else None
