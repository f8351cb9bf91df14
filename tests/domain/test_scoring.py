from dataclasses import replace
from datetime import timedelta

import pytest

from directory.domain.findings import Verdict
from directory.domain.scoring import Grade, changes_on, findings, newest_observation, read, score, written
from tests.support.answers import TODAY, clearing, confirm, days_ago, raising, remedied
from tests.support.checklists import AT_HOME, CURE_ALL, HISTORY, PHYSICIAN, PROMISES, SHIPPED, SIGNS

UNKNOWN, CLEARED, DISPUTED, SUSPECTED, CONFIRMED = Verdict
ALL_CLEARED = dict.fromkeys(SIGNS, CLEARED)
ALL_UNKNOWN = dict.fromkeys(SIGNS, UNKNOWN)


def test_the_signs_take_off_the_published_points():
    published = {slug: (sign.points, sign.is_critical, sign.shelf_days) for slug, sign in SIGNS.items()}

    assert published == {
        "at_home_use_offered": (50, True, 365),
        "no_detailed_history": (50, True, 365),
        "no_physician_on_staff": (30, False, 365),
        "cure_all_claims": (20, False, 180),
        "instant_permanent_promises": (20, False, 180),
    }


@pytest.mark.parametrize(
    ("verdicts", "low", "high"),
    [
        ({}, 100, 100),
        # confirmed takes off all, suspected half to all, disputed and unknown nothing to all
        ({CURE_ALL: CONFIRMED}, 80, 80),
        ({CURE_ALL: SUSPECTED}, 80, 90),
        ({CURE_ALL: DISPUTED}, 80, 100),
        ({CURE_ALL: UNKNOWN}, 80, 100),
        ({PHYSICIAN: SUSPECTED}, 70, 85),
        ({AT_HOME: CONFIRMED, PHYSICIAN: SUSPECTED}, 20, 35),
        ({CURE_ALL: CONFIRMED, PROMISES: DISPUTED}, 60, 80),
        # no less than nothing is left
        ({AT_HOME: CONFIRMED, HISTORY: CONFIRMED}, 0, 0),
        ({AT_HOME: CONFIRMED, HISTORY: SUSPECTED, PHYSICIAN: SUSPECTED}, 0, 10),
        (dict.fromkeys((AT_HOME, HISTORY, PHYSICIAN, CURE_ALL, PROMISES), CONFIRMED), 0, 0),
        (dict.fromkeys((AT_HOME, HISTORY, PHYSICIAN, CURE_ALL, PROMISES), SUSPECTED), 0, 15),
        (dict.fromkeys((AT_HOME, HISTORY, PHYSICIAN, CURE_ALL, PROMISES), UNKNOWN), 0, 100),
    ],
)
def test_the_range_holds_the_worst_and_the_best_case(verdicts, low, high):
    total = score(SHIPPED, ALL_CLEARED | {sign.slug: verdict for sign, verdict in verdicts.items()})

    assert (total.low, total.high) == (low, high)


@pytest.mark.parametrize(("suspected", "high"), [(1, 97), (2, 95), (3, 92)])
def test_the_best_case_is_rounded_down_once(suspected, high):
    signs = [replace(sign, points=5) for sign in SHIPPED.signs]
    checklist = replace(SHIPPED, signs=tuple(signs))

    total = score(checklist, ALL_CLEARED | dict.fromkeys([sign.slug for sign in signs[:suspected]], SUSPECTED))

    assert total.high == high


@pytest.mark.parametrize(
    ("others", "verdicts", "grade"),
    [
        # confirmed signs that take off 50 points or more
        (CLEARED, {AT_HOME: CONFIRMED}, Grade.RED),
        (CLEARED, {PHYSICIAN: CONFIRMED, CURE_ALL: CONFIRMED}, Grade.RED),
        (UNKNOWN, {HISTORY: CONFIRMED}, Grade.RED),
        # any other concern
        (CLEARED, {CURE_ALL: CONFIRMED, PROMISES: CONFIRMED}, Grade.AMBER),
        (CLEARED, {PHYSICIAN: CONFIRMED, CURE_ALL: SUSPECTED, PROMISES: DISPUTED}, Grade.AMBER),
        (CLEARED, {AT_HOME: SUSPECTED, HISTORY: SUSPECTED}, Grade.AMBER),
        (CLEARED, {PROMISES: CONFIRMED}, Grade.AMBER),
        (CLEARED, {PROMISES: SUSPECTED}, Grade.AMBER),
        (CLEARED, {PROMISES: DISPUTED}, Grade.AMBER),
        (UNKNOWN, {PROMISES: DISPUTED}, Grade.AMBER),
        # all five looked for and not found
        (CLEARED, {}, Grade.GREEN),
        # one that nobody checked is enough
        (CLEARED, {PROMISES: UNKNOWN}, Grade.GREY),
        (UNKNOWN, {PROMISES: CLEARED}, Grade.GREY),
        (UNKNOWN, {}, Grade.GREY),
    ],
)
def test_the_grade_is_the_first_rule_that_holds(others, verdicts, grade):
    total = score(SHIPPED, dict.fromkeys(SIGNS, others) | {sign.slug: verdict for sign, verdict in verdicts.items()})

    assert total.grade is grade


@pytest.mark.parametrize(("points", "grade"), [(49, Grade.AMBER), (50, Grade.RED)])
def test_confirmed_signs_make_the_grade_red_from_fifty_points(points, grade):
    checklist = replace(SHIPPED, signs=tuple(replace(sign, points=points) for sign in SHIPPED.signs))

    assert score(checklist, ALL_CLEARED | {AT_HOME.slug: CONFIRMED}).grade is grade


