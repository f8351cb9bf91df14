"""The form of a review, built from the checklist, and everything about its questions that its page shows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from flask_babel import format_datetime, gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, FormField, StringField, TextAreaField

from directory.domain import drafts, examining
from directory.domain.checklist import Checklist, Criterion, Group, Observer, Value
from directory.domain.drafts import Fields, field
from directory.domain.evidence import Hosts
from directory.domain.examining import Prospect
from directory.domain.labels import N_, Sentence
from directory.domain.ties import TieKind
from directory.services import checklists
from directory.web.evidence import tier_words
from directory.web.language import translated
from directory.web.presenters import NO_BREAK, day

_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNTS = N_("This will count as: %(tier)s. %(why)s")
_COUNTS_NOT = N_("This will not count as it stands. %(why)s")


class AnswerForm(Form):
    """The fields of one question; what is right or wrong in them is said by domain.examining."""

    value = StringField(lazy_gettext("Answer"))
    link = StringField(lazy_gettext("Link to the evidence"))
    quote = TextAreaField(lazy_gettext("Exact quote"))
    seen = StringField(lazy_gettext("Date seen"))
    archive = StringField(lazy_gettext("Link to an archived copy (optional)"))
    pages = TextAreaField(lazy_gettext("Their addresses"))
    pages_seen = StringField(lazy_gettext("Date on which you read them"))
    whole_site = BooleanField(lazy_gettext("The site has no more pages than these"))
    note = TextAreaField(lazy_gettext("In your own words"))
    note_seen = StringField(lazy_gettext("Date of your visit or call"))


class WaysForm(Form):
    """How the reviewer knows."""

    site = BooleanField(lazy_gettext("I read the clinic’s site"))
    phone = BooleanField(lazy_gettext("I called the clinic"))
    visit = BooleanField(lazy_gettext("I was there"))
    register = BooleanField(lazy_gettext("I looked in an official register"))


@dataclass(frozen=True)
class Question:
    """One question of the form: its place, its fields, what its answer counts as, and how far it has come."""

    criterion: Criterion
    place: int
    of: int
    fields: AnswerForm
    counts: str
    state: str
    is_answered: bool
    is_complete: bool

    @property
    def mark(self) -> str:
        """Return the symbol of how far it has come."""
        if self.errors:
            return "i-mind"
        return _mark(is_answered=self.is_answered, is_complete=self.is_complete)

    @property
    def errors(self) -> dict[str, Sequence[str]]:
        """Return the errors of its fields by part."""
        return {each.short_name: each.errors for each in self.fields if each.errors}

    @property
    def first(self) -> str:
        """Return the id of its first control."""
        return field(self.criterion.slug, f"value-{self.criterion.values[0]}")


@dataclass(frozen=True)
class Shelf:
    """Questions under one heading that are folded together; open where one of them was answered or has an error."""

    name: str
    slug: str
    questions: Sequence[Question]

    @property
    def is_open(self) -> bool:
        """Whether somebody should see at once what is in it."""
        return any(each.is_answered or each.errors for each in self.questions)


@dataclass(frozen=True)
class Shown:
    """The whole form: `core` first, the rest on shelves, `aside` those that cannot be known in the ways named."""

    form: Form
    core: Sequence[Question]
    shelves: Sequence[Shelf]
    aside: Sequence[Question]
    errors: Sequence[tuple[str, str]]
    ties: Sequence[TieKind]
    tie: str
    tie_error: str
    #: What is said of the answers together.
    answers_error: str


@dataclass(frozen=True)
class Other:
    """A field of which something else must be shown as text: its question, its name, and what stands in it."""

    question: str
    label: str
    text: str


def init_app(app: Flask) -> None:
    """Give templates the words of the form."""
    app.jinja_env.filters |= {"saved_at": saved_at, "saved_words": saved_words, "day_field_type": day_field_type}


def saved_at(moment: datetime) -> str:
    """Return the moment of a save, "21 Nov 2026, 22:41 UTC", which breaks between the day and the time alone."""
    said = gettext("%(moment)s UTC", moment=format_datetime(moment, "d MMM y, HH:mm"))
    return said.replace(" ", NO_BREAK).replace(f",{NO_BREAK}", ", ")


def saved_words(moment: datetime) -> str:
    """Return what is said of a draft that was saved then."""
    return gettext("Draft saved on %(moment)s. Only you can see it; it is kept for 90 days.", moment=saved_at(moment))


def day_field_type(typed: str | None) -> str:
    """Return the kind of field that can hold what was typed: a browser's own for days drops what is no day."""
    return "date" if not typed or _ISO_DAY.fullmatch(typed) else "text"


def shown(
    checklist: Checklist, fields: Fields, hosts: Hosts, today: date, problems: Mapping[str, Sentence] | None = None
) -> Shown:
    """Return the form with what was typed, the problems at their fields, and what each answer will count as."""
    problems = problems or {}
    form = _form_class(checklist)(MultiDict(dict(fields)))
    said = {name: translated(problem) for name, problem in problems.items()}
    prospects = examining.prospects(checklist, fields, hosts, today)
    order = drafts.in_order(checklist)
    first = drafts.core(checklist)
    questions = {}
    for place, criterion in enumerate(order):
        is_first = criterion in first
        at = (place + 1, len(first)) if is_first else (place + 1 - len(first), len(order) - len(first))
        questions[criterion.slug] = _question(form, criterion, at, prospects.get(criterion.slug))
    for name, problem in said.items():
        _put_beside(form, name, problem)
    rest = [criterion for criterion in order if criterion not in first]
    folded = [criterion for criterion in rest if drafts.is_folded(criterion, fields)]
    return Shown(
        form=form,
        core=[questions[each.slug] for each in first],
        shelves=[_shelf(group, [each for each in rest if each not in folded], questions) for group in checklist.groups],
        aside=[questions[each.slug] for each in folded],
        errors=[(_anchor(checklist, name), _titled(checklist, name, problem)) for name, problem in problems.items()],
        ties=tuple(TieKind),
        tie=fields.get("tie", ""),
        tie_error=said.get("tie", ""),
        answers_error=said.get(examining.ALL, ""),
    )


