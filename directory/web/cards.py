"""What the clinic's page shows of its card: findings, safeguards as a ledger of their own, and what is left to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask
from flask_babel import gettext, ngettext

from directory.domain.card import Card, Entry
from directory.domain.checklist import Criterion
from directory.domain.findings import Verdict
from directory.domain.labels import NN_
from directory.domain.safeguards import Standing
from directory.domain.scoring import SCORER, Grade, Score
from directory.web import evidence, findings
from directory.web.evidence import ShownAnswer, tier_words
from directory.web.scores import number, summed_up

#: Standing → its square icon and its tone.
_LOOKS = {
    Standing.IN_PLACE: ("yes", "cleared"),
    Standing.ABSENT: ("none", "suspected"),
    Standing.DISPUTED: ("half", "disputed"),
    Standing.UNKNOWN: ("open", "unknown"),
}


@dataclass(frozen=True, kw_only=True)
class Safeguard:
    """A row of the second ledger. `origin` says how many found what; answers are empty where nobody reported."""

    criterion: Criterion
    standing: Standing
    icon: str
    tone: str
    origin: str
    newest: date | None
    answers: Sequence[ShownAnswer]
    former: Sequence[ShownAnswer]


@dataclass(frozen=True)
class SafeguardGroup:
    """Safeguards under their heading, in the order of the checklist."""

    name: str
    rows: Sequence[Safeguard]


@dataclass(frozen=True)
class Questions:
    """What to ask a clinic: on confirmed signs, on those that are open, on open core safeguards, and on the others."""

    confirmed: Sequence[str]
    signs: Sequence[str]
    core: Sequence[str]
    others: Sequence[str]


def init_app(app: Flask) -> None:
    """Give templates what they need of a card."""
    app.jinja_env.filters |= {
        "phrase": phrase, "shown_finding": findings.shown, "again_words": findings.again_in_short,
        "facts_say": findings.facts_say,
        "grade_words": grade_words, "strip": strip, "is_untouched": is_untouched,
        "summary": summary, "reported": reported, "unreported": unreported, "ledger_counts": ledger_counts,
        "left_to_ask": left_to_ask, "is_ledger_empty": is_ledger_empty,
    }  # fmt: skip
    app.jinja_env.globals["scorer_version"] = SCORER


def phrase(text: str) -> str:
    """Return a text of the checklist in the language of the page; unlike _() it takes a "%" as it stands."""
    return gettext(text) if text else ""


def grade_words(score: Score) -> str:
    """Return the sentence of the grade; where concerns are open, also how many signs are confirmed all the same."""
    confirmed = list(score.verdicts.values()).count(Verdict.CONFIRMED)
    if score.grade is not Grade.AMBER or not confirmed:
        return gettext(score.grade.label)
    return ngettext(
        "Open concerns, %(number)s sign confirmed",
        "Open concerns, %(number)s signs confirmed",
        confirmed,
        number=number(confirmed),
    )


def strip(card: Card) -> list[tuple[Criterion, Verdict]]:
    """Return each sign with its verdict, for the five-sign strip."""
    return [(entry.criterion, entry.finding.verdict) for entry in card.signs]


def is_untouched(card: Card) -> bool:
    """Whether nothing was ever reported on any sign."""
    return not any(entry.counting or entry.former for entry in card.signs)


def summary(card: Card) -> str:
    """Return the five findings in one sentence, and for nothing but unknowns why that is so."""
    if set(card.score.verdicts.values()) == {Verdict.UNKNOWN}:
        return gettext(
            "Nothing is known for certain: what was reported is too little, or too long ago, to tell. That is neither"
            " good nor bad."
        )
    if set(card.score.verdicts.values()) == {Verdict.CLEARED}:
        cleared = gettext(
            "All five signs were looked for and not found, on the days shown. That is no promise for other days."
        )
        return f"{cleared} {_otherwise(card)}".rstrip()
    return summed_up(card.score)


def _otherwise(card: Card) -> str:
    """Against a cleared sign no report can hold a document: one that does makes it disputed."""
    reports = sum(entry.finding.raising.voices for entry in card.signs)
    if not reports:
        return ""
    return ngettext(
        "%(number)s report without a document says otherwise.",
        "%(number)s reports without a document say otherwise.",
        reports,
        number=number(reports).capitalize(),
    )


def reported(card: Card) -> list[SafeguardGroup]:
    """Return the safeguards on which something was reported, also long ago."""
    return _grouped(card, [entry for entry in card.safeguards if entry.counting or entry.former])


def unreported(card: Card) -> list[SafeguardGroup]:
    """Return the safeguards on which nobody has reported."""
    return _grouped(card, [entry for entry in card.safeguards if not (entry.counting or entry.former)])


def is_ledger_empty(card: Card) -> bool:
    """Whether nobody has settled any safeguard."""
    return card.safeguard_counts[Standing.UNKNOWN] == len(card.safeguards)


def ledger_counts(card: Card) -> list[tuple[int, str]]:
    """Return how many safeguards stand how, with the word for so many."""
    counts = card.safeguard_counts
    return [(counts[standing], ngettext(*words, counts[standing])) for standing, words in SO_MANY.items()]


def left_to_ask(card: Card) -> Questions:
    """Return the questions on what is confirmed, unknown, only suspected or disputed here."""
    confirmed = [entry.criterion.ask for entry in card.signs if entry.finding.verdict is Verdict.CONFIRMED]
    signs = [entry.criterion.ask for entry in card.signs if not entry.finding.verdict.is_settled]
    open_safeguards = [
        entry.criterion for entry in card.safeguards if entry.standing in {Standing.UNKNOWN, Standing.DISPUTED}
    ]
    return Questions(
        confirmed,
        signs,
        [criterion.ask for criterion in open_safeguards if criterion.is_core],
        [criterion.ask for criterion in open_safeguards if not criterion.is_core],
    )


def _grouped(card: Card, entries: Sequence[Entry]) -> list[SafeguardGroup]:
    groups = [
        SafeguardGroup(group.name, [_safeguard(entry) for entry in entries if entry.criterion.group == group.slug])
        for group in card.checklist.groups
    ]
    return [group for group in groups if group.rows]


def _safeguard(entry: Entry) -> Safeguard:
    icon, tone = _LOOKS[entry.standing]
    return Safeguard(
        criterion=entry.criterion,
        standing=entry.standing,
        icon=icon,
        tone=tone,
        origin=_origin(entry),
        newest=entry.newest or (entry.former[0].observed_on if entry.former else None),
        answers=evidence.counting(entry),
        former=evidence.former(entry),
    )


def _origin(entry: Entry) -> str:
    good, bad = entry.finding.clearing, entry.finding.raising
    total = good.voices + bad.voices
    match entry.standing:
        case Standing.UNKNOWN if not total:
            return evidence.was(entry, entry.former[0]) if entry.former else gettext("Nobody has reported on it")
        case Standing.UNKNOWN:
            return gettext("Too little to tell: %(found)s", found=_counted(_IN_PLACE, good.voices, total))
        case Standing.DISPUTED:
            numbers = {"good": good.voices, "total": total, "bad": bad.voices}
            return str(ngettext(*_SOME_IN_PLACE, good.voices, **numbers))
        case Standing.ABSENT:
            return f"{_counted(_ABSENT, bad.voices, total)}; {tier_words(bad.best_tier)}"
    return f"{_counted(_IN_PLACE, good.voices, total)}; {tier_words(good.best_tier)}"


#: One word each in English, whatever the number; not so in Spanish.
SO_MANY = {
    Standing.IN_PLACE: NN_("in place", "in place"),
    Standing.ABSENT: NN_("absent", "absent"),
    Standing.DISPUTED: NN_("disputed", "disputed"),
    Standing.UNKNOWN: NN_("unknown", "unknown"),
}
_SOME_IN_PLACE = NN_(
    "%(good)d of %(total)d found it in place, %(bad)d did not",
    "%(good)d of %(total)d found it in place, %(bad)d did not",
)
_IN_PLACE = NN_(
    "%(found)d of %(num)d reviewer found it in place",
    "%(found)d of %(num)d reviewers found it in place",
)
_ABSENT = NN_(
    "%(found)d of %(num)d reviewer found it absent",
    "%(found)d of %(num)d reviewers found it absent",
)


def _counted(words: tuple[str, str], found: int, total: int) -> str:
    return str(ngettext(*words, total, found=found))
