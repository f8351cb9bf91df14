"""Suggests changes of listings and decides on them through the services; a test states only what it is about."""

from itertools import count

from directory.domain.access import Role
from directory.domain.profile import ListingStatus
from directory.domain.revisions import ListingAction, ListingReason, RevisionKind
from directory.domain.sources import Source
from directory.domain.ties import TieKind
from directory.models import Clinic, ClinicFact, Revision
from directory.services import listing_decisions, revisions
from directory.services.listing_decisions import ListingVerdict
from directory.services.revisions import Proposal, Suggestion
from tests.support.answers import TODAY
from tests.support.reviews import NOON, account
from tests.support.tables import rows

#: The least that is a clinic, with a place that is in the gazetteer.
FIELDS = {"name": "Copper Snail Ketamine", "city": "Peoria", "state": "IL", "postal_code": "61602"}
SOURCE = Source(title="Their own site, Contact", url="https://snail.example/contact", seen_on=TODAY)
WORDS = "I called them."
WHY = {"reason": ListingReason.NO_SOURCE, "words": "Name a page that anyone can open."}
APPROVED = ListingVerdict(action=ListingAction.APPROVE)
DECLINED = ListingVerdict(action=ListingAction.DECLINE, **WHY)
SENT_BACK = ListingVerdict(action=ListingAction.REQUEST_CHANGES, **WHY)

_keys = count(1)


def proposal(**stated):
    """Return a proposal of FIELDS; what is no part of a Proposal is a fact of the clinic."""
    parts = {name: stated.pop(name) for name in ("source", "words", "key", "tie", "despite") if name in stated}
    whole = {"source": SOURCE, "words": WORDS, "key": f"key {next(_keys)}", "tie": TieKind.NONE} | parts
    return Proposal(fields=FIELDS | stated, **whole)


def suggestion(kind=RevisionKind.EDIT, *, target="", **stated):
    parts = {name: stated.pop(name) for name in ("source", "words", "key", "tie") if name in stated}
    whole = {"source": SOURCE, "words": WORDS, "key": f"key {next(_keys)}", "tie": TieKind.NONE} | parts
    return Suggestion(kind=RevisionKind(kind), fields=stated, target=target, **whole)


def proposed(author=None, *, at=NOON, **stated):
    """Propose a clinic and return the public id of the revision."""
    return revisions.propose(proposal(**stated), author_id=author or account(role=None), at=at)


def suggested(clinic, kind=RevisionKind.EDIT, *, author=None, at=NOON, target=None, **stated):
    """Suggest something about a clinic and return the public id of the revision."""
    whole = suggestion(kind, target=target["public_id"] if target else "", **stated)
    return revisions.suggest(clinic["public_id"], whole, author_id=author or account(role=None), at=at)


def decided(revision, verdict=APPROVED, *, moderator=None, seen_version=None, at=NOON):
    """Decide on a revision as it stands; a moderator who has nothing to do with anything does where none is named."""
    seen = stored(revision).version if seen_version is None else seen_version
    by = moderator or account()
    listing_decisions.decide(revision, verdict, moderator_id=by, seen_version=seen, at=at)


def merged(clinic, target, *, at=NOON):
    """Merge a clinic into another: two moderators agree. Return the public id of the revision."""
    revision = suggested(clinic, RevisionKind.MERGE, target=target, at=at)
    decided(revision, at=at)
    decided(revision, at=at)
    return revision


def administrator():
    return account(role=Role.ADMINISTRATOR)


def stored(revision):
    return rows(Revision, Revision.public_id == revision)[0]


def listing_of(revision):
    return rows(Clinic, Clinic.id == stored(revision).clinic_id)[0]


def listing(clinic):
    return rows(Clinic, Clinic.public_id == clinic["public_id"])[0]


def status_of(clinic):
    return ListingStatus(listing(clinic).status)


def facts_of(row):
    """Return the facts of a listing whose source is kept: field → (source, day, revision)."""
    kept = rows(ClinicFact, ClinicFact.clinic_id == row.id)
    return {fact.field: (fact.source, fact.seen_on, fact.revision_id) for fact in kept}
