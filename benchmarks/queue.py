"""Measures the queue of moderators with 10,000 items that wait, against T (see benchmarks/__main__.py).

One in five is a suggestion about a listing, the others are reviews.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import insert, select, text

from benchmarks import fixed
from benchmarks.nearby import at
from benchmarks.report import Report, milliseconds
from benchmarks.world import centres
from directory.domain.access import Role
from directory.domain.moderation import ReviewStatus
from directory.domain.nearby import Wishes
from directory.domain.revisions import RevisionKind
from directory.extensions import db, writing
from directory.models import Account, AccountRole, Clinic, Review, Revision, triggers
from directory.services import checklists, claims
from directory.services.search import nearby
from tests.support.client import Client
from tests.support.signed_in import signed_in
from tests.support.statements import counted_statements

WAITING = 10_000
#: So many items for one suggestion.
_ONE_IN = 5
_TABLES = ("review", "revision")
_AUTHORS, _CLINICS = 100, 1_000
_NAME = f"queue of {WAITING:,}"
_GOAL = 5.0
_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def measure(app: Flask, report: Report) -> None:
    """Print what each part of the queue costs beside the page with fixed rows, and its statements."""
    with app.app_context():
        moderator = _write()
    fixed.add_page(app, nearby(at(centres(1, seed=5)[0]), Wishes(radius_miles=100)))
    # The one of the tests takes every page apart.
    client, visitor = signed_in(app, moderator, client_class=Client), app.test_client()
    yardstick = milliseconds(lambda _: visitor.get("/fixed"), range(100))
    report.plain("T, the page with fixed rows", f"{yardstick:8.3f} ms")
    for name, query in {
        "oldest": "",
        "from the middle": f"?after={_public_id(WAITING // 2)}",
        "over the promised time": "?age=over",
        "changes asked for": "?view=asked",
        "decided lately": "?view=decided",
        "suggestions alone": "?kind=listing",
    }.items():
        with counted_statements() as statements:
            answer = client.get(f"/moderation{query}")
        if answer.status_code != 200:
            raise SystemExit(f"/moderation{query} answered {answer.status_code}")
        page = milliseconds(client.get, [f"/moderation{query}"] * 40)
        report.ratio(f"{_NAME}, {name} ({len(statements)} statements)", page / yardstick, unit="T", goal=_GOAL)
    with app.app_context():
        taken = milliseconds(lambda _: claims.take_next(moderator_id=moderator, at=datetime.now(UTC)), range(40))
    report.ratio(f"{_NAME}, the next item", taken / yardstick, unit="T", goal=_GOAL)


def _write() -> int:
    """Write the reviews past the guards, and return the id of a moderator."""
    engine = db.engine.dialect.name
    with writing() as session:
        for statement in triggers.drop(engine, _TABLES):
            session.execute(text(statement))
        moderator, *authors = [Account() for _ in range(_AUTHORS + 1)]
        moderator.roles = [AccountRole(name=Role.MODERATOR)]
        session.add_all([moderator, *authors])
        session.flush()
        clinics = session.scalars(select(Clinic.id).order_by(Clinic.id).limit(_CLINICS)).all()
        numbers, ids = range(WAITING), [author.id for author in authors]
        reviews = [_review(number, ids, clinics) for number in numbers if number % _ONE_IN]
        session.execute(insert(Review), reviews)
        session.execute(insert(Revision), [_revision(number, ids, clinics) for number in numbers[::_ONE_IN]])
        for statement in triggers.create(engine, _TABLES):
            session.execute(text(statement))
        known_as = moderator.id
    if engine == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in _TABLES:
                connection.execute(text(f"VACUUM ANALYZE {table}"))
    return known_as


def _review(number: int, authors: Sequence[int], clinics: Sequence[int]) -> dict[str, object]:
    return _waiting(number, authors, clinics) | {
        "version": 2, "checklist_version": checklists.current().version, "status": ReviewStatus.SUBMITTED,
    }  # fmt: skip


def _revision(number: int, authors: Sequence[int], clinics: Sequence[int]) -> dict[str, object]:
    return _waiting(number, authors, clinics) | {
        "kind": RevisionKind.CLOSE,
        "source": "Their own site",
        "seen_on": _BEGAN.date(),
        "words": "It has closed.",
    }


def _waiting(number: int, authors: Sequence[int], clinics: Sequence[int]) -> dict[str, object]:
    # Each author once a clinic: with a hundred authors the next hundred items are of the next clinic.
    return {
        "public_id": _public_id(number), "author_id": authors[number % _AUTHORS],
        "clinic_id": clinics[(number // _AUTHORS) % len(clinics)], "idempotency_key": f"waits {number}",
        "submitted_at": _BEGAN + timedelta(minutes=number),
    }  # fmt: skip


def _public_id(number: int) -> str:
    return f"waits{number:07}"
