"""What is refused as a password: too short, or made of what anybody would try here first (design SECURITY, 1 and 2)."""

import re
import unicodedata

from directory.domain.labels import N_, Sentence, sentence

SHORTEST, LONGEST = 15, 1000
#: What is left besides the guessable parts must be this many letters and digits that do not just follow each other.
_LEAST_OWN = 6
_SHORTEST_PART = 3
_SITE = (
    "ketamine",
    "clinics",
    "clinic",
    "directory",
    "reviewer",
    "reviews",
    "review",
    "moderator",
    "account",
    "password",
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_TOO_SHORT = N_("Use at least %(count)s characters. A few words that do not belong together are easy to remember.")
_TOO_LONG = N_("Use at most %(count)s characters.")
_GUESSABLE = N_("This is made of words of this site or of your address, and is tried first. Add words of your own.")
_REPEATED = N_("This is one piece over and over. Use words that do not belong together.")
_RUN = N_("This is mostly letters or digits in a row. Use words that do not belong together.")


def normal(password: str) -> str:
    """Return `password` as it is hashed: the same keys on another keyboard must give the same (NIST 800-63B-4)."""
    return unicodedata.normalize("NFKC", password)


def is_too_long(password: str) -> bool:
    """Whether nobody has this password, nor can it be hashed; some characters are eighteen once they are folded."""
    return len(password) > LONGEST or len(normal(password)) > LONGEST


def problem(password: str, *, email: str = "") -> Sentence | None:
    """Return why this password is refused for the account with this address; None where it is taken."""
    if len(password) < SHORTEST:
        return sentence(_TOO_SHORT, count=SHORTEST)
    if is_too_long(password):
        return sentence(_TOO_LONG, count=LONGEST)
    folded = normal(password).casefold()
    if _is_repeated(folded):
        return sentence(_REPEATED)
    if _turns(folded) < _LEAST_OWN:
        return sentence(_RUN)
    own = _without(folded, [*_SITE, *_parts(email)])
    return sentence(_GUESSABLE) if own != folded and _turns("".join(filter(str.isalnum, own))) < _LEAST_OWN else None


def _parts(email: str) -> list[str]:
    """Return the address, its two sides and their words, the longest first."""
    whole = normal(email).casefold()
    found = {whole, *whole.split("@"), *re.split(r"[^\w]+", whole)}
    return sorted((part for part in found if len(part) >= _SHORTEST_PART), key=lambda part: (-len(part), part))


def _without(text: str, parts: list[str]) -> str:
    for part in parts:
        text = text.replace(part, " ")
    return text


def _is_repeated(text: str) -> bool:
    """Whether `text` is a shorter piece at least twice, the last time perhaps cut off; linear in its length."""
    borders = [0]
    for letter in text[1:]:
        border = borders[-1]
        while border and text[border] != letter:
            border = borders[border - 1]
        borders.append(border + 1 if text[border] == letter else 0)
    return 2 * (len(text) - borders[-1]) <= len(text)


def _turns(text: str) -> int:
    """Count the characters that do not simply follow the one before: in the alphabet, on the keyboard, or the same."""
    return sum(not _follows(last, letter) for last, letter in zip(f"\0{text}", text, strict=False))


def _follows(last: str, letter: str) -> bool:
    if abs(ord(last) - ord(letter)) <= 1:
        return True
    return any(last in row and letter in row and abs(row.index(last) - row.index(letter)) == 1 for row in _ROWS)
