from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from directory.domain.checklist import Value
from directory.domain.dossier import Look, case, inputs, standing
from directory.domain.findings import Answer, Ruling, RulingKind, Verdict, find
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL, HISTORY, PHYSICIAN, SHIPPED
from tests.support.dossiers import against, clear, dossier, ruled, said

EXAM = SHIPPED.by_slug["in_person_exam_before_first_dose"]
ANN, BOB, CID, MO, NAN = 11, 12, 13, 21, 22


def test_of_one_authors_reviews_the_newest_speaks_criterion_by_criterion():
    replaced, kept = clear(CURE_ALL, ANN, review=1), clear(PHYSICIAN, ANN, review=1)
    newer = against(CURE_ALL, ANN, review=2)

    assert standing(SHIPPED, dossier(replaced, kept, newer), TODAY) == [kept, newer]


def test_the_newest_is_the_one_handed_in_last_whatever_was_seen_when():
    replaced = against(CURE_ALL, ANN, review=1, on=days_ago(1))
    newer = clear(CURE_ALL, ANN, review=2, on=days_ago(90))

    assert standing(SHIPPED, dossier(replaced, newer), TODAY) == [newer]
    assert standing(SHIPPED, dossier(newer, replaced), TODAY) == [newer]


def test_nobody_replaces_what_somebody_else_answered():
    linked = (clear(CURE_ALL, ANN, voice=ANN, review=1), against(CURE_ALL, BOB, voice=ANN, review=2))

    assert standing(SHIPPED, dossier(*linked), TODAY) == list(linked)


CONFIRMED_BY_TWO = [(AT_HOME, MO, TODAY), (AT_HOME, NAN, TODAY)]


@pytest.mark.parametrize(
    ("earlier", "confirmations", "is_kept"),
    [
        (against(AT_HOME, review=1), CONFIRMED_BY_TWO, True),
        (clear(AT_HOME, review=1), CONFIRMED_BY_TWO, False),
        # another sign than the confirmed one
        (against(HISTORY, review=1), CONFIRMED_BY_TWO, False),
        # by one person, by nobody, and from tomorrow on
        (against(AT_HOME, review=1), CONFIRMED_BY_TWO[:1], False),
        (against(AT_HOME, review=1), [], False),
        (against(AT_HOME, review=1), [CONFIRMED_BY_TWO[0], (AT_HOME, NAN, TODAY + timedelta(days=1))], False),
        # a sign of which two people need not rule, and a safeguard
        (against(PHYSICIAN, review=1), [(PHYSICIAN, MO, TODAY), (PHYSICIAN, NAN, TODAY)], False),
        (against(EXAM, review=1), [], False),
    ],
)
def test_an_author_replaces_all_but_what_two_people_have_confirmed(earlier, confirmations, is_kept):
    newer = replace(earlier, review_id=2, answer_id=0, value=earlier.value.opposite)
    rulings = [ruled(criterion, person, on=day) for criterion, person, day in confirmations]

    kept = standing(SHIPPED, dossier(earlier, newer, *rulings), TODAY)

    assert kept == ([earlier, newer] if is_kept else [newer])


@pytest.mark.parametrize("seen", [TODAY, days_ago(9)], ids=["on the same day", "before"])
def test_an_author_can_mend_a_mistake_of_their_own_whenever_it_was_seen(seen):
    mistaken = against(AT_HOME, ANN, tier=3, review=1, on=days_ago(3))
    mended = clear(AT_HOME, ANN, tier=3, review=2, on=seen)

    found = case(SHIPPED, dossier(mistaken, mended), TODAY).findings()["at_home_use_offered"]

    assert (found.raising.voices, found.clearing.voices) == (0, 1)


def test_an_answer_to_another_version_is_not_read_as_one_to_this():
    other = replace(against(AT_HOME, ANN), version="2031.1")

    assert standing(SHIPPED, dossier(other), TODAY) == []


def test_a_confirmed_sign_outlives_a_newer_review_of_the_one_who_raised_it():
    entries = [
        against(AT_HOME, ANN, tier=3, on=days_ago(9)),
        against(AT_HOME, BOB, on=days_ago(9)),
        clear(AT_HOME, ANN, tier=3, on=days_ago(1)),
        clear(AT_HOME, BOB, tier=3, on=days_ago(1)),
    ]
    rulings = [ruled(AT_HOME, MO), ruled(AT_HOME, NAN)]

    with_rulings = case(SHIPPED, dossier(*entries, *rulings), TODAY).findings()["at_home_use_offered"]
    without = case(SHIPPED, dossier(*entries), TODAY).findings()["at_home_use_offered"]

    assert (with_rulings.verdict, without.verdict) == (Verdict.CONFIRMED, Verdict.CLEARED)


def test_people_are_numbered_in_the_order_in_which_they_entered():
    answers, rulings = inputs(
        SHIPPED,
        dossier(
            against(CURE_ALL, CID, tier=3, looks=[NAN]),
            clear(CURE_ALL, ANN, looks=[MO]),
            against(AT_HOME, CID),
            ruled(AT_HOME, BOB),
            ruled(AT_HOME, NAN, MO, kind=RulingKind.REMEDIED, on=days_ago(3)),
        ),
        TODAY,
    )

    common = {"criterion": "cure_all_claims", "observed_on": TODAY}
    assert answers == [
        Answer(**common, value=Value.YES, tier=3, reviewer="r1", group="g-r1", rechecked_by=frozenset({"m1"})),
        Answer(**common, value=Value.NO, tier=1, reviewer="r2", group="g-r2", rechecked_by=frozenset({"m2"})),
        Answer(
            criterion="at_home_use_offered", value=Value.YES, tier=1, observed_on=TODAY, reviewer="r1", group="g-r1"
        ),
    ]
    assert rulings == [
        Ruling(criterion="at_home_use_offered", kind=RulingKind.CONFIRM, by=frozenset({"m3"}), on=TODAY),
        Ruling(criterion="at_home_use_offered", kind=RulingKind.REMEDIED, by=frozenset({"m1", "m2"}), on=days_ago(3)),
    ]


