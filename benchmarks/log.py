"""Measures the public page of decisions with 100,000 entries, against T (see benchmarks/__main__.py)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text

from benchmarks import fixed
from benchmarks.nearby import at
from benchmarks.report import Report, milliseconds
from benchmarks.world import centres
from directory.domain.moderation import Action, Reason, ReviewStatus, after
from directory.domain.nearby import Wishes
from directory.extensions import db, writing
from directory.models import Account, Clinic, Decision, Review, triggers
from directory.services import checklists
from directory.services.search import nearby
from tests.support.statements import counted_statements

ENTRIES = 100_000
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


def measure(app: Flask, report: Report) -> None:
    """Print what each way into the log costs beside the page with fixed rows, and its statements."""
    with app.app_context():
        clinic = _write()
    fixed.add_page(app, nearby(at(centres(1, seed=5)[0]), Wishes(radius_miles=100)))
    client = app.test_client()
    yardstick = milliseconds(lambda _: client.get("/fixed"), range(100))
    report.plain("T, the page with fixed rows", f"{yardstick:8.3f} ms")
    middle = _public_id(ENTRIES // 2)
    for name, query in {
        "newest": "",
        "from the middle": f"?after={middle}",
        "the end": f"?after={_public_id(20)}",
        "of one clinic": f"?clinic={clinic}",
        "of the rarest kind": "?action=request_changes",
        "of a kind that nobody used": "?action=supersede",
        "of one clinic and the rarest kind": f"?clinic={clinic}&action=request_changes",
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
        for statement in triggers.drop(engine, ["decision"]):
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
        for statement in triggers.create(engine, ["decision"]):
            session.execute(text(statement))
    if engine == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE decision"))
    return str(clinics[0].public_id)


def _rows(author: int, pairs: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    kinds = [(action, status) for action, status, share in _KINDS for _ in range(share)]
    for number in range(ENTRIES):
        action, status = kinds[number * 7 % len(kinds)]
        review, clinic = pairs[number % len(pairs)]
        needs_reason = action in {Action.DECLINE, Action.REQUEST_CHANGES}
        yield {
            "public_id": _public_id(number), "clinic_id": clinic, "action": action, "actor_id": author,
            "review_id": review, "from_status": status, "to_status": after(status, action),
            "seen_version": number // len(pairs) + 1, "reason_code": Reason.NO_EVIDENCE if needs_reason else None,
            "reason_text": "No link." if needs_reason else "", "at": _BEGAN + timedelta(minutes=number),
        }  # fmt: skip


def _public_id(number: int) -> str:
    return f"bench{number:07}"
