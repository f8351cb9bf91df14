"""Prices in US dollars as they are read on a page."""

from flask_babel import format_currency, gettext

from directory.domain.prices import price


def dollars(number: int) -> str:
    """Return whole US dollars: "$1,000"."""
    return str(format_currency(number, "USD", "¤#,##0", currency_digits=False))


def price_words(kept: str) -> str:
    """Return a price as domain.prices keeps it in words: "$300 to $800 a session"; "" for none."""
    found = price(kept)
    if found is None:
        return ""
    if found.lowest == found.highest:
        return gettext("%(price)s a session", price=dollars(found.lowest))
    return gettext("%(lowest)s to %(highest)s a session", lowest=dollars(found.lowest), highest=dollars(found.highest))
