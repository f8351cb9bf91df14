"""Finds the place that a person typed: the offline geocoder, and the one door through which a search asks it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from threading import Lock

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from rapidfuzz import fuzz, process

from directory.domain.answers import MOST_CHOICES, choices, in_state, settle
from directory.domain.errors import AmbiguousPlace, UnknownPlace
from directory.domain.folding import words
from directory.domain.gazetteer import PlaceKind, PlaceRow
from directory.domain.geo import Point
from directory.domain.identifiers import STATES, state_code
from directory.domain.labels import N_, sentence
from directory.domain.places import FoundPlace, at_point, at_row
from directory.domain.searches import CityReading, Search, read
from directory.extensions import reading
from directory.queries import places as queries
from directory.services.gazetteer import Gazetteer, load_gazetteer

#: "Arizonna" is 93 like Arizona, "Flordia" 86 like Florida; of the true names North and South Carolina come closest
#: to each other, with 81.
_STATE_BAR = 85.0
#: Beside a place that is spelled otherwise than it was typed.
MENDED = N_("We know no “%(query)s”; this is %(place)s.")
_STATE_NAMES = {"".join(words(name)): code for code, name in STATES.items()}


class OfflineGeocoder(Geocoder):
    """A geopy geocoder over our own gazetteer; it sends nothing anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self._gazetteer: Gazetteer | None = None
        self._loading = Lock()

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Return the place of `query` as geopy does: a Location, with `exactly_one` off a list, or None.

        Of several places the likeliest comes first; `raw` holds the fields of FoundPlace. `timeout` is for
        geocoders that ask the network.
        """
        del timeout
        try:
            found = [self.find(query)]
        except AmbiguousPlace as ambiguous:
            found = list(ambiguous.candidates)
        except UnknownPlace:
            return None
        locations = [Location(each.label, (each.point.latitude, each.point.longitude), asdict(each)) for each in found]
        return locations[0] if exactly_one else locations

    def find(self, text: str, *, exactly: bool = False) -> FoundPlace:
        """Return the one place that `text` names; raises UnknownPlace or AmbiguousPlace, with what to type instead.

        With `exactly` nothing is looked for that is cut short or misspelt.

        Coordinates take no SQL statement, an exact name or ZIP one, a state alone two, and a name cut short or
        misspelt no more than an exact one once the gazetteer is in memory.
        """
        search = read(text)
        if isinstance(search, Point):
            return at_point(search)
        with reading() as session:
            rows = [PlaceRow._make(row) for row in session.execute(queries.with_keys(search.keys))]
            found = settle(search, rows)
            if found:
                return found
            if search.state_alone and search.postal_code:
                raise _unknown(search)
            if search.state_alone:
                largest = session.execute(queries.largest_cities(search.state_alone, limit=MOST_CHOICES))
                raise in_state(search, rows, [PlaceRow._make(row) for row in largest])
        if exactly:
            raise _unknown(search)
        return self._find_nearly(search)

    def suggest(self, typed: str, *, limit: int) -> list[FoundPlace]:
        """Return at most `limit` places that `typed` is the beginning of, the larger first; in memory alone."""
        return [at_row(row) for row in self._in_memory().begun(typed, limit=limit)]

    def largest_around(self, centre: Point, miles: float, *, limit: int) -> list[PlaceRow]:
        """Return at most `limit` cities about that far around `centre`, the largest first; in memory alone."""
        return self._in_memory().largest_around(centre, miles, limit=limit)

    def prepare(self) -> None:
        """Read the gazetteer, so that no visitor waits for it; raises DBAPIError where the database cannot be asked."""
        self._in_memory()

    def _find_nearly(self, search: Search) -> FoundPlace:
        gazetteer = self._in_memory()
        for attempt in (_with_misspelt_state, _nearly_named, _loosely_named):
            found = attempt(search, gazetteer)
            if found:
                return found
        raise _unknown(search)

    def _in_memory(self) -> Gazetteer:
        """Return the gazetteer, read at the first need and kept; an empty one is read again the next time."""
        with self._loading:
            if not self._gazetteer:
                with reading() as session:
                    self._gazetteer = load_gazetteer(session)
            return self._gazetteer


_GEOCODERS: dict[str, Callable[[], OfflineGeocoder]] = {"offline": OfflineGeocoder}


def build_geocoder(name: str) -> OfflineGeocoder:
    """Return the geocoder that the setting GEOCODER names; it looks at no database before the first search."""
    return _GEOCODERS[name]()


def find(geocoder: OfflineGeocoder, text: str, *, exactly: bool = False) -> FoundPlace:
    """Return the one place that `text` names, or raise UnknownPlace or AmbiguousPlace, with what to type instead."""
    return geocoder.find(text, exactly=exactly)


def _likely_state(text: str) -> str | None:
    likely = process.extractOne(text, _STATE_NAMES.keys(), scorer=fuzz.ratio, score_cutoff=_STATE_BAR)
    return state_code(text) or (_STATE_NAMES[likely[0]] if likely else None)


def _with_misspelt_state(search: Search, gazetteer: Gazetteer) -> FoundPlace | None:
    """Return the place after mending the spelling of the state; None where the state was not at fault."""
    mended = read(search.text, state_of=_likely_state)
    if search.state or not isinstance(mended, Search) or not mended.state:
        return None
    rows = list(gazetteer.with_keys(mended.keys))
    if mended.state_alone and not mended.postal_code:
        raise in_state(mended, rows, gazetteer.largest_cities(mended.state_alone, limit=MOST_CHOICES))
    found = settle(mended, rows)
    return _noted(found, search) if found else _nearly_named(mended, gazetteer)


def _nearly_named(search: Search, gazetteer: Gazetteer) -> FoundPlace | None:
    """Return the city whose name begins as typed, else the one that is spelled almost so; several are choices.

    The cities of exactly this name in other states than the one typed are choices too, and come first.
    """
    for names in _names_to_compare(search):
        elsewhere = [row for row in gazetteer.with_keys(name.key for name in names) if row.kind == PlaceKind.CITY]
        for alike in (gazetteer.beginning_with, gazetteer.resembling):
            rows = [row for name in names for row in alike(name.key, name.state)]
            if len(rows) == 1 and (not elsewhere or _lacks_one_letter(rows[0], names)):
                return _noted(at_row(rows[0]), search)
            if rows:
                raise choices(search.text, rows, is_exact=False, first=elsewhere)
        if elsewhere:
            raise choices(search.text, elsewhere, is_exact=False)
    return None


def _lacks_one_letter(row: PlaceRow, names: list[CityReading]) -> bool:
    """Return whether the name lacks one letter, as "Pittsburg, PA" does, whatever other states call Pittsburg."""
    keys = {name.key for name in names}
    return any(row.key[:place] + row.key[place + 1 :] in keys for place in range(len(row.key)))


def _names_to_compare(search: Search) -> Iterator[list[CityReading]]:
    """Yield the readings that a typo may hide in: the whole text, or all after a comma; never the end of a street.

    Where a state was named, only the readings that use it.
    """
    for group in search.readings:
        names = [name for name in group if name.begins_part and not any(map(str.isdigit, name.name))]
        names = [name for name in names if name.state] or names
        if names:
            yield names


def _loosely_named(search: Search, gazetteer: Gazetteer) -> FoundPlace | None:
    return settle(search, gazetteer.with_keys(search.keys), loosely=True)


def _noted(found: FoundPlace, search: Search) -> FoundPlace:
    note = sentence(MENDED, query=search.text, place=found.label)
    return replace(found, notes=(note, *found.notes))


def _unknown(search: Search) -> UnknownPlace:
    if search.postal_code:
        message = N_("We know no ZIP code %(zip)s: it may be very new, retired or military. Type the city and state.")
        return UnknownPlace(message, zip=search.postal_code)
    message = N_("We know no place called “%(query)s”. Type a ZIP code, or a city and state like Saint Louis, MO.")
    return UnknownPlace(message, query=search.text)
