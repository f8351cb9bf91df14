import json

from directory.domain.case_reading import parse_case
from directory.domain.cases import Case, canonical, case_as_json, explanation, pretty, sha256
from directory.domain.checklist import Value
from directory.domain.findings import Verdict
from tests.support.answers import TODAY, answer, clearing, confirm, days_ago, raising, remedied
from tests.support.checklists import AT_HOME, CURE_ALL, HISTORY, PHYSICIAN, PROMISES, SHIPPED, SIGNS, published
from tests.support.required import shared

CASE = Case(
    SHIPPED,
    TODAY,
    (
        raising(AT_HOME, "ann", tier=3, on=days_ago(9), rechecked_by=["nan", "mo"]),
        clearing(AT_HOME, "bob", tier=2, group="ring", on=days_ago(8)),
        clearing(PHYSICIAN, "ann", tier=3),
        clearing(PHYSICIAN, "bob", tier=1),
        raising(CURE_ALL, "ann", tier=1),
        answer(PROMISES, Value.UNKNOWN, "ann"),
    ),
    (confirm(AT_HOME, "nan", "mo", on=days_ago(1)), remedied(HISTORY, "mo")),
)
NOTHING_SAID = {"flag_level": 0, "clear_level": 0, "flag_voices": 0, "clear_voices": 0}


def test_every_golden_case_is_explained_as_expected():
    golden = json.loads(shared("scoring/golden.json").read_text(encoding="utf-8"))

    explained = [explanation(parse_case(json.dumps(each["case"]), published)) for each in golden]

    assert golden
    assert explained == [each["expected"] for each in golden]


def test_an_explanation_gives_the_score_and_every_sign_with_its_counts():
    assert explanation(CASE) == {
        "rubric": "2026.1",
        "as_of": "2026-11-21",
        "grade": "red",
        "settled": 2,
        "out_of": 5,
        "low": 0,
        "high": 50,
        "number_shown": False,
        "signs": {
            "at_home_use_offered": {
                "verdict": "confirmed", "flag_level": 2, "clear_level": 1, "flag_voices": 1, "clear_voices": 1
            },
            "no_detailed_history": NOTHING_SAID | {"verdict": "unknown"},
            "no_physician_on_staff": NOTHING_SAID | {"verdict": "cleared", "clear_level": 2, "clear_voices": 2},
            "cure_all_claims": NOTHING_SAID | {"verdict": "unknown", "flag_voices": 1},
            "instant_permanent_promises": NOTHING_SAID | {"verdict": "unknown"},
        },
    }  # fmt: skip


def test_a_case_scores_as_it_is_explained():
    total = CASE.score()

    assert total.verdicts == {slug: finding.verdict for slug, finding in CASE.findings().items()}
    assert total.verdicts[AT_HOME.slug] is Verdict.CONFIRMED
    assert (total.low, total.high, total.settled, total.confirmed_points) == (0, 50, 2, 50)


def test_a_case_is_judged_on_its_own_day():
    answers = (clearing(PHYSICIAN, "ann", tier=3), clearing(PHYSICIAN, "bob"))

    on_the_day = Case(SHIPPED, TODAY, answers, ()).findings()[PHYSICIAN.slug]
    on_the_day_before = Case(SHIPPED, days_ago(1), answers, ()).findings()[PHYSICIAN.slug]

    assert (on_the_day.verdict, on_the_day_before.verdict) == (Verdict.CLEARED, Verdict.UNKNOWN)


def test_a_case_is_written_with_numbered_answers_and_sorted_names():
    assert case_as_json(CASE) == {
        "rubric": "2026.1",
        "as_of": "2026-11-21",
        "answers": [
            answered(1, AT_HOME, "ann", "ann", "yes", 3, "2026-11-12", ["mo", "nan"]),
            answered(2, AT_HOME, "bob", "ring", "no", 2, "2026-11-13", []),
            answered(3, PHYSICIAN, "ann", "ann", "yes", 3, "2026-11-21", []),
            answered(4, PHYSICIAN, "bob", "bob", "yes", 1, "2026-11-21", []),
            answered(5, CURE_ALL, "ann", "ann", "yes", 1, "2026-11-21", []),
            answered(6, PROMISES, "ann", "ann", "unknown", 1, "2026-11-21", []),
        ],
        "rulings": [
            {"criterion": "at_home_use_offered", "kind": "confirm", "by": ["mo", "nan"], "on": "2026-11-20"},
            {"criterion": "no_detailed_history", "kind": "remedied", "by": ["mo"], "on": "2026-11-21"},
        ],
    }


def test_a_written_case_is_read_as_it_was():
    assert parse_case(canonical(case_as_json(CASE)), published) == CASE


def test_what_is_written_is_plain_json():
    for value in (case_as_json(CASE), explanation(CASE)):
        assert json.loads(canonical(value)) == value


def test_the_canonical_text_sorts_keys_and_spends_no_space_and_is_ascii():
    value = {"b": [1, "é☂"], "a": {"z": None, "y": True}}

    assert canonical(value) == '{"a":{"y":true,"z":null},"b":[1,"\\u00e9\\u2602"]}'


def test_what_people_read_is_indented_and_keeps_its_order():
    assert pretty({"b": [1], "a": {}}) == '{\n  "b": [\n    1\n  ],\n  "a": {}\n}'


def test_a_canonical_text_has_one_hash_for_ever():
    assert sha256("[]") == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


def test_a_safeguard_in_a_case_leaves_the_explanation_as_it_is():
    safeguard = SHIPPED.safeguards[0]
    answers = (*CASE.answers, *(raising(safeguard, by, tier=3) for by in ("ann", "bob", "cid")))

    assert explanation(Case(SHIPPED, TODAY, answers, CASE.rulings)) == explanation(CASE)
    assert list(explanation(CASE)["signs"]) == list(SIGNS)


def answered(number, sign, *rest):
    reviewer, group, value, tier, observed_on, rechecked_by = rest
    return {
        "id": number, "criterion": sign.slug, "reviewer": reviewer, "group": group, "value": value, "tier": tier,
        "observed_on": observed_on, "rechecked_by": rechecked_by,
    }  # fmt: skip
