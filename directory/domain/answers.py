"""Decides what a search found among rows of the gazetteer: one place, choices, or nothing; never a silent guess."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from directory.domain.errors import AmbiguousPlace, UnknownPlace
from directory.domain.gazetteer import PlaceKind, PlaceRow
from directory.domain.geo import Point, miles_between
from directory.domain.identifiers import STATES
from directory.domain.labels import N_, Sentence, sentence
from directory.domain.places import FoundPlace, at_row, label
from directory.domain.searches import CityReading, Search

MOST_CHOICES = 10
#: Beyond this a city and a ZIP of one state contradict each other: our choice, the width of the widest city areas.
_SAME_PLACE_MILES = 50.0

#: By whether the name is exact, and whether only some are shown.
_CHOICES = {
    (True, False): N_("“%(query)s” may be several places. Which one do you mean?"),
    (True, True): N_(
        "“%(query)s” may be %(count)s places; %(shown)s of the larger ones are shown. Choose one, or type the state."
    ),
    (False, False): N_("We know no “%(query)s”. Did you mean one of these?"),
    (False, True): N_(
        "We know no “%(query)s”. Of %(count)s places like it these %(shown)s are likeliest: choose one, or type more."
    ),
}
#: Beside a place for which not all of the words were used.
NOT_LOOKED_UP = N_("“%(words)s” was not looked up: distances are measured from the middle of %(place)s.")
OTHER_STATE = N_("ZIP code %(zip)s is in %(state)s; the other words were not used.")
_STATE = N_(
    "“%(query)s” is a whole state. These are among its larger places; for any other type the city and the state, or "
    "a ZIP code."
)
_STATE_AND_CITY = N_(
    "“%(query)s” is a state and the name of cities. Some of the larger places are shown; for any other type the city "
    "and the state, or a ZIP code."
)


@dataclass(frozen=True)
class _Hit:
    reading: CityReading
    rows: tuple[PlaceRow, ...]


def settle(search: Search, rows: Iterable[PlaceRow], *, loosely: bool = False) -> FoundPlace | None:
    """Return the one place of `search` among `rows`, which are those with its keys, or None.

    `loosely` also takes a city after words that may belong to its name ("Harvard University"), as a choice. Raises
    AmbiguousPlace where several places bear the name, where one alone is doubtful, or a city and a ZIP lie apart.
    """
    known = _by_key(rows)
    hit = _first_hit(search, known, loosely=loosely)
    zip_row = next((row for row in known[search.postal_code or ""] if row.kind == PlaceKind.ZIP), None)
    if zip_row:
        return _at_zip(search, zip_row, hit)
    if hit is None or search.state_alone:
        return None
    leading = next((row for row in known[search.leading_zip or ""] if row.kind == PlaceKind.ZIP), None)
    if leading and hit.reading.unused == search.leading_zip:
        return _at_zip(search, leading, hit)
    if len(hit.rows) > 1 or not _is_certain(hit):
        raise choices(search.text, hit.rows, is_exact=hit.reading.is_set_apart and len(hit.rows) > 1)
    return at_row(hit.rows[0], (*_no_such_zip(search), *_unused(hit.reading.unused, hit.rows[0])))


def in_state(search: Search, rows: Iterable[PlaceRow], largest: Sequence[PlaceRow]) -> AmbiguousPlace | UnknownPlace:
    """Return the choices for a state alone: up to 5 cities of its name among `rows`, then the `largest` of the state.

    UnknownPlace where there are none, as in the Marshall Islands.
    """
    state = STATES[search.state_alone or ""]
    keys = {reading.key for group in search.readings[:1] for reading in group}
    named = sorted((row for row in rows if row.key in keys and row.kind == PlaceKind.CITY), key=_largest_first)
    places = list(dict.fromkeys([*named[: MOST_CHOICES // 2], *largest]))[:MOST_CHOICES]
    if not places:
        return UnknownPlace(N_("We know no city of %(query)s. Type coordinates, like 38.63, -90.19."), query=state)
    return AmbiguousPlace(_STATE_AND_CITY if named else _STATE, [at_row(row) for row in places], query=state)


def choices(
    query: str, rows: Iterable[PlaceRow], *, is_exact: bool, first: Collection[PlaceRow] = ()
) -> AmbiguousPlace:
    """Return the choices between the places of `first`, then of `rows`, the larger first; at most 10 and it says so.

    `is_exact` says that they bear the name as it was typed.
    """
    places = sorted({*first, *rows}, key=lambda row: (row not in first, *_largest_first(row)))
    message = _CHOICES[is_exact, len(places) > MOST_CHOICES]
    shown = [at_row(row) for row in places[:MOST_CHOICES]]
    return AmbiguousPlace(message, shown, query=query, count=len(places), shown=MOST_CHOICES)


def _largest_first(row: PlaceRow) -> tuple[int, str]:
    return -row.size, label(row)


def _by_key(rows: Iterable[PlaceRow]) -> dict[str, list[PlaceRow]]:
    known = defaultdict(list)
    for row in rows:
        known[row.key].append(row)
    return known


def _first_hit(search: Search, known: dict[str, list[PlaceRow]], *, loosely: bool) -> _Hit | None:
    for group in search.readings:
        hits = [
            (reading, row)
            for reading in group
            if reading.is_set_apart or loosely
            for row in known[reading.key]
            if row.kind == PlaceKind.CITY and reading.state in {None, row.state}
        ]
        if hits:
            return _Hit(hits[0][0], tuple(dict.fromkeys(row for _, row in hits)))
    return None


def _is_certain(hit: _Hit) -> bool:
    """Return whether the one row can be meant: nothing unused may belong to its name, nor its name be a state's."""
    return hit.reading.is_set_apart and hit.reading.namesake in {None, hit.rows[0].state}


