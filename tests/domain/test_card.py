from collections import Counter

import pytest

from directory.domain.card import card
from directory.domain.dossier import case
from directory.domain.findings import RulingKind, Side, Verdict
from directory.domain.safeguards import Standing
from directory.domain.scoring import Grade
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL, PHYSICIAN, SHIPPED
from tests.support.dossiers import against, clear, dossier, ruled
from tests.support.reviews import link

EXAM = SHIPPED.by_slug["in_person_exam_before_first_dose"]
APPROVAL = SHIPPED.by_slug["false_fda_approval_claim"]
ANN, BOB, CID, MO, NAN = 11, 12, 13, 21, 22
REMEDIED = RulingKind.REMEDIED


def test_the_card_of_a_clinic_that_nobody_checked_shows_each_question_as_unknown():
    blank = card(SHIPPED, dossier(), TODAY)

    assert [entry.criterion for entry in blank.signs] == list(SHIPPED.signs)
    assert [entry.criterion for entry in blank.safeguards] == list(SHIPPED.safeguards)
    assert {entry.finding.verdict for entry in blank.signs} == {Verdict.UNKNOWN}
    assert blank.safeguard_counts == Counter({Standing.UNKNOWN: 30})
    assert (blank.checklist, blank.as_of) == (SHIPPED, TODAY)
    assert (blank.score.grade, blank.score.settled) == (Grade.GREY, 0)
    assert (blank.signs[0].newest, blank.signs[0].remedied_on) == (None, None)
    assert (blank.signs[0].counting, blank.signs[0].former) == ([], [])


def test_each_answer_stands_under_its_question_with_its_evidence():
    evidence = [link(), link("And refill it.")]
    raised = against(AT_HOME, ANN, tier=3, evidence=evidence)
    in_place = clear(EXAM, ANN, tier=3)

    shown = card(SHIPPED, dossier(raised, in_place), TODAY)

    assert {slug: each.counting for slug, each in entries(shown).items() if each.counting} == {
        "at_home_use_offered": [raised],
        "in_person_exam_before_first_dose": [in_place],
    }
    assert entry(shown, AT_HOME).counting[0].evidence == tuple(evidence)
    assert entry(shown, AT_HOME).finding.raising == Side(1, 3, 1)


def test_the_newest_observation_stands_first_and_of_one_day_the_later_entry():
    first, second = against(CURE_ALL, ANN, on=days_ago(3)), against(CURE_ALL, BOB, on=days_ago(3))
    newest, oldest = clear(CURE_ALL, CID, on=days_ago(1)), clear(CURE_ALL, MO, on=days_ago(9))

    shown = entry(card(SHIPPED, dossier(oldest, first, newest, second), TODAY), CURE_ALL)

    assert shown.counting == [newest, second, first, oldest]
    assert shown.newest == days_ago(1)


def test_what_has_run_out_is_shown_as_former_and_counts_no_more():
    old, older = against(CURE_ALL, ANN, tier=3, on=days_ago(181)), against(CURE_ALL, BOB, on=days_ago(200))
    last_day = against(CURE_ALL, CID, on=days_ago(180))

    shown = entry(card(SHIPPED, dossier(older, last_day, old), TODAY), CURE_ALL)

    assert (shown.counting, shown.former) == ([last_day], [old, older])
    assert shown.finding.raising.voices == 1
    assert shown.newest == days_ago(180)


def test_what_the_clinic_mended_is_shown_as_former_with_the_day():
    before, after = against(CURE_ALL, ANN, tier=3, on=days_ago(5)), against(CURE_ALL, BOB, on=days_ago(2))
    clearing = clear(CURE_ALL, CID, on=days_ago(9))
    mended = [ruled(CURE_ALL, MO, NAN, kind=REMEDIED, on=days_ago(days)) for days in (5, 7, -1)]

    shown = entry(card(SHIPPED, dossier(before, after, clearing, *mended), TODAY), CURE_ALL)

    assert (shown.counting, shown.former) == ([after, clearing], [before])
    assert shown.remedied_on == days_ago(5)


def test_a_confirmation_is_no_remedy():
    raised = [against(AT_HOME, ANN, tier=3), against(AT_HOME, BOB)]

    shown = entry(card(SHIPPED, dossier(*raised, ruled(AT_HOME, MO), ruled(AT_HOME, NAN)), TODAY), AT_HOME)

    assert (shown.finding.verdict, shown.remedied_on) == (Verdict.CONFIRMED, None)
    assert shown.confirmed_on is not None
    assert len(shown.counting) == 2


