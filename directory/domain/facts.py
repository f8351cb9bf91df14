"""The facts that people state of a clinic: as they type them, as a listing keeps them, and how two readings differ.

A listing keeps a text, "" for none, or of a vocabulary of domain.profile a bit mask, 0 where nobody has said.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.domain import identifiers
from directory.domain.errors import InvalidParameter
from directory.domain.folding import fold
from directory.domain.labels import N_, Sentence, sentence
from directory.domain.listings import LONGEST, MAX_KEY_BYTES
from directory.domain.prices import kept_price
from directory.domain.profile import (
    ACCEPTS,
    CONDITIONS,
    INSURANCE,
    PAYMENT_HELP,
    PSYCHOTHERAPY,
    ROUTES,
    SETTINGS,
    Term,
    mask,
    terms,
)
from directory.domain.revisions import REVISABLE
from directory.domain.texts import NOT_PLAIN, is_plain

#: As a form holds them: a text, or of a vocabulary its words or its mask.
Typed = Mapping[str, str | int | Collection[str] | None]
#: As a listing keeps them.
Facts = Mapping[str, str | int]
#: As people read them: a text, or the English labels of a vocabulary.
Shown = str | tuple[str, ...]

VOCABULARIES: Mapping[str, Sequence[Term]] = {
    "routes": ROUTES, "settings": SETTINGS, "conditions": CONDITIONS, "psychotherapy": PSYCHOTHERAPY,
    "insurance": INSURANCE, "payment_help": PAYMENT_HELP, "accepts": ACCEPTS,
}  # fmt: skip
#: Staff-only: where a clinic is told of findings. What it was is shown to nobody who suggests another.
UNSHOWN = "contact_email"
_NEEDED = {
    "name": N_("Enter the name by which the clinic calls itself."),
    "city": N_("Enter the city."),
    "state": N_("Choose the state."),
}
_TOO_LONG = N_("Shorten this to %(most)d characters.")
_NO_KEY = N_("Write it with letters or digits, so that it can be found.")
_FOLDED = ("name", "city", "organisation")
#: Fact → what reads its one form, and what to do where it cannot.
_READ: Mapping[str, tuple[Callable[[str], str | None], str]] = {
    "state": (identifiers.state_code, N_("Choose the state.")),
    "postal_code": (identifiers.zip_code, N_("Enter the five digits of a ZIP code, like 63101.")),
    "phone": (identifiers.telephone, N_("Enter ten digits, like 618-555-0142, without an extension.")),
    "website": (identifiers.website, N_("Copy the whole address, like https://clinic.example.")),
    "contact_email": (identifiers.email_address, N_("Enter an e-mail address like name@example.org.")),
    "npi": (identifiers.npi, N_("Enter the ten digits as the register shows them; these do not fit.")),
    "price": (kept_price, N_("Enter whole dollars for one session, like 400, or the lowest and the highest: 300-800.")),
}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How one fact is changed: what it was when that was suggested, what it is now, and what it would be."""

    field: str
    before: Shown
    now: Shown
    after: Shown


def problems(typed: Typed, *, is_whole: bool) -> dict[str, Sentence]:
    """Return what is wrong with facts as they were typed, by field; of a whole listing also what is missing."""
    given = dict.fromkeys(_NEEDED, "") | dict(typed) if is_whole else typed
    found = {name: _problem(name, value) for name, value in given.items()}
    return {name: problem for name, problem in found.items() if problem}


def read(typed: Typed, *, is_whole: bool) -> Facts:
    """Return facts as a listing keeps them, all where it is a whole one; InvalidParameter names the first problem."""
    for name, problem in problems(typed, is_whole=is_whole).items():
        raise InvalidParameter(name, problem.message, **problem.values)
    facts = {name: _kept(name, value) for name, value in typed.items()}
    return {name: facts.get(name, _nothing(name)) for name in REVISABLE if is_whole or name in facts}


def of_listing(columns: Mapping[str, Any]) -> Facts:
    """Return all facts of a listing with these columns: what is None there is "" here."""
    return {name: columns[name] or _nothing(name) for name in REVISABLE}


def changed(facts: Facts, now: Facts) -> Facts:
    """Return those of `facts` that read otherwise now.

    An e-mail address is one of them whatever it is now, so that nobody finds it out by guessing; "" is not.
    """
    return {name: value for name, value in facts.items() if (value if name == UNSHOWN else value != now[name])}


def written(facts: Facts) -> str:
    """Return facts as they are kept in one column; restored() takes them back."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def restored(text: str) -> Facts:
    """Return the facts that written() wrote."""
    facts: Facts = json.loads(text)
    return facts


def differences(base: Facts, fields: Facts, now: Facts) -> tuple[Difference, ...]:
    """Return what `fields` change, in the order of REVISABLE; what is not in `base` was nothing."""
    return tuple(
        Difference(
            field=name,
            before=shown(name, base.get(name, _nothing(name))),
            now=shown(name, now[name]),
            after=shown(name, fields[name]),
        )
        for name in REVISABLE
        if name in fields
    )


def shown(name: str, value: str | int) -> Shown:
    """Return a fact as people read it."""
    return tuple(term.label for term in terms(VOCABULARIES[name], int(value))) if name in VOCABULARIES else str(value)


def _problem(name: str, value: str | int | Collection[str] | None) -> Sentence | None:
    if name not in REVISABLE:
        return sentence(N_("This is no fact of a listing that can be suggested."))
    if name in VOCABULARIES:
        return None if _is_of(VOCABULARIES[name], value) else sentence(N_("Choose from the answers offered."))
    text = _line(value)
    reader, remedy = _READ.get(name, (str, ""))
    wrong = [
        (sentence(_NEEDED.get(name, "")), name in _NEEDED and not text),
        (sentence(NOT_PLAIN), not is_plain(str(value or ""))),
        (sentence(_TOO_LONG, most=LONGEST.get(name, 0)), len(text) > LONGEST.get(name, len(text))),
        (sentence(_NO_KEY), bool(text) and name in _FOLDED and not _can_be_found_by(text)),
        (sentence(remedy), bool(text) and reader(text) is None),
    ]
    return next((said for said, is_so in wrong if is_so), None)


def _can_be_found_by(text: str) -> bool:
    return 0 < len(fold(text).encode()) <= MAX_KEY_BYTES


def _kept(name: str, value: str | int | Collection[str] | None) -> str | int:
    if name in VOCABULARIES:
        return value if isinstance(value, int) else mask(VOCABULARIES[name], value or ())
    reader, _ = _READ.get(name, (str, ""))
    text = _line(value)
    return reader(text) or "" if text else ""


def _is_of(vocabulary: Sequence[Term], value: str | int | Collection[str] | None) -> bool:
    if isinstance(value, int):
        return 0 <= value < 1 << len(vocabulary)
    return not isinstance(value, str) and set(value or ()) <= {term.word for term in vocabulary}


def _line(value: str | int | Collection[str] | None) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _nothing(name: str) -> str | int:
    return 0 if name in VOCABULARIES else ""
