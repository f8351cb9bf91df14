"""Small scoring cases for Hypothesis: drawn close to the edges of the rules, and the same on every machine."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.domain.cases import Case
from directory.domain.checklist import Value
from directory.domain.findings import Answer, Ruling, RulingKind
from tests.support.answers import TODAY, clearing, confirm, days_ago, raising
from tests.support.checklists import SHIPPED

#: Mostly live, and on both sides of each shelf life and of today.
DAYS_AGO = (0, 0, 1, 1, 2, 3, 30, 30, 180, 181, 365, 366, -1)
REVIEWERS = ("ann", "bob", "cid", "dee")
VALUES = (Value.YES, Value.NO, Value.YES, Value.NO, Value.UNKNOWN)
WORDS = {
    "name": "", "question": "", "ask": "", "why": "", "contested": "", "evidence": (), "mistaken": (), "sources": (),
}  # fmt: skip
#: The shipped signs without their words, which would fill the pages of a counterexample.
SIGNS_ALONE = replace(SHIPPED, signs=tuple(replace(sign, **WORDS) for sign in SHIPPED.signs), safeguards=())
EMPTY = Case(SIGNS_ALONE, TODAY, (), ())


def for_every(examples=100, **drawn):
    """Hold a property against drawn cases, with no clock, no chance and nothing kept on the disk."""
    fixed = settings(max_examples=examples, derandomize=True, deadline=None, database=None, print_blob=False)
    return lambda test: fixed(given(**drawn)(test))


def signs(criticals=(True, False)):
    return st.sampled_from([sign.slug for sign in SHIPPED.signs if sign.is_critical in criticals])


def days():
    return st.sampled_from(DAYS_AGO).map(days_ago)


def answers(about=signs()):  # noqa: B008 - a strategy is a value
    return st.builds(
        Answer,
        criterion=about,
        value=st.sampled_from(VALUES),
        tier=st.sampled_from((1, 1, 2, 3)),
        observed_on=days(),
        reviewer=st.sampled_from(REVIEWERS),
        group=st.sampled_from((*REVIEWERS, *REVIEWERS, "ring", "team")),
        rechecked_by=st.sampled_from(((), (), ("mo",), ("ann",), ("ann", "bob"))).map(frozenset),
    )


def rulings(about=signs()):  # noqa: B008 - as above
    return st.builds(
        Ruling,
        criterion=about,
        kind=st.sampled_from((RulingKind.CONFIRM, RulingKind.CONFIRM, RulingKind.REMEDIED)),
        by=st.sampled_from((("mo",), ("nan",), ("oz",), ("mo", "nan"))).map(frozenset),
        on=days(),
    )


def cases():
    """Draw cases in which each sign begins with nothing or with what settles it, and people add to that."""
    beginnings = st.sampled_from((_nothing, _cleared, _cleared, _suspected, _found))
    begun = st.just([_cleared] * 5) | st.lists(beginnings, min_size=5, max_size=5)
    return st.builds(_begun, begun, st.lists(answers(), max_size=6), st.lists(rulings(), max_size=3))


def cases_about(slugs):
    """Draw cases in which people speak of one sign alone, with its slug."""
    return slugs.flatmap(lambda slug: st.tuples(st.just(slug), _about(st.just(slug))))


def _about(slug):
    said = st.lists(answers(slug), max_size=8), st.lists(rulings(slug), max_size=3)
    return st.builds(_begun, st.just([_nothing] * 5), *said)


def adding(case, *more):
    answers = tuple(each for each in more if isinstance(each, Answer))
    rulings = tuple(each for each in more if isinstance(each, Ruling))
    return replace(case, answers=case.answers + answers, rulings=case.rulings + rulings)


def without(case, is_dropped):
    kept = [tuple(each for each in kind if not is_dropped(each)) for kind in (case.answers, case.rulings)]
    return replace(case, answers=kept[0], rulings=kept[1])


def with_each_answer(case, change):
    return replace(case, answers=tuple(map(change, case.answers)))


def moved(case, days):
    """Return the case with its day and everything in it that many days later."""
    wait = timedelta(days=days)
    return replace(
        case,
        as_of=case.as_of + wait,
        answers=tuple(replace(answer, observed_on=answer.observed_on + wait) for answer in case.answers),
        rulings=tuple(replace(ruling, on=ruling.on + wait) for ruling in case.rulings),
    )


def _begun(begun, answers, rulings):
    pairs = zip(begun, SHIPPED.signs, strict=True)
    return adding(EMPTY, *(each for begin, sign in pairs for each in begin(sign)), *answers, *rulings)


def _nothing(sign):
    return ()


def _cleared(sign):
    return clearing(sign, "eve", tier=3, on=days_ago(5)), clearing(sign, "fay", on=days_ago(5))


def _suspected(sign):
    return (raising(sign, "eve", tier=3, on=days_ago(5)),)


def _found(sign):
    voices = raising(sign, "eve", tier=3, on=days_ago(5)), raising(sign, "fay", on=days_ago(5))
    return (*voices, confirm(sign, "mo", "nan", on=days_ago(5)))
