"""Gives Babel the words of the checklists, which are read by people and kept as data."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

#: The fields that hold words for readers. Titles of sources stay as they were printed.
_SPOKEN = (
    "name",
    "strip",
    "question",
    "ask",
    "why",
    "not_applicable",
    "contested",
    "evidence",
    "mistaken",
    "says",
    "year",
    "body",
)

_Message = tuple[int, str, str, list[str]]


def extract(file: IO[bytes], *_keywords_and_tags: Collection[str], options: Any) -> Iterator[_Message]:  # noqa: ARG001
    """Yield each text of one checklist as Babel wants it: line, function, message, comments."""
    written = tomllib.load(file)
    for part in (*written["group"], *written["sign"], *written["safeguard"], *written["source"].values()):
        for text in _texts(part):
            yield 1, "gettext", text, []


def _texts(part: Mapping[str, Any]) -> Iterator[str]:
    for field in _SPOKEN:
        value = part.get(field, ())
        texts = [value] if isinstance(value, str) else value
        yield from (text for text in texts if not text.isdigit())  # most years are numbers, some are "undated"
