"""The forms by which a moderator rules on a sign: that a critical one holds, or that the clinic mended it."""

from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectField, TextAreaField
from wtforms.validators import InputRequired

from directory.domain.errors import InvalidParameter
from directory.domain.notices import BY_HAND, ToldByHand, Way
from directory.web.language import translated

_A_DAY = lazy_gettext("Give the whole date. Without a calendar to choose from, type it like 2026-11-21.")


class _Ruling(FlaskForm):
    class Meta:
        """WTForms' own settings: two forms of one page, and the page gives each its token."""

        csrf = False

    def refuse(self, refused: InvalidParameter) -> None:
        """Put a sentence beside the field that it is about, or beside the first."""
        field = next((field for field in self if field.short_name == refused.field), next(iter(self)))
        field.errors = [*field.errors, translated(refused.sentence)]


class _Day(DateField):
    """A day; what is no day is said in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_A_DAY)) from None


class ConfirmForm(_Ruling):
    """How a clinic was told by hand; asked for where nothing else has told it."""

    told_on = _Day(lazy_gettext("Told on"), [InputRequired(_A_DAY)])
    how = SelectField(lazy_gettext("How"), validate_choice=False)
    words = TextAreaField(lazy_gettext("Whom you told, and what"))

    def __init__(self) -> None:
        super().__init__(prefix="told-")
        self.how.choices = [("", gettext("Choose how")), *((way.value, gettext(way.label)) for way in BY_HAND)]

    def told(self) -> ToldByHand:
        """Return what the valid form says."""
        return ToldByHand(on=_day(self.told_on), how=Way(self.how.data), words=self.words.data or "")

    def is_complete(self) -> bool:
        """Whether it says what is needed; what is missing is said beside each field."""
        is_valid = self.validate()
        if self.how.data not in BY_HAND:
            self.how.errors = [gettext("Say how the clinic was told.")]
            return False
        return is_valid


class RemedyForm(_Ruling):
    """By when the clinic mended a sign, and where that was seen."""

    mended_on = _Day(lazy_gettext("Mended on or before"), [InputRequired(_A_DAY)])
    reason = TextAreaField(lazy_gettext("What it mended, and where you saw it"))

    def __init__(self) -> None:
        super().__init__(prefix="mended-")

    @property
    def day(self) -> date:
        """The day of the valid form."""
        return _day(self.mended_on)


def _day(field: Field) -> date:
    day: date = field.data
    return day
