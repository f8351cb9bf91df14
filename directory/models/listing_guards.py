"""Guards of listings: no status but by a decision, none on one's own work or with a tie, two people for a merge."""

from directory.domain.profile import ListingStatus
from directory.domain.revisions import (
    BY_DECISION,
    BY_TWO,
    LISTING_TRANSITIONS,
    LONGEST_HIDING,
    OPEN_REVISIONS,
    REVISERS_OWN,
    REVISION_TRANSITIONS,
    UNLISTED,
    ListingAction,
    RevisionStatus,
)
from directory.models.conditions import IS_CLAIMED, TIED, is_tied, is_tied_by_merging, never_swept_away, voice, words
from directory.models.guards import EmptyingGuard, Guard

_STAYS = "what was suggested about a listing is never taken out"
_BY_TWO = words(BY_TWO)
_ALLOWED = " OR ".join(
    f"(OLD.status = '{status}' AND NEW.status = '{after}')" for (status, _), after in REVISION_TRANSITIONS.items()
)
_ENTERED = " OR ".join(
    f"(NEW.from_status = '{status}' AND NEW.action = '{action}' AND NEW.to_status = '{after}')"
    for (status, action), after in REVISION_TRANSITIONS.items()
)
#: What the listing becomes, by the kind of the revision `r`, where a decision approves it.
_RELISTED = " OR ".join(
    f"(NEW.listing_from = '{status}' AND r.kind = '{kind}' AND NEW.listing_to = '{after}')"
    for (status, kind), after in LISTING_TRANSITIONS.items()
)
_UNLISTED = " OR ".join(
    f"(NEW.action = '{action}' AND r.kind = 'new' AND NEW.listing_from = '{ListingStatus.PROPOSED}'"
    f" AND NEW.listing_to = '{after}')"
    for action, after in UNLISTED.items()
)
_HIDDEN = " OR ".join(
    f"(NEW.action = '{action}' AND NEW.listing_from {is_from} AND NEW.listing_to {is_to})"
    for action, is_from, is_to in (
        (ListingAction.HIDE, "IN ('published', 'closed')", "= 'hidden'"),
        (ListingAction.UNHIDE, "= 'hidden'", "IN ('published', 'closed')"),
    )
)
_OF_THE_REVISION = "SELECT 1 FROM revision AS r WHERE r.id = NEW.revision_id"
_IS_OF_OTHERS = f"NEW.action NOT IN ({words(REVISERS_OWN)})"
_BY_DECISION = words(BY_DECISION)
_STANDING = ("id", "public_id", "clinic_id", "kind", "author_id", "idempotency_key")
_WRITTEN = ("fields", "base", "source", "source_url", "seen_on", "words", "submitted_at")


