"""Reads the words of the search box: coordinates, a ZIP code, a state, and the ways to see a city in them."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from directory.domain.coordinates import typed_point
from directory.domain.errors import UnknownPlace
from directory.domain.folding import squash, words
from directory.domain.geo import Point
from directory.domain.identifiers import state_code, zip_code
from directory.domain.labels import N_

LONGEST_TEXT = 200
_LONGEST_NAME = 6  # words of a city's name; the longest in the gazetteer has five
_LONGEST_STATE = 4  # words: "Federated States of Micronesia"
_ZIP_LENGTH = 5
_ZIP_AND_FOUR_LENGTH = 10
_CODE_LENGTH = 2  # letters of a state's code
_COUNTRY = {"us", "usa", "unitedstates", "unitedstatesofamerica"}
_NICKNAMES = {
    "nyc": "newyork", "nuevayork": "newyork", "nuevaorleans": "neworleans", "filadelfia": "philadelphia",
}  # fmt: skip
_FILLERS = (
    ("near",),
    ("in",),
    ("around",),
    ("close", "to"),
    ("cerca", "de"),
    ("en",),
    ("the", "state", "of"),
    ("state", "of"),
)

#: The ordinal sign and the ring that stand for a degree, and every dash for the one on the keyboard.
_DEGREES_AND_DASHES = str.maketrans("º˚‐‑‒–—―−﹘", "°°--------")
_ZIP_AND_FOUR = re.compile("([0-9]{5}) ?-? ?([0-9]{4})")
_SEVERAL_ZIPS = re.compile("[0-9]{5}(?:-[0-9]{4})?(?:[,; ]+[0-9]{5}(?:-[0-9]{4})?)+")
_FIVE_DIGITS = re.compile("[0-9]{5}")
_DIGITS_ALONE = re.compile("[0-9][0-9 -]*")

StateOf = Callable[[str], str | None]


@dataclass(frozen=True)
class CityReading:
    """One way to see a city in the words: its `name` as typed, the `key` to look up, and a state where one was named.

    `unused` is what stood before the name; `begins_part` says that a comma divides the two, `is_set_apart` that a
    comma or a house number does, so that nobody can have meant all of it as one name. `namesake` is the state that
    bears the city's name, where no state was named and something stood before it.
    """

    name: str
    key: str
    state: str | None
    unused: str = ""
    is_set_apart: bool = True
    begins_part: bool = True
    namesake: str | None = None


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
    if zip_and_four := _ZIP_AND_FOUR.fullmatch(typed):
        return Search(typed, postal_code=zip_and_four[1])
    if _SEVERAL_ZIPS.fullmatch(typed):
        raise UnknownPlace(N_("“%(query)s” are several ZIP codes. Type one ZIP code, like 63101."), query=typed)
    if point := typed_point(typed):
        return point
    found, postal_code = _take_zip(_without_fillers(_without_country(_words(typed)), state_of), state_of)
    if not found:
        return Search(typed, postal_code=postal_code)
    if _DIGITS_ALONE.fullmatch(typed):
        raise UnknownPlace(N_("“%(query)s” is not a ZIP code: it has five digits, like 63101."), query=typed)
    splits, state_alone = _splits(found, state_of)
    leading = found[0].plain if _FIVE_DIGITS.fullmatch(found[0].plain) else None
    groups = (*_groups(splits, state_of), *_state_as_city(found, state_of))
    return Search(typed, groups, postal_code, leading, state_alone)


def _tidy(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise UnknownPlace(N_("That is too long for a place. Type a ZIP code, or a city and state."))
    spelled = unicodedata.normalize("NFKC", text.translate(_DEGREES_AND_DASHES)).translate(_DEGREES_AND_DASHES)
    visible = (letter for letter in spelled if unicodedata.category(letter) != "Cf")
    typed = " ".join("".join(visible).split())
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in typed):
        raise UnknownPlace(N_("That holds characters that no place has. Type a ZIP code, or a city and state."))
    if not words(typed):
        raise UnknownPlace(N_("Type a ZIP code, a city and state, or an address."))
    return typed


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


def _without_fillers(found: list[_Word], state_of: StateOf) -> list[_Word]:
    """Return the words without "near" and its like before them, and without "state" before or after a state's name."""
    for fillers in _FILLERS:
        rest = found[len(fillers) :]
        begins = tuple(word.plain for word in found[: len(fillers)]) == fillers
        if begins and rest and not rest[0].begins_part and _is_whole_without(fillers, rest, state_of):
            found = [replace(rest[0], begins_part=True), *rest[1:]]
    return found[:-1] if found[-1].plain == "state" and _follows_state(found, state_of) else found


