"""How a score looks on a page: its bar, the icon of its grade, and what it is made of in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext, ngettext

from directory.domain.findings import Verdict
from directory.domain.labels import N_, NN_
from directory.domain.scoring import FULL, SETTLED_TO_SHOW, Score

_Words = tuple[tuple[str, str], tuple[str, str]]

#: Numbers nearer to each other than this would touch, so they stand as one.
_NEAR = 12
#: A number nearer than this to an end of the bar begins or ends with it.
_MARGIN = 8
_NUMBERS = (N_("no"), N_("one"), N_("two"), N_("three"), N_("four"), N_("five"))
_WORST_FIRST = (Verdict.CONFIRMED, Verdict.SUSPECTED, Verdict.DISPUTED, Verdict.UNKNOWN, Verdict.CLEARED)

#: Verdict → how it begins a sentence, and how it goes on after another, each for one sign and for more.
_SUMMED_UP = {
    Verdict.CONFIRMED: (
        NN_("%(number)s sign is confirmed", "%(number)s signs are confirmed"),
        NN_("%(number)s confirmed", "%(number)s confirmed"),
    ),
    Verdict.SUSPECTED: (
        NN_("%(number)s sign is suspected", "%(number)s signs are suspected"),
        NN_("%(number)s suspected", "%(number)s suspected"),
    ),
    Verdict.DISPUTED: (
        NN_("%(number)s sign is disputed", "%(number)s signs are disputed"),
        NN_("%(number)s disputed", "%(number)s disputed"),
    ),
    Verdict.CLEARED: (
        NN_("%(number)s sign was looked for and not found", "%(number)s signs were looked for and not found"),
        NN_("%(number)s was looked for and not found", "%(number)s were looked for and not found"),
    ),
    Verdict.UNKNOWN: (
        NN_("%(number)s sign is unknown", "%(number)s signs are unknown"),
        NN_("%(number)s is unknown", "%(number)s are unknown"),
    ),
}
_ALL = {
    Verdict.CLEARED: N_("All %(number)s signs were looked for and not found."),
    Verdict.UNKNOWN: N_("All %(number)s signs are unknown."),
}
_OPEN = {
    Verdict.DISPUTED: _SUMMED_UP[Verdict.DISPUTED],
    Verdict.SUSPECTED: (
        NN_("%(number)s sign is only suspected", "%(number)s signs are only suspected"),
        NN_("%(number)s only suspected", "%(number)s only suspected"),
    ),
    Verdict.UNKNOWN: (_SUMMED_UP[Verdict.UNKNOWN][0], NN_("%(number)s unknown", "%(number)s unknown")),
}


@dataclass(frozen=True)
class Figure:
    """A number over the bar: its text, where it stands in per cent, and which part of it stands there."""

    text: str
    at: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class ScoreBar:
    """Ends and width of the open part in per cent; `marks` and `figures` are empty where the numbers are held back."""

    is_held: bool
    low: int
    high: int
    width: int
    label: str
    marks: tuple[int, ...] = ()
    figures: tuple[Figure, ...] = ()


def init_app(app: Flask) -> None:
    """Give templates the words and the bar of a score."""
    app.jinja_env.filters |= {
        "bar": bar, "worst": worst, "summed_up": summed_up, "range_words": range_words, "range_reason": range_reason,
        "still_needed": still_needed,
    }  # fmt: skip


def worst(score: Score) -> Verdict:
    """Return the worst verdict of a score, whose icon stands beside the grade."""
    return next(verdict for verdict in _WORST_FIRST if verdict in score.verdicts.values())


def bar(score: Score) -> ScoreBar:
    """Return the bar of a score; one that is held back begins at 0, so that its place tells no number."""
    if not score.is_number_shown:
        label = gettext("Score range not shown as a number: too few signs are settled")
        return ScoreBar(is_held=True, low=0, high=score.high, width=score.high, label=label)
    return ScoreBar(
        is_held=False,
        low=score.low,
        high=score.high,
        width=score.high - score.low,
        label=gettext("Score range %(low)d to %(high)d of 100", low=score.low, high=score.high),
        marks=tuple(sorted({score.low, score.high})),
        figures=_figures(score.low, score.high),
    )


def summed_up(score: Score) -> str:
    """Return the five verdicts in one sentence: "One sign is confirmed; four were looked for and not found."."""
    counts = Counter(score.verdicts.values())
    for verdict, sentence in _ALL.items():
        if counts[verdict] == score.out_of:
            return gettext(sentence, number=number(score.out_of))
    concerns = [verdict for verdict in (Verdict.CONFIRMED, Verdict.SUSPECTED, Verdict.DISPUTED) if counts[verdict]]
    clauses = [_listed(concerns, counts, _SUMMED_UP)] if concerns else []
    for verdict in (Verdict.CLEARED, Verdict.UNKNOWN):
        if counts[verdict]:
            clauses.append(_counted(_SUMMED_UP[verdict][bool(clauses)], counts[verdict]))
    sentence = "; ".join(clauses)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def range_words(score: Score) -> str:
    """Return the range: "Score: 80 to 100 of 100"."""
    if not score.is_number_shown:
        return gettext("Score: no number yet")
    if score.low == score.high:
        return gettext("Score: %(number)d of 100", number=score.low)
    return gettext("Score: %(low)d to %(high)d of 100", low=score.low, high=score.high)


def range_reason(score: Score) -> str:
    """Return why the range is one: "It is a range because one sign is disputed."; "" for one number or none."""
    if not score.is_number_shown or score.low == score.high:
        return ""
    counts = Counter(score.verdicts.values())
    reason = _listed([verdict for verdict in _OPEN if counts[verdict]], counts, _OPEN)
    return gettext("It is a range because %(why)s.", why=reason)


def still_needed(score: Score) -> str:
    """Return how many signs are settled, and how many it takes until numbers are shown."""
    return ngettext(
        "%(num)d of %(out_of)d signs is settled, %(least)d are needed.",
        "%(num)d of %(out_of)d signs are settled, %(least)d are needed.",
        score.settled,
        out_of=score.out_of,
        least=SETTLED_TO_SHOW,
    )


def _listed(verdicts: Sequence[Verdict], counts: Counter[Verdict], words: dict[Verdict, _Words]) -> str:
    said = [_counted(words[verdict][place > 0], counts[verdict]) for place, verdict in enumerate(verdicts)]
    return said[0] if len(said) == 1 else gettext("%(some)s and %(last)s", some=", ".join(said[:-1]), last=said[-1])


def _counted(words: tuple[str, str], count: int) -> str:
    return str(ngettext(*words, count, number=number(count)))


def number(count: int) -> str:
    """Return a small count as a word, a larger one in digits."""
    return gettext(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)


def _figures(low: int, high: int) -> tuple[Figure, ...]:
    if high - low < _NEAR:
        text = str(low) if low == high else f"{low}–{high}"
        return (Figure(text, *_place((low + high) / 2, low, high)),)
    return tuple(Figure(str(number), *_place(number, number, number)) for number in (low, high))


def _place(middle: float, low: int, high: int) -> tuple[float, str]:
    if middle < _MARGIN:
        return low, "start"
    return (high, "end") if middle > FULL - _MARGIN else (middle, "middle")
