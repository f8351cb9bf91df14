"""The words of clinics' names in one spelling: abbreviations, plurals, synonyms and Spanish; and what a typo leaves."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations

from directory.domain.folding import fold
from directory.domain.identifiers import STATES
from directory.domain.profile import ROUTES, mask

#: One spelling, then what is read as it: the short forms of registers, the plain synonyms, the Spanish words.
_READ_AS = (
    "anesthesia anesthesiology anestesia", "associate assoc asociado", "baptist bapt bautista",
    "behavioral behav behavioural", "center ctr cntr centre centro", "children child nino",
    "clinic clin clinica", "community comm cmty comunidad", "county cty cnty condado", "doctor dr doctora",
    "east este", "esketamine esketamina spravato", "general gen genl", "group grp grupo", "health hlth salud",
    "hospital hosp hsptl hos", "infusion inf iv drip goteo intravenous intravenosa intravenoso",
    "institute inst instituto", "injection inyeccion inyeccione", "ketamine ket ketamina",
    "lozenge troche pastilla trocisco", "medical med medico medica", "medicine medicina", "memorial mem meml",
    "north norte", "northeast ne", "northwest nw", "orthopedic ortho orthopaedic", "pain dolor", "plaza plz",
    "presbyterian presby", "psychiatry psych psychiatric psychiatrist psiquiatria psiquiatrico psiquiatrica",
    "regional reg regl rgnl", "rehabilitation rehab rehabilitacion", "service svc svcs servicio", "south sur",
    "southeast se", "southwest sw", "specialty especialidad especialidade", "surgery surg surgical cirugia",
    "tablet tableta", "therapy terapia therapie therapeutic", "treatment tratamiento",
    "university univ universidad universitario",
    "veteran va vet veterano", "wellness bienestar", "west oeste", "woman women mujer mujere",
)  # fmt: skip
#: Said of nearly every clinic: they order results and never keep one out.
GENERIC = frozenset({
    "affair", "associate", "campus", "care", "center", "clinic", "esketamine", "general", "group", "health",
    "healthcare", "hospital", "infusion", "institute", "ketamine", "medical", "medicine", "regional", "service",
    "specialty", "system", "therapy", "treatment", "wellness",
})  # fmt: skip
#: Words between words, and the endings of companies.
FILLERS = frozenset({
    "a", "an", "and", "around", "at", "best", "by", "cerca", "close", "co", "con", "corp", "de", "del", "do", "e",
    "el", "en", "find", "for", "in", "inc", "la", "las", "llc", "llp", "los", "ltd", "md", "me", "mi", "near", "of",
    "on", "para", "pc", "pllc", "the", "to", "y",
})  # fmt: skip
_SPELLED_OUT = {"nyc": ("new", "york")}
#: What a treatment is called → the words of domain.profile.ROUTES that it asks for.
_TREATMENTS = {
    "esketamine": ("esketamine_nasal",),
    "infusion": ("iv_infusion",),
    "injection": ("im_injection",),
    "intramuscular": ("im_injection",),
    "im": ("im_injection",),
    "lozenge": ("lozenge_troche",),
    "tablet": ("oral_tablet",),
}
_NASAL = frozenset({"nasal", "spray", "esketamine"})
#: What may stand beside a place without naming a clinic.
_BESIDE_A_PLACE = FILLERS | {
    "ketamine", "clinic", "therapy", "treatment", "center", "nasal", "spray", "assisted",
}  # fmt: skip

_SHORTEST_STEM, _LONGEST_WORD = 4, 40
SHORTEST_MISSPELT = 4
#: From so many letters on two slips are forgiven.
_LONG = 7
_LONGEST_SHORTENED_TWICE = 16
_ALIKE_FIRST = (("kn", "n"), ("ps", "s"), ("ph", "f"), ("wr", "r"), ("ck", "k"))
_ALIKE = str.maketrans("cqzvy", "kksfi")
_SILENT = frozenset("aeiouhw")


def _stem(word: str) -> str:
    """Return a word without the s of a plural or of a genitive whose apostrophe was folded away."""
    is_plural = len(word) >= _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural else word


_CANON = {_stem(other): _stem(each.split()[0]) for each in _READ_AS for other in each.split()}
_STATE_NAMES = {code: tuple(_stem(word) for word in fold(name).split()) for code, name in STATES.items()}


@lru_cache(16_384)
def canonical(word: str) -> str:
    """Return the one spelling of a folded word: "clinicas" is "clinic", "lukes" is "luke"."""
    stem = _stem(word[:_LONGEST_WORD])
    return _CANON.get(word, _CANON.get(stem, stem))


def name_words(text: str) -> list[str]:
    """Return the words of a name or a city as they are looked for, in their order; fillers are left out.

    A text of nothing but fillers keeps them. Empty when nothing is left of it.
    """
    return spelled(fold(text))


def spelled(folded: str) -> list[str]:
    """Return name_words() of a text that is folded already."""
    every = [canonical(word) for word in folded.split()]
    return [word for word in every if word not in FILLERS] or every


def spelled_out(word: str) -> tuple[str, ...]:
    """Return the words that a folded word is short for, most often itself."""
    return _SPELLED_OUT.get(word, (word,))


def state_words(code: str) -> tuple[str, ...]:
    """Return what may stand for a state after a name: its code and the words of its name."""
    return code.lower(), *_STATE_NAMES.get(code, ())


def routes_of(words: Iterable[str]) -> int:
    """Return the mask of the treatments that canonical `words` name; 0 where they name none."""
    named = set(words)
    asked = {route for word in named for route in _TREATMENTS.get(word, ())}
    if not asked and named >= {"nasal", "spray"}:
        asked = {"esketamine_nasal", "compounded_nasal"}
    return mask(ROUTES, asked)


def is_beside_a_place(word: str) -> bool:
    """Return whether a canonical word says what is looked for, or joins words, and names no clinic."""
    return word in _BESIDE_A_PLACE or word in _TREATMENTS or word in _NASAL


def beside_words() -> list[str]:
    """Return the longer words of is_beside_a_place() as they are typed, for finding them misspelt."""
    typed = {*_BESIDE_A_PLACE, *_TREATMENTS, *(word for word, canon in _CANON.items() if is_beside_a_place(canon))}
    return sorted(word for word in typed if len(word) > SHORTEST_MISSPELT)


def near_keys(word: str) -> set[str]:
    """Return under what a word of the directory is kept, so that it is found misspelt.

    The word, "-" and the word without one of its letters, and "~" and its skeleton. Words with digits are kept as
    they are, for a number has no near spelling.
    """
    if len(word) < SHORTEST_MISSPELT or not word.isalpha():
        return {word}
    return {word, f"~{_skeleton(word)}", *(f"-{shorter}" for shorter in _without(word, 1))}


def lookup_keys(word: str) -> set[str]:
    """Return under what a typed word has to be looked up: near_keys() of a word one or two slips away holds one."""
    if len(word) < SHORTEST_MISSPELT or not word.isalpha():
        return {word}
    twice = _LONG < len(word) <= _LONGEST_SHORTENED_TWICE
    shorter = _without(word, 1) | (_without(word, 2) if twice else set())
    return {word, f"-{word}", f"~{_skeleton(word)}", *shorter, *(f"-{each}" for each in shorter)}


def halves(word: str) -> list[tuple[str, str]]:
    """Return the ways to see two words of three letters or more in one: "papermache" may be "paper" and "mache"."""
    return [(canonical(word[:cut]), canonical(word[cut:])) for cut in range(3, len(word) - 2)]


def slips_forgiven(word: str) -> int:
    """Return how many slips of the finger a word may hold and still be meant."""
    if len(word) < SHORTEST_MISSPELT or not word.isalpha():
        return 0
    return 2 if len(word) >= _LONG else 1


def _without(word: str, letters: int) -> set[str]:
    kept = len(word) - letters
    return {"".join(each) for each in combinations(word, kept)} if kept > 1 else set()


def _skeleton(word: str) -> str:
    """Return the consonants of a word as they sound, doubles once, and a sign for the vowel that it begins with."""
    for written, said in _ALIKE_FIRST:
        word = word.replace(written, said)
    sounds = word.translate(_ALIKE)
    first = "a" if sounds[0] in "aeiou" else sounds[0]
    kept = [first]
    for letter in sounds[1:]:
        if letter not in _SILENT and letter != kept[-1]:
            kept.append(letter)
    return "".join(kept)
