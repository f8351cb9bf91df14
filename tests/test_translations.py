"""Every word of ours has its Spanish, and the Spanish says no more than the English does."""

import re
from collections import Counter

import pytest

from translations import gathering

GATHERED = {(message.id, message.context): message for message in gathering.template() if message.id}
SPANISH = {(message.id, message.context): message for message in gathering.read(*gathering.catalogs()) if message.id}
EACH = [
    (source, said)
    for message in SPANISH.values()
    for source, said in zip(
        *(words if isinstance(words, tuple) else (words,) for words in (message.id, message.string)), strict=True
    )
]
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
MARKUP = re.compile(r"</?\w[^>]*>|&\w+;")
#: "Seguro" alone is insurance; said of one of these it would be a promise.
JUDGING = re.compile(
    r"\b(?:insegur|estaf|ilegal|verificad)\w*|\b(?:clínica|centro|lugar|tratamiento|ketamina|uso|opción)e?s?\b"
    r"(?: \w+)? segur[oa]s?\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "message",
    [
        "Skip to the content",  # a template
        "If you did not ask for it, do nothing.",  # a mail
        "Use a whole number, like 25.",  # a form
        "A “yes” raises the sign.",  # a label
        ("%(num)d mile", "%(num)d miles"),
        ("%(number)s sign is confirmed", "%(number)s signs are confirmed"),  # marked by NN_()
        "Presents ketamine as a “cure-all”",  # the checklist
    ],
)
def test_words_are_gathered_wherever_they_stand(message):
    assert (message, None) in GATHERED


def test_every_word_has_its_spanish():
    """A failure is mended by `make translations`, and by writing what is missing into messages.po."""
    without = [key for key in GATHERED if key not in SPANISH or not gathering.is_translated(SPANISH[key].string)]

    assert without == []


def test_nothing_is_kept_that_nobody_says_and_nothing_waits_for_a_second_look():
    assert SPANISH.keys() - GATHERED.keys() == set()
    assert not gathering.read(*gathering.catalogs()).obsolete
    assert [message.id for message in SPANISH.values() if message.fuzzy] == []


def test_what_is_filled_in_and_marked_up_is_the_same_in_spanish():
    changed = [
        (source, said)
        for source, said in EACH
        if any(Counter(part.findall(source)) != Counter(part.findall(said)) for part in (PLACES, MARKUP))
    ]

    assert changed == []


def test_spaces_at_the_ends_hold_in_spanish_for_a_sentence_may_follow():
    assert [said for source, said in EACH if ends(source) != ends(said)] == []


def test_questions_are_opened_and_quotations_closed():
    assert [said for _, said in EACH if said.count("¿") != said.count("?")] == []
    assert [said for _, said in EACH if said.count("“") != said.count("”")] == []


def test_the_spanish_words_judge_no_clinic():
    assert [said for _, said in EACH if JUDGING.search(said)] == []


@pytest.mark.parametrize(
    "words", ["una clínica segura", "clínicas verificadas", "Es una estafa", "un lugar muy seguro"]
)
def test_a_judgment_would_be_noticed(words):
    assert JUDGING.search(words)


def ends(words):
    return words[:1].isspace(), words[-1:].isspace()
