import pytest

from tests import mutation


@pytest.mark.parametrize(
    ("killed", "others", "is_reached", "summary"),
    [
        (95, ["survived"] * 5, True, "killed 95 of 100 (95.0 %), goal ≥ 95 %"),
        # what no test runs, and what could not be tried, was not noticed; nothing is rounded up
        (949, ["survived", "no tests", "suspicious", "segfault", "not checked"] * 10 + ["survived"], False,
         "killed 949 of 1000 (94.9 %), goal ≥ 95 %"),
        (9499, ["survived"] * 501, False, "killed 9499 of 10000 (94.9 %), goal ≥ 95 %"),
        # a test that never ends has noticed
        (0, ["timeout"], True, "killed 1 of 1 (100.0 %), goal ≥ 95 %"),
        # where nothing was changed nothing is shown
        (0, [], False, "killed 0 of 0 (0 %), goal ≥ 95 %"),
    ],
)  # fmt: skip
def test_what_the_tests_do_not_notice_counts_against_the_goal(killed, others, is_reached, summary):
    outcomes = dict(enumerate(["killed"] * killed + others))

    assert mutation.reaches_goal(outcomes) is is_reached
    assert mutation.summary(outcomes) == summary


def test_the_outcomes_are_read_from_what_is_printed():
    printed = "    directory.domain.a.x_b__mutmut_1: survived\n\n    directory.domain.a.x_b__mutmut_2: no tests\n"

    outcomes = mutation.read(printed)

    assert outcomes == {
        "directory.domain.a.x_b__mutmut_1": "survived",
        "directory.domain.a.x_b__mutmut_2": "no tests",
    }
    assert mutation.unnoticed(outcomes | {"c": "killed"}) == list(outcomes)
