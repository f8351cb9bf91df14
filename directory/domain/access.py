"""Who may do what: the permission matrix as data (design MODERATION, 3), asked in one place, refused by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from directory.domain.labels import N_
from directory.domain.ties import TieKind


class Role(StrEnum):
    """What a person is here. Everybody is a visitor, everybody who signed in a reviewer; the others are granted."""

    VISITOR = "visitor"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.VISITOR: N_("Visitor"),
    Role.REVIEWER: N_("Reviewer"),
    Role.MODERATOR: N_("Moderator"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
#: The roles that somebody has to grant.
GRANTED = (Role.MODERATOR, Role.ADMINISTRATOR)


class Permission(StrEnum):
    """What can be done at an address; every route declares one of these."""

    READ_PUBLISHED = "read_published"
    SIGN_IN = "sign_in"
    OWN_ACCOUNT = "own_account"
    WRITE_REVIEW = "write_review"
    READ_OWN_REVIEW = "read_own_review"
    WITHDRAW_REVIEW = "withdraw_review"
    SUGGEST_LISTING = "suggest_listing"
    READ_OWN_SUGGESTION = "read_own_suggestion"
    SEE_QUEUE = "see_queue"
    READ_UNPUBLISHED = "read_unpublished"
    DECIDE = "decide"
    RECHECK = "recheck"
    RULE = "rule"
    VOID = "void"
    HOLD = "hold"
    PROPOSE_LINK = "propose_link"
    LINK_ACCOUNTS = "link_accounts"
    DECIDE_LISTING = "decide_listing"
    HIDE_LISTING = "hide_listing"


class Condition(Enum):
    """Under what condition a role has a permission."""

    NEVER = "-"
    ALWAYS = "y"
    #: Of what they wrote themselves alone.
    OWN = "o"
    #: Not the author, and no tie to the clinic.
    UNTIED = "t"
    #: No tie that bars a review.
    UNBARRED = "b"


_IN_ORDER = (Role.VISITOR, Role.REVIEWER, Role.MODERATOR, Role.ADMINISTRATOR)


def _row(conditions: str) -> Mapping[Role, Condition]:
    return dict(zip(_IN_ORDER, map(Condition, conditions.split()), strict=True))


#: Visitor, reviewer, moderator, administrator. What is not here is refused.
GRANTS: Mapping[Permission, Mapping[Role, Condition]] = {
    Permission.READ_PUBLISHED:   _row("y y y y"),
    Permission.SIGN_IN:          _row("y y y y"),
    Permission.OWN_ACCOUNT:      _row("- y y y"),
    Permission.WRITE_REVIEW:     _row("- b b b"),
    Permission.READ_OWN_REVIEW:  _row("- o o o"),
    Permission.WITHDRAW_REVIEW:  _row("- o o o"),
    Permission.SUGGEST_LISTING:  _row("- y y y"),
    Permission.READ_OWN_SUGGESTION: _row("- o o o"),
    Permission.SEE_QUEUE:        _row("- - y y"),
    Permission.READ_UNPUBLISHED: _row("- o t t"),
    Permission.DECIDE:           _row("- - t t"),
    Permission.RECHECK:          _row("- - t t"),
    Permission.RULE:             _row("- - t t"),
    Permission.VOID:             _row("- - t t"),
    Permission.HOLD:             _row("- - t t"),
    Permission.PROPOSE_LINK:     _row("- - y y"),
    Permission.LINK_ACCOUNTS:    _row("- - - y"),
    Permission.DECIDE_LISTING:   _row("- - t t"),
    Permission.HIDE_LISTING:     _row("- - - t"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who signed in. `voice` is the account that stands for all that are linked to theirs."""

    account_id: int
    voice: int
    roles: frozenset[Role] = frozenset()
    has_second_factor: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether a role was granted to them."""
        return any(role in self.roles for role in GRANTED)


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What somebody acts on, as it stands to them.

    `authors` are the accounts that wrote it, `voices` those that stand for them. `ties` are the actor's own to its
    clinic, or to one of the same organisation: for deciding all that hold, for reviewing the last word on each.
    """

    authors: frozenset[int] = frozenset()
    voices: frozenset[int] = frozenset()
    ties: frozenset[TieKind] = frozenset()


class Refusal(Enum):
    """Why not."""

    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    NOT_YOURS = "not_yours"
    OWN_WORK = "own_work"
    TIE = "tie"
    ROLE = "role"


#: The sentence for a refusal that a person is told.
SENTENCES = {
    Refusal.NOT_YOURS: N_("Only the author can do this with a review."),
    Refusal.OWN_WORK: N_(
        "You cannot decide on your own review or suggestion, nor on one of an account linked to yours."
    ),
    Refusal.TIE: N_("You have a tie to this clinic, so somebody else must do this."),
    Refusal.ROLE: N_("This takes a role that your account does not have."),
}


def roles_of(actor: Actor | None) -> frozenset[Role]:
    """Return the roles a person acts in; None is somebody who did not sign in."""
    return frozenset({Role.VISITOR}) if actor is None else actor.roles | {Role.VISITOR, Role.REVIEWER}


def allows(actor: Actor | None, permission: Permission, thing: Thing | None = None) -> bool:
    """Whether `actor` may do that, with `thing` where it is done to one."""
    return refusal(actor, permission, thing) is None


def refusal(actor: Actor | None, permission: Permission, thing: Thing | None = None) -> Refusal | None:
    """Return why `actor` may not do that; None where they may.

    Without a `thing` the answer is whether there can be one: it is what a route asks before anything was looked up.
    """
    conditions = _conditions(actor, permission)
    if not conditions:
        return Refusal.SIGN_IN if actor is None else Refusal.ROLE
    if actor is None or thing is None:
        return None
    problems = [_problem(condition, actor, thing) for condition in conditions]
    return None if None in problems else problems[-1]


def reaches(actor: Actor | None, permission: Permission) -> Refusal | None:
    """Return what keeps `actor` from a route that declares `permission`, the second factor of staff included."""
    refused = refusal(actor, permission)
    if refused is None and actor and actor.is_staff and is_privileged(permission) and not actor.has_second_factor:
        return Refusal.SECOND_FACTOR
    return refused


def is_privileged(permission: Permission) -> bool:
    """Whether a granted role may do more by it than a reviewer."""
    return any(_of(permission, role) is not _of(permission, Role.REVIEWER) for role in GRANTED)


def _conditions(actor: Actor | None, permission: Permission) -> list[Condition]:
    """Return the conditions under which the roles of `actor` have it, that of the highest role last."""
    roles = roles_of(actor)
    found = [_of(permission, role) for role in _IN_ORDER if role in roles]
    return [condition for condition in found if condition is not Condition.NEVER]


def _of(permission: Permission, role: Role) -> Condition:
    return GRANTS.get(permission, {}).get(role, Condition.NEVER)


def _problem(condition: Condition, actor: Actor, thing: Thing) -> Refusal | None:
    # A linked account decides as little as its author, but what an author may do only the very account may.
    is_own_work = actor.voice in thing.voices
    problems = {
        Condition.OWN: None if actor.account_id in thing.authors else Refusal.NOT_YOURS,
        Condition.UNTIED: Refusal.OWN_WORK if is_own_work else Refusal.TIE if thing.ties else None,
        Condition.UNBARRED: Refusal.TIE if any(tie.bars_reviewing for tie in thing.ties) else None,
    }
    return problems.get(condition)
