from datetime import timedelta

import pytest

from directory.domain.card import card
from directory.domain.checklist import Value
from directory.domain.dossier import Dossier, Ruled
from directory.domain.findings import RulingKind
from directory.domain.moderation import Action
from directory.domain.support import Lost, shaken
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED

HOME = "at_home_use_offered"
SHELF = timedelta(days=365)
DAY = timedelta(days=1)
CONFIRMED = (
    Ruled(criterion=HOME, kind=RulingKind.CONFIRM, by=(1,), on=days_ago(5)),
    Ruled(criterion=HOME, kind=RulingKind.CONFIRM, by=(2,), on=days_ago(5)),
)


def test_a_confirmed_sign_without_its_evidence_is_looked_at_again():
    assert found(lost()) == {HOME: lost()}


def test_of_several_losses_the_newest_is_told():
    earlier = lost(on=days_ago(2), action=Action.VOID)

    assert found(lost(), earlier) == {HOME: lost()}
    assert found(earlier, lost()) == {HOME: lost()}


@pytest.mark.parametrize(
    "other",
    [{"criterion": "no_detailed_history"}, {"version": "2020.1"}, {"value": Value.NO}, {"on": TODAY + DAY}],
)
def test_what_the_confirmation_did_not_rest_on_counts_for_nothing(other):
    assert found(lost(**other)) == {}


@pytest.mark.parametrize("rulings", [(), CONFIRMED[:1], (CONFIRMED[0], CONFIRMED[0])])
def test_without_two_people_there_is_nothing_to_look_at_again(rulings):
    assert found(lost(), rulings=rulings) == {}


def test_it_is_over_when_the_answer_would_have_run_out():
    assert found(lost(observed_on=TODAY - SHELF)) != {}
    assert found(lost(observed_on=TODAY - SHELF - DAY)) == {}


def lost(**stated):
    given = {
        "version": SHIPPED.version, "criterion": HOME, "value": Value.YES, "observed_on": days_ago(9),
        "action": Action.WITHDRAW_AFTER, "on": TODAY,
    }  # fmt: skip
    return Lost(**given | stated)


def found(*losses, rulings=CONFIRMED):
    dossier = Dossier([], rulings)
    return shaken(card(SHIPPED, dossier, TODAY), dossier, losses)
