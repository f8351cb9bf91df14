"""Measures the nearby search: statements, services, pages, and requests through gunicorn."""

import json
import random
from functools import partial
from statistics import median
from typing import Any

from flask import Flask
from geopy.distance import geodesic
from sqlalchemy import text
from sqlalchemy.sql.compiler import SQLCompiler

from benchmarks import fixed, load
from benchmarks.report import Report, milliseconds
from benchmarks.world import centres
from directory.domain import geo
from directory.domain.facets import GROUPS
from directory.domain.nearby import Order, Wishes
from directory.domain.places import FoundPlace, Precision
from directory.extensions import db, reading
from directory.queries.nearby import statements
from directory.services.search import nearby
from tests.support.statements import counted_statements

_GOALS: dict[int, dict[str, float]] = {  # size → goals of design/SEARCH.md, "Targets"; 1k is printed beside them
    100_000: {
        "count": 2,
        "listing": 6,
        "page": 4,
        "page_postgresql": 7,
        "facets": 5,
        "facets_100": 10,
        "load": 0.33,
        "naive": 20,
    },
    1_000_000: {"count": 4, "listing": 6, "page": 5, "page_postgresql": 8, "load": 0.25, "naive": 200},
}
_SCANS = {
    "sqlite": (
        "SELECT sum(c.x + c.y + c.z + c.facets) FROM json_each(?) AS r CROSS JOIN clinic AS c"
        " ON c.status = 'published' AND c.cell BETWEEN r.value ->> 0 AND r.value ->> 1"
    ),
    "postgresql": (
        "SELECT sum(c.x + c.y + c.z + c.facets) FROM jsonb_array_elements(CAST(%s AS jsonb)) AS r CROSS JOIN LATERAL"
        " (SELECT c.x, c.y, c.z, c.facets FROM clinic AS c WHERE c.status = 'published'"
        " AND c.cell BETWEEN CAST(r.value ->> 0 AS bigint) AND CAST(r.value ->> 1 AS bigint) OFFSET 0) AS c"
    ),
}


def measure(app: Flask, report: Report, *, exact_queries: int) -> None:
    """Print every target of the nearby search for the database of `app`."""
    with reading() as session:
        size = session.execute(text("SELECT count(*) FROM clinic")).scalar_one()
    goals = _GOALS.get(size, {})
    around = centres(200, seed=5)
    _statements(report, around, goals)
    _exact(report, exact_queries)
    _naive(report, around[:20], goals)
    _pages(app, report, around, goals)
    _statement_counts(app, report)
    load.measure(app, report, goals.get("load"))


def _statements(report: Report, around: list[geo.Point], goals: dict[str, float]) -> None:
    raw = db.engine.raw_connection()
    cursor = raw.cursor()
    scan = _SCANS[db.engine.dialect.name]
    covers = {point: json.dumps(geo.cover(point, 25)) for point in around}
    yardstick = milliseconds(lambda point: cursor.execute(scan, (covers[point],)).fetchone(), around)
    report.plain("S, a bare scan of the cover of 25 miles", f"{yardstick:8.3f} ms")
    report.plain("clinics within 25 miles, median", f"{median(_count(point, 25) for point in around):8,.0f}")
    compiled = statements(db.engine.dialect.name, with_words=False).count.compile(db.engine)
    count = milliseconds(lambda point: cursor.execute(str(compiled), _bound(compiled, point, 25)).fetchone(), around)
    report.ratio("exact filtered count", count / yardstick, unit="S", goal=goals.get("count"))
    listing = milliseconds(lambda point: nearby(at(point), Wishes()), around)
    report.ratio(
        "listing: capped count and 20 rows, through SQLAlchemy",
        listing / yardstick,
        unit="S",
        goal=goals.get("listing"),
    )
    report.nearest(listing)
    for name, wishes in _OTHERS.items():
        search = partial(_search, wishes, with_counts="counts" in name)
        other = milliseconds(search, around[:50])
        report.ratio(name, other / yardstick, unit="S", goal=None)
    cursor.close()
    raw.close()


_OTHERS = {
    "listing by fewest warning signs": Wishes(order=Order.SIGNS),
    "listing by name": Wishes(order=Order.NAME),
    "listing of 100 miles": Wishes(radius_miles=100),
    "listing by fewest warning signs of 100 miles": Wishes(radius_miles=100, order=Order.SIGNS),
    "listing by name of 100 miles": Wishes(radius_miles=100, order=Order.NAME),
    "listing of two words": Wishes(words="clinic 7"),
    "listing with counts": Wishes(),
    "listing with counts of 100 miles": Wishes(radius_miles=100),
    "listing of those with no confirmed sign, 3 checked": Wishes(without_confirmed=True, checked_at_least=3),
}


#: A treatment of two: one group of facets asks for something, the others for nothing.
_FACETS = {group.name: 0 for group in GROUPS} | {"facets": 5, "route": 5}


def _bound(compiled: SQLCompiler, point: geo.Point, miles: float) -> Any:
    """Return the parameters of the count as the raw driver wants them: in the order of their marks, or by name."""
    x, y, z = geo.earth_centred(point)
    values = {
        "cover": json.dumps(geo.cover(point, miles)), "x": x, "y": y, "z": z,
        "reach": geo.chord_squared(miles), **_FACETS, "checked_at_least": 0, "without_confirmed": 0, "cap": 10**9,
    }  # fmt: skip
    return tuple(values[name] for name in compiled.positiontup) if compiled.positiontup else values


