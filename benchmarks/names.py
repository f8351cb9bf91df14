"""Measures the search by name and the suggestions while typing, against T (see benchmarks/__main__.py)."""

import random

from flask import Flask
from sqlalchemy import select, text, update

from benchmarks import fixed
from benchmarks.nearby import at
from benchmarks.report import Report, milliseconds
from benchmarks.world import centres
from directory.domain.folding import fold, slug
from directory.domain.nearby import Wishes
from directory.extensions import db, writing
from directory.models import Clinic
from directory.services import name_index
from directory.services.search import nearby
from tests.support.statements import counted_statements

_GOAL = 5.0
_CHUNK = 1000
_VOCABULARY = 20_000
_KINDS = ("Ketamine Clinic", "Infusion Center", "Medical Center", "Hospital", "Clinic", "Wellness Center")
#: Words of many thousand clinics each, as Saint and Memorial are of hospitals.
_COMMON = ("Saint", "Memorial", "Mercy", "Valley", "Community")
_ASKED = 40


def measure(app: Flask, report: Report) -> None:
    """Name the clinics, and print what each kind of query costs beside the page with fixed rows, and its statements."""
    with app.app_context():
        _name_clinics()
        names = _drawn_names()
    fixed.add_page(app, nearby(at(centres(1, seed=5)[0]), Wishes(radius_miles=100)))
    client = app.test_client()
    client.get("/search?near=Qwxyzzy")  # reads the gazetteer into memory
    yardstick = milliseconds(lambda _: client.get("/fixed"), range(100))
    report.plain("T, the page with fixed rows", f"{yardstick:8.3f} ms")
    for name, addresses in _addresses(names).items():
        with counted_statements() as statements:
            answer = client.get(addresses[0])
        if answer.status_code not in {200, 422}:
            raise SystemExit(f"{addresses[0]} answered {answer.status_code}")
        took = milliseconds(client.get, addresses)
        report.ratio(f"{name} ({len(statements)} statements)", took / yardstick, unit="T", goal=_GOAL)


def _addresses(names: list[str]) -> dict[str, list[str]]:
    draw = random.Random(9)
    typos = [_mistyped(name, draw) for name in names]
    return {
        "by name, as it is spelled": [f"/search?name={name}" for name in names],
        "by name, each word misspelt": [f"/search?name={name}" for name in typos],
        "by name, one word": [f"/search?name={name.split()[0]}" for name in names],
        "by name, common words alone": [f"/search?name={one} {other}" for one in _COMMON for other in _COMMON],
        "by name, of no clinic": [f"/search?name={'qx' * (number % 9 + 2)}" for number in range(_ASKED)],
        "a name in the box for a place": [f"/search?near={name}" for name in names],
        "a misspelt name in the box for a place": [f"/search?near={name}" for name in typos],
        "suggestions of three letters": [f"/api/v1/places?q={name[:3]}" for name in names],
        "suggestions of a name": [f"/api/v1/places?q={name[:9]}" for name in names],
    }


def _name_clinics() -> None:
    draw = random.Random(8)
    vocabulary = [_word(draw) for _ in range(_VOCABULARY)]
    weights = [1 / (place + 20) for place in range(_VOCABULARY)]
    with writing() as session:
        ids = session.execute(select(Clinic.id, Clinic.city).order_by(Clinic.id)).all()
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            names = [_name(draw, vocabulary, weights) for _ in chunk]
            session.execute(update(Clinic), [
                {"id": row.id, "name": name, "slug": slug(name), "name_key": fold(name),
                 "search_text": fold(f"{name} {row.city}")}
                for row, name in zip(chunk, names, strict=True)
            ])  # fmt: skip
            named = {row.id: name_index.Named(name, row.city) for row, name in zip(chunk, names, strict=True)}
            name_index.keep(session, named, are_new=True)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _name(draw: random.Random, vocabulary: list[str], weights: list[float]) -> str:
    words = draw.choices(vocabulary, weights, k=draw.choice([1, 2, 2, 2]))
    if draw.random() < 0.25:
        words.insert(0, draw.choice(_COMMON))
    return f"{' '.join(words)} {draw.choice(_KINDS)}"


def _word(draw: random.Random) -> str:
    syllables = ("".join(draw.choice(letters) for letters in ("bcdfglmnprstvw", "aeiou", "lnrst")) for _ in range(3))
    return "".join(syllables)[: draw.randint(4, 9)].capitalize()


def _drawn_names() -> list[str]:
    with db.engine.connect() as connection:
        names = connection.scalars(select(Clinic.name).order_by(Clinic.id)).all()
    return random.Random(10).sample(list(names), _ASKED)


def _mistyped(name: str, draw: random.Random) -> str:
    return " ".join(_slip(word, draw) for word in name.split())


def _slip(word: str, draw: random.Random) -> str:
    place = draw.randrange(1, len(word) - 1)
    return draw.choice((word[:place] + word[place + 1 :], word[:place] + "x" + word[place:], _swapped(word, place)))


def _swapped(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
