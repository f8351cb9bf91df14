"""Against brigades: how often somebody hands in, when a listing is held, and which words say the same.

The numbers are those of design MODERATION, "Anti-brigading controls"; days are those of UTC.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from directory.domain import folding
from directory.domain.errors import InvalidParameter
from directory.domain.labels import N_
from directory.domain.moderation import LONGEST_REASON
from directory.domain.texts import NOT_PLAIN, is_plain

#: So many reviews somebody hands in at the most, on one day and in seven.
MOST_A_DAY = 3
MOST_A_WEEK = 10
#: So many days pass between one review of a clinic and the next by the same account, where it is no update.
DAYS_BETWEEN = 90
#: More reviews of one clinic than this in seven days, or more accounts this new among them, are a burst.
MOST_OF_A_CLINIC = 5
MOST_NEW_ACCOUNTS = 3
DAYS_NEW = 14
#: The longest that a listing is held at a time; one that nobody looks at opens again.
LONGEST_HOLD = 14
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


class HoldReason(StrEnum):
    """Why new reviews of a clinic are held."""

    BURST = "burst"
    MODERATOR = "moderator"


@dataclass(frozen=True)
class Entered:
    """A review of one clinic was handed in, by an account that is there since `account_since`; moments in UTC."""

    at: datetime
    account_id: int
    account_since: datetime

    @property
    def is_by_a_new_account(self) -> bool:
        """Whether the account was made less than fourteen days before."""
        return self.account_since > self.at - DAYS_NEW * _DAY


def free_from(handed_in: Iterable[date], today: date) -> date:
    """Return the first day, from today on, on which somebody who handed in on these days may hand in another."""
    days = [day for day in handed_in if day > today - _WEEK]
    free = today
    while days.count(free) >= MOST_A_DAY or sum(free - _WEEK < day <= free for day in days) >= MOST_A_WEEK:
        free += _DAY
    return free


def next_of_clinic(last: date) -> date:
    """Return the first day on which somebody whose last review of a clinic is of that day may hand in another."""
    return last + DAYS_BETWEEN * _DAY


def is_burst(entered: Iterable[Entered], at: datetime) -> bool:
    """Whether more reviews of one clinic, or more by new accounts, came in the seven days before `at` than is usual."""
    recent = [each for each in entered if at - _WEEK < each.at <= at]
    new = {each.account_id for each in recent if each.is_by_a_new_account}
    return len(recent) > MOST_OF_A_CLINIC or len(new) > MOST_NEW_ACCOUNTS


def held_until(today: date, days: int = LONGEST_HOLD) -> date:
    """Return the day on which a hold that begins today ends; InvalidParameter for no days, or more than fourteen."""
    if not 1 <= days <= LONGEST_HOLD:
        raise InvalidParameter("days", N_("Hold them for 1 to 14 days."))
    return today + days * _DAY


def check_words(words: str) -> None:
    """Raise InvalidParameter where a moderator's words on a hold or a link are missing or cannot be used."""
    problems = {
        N_("Say in a sentence what you saw."): not words.strip(),
        N_("Shorten the reason to 1,000 characters."): len(words) > LONGEST_REASON,
        NOT_PLAIN: not is_plain(words),
    }
    problem = next((sentence for sentence, is_so in problems.items() if is_so), "")
    if problem:
        raise InvalidParameter("words", problem)


def fingerprint(quote: str, note: str) -> str | None:
    """Return what is equal where quote and note say the same but for case, accents, spaces and marks.

    None where neither has a letter or a digit.
    """
    said = ["".join(folding.words(text)) for text in (quote, note)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest() if any(said) else None
