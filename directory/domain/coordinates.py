"""Reads coordinates in the ways that maps and devices write them."""

import math
import re
from contextlib import suppress

from directory.domain.errors import UnknownPlace
from directory.domain.geo import Point
from directory.domain.labels import N_

_DECIMALS_OF_ZERO = 4  # within about 6 metres of 0,0

_NUMBER = r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|nan|inf(?:inity)?))"
_SIXTIETHS = r"([0-9]{1,2}(?:\.[0-9]*)?)"
_HALF = rf"([%s]?) ?{_NUMBER} ?(?:° ?(?:{_SIXTIETHS} ?' ?(?:{_SIXTIETHS} ?\" ?)?)?)?([%s]?)"
_BETWEEN = r"(?: ?[,;] ?| |(?<=[ns])|(?=[ew]))"
_COORDINATES = re.compile(_HALF % ("ns", "ns") + _BETWEEN + _HALF % ("ew", "ew"), re.IGNORECASE)
_DECIMAL_COMMAS = re.compile("[^,;.]*,[0-9][^,;.]*;[^,;.]*,[0-9][^,;.]*")
_LIKE_COORDINATES = re.compile("[0-9nsew ,;:'\"+()/-]*[0-9][.][0-9][0-9nsew .,;:'\"+()/-]*", re.IGNORECASE)
_COUNTRY_BEHIND = re.compile("[, ] ?(?:u[.]?s[.]?(?:a[.]?)?|united states(?: of america)?)$", re.IGNORECASE)
_PRIMES = str.maketrans("’‘′ʹ“”", 4 * "'" + 2 * '"')

_NO_COORDINATES = N_(
    "These coordinates are no place to search from. Type the latitude, -90 to 90, then the longitude, -180 to 180, "
    "like 38.63, -90.19."
)


def typed_point(typed: str) -> Point | None:
    """Return the point that `typed` gives in one of the ways that maps write it, None where it gives none.

    Raises UnknownPlace where the text looks like coordinates and cannot be read.
    """
    text = _COUNTRY_BEHIND.sub("", typed).translate(_PRIMES).replace("''", '"').strip("()[] ")
    text = text.replace(",", ".") if _DECIMAL_COMMAS.fullmatch(text) else text
    halves = _COORDINATES.fullmatch(text)
    degrees = (_degrees(*halves.groups()[:5]), _degrees(*halves.groups()[5:])) if halves else None
    if degrees is None and "°" not in text and not _LIKE_COORDINATES.fullmatch(text):
        return None
    # A hair's breadth from 0,0 is a missing place too: what was missing has been computed with.
    if degrees and any(round(value, _DECIMALS_OF_ZERO) for value in degrees):
        with suppress(ValueError):
            return Point(*degrees)
    raise UnknownPlace(_NO_COORDINATES)


def _degrees(*half: str | None) -> float:
    """Return the degrees of a letter, degrees, minutes, seconds and a letter; NaN where they contradict each other."""
    before, degrees, minutes, seconds, after = (each or "" for each in half)
    letters, sixtieths = (before + after).lower(), [float(each or 0) for each in (minutes, seconds)]
    if len(letters) > 1 or (letters in {"n", "e"} and degrees.startswith("-")) or max(sixtieths) >= 60:
        return math.nan
    size = abs(float(degrees)) + sixtieths[0] / 60 + sixtieths[1] / 3600
    return -size if letters in {"s", "w"} or degrees.startswith("-") else size
