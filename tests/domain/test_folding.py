import pytest

from directory.domain.folding import fold, slug, squash, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("St. John's", "saint johns"), ("saint johns", "saint johns"), ("ＳＴ ＪＯＨＮ’Ｓ", "saint johns"),
        ("St.Louis", "saint louis"), ("Ste. Marie", "sainte marie"), ("Ft. Worth", "fort worth"),
        ("MT. PLEASANT", "mount pleasant"), ("Washington, D.C.", "washington dc"), ("Hagåtña", "hagatna"),
        ("Winston-Salem", "winston salem"), ("Straße", "strasse"), ("東京", "東京"), ("  a \t b\n", "a b"),
        ("O'Fallon", "ofallon"), ("O’Fallon", "ofallon"), ("Oʼfallon", "ofallon"), ("O´Fallon", "ofallon"),
        ("Oʻahu", "oahu"), ("'.,-", ""), ("", ""), ("🏥", ""),
    ],
)  # fmt: skip
def test_spellings_that_people_use_for_one_name_fold_to_one(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize("text", ["O'Fallon", "O Fallon", "OFallon", "o-fallon"])
def test_spaces_do_not_divide_a_name_from_itself(text):
    assert squash(text) == "ofallon"


def test_words_keep_their_spelling_so_that_montana_is_no_mount():
    assert words("Mt. St") == ["mt", "st"]


@pytest.mark.parametrize(
    ("text", "ending"),
    [("St. Mary's Clinic", "saint-marys-clinic"), ("東京", "clinic"), ("", "clinic"), ("a" * 80, "a" * 60)],
)
def test_an_address_ends_in_plain_letters(text, ending):
    assert slug(text) == ending
