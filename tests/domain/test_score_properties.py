import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from directory.domain.case_reading import parse_case
from directory.domain.cases import canonical, case_as_json, explanation
from directory.domain.checklist import Value
from directory.domain.findings import Answer, Ruling, RulingKind, Verdict, next_change
from directory.domain.scoring import Grade, changes_on, read, score, written
from tests.support.answers import TODAY, clearing, raising, remedied
from tests.support.checklists import SHIPPED, SIGNS
from tests.support.drawn_cases import (
    adding,
    answers,
    cases,
    cases_about,
    days,
    for_every,
    moved,
    rulings,
    signs,
    with_each_answer,
    without,
)

#: The better first: what a sign takes off, in the best case and in the worst, only grows along it.
VERDICTS = [Verdict.CLEARED, Verdict.UNKNOWN, Verdict.DISPUTED, Verdict.SUSPECTED, Verdict.CONFIRMED]
GRADES = [Grade.GREEN, Grade.GREY, Grade.AMBER, Grade.RED]
DAY = timedelta(days=1)


def test_the_drawn_cases_reach_every_verdict_of_every_sign_and_every_grade():
    verdicts, grades, numbers = set(), set(), set()

    @for_every(300, case=cases())
    def look(case):
        total = case.score()
        verdicts.update(total.verdicts.items())
        grades.add(total.grade)
        numbers.add(total.settled)

    look()

    assert verdicts == {(slug, verdict) for slug in SIGNS for verdict in Verdict}
    assert grades == set(Grade)
    assert numbers == {0, 1, 2, 3, 4, 5}


@for_every(case=cases(), chance=st.randoms(use_true_random=False))
def test_the_order_of_answers_and_rulings_is_irrelevant(case, chance):
    shuffled = replace(
        case,
        answers=tuple(chance.sample(case.answers, len(case.answers))),
        rulings=tuple(chance.sample(case.rulings, len(case.rulings))),
    )

    assert canonical(explanation(shuffled)) == canonical(explanation(case))


@for_every(150, case=cases(), added=answers())
def test_one_more_raising_answer_never_improves_a_finding_the_grade_or_the_range(case, added):
    worse = adding(case, replace(added, value=SIGNS[added.criterion].against))

    assert is_no_better(worse, case)


@for_every(150, drawn=cases_about(signs()), added=answers())
def test_one_more_raising_answer_among_few_never_improves_the_finding(drawn, added):
    slug, case = drawn

    worse = adding(case, replace(added, criterion=slug, value=SIGNS[slug].against))

    assert is_no_better(worse, case)


@for_every(150, case=cases(), added=answers())
def test_one_more_clearing_answer_never_worsens_a_finding_the_grade_or_the_range(case, added):
    better = adding(case, replace(added, value=SIGNS[added.criterion].against.opposite))

    assert is_no_better(case, better)


@for_every(150, drawn=cases_about(signs()), added=answers())
def test_one_more_clearing_answer_among_few_never_worsens_the_finding(drawn, added):
    slug, case = drawn

    better = adding(case, replace(added, criterion=slug, value=SIGNS[slug].against.opposite))

    assert is_no_better(case, better)


@for_every(case=cases(), added=st.lists(answers(), min_size=1, max_size=3))
def test_answers_of_those_who_could_not_tell_change_nothing(case, added):
    more = adding(case, *(replace(each, value=Value.UNKNOWN) for each in added))

    assert explanation(more) == explanation(case)


@for_every(case=cases(), data=st.data())
def test_repeating_an_answer_changes_nothing(case, data):
    repeated = data.draw(st.lists(st.sampled_from(case.answers), max_size=3)) if case.answers else []

    assert explanation(adding(case, *repeated)) == explanation(case)


