"""Every status and every act: through the services, and past them by SQL. What the grids do not name is refused."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from directory.domain.errors import Conflict, InvalidTransition, NotFound
from directory.domain.moderation import Action, Reason, ReviewStatus
from directory.domain.profile import ListingStatus
from directory.domain.revisions import ListingAction, ListingReason, RevisionKind, RevisionStatus
from directory.extensions import db
from directory.models import Clinic, Review, Revision
from directory.services import lapses, listing_decisions, moderation, reviews, revisions, voids, wishes
from directory.services.listing_decisions import Hiding
from directory.services.voids import Vote
from tests.support import attempts as sql
from tests.support import listings
from tests.support.answers import TODAY
from tests.support.machines.invariants import AUTHORS, REVIEW_GRID, REVISION_GRID
from tests.support.machines.listings import RELISTED
from tests.support.reviews import (
    NOON,
    account,
    approval,
    changes_requested,
    declined,
    link,
    reviewed_clinic,
    submission,
    submitted,
)
from tests.support.tables import nothing_written, rows

pytestmark = pytest.mark.usefixtures("lasting_app")

MAILED = {"at_home_use_offered": ("yes", link())}
VOID = Vote(reason=Reason.DUPLICATE, words="Twice the same.")
LATER = NOON + timedelta(days=40)
HIDING = Hiding(reason=ListingReason.LEGAL_REQUEST, words="A letter.", until=TODAY + timedelta(days=9))


class Handed:
    """A review that stands in a status, and what it takes to act on it."""

    def __init__(self, status):
        self.clinic, self.author, self.key = reviewed_clinic(), account(role=None), f"of {status} {account()}"
        self.public_id = submitted(self.clinic, self.author, MAILED, key=self.key)
        for act in WAYS[status]:
            ACTS[act](self)

    @property
    def row(self):
        return rows(Review, Review.public_id == self.public_id)[0]

    def as_moderator(self):
        return {"moderator_id": account(), "seen_version": self.row.version, "at": NOON}

    def as_author(self):
        return {"author_id": self.author, "seen_version": self.row.version, "at": NOON}


def decide(verdict):
    return lambda handed: moderation.decide(handed.public_id, verdict, **handed.as_moderator())


def supersede(handed):
    newer = submitted(handed.clinic, handed.author, MAILED)
    moderation.decide(newer, approval(*MAILED), moderator_id=account(), seen_version=2, at=NOON)


def void(handed):
    for _ in range(2):
        voids.vote(handed.public_id, VOID, **handed.as_moderator())


def withdraw_after(handed):
    if handed.row.status in {"approved", "superseded"}:
        wishes.ask(handed.public_id, words="", **handed.as_author())
    wishes.grant(handed.public_id, **handed.as_moderator())


def submit_again(handed):
    filled_in = submission(handed.clinic, MAILED, key=handed.key)
    reviews.submit(filled_in, author_id=handed.author, at=NOON)


def lapse(handed):
    lapses.lapse(at=LATER)


ACTS = {
    "submit": submit_again,
    "withdraw": lambda handed: reviews.withdraw(handed.public_id, **handed.as_author()),
    "approve": decide(approval(*MAILED)),
    "request_changes": decide(changes_requested()),
    "decline": decide(declined()),
    "supersede": supersede,
    "withdraw_after": withdraw_after,
    "void": void,
    "lapse": lapse,
}
#: How a review comes to stand there, once it was handed in.
WAYS = {
    "submitted": (),
    "changes_requested": ("request_changes",),
    "approved": ("approve",),
    "declined": ("decline",),
    "withdrawn": ("withdraw",),
    "superseded": ("approve", "supersede"),
    "withdrawn_after": ("approve", "withdraw_after"),
    "voided": ("approve", "void"),
}
#: These do something else where they do not lead on: the same key is the same review, what is not due is left.
LEAVE_IT = {"submit", "lapse", "supersede"}


@pytest.mark.parametrize("status", WAYS)
def test_a_review_goes_from_its_status_where_the_grid_leads_and_nowhere_else(status):
    leads_to = {action: to for before, action, to in REVIEW_GRID if before == status}
    stays = Handed(status)
    before = (stays.row.status, stays.row.version)

    for action, act in ACTS.items():
        if action in leads_to:
            handed = Handed(status)
            version = handed.row.version
            act(handed)
            assert (handed.row.status, handed.row.version) == (leads_to[action], version + 1), action
        elif action in LEAVE_IT:
            if action != "supersede" or status not in {"submitted", "changes_requested"}:
                act(stays)
        else:
            with pytest.raises((InvalidTransition, Conflict)):
                act(stays)
        # What lapses does so wherever it stands.
        assert action == "lapse" or (stays.row.status, stays.row.version) == before, action
    assert before[0] == status


@pytest.mark.parametrize("status", WAYS)
def test_no_decision_past_the_services_takes_a_review_elsewhere(status):
    handed = Handed(status)
    row, moderator = handed.row, account()

    for action, to in product([Action(each) for each in ACTS], ReviewStatus):
        by = handed.author if action in AUTHORS else moderator
        said = refusal(sql.decision(row.id, action, to, by=by, clinic=row.clinic_id, before=status, seen=row.version))
        is_led = (status, action.value, to.value) in REVIEW_GRID
        assert ("takes a review where its action leads" in said) <= (not is_led), (action, to)
        assert is_led or said, (action, to)


@pytest.mark.parametrize("status", WAYS)
def test_no_status_of_a_review_is_changed_without_its_decision(status):
    row = Handed(status).row

    for to in ReviewStatus:
        assert refusal(sql.moved(row.id, to, row.version + 1)), to
        assert to == status or refusal(sql.moved(row.id, to, row.version)), to


class Suggested:
    """A suggestion that stands in a status."""

    def __init__(self, status):
        kind = "merge" if status == "approved_once" else "edit"
        self.author, target = account(role=None), reviewed_clinic() if kind == "merge" else None
        stated = {} if target else {"phone": "+13145550100"}
        self.stated = {"kind": kind, "target": target["public_id"] if target else "", **stated}
        self.public_id = listings.suggested(reviewed_clinic(), kind, author=self.author, target=target, **stated)
        for act in WAYS_OF_SUGGESTIONS[status]:
            ACTS_ON_SUGGESTIONS[act](self)

    @property
    def row(self):
        return rows(Revision, Revision.public_id == self.public_id)[0]

    def as_author(self):
        return {"author_id": self.author, "seen_version": self.row.version, "at": NOON}


def suggest_again(said):
    stated = dict(said.stated)
    again = listings.suggestion(stated.pop("kind"), target=stated.pop("target"), **stated)
    revisions.submit_again(said.public_id, again, **said.as_author())


ACTS_ON_SUGGESTIONS = {
    "submit": suggest_again,
    "withdraw": lambda said: revisions.withdraw(said.public_id, **said.as_author()),
    "approve": lambda said: listings.decided(said.public_id, listings.APPROVED),
    "request_changes": lambda said: listings.decided(said.public_id, listings.SENT_BACK),
    "decline": lambda said: listings.decided(said.public_id, listings.DECLINED),
}
WAYS_OF_SUGGESTIONS = {
    "submitted": (),
    "approved_once": ("approve",),
    "changes_requested": ("request_changes",),
    "approved": ("approve",),
    "declined": ("decline",),
    "withdrawn": ("withdraw",),
}


@pytest.mark.parametrize("status", WAYS_OF_SUGGESTIONS)
def test_a_suggestion_goes_from_its_status_where_the_grid_leads_and_nowhere_else(status):
    leads_to = {action: to for before, action, to in REVISION_GRID if before == status}
    stays = Suggested(status)
    assert stays.row.status == status

    for action, act in ACTS_ON_SUGGESTIONS.items():
        if action in leads_to:
            said = Suggested(status)
            version = said.row.version
            act(said)
            assert (said.row.status, said.row.version) == (leads_to[action], version + 1), action
        else:
            with pytest.raises((InvalidTransition, Conflict)):
                act(stays)
        assert stays.row.status == status, action


@pytest.mark.parametrize("status", WAYS_OF_SUGGESTIONS)
def test_no_decision_past_the_services_takes_a_suggestion_elsewhere(status):
    said = Suggested(status)
    row, moderator = said.row, account()
    listing = rows(Clinic, Clinic.id == row.clinic_id)[0].status

    for action, to in product(ListingAction, RevisionStatus):
        by = said.author if action in AUTHORS else moderator
        answer = refusal(listing_decision(row, action, to, by=by, listing=listing))
        is_led = (status, action.value, to.value) in REVISION_GRID
        assert ("takes a suggestion where its action leads" in answer) <= (not is_led), (action, to)
        assert is_led or answer, (action, to)
    for to in RevisionStatus:
        moved = f"UPDATE revision SET status = '{to}', version = {row.version + 1} WHERE id = {row.id}"
        assert refusal(moved), to


def listing_decision(row, action, to, *, by, listing):
    reason = "'no_source', 'So.'"
    return (
        "INSERT INTO listing_decision (public_id, clinic_id, revision_id, action, actor_id, from_status, to_status,"
        " seen_version, listing_from, listing_to, reason_code, reason_text, at)"
        f" VALUES ('tried', {row.clinic_id}, {row.id}, '{action}', {by}, '{row.status}', '{to}', {row.version},"
        f" '{listing}', '{listing}', {reason}, '2026-11-21 12:00:00+00:00')"
    )


def listed_as(status):
    """Return a listing that stands so, by what people did."""
    if status in {"proposed", "declined", "withdrawn"}:
        author = account(role=None)
        revision = listings.proposed(author, name=f"Clinic of {author}", city="Peoria", despite=seen())
        if status == "declined":
            listings.decided(revision, listings.DECLINED)
        if status == "withdrawn":
            revisions.withdraw(revision, author_id=author, seen_version=1, at=NOON)
        return {"public_id": listings.listing_of(revision).public_id}
    clinic = reviewed_clinic()
    if status == "closed":
        listings.decided(listings.suggested(clinic, "close"))
    if status == "merged":
        listings.merged(clinic, reviewed_clinic())
    if status == "hidden":
        listing_decisions.hide(clinic["public_id"], HIDING, administrator_id=listings.administrator(), at=NOON)
    return clinic


@pytest.mark.parametrize("act", ["withdraw", "request_changes", "decline"])
def test_a_merged_listing_is_led_nowhere_else_by_what_becomes_of_another_suggestion(act):
    clinic, target = reviewed_clinic(), reviewed_clinic()
    author, other = account(role=None), reviewed_clinic()
    waiting = listings.suggested(clinic, "merge", author=author, target=other)
    listings.merged(clinic, target)

    if act == "withdraw":
        revisions.withdraw(waiting, author_id=author, seen_version=1, at=NOON)
    else:
        listings.decided(waiting, {"request_changes": listings.SENT_BACK, "decline": listings.DECLINED}[act])

    assert listings.listing(clinic).successor_id == listings.listing(target).id


def seen():
    return frozenset(row.public_id for row in rows(Clinic))


@pytest.mark.parametrize("status", ListingStatus)
def test_of_a_listing_only_that_is_suggested_and_done_which_leads_on_from_where_it_stands(status):
    clinic = listed_as(status)
    is_known = status in {"published", "closed"}

    for kind in [each for each in RevisionKind if each is not RevisionKind.NEW]:
        target = reviewed_clinic() if kind is RevisionKind.MERGE else None
        stated = {"edit": {"phone": "+13145550100"}, "move": {"address": "1 New Street"}}.get(kind, {})
        if (status, kind.value) in RELISTED:
            listings.suggested(clinic, kind, target=target, **stated)
        else:
            with pytest.raises(InvalidTransition if is_known else NotFound), nothing_written(accounts=0):
                listings.suggested(clinic, kind, author=1, target=target, **stated)
    adi = {"administrator_id": listings.administrator(), "at": NOON}
    for is_allowed, act in (
        (status == "hidden", lambda: listing_decisions.unhide(clinic["public_id"], words="So.", **adi)),
        (is_known or status == "hidden", lambda: listing_decisions.hide(clinic["public_id"], HIDING, **adi)),
    ):
        if is_allowed:
            act()
        else:
            with pytest.raises(InvalidTransition):
                act()


@pytest.mark.parametrize("status", ListingStatus)
def test_no_status_of_a_listing_is_given_or_taken_past_its_decision(status):
    row = listings.listing(listed_as(status))

    for to in [each for each in ListingStatus if each != status]:
        is_by_import = {status.value, to.value} <= {"published", "closed", "proposed"}
        answer = refusal(f"UPDATE clinic SET status = '{to}' WHERE id = {row.id}")
        assert bool(answer) is not is_by_import, to


def refusal(statement):
    """Return what the database says to a statement, "" where it takes it; nothing of it stays."""
    try:
        db.session.execute(text(statement))
    except DatabaseError as error:
        return str(error.orig)
    else:
        return ""
    finally:
        db.session.rollback()