def test_names_tell_nothing_of_the_numbers_of_accounts():
    people, draw = [ANN, BOB, CID, MO, NAN], Random(3)
    whole = story(*people)

    for _ in range(20):
        others = draw.sample(range(1, 1000), len(people))
        assert inputs(SHIPPED, story(*others), TODAY) == inputs(SHIPPED, whole, TODAY)


def test_linked_accounts_are_one_group_named_for_the_first_of_them():
    answers, _ = inputs(
        SHIPPED,
        dossier(clear(CURE_ALL, ANN), against(CURE_ALL, BOB, voice=CID), against(CURE_ALL, CID, voice=CID)),
        TODAY,
    )

    assert [(answer.reviewer, answer.group) for answer in answers] == [("r1", "g-r1"), ("r2", "g-r2"), ("r3", "g-r2")]


@pytest.mark.parametrize(
    ("look", "is_counted"),
    [
        (Look(MO, MO, TODAY), True),
        # a moderator who is linked to somebody else
        (Look(MO, NAN, TODAY), True),
        # one's own work, and that of an account linked to the author or to the author's group
        (Look(BOB, BOB, TODAY), False),
        (Look(MO, BOB, TODAY), False),
    ],
)
def test_a_look_at_ones_own_work_is_no_look(look, is_counted):
    entered = against(CURE_ALL, ANN, voice=BOB, tier=3, looks=[look])

    answers, _ = inputs(SHIPPED, dossier(entered), TODAY)

    assert answers[0].is_rechecked is is_counted
    assert find(CURE_ALL, answers, [], TODAY).raising.level == (2 if is_counted else 1)


def test_two_looks_of_linked_moderators_are_one():
    entered = against(CURE_ALL, ANN, tier=3, looks=[Look(MO, MO, TODAY), Look(NAN, MO, TODAY)])

    answers, _ = inputs(SHIPPED, dossier(entered), TODAY)

    assert answers[0].rechecked_by == {"m1"}


def test_two_rulings_of_linked_moderators_are_those_of_one_person():
    raised = [against(AT_HOME, ANN, tier=3), against(AT_HOME, BOB)]

    together = case(SHIPPED, dossier(*raised, ruled(AT_HOME, MO), ruled(AT_HOME, MO, on=days_ago(1))), TODAY)
    apart = case(SHIPPED, dossier(*raised, ruled(AT_HOME, MO), ruled(AT_HOME, NAN)), TODAY)

    assert together.findings()["at_home_use_offered"].verdict is Verdict.SUSPECTED
    assert apart.findings()["at_home_use_offered"].verdict is Verdict.CONFIRMED


def test_who_reviews_here_and_moderates_there_is_not_known_by_it():
    answers, rulings = inputs(
        SHIPPED, dossier(clear(CURE_ALL, ANN), against(AT_HOME, BOB, tier=3, looks=[ANN]), ruled(HISTORY, ANN)), TODAY
    )

    assert answers[1].rechecked_by == {"m1"}
    assert rulings[0].by == {"m1"}


def test_the_case_of_a_day_holds_the_signs_alone_and_what_is_in_force():
    sign, safeguard = against(CURE_ALL, BOB), clear(EXAM, ANN)
    today, tomorrow = ruled(AT_HOME, MO), ruled(AT_HOME, NAN, on=days_ago(-1))

    now = case(SHIPPED, dossier(safeguard, sign, tomorrow, today), TODAY)
    then = case(SHIPPED, dossier(safeguard, sign, tomorrow, today), days_ago(-1))

    assert (now.checklist, now.as_of, then.as_of) == (SHIPPED, TODAY, days_ago(-1))
    assert [answer.criterion for answer in now.answers] == ["cure_all_claims"]
    assert now.answers[0].reviewer == "r1", "the author of the safeguard has no part in the case"
    assert [ruling.on for ruling in now.rulings] == [TODAY]
    assert [ruling.on for ruling in then.rulings] == [days_ago(-1), TODAY]


def test_an_empty_dossier_makes_an_empty_case():
    assert inputs(SHIPPED, dossier(), TODAY) == ([], [])
    assert case(SHIPPED, dossier(), TODAY).answers == ()


def story(ann, bob, cid, mo, nan):
    """Return a dossier in which everybody takes part; the numbers of the reviews are those of their order."""
    return dossier(
        said(AT_HOME, Value.YES, bob, review=1, tier=3, looks=[nan, mo]),
        said(CURE_ALL, Value.NO, bob, review=1, tier=2),
        said(AT_HOME, Value.YES, ann, voice=cid, review=2),
        said(AT_HOME, Value.NO, bob, review=3, tier=3),
        said(AT_HOME, Value.NO, cid, review=4, looks=[ann]),
        ruled(AT_HOME, nan),
        ruled(AT_HOME, mo, nan, kind=RulingKind.REMEDIED, on=days_ago(2)),
    )
