"""Weighs how well the name of a clinic answers what was typed; integers alone, so that every engine orders alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from directory.domain.spellings import GENERIC, name_words, spelled, state_words

MOST_WORDS = 12
EXACT = 100
#: The points of a name that is what was typed and nothing else.
ALL = 1000
#: What is left of a word's worth where the city, or the state, bears it and not the name.
_IN_CITY, _IN_STATE = 85, 60
_SPECIFIC, _GENERIC = 10, 1
#: Taken off a thousand for each word of the name that nobody typed, and never more than the last.
_UNTYPED_SPECIFIC, _UNTYPED_GENERIC, _MOST_UNTYPED = 8, 2, 120
#: A clinic whose fit is this much below the best one is not what was meant; and below this nothing is.
_FAR_BELOW, _LEAST = 200, 350


@dataclass(frozen=True)
class Slot:
    """One typed word, in the one spelling and as it was, and what words may be meant by it, each with 1 to 100."""

    word: str
    alike: Mapping[str, int]
    typed: str = ""

    @cached_property
    def is_generic(self) -> bool:
        """Whether nearly every clinic may have the word, or what is likeliest meant by it, in its name."""
        likeliest = max(self.alike, key=lambda word: (self.alike[word], word), default=self.word)
        return self.word in GENERIC or likeliest in GENERIC

    @cached_property
    def weight(self) -> int:
        """What the word counts beside the others."""
        return _GENERIC if self.is_generic else _SPECIFIC


@dataclass(frozen=True)
class Fit:
    """How well a clinic answers: `points` of a thousand; `is_whole` where it has every word that tells clinics apart.

    `is_exact` says that those words stand there as they were typed.
    """

    points: int
    is_whole: bool
    is_exact: bool


class Scales:
    """Weighs one clinic after the other against the same typed words, of which there is at least one."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._slots = slots
        self._total = sum(slot.weight * EXACT for slot in slots)
        every = range(len(slots))
        self._telling = [place for place in every if not slots[place].is_generic] or list(every)
        self._meanings: dict[str, list[tuple[int, int]]] = {}
        for place, slot in enumerate(slots):
            for word, worth in slot.alike.items():
                self._meanings.setdefault(word, []).append((place, worth))

    def fit(self, *, name_key: str, city: str, state: str) -> Fit:
        """Return how well the clinic of this folded name answers."""
        named = spelled(name_key)
        in_name = self._best(named)
        worth = [there or self._elsewhere(place, city, state) for place, there in enumerate(in_name)]
        reached = sum(slot.weight * each for slot, each in zip(self._slots, worth, strict=True))
        untyped = [_UNTYPED_GENERIC if word in GENERIC else _UNTYPED_SPECIFIC
                   for word in named if word not in self._meanings]  # fmt: skip
        is_whole = all(worth[place] for place in self._telling) and any(in_name[place] for place in self._telling)
        return Fit(
            points=ALL * reached // self._total - min(sum(untyped), _MOST_UNTYPED),
            is_whole=is_whole,
            is_exact=is_whole and all(in_name[place] in {0, EXACT} for place in self._telling),
        )

    def _best(self, held: Iterable[str]) -> list[int]:
        """Return what each typed word is worth among the words that a name or a city has."""
        best = [0] * len(self._slots)
        for word in held:
            for place, worth in self._meanings.get(word, ()):
                best[place] = max(best[place], worth)
        return best

    def _elsewhere(self, place: int, city: str, state: str) -> int:
        """Return what a word is worth that the name does not have."""
        if in_city := self._best(_city_words(city))[place]:
            return in_city * _IN_CITY // EXACT
        slot = self._slots[place]
        return _IN_STATE if _state_words(state) & {slot.word, slot.typed} else 0


@lru_cache(4096)
def _city_words(city: str) -> frozenset[str]:
    return frozenset(name_words(city))


@lru_cache
def _state_words(state: str) -> frozenset[str]:
    return frozenset(state_words(state))


def worth_showing(fits: Sequence[Fit]) -> int:
    """Return how many of `fits`, the best first, answer what was typed: whole ones alone, where there are any."""
    if not fits:
        return 0
    best = fits[0]
    least = max(best.points - _FAR_BELOW, _LEAST)
    return sum(each.points >= least and each.is_whole >= best.is_whole for each in fits)
