from dataclasses import replace
from datetime import date, timedelta

import pytest

from directory.domain.checklist import Value
from directory.domain.findings import (
    CREDIBLE,
    DOCUMENT,
    QUORUM,
    TESTIMONY,
    VERIFIABLE,
    RulingKind,
    Side,
    Verdict,
    find,
    next_change,
)
from tests.support.answers import TODAY, answer, clearing, confirm, days_ago, raising, remedied
from tests.support.checklists import AT_HOME, CURE_ALL, HISTORY, PHYSICIAN, SHIPPED, SIGNS

UNKNOWN, CLEARED, DISPUTED, SUSPECTED, CONFIRMED = Verdict
A_QUORUM = [{"tier": 3}, {"tier": 1}]
ONE_DOCUMENT = [{"tier": 2}]
ONE_WORD = [{"tier": 1}]
TWO_WORDS = [{"tier": 1}, {"tier": 1}]
DAY = timedelta(days=1)


@pytest.mark.parametrize("sign", SIGNS.values(), ids=lambda sign: sign.slug)
@pytest.mark.parametrize(
    ("raised", "cleared", "verdict", "verdict_if_critical"),
    [
        ([], [], UNKNOWN, UNKNOWN),
        ([], ONE_DOCUMENT, UNKNOWN, UNKNOWN),
        ([], A_QUORUM, CLEARED, CLEARED),
        (ONE_DOCUMENT, [], SUSPECTED, SUSPECTED),
        (ONE_DOCUMENT, ONE_DOCUMENT, DISPUTED, DISPUTED),
        (ONE_DOCUMENT, A_QUORUM, DISPUTED, DISPUTED),
        # a critical sign is never confirmed by answers alone
        (A_QUORUM, [], CONFIRMED, SUSPECTED),
        (A_QUORUM, ONE_DOCUMENT, CONFIRMED, SUSPECTED),
        (A_QUORUM, A_QUORUM, DISPUTED, DISPUTED),
        # one undocumented voice changes nothing
        (ONE_WORD, [], UNKNOWN, UNKNOWN),
        ([], ONE_WORD, UNKNOWN, UNKNOWN),
        (ONE_WORD, A_QUORUM, CLEARED, CLEARED),
        (ONE_DOCUMENT, ONE_WORD, SUSPECTED, SUSPECTED),
        # testimony alone does not shake a quorum, and does shake less
        (TWO_WORDS, A_QUORUM, CLEARED, CLEARED),
        (TWO_WORDS, ONE_DOCUMENT, DISPUTED, DISPUTED),
        (TWO_WORDS, TWO_WORDS, DISPUTED, DISPUTED),
        (TWO_WORDS, [], SUSPECTED, SUSPECTED),
        # one document among the raising voices is more than testimony
        ([{"tier": 2}, {"tier": 1}], A_QUORUM, DISPUTED, DISPUTED),
        ([{"tier": 3}], A_QUORUM, DISPUTED, DISPUTED),
    ],
)
def test_the_verdict_follows_from_what_both_sides_carry(sign, raised, cleared, verdict, verdict_if_critical):
    answers = said(sign, raising=raised, clearing=cleared)

    finding = find(sign, answers, [], TODAY)

    assert finding.verdict is (verdict_if_critical if sign.is_critical else verdict)


