"""Examines the fields of a review: what is wrong in which, the answers they give, and what each would count as."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from directory.domain.checklist import Checklist, Criterion, Value
from directory.domain.drafts import MOST_OTHERS, PARTS, Fields, GivenAnswer, field, in_order
from directory.domain.evidence import (
    LONGEST_ADDRESS,
    LONGEST_NOTE,
    LONGEST_QUOTE,
    MOST_PIECES,
    Evidence,
    EvidenceKind,
    Hosts,
    Weight,
    host_of,
    weigh,
)
from directory.domain.findings import VERIFIABLE
from directory.domain.labels import N_, Sentence, sentence
from directory.domain.texts import NOT_PLAIN, is_plain
from directory.domain.ties import TieKind

_SAYS = (Value.YES, Value.NO)
_MOST_PAGES = MOST_PIECES - MOST_OTHERS
#: Before that year a date is a slip of the finger: most fields for dates take "26" for the year 26.
FIRST_YEAR = 2000
_SHOWN_OF_A_LINE = 60
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")

_NO_ADDRESS = N_(
    "This is not a web address. Copy it from the address line of your browser; it begins with https:// or http://."
)
_GIVE_ADDRESS = N_("Give the address of the page, beginning with https:// or http://.")
#: What is said where there is no day, and where it has not come yet.
_SEEN = (
    N_("Give the day on which you saw or heard it."),
    N_("This day has not come yet. Give the day on which you saw or heard it."),
)
_READ = (
    N_("Give the day on which you read them."),
    N_("This day has not come yet. Give the day on which you read them."),
)
_TIE = N_("Say whether you have a tie to this clinic. Everybody is asked.")
_NOTHING = N_("Answer at least one question with yes or no.")
#: The name of what is said of all answers: no one question is wrong.
ALL = "answers"


@dataclass(frozen=True)
class Prospect:
    """What an answer would count as if it were handed in as it stands: its tier, None for nothing, and why.

    `is_complete` says that nothing is missing: an answer that says nothing needs no tier.
    """

    tier: int | None
    why: Sentence
    is_complete: bool = True


@dataclass(frozen=True)
class _Evidence:
    """What one group of fields comes to; `problems` by part."""

    pieces: Sequence[Evidence] = ()
    problems: Sequence[tuple[str, Sentence]] = ()


@dataclass(frozen=True)
class _Examined:
    criterion: Criterion
    answer: GivenAnswer | None
    problems: Sequence[tuple[str, Sentence]]
    weight: Weight
    is_quoted: bool = False


def problems(checklist: Checklist, fields: Fields, hosts: Hosts, today: date) -> dict[str, Sentence]:
    """Return what keeps a review from being handed in: field → what to do, in the order of the form."""
    examined = _examined(checklist, fields, hosts, today)
    found = {} if fields.get("tie") in set(TieKind) else {"tie": sentence(_TIE)}
    for each in examined:
        found |= {field(each.criterion.slug, part): problem for part, problem in each.problems}
    if not found.keys() - {"tie"} and not any(each.answer and each.answer.value in _SAYS for each in examined):
        found[ALL] = sentence(_NOTHING)
    return found


def answers(checklist: Checklist, fields: Fields, hosts: Hosts, today: date) -> tuple[GivenAnswer, ...]:
    """Return the answers that the fields give, in the order of the form; of those with problems none."""
    return tuple(each.answer for each in _examined(checklist, fields, hosts, today) if each.answer)


def prospects(checklist: Checklist, fields: Fields, hosts: Hosts, today: date) -> dict[str, Prospect]:
    """Return what each question that was answered would count as, by slug."""
    return {
        each.criterion.slug: _prospect(each, today)
        for each in _examined(checklist, fields, hosts, today)
        if fields.get(field(each.criterion.slug, "value"), "").strip()
    }


def day(text: str) -> date | None:
    """Return the day that was typed, as 2026-11-18 or 11/18/2026; None for what is none."""
    text = text.strip()
    iso, american = _ISO.fullmatch(text), _AMERICAN.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        return date(int(american[3]), int(american[1]), int(american[2])) if american else None
    except ValueError:
        return None


def _examined(checklist: Checklist, fields: Fields, hosts: Hosts, today: date) -> list[_Examined]:
    return [_examine(criterion, fields, hosts, today) for criterion in in_order(checklist)]


def _examine(criterion: Criterion, fields: Fields, hosts: Hosts, today: date) -> _Examined:
    typed = {part: fields.get(field(criterion.slug, part), "").strip() for part in PARTS}
    value = next((value for value in criterion.values if value == typed["value"]), None)
    if value is None:
        return _Examined(criterion, None, _without_value(typed), Weight())
    found = [read(typed, today) for read in _asked(criterion, value)]
    wrong = [problem for each in found for problem in each.problems]
    pieces = tuple(piece for each in found for piece in each.pieces)
    is_whole = bool(typed["whole_site"]) and any(piece.kind is EvidenceKind.PAGE_READ for piece in pieces)
    answer = GivenAnswer(criterion=criterion.slug, value=value, evidence=pieces, is_whole_site_read=is_whole)
    weight = weigh(criterion, value, pieces, hosts, is_whole_site_read=is_whole)
    if weight.problem and not wrong:
        part = "pages" if typed["pages"] and _reads_pages(criterion, value) else "link"
        wrong = [(part, sentence(weight.problem))]
    links = [piece for piece in pieces if piece.kind is EvidenceKind.LINK]
    is_quoted = weigh(criterion, value, links, hosts).tier is not None
    return _Examined(criterion, None if wrong else answer, wrong, weight, is_quoted)


def _without_value(typed: Fields) -> list[tuple[str, Sentence]]:
    if typed["value"]:
        return [("value", sentence(N_("This question cannot be answered so. Choose one of the answers offered.")))]
    if any(typed[part] for part in ("link", "quote", "archive", "pages", "note")):
        return [("value", sentence(N_("Choose an answer, or empty the fields below.")))]
    return []


def _asked(criterion: Criterion, value: Value) -> list[Callable[[Fields, date], _Evidence]]:
    """Return what is read for an answer: for one that says nothing the note alone, with which it may be explained."""
    if value not in _SAYS:
        return [_note]
    return [_link, _pages, _note] if _reads_pages(criterion, value) else [_link, _note]


def _reads_pages(criterion: Criterion, value: Value) -> bool:
    return value is Value.NO and criterion.is_about_published_words


def _link(typed: Fields, today: date) -> _Evidence:
    if not (typed["link"] or typed["quote"] or typed["archive"]):
        return _Evidence()
    wrong = {
        "link": _address_problem(typed["link"]) if typed["link"] else _GIVE_ADDRESS,
        "quote": _quote_problem(typed["quote"]),
        "seen": _day_problem(typed["seen"], today),
        "archive": _address_problem(typed["archive"]) if typed["archive"] else "",
    }
    seen_on, found = day(typed["seen"]), _named(wrong)
    if found or seen_on is None:
        return _Evidence(problems=found)
    piece = Evidence(kind=EvidenceKind.LINK, seen_on=seen_on, url=typed["link"], quote=typed["quote"],
                     archive_url=typed["archive"])  # fmt: skip
    return _Evidence([piece])


def _pages(typed: Fields, today: date) -> _Evidence:
    lines = [line.strip() for line in typed["pages"].splitlines() if line.strip()]
    if not lines and not typed["whole_site"]:
        return _Evidence()
    wrong = _named({"pages": _pages_problem(lines), "pages_seen": _day_problem(typed["pages_seen"], today, _READ)})
    odd = next((line for line in lines[: _MOST_PAGES + 1] if not host_of(line)), None)
    if odd is not None:
        message = N_("“%(line)s” is not a web address. Write one address a line, each with https:// or http://.")
        wrong = [("pages", sentence(message, line=odd[:_SHOWN_OF_A_LINE])), *wrong]
    seen_on = day(typed["pages_seen"])
    if wrong or seen_on is None:
        return _Evidence(problems=wrong)
    return _Evidence([Evidence(kind=EvidenceKind.PAGE_READ, seen_on=seen_on, url=line) for line in lines])


def _note(typed: Fields, today: date) -> _Evidence:
    if not typed["note"]:
        return _Evidence()
    wrong = {"note": _note_problem(typed["note"]), "note_seen": _day_problem(typed["note_seen"], today)}
    seen_on, found = day(typed["note_seen"]), _named(wrong)
    if found or seen_on is None:
        return _Evidence(problems=found)
    return _Evidence([Evidence(kind=EvidenceKind.FIRST_HAND, seen_on=seen_on, note=typed["note"])])


def _named(wrong: Fields) -> list[tuple[str, Sentence]]:
    return [(part, sentence(problem)) for part, problem in wrong.items() if problem]


def _address_problem(text: str) -> str:
    if host_of(text):
        return ""
    if len(text) > LONGEST_ADDRESS:
        return N_("Shorten the address to 500 characters: what follows the “?” can often go.")
    if "@" in text.partition("://")[2].partition("/")[0]:
        return N_("Leave out the name and the password in front of the “@”.")
    return _NO_ADDRESS


def _quote_problem(text: str) -> str:
    if not text:
        return N_("Copy the exact words from the page, or choose “could not tell”.")
    if len(text) > LONGEST_QUOTE:
        return N_("Shorten the quote to 500 characters: the sentence that matters is enough.")
    return "" if is_plain(text) else NOT_PLAIN


def _note_problem(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        return N_("Shorten the note to 1,000 characters.")
    return "" if is_plain(text) else NOT_PLAIN


def _pages_problem(lines: Sequence[str]) -> str:
    if not lines:
        return N_("List the pages that you read, one address a line.")
    return N_("Keep the eighteen pages that show it best.") if len(lines) > _MOST_PAGES else ""


def _day_problem(text: str, today: date, said: tuple[str, str] = _SEEN) -> str:
    missing, to_come = said
    if not text:
        return missing
    found = day(text)
    if found is None:
        return N_("Give the day as year, month and day, like 2026-11-18.")
    if found > today:
        return to_come
    return "" if found.year >= FIRST_YEAR else N_("Look at the year again, and write it with four digits.")


def _prospect(examined: _Examined, today: date) -> Prospect:
    criterion, answer, weight = examined.criterion, examined.answer, examined.weight
    if answer is None:
        return Prospect(None, examined.problems[0][1], is_complete=False)
    if weight.tier is None or weight.observed_on is None:
        return Prospect(None, sentence(N_("It needs no evidence, and speaks neither for the clinic nor against it.")))
    if today - weight.observed_on > timedelta(days=criterion.shelf_days):
        message = N_("It was seen too long ago: this answer counts for %(days)s days.")
        return Prospect(None, sentence(message, days=criterion.shelf_days), is_complete=False)
    return Prospect(weight.tier, sentence(_why(examined, answer)))


def _why(examined: _Examined, answer: GivenAnswer) -> str:
    if examined.is_quoted:
        return N_("It rests on exact words on the clinic’s own site or in an official register.")
    if examined.weight.tier == VERIFIABLE:
        return N_("It rests on pages of the clinic’s own site that anyone can read again.")
    if any(each.kind is EvidenceKind.LINK for each in answer.evidence):
        return N_(
            "It rests on what you saw or were told: the link leads neither to the clinic’s own site nor to an official"
            " register."
        )
    return N_("It rests on what you saw or were told yourself.")
