"""What holds after each step, whatever came before: read from the tables, past the services."""

from collections import Counter, defaultdict

from hypothesis.stateful import invariant

from directory.models import Account, Clinic, Decision, ListingDecision, Review, Revision
from directory.services import audit, scores
from tests.support.reviews import NOON
from tests.support.tables import rows

#: From, action, to; written down again from the design, not taken from the code.
REVIEW_GRID = {
    ("draft", "submit", "submitted"),
    ("changes_requested", "submit", "submitted"),
    ("submitted", "withdraw", "withdrawn"),
    ("changes_requested", "withdraw", "withdrawn"),
    ("changes_requested", "lapse", "withdrawn"),
    ("submitted", "approve", "approved"),
    ("submitted", "request_changes", "changes_requested"),
    ("submitted", "decline", "declined"),
    ("approved", "supersede", "superseded"),
    ("approved", "withdraw_after", "withdrawn_after"),
    ("superseded", "withdraw_after", "withdrawn_after"),
    ("approved", "void", "voided"),
    ("superseded", "void", "voided"),
}
REVISION_GRID = {
    ("", "submit", "submitted"),
    ("changes_requested", "submit", "submitted"),
    *((status, "withdraw", "withdrawn") for status in ("submitted", "approved_once", "changes_requested")),
    *((status, "request_changes", "changes_requested") for status in ("submitted", "approved_once")),
    *((status, "decline", "declined") for status in ("submitted", "approved_once")),
    ("submitted", "approve_once", "approved_once"),
    ("submitted", "approve", "approved"),
    ("approved_once", "approve", "approved"),
}
AUTHORS = {"submit", "withdraw", "lapse"}
OPEN = {"draft", "submitted", "changes_requested"}
OPEN_REVISIONS = {"submitted", "approved_once", "changes_requested"}


class Invariants:
    """Mixed into a telling, whose `reviews`, `entries` and `people` it holds the tables against."""

    @invariant()
    def all_holds(self):
        self.record_and_scores_hold()
        self.every_review_stands_where_its_decisions_took_it()
        self.every_suggestion_stands_where_its_decisions_took_it()
        self.listings_stand_where_the_telling_has_them()

    def record_and_scores_hold(self):
        found = audit.verify()
        assert found.problem == ""
        assert found.entries == self.entries
        assert list(scores.verify()) == []

    def every_review_stands_where_its_decisions_took_it(self):
        stored, history = {each.public_id: each for each in rows(Review)}, defaultdict(list)
        voices = {each.id: each.linked_to_id or each.id for each in rows(Account)}
        for decision in rows(Decision, Decision.review_id.is_not(None)):
            history[decision.review_id].append(decision)
        assert set(stored) == {each.public_id for each in self.reviews}
        for told in self.reviews:
            row = stored[told.public_id]
            assert (row.status, row.version) == (told.status, told.version)
            assert self.lease_of(row) == told.lease
            assert_in_line(history[row.id], "draft", REVIEW_GRID, row.status)
            assert row.version == len(history[row.id]) + 1
            assert_nobodys_own(history[row.id], row.author_id, AUTHORS, voices)
        assert_one_open(stored.values(), OPEN)

    def lease_of(self, row):
        if row.claimed_by_id is None:
            return None
        moments = [each.replace(tzinfo=NOON.tzinfo) for each in (row.claimed_at, row.claim_until)]
        return self.people.name(row.claimed_by_id), *moments

    def every_suggestion_stands_where_its_decisions_took_it(self):
        stored, history = {each.public_id: each for each in rows(Revision)}, defaultdict(list)
        voices = {each.id: each.linked_to_id or each.id for each in rows(Account)}
        for decision in rows(ListingDecision, ListingDecision.revision_id.is_not(None)):
            history[decision.revision_id].append(decision)
        assert set(stored) == {each.public_id for each in self.revisions}
        for told in self.revisions:
            row, decisions = stored[told.public_id], history[stored[told.public_id].id]
            assert (row.status, row.version) == (told.status, told.version)
            assert self.lease_of(row) == told.lease
            assert_in_line(decisions, "", REVISION_GRID, row.status)
            assert row.version == len(decisions)
            assert_nobodys_own(decisions, row.author_id, AUTHORS, voices)
            if (row.kind, row.status) == ("merge", "approved"):
                assert voices[decisions[-1].actor_id] != voices[decisions[-2].actor_id]
        assert_one_open(stored.values(), OPEN_REVISIONS)

    def listings_stand_where_the_telling_has_them(self):
        stored = {each.id: each for each in rows(Clinic)}
        last = {each.clinic_id: each.listing_to for each in rows(ListingDecision)}
        assert set(stored) == {each.number for each in self.listings}
        for told in self.listings:
            row = stored[told.number]
            assert row.status == told.status == last.get(told.number, "published")
            assert row.successor_id == (told.successor.number if told.successor else None)
            assert (row.status == "merged") == (row.successor_id is not None)
            assert row.successor_id is None or stored[row.successor_id].successor_id is None


def assert_in_line(decisions, first, grid, last):
    at = first
    for decision in decisions:
        assert decision.from_status == at
        assert (decision.from_status, decision.action, decision.to_status) in grid
        at = decision.to_status
    assert at == last


def assert_nobodys_own(decisions, author_id, authors, voices):
    for decision in decisions:
        if decision.action in authors:
            assert decision.actor_id == author_id
        else:
            assert voices[decision.actor_id] != voices[author_id]


def assert_one_open(items, statuses):
    count = Counter((each.author_id, each.clinic_id) for each in items if each.status in statuses)
    assert not count or max(count.values()) == 1
