"""A review while it is written: the fields of its form, right or wrong, and the answers they come to once right."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from directory.domain.checklist import Checklist, Criterion, Observer, Value
from directory.domain.evidence import Evidence, EvidenceKind

#: The fields of one question; each is named "<slug>-<part>".
PARTS = ("value", "link", "quote", "seen", "archive", "pages", "pages_seen", "whole_site", "note", "note_seen")
_PAGES = {"pages", "pages_seen", "whole_site"}
#: What stands in a box that is ticked.
TICKED = "y"
#: Drafts that nobody touched for so long are deleted.
DAYS_KEPT = 90
#: A link with its words, and a note, may stand beside the pages read.
MOST_OTHERS = 2
#: Where the fields say in which version of the checklist they were typed.
CHECKLIST = "checklist"
#: The order of the core safeguards, which follow the warning signs (reference/rubric.md, "Suggested order").
_FIRST = (
    "vitals_monitored_during", "license_active_verified", "screens_bp_cardiac", "offlabel_status_disclosed",
    "escort_no_driving", "emergency_readiness", "price_published",
)  # fmt: skip

Fields = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """An answer as its author gives it. `is_whole_site_read` says that the clinic's site has no other pages."""

    criterion: str
    value: Value
    evidence: tuple[Evidence, ...] = ()
    is_whole_site_read: bool = False


@dataclass(frozen=True)
class Changed:
    """How one version of the checklist differs from another: questions that are new, worded anew, and gone."""

    new: tuple[Criterion, ...]
    reworded: tuple[Criterion, ...]
    gone: tuple[Criterion, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.reworded or self.gone)


def field(slug: str, part: str) -> str:
    """Return the name of one field of a question."""
    return f"{slug}-{part}"


def parts(criterion: Criterion) -> list[str]:
    """Return the parts that the form has for a question: pages read are listed where they may stand for a "no"."""
    return [part for part in PARTS if criterion.is_about_published_words or part not in _PAGES]


def core(checklist: Checklist) -> list[Criterion]:
    """Return the questions that come first: the warning signs, then the core safeguards."""
    last = len(_FIRST)
    places = {slug: place for place, slug in enumerate(_FIRST)}
    safeguards = [criterion for criterion in checklist.safeguards if criterion.is_core]
    return [*checklist.signs, *sorted(safeguards, key=lambda each: places.get(each.slug, last))]


def in_order(checklist: Checklist) -> list[Criterion]:
    """Return every question in the order of the form."""
    return [*core(checklist), *(criterion for criterion in checklist.safeguards if not criterion.is_core)]


def names(checklist: Checklist) -> list[str]:
    """Return the names of all fields of the form, in its order."""
    questions = [field(criterion.slug, part) for criterion in in_order(checklist) for part in parts(criterion)]
    return ["tie", *(field("knows", way) for way in Observer), *questions]


def kept(checklist: Checklist, typed: Fields) -> dict[str, str]:
    """Return what was typed into the form, with one kind of line end and without the fields that are empty."""
    lines = {name: typed.get(name, "").replace("\r\n", "\n").replace("\r", "\n") for name in names(checklist)}
    return {name: text for name, text in lines.items() if text}


def left_over(checklist: Checklist, fields: Fields) -> dict[str, str]:
    """Return the fields of a draft that the form has no more, because the checklist asks that no longer."""
    known = {CHECKLIST, *names(checklist)}
    return {name: text for name, text in fields.items() if name not in known}


def changed(old: Checklist, new: Checklist) -> Changed:
    """Return how `new` differs from `old` for somebody who fills it in."""
    both = [criterion for criterion in in_order(new) if criterion.slug in old.by_slug]
    return Changed(
        new=tuple(criterion for criterion in in_order(new) if criterion.slug not in old.by_slug),
        reworded=tuple(each for each in both if each.question != old.by_slug[each.slug].question),
        gone=tuple(criterion for criterion in in_order(old) if criterion.slug not in new.by_slug),
    )


def differing(mine: Fields, theirs: Fields) -> list[str]:
    """Return the names of the fields in which two drafts differ, sorted."""
    return sorted(
        name for name in {*mine, *theirs} - {CHECKLIST} if mine.get(name, "").strip() != theirs.get(name, "").strip()
    )


def ways(fields: Fields) -> frozenset[Observer]:
    """Return how the reviewer says they know; none where they did not say."""
    return frozenset(way for way in Observer if fields.get(field("knows", way)))


def is_touched(criterion: Criterion, fields: Fields) -> bool:
    """Whether anything stands in the fields of a question."""
    return any(fields.get(field(criterion.slug, part), "").strip() for part in PARTS)


def is_folded(criterion: Criterion, fields: Fields) -> bool:
    """Whether a question is put aside: it cannot be known in the ways that were named, and nothing stands in it."""
    known = ways(fields)
    return bool(known) and not known.intersection(criterion.observable_by) and not is_touched(criterion, fields)


def written(fields: Fields) -> str:
    """Return fields as the JSON that is stored; halves of characters, which no database takes, become "?"."""
    return json.dumps(dict(fields), ensure_ascii=False).encode("utf-8", "replace").decode()


def read(text: str) -> dict[str, str]:
    """Return the fields that written() wrote."""
    return dict(json.loads(text))


def fields_of(answers: Iterable[GivenAnswer]) -> dict[str, str]:
    """Return the fields that give these answers.

    An answer with evidence for which the form has no field (a document, a second link or note) is left out.
    """
    return {
        field(answer.criterion, part): text
        for answer in answers
        if _fits(answer)
        for part, text in _parts(answer).items()
        if text
    }


def _of_kind(answer: GivenAnswer, kind: EvidenceKind) -> list[Evidence]:
    return [each for each in answer.evidence if each.kind is kind]


def _fits(answer: GivenAnswer) -> bool:
    links, notes = _of_kind(answer, EvidenceKind.LINK), _of_kind(answer, EvidenceKind.FIRST_HAND)
    return len(links) <= 1 and len(notes) <= 1 and not _of_kind(answer, EvidenceKind.DOCUMENT)


def _parts(answer: GivenAnswer) -> dict[str, str]:
    parts = {"value": answer.value.value, "whole_site": TICKED if answer.is_whole_site_read else ""}
    for each in _of_kind(answer, EvidenceKind.LINK):
        seen = each.seen_on.isoformat()
        parts |= {"link": each.url, "quote": each.quote, "seen": seen, "archive": each.archive_url}
    if pages := _of_kind(answer, EvidenceKind.PAGE_READ):
        # They count from the oldest day in any case.
        read_on = min(page.seen_on for page in pages).isoformat()
        parts |= {"pages": "\n".join(page.url for page in pages), "pages_seen": read_on}
    for each in _of_kind(answer, EvidenceKind.FIRST_HAND):
        parts |= {"note": each.note, "note_seen": each.seen_on.isoformat()}
    return parts
