from datetime import UTC, datetime, time, timedelta

import pytest

from directory.domain.abuse import (
    DAYS_BETWEEN,
    DAYS_NEW,
    LONGEST_HOLD,
    MOST_A_DAY,
    MOST_A_WEEK,
    MOST_NEW_ACCOUNTS,
    MOST_OF_A_CLINIC,
    Entered,
    HoldReason,
    check_words,
    fingerprint,
    free_from,
    held_until,
    is_burst,
    next_of_clinic,
)
from directory.domain.errors import InvalidParameter
from tests.support.answers import TODAY, days_ago

NOON = datetime.combine(TODAY, time(12), UTC)
DAY = timedelta(days=1)
OLD, NEW = NOON - 365 * DAY, NOON - DAY


def test_the_numbers_are_those_of_the_policy():
    assert (MOST_A_DAY, MOST_A_WEEK, DAYS_BETWEEN) == (3, 10, 90)
    assert (MOST_OF_A_CLINIC, MOST_NEW_ACCOUNTS, DAYS_NEW, LONGEST_HOLD) == (5, 3, 14, 14)
    assert set(HoldReason) == {"burst", "moderator"}


@pytest.mark.parametrize(
    ("days", "free"),
    [
        ([], 0),
        ([0, 0], 0),
        # the fourth of a day waits for the next, whatever was handed in before
        ([0, 0, 0], 1),
        ([1, 1, 1], 0),
        # the eleventh in seven days waits until the oldest of them is a week old
        ([6, 6, 6, 4, 4, 4, 2, 2, 2], 0),
        ([6, 6, 6, 4, 4, 4, 2, 2, 2, 0], 1),
        ([5, 4, 4, 4, 3, 3, 3, 2, 2, 2], 2),
        ([7, 4, 4, 4, 3, 3, 3, 2, 2, 2], 0),
        # both at once
        ([3, 3, 3, 2, 2, 2, 1, 0, 0, 0], 4),
    ],
)
def test_somebody_hands_in_three_reviews_a_day_and_ten_a_week(days, free):
    assert free_from([days_ago(each) for each in days], TODAY) == days_ago(-free)


def test_a_clinic_is_reviewed_anew_after_ninety_days():
    assert next_of_clinic(days_ago(90)) == TODAY


@pytest.mark.parametrize(
    ("entered", "burst"),
    [
        ([], False),
        ([(0, OLD)] * 5, False),
        ([(0, OLD)] * 6, True),
        ([(0, NEW)] * 3, False),
        ([(0, NEW)] * 4, True),
        ([(0, NEW)] * 3 + [(0, OLD)] * 2, False),
        # of seven days, and none to come
        ([(6.9, OLD)] * 6, True),
        ([(7, OLD)] * 6, False),
        ([(-1, OLD)] * 6, False),
        ([(6.9, OLD - 20 * DAY)] * 5 + [(7.1, OLD)], False),
    ],
)
def test_a_burst_is_more_than_five_reviews_or_more_than_three_by_new_accounts_in_seven_days(entered, burst):
    handed_in = [Entered(NOON - days * DAY, number, since) for number, (days, since) in enumerate(entered)]

    assert is_burst(handed_in, NOON) is burst


def test_a_new_account_counts_once_in_a_burst():
    assert not is_burst([Entered(NOON, 1, NEW)] * 4, NOON)


@pytest.mark.parametrize(("days", "is_new"), [(0, True), (13.9, True), (14, False), (15, False), (-1, True)])
def test_an_account_is_new_for_fourteen_days(days, is_new):
    assert Entered(NOON, 1, NOON - days * DAY).is_by_a_new_account is is_new


def test_a_hold_lasts_two_weeks_where_nobody_says_less():
    assert held_until(TODAY) == days_ago(-14)
    assert held_until(TODAY, 1) == days_ago(-1)


@pytest.mark.parametrize("days", [-1, 0, 15])
def test_a_hold_lasts_neither_no_days_nor_more_than_two_weeks(days):
    with pytest.raises(InvalidParameter, match="Hold them for 1 to 14 days") as refused:
        held_until(TODAY, days)

    assert refused.value.field == "days"


@pytest.mark.parametrize("words", ["Eleven in an hour.", "x" * 1000])
def test_words_about_a_suspicion_are_taken_as_they_are(words):
    check_words(words)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Say in a sentence what you saw."),
        (" \n", "Say in a sentence what you saw."),
        ("x" * 1001, "Shorten the reason to 1,000 characters."),
        ("a\x00b", "Copy the words as plain text"),
    ],
)
def test_words_that_say_nothing_or_cannot_be_kept_are_refused(words, sentence):
    with pytest.raises(InvalidParameter, match=sentence) as refused:
        check_words(words)

    assert refused.value.field == "words"


@pytest.mark.parametrize(
    "like",
    [("we mail it to you", ""), ("WE   mail-it\nto you!!", "  "), ("Wé måil it, to yóu.", "…"), ("Wemailittoyou", "")],
)
def test_words_are_the_same_whatever_their_case_accents_spaces_and_marks(like):
    assert fingerprint(*like) == fingerprint("We mail it to you.", "")


@pytest.mark.parametrize(
    "other", [("We mailed it to you.", ""), ("", "We mail it to you."), ("We mail it", "to you."), ("We", "")]
)
def test_other_words_or_the_same_in_another_place_are_not_the_same(other):
    assert fingerprint(*other) != fingerprint("We mail it to you.", "")


@pytest.mark.parametrize("nothing", [("", ""), (" ", "…"), ("!?", "\n")])
def test_where_nothing_is_said_nothing_is_the_same(nothing):
    assert fingerprint(*nothing) is None
