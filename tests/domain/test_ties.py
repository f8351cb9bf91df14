from datetime import date, timedelta

import pytest
from hypothesis import strategies as st

from directory.domain.ties import MAY_REVIEW, Declared, TieKind, ends_on, held, newest
from tests.support.answers import TODAY, days_ago
from tests.support.drawn_cases import for_every

NONE, PATIENT, OWNER, EMPLOYEE, FORMER, COMPETITOR, PAID, FAMILY, LITIGATION = TieKind
HERE, THERE = 1, 2
#: The words of each, whether it lets its person review the clinic, and whether it lets them decide about it.
KINDS = {
    "none": ("No tie to this clinic", True, True),
    "patient": ("I am or was a patient there", True, False),
    "owner": ("I own it, or a part of it", False, False),
    "employee": ("I work there", False, False),
    "former_employee": ("I worked there in the last three years", False, False),
    "competitor": ("I own or work for a competitor", False, False),
    "paid": ("Somebody pays or rewards me for this", False, False),
    "family": ("Somebody in my family owns it or works there", False, False),
    "litigation": ("I am in a legal dispute with it", False, False),
}


def declared():
    return st.lists(
        st.builds(
            Declared,
            clinic_id=st.sampled_from((HERE, THERE, 3)),
            kind=st.sampled_from(TieKind),
            ends_on=st.sampled_from((None, None, TODAY, days_ago(1), days_ago(-1))),
        ),
        max_size=6,
    )


def test_the_kinds_of_tie_are_those_of_the_policy():
    assert {kind.value for kind in TieKind} == KINDS.keys()


@pytest.mark.parametrize("kind", TieKind)
def test_each_kind_has_its_words_and_says_what_it_bars(kind):
    label, may_review, may_decide = KINDS[kind]

    assert kind.label == label
    assert kind.bars_reviewing is not may_review
    assert (kind in MAY_REVIEW) is may_review
    assert (held([Declared(HERE, kind)], TODAY) == frozenset()) is may_decide


@pytest.mark.parametrize("kind", [kind for kind in TieKind if kind is not FORMER])
def test_a_tie_has_no_end_but_that_of_a_former_employee(kind):
    assert ends_on(kind, TODAY) is None
    assert ends_on(kind, date(2024, 2, 29)) is None


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 11, 21), date(2029, 11, 21)),
        (date(2026, 1, 1), date(2029, 1, 1)),
        (date(2026, 2, 28), date(2029, 2, 28)),
        (date(2026, 12, 28), date(2029, 12, 28)),
        # the last days of a month keep their number as well
        (date(2026, 12, 29), date(2029, 12, 29)),
        (date(2026, 9, 30), date(2029, 9, 30)),
        (date(2026, 12, 31), date(2029, 12, 31)),
        # 29 February has no namesake three years on: the tie is not the shorter for it
        (date(2024, 2, 29), date(2027, 3, 1)),
        # nor is there one in 2100, four years after 2096 or three after 2097
        (date(2096, 2, 29), date(2099, 3, 1)),
        (date(2097, 2, 28), date(2100, 2, 28)),
    ],
)
def test_a_former_employee_is_tied_for_three_whole_years(day, end):
    assert ends_on(FORMER, day) == end


@for_every(300, day=st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_no_former_employee_is_free_before_three_years_have_passed(day):
    assert timedelta(days=365 * 3) <= ends_on(FORMER, day) - day <= timedelta(days=365 * 3 + 1)


@pytest.mark.parametrize(
    ("end", "is_held"), [(None, True), (days_ago(-1), True), (TODAY, False), (days_ago(1), False), (date.min, False)]
)
def test_a_tie_holds_until_the_day_on_which_it_ends(end, is_held):
    tie = Declared(HERE, FORMER, end)

    assert tie.holds(TODAY) is is_held
    assert held([tie], TODAY) == newest([tie], TODAY) == (frozenset({FORMER}) if is_held else frozenset())


def test_a_tie_has_no_end_where_none_is_given():
    assert Declared(HERE, OWNER) == Declared(HERE, OWNER, None)


@pytest.mark.parametrize(
    ("declared", "for_deciding", "for_reviewing"),
    [
        ([], set(), set()),
        ([Declared(HERE, NONE)], set(), set()),
        ([Declared(HERE, OWNER)], {OWNER}, {OWNER}),
        # a word taken back bars deciding all the same
        ([Declared(HERE, OWNER), Declared(HERE, NONE)], {OWNER}, set()),
        ([Declared(HERE, OWNER), Declared(HERE, PATIENT)], {OWNER, PATIENT}, {PATIENT}),
        ([Declared(HERE, NONE), Declared(HERE, OWNER)], {OWNER}, {OWNER}),
        ([Declared(HERE, PAID), Declared(HERE, NONE), Declared(HERE, FAMILY)], {PAID, FAMILY}, {FAMILY}),
        # the last word on one clinic of a chain takes nothing back that was said of another
        ([Declared(HERE, OWNER), Declared(THERE, NONE)], {OWNER}, {OWNER}),
        ([Declared(HERE, OWNER), Declared(THERE, PAID), Declared(HERE, NONE)], {OWNER, PAID}, {PAID}),
        ([Declared(HERE, OWNER), Declared(THERE, PAID)], {OWNER, PAID}, {OWNER, PAID}),
        # what ended, and what was said before it
        ([Declared(HERE, FORMER, TODAY)], set(), set()),
        ([Declared(HERE, OWNER), Declared(HERE, FORMER, TODAY)], {OWNER}, set()),
        ([Declared(HERE, FORMER, TODAY), Declared(HERE, FORMER, days_ago(-1))], {FORMER}, {FORMER}),
    ],
)
def test_every_word_that_holds_bars_deciding_and_the_last_on_each_clinic_reviewing(
    declared, for_deciding, for_reviewing
):
    assert held(declared, TODAY) == for_deciding
    assert newest(declared, TODAY) == for_reviewing
    assert held(iter(declared), TODAY) == for_deciding
    assert newest(iter(declared), TODAY) == for_reviewing


@for_every(300, said=declared(), more=declared())
def test_nothing_that_is_said_later_frees_anybody_to_decide(said, more):
    assert held(said, TODAY) <= held([*said, *more], TODAY)


@for_every(300, said=declared())
def test_whoever_may_not_review_may_not_decide(said):
    assert newest(said, TODAY) <= held(said, TODAY)
    assert NONE not in held(said, TODAY)


@for_every(300, said=declared(), clinic=st.sampled_from((HERE, THERE)))
def test_a_word_of_no_tie_takes_back_what_was_said_of_that_clinic_and_nothing_else(said, clinic):
    others = [tie for tie in said if tie.clinic_id != clinic]

    assert newest([*said, Declared(clinic, NONE)], TODAY) == newest(others, TODAY)


@for_every(300, said=declared(), days=st.integers(0, 3))
def test_a_tie_that_ended_never_comes_back(said, days):
    assert held(said, TODAY + timedelta(days)) <= held(said, TODAY)