@pytest.mark.parametrize("is_raising", [True, False], ids=["raising", "clearing"])
@pytest.mark.parametrize(
    ("voices", "best_tier", "level"),
    [
        ([], 0, 0),
        # one undocumented voice carries nothing
        ([{"tier": 1}], 1, 0),
        # two voices, or one with evidence, are credible
        ([{"tier": 1}, {"tier": 1}], 1, 1),
        ([{"tier": 2}], 2, 1),
        ([{"tier": 3}], 3, 1),
        ([{"tier": 2}, {"tier": 2}], 2, 1),
        # what anyone can check carries with a second voice, or with a re-check
        ([{"tier": 3}, {"tier": 1}], 3, 2),
        ([{"tier": 3}, {"tier": 3}], 3, 2),
        ([{"tier": 3, "rechecked_by": ["mo"]}], 3, 2),
        ([{"tier": 3, "rechecked_by": ["mo"]}, {"tier": 1}], 3, 2),
        # nobody can re-check a document or a word
        ([{"tier": 2, "rechecked_by": ["mo"]}], 2, 1),
        ([{"tier": 1, "rechecked_by": ["mo"]}], 1, 0),
        ([{"tier": 2, "rechecked_by": ["mo"]}, {"tier": 2}], 2, 1),
        # three voices carry where two of them have evidence
        ([{"tier": 1}, {"tier": 1}, {"tier": 1}], 1, 1),
        ([{"tier": 2}, {"tier": 1}, {"tier": 1}], 2, 1),
        ([{"tier": 2}, {"tier": 2}, {"tier": 1}], 2, 2),
        ([{"tier": 2}, {"tier": 2}, {"tier": 2}, {"tier": 1}], 2, 2),
        ([{"tier": 1}] * 9, 1, 1),
    ],
)
def test_a_side_carries_as_far_as_its_voices_and_their_evidence(voices, best_tier, level, is_raising):
    answers = said(PHYSICIAN, **{"raising" if is_raising else "clearing": voices})

    finding = find(PHYSICIAN, answers, [], TODAY)

    spoken, silent = (finding.raising, finding.clearing)[:: 1 if is_raising else -1]
    assert spoken == Side(len(voices), best_tier, level)
    assert silent == Side(0, 0, 0)


@pytest.mark.parametrize("value", [Value.UNKNOWN, Value.NOT_APPLICABLE])
def test_who_could_not_tell_says_nothing(value):
    answers = [answer(PHYSICIAN, value, by, tier=3) for by in ("ann", "bob", "cid")]

    finding = find(PHYSICIAN, answers, [], TODAY)

    assert finding.verdict is UNKNOWN
    assert (finding.raising, finding.clearing) == (Side(0, 0, 0), Side(0, 0, 0))


@pytest.mark.parametrize(
    ("criterion", "says", "verdict"),
    [(PHYSICIAN, Value.NO, CONFIRMED), (PHYSICIAN, Value.YES, CLEARED), (CURE_ALL, Value.YES, CONFIRMED)],
)
def test_each_question_knows_which_answer_counts_against_the_clinic(criterion, says, verdict):
    answers = [answer(criterion, says, "ann", tier=3), answer(criterion, says, "bob", tier=3)]

    assert find(criterion, answers, [], TODAY).verdict is verdict


def test_answers_and_rulings_about_something_else_are_left_aside():
    answers = said(HISTORY, raising=A_QUORUM) + said(AT_HOME, raising=ONE_DOCUMENT)
    rulings = [confirm(HISTORY, "mo", "nan"), remedied(HISTORY, "mo")]

    assert find(AT_HOME, answers, rulings, TODAY).verdict is SUSPECTED


@pytest.mark.parametrize("safeguard", SHIPPED.safeguards, ids=lambda each: each.slug)
def test_a_safeguard_is_found_by_the_same_voices(safeguard):
    answers = said(safeguard, clearing=A_QUORUM, raising=ONE_WORD)

    finding = find(safeguard, answers, [], TODAY)

    assert (finding.raising.level, finding.clearing.level) == (0, 2)


@pytest.mark.parametrize("says", [raising, clearing])
@pytest.mark.parametrize(
    ("sign", "days", "voices"),
    [
        (AT_HOME, 365, 1), (AT_HOME, 366, 0), (AT_HOME, 0, 1), (AT_HOME, -1, 0),
        (CURE_ALL, 180, 1), (CURE_ALL, 181, 0), (CURE_ALL, 0, 1), (CURE_ALL, -1, 0),
    ],
)  # fmt: skip
def test_an_answer_counts_from_its_day_to_the_last_of_its_shelf_life(sign, days, voices, says):
    finding = find(sign, [says(sign, tier=2, on=days_ago(days))], [], TODAY)

    assert finding.raising.voices + finding.clearing.voices == voices


def test_the_newest_observation_of_a_voice_speaks():
    changed_to_better = [raising(PHYSICIAN, tier=2, on=days_ago(2)), clearing(PHYSICIAN, tier=2, on=days_ago(1))]
    changed_to_worse = [clearing(PHYSICIAN, tier=2, on=days_ago(2)), raising(PHYSICIAN, tier=2, on=days_ago(1))]

    better = find(PHYSICIAN, changed_to_better, [], TODAY)
    worse = find(PHYSICIAN, changed_to_worse, [], TODAY)

    assert (better.raising.voices, better.clearing.voices) == (0, 1)
    assert (worse.raising.voices, worse.clearing.voices) == (1, 0)


