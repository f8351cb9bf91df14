"""The forms of the page of one clinic for moderators: how long to hold, why, and whose accounts look like one's."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from directory.domain.abuse import LONGEST_HOLD
from directory.domain.errors import InvalidParameter
from directory.services.desk import PastReview
from directory.web.language import translated
from directory.web.presenters import day

_DAYS = lazy_gettext("Give a number of days from 1 to %(most)d.", most=LONGEST_HOLD)


class _Days(IntegerField):
    """A number of days; what is no number is said in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_DAYS)) from None


class _WithWords(FlaskForm):
    words = TextAreaField(lazy_gettext("In words, for moderators alone"))

    def refuse(self, refused: InvalidParameter) -> None:
        """Put a sentence beside the field that it is about, or beside the words."""
        field = next((field for field in self if field.short_name == refused.field), self.words)
        field.errors = [*field.errors, translated(refused.sentence)]


class HoldForm(_WithWords):
    """For how many days new reviews are held, and why."""

    days = _Days(lazy_gettext("For how many days"), [InputRequired(_DAYS)], default=LONGEST_HOLD)

    @property
    def number(self) -> int:
        """The days of the valid form."""
        return int(self.days.data or 0)


class EndForm(_WithWords):
    """Why new reviews are decided again."""


class LinkForm(_WithWords):
    """Which other review is by the same person, as it seems, and why one thinks so."""

    chosen = RadioField(lazy_gettext("Another review of this clinic"), validate_choice=False)
    other = StringField(lazy_gettext("Or the address of a review of another clinic"))

    def __init__(self, others: Sequence[PastReview]) -> None:
        super().__init__()
        self.chosen.choices = [
            (
                each.public_id,
                gettext("Reviewer %(name)s, handed in %(day)s", name=each.reviewer, day=day(each.since.date())),
            )
            for each in others
        ]

    @property
    def named(self) -> str:
        """The public id of the other review; an address ends with it."""
        typed = (self.other.data or "").strip().rstrip("/").rpartition("/")[2]
        return typed or str(self.chosen.data or "")

    def is_complete(self) -> bool:
        """Whether another review is named; what is missing is said beside the field."""
        if not self.validate():
            return False
        if not self.named:
            self.chosen.errors = [gettext("Choose the other review, or give its address.")]
        return bool(self.named)