@for_every(case=cases(), beyond=st.sampled_from((366, 367, 5000)))
def test_past_every_shelf_life_all_is_unknown_and_grey(case, beyond):
    newest = max((answer.observed_on for answer in case.answers), default=TODAY)

    total = replace(case, as_of=newest + beyond * DAY).score()

    assert set(total.verdicts.values()) == {Verdict.UNKNOWN}
    assert (total.grade, total.low, total.high, total.settled) == (Grade.GREY, 0, 100, 0)


@for_every(150, case=cases(), slug=signs(), says=st.sampled_from((raising, clearing)), on=days())
def test_a_lone_undocumented_claim_changes_nothing(case, slug, says, on):
    claim = says(SIGNS[slug], "stranger", tier=1, on=on)
    before = without(case, lambda each: says_the_same(each, claim) or confirms(each))

    after = adding(before, claim)

    assert after.score() == before.score()


@for_every(150, case=cases(), added=st.lists(answers(), min_size=1, max_size=8))
def test_no_clearing_answers_lift_a_confirmed_critical_sign(case, added):
    confirmed = [slug for slug, verdict in case.score().verdicts.items() if is_confirmed_critical(slug, verdict)]

    after = adding(case, *(replace(each, value=SIGNS[each.criterion].against.opposite) for each in added))

    assert all(after.score().verdicts[slug] is Verdict.CONFIRMED for slug in confirmed)


@for_every(150, case=cases())
def test_green_means_that_all_five_are_cleared(case):
    total = case.score()

    assert (total.grade is Grade.GREEN) == (list(total.verdicts.values()) == [Verdict.CLEARED] * 5)
    if total.grade is Grade.GREEN:
        assert (total.low, total.high, total.settled, total.confirmed_points) == (100, 100, 5, 0)


@for_every(150, case=cases())
def test_red_means_that_documented_signs_take_off_half_of_all_points_or_more(case):
    total = case.score()

    assert (total.grade is Grade.RED) == (total.confirmed_points >= 50)
    assert total.high <= 100 - total.confirmed_points or total.high == 0


@for_every(150, case=cases(), slug=signs())
def test_forgetting_everything_about_a_sign_never_raises_low_nor_turns_grey_to_green(case, slug):
    before = case.score()

    after = without(case, lambda each: each.criterion == slug).score()

    assert after.low <= before.low
    assert not (before.grade is Grade.GREY and after.grade is Grade.GREEN)
    assert after.settled <= before.settled


@for_every(150, drawn=cases_about(signs(criticals=[True])))
def test_a_confirmed_critical_sign_has_two_people_behind_it_and_a_live_raising_answer(drawn):
    slug, case = drawn
    people = {
        person
        for ruling in case.rulings
        if ruling.kind is RulingKind.CONFIRM and ruling.on <= case.as_of
        for person in ruling.by
    }
    has_raising_answer = any(answer.value is SIGNS[slug].against for answer in case.answers)

    if case.score().verdicts[slug] is Verdict.CONFIRMED:
        assert len(people) >= 2
        assert has_raising_answer


@for_every(case=cases(), added=answers(), accounts=st.integers(2, 9))
def test_any_number_of_linked_accounts_is_one_voice(case, added, accounts):
    def ring(number):
        return [
            replace(added, reviewer=f"account {n}", group="new ring", rechecked_by=frozenset()) for n in range(number)
        ]

    assert explanation(adding(case, *ring(accounts))) == explanation(adding(case, *ring(1)))


@for_every(drawn=cases_about(signs()))
def test_there_are_never_more_voices_than_groups(drawn):
    slug, case = drawn

    finding = case.findings()[slug]

    assert finding.raising.voices + finding.clearing.voices <= len({answer.group for answer in case.answers})


@for_every(case=cases())
def test_a_recheck_by_the_reviewer_is_ignored(case):
    rechecked = with_each_answer(case, lambda each: replace(each, rechecked_by=each.rechecked_by | {each.reviewer}))

    assert explanation(rechecked) == explanation(case)