def test_a_voice_that_contradicts_itself_on_one_day_raises_the_sign():
    answers = [raising(PHYSICIAN, tier=1), clearing(PHYSICIAN, tier=3, rechecked_by=["mo"])]

    for given in (answers, answers[::-1]):
        finding = find(PHYSICIAN, given, [], TODAY)

        assert (finding.raising, finding.clearing) == (Side(1, 1, 0), Side(0, 0, 0))


def test_a_voice_speaks_with_its_best_evidence_for_what_it_now_says():
    answers = [
        raising(PHYSICIAN, tier=2, on=days_ago(3)),
        clearing(PHYSICIAN, tier=3, on=days_ago(2)),
        raising(PHYSICIAN, tier=1, on=days_ago(1)),
    ]

    assert find(PHYSICIAN, answers, [], TODAY).raising == Side(1, 2, 1)


def test_an_older_source_seen_by_somebody_else_still_carries_the_voice():
    answers = [
        raising(PHYSICIAN, tier=3, on=days_ago(3), rechecked_by=["mo"]),
        raising(PHYSICIAN, tier=2, on=days_ago(1)),
    ]

    assert find(PHYSICIAN, answers, [], TODAY).raising == Side(1, 3, 2)


def test_a_recheck_of_what_the_voice_no_longer_says_is_lost():
    answers = [
        clearing(PHYSICIAN, tier=3, on=days_ago(3), rechecked_by=["mo"]),
        raising(PHYSICIAN, tier=3, on=days_ago(1)),
    ]

    assert find(PHYSICIAN, answers, [], TODAY).raising == Side(1, 3, 1)


def test_linked_accounts_are_one_voice():
    answers = [raising(PHYSICIAN, by, tier=3, group="ring") for by in ("ann", "bob", "cid")]

    assert find(PHYSICIAN, answers, [], TODAY).raising == Side(1, 3, 1)


def test_one_reviewer_in_two_groups_is_counted_by_group():
    answers = [raising(PHYSICIAN, "ann", tier=3, group="a"), raising(PHYSICIAN, "ann", tier=3, group="b")]

    assert find(PHYSICIAN, answers, [], TODAY).raising.voices == 2


@pytest.mark.parametrize(
    ("rechecked_by", "level"), [([], 1), (["ann"], 1), (["ann", "mo"], 2), (["mo"], 2), (["bob"], 2)]
)
def test_only_somebody_else_can_recheck_an_answer(rechecked_by, level):
    answers = [raising(PHYSICIAN, "ann", tier=3, group="ring", rechecked_by=rechecked_by)]

    assert find(PHYSICIAN, answers, [], TODAY).raising.level == level


@pytest.mark.parametrize(
    ("observed_days_ago", "remedied_days_ago", "voices"),
    [
        # what was seen on the day of the remedy is mended as well
        (10, 9, 0), (10, 10, 0),
        # what was seen later is not, and a remedy not yet in force mends nothing
        (9, 10, 1), (10, -1, 1), (0, 0, 0),
    ],
)  # fmt: skip
def test_a_remedy_in_force_takes_the_raising_answers_up_to_its_day(observed_days_ago, remedied_days_ago, voices):
    answers = [raising(PHYSICIAN, tier=2, on=days_ago(observed_days_ago))]
    rulings = [remedied(PHYSICIAN, "mo", on=days_ago(remedied_days_ago))]

    assert find(PHYSICIAN, answers, rulings, TODAY).raising.voices == voices


def test_the_latest_remedy_counts_in_whatever_order_they_come():
    answers = [raising(PHYSICIAN, tier=2, on=days_ago(10))]
    rulings = [remedied(PHYSICIAN, "mo", on=days_ago(20)), remedied(PHYSICIAN, "mo", on=days_ago(5))]

    assert find(PHYSICIAN, answers, rulings, TODAY).verdict is UNKNOWN
    assert find(PHYSICIAN, answers, rulings[::-1], TODAY).verdict is UNKNOWN


def test_a_remedy_leaves_the_clearing_answers():
    answers = said(PHYSICIAN, raising=A_QUORUM, clearing=A_QUORUM)

    finding = find(PHYSICIAN, answers, [remedied(PHYSICIAN, "mo")], TODAY)

    assert finding.verdict is CLEARED
    assert (finding.raising.voices, finding.clearing.voices) == (0, 2)


