"""Suggests places and clinics for the beginning of a search, the same to everybody, and keeps nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.domain.folding import words
from directory.domain.places import FoundPlace
from directory.services import names
from directory.services.geocoding import OfflineGeocoder
from directory.services.search import NearbyClinic

#: So many of each kind are offered, from so many letters or digits on.
MOST_OFFERED, SHORTEST = 5, 3


@dataclass(frozen=True)
class Suggestions:
    """Places, the larger first, and clinics, the likelier first."""

    places: Sequence[FoundPlace] = ()
    clinics: Sequence[NearbyClinic] = ()


def suggest(geocoder: OfflineGeocoder, typed: str) -> Suggestions:
    """Return at most five places and five clinics that `typed` may become; none for less than three letters.

    At most five statements, once the gazetteer is in memory.
    """
    if len("".join(words(typed))) < SHORTEST:
        return Suggestions()
    hits = names.find(typed, limit=MOST_OFFERED, unfinished=True)
    return Suggestions(geocoder.suggest(typed, limit=MOST_OFFERED), hits.clinics if hits.is_whole else ())