def _is_other(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{column} <> NEW.{column}" for column in columns)


def _is_tied_to_either(actor: str, day: str, clinic: str, target: str) -> str:
    found = (rule(actor, each, day) for each in (clinic, target) for rule in (is_tied, is_tied_by_merging))
    return f"({' OR '.join(found)})"


ON_LISTINGS: tuple[Guard | EmptyingGuard, ...] = (
    Guard(
        "revision_begins_submitted", "revision", "INSERT", "NEW.status <> 'submitted' OR NEW.version <> 1",
        "what is suggested begins as submitted",
    ),
    Guard("revision_no_delete", "revision", "DELETE", "TRUE", _STAYS),
    *never_swept_away(
        "revision", _STAYS, "id = NEW.id", "public_id = NEW.public_id",
        "author_id = NEW.author_id AND idempotency_key = NEW.idempotency_key",
        f"author_id = NEW.author_id AND clinic_id = NEW.clinic_id AND status IN ({words(OPEN_REVISIONS)})",
    ),
    Guard(
        "revision_stays_its_own", "revision", "UPDATE",
        f"{_is_other(_STANDING)} OR COALESCE(OLD.target_id, 0) <> COALESCE(NEW.target_id, 0)",
        "author, clinic and kind of what was suggested stay as they are",
    ),
    Guard(
        "revision_while_written", "revision", "UPDATE",
        f"({_is_other(_WRITTEN)}) AND OLD.status <> '{RevisionStatus.CHANGES_REQUESTED}'",
        "what was suggested is changed only where its author was asked to",
    ),
    Guard(
        "revision_transition", "revision", "UPDATE", f"OLD.status <> NEW.status AND NOT ({_ALLOWED})",
        "what was suggested cannot go from that status to this one",
    ),
    Guard(
        "revision_by_decision", "revision", "UPDATE",
        "(OLD.status <> NEW.status OR OLD.version <> NEW.version) AND (NEW.version <> OLD.version + 1"
        " OR NOT EXISTS (SELECT 1 FROM listing_decision AS d WHERE d.revision_id = NEW.id"
        " AND d.seen_version = OLD.version AND d.from_status = OLD.status AND d.to_status = NEW.status))",
        "what was suggested changes its status only by a decision in the record",
    ),
    Guard(
        "revision_claim_own_work", "revision", "UPDATE",
        f"{IS_CLAIMED} AND {voice('NEW.claimed_by_id')} = {voice('NEW.author_id')}",
        "nobody claims their own work",
    ),
    Guard(
        "revision_claim_tied", "revision", "UPDATE",
        f"{IS_CLAIMED} AND {_is_tied_to_either('NEW.claimed_by_id', '$claimed', 'NEW.clinic_id', 'NEW.target_id')}",
        "nobody claims a suggestion about a clinic to which they have a tie",
    ),
    Guard(
        "listing_decision_own_work", "listing_decision", "INSERT",
        f"{_IS_OF_OTHERS} AND EXISTS ({_OF_THE_REVISION} AND {voice('r.author_id')} = {voice('NEW.actor_id')})",
        "nobody decides on their own work",
    ),
    Guard(
        "listing_decision_authors_own", "listing_decision", "INSERT",
        f"NEW.action IN ({words(REVISERS_OWN)}) AND NOT EXISTS ({_OF_THE_REVISION} AND r.author_id = NEW.actor_id)",
        "only the author hands in or withdraws what they suggest",
    ),
    Guard(
        "listing_decision_tied", "listing_decision", "INSERT",
        f"{_IS_OF_OTHERS} AND "
        + _is_tied_to_either(
            "NEW.actor_id", "$day", "NEW.clinic_id",
            "(SELECT r.target_id FROM revision AS r WHERE r.id = NEW.revision_id)",
        ),
        TIED,
    ),
    Guard(
        "listing_decision_as_it_stands", "listing_decision", "INSERT",
        f"NEW.revision_id IS NOT NULL AND NOT EXISTS ({_OF_THE_REVISION} AND r.clinic_id = NEW.clinic_id AND"
        " ((r.status = NEW.from_status AND r.version = NEW.seen_version) OR (NEW.from_status = ''"
        " AND NEW.seen_version = 0 AND r.status = 'submitted' AND r.version = 1)))",
        "a decision is on a suggestion as it stands",
    ),
    Guard(
        "listing_decision_transition", "listing_decision", "INSERT",
        f"NEW.revision_id IS NOT NULL AND NOT ({_ENTERED})",
        "a decision takes a suggestion where its action leads",
    ),
    Guard(
        "listing_decision_two_people", "listing_decision", "INSERT",
        f"EXISTS ({_OF_THE_REVISION} AND ((r.kind IN ({_BY_TWO}) AND NEW.action = 'approve'"  # nosec B608
        " AND NOT (NEW.from_status = 'approved_once' AND EXISTS (SELECT 1 FROM listing_decision AS d"
        " WHERE d.revision_id = r.id AND d.action = 'approve_once' AND d.seen_version = NEW.seen_version - 1"
        f" AND {voice('d.actor_id')} <> {voice('NEW.actor_id')})))"
        f" OR (r.kind NOT IN ({_BY_TWO}) AND NEW.action = 'approve_once')))",
        "two listings are joined by two people",
    ),
    Guard(
        "listing_decision_of_its_listing", "listing_decision", "INSERT",
        "NOT EXISTS (SELECT 1 FROM clinic AS c WHERE c.id = NEW.clinic_id AND c.status = NEW.listing_from)"  # nosec B608
        f" OR NOT ((NEW.action = 'approve' AND EXISTS ({_OF_THE_REVISION} AND ({_RELISTED})))"
        f" OR EXISTS ({_OF_THE_REVISION} AND ({_UNLISTED})) OR {_HIDDEN}"
        " OR (NEW.action NOT IN ('approve', 'hide', 'unhide') AND NEW.listing_from = NEW.listing_to"
        f" AND NOT EXISTS ({_OF_THE_REVISION} AND r.kind = 'new' AND NEW.action IN ({words(UNLISTED)}))))",
        "a decision takes a listing where its action leads",
    ),
    Guard(
        "listing_decision_of_its_days", "listing_decision", "INSERT",
        "NEW.until IS NOT NULL AND (NEW.until <= $day OR NEW.until > $hidden_longest)",
        f"a listing is hidden for one day to {LONGEST_HIDING}",
    ),
    Guard(
        "clinic_by_decision", "clinic", "UPDATE",
        f"OLD.status <> NEW.status AND (OLD.status IN ({_BY_DECISION}) OR NEW.status IN ({_BY_DECISION}))"  # nosec B608
        " AND NOT EXISTS (SELECT 1 FROM listing_decision AS d WHERE d.clinic_id = NEW.id"
        " AND d.listing_from = OLD.status AND d.listing_to = NEW.status"
        " AND d.id = (SELECT max(l.id) FROM listing_decision AS l WHERE l.clinic_id = NEW.id))",
        "a listing is merged, hidden or left out only by a decision in the record",
    ),
    Guard(
        "clinic_successor", "clinic", "UPDATE",
        "NEW.successor_id IS NOT NULL AND (EXISTS (SELECT 1 FROM clinic AS c WHERE c.id = NEW.successor_id"
        " AND c.successor_id IS NOT NULL) OR EXISTS (SELECT 1 FROM clinic AS c WHERE c.successor_id = NEW.id))",
        "merged listings lead to the one that stands for all of them",
    ),
)  # fmt: skip
