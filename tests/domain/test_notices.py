from dataclasses import replace
from datetime import timedelta

import pytest

from directory.domain.errors import InvalidParameter
from directory.domain.notices import BY_HAND, ToldByHand, Way
from tests.support.answers import TODAY

TOLD = ToldByHand(on=TODAY, how=Way.PHONE, words="I spoke to the front desk.")


def test_each_way_of_telling_a_clinic_has_its_own_words_for_people():
    assert len({way.label for way in Way}) == len(Way)
    assert (Way.MAIL.label, Way.IN_PERSON.label) == ("By e-mail", "In person")


@pytest.mark.parametrize("how", BY_HAND)
def test_a_clinic_was_told_by_hand_today_or_before(how):
    for days in (0, 400):
        replace(TOLD, how=how, on=TODAY - timedelta(days=days), words="x" * 1000).check(TODAY)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"on": TODAY + timedelta(days=1)}, "told_on", "cannot lie in the future"),
        ({"how": Way.MAIL}, "how", "Say how the clinic was told"),
        ({"words": " \n"}, "words", "Say in a sentence whom you told"),
        ({"words": "x" * 1001}, "words", "Shorten it to 1,000 characters"),
        ({"words": "a\x00b"}, "words", "as plain text"),
    ],
)
def test_what_is_not_said_whole_is_asked_for_by_its_field(wrong, field, says):
    with pytest.raises(InvalidParameter, match=says) as refused:
        replace(TOLD, **wrong).check(TODAY)

    assert refused.value.field == field
