"""The filters of a search in words: labels, how many clinics each would leave, and all of them in one sentence."""

from collections.abc import Iterator
from typing import NamedTuple

from babel.lists import format_list
from flask import Flask
from flask_babel import format_decimal, get_locale, gettext, ngettext

from directory.domain.facets import CHECKED, GROUPS, NO_CONFIRMED, PRICES, Counts, chosen
from directory.domain.labels import N_
from directory.domain.nearby import COUNT_CAP, SIGNS, Wishes
from directory.web.prices import dollars


class Chosen(NamedTuple):
    """One choice in force: its label, the parameter of the address that asks for it, and its word there."""

    label: str
    name: str
    word: str


def init_app(app: Flask) -> None:
    """Give templates the words of filters."""
    app.jinja_env.filters |= {
        "checked_choice": checked_choice, "filters_sentence": sentence, "with_count": with_count,
    }  # fmt: skip
    app.jinja_env.globals |= {"choice_count": choice_count, "choice_clinics": choice_clinics}


def in_force(wishes: Wishes) -> Iterator[Chosen]:
    """Yield each choice that narrows the results, in the order of the panel."""
    if wishes.without_confirmed:
        yield Chosen(gettext("No confirmed warning sign (unchecked included)"), NO_CONFIRMED, "1")
    if wishes.checked_at_least:
        yield Chosen(at_least_checked(wishes.checked_at_least), CHECKED, str(wishes.checked_at_least))
    for group in GROUPS:
        for term in chosen(group, wishes.facets):
            yield Chosen(gettext(term.label), group.name, term.word)
    if wishes.folded_words:
        yield Chosen(gettext("“%(words)s” in name or city", words=wishes.words), "words", wishes.words)


def sentence(wishes: Wishes) -> str:
    """Return all that narrows the results in one sentence."""
    return gettext("Only clinics %(clauses)s.", clauses=format_list(list(_clauses(wishes)), locale=get_locale()))


def at_least_checked(number: int | str) -> str:
    """Return the label of a filter: "At least 3 of 5 checked"; "All 5 checked"."""
    if int(number) == SIGNS:
        return gettext("All %(all)s checked", all=SIGNS)
    return gettext("At least %(number)s of %(all)s checked", number=number, all=SIGNS)


def checked_choice(number: int | str) -> str:
    """Return the same below its own heading, where there is little room: "3 of 5 or more"."""
    if int(number) == SIGNS:
        return at_least_checked(number)
    return gettext("%(number)s of %(all)s or more", number=number, all=SIGNS)


def choice_count(counts: Counts | None, name: str, word: str) -> str:
    """Return how many clinics a choice would leave, as digits: "12", "1,000+"; "" where they were not counted."""
    return _capped(counts[name][word]) if counts else ""


def choice_clinics(counts: Counts, name: str, word: str) -> str:
    """Return how many clinics a choice would leave, in words for who does not see the digits' place."""
    number = counts[name][word]
    return ngettext("%(number)s clinic", "%(number)s clinics", number, number=_capped(number))


def with_count(label: str, count: str) -> str:
    """Return the label of a choice in a list with its number: "All 5 checked (3)"."""
    return gettext("%(label)s (%(count)s)", label=label, count=count) if count else label


def _clauses(wishes: Wishes) -> Iterator[str]:
    for group in GROUPS:
        labels = [gettext("“%(label)s”", label=gettext(term.label)) for term in chosen(group, wishes.facets)]
        if labels and group.choices is PRICES:
            highest = int(chosen(group, wishes.facets)[0].word)
            yield gettext(_CLAUSES[group.name], dollars=dollars(highest))
        elif labels:
            yield gettext(_CLAUSES[group.name], choices=format_list(labels, "or", get_locale()))
    if wishes.without_confirmed:
        yield gettext("with no confirmed warning sign (unchecked included)")
    if wishes.checked_at_least == SIGNS:
        yield gettext("with all %(all)s warning signs checked", all=SIGNS)
    elif wishes.checked_at_least:
        yield gettext("with at least %(number)s of %(all)s warning signs checked",
                      number=wishes.checked_at_least, all=SIGNS)  # fmt: skip
    if wishes.folded_words:
        yield gettext("with “%(words)s” in name or city", words=wishes.words)


_CLAUSES = {
    "route": N_("that say they give %(choices)s"),
    "setting": N_("that name as the place of treatment %(choices)s"),
    "condition": N_("that say they treat %(choices)s"),
    "therapy": N_("that say of psychotherapy %(choices)s"),
    "insurance": N_("that say of insurance %(choices)s"),
    "payment": N_("that say of help with payment %(choices)s"),
    "accepts": N_("that say of who can come %(choices)s"),
    "price": N_("whose lowest price a session is %(dollars)s or less"),
}


def _capped(number: int) -> str:
    # There are sixty of them on a page: what has no thousands needs no library to be written.
    if number < COUNT_CAP:
        return str(number)
    highest = format_decimal(COUNT_CAP)
    return gettext("%(number)s+", number=highest) if number > COUNT_CAP else str(highest)
