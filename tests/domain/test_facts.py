import pytest

from directory.domain.errors import InvalidParameter
from directory.domain.facts import (
    VOCABULARIES,
    changed,
    differences,
    of_listing,
    problems,
    read,
    restored,
    shown,
    written,
)
from directory.domain.revisions import REVISABLE

LEAST = {"name": "Snail", "city": "Peoria", "state": "IL"}
NOTHING = dict.fromkeys(REVISABLE, "") | dict.fromkeys(VOCABULARIES, 0)
NOW = NOTHING | LEAST


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"name": "  Silver \n Snail "}, {"name": "Silver Snail"}),
        ({"state": "illinois"}, {"state": "IL"}),
        ({"postal_code": "61602-1234"}, {"postal_code": "61602"}),
        ({"phone": "(309) 555-0142"}, {"phone": "+13095550142"}),
        ({"website": "snail.example"}, {"website": "http://snail.example"}),
        ({"npi": "1234567893"}, {"npi": "1234567893"}),
        ({"contact_email": " desk@snail.example "}, {"contact_email": "desk@snail.example"}),
        ({"phone": "", "website": None, "organisation": " "}, {"phone": "", "website": "", "organisation": ""}),
        ({"routes": ["im_injection", "iv_infusion"]}, {"routes": 3}),
        ({"routes": (), "settings": None, "conditions": 5}, {"routes": 0, "settings": 0, "conditions": 5}),
        ({"insurance": ["superbill"], "accepts": ()}, {"insurance": 8, "accepts": 0}),
        ({"price": "$1,200"}, {"price": "1200"}),
        ({"price": " 300 – 800 "}, {"price": "300-800"}),
        ({"price": ""}, {"price": ""}),
        ({"organisation": "x" * 200}, {"organisation": "x" * 200}),
    ],
)
def test_what_is_typed_is_kept_in_the_form_of_a_listing(typed, kept):
    assert read(typed, is_whole=False) == kept


def test_a_whole_listing_has_every_fact():
    assert read(LEAST, is_whole=True) == NOW


@pytest.mark.parametrize(
    "typed",
    [
        {"name": " "}, {"name": "…"}, {"name": "x" * 201}, {"name": "\a"}, {"name": "\ufdfa" * 200},
        {"city": ""}, {"city": "x" * 101}, {"state": ""}, {"state": "Bavaria"}, {"address": "x" * 301},
        {"postal_code": "6160"[:2]}, {"phone": "555"}, {"website": "no site"}, {"contact_email": "desk"},
        {"npi": "1234567890"}, {"organisation": "–"}, {"routes": ["tea"]}, {"routes": "iv_infusion"},
        {"settings": -1}, {"conditions": 1 << 12}, {"point": "0,0"},
        {"insurance": ["some"]}, {"price": "0"}, {"price": "cheap"}, {"price": "800-300"}, {"price": "400.50"},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_the_remedy(typed):
    (field,) = typed

    found = problems(typed, is_whole=False)

    assert list(found) == [field]
    assert str(found[field])
    with pytest.raises(InvalidParameter) as refused:
        read(typed, is_whole=False)
    assert refused.value.field == field


def test_of_a_whole_listing_what_is_missing_is_named_and_of_a_part_it_is_not():
    assert list(problems({}, is_whole=True)) == ["name", "city", "state"]
    assert problems({}, is_whole=False) == {}


def test_only_what_reads_otherwise_changes_anything():
    assert changed(NOW | {"phone": "+13095550142"}, NOW) == {"phone": "+13095550142"}
    assert changed({"phone": ""}, NOW | {"phone": "+13095550142"}) == {"phone": ""}


def test_an_address_that_nobody_may_know_always_counts_as_another_and_none_leaves_it():
    now = NOW | {"contact_email": "desk@snail.example"}

    assert changed({"contact_email": "desk@snail.example"}, now) == {"contact_email": "desk@snail.example"}
    assert changed({"contact_email": ""}, now) == {}


def test_a_difference_says_what_it_was_what_it_is_and_what_it_would_be_in_one_order():
    found = differences({"routes": 1, "name": "Snail"}, {"routes": 2, "name": "Slug"}, NOW | {"routes": 3})

    assert [(each.field, each.before, each.now, each.after) for each in found] == [
        ("name", "Snail", "Snail", "Slug"),
        ("routes", ("IV infusion",), ("IV infusion", "IM (muscle) injection"), ("IM (muscle) injection",)),
    ]
    assert [each.before for each in differences({}, {"phone": "+1", "settings": 1}, NOW)] == ["", ()]


def test_the_columns_of_a_listing_are_its_facts():
    assert of_listing(dict.fromkeys(REVISABLE) | LEAST | {"routes": 3}) == NOW | {"routes": 3}
    assert shown("routes", 0) == ()


def test_facts_are_kept_as_one_text():
    facts = NOW | {"name": "Снаил \U0001d4d0"}

    assert restored(written(facts)) == facts
    assert "\U0001d4d0" in written(facts)
