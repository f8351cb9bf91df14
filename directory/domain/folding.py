"""Folds what people type and what registers print to one spelling, for looking up and for sorting."""

import re
import unicodedata

#: Apostrophes of several kinds, the Hawaiian ʻokina, accents typed alone, and the full stop of "D.C.".
_DROPPED = dict.fromkeys(map(ord, "'’‘ʼʻ`´＇.．"))
_SPELLINGS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
#: "St.Louis" is two words.
_RUN_TOGETHER = re.compile(r"\b(ste?|ft|mt)[.．]", re.IGNORECASE)
_SLUG_LENGTH = 60


def words(text: str) -> list[str]:
    """Return the words of `text` casefolded, without accents and punctuation, spelled as they stand.

    Apostrophes and full stops join ("O'Fallon", "D.C."); other marks divide. Letters of other scripts stay.
    """
    # Dropped first: under NFKC an accent typed alone becomes a space and a combining mark.
    joined = _RUN_TOGETHER.sub(r"\1 ", text).translate(_DROPPED)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", joined).translate(_DROPPED).casefold())
    kept = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return kept.split()


def fold(text: str) -> str:
    """Return the words of `text` with one space between them and "st" as "saint".

    "St. John's", "saint johns" and "ＳＴ ＪＯＨＮ’Ｓ" fold to the same. Empty when nothing is left.
    """
    return " ".join(_SPELLINGS.get(word, word) for word in words(text))


def squash(text: str) -> str:
    """Return `text` folded and without spaces, so that "O'Fallon", "O Fallon" and "OFallon" are one key."""
    return fold(text).replace(" ", "")


def slug(text: str) -> str:
    """Return a readable end for an address, ASCII, at most 60 characters; "clinic" when nothing is left."""
    words = re.sub("[^a-z0-9]+", "-", fold(text))
    return words[:_SLUG_LENGTH].strip("-") or "clinic"
