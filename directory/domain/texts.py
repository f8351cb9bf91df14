"""Tells text that can be stored and shown from text that cannot."""

import re

from directory.domain.labels import N_

#: Said to whoever wrote words that are no plain text.
NOT_PLAIN = N_("Copy the words as plain text: some of their characters cannot be shown.")
#: What a database or a page chokes on: control characters but tab and line ends, and halves of a character.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def is_plain(text: str) -> bool:
    """Return whether every database can store `text` and every page show it."""
    return _NO_TEXT.search(text) is None
