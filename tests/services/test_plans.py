"""The queue and the log among many rows: each of their statements goes by an index made for it, on both engines."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from directory.domain.access import Actor, Role
from directory.extensions import db, reading, writing
from directory.models import Base, Clinic, Decision, ListingDecision, Review, Revision
from directory.services import claims, log, queue
from tests.support.answers import TODAY
from tests.support.clinics import add_clinics, clinic_row
from tests.support.plans import analyse, explained
from tests.support.reviews import NOON, accounts
from tests.support.tables import unguarded

IS_SORTED = re.compile("USE TEMP B-TREE FOR ORDER BY|Sort Key")
BACKWARD = ("Backward using pk_decision", "Backward using pk_listing_decision")
LATER = NOON + timedelta(days=3)
CLINICS, AUTHORS, WAITING = 40, 50, 10


@pytest.fixture(scope="module")
def many(lasting_app):
    """A moderator among 2,000 reviews and as many suggestions, one in ten of which waits; and their decisions."""
    add_clinics([clinic_row() for _ in range(CLINICS)])
    moderator, *authors = accounts(AUTHORS + 1)
    with unguarded("review", "revision", "decision", "listing_decision"), writing() as session:
        clinics = session.scalars(select(Clinic.id).order_by(Clinic.id)).all()
        pairs = [(author, clinic) for author in authors for clinic in clinics]
        session.execute(insert(Review), [review(*pair, number) for number, pair in enumerate(pairs)])
        session.execute(insert(Revision), [revision(*pair, number) for number, pair in enumerate(pairs)])
        session.execute(insert(Decision), [
            {"clinic_id": row.clinic_id, "action": "approve", "actor_id": moderator, "review_id": row.id,
             "from_status": "submitted", "to_status": "approved", "seen_version": 2, "at": NOON}
            for row in session.scalars(select(Review)).all()
        ])  # fmt: skip
        session.execute(insert(ListingDecision), [
            {"clinic_id": row.clinic_id, "action": "approve", "actor_id": moderator, "revision_id": row.id,
             "from_status": "submitted", "to_status": "approved", "seen_version": 1, "listing_from": "published",
             "listing_to": "published", "at": NOON}
            for row in session.scalars(select(Revision)).all()
        ])  # fmt: skip
    # All of them: of a table that an earlier test filled and emptied the planner may believe what was.
    analyse(*Base.metadata.tables)
    return Actor(account_id=moderator, voice=moderator, roles=frozenset({Role.MODERATOR}), has_second_factor=True)


def review(author, clinic, number):
    return {
        "author_id": author, "clinic_id": clinic, "idempotency_key": f"r{number}", "checklist_version": "2026.1",
        "status": "declined" if number % WAITING else "submitted", "version": 2,
        "submitted_at": NOON + timedelta(minutes=number),
    }  # fmt: skip


def revision(author, clinic, number):
    return {
        "author_id": author, "clinic_id": clinic, "kind": "close", "idempotency_key": f"s{number}",
        "status": "declined" if number % WAITING else "submitted", "source": "Their site", "words": "So.",
        "seen_on": TODAY, "submitted_at": NOON + timedelta(minutes=number),
    }  # fmt: skip


def test_the_queue_reads_what_waits_and_nothing_else_of_all_that_was_handed_in(many):
    with explained() as plans:
        first = queue.waiting(many, at=LATER)
        queue.waiting(many, at=LATER, after=first.next)
        claims.take_next(moderator_id=many.account_id, at=LATER)

    assert all(whole("review", plan) == whole("revision", plan) == [] for plan in plans), plans
    for index in ("ix_review_waiting", "ix_revision_waiting"):
        assert any(index in plan for plan in plans), plans


def test_the_log_begins_with_the_newest_and_sorts_nothing(many):
    newest_first = {"sqlite": ("SCAN decision", "SCAN listing_decision"), "postgresql": BACKWARD}[
        db.engine.dialect.name
    ]
    with explained() as plans:
        first = log.page(as_of=TODAY)
        log.page(as_of=TODAY, after=first.next)

    for way in newest_first:
        assert any(re.search(rf"{way}\b", plan) for plan in plans), plans
    # The answers that the approvals on one page dropped are sorted, and nothing else.
    assert not any(IS_SORTED.search(plan) for plan in plans if "answer_decision" not in plan), plans


def test_the_log_of_a_clinic_reads_what_was_decided_about_it_alone(many):
    with reading() as session:
        clinic = session.scalars(select(Clinic.public_id)).first()
    with explained() as plans:
        log.page(as_of=TODAY, clinic=clinic)

    for table in ("decision", "listing_decision"):
        assert any(f"ix_{table}_clinic_id" in plan for plan in plans), plans
        assert all(whole(table, plan) == [] for plan in plans), plans


def whole(table, plan):
    """Return the lines by which a table is read from one end to the other, but for what waits."""
    line = re.compile(rf"SCAN {table}\b(?! USING .*(ix|uq)_{table}_(waiting|open))|Seq Scan on {table}( |$)")
    return [each for each in plan.splitlines() if line.search(each)]
