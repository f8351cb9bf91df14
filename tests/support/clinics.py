"""Makes clinics for tests: the least valid thing, with what a test is about stated by the test."""

from datetime import date
from itertools import count

from sqlalchemy import insert, select

from directory.domain import geo
from directory.domain.facets import packed
from directory.domain.folding import fold, slug, squash
from directory.extensions import db
from directory.models import Clinic
from directory.models.base import random_public_id
from directory.services import name_index

_numbers = count(1)


def clinic_row(**stated):
    """Return the columns of a published clinic; `at=(latitude, longitude)` puts it on the map."""
    number = next(_numbers)
    at = stated.pop("at", None)
    row = {
        "public_id": random_public_id(), "status": "published", "name": f"Clinic {number}", "city": "Saint Louis",
        "state": "MO", "address": "", "postal_code": None, "source": "test", "source_key": str(number), "routes": 0,
        "facts_as_of": date(2026, 10, 2), "settings": 0, "conditions": 0, "phone": None, "website": None, "npi": None,
        "psychotherapy": 0, "insurance": 0, "payment_help": 0, "accepts": 0, "price_min": None, "price_max": None,
    } | stated  # fmt: skip
    row |= {
        "slug": slug(row["name"]), "name_key": fold(row["name"]), "city_key": squash(row["city"]),
        "search_text": fold(f"{row['name']} {row['city']}"), "facets": packed(row),
    }  # fmt: skip
    return row | point_columns(at)


def point_columns(at):
    names = ("latitude", "longitude", "point_precision", "cell", "x", "y", "z")
    if at is None:
        return dict.fromkeys(names)
    point = geo.Point(*at)
    return dict(zip(names, (*at, "given", geo.cell(point), *geo.earth_centred(point)), strict=True))


def add_clinics(rows):
    """Write `rows` of clinic_row() and return them."""
    db.session.execute(insert(Clinic), rows)
    db.session.commit()
    return rows


def add_clinic(**stated):
    return add_clinics([clinic_row(**stated)])[0]


def add_named(*rows):
    """Write `rows` of clinic_row() so that they are found by name too, and return them."""
    add_clinics(list(rows))
    ids = [row["public_id"] for row in rows]
    found = db.session.execute(select(Clinic.id, Clinic.name, Clinic.city).where(Clinic.public_id.in_(ids)))
    name_index.keep(db.session, {row.id: name_index.Named(row.name, row.city) for row in found})
    db.session.commit()
    return rows