def _count(point: geo.Point, miles: float) -> int:
    compiled = statements(db.engine.dialect.name, with_words=False).count.compile(db.engine)
    with reading() as session:
        counted = session.connection().exec_driver_sql(str(compiled), _bound(compiled, point, miles))
        return int(counted.scalar_one())


def _exact(report: Report, queries: int) -> None:
    draw = random.Random(11)
    near = centres(queries, seed=12)
    wrong = sum(not _is_exact(point, draw.choice([1, 5, 25])) for point in _world(draw, near))
    report.ratio(f"of {queries} world queries differ from looking at every clinic", wrong, unit="", goal=0)


def _world(draw: random.Random, near: list[geo.Point]) -> list[geo.Point]:
    odd = [geo.Point(draw.choice([90, -90, 89.99]), draw.uniform(-180, 180)) for _ in near[::10]]
    odd += [geo.Point(draw.uniform(-80, 80), draw.choice([180, -180, 179.99])) for _ in near[::10]]
    return odd + near[len(odd) :]


def _is_exact(point: geo.Point, miles: int) -> bool:
    """Compare count and first page with a scan of the whole table that knows no cells."""
    x, y, z = geo.earth_centred(point)
    distance = "(x - :x) * (x - :x) + (y - :y) * (y - :y) + (z - :z) * (z - :z)"
    every = text(
        f"SELECT public_id, {distance} AS d2 FROM clinic"
        f" WHERE status = 'published' AND x + 0 IS NOT NULL AND {distance} <= :reach ORDER BY d2, id"
    )
    with reading() as session:
        bound = {"x": x, "y": y, "z": z, "reach": geo.chord_squared(miles)}
        expected = [row.public_id for row in session.execute(every, bound)]
    results = nearby(at(point), Wishes(radius_miles=miles, limit=100))
    is_counted = results.count == (min(1000, len(expected)), len(expected) > 1000)
    return is_counted and [clinic.public_id for clinic in results.clinics] == expected[:100]


def _naive(report: Report, around: list[geo.Point], goals: dict[str, float]) -> None:
    naive = milliseconds(_nearest_by_hand, around)
    ours = milliseconds(lambda point: nearby(at(point), Wishes()), around)
    name = "bounding box and geopy in Python, against ours, nearest 20"
    report.ratio(name, naive / ours, unit="×", goal=goals.get("naive"), at_least=True)


def _nearest_by_hand(point: geo.Point) -> list[Any]:
    """Do what most directories do: a square in SQL, the distance of each row in Python."""
    up, across = 25 / 69, 25 / 50
    box = text(
        "SELECT public_id, latitude, longitude FROM clinic WHERE status = 'published'"
        " AND latitude BETWEEN :south AND :north AND longitude BETWEEN :west AND :east"
    )
    bound = {
        "south": point.latitude - up, "north": point.latitude + up,
        "west": point.longitude - across, "east": point.longitude + across,
    }  # fmt: skip
    with reading() as session:
        rows = session.execute(box, bound).all()
    here = (point.latitude, point.longitude)
    by_distance = sorted((geodesic(here, (row.latitude, row.longitude)).miles, row.public_id) for row in rows)
    return [row for row in by_distance if row[0] <= 25][:20]


def _pages(app: Flask, report: Report, around: list[geo.Point], goals: dict[str, float]) -> None:
    fixed.add_page(app, nearby(at(around[0]), Wishes(radius_miles=100), with_counts=True))
    client = app.test_client()
    yardstick = milliseconds(lambda _: client.get("/fixed"), range(100))
    report.plain("T, the page with fixed rows", f"{yardstick:8.3f} ms")
    goal = goals.get("page" if db.engine.dialect.name == "sqlite" else "page_postgresql")
    for name, query, target in (
        ("whole page in process", "", goal),
        ("results page with facets", "", goals.get("facets")),
        ("whole page by fewest warning signs", "&sort=signs", None),
        ("whole page by name", "&sort=name", None),
        ("results page with facets, three groups asked for", _NARROWED, goals.get("facets")),
        ("results page with facets, 100 miles", "&radius=100", goals.get("facets_100")),
        ("results page with facets, three groups, 100 miles", f"&radius=100{_NARROWED}", goals.get("facets_100")),
    ):
        addresses = [f"/search?near={point.latitude},{point.longitude}{query}" for point in around]
        page = milliseconds(client.get, addresses)
        report.ratio(name, page / yardstick, unit="T", goal=target)


_NARROWED = "&route=iv_infusion&route=im_injection&condition=ptsd&insurance=accepts&insurance=superbill"


def _statement_counts(app: Flask, report: Report) -> None:
    client = app.test_client()
    most = 0
    for query in (
        "near=63101",
        "near=10001&radius=100",
        "near=99546&radius=1",
        "near=Houston,+TX&sort=name",
        "near=Houston,+TX&sort=signs&no_confirmed=1&checked=2",
        "near=10001&words=clinic+7",
        f"near=10001&radius=100{_NARROWED}",
    ):
        with counted_statements() as seen:
            client.get(f"/search?{query}")
        most = max(most, len(seen))
    report.ratio("SQL statements a results page, at the most", most, unit="", goal=6)


def _search(wishes: Wishes, point: geo.Point, *, with_counts: bool = False) -> None:
    nearby(at(point), wishes, with_counts=with_counts)


def at(point: geo.Point) -> FoundPlace:
    """Return `point` as a place to search around."""
    return FoundPlace("here", point, Precision.POINT)
