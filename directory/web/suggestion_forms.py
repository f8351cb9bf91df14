"""The forms by which people say what is missing or wrong in the directory; a form for each kind of suggestion."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput

from directory.domain import facts, identifiers
from directory.domain.listings import LONGEST
from directory.domain.moderation import LONGEST_REASON
from directory.domain.revisions import WHEREABOUTS, RevisionKind
from directory.domain.sources import Source
from directory.domain.ties import TieKind
from directory.web.language import translated
from directory.web.requests import today
from directory.web.written import line, paragraphs, plain

#: The facts that few people know; they stand folded.
SELDOM = ("routes", "settings", "conditions", "psychotherapy", "accepts", "price", "insurance", "payment_help",
          "organisation", "npi", "contact_email")  # fmt: skip
#: A fact as a form holds it: a text, or the words of a vocabulary.
Typed = Mapping[str, str | tuple[str, ...]]
_LONGEST_SOURCE = 200
_LISTED_AT = re.compile(r"/clinics/([A-Za-z0-9_-]{1,16})(?=[/?#]|$)")
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _web(_form: FlaskForm, field: Field) -> None:
    if field.data and identifiers.website(field.data) is None:
        raise ValidationError(gettext("Copy the whole address, like https://clinic.example."))


def _at_most(number: int) -> Length:
    return Length(max=number, message=lazy_gettext("Shorten this to %(max)d characters."))


def _fact(label: Any) -> StringField:
    # What is right or wrong in it is said by domain.facts.
    return StringField(label, filters=[line])


def _set(label: Any, name: str) -> SelectMultipleField:
    choices = [SelectChoice(term.word, lazy_gettext(term.label)) for term in facts.VOCABULARIES[name]]
    return SelectMultipleField(label, choices=choices, validate_choice=False, option_widget=CheckboxInput())


# The parts of the forms, in the order in which they stand on a page.


class _Target:
    """The listing that stays where two are of one clinic."""

    target = RadioField(lazy_gettext("The other listing"), validate_choice=False)
    pasted = StringField(lazy_gettext("Link to the other listing here"), filters=[line])

    @property
    def stays(self) -> str:
        """The public id of the listing that stays: of the address pasted, else of the one chosen; "" for none."""
        return listed_at(self.pasted.data or "") if self.pasted.data else str(self.target.data or "")

    def validate_pasted(self, _field: Field) -> None:
        """One has to be named."""
        if not identifiers.is_public_id(self.stays):
            raise ValidationError(gettext("Copy the address of the other listing’s page here."))


class _Name:
    """How the clinic is called."""

    name = _fact(lazy_gettext("Name of the clinic"))


class _Whereabouts:
    """Where it is."""

    address = _fact(lazy_gettext("Street and number"))
    city = _fact(lazy_gettext("City"))
    state = SelectField(lazy_gettext("State"), validate_choice=False)
    postal_code = _fact(lazy_gettext("ZIP code"))


class _Facts:
    """How it is reached, and what it says of itself."""

    phone = _fact(lazy_gettext("Telephone"))
    website = _fact(lazy_gettext("Website"))
    routes = _set(lazy_gettext("Form of treatment"), "routes")
    settings = _set(lazy_gettext("Where treatment takes place"), "settings")
    conditions = _set(lazy_gettext("Conditions the clinic says it treats"), "conditions")
    psychotherapy = _set(lazy_gettext("Psychotherapy"), "psychotherapy")
    accepts = _set(lazy_gettext("Who can come"), "accepts")
    price = _fact(lazy_gettext("Price a session, in US dollars"))
    insurance = _set(lazy_gettext("Insurance"), "insurance")
    payment_help = _set(lazy_gettext("Help with payment"), "payment_help")
    organisation = _fact(lazy_gettext("Run by"))
    npi = _fact(lazy_gettext("National Provider Identifier (NPI)"))
    contact_email = _fact(lazy_gettext("E-mail address of the clinic"))


class _Sourced:
    """Where it was read and when, and why it is suggested."""

    link = StringField(
        lazy_gettext("Link to a page that shows it"), [_at_most(LONGEST["website"]), _web], filters=[line]
    )
    source = StringField(lazy_gettext("Or how else you learned it"), [_at_most(_LONGEST_SOURCE), plain], filters=[line])
    seen_on = StringField(lazy_gettext("Day on which you saw or heard it"), filters=[line])
    words = TextAreaField(
        lazy_gettext("In your own words"),
        [
            InputRequired(lazy_gettext("Say in a sentence what the moderator should know.")),
            Length(max=LONGEST_REASON, message=lazy_gettext("Shorten this to 1,000 characters.")),
            plain,
        ],
        filters=[paragraphs],
    )
    key = HiddenField()
    #: The facts as the page showed them when it was opened, in JSON: what somebody left alone is not suggested.
    opened_with = HiddenField()

    def validate_source(self, field: Field) -> None:
        """It was read on a page, or learned otherwise."""
        if not field.data and not self.link.data:
            raise ValidationError(gettext("Paste the link of a page above, or say here how you learned it."))

    def validate_seen_on(self, field: Field) -> None:
        """The day has come."""
        day = _day(field.data)
        if day is None:
            raise ValidationError(
                gettext("Give the whole date. Without a calendar to choose from, type it like 2026-11-21.")
            )
        if day > today():
            raise ValidationError(gettext("Give the day on which you saw it. It cannot lie in the future."))

    def cited(self) -> Source:
        """Return the source of the valid form; one that was not named is called by the host of its page."""
        url = identifiers.website(self.link.data or "") or ""
        host = url.partition("://")[2].partition("/")[0].removeprefix("www.")
        return Source(title=self.source.data or host, url=url, seen_on=_day(self.seen_on.data) or today())


class _Tied:
    """What the author has to do with the clinic."""

    tie = RadioField(lazy_gettext("Your tie to this clinic"), validate_choice=False)

    def validate_tie(self, field: Field) -> None:
        """Somebody has to say whether they have one."""
        if field.data not in set(TieKind):
            raise ValidationError(gettext("Say whether you have a tie to this clinic."))


class SuggestionForm(FlaskForm, _Sourced, _Tied):
    """What every suggestion says; that a clinic has closed or is open again says no more."""

    class Meta:
        """WTForms' own settings: the page gives the token."""

        csrf = False

    #: The facts that it states.
    facts: tuple[str, ...] = ()
    #: Whether it states all that a listing needs.
    is_whole = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.tie.choices = [(tie.value, gettext(tie.label)) for tie in TieKind]
        if "state" in self:
            states = sorted(identifiers.STATES.items(), key=lambda item: item[1])
            self.state.choices = [("", gettext("Choose the state")), *states]

    def validate(self, **options: Any) -> bool:
        """Whether it can be handed in; what is wrong is said beside each field."""
        super().validate(**options)
        for name, problem in facts.problems(self.typed(), is_whole=self.is_whole).items():
            self.refuse(name, translated(problem))
        return not self.errors

    @property
    def declared(self) -> TieKind:
        """The tie of the valid form."""
        return TieKind(self.tie.data)

    def typed(self) -> Typed:
        """Return its facts as they were typed."""
        return {name: _held(self[name].data) for name in self.facts}

    def changed(self) -> Typed:
        """Return the facts that stand otherwise now than when the page was opened."""
        shown = _read(self.opened_with.data)
        return {name: value for name, value in self.typed().items() if (value or None) != (shown.get(name) or None)}

    def problems(self) -> list[tuple[str, str]]:
        """Return what is to be changed in the order of the page: the id of each control, and the sentence."""
        return [(_control(field), f"{field.label.text}: {field.errors[0]}") for field in self if field.errors]

    def refuse(self, name: str, sentence: str) -> None:
        """Put a sentence beside the field that it is about, or beside the words to the moderator."""
        named = self.facts[0] if name == "fields" and self.facts else _ASKED_AS.get(name, name)
        field = next((field for field in self if field.short_name == named), self.words)
        field.errors = [*field.errors, sentence]


