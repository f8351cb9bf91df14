"""The forms by which moderators decide on suggestions, and administrators hide a listing or show it again."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length

from directory.domain.labels import N_
from directory.domain.moderation import LONGEST_REASON
from directory.domain.revisions import (
    DECLINING,
    LONGEST_HIDING,
    REVISION_DECISIONS,
    ListingAction,
    ListingReason,
)
from directory.services.listing_decisions import Hiding, ListingVerdict
from directory.services.opened_revisions import OpenedRevision
from directory.web.listing_words import USUAL
from directory.web.requests import today
from directory.web.written import paragraphs, plain

_SHORTEN = lazy_gettext("Shorten the reason to 1,000 characters.")


class ListingReasonForm(FlaskForm):
    """One reason of a list, and words; `help_asked` is said where they are missing."""

    help_asked = N_("Say in a sentence why; the author reads it.")

    reason = SelectField(lazy_gettext("Reason"), validate_choice=False)
    words = TextAreaField(
        lazy_gettext("In words, to the author"), [Length(max=LONGEST_REASON, message=_SHORTEN), plain],
        filters=[paragraphs],
    )  # fmt: skip

    def __init__(self, reasons: Iterable[ListingReason], **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = [
            ("", gettext("Choose a reason")),
            # For the script, which fills the usual words in as soon as a reason is chosen.
            *((each.value, gettext(each.label), {"data-words": _usual(each)}) for each in reasons),
        ]

    @property
    def code(self) -> ListingReason | None:
        """The reason that was chosen; None for none and for what is not in the list."""
        offered = {choice[0] for choice in self.reason.choices or ()}
        return ListingReason(self.reason.data) if self.reason.data in set(ListingReason) & offered else None

    def fill_in(self) -> None:
        """Put what is usually said for the reason that was chosen where nothing was typed."""
        if self.code and not self.words.data:
            self.words.data = _usual(self.code)

    def hold(self, decided: str) -> None:
        """Put a sentence beside what is missing for such a decision."""
        if decided not in {ListingAction.REQUEST_CHANGES, ListingAction.DECLINE, ListingAction.HIDE}:
            return
        if self.code is None:
            add(self.reason, gettext("Choose the reason that fits best."))
        if not self.words.data:
            add(self.words, gettext(self.help_asked))

    def problems(self) -> list[tuple[str, str]]:
        """Return what is to be changed: the id of each control, and the sentence."""
        return [(field.id, str(field.errors[0])) for field in self if field.errors]

    def refuse(self, name: str, sentence: str) -> None:
        """Put a sentence beside the field that it is about, or beside the words."""
        add(next((field for field in self if field.short_name == name), self.words), sentence)


class SuggestionDecisionForm(ListingReasonForm):
    """The decision on a suggestion."""

    #: The value of the button that was pressed.
    action = StringField(
        lazy_gettext("What to do"),
        [AnyOf(REVISION_DECISIONS, message=lazy_gettext("Approve it, ask its author for changes, or decline it."))],
    )
    version = HiddenField()

    def __init__(self, suggestion: OpenedRevision) -> None:
        super().__init__(DECLINING, data={"version": str(suggestion.version)})

    @property
    def seen_version(self) -> int:
        """The version that was read; 0, which none has, for what is no number."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0

    def is_complete(self) -> bool:
        """Whether the decision can be taken; what is missing is said beside each field."""
        self.validate()
        self.hold(self.action.data or "")
        return not self.errors

    def verdict(self) -> ListingVerdict:
        """Return what the complete form says; an approval has no reason, whatever was typed before."""
        action = ListingAction(self.action.data)
        if action is ListingAction.APPROVE:
            return ListingVerdict(action=action)
        return ListingVerdict(action=action, reason=self.code, words=self.words.data)


class HideForm(ListingReasonForm):
    """Why a listing is hidden, and until when."""

    help_asked = N_("Say in a sentence what was asked for, and on what ground.")

    until = StringField(lazy_gettext("Look at it again by"))

    def __init__(self) -> None:
        super().__init__((ListingReason.LEGAL_REQUEST, *DECLINING))
        self.words.label.text = gettext("In words, for the record")

    def is_complete(self) -> bool:
        """Whether it says what is needed; what is missing is said beside each field."""
        self.validate()
        self.hold(ListingAction.HIDE)
        if self.day is None or not today() < self.day <= today() + timedelta(days=LONGEST_HIDING):
            add(self.until, gettext("Choose a day from tomorrow on, within a year. Without a calendar to choose from, "
                                    "type it like 2027-05-31."))  # fmt: skip
        return not self.errors

    @property
    def day(self) -> date | None:
        """The day that was typed; None for what is none."""
        try:
            return date.fromisoformat((self.until.data or "").strip())
        except ValueError:
            return None

    def hiding(self) -> Hiding:
        """Return what the complete form says."""
        return Hiding(reason=self.code or ListingReason.LEGAL_REQUEST, words=self.words.data, until=self.day or today())


class UnhideForm(FlaskForm):
    """Why a listing is shown again."""

    words = TextAreaField(
        lazy_gettext("In words, for the record"),
        [
            InputRequired(lazy_gettext("Say in a sentence why it is shown again.")),
            Length(max=LONGEST_REASON, message=_SHORTEN),
            plain,
        ],
        filters=[paragraphs],
    )

    def problems(self) -> list[tuple[str, str]]:
        """Return what is to be changed: the id of each control, and the sentence."""
        return [(field.id, str(field.errors[0])) for field in self if field.errors]

    def is_complete(self) -> bool:
        """Whether it says what is needed; what is missing is said beside the field."""
        return self.validate()

    def refuse(self, _name: str, sentence: str) -> None:
        """Put a sentence beside the words."""
        add(self.words, sentence)


def add(field: Field, sentence: str) -> None:
    """Put a sentence beside a field."""
    field.errors = [*field.errors, sentence]


def _usual(reason: ListingReason) -> str:
    return gettext(USUAL[reason]) if reason in USUAL else ""