@for_every(drawn=cases_about(signs()))
def test_only_what_anyone_can_check_gains_by_a_recheck(drawn):
    _, case = drawn

    rechecked = with_each_answer(
        case, lambda each: replace(each, rechecked_by=frozenset({"mo"})) if each.tier < 3 else each
    )

    assert explanation(rechecked) == explanation(case)


@for_every(case=cases(), slug=signs())
def test_what_somebody_else_has_rechecked_carries_like_a_second_voice(case, slug):
    case = replace(case, rulings=())

    def sides(*more):
        finding = adding(case, *more).findings()[slug]
        return finding.raising.level, finding.clearing.level

    for says in (raising, clearing):
        rechecked = says(SIGNS[slug], "guest", tier=3, rechecked_by=["mo"])
        alone = says(SIGNS[slug], "guest", tier=3)
        assert sides(rechecked) == sides(alone, says(SIGNS[slug], "second guest"))


@for_every(
    case=cases(), added=st.lists(answers() | rulings(), min_size=1, max_size=4), days=st.sampled_from((1, 2, 400))
)
def test_what_is_dated_in_the_future_is_ignored(case, added, days):
    on = case.as_of + days * DAY
    future = [replace(each, on=on) if isinstance(each, Ruling) else replace(each, observed_on=on) for each in added]

    assert explanation(adding(case, *future)) == explanation(case)


@for_every(150, case=cases())
def test_the_range_lies_between_nothing_and_a_hundred(case):
    total = case.score()

    assert 0 <= total.low <= total.high <= 100
    assert {type(total.low), type(total.high)} == {int}


@for_every(drawn=cases_about(signs()))
def test_a_settled_sign_leaves_no_doubt_about_its_points(drawn):
    slug, case = drawn
    verdict = case.score().verdicts[slug]

    total = score(SHIPPED, dict.fromkeys(SIGNS, Verdict.CLEARED) | {slug: verdict})

    assert (total.low == total.high) == verdict.is_settled


@for_every(case=cases(), data=st.data())
def test_better_evidence_for_a_raising_answer_never_improves_anything(case, data):
    shown = data.draw(st.lists(st.booleans(), min_size=len(case.answers), max_size=len(case.answers)))
    answers = tuple(
        replace(each, tier=3) if is_shown and each.value is SIGNS[each.criterion].against else each
        for each, is_shown in zip(case.answers, shown, strict=True)
    )

    assert is_no_better(replace(case, answers=answers), case)


@for_every(case=cases(), slug=signs(), on=days())
def test_a_remedy_never_worsens_a_finding(case, slug, on):
    assert is_no_better(case, adding(case, remedied(SIGNS[slug], "mo", on=on)))


@for_every(case=cases(), ruling=rulings())
def test_a_ruling_to_confirm_never_improves_a_finding(case, ruling):
    assert is_no_better(adding(case, replace(ruling, kind=RulingKind.CONFIRM)), case)


@for_every(case=cases(), added=st.lists(answers() | rulings(), min_size=1, max_size=4), slug=signs())
def test_what_is_said_about_one_sign_moves_no_other(case, added, slug):
    after = adding(case, *(replace(each, criterion=slug) for each in added)).findings()

    assert all(after[other] == finding for other, finding in case.findings().items() if other != slug)


@for_every(case=cases(), added=st.lists(answers(), min_size=1, max_size=4), data=st.data())
def test_safeguards_are_never_in_the_score(case, added, data):
    safeguards = st.sampled_from([safeguard.slug for safeguard in SHIPPED.safeguards])
    said = [replace(each, criterion=data.draw(safeguards)) for each in added]

    more = adding(replace(case, checklist=SHIPPED), *said)

    assert explanation(more) == explanation(case)
    assert next_day(more) == next_day(case)