class MoveForm(_Whereabouts, SuggestionForm):
    """Where a clinic is now."""

    facts: tuple[str, ...] = WHEREABOUTS


class FactsForm(_Name, _Facts, MoveForm):
    """All facts of a clinic: of one that is not listed, or of one whose listing is wrong."""

    facts = ("name", *WHEREABOUTS, "phone", "website", *SELDOM)
    is_whole = True


class MergeForm(_Target, SuggestionForm):
    """Which listing stays of two."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.offer([])

    def offer(self, listings: Iterable[tuple[str, str]]) -> None:
        """Let somebody choose among listings, by public id and name; what they chose before stays on the page."""
        offered = dict(listings)
        chosen = str(self.target.data or "")
        known = {chosen: gettext("The listing that you chose")} if identifiers.is_public_id(chosen) else {}
        self.target.choices = list((known | offered).items())


#: Which form says what.
FORMS: Mapping[RevisionKind, type[SuggestionForm]] = {
    RevisionKind.NEW: FactsForm,
    RevisionKind.EDIT: FactsForm,
    RevisionKind.MOVE: MoveForm,
    RevisionKind.CLOSE: SuggestionForm,
    RevisionKind.REOPEN: SuggestionForm,
    RevisionKind.MERGE: MergeForm,
}
#: What services call by another name than its field.
_ASKED_AS = {"source_url": "link", "target": "pasted"}


def listed_at(pasted: str) -> str:
    """Return the public id of the listing whose page has an address; "" where that is none of ours."""
    found = _LISTED_AT.search(pasted)
    return found[1] if found else ""


def as_json(typed: Typed) -> str:
    """Return facts as the field `opened_with` keeps them."""
    return json.dumps(typed)


def _read(kept: str | None) -> Typed:
    try:
        found = json.loads(kept or "{}")
    except (ValueError, RecursionError):
        return {}
    return {name: _held(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _held(data: object) -> str | tuple[str, ...]:
    return tuple(str(word) for word in data) if isinstance(data, list | tuple) else str(data or "")


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed or "") if _ISO_DAY.fullmatch(typed or "") else None
    except ValueError:
        return None


def _control(field: Field) -> str:
    """Return the id of what a link to a field leads to: of several buttons the first."""
    return f"{field.id}-0" if isinstance(field, RadioField | SelectMultipleField) else str(field.id)
