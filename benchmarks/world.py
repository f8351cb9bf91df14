"""Fills a database with invented clinics around real ZIP codes."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import zipcodes
from flask import Flask
from sqlalchemy import insert, text

from directory import create_app
from directory.domain import geo
from directory.domain.facets import GROUPS, PRICES, packed
from directory.domain.findings import Verdict
from directory.domain.folding import fold, squash
from directory.extensions import db
from directory.models import Clinic, StoredScore
from tests.support.scores import scored, stored_score

_CHUNK = 20_000
_SEEN = date(2026, 10, 2)
#: Most clinics wait for their first check; of those that had one, most signs are cleared or still open.
_CHECKED = 0.2
_VERDICTS = {
    Verdict.UNKNOWN: 35, Verdict.CLEARED: 45, Verdict.DISPUTED: 6, Verdict.SUSPECTED: 7, Verdict.CONFIRMED: 7,
}  # fmt: skip
_UNSAID = 1 / 3
_columns = cache(scored)


@contextmanager
def filled(url: str, size: int, folder: Path) -> Iterator[Flask]:
    """Yield an application on a migrated database at `url` with the gazetteer and `size` published clinics."""
    app = create_app({"DATABASE_URL": url}, instance_path=folder)
    runner = app.test_cli_runner()
    for command in (["db", "upgrade"], ["places", "load"]):
        outcome = runner.invoke(args=command)
        assert outcome.exit_code == 0, outcome.output
    with app.app_context():
        _write_clinics(size)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def centres(number: int, seed: int) -> list[geo.Point]:
    """Return places to search around, drawn as the clinics are."""
    return [point for point, _ in _draw(number, seed)]


def _write_clinics(size: int) -> None:
    numbered = enumerate(_draw(size, seed=1), 1)
    draw = random.Random(2)
    while rows := [_row(number, point, place) | _score(draw) for number, (point, place) in _take(numbered, _CHUNK)]:
        db.session.execute(insert(Clinic), rows)
        db.session.execute(insert(StoredScore), [stored_score(row["id"]) for row in rows if row["signs_seen_on"]])
    db.session.commit()


def _score(draw: random.Random) -> dict[str, Any]:
    """Draw what a clinic's row repeats of its score."""
    if draw.random() > _CHECKED:
        return _columns("unknown unknown unknown unknown unknown")
    verdicts = " ".join(draw.choices(list(_VERDICTS), list(_VERDICTS.values()), k=5))
    return _columns(verdicts) | {"signs_seen_on": _SEEN - timedelta(days=draw.randrange(365))}


def _take(numbered: Iterator[Any], most: int) -> Iterator[Any]:
    for _ in range(most):
        try:
            yield next(numbered)
        except StopIteration:
            return


def _draw(number: int, seed: int) -> Iterator[tuple[geo.Point, dict[str, Any]]]:
    """Draw points: clinics crowd where people do, so a city is drawn by the square of its number of ordinary ZIPs."""
    draw = random.Random(seed)
    cities = defaultdict(list)
    for place in zipcodes.list_all():
        if place["zip_code_type"] == "STANDARD" and float(place["lat"]):
            cities[place["city"], place["state"]].append(place)
    for places in draw.choices(list(cities.values()), [len(places) ** 2 for places in cities.values()], k=number):
        place = draw.choice(places)
        latitude, longitude = float(place["lat"]) + draw.gauss(0, 0.05), float(place["long"]) + draw.gauss(0, 0.05)
        yield geo.Point(round(latitude, 6), max(-180.0, min(180.0, round(longitude, 6)))), place


def _said(number: int) -> dict[str, Any]:
    """Draw what a clinic says of itself: of a third of the facts nothing, so that hardly two say the same."""
    draw = random.Random(number)
    said: dict[str, Any] = {
        group.field: draw.randrange(1 << len(group.choices)) if draw.random() > _UNSAID else 0
        for group in GROUPS
        if group.choices is not PRICES
    }
    lowest = draw.randrange(100, 1200) if draw.random() > _UNSAID else None
    said |= {"price_min": lowest, "price_max": lowest}
    return said | {"facets": packed(said)}


def _row(number: int, point: geo.Point, place: dict[str, Any]) -> dict[str, Any]:
    name = f"Clinic {number}"
    x, y, z = geo.earth_centred(point)
    return {
        "id": number, "public_id": f"bench{number:07}", "status": "published", "name": name, "slug": f"clinic-{number}",
        "name_key": fold(name), "search_text": fold(f"{name} {place['city']}"), "address": "1 Invented Way",
        "city": place["city"], "city_key": squash(place["city"]), "state": place["state"],
        "postal_code": place["zip_code"], **_said(number),
        "latitude": point.latitude, "longitude": point.longitude, "point_precision": "given",
        "cell": geo.cell(point), "x": x, "y": y, "z": z, "source": "bench", "source_key": str(number),
        "facts_as_of": _SEEN,
    }  # fmt: skip