def test_every_grade_is_a_fixed_sentence():
    assert {grade.value: grade.label for grade in Grade} == {
        "red": "Documented warning sign",
        "amber": "Open concerns",
        "green": "No documented warning sign found in 5 of 5 checks",
        "grey": "Not enough checked",
    }


@pytest.mark.parametrize(
    ("verdicts", "settled", "is_number_shown"),
    [
        ((UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), 0, False),
        ((CONFIRMED, CLEARED, UNKNOWN, UNKNOWN, UNKNOWN), 2, False),
        ((CLEARED, CLEARED, SUSPECTED, DISPUTED, UNKNOWN), 2, False),
        ((CONFIRMED, CLEARED, CLEARED, UNKNOWN, UNKNOWN), 3, True),
        ((CONFIRMED, CONFIRMED, CONFIRMED, SUSPECTED, DISPUTED), 3, True),
        ((CLEARED, CLEARED, CLEARED, CLEARED, CLEARED), 5, True),
    ],
)
def test_the_numbers_are_shown_from_three_settled_signs(verdicts, settled, is_number_shown):
    total = score(SHIPPED, dict(zip(SIGNS, verdicts, strict=True)))

    assert (total.settled, total.out_of) == (settled, 5)
    assert total.is_number_shown is is_number_shown


def test_the_points_of_confirmed_signs_alone_are_counted_as_confirmed():
    verdicts = dict(zip(SIGNS, (CONFIRMED, SUSPECTED, CONFIRMED, DISPUTED, CLEARED), strict=True))

    total = score(SHIPPED, verdicts)

    assert total.confirmed_points == sum(SIGNS[slug].points for slug in SIGNS if verdicts[slug] is CONFIRMED)
    assert total.verdicts == verdicts
    assert score(SHIPPED, ALL_UNKNOWN).confirmed_points == 0


def test_findings_are_on_the_signs_alone_and_in_their_order():
    answers = [
        *(clearing(CURE_ALL, by, tier=3) for by in ("ann", "bob")),
        *(raising(AT_HOME, by, tier=2, on=days_ago(366)) for by in ("ann", "bob")),
        *(raising(HISTORY, by, tier=3, on=days_ago(365)) for by in ("ann", "bob")),
        *(raising(SHIPPED.safeguards[0], by, tier=3) for by in ("ann", "bob")),
    ]

    found = findings(SHIPPED, answers, [confirm(HISTORY, "mo", "nan")], TODAY)

    assert list(found) == list(SIGNS)
    assert {slug: finding.verdict for slug, finding in found.items()} == ALL_UNKNOWN | {
        CURE_ALL.slug: CLEARED,
        HISTORY.slug: CONFIRMED,
    }


@pytest.mark.parametrize(
    ("answers", "rulings", "days_from_today"),
    [
        ([], [], None),
        ([clearing(CURE_ALL, on=TODAY), clearing(AT_HOME, on=TODAY)], [], 181),
        ([clearing(CURE_ALL, on=days_ago(180)), clearing(AT_HOME, on=days_ago(364))], [], 1),
        ([clearing(CURE_ALL, on=days_ago(170)), clearing(AT_HOME, on=days_ago(364))], [], 2),
        ([clearing(CURE_ALL, on=TODAY)], [confirm(PROMISES, "mo", on=days_ago(-7))], 7),
        ([clearing(SHIPPED.safeguards[0], on=TODAY)], [], None),
    ],
)
def test_a_score_changes_first_where_the_first_of_its_signs_may(answers, rulings, days_from_today):
    day = changes_on(SHIPPED, answers, rulings, TODAY)

    assert day == (days_from_today and TODAY + timedelta(days=days_from_today))


@pytest.mark.parametrize(
    ("answers", "rulings", "day"),
    [
        ([], [], None),
        (
            [clearing(CURE_ALL, on=days_ago(9)), raising(AT_HOME, on=days_ago(4)), raising(HISTORY, on=days_ago(7))],
            [],
            4,
        ),
        # what does not count is not seen: a day to come, past the shelf life, mended, or about a safeguard
        ([clearing(CURE_ALL, on=days_ago(-1)), clearing(CURE_ALL, on=days_ago(2))], [], 2),
        ([clearing(CURE_ALL, on=days_ago(181))], [], None),
        ([raising(AT_HOME, on=days_ago(4)), clearing(AT_HOME, on=days_ago(5))], [remedied(AT_HOME, "mo")], 5),
        ([raising(AT_HOME, on=days_ago(4))], [remedied(HISTORY, "mo")], 4),
        ([raising(AT_HOME, on=days_ago(4))], [remedied(AT_HOME, "mo", on=days_ago(-1))], 4),
        ([clearing(SHIPPED.safeguards[0], on=TODAY)], [], None),
    ],
)
def test_the_signs_were_seen_on_the_newest_day_that_counts(answers, rulings, day):
    newest = newest_observation(SHIPPED, answers, rulings, TODAY)

    assert newest == (day and days_ago(day))


def test_verdicts_are_written_as_one_digit_a_sign_and_read_back():
    verdicts = dict(zip(SIGNS, (UNKNOWN, CLEARED, DISPUTED, SUSPECTED, CONFIRMED), strict=True))

    assert written(SHIPPED, verdicts) == "01234"
    assert written(SHIPPED, dict(reversed(verdicts.items()))) == "01234"
    assert read(SHIPPED, "01234") == verdicts
    assert list(read(SHIPPED, "01234")) == list(SIGNS)


@pytest.mark.parametrize("digits", ["", "0000", "000000"])
def test_verdicts_of_another_number_of_signs_are_not_read(digits):
    with pytest.raises(ValueError, match="zip"):
        read(SHIPPED, digits)