def test_a_voice_whose_raising_answer_was_mended_speaks_with_what_is_left():
    answers = [clearing(PHYSICIAN, tier=2, on=days_ago(20)), raising(PHYSICIAN, tier=3, on=days_ago(10))]

    finding = find(PHYSICIAN, answers, [remedied(PHYSICIAN, "mo", on=days_ago(5))], TODAY)

    assert (finding.raising, finding.clearing) == (Side(0, 0, 0), Side(1, 2, 1))


@pytest.mark.parametrize(
    ("rulings", "verdict"),
    [
        # two people in one ruling, or one each in two
        ([confirm(AT_HOME, "mo", "nan")], CONFIRMED),
        ([confirm(AT_HOME, "mo"), confirm(AT_HOME, "nan")], CONFIRMED),
        ([confirm(AT_HOME, "mo", on=days_ago(9)), confirm(AT_HOME, "nan", on=days_ago(1))], CONFIRMED),
        ([confirm(AT_HOME, "mo", "nan", "oz")], CONFIRMED),
        # one person, however often
        ([confirm(AT_HOME, "mo")], SUSPECTED),
        ([confirm(AT_HOME, "mo"), confirm(AT_HOME, "mo", on=days_ago(1))], SUSPECTED),
        ([], SUSPECTED),
        # not yet in force
        ([confirm(AT_HOME, "mo", "nan", on=days_ago(-1))], SUSPECTED),
        ([confirm(AT_HOME, "mo"), confirm(AT_HOME, "nan", on=days_ago(-1))], SUSPECTED),
        # a remedy on its day or later lifts it, an older one or one to come does not
        ([confirm(AT_HOME, "mo", "nan", on=days_ago(8)), remedied(AT_HOME, "mo", on=days_ago(8))], SUSPECTED),
        ([confirm(AT_HOME, "mo", "nan", on=days_ago(9)), remedied(AT_HOME, "mo", on=days_ago(8))], SUSPECTED),
        ([confirm(AT_HOME, "mo", "nan", on=days_ago(7)), remedied(AT_HOME, "mo", on=days_ago(8))], CONFIRMED),
        ([confirm(AT_HOME, "mo", "nan", on=days_ago(8)), remedied(AT_HOME, "mo", on=days_ago(-1))], CONFIRMED),
        # who ruled before the remedy does not add up with who ruled after it
        (
            [
                confirm(AT_HOME, "mo", on=days_ago(9)),
                remedied(AT_HOME, "mo", on=days_ago(8)),
                confirm(AT_HOME, "nan", on=days_ago(7)),
            ],
            SUSPECTED,
        ),
        # a ruling that it is mended confirms nothing
        ([remedied(AT_HOME, "mo", "nan", on=days_ago(20))], SUSPECTED),
    ],
)
def test_two_people_in_force_confirm_a_critical_sign(rulings, verdict):
    answers = said(AT_HOME, raising=A_QUORUM)

    assert find(AT_HOME, answers, rulings, TODAY).verdict is verdict
    assert find(AT_HOME, answers, rulings[::-1], TODAY).verdict is verdict


@pytest.mark.parametrize(
    "answers",
    [
        [raising(AT_HOME, "ann")],
        [raising(AT_HOME, "ann", on=days_ago(365))],
        # its own voice says otherwise by now, and it is still live
        [raising(AT_HOME, "ann", on=days_ago(3)), clearing(AT_HOME, "ann", tier=3, on=days_ago(2))],
    ],
)
def test_a_ruling_holds_while_one_raising_answer_is_live_whatever_clears(answers):
    answers = answers + said(AT_HOME, clearing=[*A_QUORUM, {"tier": 3}])

    assert find(AT_HOME, answers, [confirm(AT_HOME, "mo", "nan")], TODAY).verdict is CONFIRMED


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [raising(AT_HOME, tier=3, on=days_ago(366))],
        [raising(AT_HOME, tier=3, on=days_ago(-1))],
        [clearing(AT_HOME, tier=3), clearing(AT_HOME, "bob", tier=3)],
        [answer(AT_HOME, Value.UNKNOWN, tier=3)],
    ],
)
def test_a_ruling_without_a_live_raising_answer_changes_nothing(answers):
    with_ruling = find(AT_HOME, answers, [confirm(AT_HOME, "mo", "nan")], TODAY)

    assert with_ruling == find(AT_HOME, answers, [], TODAY)
    assert with_ruling.verdict is not CONFIRMED