def counting(checklist: Checklist, fields: Fields, hosts: Hosts, today: date) -> dict[str, dict[str, str]]:
    """Return what each answer will count as, in words and by a symbol, for the script that shows it while one types."""
    return {
        slug: _count(fields.get(field(slug, "value"), ""), each)
        for slug, each in examining.prospects(checklist, fields, hosts, today).items()
    }


def others(checklist: Checklist, fields: Fields, names: Iterable[str]) -> list[Other]:
    """Return what stands in some of the fields as text; "" becomes a word."""
    return [_other(checklist, name, fields.get(name, "").strip()) for name in names]


def typed_version(name: str, otherwise: Checklist) -> Checklist:
    """Return the version of the checklist that a form was typed in; `otherwise` where it names none."""
    try:
        return checklists.version(name)
    except KeyError:
        return otherwise


def _form_class(checklist: Checklist) -> type[Form]:
    questions = {criterion.slug: FormField(AnswerForm) for criterion in checklist.by_slug.values()}
    made: type[Form] = type("ReviewForm", (Form,), {"knows": FormField(WaysForm), **questions})
    return made


def _question(form: Form, criterion: Criterion, at: tuple[int, int], prospect: Prospect | None) -> Question:
    fields = form[criterion.slug].form
    is_answered = fields.value.data in set(criterion.values)
    return Question(
        criterion=criterion,
        place=at[0],
        of=at[1],
        fields=fields,
        counts=_counts(prospect) if prospect else "",
        state=_state(fields.value.data, prospect),
        is_answered=is_answered,
        is_complete=prospect is not None and prospect.is_complete,
    )


def _shelf(group: Group, present: Sequence[Criterion], questions: Mapping[str, Question]) -> Shelf:
    return Shelf(group.name, group.slug, [questions[each.slug] for each in present if each.group == group.slug])


def _put_beside(form: Form, name: str, problem: str) -> None:
    slug, _, part = name.rpartition("-")
    if slug:
        form[slug].form[part].errors = [problem]


def _count(value: str, prospect: Prospect) -> dict[str, str]:
    mark = _mark(is_answered=value in set(Value), is_complete=prospect.is_complete)
    return {"counts": _counts(prospect), "state": _state(value, prospect), "mark": mark}


def _mark(*, is_answered: bool, is_complete: bool) -> str:
    if not is_answered:
        return "i-todo"
    return "i-done" if is_complete else "i-part"


def _counts(prospect: Prospect) -> str:
    why = translated(prospect.why)
    if prospect.tier is not None:
        return gettext(_COUNTS, tier=tier_words(prospect.tier), why=why)
    return why if prospect.is_complete else gettext(_COUNTS_NOT, why=why)


def _state(value: str, prospect: Prospect | None) -> str:
    """Return how far a question has come: "Your answer: Yes; anyone can check"."""
    if prospect is None or value not in set(Value):
        return gettext("Not answered")
    answer = gettext(Value(value).label)
    if prospect.tier is not None:
        return gettext("Your answer: %(answer)s; %(tier)s", answer=answer, tier=tier_words(prospect.tier))
    if prospect.is_complete:
        return gettext("Your answer: %(answer)s", answer=answer)
    return gettext("Your answer: %(answer)s; something to add", answer=answer)


def _anchor(checklist: Checklist, name: str) -> str:
    """Return the id to which an error leads: a question without an answer has its choices, not one field."""
    if name == examining.ALL:
        return name
    slug, _, part = name.rpartition("-")
    if not slug:
        return f"{name}-{TieKind.NONE}"
    return field(name, checklist.by_slug[slug].values[0]) if part == "value" else name


def _titled(checklist: Checklist, name: str, problem: Sentence) -> str:
    text = translated(problem)
    if name == examining.ALL:
        return gettext("Your answers: %(text)s", text=text)
    criterion = checklist.by_slug.get(name.rpartition("-")[0])
    if criterion is None:
        return gettext("Your tie: %(text)s", text=text)
    return gettext("%(question)s: %(text)s", question=gettext(criterion.name), text=text)


def _other(checklist: Checklist, name: str, text: str) -> Other:
    slug, _, part = name.rpartition("-")
    label = getattr(AnswerForm, part, None) or getattr(WaysForm, part, None)
    criterion = checklist.by_slug.get(slug)
    # "Yes" is an answer to the question, and to the name of some signs the opposite.
    title = (criterion.question if part == "value" else criterion.name) if criterion else ""
    title = gettext(title or _TITLES.get(slug or name, slug or name))
    return Other(title, str(label.kwargs.get("label", label.args[0])) if label else "", _words(part, text))


_TITLES = {"tie": N_("Your tie to this clinic"), "knows": N_("How do you know?")}


def _words(part: str, text: str) -> str:
    if part == "value" and text in set(Value):
        return gettext(Value(text).label)
    if part == "tie" and text in set(TieKind):
        return gettext(TieKind(text).label)
    if part == "whole_site" or part in set(Observer):
        return gettext("Ticked") if text else gettext("Not ticked")
    found = examining.day(text) if part.endswith("seen") else None
    return day(found) if found and found.year >= examining.FIRST_YEAR else text or gettext("(nothing)")
