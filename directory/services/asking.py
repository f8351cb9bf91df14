"""Reads one search box: a place, clinics by name, or a treatment beside a place; and never guesses in silence."""

from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from directory.domain.answers import NOT_LOOKED_UP, OTHER_STATE
from directory.domain.errors import AmbiguousPlace, UnknownPlace
from directory.domain.folding import fold, squash, words
from directory.domain.identifiers import state_code
from directory.domain.places import FoundPlace
from directory.domain.searches import LONGEST_TEXT
from directory.domain.spellings import beside_words, canonical, is_beside_a_place, routes_of
from directory.services import names
from directory.services.geocoding import MENDED, OfflineGeocoder, find
from directory.services.names import NameHits

#: fuzz.ratio (rapidfuzz) of a place's name with all that was typed: from here on the place may be what was meant.
_WHOLE, _EXACTLY = 80.0, 100.0
_ARTICLES = frozenset({"the", "el", "la", "las", "los", "de", "del"})
#: "ketamin" is 93 like ketamine, "esketemine" 90 like esketamine.
_MISSPELT, _SHORTEST_MISSPELT = 85.0, 5
_BESIDE = beside_words()


@dataclass(frozen=True)
class Asked:
    """What the words of a search box turned out to be; exactly one of three, as web/search shows them.

    - `place` alone: the place to search around. With `near` it is the address to search around instead, `routes` a
      mask of the treatments that were named beside it; the words themselves are no part of that search.
    - `problem`: no place, or several; `hits` may hold clinics by that name.
    - `hits` with `is_name`: clinics of that name come first; `place` or the candidates of `problem` are the other
      way to read it. `wants_place`: a treatment was named and nothing else.
    """

    place: FoundPlace | None = None
    near: str | None = None
    routes: int = 0
    problem: UnknownPlace | AmbiguousPlace | None = None
    hits: NameHits = field(default_factory=NameHits)
    is_name: bool = False
    wants_place: bool = False


@dataclass(frozen=True)
class _Read:
    """What the geocoder makes of a text: a place, or the problem with it."""

    text: str
    place: FoundPlace | None
    problem: UnknownPlace | AmbiguousPlace | None

    @property
    def is_certain(self) -> bool:
        """Whether it is a place, as it was spelled, with every word used."""
        doubts = {NOT_LOOKED_UP, OTHER_STATE, MENDED}
        return self.place is not None and all(note.message not in doubts for note in self.place.notes)

    @property
    def is_mended(self) -> bool:
        return self.place is not None and any(note.message == MENDED for note in self.place.notes)

    def is_like(self, least: float) -> bool:
        """Whether all of the text is spelled like one of several places, as "Springfield" is; 100 is exactly."""
        typed = squash(self.text)
        candidates = self.problem.candidates if isinstance(self.problem, AmbiguousPlace) else ()
        names = (name for each in candidates if each.city for name in (each.city, f"{each.city} {each.state}"))
        return any(fuzz.ratio(typed, squash(name)) >= least for name in names)


def ask(geocoder: OfflineGeocoder, text: str) -> Asked:
    """Return what `text` asks for. A certain place costs what it costs alone, and no more."""
    whole = _read(geocoder, text, exactly=True)
    if whole.is_certain or len(text) > LONGEST_TEXT or not words(text):
        return Asked(place=whole.place, problem=whole.problem)
    rests, routes = _beside(text)
    if not rests:
        return Asked(problem=whole.problem, routes=routes, wants_place=True)
    hits = names.find(text)
    is_all_name = any(fold(clinic.name) == fold(text) for clinic in hits.clinics)
    beside = None if is_all_name or rests[0] == " ".join(text.split()) else _at_one_of(geocoder, rests)
    if beside is None and not hits.is_exact and isinstance(whole.problem, UnknownPlace):
        whole = _read(geocoder, text)
        beside = None if hits.is_whole else _nearly(geocoder, rests[-1], whole)
    if beside:
        return Asked(beside.place, beside.text if beside.place else None, routes, beside.problem, hits)
    is_all_there_is = bool(hits.clinics) and isinstance(whole.problem, UnknownPlace)
    return Asked(
        place=whole.place,
        problem=whole.problem,
        hits=hits,
        is_name=is_all_there_is or _is_named(whole, hits),
    )


def by_name(text: str) -> Asked:
    """Return the clinics that `text` names, without looking for a place."""
    return Asked(hits=names.find(text), is_name=True)


def _at_one_of(geocoder: OfflineGeocoder, rests: list[str]) -> _Read | None:
    """Return the first of `rests` that is spelled exactly like a place, or like several."""
    reads = (_read(geocoder, rest, exactly=True) for rest in rests)
    return next((read for read in reads if read.is_certain or read.is_like(_EXACTLY)), None)


def _nearly(geocoder: OfflineGeocoder, rest: str, whole: _Read) -> _Read | None:
    """Return the place, or the several, that `rest` is cut short or misspelt; None where it is all that was typed."""
    read = None if rest == whole.text else _read(geocoder, rest)
    return read if read and not isinstance(read.problem, UnknownPlace) else None


def _is_named(whole: _Read, hits: NameHits) -> bool:
    """Return whether the words name a clinic rather than a place that they may be too.

    A place that is spelled exactly so stands first; one that is only spelled almost so gives way to a clinic that is.
    """
    if not hits.is_whole or whole.is_like(_EXACTLY):
        return False
    return hits.is_exact or not (whole.is_mended or whole.is_like(_WHOLE))


def _read(geocoder: OfflineGeocoder, text: str, *, exactly: bool = False) -> _Read:
    try:
        return _Read(text, find(geocoder, text, exactly=exactly), None)
    except (UnknownPlace, AmbiguousPlace) as problem:
        return _Read(text, None, problem)


def _beside(text: str) -> tuple[list[str], int]:
    """Return what may be the place, the likelier first, and the mask of the treatments named beside it.

    What stands before or after the place is taken off; a word between its words stays. An article may be the place's
    own ("Los Ángeles") and is first left to it. Empty where nothing is left.
    """
    typed = text.split()
    spelled = [[_spelled(word) for word in fold(each).split()] for each in typed]
    is_beside = [all(map(is_beside_a_place, each)) for each in spelled]
    last = len(typed)
    while last and is_beside[last - 1] and not state_code(typed[last - 1]):
        last -= 1
    first = next((place for place in range(last) if not is_beside[place]), last)
    taken = [word for each in (*spelled[:first], *spelled[last:]) for word in each]
    own = first
    while own and set(spelled[own - 1]) <= _ARTICLES and spelled[own - 2 : own - 1] != [["cerca"]]:
        own -= 1
    rests = [" ".join(typed[place:last]) for place in dict.fromkeys((own, first))]
    return [rest for rest in rests if words(rest)], routes_of(taken)


def _spelled(word: str) -> str:
    canon = canonical(word)
    if is_beside_a_place(canon) or len(word) < _SHORTEST_MISSPELT:
        return canon
    likely = process.extractOne(word, _BESIDE, scorer=fuzz.ratio, score_cutoff=_MISSPELT)
    return canonical(likely[0]) if likely else canon