def test_rulings_do_not_confirm_what_is_not_critical():
    answers = said(PHYSICIAN, raising=ONE_DOCUMENT)

    assert find(PHYSICIAN, answers, [confirm(PHYSICIAN, "mo", "nan")], TODAY).verdict is SUSPECTED


def test_a_finding_says_how_many_spoke_on_each_side_also_where_rulings_decide():
    answers = said(AT_HOME, raising=ONE_WORD, clearing=A_QUORUM)

    finding = find(AT_HOME, answers, [confirm(AT_HOME, "mo", "nan")], TODAY)

    assert (finding.raising, finding.clearing) == (Side(1, 1, 0), Side(2, 3, 2))


@pytest.mark.parametrize(
    ("answers", "rulings", "day"),
    [
        ([], [], None),
        # the day after the last of the shelf life
        ([raising(AT_HOME, on=TODAY)], [], TODAY + 366 * DAY),
        ([raising(AT_HOME, on=days_ago(365))], [], TODAY + DAY),
        ([raising(AT_HOME, on=days_ago(366))], [], None),
        # the earliest of several
        ([raising(AT_HOME, on=days_ago(9)), clearing(AT_HOME, "bob", on=days_ago(5))], [], TODAY + 357 * DAY),
        # an answer and a ruling whose day is still to come
        ([raising(AT_HOME, on=TODAY + 3 * DAY)], [], TODAY + 3 * DAY),
        ([raising(AT_HOME, on=TODAY)], [confirm(AT_HOME, "mo", on=TODAY + 2 * DAY)], TODAY + 2 * DAY),
        ([raising(AT_HOME, on=TODAY)], [confirm(AT_HOME, "mo", on=TODAY)], TODAY + 366 * DAY),
        # what is about another criterion
        ([raising(HISTORY, on=TODAY)], [confirm(HISTORY, "mo", on=TODAY + 2 * DAY)], None),
        ([raising(CURE_ALL, on=TODAY)], [], None),
    ],
)
def test_the_next_change_is_the_first_day_on_which_time_alone_may_change_the_finding(answers, rulings, day):
    assert next_change(AT_HOME, answers, rulings, TODAY) == day


def test_an_answer_of_the_last_day_of_the_calendar_has_a_next_change():
    last_day = date.max

    assert next_change(AT_HOME, [raising(AT_HOME, on=last_day)], [], TODAY) == last_day


def test_verdicts_keep_the_order_in_which_they_are_stored():
    assert [verdict.value for verdict in Verdict] == ["unknown", "cleared", "disputed", "suspected", "confirmed"]
    assert [verdict.label for verdict in Verdict] == ["Unknown", "Cleared", "Disputed", "Suspected", "Confirmed"]


def test_found_or_looked_for_and_not_found_is_settled():
    assert {verdict for verdict in Verdict if verdict.is_settled} == {CONFIRMED, CLEARED}


def test_evidence_has_three_tiers_and_a_side_carries_nothing_or_one_of_two_levels():
    assert (TESTIMONY, DOCUMENT, VERIFIABLE) == (1, 2, 3)
    assert (CREDIBLE, QUORUM) == (1, 2)


def test_rulings_are_of_two_kinds():
    assert [kind.value for kind in RulingKind] == ["confirm", "remedied"]


def test_a_critical_sign_is_the_same_as_another_in_all_but_the_rulings():
    ordinary = replace(AT_HOME, is_critical=False)
    answers = said(AT_HOME, raising=A_QUORUM, clearing=ONE_DOCUMENT)

    assert find(ordinary, answers, [], TODAY).verdict is CONFIRMED
    assert find(AT_HOME, answers, [], TODAY).verdict is SUSPECTED


def said(criterion, raising=(), clearing=()):
    """Return one answer of a reviewer of its own for each entry."""
    sides = ((criterion.against, raising), (criterion.against.opposite, clearing))
    return [
        answer(criterion, value, f"{value}-{number}", **details)
        for value, side in sides
        for number, details in enumerate(side)
    ]
