"""Reads the words of the search box: coordinates, a ZIP code, a state, and the ways to see a city in them."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from directory.domain.errors import UnknownPlace
from directory.domain.folding import squash, words
from directory.domain.geo import Point
from directory.domain.identifiers import state_code, zip_code
from directory.domain.labels import N_

LONGEST_TEXT = 200
_LONGEST_NAME = 6  # words of a city's name; the longest in the gazetteer has five
_LONGEST_STATE = 4  # words: "Federated States of Micronesia"
_ZIP_LENGTH = 5
_DECIMALS_OF_ZERO = 4  # within about 6 metres of 0,0
_COUNTRY = {"us", "usa", "unitedstates", "unitedstatesofamerica"}
_NICKNAMES = {"nyc": "newyork"}

_NUMBER = r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|nan|inf(?:inity)?))"
_COORDINATES = re.compile(rf"{_NUMBER} ?°? ?([ns]?)(?: ?[,;] ?| ){_NUMBER} ?°? ?([ew]?)", re.IGNORECASE)
_MINUS = str.maketrans("−–", "--")
_ZIP_AND_FOUR = re.compile("([0-9]{5}) ?-? ?([0-9]{4})")
_FIVE_DIGITS = re.compile("[0-9]{5}")
_DIGITS_ALONE = re.compile("[0-9][0-9 -]*")

StateOf = Callable[[str], str | None]


@dataclass(frozen=True)
class CityReading:
    """One way to see a city in the words: its `name` as typed, the `key` to look up, and a state where one was named.

    `unused` is what stood before the name; `is_set_apart` says that a comma or a house number divides the two, so
    that nobody can have meant all of it as one name.
    """

    name: str
    key: str
    state: str | None
    unused: str = ""
    is_set_apart: bool = True


@dataclass(frozen=True)
class Search:
    """What to look up for a text that is not coordinates.

    `readings` are groups, the likeliest first: readings of one group are equally likely. `state_alone` is set where
    the words (but for a ZIP) are the name of a state and nothing else; `leading_zip` where they begin with five
    digits, which may be a ZIP or a house number.
    """

    text: str
    readings: tuple[tuple[CityReading, ...], ...] = ()
    postal_code: str | None = None
    leading_zip: str | None = None
    state_alone: str | None = None

    @property
    def keys(self) -> list[str]:
        """What to look up in the gazetteer, ZIPs and cities at once: at most about thirty keys, in no order."""
        zips = {self.postal_code, self.leading_zip} - {None}
        return [*zips, *{reading.key for group in self.readings for reading in group}]  # type: ignore[list-item]

    @property
    def state(self) -> str | None:
        """The state that the words name, alone or after a city."""
        named = (reading.state for group in self.readings for reading in group if reading.state)
        return self.state_alone or next(named, None)


@dataclass(frozen=True)
class _Word:
    """A word as typed, without its marks, and as the gazetteer spells it; whether a comma stands before it."""

    typed: str
    plain: str
    key: str
    begins_part: bool


def read(text: str, *, state_of: StateOf = state_code) -> Point | Search:
    """Return the point or the search that `text` stands for; `state_of` says which words name a state.

    Raises UnknownPlace, with a sentence on what to type, for a text that cannot stand for any place.
    """
    typed = _tidy(text)
    zip_and_four = _ZIP_AND_FOUR.fullmatch(typed)
    coordinates = None if zip_and_four else _COORDINATES.fullmatch(typed.strip("()[] ").translate(_MINUS))
    if coordinates:
        return _point(*coordinates.groups())
    if zip_and_four:
        return Search(typed, postal_code=zip_and_four[1])
    found, postal_code = _take_zip(_without_country(_words(typed)), state_of)
    if not found:
        return Search(typed, postal_code=postal_code)
    if _DIGITS_ALONE.fullmatch(typed):
        raise UnknownPlace(N_("“%(query)s” is not a ZIP code: it has five digits, like 63101."), query=typed)
    splits, state_alone = _splits(found, state_of)
    leading = found[0].plain if _FIVE_DIGITS.fullmatch(found[0].plain) else None
    return Search(typed, tuple(_groups(splits)), postal_code, leading, state_alone)


def _tidy(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise UnknownPlace(N_("That is too long for a place. Type a ZIP code, or a city and state."))
    visible = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    typed = " ".join("".join(visible).split())
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in typed):
        raise UnknownPlace(N_("That holds characters that no place has. Type a ZIP code, or a city and state."))
    if not words(typed):
        raise UnknownPlace(N_("Type a ZIP code, a city and state, or an address."))
    return typed


def _point(latitude: str, south: str, longitude: str, west: str) -> Point:
    signs = -1 if south.lower() == "s" else 1, -1 if west.lower() == "w" else 1
    degrees = float(latitude) * signs[0], float(longitude) * signs[1]
    # A hair's breadth from 0,0 is a missing place too: what was missing has been computed with.
    if any(round(value, _DECIMALS_OF_ZERO) for value in degrees):
        with suppress(ValueError):
            return Point(*degrees)
    raise UnknownPlace(
        N_(
            "These coordinates are no place to search from. Type the latitude, -90 to 90, then the longitude, "
            "-180 to 180, like 38.63, -90.19."
        )
    )


def _words(typed: str) -> list[_Word]:
    found = []
    for part in re.split("[,;]", typed):
        begins = True
        for word in part.split():
            plain = "".join(words(word))
            if plain:
                found.append(_Word(word, plain, squash(word), begins_part=begins))
                begins = False
    return found


def _plain(found: Sequence[_Word]) -> str:
    return "".join(word.plain for word in found)


def _without_country(found: list[_Word]) -> list[_Word]:
    for length in range(1, min(_LONGEST_STATE + 1, len(found))):
        if _plain(found[-length:]) in _COUNTRY:
            return found[:-length]
    return found


def _take_zip(found: list[_Word], state_of: StateOf) -> tuple[list[_Word], str | None]:
    """Return the words without the ZIP at their end, and that ZIP or None.

    A ZIP whose leading zero was eaten counts only where it stands alone or after a state.
    """
    last = found[-1].typed.strip(".()#")
    is_whole = len(last.partition("-")[0]) in {_ZIP_LENGTH, _ZIP_LENGTH + 4}
    before = (found[-1 - length : -1] for length in range(1, min(_LONGEST_STATE + 1, len(found))))
    if is_whole or len(found) == 1 or any(state_of(_plain(words_before)) for words_before in before):
        postal_code = zip_code(last)
        if postal_code:
            return found[:-1], postal_code
    if _FIVE_DIGITS.fullmatch(found[0].plain) and state_of(_plain(found[1:])):
        return found[1:], found[0].plain
    return found, None


def _splits(found: list[_Word], state_of: StateOf) -> tuple[list[tuple[list[_Word], str | None]], str | None]:
    """Return the ways to divide the words into a city and a state, and the state that all of them name together."""
    lengths = range(min(_LONGEST_STATE, len(found) - 1), 0, -1)
    states = [(length, state) for length in lengths if (state := state_of(_plain(found[-length:])))]
    alone = state_of(_plain(found))
    if alone:  # "West Virginia" is no West in Virginia, but "Washington DC" is Washington in DC
        states = [(length, state) for length, state in states if state == alone]
    set_apart = [(length, state) for length, state in states if found[-length].begins_part]
    splits: list[tuple[list[_Word], str | None]] = [(found[:-length], state) for length, state in set_apart or states]
    if not set_apart:
        splits.append((found, None))
    return splits, None if states else alone


def _groups(splits: list[tuple[list[_Word], str | None]]) -> Iterator[tuple[CityReading, ...]]:
    """Yield the readings: all words as the name, then those of the last part, then ever fewer of the last words."""
    longest = max(len(found) for found, _ in splits)
    parts = {max((place for place, word in enumerate(found) if word.begins_part), default=0) for found, _ in splits}
    for start in sorted(range(longest), key=lambda start: (start > 0, start not in parts, start)):
        group = tuple(
            _reading(found, start, state)
            for found, state in splits
            if start < len(found) and (start == 0 or len(found) - start <= _LONGEST_NAME)
        )
        if group:
            yield group


def _reading(found: list[_Word], start: int, state: str | None) -> CityReading:
    name = " ".join(word.typed for word in found[start:])
    unused = " ".join(word.typed for word in found[:start])
    key = "".join(word.key for word in found[start:])
    return CityReading(
        name=name,
        key=_NICKNAMES.get(key, key),
        state=state,
        unused=unused,
        is_set_apart=start == 0 or found[start].begins_part or any(letter.isdigit() for letter in unused),
    )
