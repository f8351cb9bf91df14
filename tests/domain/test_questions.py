import pytest

from directory.domain.card import card
from directory.domain.findings import RulingKind
from directory.domain.questions import Why, sheet
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL, SHIPPED
from tests.support.dossiers import against, clear, dossier, ruled

ANN, BOB, MO, NAN = 11, 12, 21, 22
CONSENT = SHIPPED.by_slug["written_informed_consent"]
VITALS = SHIPPED.by_slug["vitals_monitored_during"]
LONG_AGO = {"on": days_ago(181)}
SEEN = {"tier": 3, "looks": (MO,)}


def test_of_a_clinic_that_nobody_checked_everything_is_left_to_ask_signs_first_then_core_safeguards():
    blank = sheet(card(SHIPPED, dossier(), TODAY))

    asked = [each.entry.criterion for each in blank.first]
    assert asked == [*SHIPPED.signs, *(each for each in SHIPPED.safeguards if each.is_core)]
    assert [each.entry.criterion for each in blank.more] == [each for each in SHIPPED.safeguards if not each.is_core]
    assert {each.why for each in (*blank.first, *blank.more)} == {Why.NEVER}
    assert blank.confirmed == []


@pytest.mark.parametrize(
    ("criterion", "answers", "why"),
    [
        # A sign: one voice without a document tells too little, one with a source that anyone can check raises it.
        (CURE_ALL, [against(CURE_ALL)], Why.TOO_LITTLE),
        (CURE_ALL, [against(CURE_ALL, tier=3)], Why.SUSPECTED),
        (CURE_ALL, [against(CURE_ALL, tier=3), clear(CURE_ALL, BOB, tier=3)], Why.DISPUTED),
        # It is stale on the day after its last, and not before.
        (CURE_ALL, [against(CURE_ALL, tier=3, on=days_ago(180))], Why.SUSPECTED),
        (CURE_ALL, [against(CURE_ALL, tier=3, **LONG_AGO)], Why.STALE),
        (CURE_ALL, [clear(CURE_ALL, **SEEN, **LONG_AGO)], Why.STALE),
        # What the clinic mended is asked about until somebody shows how it is now.
        (CURE_ALL, [against(CURE_ALL, **SEEN), ruled(CURE_ALL, MO, NAN, kind=RulingKind.REMEDIED)], Why.STALE),
        # Settled either way: nothing is left to ask.
        (CURE_ALL, [clear(CURE_ALL, **SEEN)], None),
        (CURE_ALL, [against(CURE_ALL, **SEEN)], None),
        # A safeguard, core or not.
        (VITALS, [clear(VITALS)], Why.TOO_LITTLE),
        (VITALS, [clear(VITALS, tier=3), against(VITALS, BOB, tier=3)], Why.DISPUTED),
        (CONSENT, [clear(CONSENT, tier=3, on=days_ago(800))], Why.STALE),
        (CONSENT, [clear(CONSENT, **SEEN)], None),
        (CONSENT, [against(CONSENT, **SEEN)], None),
    ],
)
def test_what_is_left_to_ask_follows_from_the_rules_of_the_score(criterion, answers, why):
    asked = sheet(card(SHIPPED, dossier(*answers), TODAY))

    found = {each.entry.criterion.slug: each.why for each in (*asked.first, *asked.more)}
    assert found.pop(criterion.slug, None) is why
    assert set(found.values()) == {Why.NEVER}


def test_a_confirmed_sign_is_named_and_not_asked_about():
    raised = [against(AT_HOME, **SEEN), ruled(AT_HOME, MO, NAN)]

    asked = sheet(card(SHIPPED, dossier(*raised), TODAY))

    assert [entry.criterion for entry in asked.confirmed] == [AT_HOME]
    assert AT_HOME not in [each.entry.criterion for each in asked.first]