def test_a_ruling_that_is_not_yet_in_force_changes_nothing():
    raised = [against(AT_HOME, ANN, tier=3), against(AT_HOME, BOB)]
    rulings = [ruled(AT_HOME, MO, on=days_ago(-1)), ruled(AT_HOME, NAN, on=days_ago(-1))]

    before, after = (entry(card(SHIPPED, dossier(*raised, *rulings), day), AT_HOME) for day in (TODAY, days_ago(-1)))

    assert (before.finding.verdict, after.finding.verdict) == (Verdict.SUSPECTED, Verdict.CONFIRMED)


def test_a_confirmation_is_in_force_from_the_day_of_the_second_person():
    raised = [against(AT_HOME, ANN, tier=3, on=days_ago(1)), against(AT_HOME, BOB, on=days_ago(1))]
    first, second = ruled(AT_HOME, MO, on=days_ago(9)), ruled(AT_HOME, NAN, on=days_ago(7))
    later = ruled(AT_HOME, CID, on=days_ago(2))

    def since(*rulings):
        return entry(card(SHIPPED, dossier(*raised, *rulings), TODAY), AT_HOME).confirmed_on

    assert since() is None
    assert since(first, ruled(AT_HOME, MO, on=days_ago(8))) is None
    assert since(first, later, second) == days_ago(7)
    assert since(first, second, ruled(AT_HOME, MO, NAN, kind=REMEDIED, on=days_ago(5)), later) is None


def test_an_answer_that_its_author_replaced_is_not_on_the_card():
    replaced, newer = against(CURE_ALL, ANN, review=1), clear(CURE_ALL, ANN, review=2)

    shown = entry(card(SHIPPED, dossier(replaced, newer), TODAY), CURE_ALL)

    assert (shown.counting, shown.former) == ([newer], [])


@pytest.mark.parametrize("criterion", [CURE_ALL, PHYSICIAN, EXAM, APPROVAL], ids=lambda each: each.slug)
def test_an_entry_knows_which_of_its_answers_count_against_the_clinic(criterion):
    bad, good = against(criterion, ANN), clear(criterion, BOB)

    shown = entry(card(SHIPPED, dossier(bad, good), TODAY), criterion)

    assert [shown.raises(answer) for answer in (bad, good)] == [True, False]


def test_safeguards_are_counted_apart_and_never_change_the_score():
    signs = [clear(CURE_ALL, ANN, tier=3), clear(CURE_ALL, BOB), against(PHYSICIAN, ANN, tier=3)]
    good, bad = (
        [say(criterion, by, tier=3) for criterion in some for by in (ANN, BOB)]
        for say, some in ((clear, SHIPPED.safeguards[:12]), (against, SHIPPED.safeguards[12:15]))
    )

    shown, alone = card(SHIPPED, dossier(*signs, *good, *bad), TODAY), card(SHIPPED, dossier(*signs), TODAY)

    assert shown.safeguard_counts == Counter({Standing.UNKNOWN: 15, Standing.IN_PLACE: 12, Standing.ABSENT: 3})
    assert shown.score == alone.score
    assert (shown.score.grade, shown.score.settled) == (Grade.AMBER, 1)


def test_the_card_says_what_the_scoring_case_of_the_day_says():
    whole = dossier(
        clear(EXAM, CID),
        against(AT_HOME, ANN, tier=3, on=days_ago(9), looks=[MO]),
        against(PHYSICIAN, BOB, tier=3, on=days_ago(400)),
        clear(CURE_ALL, ANN, tier=3, voice=CID),
        clear(CURE_ALL, BOB, tier=3),
        ruled(AT_HOME, MO),
        ruled(AT_HOME, NAN, on=days_ago(-3)),
    )

    for day in (days_ago(40), TODAY, days_ago(-3), days_ago(-300)):
        shown, scored = card(SHIPPED, whole, day), case(SHIPPED, whole, day)
        assert {each.criterion.slug: each.finding for each in shown.signs} == scored.findings()
        assert shown.score == scored.score()


def entries(shown):
    return {each.criterion.slug: each for each in (*shown.signs, *shown.safeguards)}


def entry(shown, criterion):
    return entries(shown)[criterion.slug]
