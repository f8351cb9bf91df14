"""Writes suggestions about listings and decisions on them past the services, for tests of what follows from them."""

from datetime import timedelta
from itertools import count

from directory.domain.revisions import REVISION_TRANSITIONS, ListingAction, ListingReason
from directory.extensions import db, writing
from directory.models import Clinic, ListingDecision, Revision
from directory.services import audit
from tests.support.answers import TODAY
from tests.support.reviews import NOON, account
from tests.support.tables import rows

_FIELDS = {"new": '{"name": "New"}', "edit": '{"phone": "+13145550100"}', "move": '{"address": "1 New Street"}'}
_NEEDS_REASON = ("decline", "request_changes", "hide")
_numbers = count(1)


def suggested(clinic, author, *, kind="edit", target=None, at=NOON, **stated):
    """Return the public id of what `author` suggests about a clinic, and hands in; a merge leads to `target`."""
    facts = {"fields": _FIELDS.get(kind, "{}")} | stated
    with writing() as session:
        revision = Revision(
            clinic_id=number_of(clinic), kind=kind, target_id=target and number_of(target), author_id=author,
            source="Their own site", seen_on=TODAY, words="I looked.", idempotency_key=f"key {next(_numbers)}",
            submitted_at=at, **facts,
        )  # fmt: skip
        session.add(revision)
        session.flush()
        public_id = revision.public_id
    entered(public_id, "submit", by=author, at=at, is_first=True)
    return public_id


def entered(revision, action, *, by=None, listing_to=None, at=NOON, is_first=False):
    """Enter a decision on a suggestion, take the suggestion there, and return the decision's public id."""
    found = rows(Revision, Revision.public_id == revision)[0]
    from_status, seen = ("", 0) if is_first else (found.status, found.version)
    to_status = REVISION_TRANSITIONS[from_status, ListingAction(action)]
    status = rows(Clinic, Clinic.id == found.clinic_id)[0].status
    decision = _decision(
        found.clinic_id, action, by, at, revision_id=found.id, from_status=from_status, to_status=to_status,
        seen_version=seen, listing_from=status, listing_to=listing_to or status,
    )  # fmt: skip
    if not is_first:
        free = {"claimed_by_id": None, "claimed_at": None, "claim_until": None}
        _change(Revision, found.id, status=to_status, version=seen + 1, **free)
    return decision


def relisted(clinic, kind, listing_to, *, target=None, author=None, at=NOON):
    """Let what somebody suggests become of a clinic, and return the public id of the approval; a merge takes two."""
    revision = suggested(clinic, author or account(), kind=kind, target=target, at=at)
    if kind == "merge":
        entered(revision, "approve_once", at=at)
    decision = entered(revision, "approve", listing_to=listing_to, at=at)
    successor = {"successor_id": number_of(target)} if target else {}
    _change(Clinic, number_of(clinic), status=listing_to, **successor)
    return decision


def hidden(clinic, *, until=TODAY + timedelta(days=30), at=NOON, by=None, reason=ListingReason.LEGAL_REQUEST):
    """Hide a clinic after a legal request, and return the public id of the decision."""
    status = rows(Clinic, Clinic.public_id == clinic["public_id"])[0].status
    decision = _decision(
        number_of(clinic), "hide", by, at, listing_from=status, listing_to="hidden", until=until, reason_code=reason
    )
    _change(Clinic, number_of(clinic), status="hidden")
    return decision


def shown_again(clinic, *, at=NOON, listing_to="published"):
    """Show a hidden clinic again, and return the public id of the decision."""
    decision = _decision(number_of(clinic), "unhide", None, at, listing_from="hidden", listing_to=listing_to)
    _change(Clinic, number_of(clinic), status=listing_to)
    return decision


def number_of(clinic):
    return rows(Clinic, Clinic.public_id == clinic["public_id"])[0].id


def _decision(clinic_id, action, by, at, **details):
    why = {"reason_code": ListingReason.NO_SOURCE, "reason_text": "Nobody can see it."}
    details = (why if action in _NEEDS_REASON else {}) | details
    decision = ListingDecision(clinic_id=clinic_id, action=action, actor_id=by or account(), at=at, **details)
    with audit.turn() as session:
        session.add(decision)
        session.flush()
        audit.enter_listing_decision(session, decision)
        return decision.public_id


def _change(model, number, **values):
    with writing() as session:
        session.execute(db.update(model).where(model.id == number).values(**values))
