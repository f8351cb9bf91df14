import pytest

from directory.domain.passwords import LONGEST, SHORTEST, normal, problem

TAKEN = (
    "seven green otters",
    "correct horse battery staple",
    "aB3$xY9!kL2@mN5",
    "twelve ketamine otters dance",
    "Пятнадцать зелёных выдр",
    "柔らかい緑のカワウソが七匹泳いでいる",
    "🦦🌲🎺🍋🚲🐙🧭🪁🎈🧦🍉🔔🐝🪴🧩",
    "x" * 3 + "seven green otters swim" * 1,
    "ab" * 6 + "seven green otters",
)
REFUSED = {
    "Use at least 15 characters": ("", "a" * 14, "seven otters!!"),
    "Use at most 1000 characters": ("seven green otters" * 60,),
    "one piece over and over": ("a" * 15, "otter otter otter ", "abc123abc123abc1", "seven otters seven otters "),
    "letters or digits in a row": (
        "abcdefghijklmnopq",
        "zyxwvutsrqponml",
        "qwertyuiopasdfghjkl",
        "aabbccddeeffgghh",
        "1234567890123456",
    ),
    "words of this site": (
        "ketamineclinicdirectory",
        "Ketamine-Clinic-2026",
        "anna.otter@example.org",
        "AnnaOtterExample1",
    ),
}


@pytest.mark.parametrize("password", TAKEN)
def test_a_password_of_ones_own_is_taken_whatever_it_is_made_of(password):
    assert problem(password, email="anna.otter@example.org") is None


@pytest.mark.parametrize(("words", "password"), [(words, each) for words, all_ in REFUSED.items() for each in all_])
def test_a_password_that_is_tried_first_is_refused_with_the_reason(words, password):
    assert words in str(problem(password, email="anna.otter@example.org"))


def test_the_address_of_somebody_else_is_no_reason():
    assert problem("AnnaOtterExample1") is None


def test_the_limits_are_taken_themselves():
    assert problem("seven otters go"[:SHORTEST]) is None
    long = "".join(chr(0x4E00 + 7 * number) for number in range(LONGEST))
    assert problem(long) is None
    assert problem(f"{long}x") is not None


def test_the_same_keys_on_another_keyboard_are_the_same_password():
    assert normal("café otters") == normal("cafe\u0301 otters")
    assert normal("ｓｅｖｅｎ") == "seven"
