"""Marks the English sentences and labels that the web layer translates."""

from typing import NamedTuple

#: In which pages and letters are written; the first where nothing else is chosen.
LANGUAGES = ("en", "es")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Return `message` unchanged, marked for the message catalogue."""
    return message


def NN_(one: str, more: str) -> tuple[str, str]:  # noqa: N802 - as above, for ngettext()
    """Return both forms of a message unchanged, marked as one entry of the catalogue."""
    return one, more


class Sentence(NamedTuple):
    """An English message id and what fills its `%(name)s` places, to be translated by web/."""

    message: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


def sentence(message: str, **values: object) -> Sentence:
    """Return a Sentence; mark the literal with N_() where it is written."""
    return Sentence(message, values)
