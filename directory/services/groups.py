"""Links accounts that are one person's into a group, which speaks with one voice; and takes them out again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.domain.abuse import check_words
from directory.domain.access import SENTENCES, Permission, refusal
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.domain.identifiers import email_key, is_public_id
from directory.domain.labels import N_
from directory.domain.texts import is_plain
from directory.extensions import reading
from directory.models import Account, LinkProposal
from directory.queries import abuse as queries
from directory.queries import accounts, reviews
from directory.services import access, audit, scores

_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """Two accounts, by public id, that a moderator thinks are one person's, and why. They are not linked yet."""

    account: str
    other: str
    words: str
    at: datetime


def propose(review: str, other: str, *, words: str, moderator_id: int, at: datetime) -> None:
    """Note that a moderator thinks that the authors of two reviews are one person.

    Raises NotFound, Forbidden for somebody without the role, InvalidParameter for missing words or two reviews by one
    account, Conflict where the accounts are linked or the same moderator proposed it before.
    """
    check_words(words)
    with audit.turn() as session:
        _require(session, Permission.PROPOSE_LINK, moderator_id)
        first, second = sorted(_author(session, each) for each in (review, other))
        if first == second:
            raise InvalidParameter("other", N_("Both reviews are by the same account."))
        if len(access.voices(session, [first, second])) == 1:
            raise Conflict(N_("These accounts are linked already."))
        if session.scalar(queries.proposal(first, second, moderator_id)):
            raise Conflict(N_("You have proposed this before."))
        row = LinkProposal(account_id=first, other_id=second, by_id=moderator_id, words=words, at=at)
        session.add(row)
        session.flush()
        body: dict[str, object] = {"proposal": row.id, "accounts": [first, second]}
        audit.enter(session, "propose_link", actor_id=moderator_id, at=at, body=body)


def proposed() -> list[Proposed]:
    """Return the proposals whose accounts are not linked, the oldest first."""
    with reading() as session:
        return [
            Proposed(account=row.account, other=row.other, words=row.LinkProposal.words,
                     at=audit.in_utc(row.LinkProposal.at))
            for row in session.execute(queries.open_proposals())
        ]  # fmt: skip


def link(account: str, other: str, *, administrator: str, at: datetime) -> int:
    """Let two accounts, and all that are linked to either, speak with one voice; return how many scores changed.

    Accounts are named by public id or address. Raises NotFound, Forbidden for somebody who is no administrator or
    speaks with one of them, and Conflict where they are linked already.
    """
    with audit.turn() as session:
        first, second = (_found(session, each) for each in (account, other))
        by_id = _require_uninvolved(session, administrator, first, second)
        voices = sorted(access.voices(session, [first.id, second.id]))
        if len(voices) == 1:
            raise Conflict(N_("These accounts are linked already."))
        stays, joins = (session.scalars(queries.group(voice)).all() for voice in voices)
        _speak_with(session, joins, stays[0])
        body: dict[str, object] = {"accounts": [each.id for each in joins], "voice": stays[0].id}
        audit.enter(session, "link_accounts", actor_id=by_id, at=at, body=body)
        return _restate(session, [*stays, *joins], at)


def unlink(account: str, *, administrator: str, at: datetime) -> int:
    """Let an account speak for itself again; return how many scores changed. The others of its group stay linked.

    Raises NotFound, Forbidden as link() does, and Conflict where it is linked to none.
    """
    with audit.turn() as session:
        leaving = _found(session, account)
        by_id = _require_uninvolved(session, administrator, leaving)
        (voice,) = access.voices(session, [leaving.id])
        group = session.scalars(queries.group(voice)).all()
        rest = [each for each in group if each is not leaving]
        if not rest:
            raise Conflict(N_("This account is linked to no other."))
        _speak_with(session, [leaving], None)
        _speak_with(session, rest, rest[0])
        body: dict[str, object] = {"account": leaving.id, "group": [each.id for each in rest]}
        audit.enter(session, "unlink_account", actor_id=by_id, at=at, body=body)
        return _restate(session, group, at)


def _require(session: Session, permission: Permission, account_id: int) -> int:
    """Return the voice of somebody who may do that."""
    who = access.actor(session, account_id)
    if refused := refusal(who, permission):
        raise Forbidden(SENTENCES[refused])
    return who.voice


def _require_uninvolved(session: Session, administrator: str, *linked: Account) -> int:
    """Return the id of an administrator who speaks with none of these accounts."""
    by_id = _found(session, administrator).id
    voice = _require(session, Permission.LINK_ACCOUNTS, by_id)
    if voice in access.voices(session, [account.id for account in linked]):
        raise Forbidden(N_("One of these accounts speaks with you, so another administrator must do this."))
    return by_id


def _author(session: Session, review: str) -> int:
    row = session.scalar(reviews.by_public_id(review)) if is_public_id(review) else None
    if row is None:
        raise NotFound(N_("There is no such review."))
    return row.author_id


def _found(session: Session, name: str) -> Account:
    wanted = accounts.by_email(email_key(name)) if "@" in name else queries.account(name)
    account = session.scalar(wanted) if is_plain(name) else None
    if account is None:
        raise NotFound(N_("There is no such account."))
    return account


def _speak_with(session: Session, group: Iterable[Account], whole: Account | None) -> None:
    """Link accounts to the one that stands for them, or to none; whoever stood for them is linked last."""
    of_whom = [account for account in group if account is not whole]
    if whole:
        whole.linked_to_id = None
        session.flush()
    for account in sorted(of_whom, key=lambda each: each.linked_to_id is None):
        account.linked_to_id = whole.id if whole else None
        session.flush()


def _restate(session: Session, group: Sequence[Account], at: datetime) -> int:
    clinic_ids = list(session.scalars(queries.heard_of([account.id for account in group])))
    parts = (clinic_ids[start : start + _CHUNK] for start in range(0, len(clinic_ids), _CHUNK))
    return sum(scores.restate(session, part, at=at) for part in parts)
