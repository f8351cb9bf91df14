"""Reads a scoring case from JSON that anybody may have written, and says which field cannot be used and why."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from directory.domain.cases import Case
from directory.domain.checklist import Checklist, Criterion, Value
from directory.domain.errors import InvalidParameter
from directory.domain.findings import Answer, Ruling, RulingKind
from directory.domain.labels import N_

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_A_DAY = N_("give a day of the calendar, like 2026-11-21")
_CASE = ("rubric", "as_of", "answers", "rulings")
_ANSWER = ("id", "criterion", "reviewer", "group", "value", "tier", "observed_on", "rechecked_by")
_RULING = ("criterion", "kind", "by", "on")
_T = TypeVar("_T")


def parse_case(text: str, checklists: Callable[[str], Checklist]) -> Case:
    """Return the case that a JSON text describes; `checklists` gives a version or raises KeyError.

    Raises InvalidParameter, naming the field like "answers[3].observed_on", for what is missing, unknown or impossible.
    """
    whole = _object("case", _json(text), _CASE)
    checklist = _one(whole, "rubric", "", _version(checklists))
    return Case(
        checklist,
        _one(whole, "as_of", "", _day),
        tuple(_answer(checklist, f"answers[{n}]", each) for n, each in enumerate(_list("answers", whole["answers"]))),
        tuple(_ruling(checklist, f"rulings[{n}]", each) for n, each in enumerate(_list("rulings", whole["rulings"]))),
    )


def _answer(checklist: Checklist, at: str, entry: Any) -> Answer:
    _object(at, entry, _ANSWER)
    _one(entry, "id", at, _identifier)
    criterion = _one(entry, "criterion", at, _known(checklist.by_slug))
    return Answer(
        criterion=criterion.slug,
        value=_one(entry, "value", at, _value_of(criterion)),
        tier=_one(entry, "tier", at, _tier),
        observed_on=_one(entry, "observed_on", at, _day),
        reviewer=_one(entry, "reviewer", at, _name),
        group=_one(entry, "group", at, _name),
        rechecked_by=_one(entry, "rechecked_by", at, _names),
    )


def _ruling(checklist: Checklist, at: str, entry: Any) -> Ruling:
    _object(at, entry, _RULING)
    signs = {sign.slug: sign for sign in checklist.signs}
    return Ruling(
        criterion=_one(entry, "criterion", at, _known(signs)).slug,
        kind=_one(entry, "kind", at, _kind),
        by=_one(entry, "by", at, _names),
        on=_one(entry, "on", at, _day),
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        problem = error if isinstance(error, ValueError) else "it is nested too deeply"
        raise InvalidParameter("case", N_("case: this is no JSON: %(problem)s."), problem=problem) from None


def _no_key_twice(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise ValueError(f"the field {name!r} stands twice in one object")
        fields[name] = value
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _object(at: str, entry: Any, names: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(entry, dict):
        raise _bad(at, N_("give an object with the fields %(names)s"), names=", ".join(names))
    prefix = "" if at == "case" else f"{at}."
    for name in names:
        if name not in entry:
            raise _bad(f"{prefix}{name}", N_("this field is missing"))
    for name in entry:
        if name not in names:
            shown = name if name.isprintable() else repr(name)  # a terminal obeys what it cannot print
            raise _bad(f"{prefix}{shown}", N_("no such field is known; there are %(names)s"), names=", ".join(names))
    return entry


def _list(at: str, entry: Any) -> Sequence[Any]:
    if not isinstance(entry, list):
        raise _bad(at, N_("give a list, which may be empty"))
    return entry


def _one(entry: Mapping[str, Any], name: str, at: str, read: Callable[[Any], _T]) -> _T:
    try:
        return read(entry[name])
    except ValueError as error:
        raise _bad(f"{at}.{name}" if at else name, str(error)) from None


def _bad(field: str, remedy: str, **values: object) -> InvalidParameter:
    return InvalidParameter(field, f"%(where)s: {remedy}.", where=field, **values)


def _version(checklists: Callable[[str], Checklist]) -> Callable[[Any], Checklist]:
    def read(given: Any) -> Checklist:
        try:
            return checklists(_name(given))
        except KeyError:
            raise ValueError(N_("no such version of the checklist has been published")) from None

    return read


def _known(criteria: Mapping[str, Criterion]) -> Callable[[Any], Criterion]:
    def read(given: Any) -> Criterion:
        if _name(given) not in criteria:
            raise ValueError(N_("no such criterion stands here in this version of the checklist"))
        return criteria[given]

    return read


def _value_of(criterion: Criterion) -> Callable[[Any], Value]:
    def read(given: Any) -> Value:
        if given not in list(criterion.values):
            raise ValueError(f"give one of {', '.join(criterion.values)}")
        return Value(given)

    return read


def _identifier(given: Any) -> int | str:
    if isinstance(given, bool) or not isinstance(given, int | str) or given == "":
        raise ValueError(N_("give a number or a name"))
    return given


def _tier(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 3:
        raise ValueError(N_("give 1, 2 or 3"))
    return given


def _day(given: Any) -> date:
    if not _DAY.fullmatch(_name(given)):
        raise ValueError(_A_DAY)
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError(_A_DAY) from None


def _name(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise ValueError(N_("give a text that is not empty"))
    return given


def _names(given: Any) -> frozenset[str]:
    if not isinstance(given, list):
        raise ValueError(N_("give a list of names"))  # noqa: TRY004 - the value is wrong, not our call
    return frozenset(map(_name, given))


def _kind(given: Any) -> RulingKind:
    if given not in list(RulingKind):
        raise ValueError(f"give one of {', '.join(RulingKind)}")
    return RulingKind(given)
