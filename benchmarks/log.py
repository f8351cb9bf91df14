"""Measures the public page of decisions with 100,000 entries, against T (see benchmarks/__main__.py)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from benchmarks import fixed
from benchmarks.nearby import at
from benchmarks.report import Report, milliseconds
from benchmarks.world import centres
from directory.domain.moderation import Action, Reason, ReviewStatus, after
from directory.domain.nearby import Wishes
from directory.domain.revisions import REVISION_TRANSITIONS, ListingAction, RevisionStatus
from directory.extensions import db, writing
from directory.models import Account, Clinic, Decision, ListingDecision, Review, Revision, triggers
from directory.services import checklists
from directory.services.search import nearby
from tests.support.statements import counted_statements

ENTRIES = 100_000
#: So many of them are on listings.
_ON_LISTINGS = 20_000
_CLINICS = 500
_NAME = f"log of {ENTRIES:,} entries"
_GOAL = 5.0
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
#: Of a thousand entries so many are of each kind; the rarest is looked for longest.
_KINDS = (
    (Action.SUBMIT, ReviewStatus.DRAFT, 500),
    (Action.APPROVE, ReviewStatus.SUBMITTED, 399),
    (Action.DECLINE, ReviewStatus.SUBMITTED, 100),
    (Action.REQUEST_CHANGES, ReviewStatus.SUBMITTED, 1),
)


_LISTING_KINDS: tuple[tuple[ListingAction, RevisionStatus, int], ...] = (
    (ListingAction.APPROVE, RevisionStatus.SUBMITTED, 899),
    (ListingAction.DECLINE, RevisionStatus.SUBMITTED, 100),
    (ListingAction.REQUEST_CHANGES, RevisionStatus.SUBMITTED, 1),
)
_GUARDED = ("decision", "revision", "listing_decision")


def measure(app: Flask, report: Report) -> None:
    """Print what each way into the log costs beside the page with fixed rows, and its statements."""
    with app.app_context():
        clinic = _write()
    fixed.add_page(app, nearby(at(centres(1, seed=5)[0]), Wishes(radius_miles=100)))
    client = app.test_client()
    yardstick = milliseconds(lambda _: client.get("/fixed"), range(100))
    report.plain("T, the page with fixed rows", f"{yardstick:8.3f} ms")
    middle = _public_id(ENTRIES // 2)
    both = f"{middle},{_listing_id(_ON_LISTINGS // 2)}"
    for name, query in {
        "newest": "",
        "from the middle": f"?after={both}",
        "the end": f"?after={_public_id(_ON_LISTINGS + 20)},{_listing_id(20)}",
        "of one clinic": f"?clinic={clinic}",
        "of the rarest kind": "?action=request_changes",
        "of a kind that nobody used": "?action=supersede",
        "of one clinic and the rarest kind": f"?clinic={clinic}&action=request_changes",
        "of the rarest kind on listings": "?action=listing_request_changes",
        "of a kind on listings that nobody used": "?action=listing_unhide",
    }.items():
        with counted_statements() as statements:
            answer = client.get(f"/log{query}")
        if answer.status_code != 200:
            raise SystemExit(f"/log{query} answered {answer.status_code}")
        page = milliseconds(client.get, [f"/log{query}"] * 40)
        report.ratio(f"{_NAME}, {name} ({len(statements)} statements)", page / yardstick, unit="T", goal=_GOAL)


def _write() -> str:
    """Write the entries past the guards of the record, and return the public id of a clinic that has its share."""
    engine = db.engine.dialect.name
    with writing() as session:
        for statement in triggers.drop(engine, _GUARDED):
            session.execute(text(statement))
        author = Account()
        session.add(author)
        session.flush()
        clinics = session.execute(select(Clinic.id, Clinic.public_id).order_by(Clinic.id).limit(_CLINICS)).all()
        version = checklists.current().version
        reviews = [
            {"author_id": author.id, "clinic_id": row.id, "checklist_version": version, "idempotency_key": f"k{row.id}"}
            for row in clinics
        ]
        ids = session.scalars(insert(Review).returning(Review.id, sort_by_parameter_order=True), reviews).all()
        pairs = list(zip(ids, (row.id for row in clinics), strict=True))
        session.execute(insert(Decision), list(_rows(author.id, pairs)))
        _write_on_listings(session, author.id, [row.id for row in clinics])
        for statement in triggers.create(engine, _GUARDED):
            session.execute(text(statement))
    if engine == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE decision"))
            connection.execute(text("VACUUM ANALYZE listing_decision"))
            connection.execute(text("VACUUM ANALYZE revision"))
    return str(clinics[0].public_id)


def _rows(author: int, pairs: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    kinds = [(action, status) for action, status, share in _KINDS for _ in range(share)]
    for number in range(_ON_LISTINGS, ENTRIES):
        action, status = kinds[number * 7 % len(kinds)]
        review, clinic = pairs[number % len(pairs)]
        needs_reason = action in {Action.DECLINE, Action.REQUEST_CHANGES}
        yield {
            "public_id": _public_id(number), "clinic_id": clinic, "action": action, "actor_id": author,
            "review_id": review, "from_status": status, "to_status": after(status, action),
            "seen_version": number // len(pairs) + 1, "reason_code": Reason.NO_EVIDENCE if needs_reason else None,
            "reason_text": "No link." if needs_reason else "", "at": _BEGAN + timedelta(minutes=number),
        }  # fmt: skip


def _write_on_listings(session: Session, author: int, clinics: list[int]) -> None:
    """Write suggestions of a correction, one a clinic, and as many decisions on them as there shall be."""
    revisions = [
        {"author_id": author, "clinic_id": clinic, "kind": "edit", "fields": '{"phone":""}', "source": "Their site",
         "seen_on": _BEGAN.date(), "words": "I looked.", "idempotency_key": f"k{clinic}", "submitted_at": _BEGAN}
        for clinic in clinics
    ]  # fmt: skip
    ids = session.scalars(insert(Revision).returning(Revision.id, sort_by_parameter_order=True), revisions).all()
    kinds = [(action, status) for action, status, share in _LISTING_KINDS for _ in range(share)]
    rows = []
    for number in range(_ON_LISTINGS):
        (action, status), place = kinds[number * 7 % len(kinds)], number % len(clinics)
        needs_reason = action in {"decline", "request_changes"}
        rows.append({
            "public_id": _listing_id(number), "clinic_id": clinics[place], "revision_id": ids[place],
            "action": action, "actor_id": author, "from_status": status,
            "to_status": REVISION_TRANSITIONS[status, action], "seen_version": number // len(clinics) + 1,
            "listing_from": "published", "listing_to": "published",
            "reason_code": "no_source" if needs_reason else None, "reason_text": "No link." if needs_reason else "",
            "at": _BEGAN + timedelta(minutes=number * ENTRIES // _ON_LISTINGS),
        })  # fmt: skip
    session.execute(insert(ListingDecision), rows)


def _listing_id(number: int) -> str:
    return f"listed{number:06}"


def _public_id(number: int) -> str:
    return f"bench{number:07}"
