"""Prices of a session in whole US dollars: one number or a range, as people type them and as a listing keeps them."""

import re
from typing import NamedTuple

from directory.domain.profile import HIGHEST_PRICE

_NUMBER = r"\$?\s?([0-9][0-9,]{0,6})(?:\.00)?"
_TYPED = re.compile(rf"{_NUMBER}(?:\s?(?:-|–|to|a)\s?{_NUMBER})?", re.ASCII)
_WITH_COMMAS = re.compile("[0-9]{1,3}(,[0-9]{3})*|[0-9]+", re.ASCII)


class Price(NamedTuple):
    """The lowest and the highest price of a session, in whole US dollars; the same where one is named."""

    lowest: int
    highest: int


def price_text(lowest: int | None, highest: int | None) -> str:
    """Return a price as a listing keeps it: "400", "300-800", "" where nobody has said."""
    if lowest is None or highest is None:
        return ""
    return str(lowest) if lowest == highest else f"{lowest}-{highest}"


def price(text: str) -> Price | None:
    """Return what "$400", "300-800" or "300 to 800" names; None for another text, a free one and an impossible one."""
    match = _TYPED.fullmatch(text.strip().lower())
    if match is None:
        return None
    lowest, highest = (_dollars(number) for number in (match[1], match[2] or match[1]))
    return Price(lowest, highest) if 0 < lowest <= highest <= HIGHEST_PRICE else None


def kept_price(text: str) -> str | None:
    """Return a price that somebody typed in the one form in which it is kept, or None where it is none."""
    found = price(text)
    return price_text(*found) if found else None


def _dollars(number: str) -> int:
    return int(number.replace(",", "")) if _WITH_COMMAS.fullmatch(number) else 0
