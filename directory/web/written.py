"""What all forms ask of words that people write: plain text, with the line ends that they see."""

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import ValidationError

from directory.domain.texts import NOT_PLAIN, is_plain


def plain(_form: FlaskForm, field: Field) -> None:
    """Refuse what no database can store, or no page show."""
    if not is_plain(field.data or ""):
        raise ValidationError(gettext(NOT_PLAIN))


def paragraphs(words: str | None) -> str:
    """Return words with the line ends that a person sees; a browser sends two characters for each."""
    return (words or "").replace("\r\n", "\n").strip()


def line(words: str | None) -> str:
    """Return words in one line."""
    return " ".join((words or "").split())
