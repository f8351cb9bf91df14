"""Finds clinics by name without a place: misspelt, cut short, run together, in any order of the words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, Row

from directory.domain.folding import fold
from directory.domain.naming import EXACT, MOST_WORDS, Fit, Scales, Slot, worth_showing
from directory.domain.spellings import (
    FILLERS,
    SHORTEST_MISSPELT,
    canonical,
    halves,
    lookup_keys,
    slips_forgiven,
    spelled_out,
)
from directory.extensions import reading
from directory.queries import names as queries
from directory.services.search import NearbyClinic, as_clinic

SHOWN = 20
_SHORTEST_BEGINNING = 2
#: What a word of the directory is worth for one that was typed: run together or cut in two, one and two slips away,
#: only alike in sound, and begun. A word that is known as it was typed seldom hides another.
_JOINED, _SLIPS, _SOUND, _BEGUN, _OF_A_KNOWN_WORD = 95, (EXACT, 85, 70), 60, 75, 70
_MOST_ALIKE = 8
#: Words of the directory that are looked for all together.
_MOST_HELD = 3 * queries.COMMON


@dataclass(frozen=True)
class NameHits:
    """Clinics that a typed name may mean, the likeliest first, by name where they are equally likely.

    `is_whole` says that the first has every word that tells clinics apart, `is_exact` that it has them as they were
    typed; `more` that there are others as likely.
    """

    clinics: Sequence[NearbyClinic] = ()
    is_whole: bool = False
    is_exact: bool = False
    more: bool = False


def find(text: str, *, limit: int = SHOWN, unfinished: bool = False) -> NameHits:
    """Return at most `limit` published clinics that `text` may name; empty where it names none.

    At most five statements. `unfinished` says that the last word may still be being typed.
    """
    with reading() as session:
        search = _Search(session.connection())
        slots = search.slots(text, unfinished=unfinished)
        weighed = _weighed(slots, search.holders(slots))
        shown = worth_showing([each for each, _ in weighed])
        if not shown:
            return NameHits()
        clinics = search.listed([row.id for _, row in weighed[: min(shown, limit)]])
    best = weighed[0][0]
    return NameHits(clinics, best.is_whole, best.is_exact, more=shown > limit)


def _weighed(slots: Sequence[Slot], rows: Iterable[Row[Any]]) -> list[tuple[Fit, Row[Any]]]:
    scales = Scales(slots)
    fits = [(scales.fit(name_key=row.name_key, city=row.city, state=row.state), row) for row in rows]
    return sorted(fits, key=_best_first)


def _best_first(weighed: tuple[Fit, Row[Any]]) -> tuple[bool, int, str, str, str, int]:
    each, row = weighed
    return not each.is_whole, -each.points, row.name_key, row.state, row.city, row.id


@dataclass
class _Typed:
    """A typed word, as it is looked up, and the words of the directory that it may stand for."""

    word: str
    typed: str
    alike: dict[str, int] = field(default_factory=dict)

    def take(self, word: str, worth: int) -> None:
        self.alike[word] = max(worth, self.alike.get(word, 0))


class _Search:
    """One search on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._statements = queries.statements(connection.dialect.name)

    def slots(self, text: str, *, unfinished: bool) -> list[Slot]:
        """Return what was typed, word by word, with what each may stand for."""
        folded = [part for word in fold(text).split()[: 2 * MOST_WORDS] for part in spelled_out(word)]
        typed = [_Typed(canonical(word), word) for word in folded if canonical(word) not in FILLERS][:MOST_WORDS]
        if not typed:
            return []
        begun = folded[-1] if unfinished and len(folded[-1]) >= _SHORTEST_BEGINNING else ""
        known = self._known(typed, begun)
        parted = [each for word in typed for each in _parted(word, known)]
        for each in parted:
            _take_alike(each, known)
        _take_joined(parted, known)
        if begun and parted:
            for word in known.get("", ()):
                parted[-1].take(word, _BEGUN)
        return [Slot(each.word, _likeliest(each.alike), each.typed) for each in parted]

    def listed(self, ids: Sequence[int]) -> list[NearbyClinic]:
        """Return the clinics of `ids`, in that order."""
        rows = {row.id: row for row in self._run(self._statements.listed, ids=json.dumps(ids))}
        return [as_clinic(rows[number], None) for number in ids if number in rows]

    def holders(self, slots: Sequence[Slot]) -> Sequence[Row[Any]]:
        """Return the clinics to weigh: those that have the rarer words, or all of the words where none is rare."""
        words = sorted({word for slot in slots for word in slot.alike})
        if not words:
            return []
        counts = {row.word: row.clinics for row in self._run(self._statements.counts, words=json.dumps(words))}
        asked = _rare(slots, counts)
        if asked:
            return self._run(self._statements.holders, asked=json.dumps(asked))
        likeliest = {max(slot.alike, key=lambda word: (slot.alike[word], word)) for slot in slots if slot.alike}
        driver, *others = sorted(likeliest, key=lambda word: (counts[word], word))
        return self._run(self._statements.holders_of_all, driver=driver, words=json.dumps(others))

    def _known(self, typed: Sequence[_Typed], begun: str) -> dict[str, set[str]]:
        """Return the words of the directory by the key under which they were found; begun ones under ""."""
        keys = set().union(*(lookup_keys(each.word) for each in typed))
        keys |= {half for each in typed for pair in halves(each.word) for half in pair}
        keys |= {canonical(a.word + b.word) for a, b in pairwise(typed)}
        bounds = {"low": begun, "high": begun + "\U0010ffff"} if begun else {"low": "", "high": ""}
        known: dict[str, set[str]] = {}
        for row in self._run(self._statements.spellings, keys=json.dumps(sorted(keys)), **bounds):
            known.setdefault(row.key, set()).add(row.word)
            if begun and row.key.startswith(begun):
                known.setdefault("", set()).add(row.word)
        return known

    def _run(self, statement: Any, **values: str) -> Sequence[Row[Any]]:
        return self._connection.execute(statement, values).all()


