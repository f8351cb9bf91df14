"""Chance asks for 500 sets of filters: results and counts are what looking at every clinic by hand gives."""

import random

import pytest

from directory.domain import geo
from directory.domain.facets import GROUPS, PRICES, asked
from directory.domain.findings import Verdict
from directory.domain.folding import fold
from directory.domain.nearby import SIGNS, Wishes
from directory.domain.places import FoundPlace, Precision
from directory.services.search import nearby
from tests.support.clinics import add_clinics, clinic_row
from tests.support.scores import scored

HERE = geo.Point(38.6, -90.2)
CLINICS, QUERIES = 300, 500
WORDS = ("", "", "", "", "teapot", "tea")


@pytest.fixture(scope="module")
def world(lasting_app):
    draw = random.Random(20261122)
    return add_clinics([drawn(draw) for _ in range(CLINICS)])


def test_500_random_sets_of_filters_give_what_looking_at_every_clinic_gives(world):
    draw = random.Random(8)
    narrowed = 0
    for _ in range(QUERIES):
        words = {group.name: drawn_words(draw, group) for group in GROUPS}
        wishes = Wishes(
            radius_miles=draw.choice([5, 25, 25, 100]), limit=100, facets=asked(words), words=draw.choice(WORDS),
            without_confirmed=draw.random() < 0.2, checked_at_least=draw.choice([0, 0, 0, 0, 1, 2, 3, 4, 5]),
        )  # fmt: skip
        rows = [row for row in world if is_in_the_circle(row, wishes.radius_miles) and has_words(row, wishes)]
        asks = questions(words, wishes)

        results = nearby(FoundPlace("here", HERE, Precision.POINT), wishes, with_counts=True)

        expected = {row["public_id"] for row in rows if all(fits(row) for fits in asks.values())}
        assert results.count.total == len(expected)
        assert {clinic.public_id for clinic in results.clinics} <= expected
        assert len(results.clinics) == min(100, len(expected))
        assert results.counts == counted(rows, asks), wishes
        narrowed += 0 < len(expected) < len(rows)
    assert narrowed > QUERIES / 4, "the filters are so narrow, or so wide, that they show nothing"


def questions(words, wishes):
    """Return what each group in force asks of a row, not by way of any bits that are packed."""
    asks = {name: has_any(name, chosen) for name, chosen in words.items() if chosen}
    if wishes.without_confirmed:
        asks["no_confirmed"] = is_unconfirmed
    if wishes.checked_at_least:
        asks["checked"] = is_checked(wishes.checked_at_least)
    return asks


def counted(rows, asks):
    choices = {group.name: {term.word: has_any(group.name, [term.word]) for term in group.choices} for group in GROUPS}
    choices |= {"no_confirmed": {"1": is_unconfirmed}}
    choices |= {"checked": {str(least): is_checked(least) for least in range(1, SIGNS + 1)}}
    counts = {}
    for name, of_group in choices.items():
        others = [fits for other, fits in asks.items() if other != name]
        left = [row for row in rows if all(fits(row) for fits in others)]
        counts[name] = {word: sum(map(fits, left)) for word, fits in of_group.items()}
    return counts


def has_any(name, words):
    if name == "price":
        return lambda row: row["price_min"] is not None and row["price_min"] <= max(map(int, words))
    group = next(group for group in GROUPS if group.name == name)
    places = [place for place, term in enumerate(group.choices) if term.word in words]
    return lambda row: any(row[group.field] & 2**place for place in places)


def is_unconfirmed(row):
    return row["confirmed_points"] == 0


def is_checked(least):
    return lambda row: row["settled"] >= least


def is_in_the_circle(row, miles):
    here = geo.earth_centred(HERE)
    apart = sum((row[axis] - own) * (row[axis] - own) for axis, own in zip("xyz", here, strict=True))
    return row["status"] == "published" and apart <= geo.chord_squared(miles)


def has_words(row, wishes):
    return all(word in fold(f"{row['name']} {row['city']}") for word in wishes.folded_words)


def drawn_words(draw, group):
    if draw.random() < 0.75:
        return []
    most = 1 if group.choices is PRICES else 3
    return [term.word for term in draw.sample(group.choices, draw.randint(1, most))]


def drawn(draw):
    """Draw a clinic: of each fact often nothing is said."""
    masks = {
        group.field: draw.randrange(1, 1 << len(group.choices)) if draw.random() < 0.7 else 0
        for group in GROUPS
        if group.choices is not PRICES
    }
    lowest = draw.choice([None, 150, 200, 201, 400, 500, 799, 1000, 1001])
    verdicts = scored(
        " ".join(draw.choices(list(Verdict), k=SIGNS)) if draw.random() < 0.7 else "unknown" + 4 * " unknown"
    )
    return clinic_row(
        name=draw.choice(["Blue Teapot", "Tea House", "Kite"]), status=draw.choice(["published"] * 9 + ["closed"]),
        at=(38.6 + draw.gauss(0, 0.3), -90.2 + draw.gauss(0, 0.3)), price_min=lowest, price_max=lowest,
        **masks, **verdicts,
    )  # fmt: skip
