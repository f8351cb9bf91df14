"""The search form: one for the page and the API, so that both refuse the same things in the same words."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from directory.domain import nearby
from directory.domain.errors import InvalidParameter
from directory.domain.facets import CHECKED, GROUPS, NO_CONFIRMED, PRICES, asked
from directory.domain.labels import N_
from directory.domain.nearby import Order, Wishes

LONGEST_NEAR, LONGEST_NAME, LONGEST_WORDS, LONGEST_CURSOR = 200, 200, 100, 1000
_GROUPS = {group.name: group for group in GROUPS}
_WHOLE_NUMBER = re.compile("[0-9]{1,6}")


class WholeNumberField(Field):
    """A whole number in plain digits; empty and absent take the default."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the first value."""
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        if not _WHOLE_NUMBER.fullmatch(typed):
            self.data = None
            raise ValueError(lazy_gettext("Use a whole number, like 25."))
        self.data = int(typed)


def _stripped(typed: str | None) -> str:
    return (typed or "").strip()


def _no_control_characters(_form: FlaskForm, field: Field) -> None:
    if any(ord(letter) < ord(" ") or ord(letter) == 0x7F for letter in field.data or ""):
        raise ValidationError(lazy_gettext("Remove the line breaks and invisible characters."))


def _to_be_looked_for(_form: FlaskForm, field: Field) -> None:
    typed = field.data or ""
    found = nearby.folded_words(typed)
    if typed.strip() and not found:
        raise ValidationError(lazy_gettext("Type a word with letters or digits, as it stands in a name or a city."))
    if len(found) > nearby.MOST_WORDS:
        raise ValidationError(
            lazy_gettext("Take words out: at most %(most)s can be looked for at once.", most=nearby.MOST_WORDS)
        )


def _words(data: str | Sequence[str] | None) -> Sequence[str]:
    """Return what a field holds as words, whether one or several can be chosen in it."""
    return [data] if isinstance(data, str) and data else data or []


def _from_the_list(_form: FlaskForm, field: SelectField) -> None:
    if not {choice.value for choice in field.choices}.issuperset(_words(field.data)):
        raise ValidationError(lazy_gettext("That choice does not exist. Please choose again."))


def _any_of(name: str) -> SelectMultipleField:
    """Return the field of a group of domain.facets in which several choices may be made."""
    group = _GROUPS[name]
    choices = [SelectChoice(term.word, term.label) for term in group.choices]
    return SelectMultipleField(lazy_gettext(group.label), [_from_the_list], choices=choices, validate_choice=False)


class SearchForm(FlaskForm):
    """What a search may ask for. It changes nothing, so it needs no token and sets no cookie."""

    class Meta:
        """WTForms' own settings."""

        csrf = False

    near = StringField(
        lazy_gettext("ZIP, city or address, or clinic"),
        [
            Length(
                max=LONGEST_NEAR,
                message=lazy_gettext("Shorten this to 200 characters: a ZIP, or a city and state, is enough."),
            )
        ],
    )
    #: Clinics by this name and no place: asked for where `near` is empty.
    name = StringField(
        lazy_gettext("A clinic's name"),
        [Length(max=LONGEST_NAME, message=lazy_gettext("Shorten this to 200 characters: two words are enough."))],
    )
    radius = WholeNumberField(
        lazy_gettext("Within"),
        [
            NumberRange(
                nearby.SMALLEST_RADIUS_MILES,
                nearby.LARGEST_RADIUS_MILES,
                lazy_gettext("Choose a distance from 1 to 100 miles."),
            )
        ],
        default=nearby.DEFAULT_RADIUS_MILES,
    )
    sort = SelectField(
        lazy_gettext("Order"),
        [Optional(), _from_the_list],
        default=Order.DISTANCE.value,
        choices=[SelectChoice(order.value, order.label) for order in Order],
        filters=[_stripped],
        validate_choice=False,
    )
    words = StringField(
        lazy_gettext("Words in the name or city"),
        [
            Length(
                max=LONGEST_WORDS, message=lazy_gettext("Shorten this to 100 characters: one or two words are enough.")
            ),
            _no_control_characters,
            _to_be_looked_for,
        ],
    )
    route = _any_of("route")
    setting = _any_of("setting")
    condition = _any_of("condition")
    therapy = _any_of("therapy")
    insurance = _any_of("insurance")
    payment = _any_of("payment")
    accepts = _any_of("accepts")
    price = SelectField(
        lazy_gettext(_GROUPS["price"].label),
        [Optional(), _from_the_list],
        choices=[SelectChoice(term.word, term.label) for term in PRICES],
        filters=[_stripped],
        validate_choice=False,
    )
    no_confirmed = SelectField(
        lazy_gettext("No confirmed warning sign (unchecked included)"),
        [Optional(), _from_the_list],
        choices=[SelectChoice("1")],
        filters=[_stripped],
        validate_choice=False,
    )
    checked = SelectField(
        lazy_gettext("Signs checked"),
        [Optional(), _from_the_list],
        choices=[SelectChoice(str(number)) for number in range(1, nearby.SIGNS + 1)],
        filters=[_stripped],
        validate_choice=False,
    )
    # Without a label WTForms makes one of the name, and reads its own translations for it.
    limit = WholeNumberField(
        "",
        validators=[NumberRange(1, nearby.LARGEST_LIMIT, lazy_gettext("Ask for 1 to 100 clinics at a time."))],
        default=nearby.DEFAULT_LIMIT,
    )
    cursor = StringField(
        "", validators=[Length(max=LONGEST_CURSOR, message=lazy_gettext("This is no address of a next page."))]
    )

    def wishes(self) -> Wishes:
        """Return what the valid form asks for."""
        return Wishes(
            radius_miles=int(self.radius.data or 0),
            order=Order(self.sort.data or Order.DISTANCE),
            words=self.words.data or "",
            facets=asked({name: _words(self[name].data) for name in _GROUPS}),
            without_confirmed=bool(self.no_confirmed.data),
            checked_at_least=int(self.checked.data or 0),
            limit=int(self.limit.data or 0),
        )

    @property
    def has_wrong_filters(self) -> bool:
        """Whether something is wrong in the panel by which results are narrowed."""
        return any(self.errors.get(name) for name in (*_GROUPS, NO_CONFIRMED, CHECKED, "words"))

    @property
    def is_by_name(self) -> bool:
        """Whether clinics of a name are asked for, wherever they are."""
        return bool(self.name.data) and not self.near.data

    def first_error(self) -> InvalidParameter:
        """Return the first error of an invalid form, naming its field."""
        field, messages = next(iter(self.errors.items()))
        return InvalidParameter(field, N_("%(problem)s"), problem=str(messages[0]))


def parse(arguments: Any) -> SearchForm:
    """Return the form that a query string fills in; `errors` is set where something cannot be used."""
    form = SearchForm(arguments)
    form.validate()
    return form