def _is_whole_without(fillers: tuple[str, ...], rest: list[_Word], state_of: StateOf) -> bool:
    """Return whether `rest` is what was meant: "me" is nobody in Maine, and "IN" before a ZIP is Indiana."""
    if fillers[-1] == "of":
        return state_of(_plain(rest)) is not None
    return _plain(rest) != "me" and not (fillers == ("in",) and rest[0].plain.isdigit())


def _follows_state(found: list[_Word], state_of: StateOf) -> bool:
    return any(state_of(_plain(found[-1 - length : -1])) for length in range(1, min(_LONGEST_STATE + 1, len(found))))


def _take_zip(found: list[_Word], state_of: StateOf) -> tuple[list[_Word], str | None]:
    """Return the words without a ZIP, the state behind the city, and that ZIP or None.

    A ZIP whose leading zero was eaten counts only where it stands alone or after a state at the end.
    """
    last = found[-1].typed.strip(".()#")
    is_whole = len(last.partition("-")[0]) in {_ZIP_LENGTH, _ZIP_LENGTH + 4}
    if (is_whole or len(found) == 1 or _follows_state(found, state_of)) and (postal_code := zip_code(last)):
        return found[:-1], postal_code
    for place, word in enumerate(found[:-1]):
        postal_code = zip_code(word.typed.strip(".()#-"))
        if postal_code and _is_zip_at(found, place, state_of):
            before, after = found[:place], found[place + 1 :]
            if state_of(_plain(before)) and not state_of(_plain(after)):
                before, after = after, [replace(before[0], begins_part=True), *before[1:]]
            return [*before, *after], postal_code
    return found, None


def _is_zip_at(found: list[_Word], place: int, state_of: StateOf) -> bool:
    """Return whether what may be a ZIP is one and no house number: a ZIP+4, between commas, or beside a state."""
    length = len(found[place].typed.strip(".()#-"))
    is_between_commas = place > 0 and found[place].begins_part and found[place + 1].begins_part
    return length == _ZIP_AND_FOUR_LENGTH or (
        length == _ZIP_LENGTH
        and (is_between_commas or any(state_of(_plain(each)) for each in (found[:place], found[place + 1 :])))
    )


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


def _groups(splits: list[tuple[list[_Word], str | None]], state_of: StateOf) -> Iterator[tuple[CityReading, ...]]:
    """Yield the readings: all words as the name, then those of the last part, then ever fewer of the last words."""
    longest = max(len(found) for found, _ in splits)
    parts = {_last_part(found) for found, _ in splits}
    for start in sorted(range(longest), key=lambda start: (start > 0, start not in parts, start)):
        group = tuple(
            _reading(found, start, state, state_of)
            for found, state in splits
            if start < len(found) and (start == 0 or len(found) - start <= _LONGEST_NAME)
        )
        if group:
            yield group


def _last_part(found: list[_Word]) -> int:
    return max((place for place, word in enumerate(found) if word.begins_part), default=0)


def _state_as_city(found: list[_Word], state_of: StateOf) -> Iterator[tuple[CityReading, ...]]:
    """Yield what a state's name after a comma is as a city, for a house number is in no state without a city."""
    start = _last_part(found)
    name = _plain(found[start:])
    if start and found[0].plain[0].isdigit() and len(name) > _CODE_LENGTH and state_of(name):
        yield (_reading(found, start, None, state_of),)


def _reading(found: list[_Word], start: int, state: str | None, state_of: StateOf) -> CityReading:
    name = " ".join(word.typed for word in found[start:])
    unused = " ".join(word.typed for word in found[:start])
    key = "".join(word.key for word in found[start:])
    begins_part = start == 0 or found[start].begins_part
    return CityReading(
        name=name,
        key=_NICKNAMES.get(key, key),
        state=state,
        unused=unused,
        is_set_apart=begins_part or any(word.begins_part and word.plain[0].isdigit() for word in found[:start]),
        begins_part=begins_part,
        namesake=state_of(_plain(found[start:])) if start and state is None else None,
    )
