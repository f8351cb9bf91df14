import pytest

from directory.domain.folding import fold
from directory.domain.profile import ROUTES, mask
from directory.domain.spellings import canonical, halves, lookup_keys, name_words, near_keys, routes_of, state_words


@pytest.mark.parametrize(
    "spellings",
    [
        # registers cut words short
        ["Mt Carmel Med Ctr", "Mount Carmel Medical Center", "MT. CARMEL MEDICAL CENTRE"],
        ["St. Luke's Hosp", "Saint Lukes Hospital", "ST LUKES HSPTL"],
        ["Ohio Hosp for Psychiatry", "Ohio Hospital Psychiatric"],
        ["Boise VA", "Boise Veterans"],
        # the treatments go by several names
        ["IV Clinic", "Infusion Clinic", "drip clinics"],
        ["Spravato Center", "Esketamine Center"],
        # Spanish names what English does
        ["Clínica de Ketamina", "Ketamine Clinic", "clinica ketamina"],
        ["Centro Médico del Norte", "North Medical Center"],
        ["Infusión", "infusion"],
    ],
)
def test_spellings_of_one_name_come_to_the_same_words(spellings):
    assert len({tuple(sorted(name_words(each))) for each in spellings}) == 1


def test_words_between_words_are_left_out_unless_there_is_nothing_else():
    assert name_words("The House of the Kite, LLC") == ["house", "kite"]
    assert name_words("The The") == ["the", "the"]
    assert name_words("%%%") == []


def test_a_plural_and_a_genitive_are_the_word_itself_and_other_words_keep_their_end():
    assert [canonical(word) for word in ("owls", "lukes", "glass", "campus", "iris", "bus")] == [
        "owl", "luke", "glass", "campus", "iris", "bus",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("turnip", "turnp"), ("turnip", "turnipp"), ("turnip", "tirnip"), ("turnip", "trunip"),
        # two slips in a long word, and vowels by ear
        ("accordion", "akkordian"), ("dumpling", "dubmling"), ("eclair", "eclare"), ("umbrella", "umbrela"),
    ],
)  # fmt: skip
def test_a_misspelt_word_is_looked_up_under_a_key_of_the_word_itself(word, typed):
    assert near_keys(word) & lookup_keys(typed)


@pytest.mark.parametrize("word", ["tin", "1234", "63101", "a1b2"])
def test_short_words_and_numbers_have_no_near_spelling(word):
    assert near_keys(word) == lookup_keys(word) == {word}


def test_the_keys_of_the_longest_word_stay_few():
    longest = canonical("x" * 200)

    assert len(longest) == 40
    assert len(lookup_keys("abcdefghijklmnopqrstuvwxyzabcdefghijklmn")) < 100
    assert len(lookup_keys("abcdefghijklmnop")) < 300


def test_a_word_is_seen_as_two_of_three_letters_or_more():
    assert halves("paperkite") == [("pap", "erkite"), ("pape", "rkite"), ("paper", "kite"), ("paperk", "ite")]
    assert halves("paper") == []


@pytest.mark.parametrize(
    ("typed", "routes"),
    [
        ("Spravato", ["esketamine_nasal"]), ("nasal esketamina", ["esketamine_nasal"]),
        ("nasal spray", ["esketamine_nasal", "compounded_nasal"]), ("IV drip", ["iv_infusion"]),
        ("infusión", ["iv_infusion"]), ("IM", ["im_injection"]), ("troches", ["lozenge_troche"]),
        ("ketamine clinic", []), ("", []),
    ],
)  # fmt: skip
def test_a_treatment_by_any_of_its_names_asks_for_its_routes(typed, routes):
    assert routes_of(name_words(typed)) == mask(ROUTES, routes)


def test_a_state_stands_for_itself_by_code_and_by_name():
    assert state_words("NM") == ("nm", "new", "mexico")


def test_folding_a_second_time_changes_nothing():
    for text in ("St. Luke's McCall", "Señor Piñata", "O'Bleness", "ＳＴ ＪＯＨＮ’Ｓ"):
        assert name_words(text) == name_words(fold(text))
