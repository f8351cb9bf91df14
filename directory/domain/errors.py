"""The named errors of the product; web/ turns each into a status and a page, once."""

from collections.abc import Sequence
from datetime import date

from directory.domain.labels import Sentence
from directory.domain.places import FoundPlace


class DirectoryError(Exception):
    """Something a person can mend.

    `sentence` holds the English message id and its values, so that web/ can translate it; str() is the English.
    """

    def __init__(self, message: str, **values: object) -> None:
        self.sentence = Sentence(message, values)
        super().__init__(str(self.sentence))


class NotFound(DirectoryError):
    """No such thing is public here."""


class Moved(NotFound):
    """Another listing stands for the one that was asked for: `public_id` and `slug` are in its address."""

    def __init__(self, message: str, public_id: str, slug: str) -> None:
        super().__init__(message)
        self.public_id = public_id
        self.slug = slug


class Withheld(DirectoryError):
    """The listing is hidden since a day, after a legal request or, where `is_legal` is False, for another reason."""

    def __init__(self, message: str, since: date, *, is_legal: bool) -> None:
        super().__init__(message)
        self.since = since
        self.is_legal = is_legal


class Forbidden(DirectoryError):
    """The actor may not do this; the message says why, and who can."""


class Tied(Forbidden):
    """The actor has a tie to the clinic that it is about; somebody else may do it."""


class Conflict(DirectoryError):
    """Somebody else changed the thing since it was looked at, or is doing the same; nothing was written."""


class InvalidTransition(DirectoryError):
    """The thing stands where this action cannot lead on from."""


class UnknownPlace(DirectoryError):
    """The words name no place that the gazetteer knows; the message says what to type instead."""


class AmbiguousPlace(DirectoryError):
    """The words name several places.

    `candidates` have the likelier first; the `label` of each typed as it stands finds exactly that place.
    """

    def __init__(self, message: str, candidates: Sequence[FoundPlace], **values: object) -> None:
        super().__init__(message, **values)
        self.candidates = tuple(candidates)


class InvalidParameter(DirectoryError):
    """One input, named by `field`, cannot be used; the message gives the remedy."""

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class BadFile(DirectoryError):
    """A file cannot be read as a table at all; nothing of it was used."""


class BadRow(DirectoryError):
    """One row of a file cannot be used.

    `line` is the line of the file, from 1, on which the row begins (the header is line 1 of an ordinary file).
    """

    def __init__(self, line: int, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.line = line


class DatabaseUnavailable(DirectoryError):
    """The database cannot be asked at all; nothing is known of what it holds."""