@for_every(case=cases())
def test_nobody_counts_for_the_name_they_bear(case):
    renamed = replace(
        with_each_answer(
            case,
            lambda each: replace(
                each,
                reviewer=each.reviewer[::-1] + "!",
                group=f"group of {each.group}",
                rechecked_by=frozenset(name[::-1] + "!" for name in each.rechecked_by),
            ),
        ),
        rulings=tuple(replace(each, by=frozenset(name.upper() for name in each.by)) for each in case.rulings),
    )

    assert explanation(renamed) == explanation(case)


@for_every(case=cases(), days=st.sampled_from((-700_000, -1, 1, 366, 100_000)))
def test_only_the_time_that_has_passed_matters_and_not_the_year(case, days):
    later = moved(case, days)

    assert later.findings() == case.findings()
    assert (next_day(later) is None) == (next_day(case) is None)


@for_every(60, drawn=cases_about(signs()))
def test_until_the_next_change_time_alone_changes_no_finding(drawn):
    slug, case = drawn
    change = next_change(SIGNS[slug], case.answers, case.rulings, case.as_of)
    days = (change - case.as_of).days if change else 400

    found = [replace(case, as_of=case.as_of + day * DAY).findings()[slug] for day in range(days)]

    assert found == [case.findings()[slug]] * days
    assert days > 0


@for_every(20, case=cases())
def test_until_it_changes_time_alone_changes_no_score(case):
    change = next_day(case)
    days = (change - case.as_of).days if change else 400

    totals = {canonical(explanation(case) | {"as_of": ""})}
    for day in range(1, days):
        totals.add(canonical(explanation(replace(case, as_of=case.as_of + day * DAY)) | {"as_of": ""}))

    assert len(totals) == 1


@for_every(case=cases())
def test_every_change_of_a_score_is_reached_by_going_from_one_named_day_to_the_next(case):
    days = [case.as_of]
    while change := next_day(replace(case, as_of=days[-1])):
        days.append(change)

    assert days == sorted(set(days))
    assert replace(case, as_of=days[-1]).score().grade is Grade.GREY


@for_every(case=cases())
def test_written_verdicts_are_read_as_they_were(case):
    verdicts = case.score().verdicts

    assert read(SHIPPED, written(SHIPPED, verdicts)) == verdicts


@for_every(case=cases())
def test_a_written_case_is_read_as_it_was_and_scores_the_same(case):
    text = canonical(case_as_json(case))

    again = parse_case(text, {case.checklist.version: case.checklist}.__getitem__)

    assert again == case
    assert canonical(case_as_json(again)) == text
    assert explanation(again) == explanation(case)


@for_every(case=cases())
def test_an_explanation_says_what_the_score_says(case):
    said, total = explanation(case), case.score()

    assert (said["grade"], said["low"], said["high"]) == (total.grade, total.low, total.high)
    assert (said["settled"], said["number_shown"]) == (total.settled, total.is_number_shown)
    assert {slug: sign["verdict"] for slug, sign in said["signs"].items()} == total.verdicts
    assert total.settled == sum(verdict in {"cleared", "confirmed"} for verdict in total.verdicts.values())
    assert json.loads(canonical(said)) == said


def is_no_better(case, than):
    """Return whether no verdict, nor the grade, nor either end of the range is better than in the other case."""
    mine, other = case.score(), than.score()
    return (
        all(VERDICTS.index(mine.verdicts[slug]) >= VERDICTS.index(other.verdicts[slug]) for slug in SIGNS)
        and GRADES.index(mine.grade) >= GRADES.index(other.grade)
        and mine.low <= other.low
        and mine.high <= other.high
    )


def is_confirmed_critical(slug, verdict):
    return SIGNS[slug].is_critical and verdict is Verdict.CONFIRMED


def says_the_same(each, claim):
    return isinstance(each, Answer) and (each.criterion, each.value) == (claim.criterion, claim.value)


def confirms(each):
    return isinstance(each, Ruling) and each.kind is RulingKind.CONFIRM


def next_day(case):
    return changes_on(case.checklist, case.answers, case.rulings, case.as_of)
