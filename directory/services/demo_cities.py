"""The cities in which the demonstration's invented clinics stand, and the ZIP codes around them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import zipcodes

from directory.domain.centres import middle
from directory.domain.geo import Point, miles_between

#: The largest and the second largest city of each state by population (US Census Bureau, 2020 Census, table P1),
#: incorporated places. Hawaii has none: its two are the largest census designated place and the largest on another
#: island; Puerto Rico's are its largest zonas urbanas. The largest of 2010, where it was another, is the second here.
LARGEST_CITIES = {
    "AL": ("Huntsville", "Birmingham"), "AK": ("Anchorage", "Fairbanks"), "AZ": ("Phoenix", "Tucson"),
    "AR": ("Little Rock", "Fayetteville"), "CA": ("Los Angeles", "San Diego"), "CO": ("Denver", "Colorado Springs"),
    "CT": ("Bridgeport", "Stamford"), "DE": ("Wilmington", "Dover"), "DC": ("Washington",),
    "FL": ("Jacksonville", "Miami"), "GA": ("Atlanta", "Columbus"), "HI": ("Honolulu", "Hilo"),
    "ID": ("Boise", "Meridian"), "IL": ("Chicago", "Aurora"), "IN": ("Indianapolis", "Fort Wayne"),
    "IA": ("Des Moines", "Cedar Rapids"), "KS": ("Wichita", "Overland Park"), "KY": ("Louisville", "Lexington"),
    "LA": ("New Orleans", "Baton Rouge"), "ME": ("Portland", "Lewiston"), "MD": ("Baltimore", "Frederick"),
    "MA": ("Boston", "Worcester"), "MI": ("Detroit", "Grand Rapids"), "MN": ("Minneapolis", "Saint Paul"),
    "MS": ("Jackson", "Gulfport"), "MO": ("Kansas City", "Saint Louis"), "MT": ("Billings", "Missoula"),
    "NE": ("Omaha", "Lincoln"), "NV": ("Las Vegas", "Henderson"), "NH": ("Manchester", "Nashua"),
    "NJ": ("Newark", "Jersey City"), "NM": ("Albuquerque", "Las Cruces"), "NY": ("New York", "Buffalo"),
    "NC": ("Charlotte", "Raleigh"), "ND": ("Fargo", "Bismarck"), "OH": ("Columbus", "Cleveland"),
    "OK": ("Oklahoma City", "Tulsa"), "OR": ("Portland", "Eugene"), "PA": ("Philadelphia", "Pittsburgh"),
    "PR": ("San Juan", "Bayamon"), "RI": ("Providence", "Cranston"), "SC": ("Charleston", "Columbia"),
    "SD": ("Sioux Falls", "Rapid City"), "TN": ("Nashville", "Memphis"), "TX": ("Houston", "San Antonio"),
    "UT": ("Salt Lake City", "West Valley City"), "VT": ("Burlington", "South Burlington"),
    "VA": ("Virginia Beach", "Chesapeake"), "WA": ("Seattle", "Spokane"), "WV": ("Charleston", "Huntington"),
    "WI": ("Milwaukee", "Madison"), "WY": ("Cheyenne", "Casper"),
}  # fmt: skip

#: The first-named cities of the ten largest metropolitan areas (US Census Bureau, 2020 Census), largest first.
METROPOLITAN_CITIES = (
    ("NY", "New York"), ("CA", "Los Angeles"), ("IL", "Chicago"), ("TX", "Dallas"), ("TX", "Houston"),
    ("DC", "Washington"), ("PA", "Philadelphia"), ("FL", "Miami"), ("GA", "Atlanta"), ("MA", "Boston"),
)  # fmt: skip

_REACH_MILES = 20


@dataclass(frozen=True)
class Town:
    """A ZIP code with ordinary addresses: its city, its middle and the area codes of its telephones."""

    postal_code: str
    city: str
    state: str
    point: Point
    area_codes: tuple[str, ...]


def towns_around(cities: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], list[Town]]:
    """Return, for each state and city, the towns of that state within 20 miles, the city's own first, by ZIP.

    The source is the package zipcodes. Raises ValueError for a city that the package does not know.
    """
    by_state = defaultdict(list)
    for town in _towns():
        by_state[town.state].append(town)
    return {(state, city): _around(city, by_state[state]) for state, city in cities}


def _around(city: str, towns: list[Town]) -> list[Town]:
    centre = middle([town.point for town in towns if town.city == city])
    near = [town for town in towns if miles_between(centre, town.point) <= _REACH_MILES]
    return sorted(near, key=lambda town: (town.city != city, town.postal_code))


def _towns() -> Iterable[Town]:
    for entry in zipcodes.list_all():  # type: ignore[no-untyped-call]
        if entry["zip_code_type"] == "STANDARD" and entry["active"] and entry["area_codes"] and float(entry["lat"]):
            yield Town(
                postal_code=entry["zip_code"],
                city=entry["city"],
                state=entry["state"],
                point=Point(float(entry["lat"]), float(entry["long"])),
                area_codes=tuple(entry["area_codes"]),
            )