def _parted(typed: _Typed, known: Mapping[str, set[str]]) -> list[_Typed]:
    """Return a word that nobody knows and nobody spells almost so as the two known words that it may be."""
    if typed.word in known or len(typed.word) < 2 * SHORTEST_MISSPELT - 1:
        return [typed]
    both = [pair for pair in halves(typed.word) if all(half in known.get(half, ()) for half in pair)]
    if not both or any(worth >= _SLIPS[1] for worth in _alike(typed.word, known).values()):
        return [typed]
    return [_Typed(half, half) for half in min(both, key=lambda pair: (abs(len(pair[0]) - len(pair[1])), pair))]


def _take_alike(typed: _Typed, known: Mapping[str, set[str]]) -> None:
    found = _alike(typed.word, known)
    is_known = typed.word in found and found[typed.word] == EXACT
    for word, worth in found.items():
        typed.take(word, worth if not is_known or word == typed.word else worth * _OF_A_KNOWN_WORD // EXACT)


def _take_joined(typed: Sequence[_Typed], known: Mapping[str, set[str]]) -> None:
    for one, other in pairwise(typed):
        joined = canonical(one.word + other.word)
        if joined in known.get(joined, ()):
            one.take(joined, _JOINED)
            other.take(joined, _JOINED)


def _alike(typed: str, known: Mapping[str, set[str]]) -> dict[str, int]:
    """Return the known words that may be meant by `typed`, each with what it is worth."""
    keys = lookup_keys(typed)
    found: dict[str, int] = {}
    for key in keys:
        for word in known.get(key, ()):
            slips = OSA.distance(typed, word)
            if slips <= slips_forgiven(typed):
                worth = _SLIPS[slips]
            elif key.startswith("~") and 2 * slips <= len(typed):
                worth = _SOUND
            else:
                continue
            found[word] = max(worth, found.get(word, 0))
    return found


def _likeliest(alike: Mapping[str, int]) -> dict[str, int]:
    likely = sorted(alike.items(), key=lambda each: (-each[1], each[0]))
    return dict(likely[:_MOST_ALIKE])


def _rare(slots: Sequence[Slot], counts: Mapping[str, int]) -> list[tuple[int, str, int]]:
    """Return slot, word and points of what few clinics have, the likeliest first, as far as the bound allows."""
    every = [
        (place, word, slot.weight * worth)
        for place, slot in enumerate(slots)
        for word, worth in slot.alike.items()
        if counts[word] <= queries.COMMON
    ]
    every.sort(key=lambda each: (-each[2], counts[each[1]], each[0], each[1]))
    return list(_within(every, counts))


def _within(every: Iterable[tuple[int, str, int]], counts: Mapping[str, int]) -> Iterable[tuple[int, str, int]]:
    held = 0
    for each in every:
        held += counts[each[1]]
        if held > _MOST_HELD:
            return
        yield each