def _at_zip(search: Search, zip_row: PlaceRow, hit: _Hit | None) -> FoundPlace:
    """Return the ZIP's place, which a city beside it may contradict: then AmbiguousPlace is raised.

    What bears a city's name after a house number is a street, unless a state was named.
    """
    is_apart = hit and not any(_is_same_place(zip_row, row) for row in hit.rows)
    if hit and is_apart and not search.state and _holds_house_number(hit.reading, zip_row.key):
        hit = None
    elif hit and is_apart:
        shown = [at_row(row) for row in (zip_row, *hit.rows)][:MOST_CHOICES]
        raise AmbiguousPlace(
            N_("ZIP code %(zip)s is in %(place)s, not in %(city)s. Which one do you mean?"),
            shown,
            zip=zip_row.key,
            place=f"{zip_row.name}, {zip_row.state}",
            city=f"{hit.reading.name}, {hit.reading.state}" if hit.reading.state else hit.reading.name,
        )
    if search.state not in {None, zip_row.state} and not (hit and hit.reading.state is None):
        note = sentence(OTHER_STATE, zip=zip_row.key, state=STATES[zip_row.state])
        return at_row(zip_row, (note,))
    if hit:
        unused = "" if hit.reading.unused == zip_row.key else hit.reading.unused
    else:
        unused = "" if search.state_alone or not search.readings else search.readings[0][0].name
    return at_row(zip_row, _unused(unused, zip_row))


def _holds_house_number(reading: CityReading, postal_code: str) -> bool:
    return reading.unused != postal_code and any(letter.isdigit() for letter in reading.unused)


def _is_same_place(zip_row: PlaceRow, city: PlaceRow) -> bool:
    if zip_row.state != city.state:
        return False
    apart = miles_between(Point(zip_row.latitude, zip_row.longitude), Point(city.latitude, city.longitude))
    return zip_row.name == city.name or apart <= _SAME_PLACE_MILES


def _unused(words: str, row: PlaceRow) -> tuple[Sentence, ...]:
    if not words:
        return ()
    return (sentence(NOT_LOOKED_UP, words=words, place=label(row)),)


def _no_such_zip(search: Search) -> tuple[Sentence, ...]:
    if not search.postal_code:
        return ()
    return (sentence(N_("We know no ZIP code %(zip)s, so it was not used."), zip=search.postal_code),)
