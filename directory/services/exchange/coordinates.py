"""Reads coordinates as people and spreadsheets write them, where what they mean is certain."""

import re

from directory.domain.geo import Point

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]+)?")
#: South, north, west and east of the fifty states, the District and the territories, rounded outward to half a
#: degree or more (US Census Bureau, cartographic boundary files, 2020).
_UNITED_STATES = (
    (24, 50, -125.5, -66),  # the contiguous states
    (50.5, 72, -180, -129),  # Alaska
    (50.5, 54, 172, 180),  # the Aleutians beyond the antimeridian
    (18, 29, -179, -154),  # Hawaii
    (17, 19, -68.5, -64),  # Puerto Rico, Virgin Islands
    (13, 21, 144, 147),  # Guam, Northern Mariana Islands
    (-15, -10.5, -172, -167.5),  # American Samoa
    (0.5, 15, 130.5, 173),  # Palau, Micronesia, Marshall Islands
)


def degrees(text: str) -> float:
    """Return the number in `text`, a decimal comma read as a point; raises ValueError for anything else."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text.replace(",", "."))


def point_in_the_united_states(latitude: float, longitude: float) -> tuple[Point, bool]:
    """Return the point, and whether latitude and longitude had to be exchanged.

    They are exchanged only when as given they lie outside the United States and exchanged inside. Raises ValueError
    when they lie outside either way.
    """
    if _is_inside(latitude, longitude):
        return Point(latitude, longitude), False
    if _is_inside(longitude, latitude):
        return Point(longitude, latitude), True
    raise ValueError(f"{latitude}, {longitude}")


def _is_inside(latitude: float, longitude: float) -> bool:
    return any(south <= latitude <= north and west <= longitude <= east for south, north, west, east in _UNITED_STATES)
