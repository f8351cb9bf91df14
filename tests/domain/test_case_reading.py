import json
from datetime import date

import pytest

from directory.domain.case_reading import parse_case
from directory.domain.checklist import Value
from directory.domain.errors import InvalidParameter
from directory.domain.findings import Answer, Ruling, RulingKind
from tests.support.checklists import SHIPPED, published

MISSING = object()
A_DAY = "give a day of the calendar, like 2026-11-21"
A_TEXT = "give a text that is not empty"
A_TIER = "give 1, 2 or 3"
A_NUMBER_OR_NAME = "give a number or a name"
NAMES = "give a list of names"
LIST = "give a list, which may be empty"
NO_CRITERION = "no such criterion stands here in this version of the checklist"
NO_VERSION = "no such version of the checklist has been published"
CASE_FIELDS = "rubric, as_of, answers, rulings"
ANSWER_FIELDS = "id, criterion, reviewer, group, value, tier, observed_on, rechecked_by"
RULING_FIELDS = "criterion, kind, by, on"
SAFEGUARD = SHIPPED.safeguards[0].slug
NO_DAYS = [
    "20261121", "2026-11-21T00:00", "2026-W47-6", "2026-02-30", "2026-13-01", "0000-01-01", "26-11-21", "2026-1-1",
    " 2026-11-21", "2026-11-21\n", "２０２６-11-21", "yesterday",
]  # fmt: skip
NO_TEXTS = ["", None, 1, True, ["a"], {"a": "b"}]
NO_LISTS = [None, "ann", {"ann": 1}, 1]


def test_a_case_is_read_with_every_field():
    case = parse_case(json.dumps(written()), published)

    assert case.checklist is SHIPPED
    assert case.as_of == date(2026, 11, 21)
    assert case.answers == (
        Answer(
            criterion="at_home_use_offered", value=Value.YES, tier=2, observed_on=date(2026, 11, 1),
            reviewer="ann", group="ring", rechecked_by=frozenset({"mo"}),
        ),
        Answer(
            criterion="no_physician_on_staff", value=Value.UNKNOWN, tier=1, observed_on=date(2026, 11, 2),
            reviewer="bob", group="bob",
        ),
    )  # fmt: skip
    assert case.rulings == (
        Ruling(
            criterion="at_home_use_offered", kind=RulingKind.CONFIRM, by=frozenset({"mo", "nan"}),
            on=date(2026, 11, 20),
        ),
    )  # fmt: skip
    assert [type(answer.value) for answer in case.answers] == [Value, Value]
    assert type(case.rulings[0].kind) is RulingKind


def test_a_case_may_have_neither_answers_nor_rulings():
    case = parse_case('{"rubric": "2026.1", "as_of": "2026-11-21", "answers": [], "rulings": []}', published)

    assert (case.answers, case.rulings) == ((), ())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("answers", 0, "id"), 0), (("answers", 0, "id"), -7), (("answers", 0, "id"), "a"),
        (("answers", 0, "tier"), 1), (("answers", 0, "tier"), 3), (("answers", 0, "value"), "no"),
        (("answers", 0, "value"), "unknown"), (("answers", 0, "criterion"), SAFEGUARD),
        (("answers", 0, "observed_on"), "2999-12-31"), (("answers", 0, "observed_on"), "0001-01-01"),
        (("answers", 0, "observed_on"), "2024-02-29"), (("answers", 0, "rechecked_by"), ["ann", "ann"]),
        (("rulings", 0, "kind"), "remedied"), (("rulings", 0, "by"), ["mo"]), (("rulings", 0, "on"), "2026-11-22"),
    ],
)  # fmt: skip
def test_odd_but_possible_inputs_are_read(path, value):
    case = parse_case(json.dumps(changed(path, value)), published)

    assert len(case.answers) == 2


def test_a_question_that_may_not_arise_takes_that_answer():
    slug = next(safeguard.slug for safeguard in SHIPPED.safeguards if safeguard.not_applicable)
    case = written()
    case["answers"][0] |= {"criterion": slug, "value": "not_applicable"}

    assert parse_case(json.dumps(case), published).answers[0].value is Value.NOT_APPLICABLE


@pytest.mark.parametrize(
    "path",
    [
        *((name,) for name in CASE_FIELDS.split(", ")),
        *(("answers", 1, name) for name in ANSWER_FIELDS.split(", ")),
        *(("rulings", 0, name) for name in RULING_FIELDS.split(", ")),
    ],
    ids=str,
)
def test_no_field_may_be_missing(path):
    error = refused(changed(path, MISSING))

    assert error == (named(path), f"{named(path)}: this field is missing.")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (("seed",), CASE_FIELDS), (("Rubric",), CASE_FIELDS), (("id",), CASE_FIELDS),
        (("answers", 1, "payment"), ANSWER_FIELDS), (("answers", 0, "on"), ANSWER_FIELDS),
        (("rulings", 0, "observed_on"), RULING_FIELDS), (("rulings", 0, ""), RULING_FIELDS),
        (("100 %(where)s",), CASE_FIELDS),
    ],
    ids=str,
)  # fmt: skip
def test_no_other_field_may_be_there(path, fields):
    error = refused(changed(path, 1))

    assert error == (named(path), f"{named(path)}: no such field is known; there are {fields}.")


@pytest.mark.parametrize(
    ("path", "values", "remedy"),
    [
        (("rubric",), NO_TEXTS, A_TEXT),
        (("rubric",), [2026.1], A_TEXT),
        (("rubric",), ["2026.2", "2026-1", "2026.1 ", "../2026.1"], NO_VERSION),
        (("as_of",), NO_DAYS, A_DAY),
        (("as_of",), NO_TEXTS, A_TEXT),
        (("answers",), NO_LISTS, LIST),
        (("rulings",), NO_LISTS, LIST),
        (("answers", 1), [None, [], "yes", 1], f"give an object with the fields {ANSWER_FIELDS}"),
        (("rulings", 0), [None, [], "confirm", 1], f"give an object with the fields {RULING_FIELDS}"),
        (("answers", 1, "id"), [None, "", True, False, 1.5, 1.0, [1], {}], A_NUMBER_OR_NAME),
        (("answers", 1, "criterion"), ["", None, 1, ["at_home_use_offered"]], A_TEXT),
        (("answers", 1, "criterion"), ["at_home", "At_home_use_offered"], NO_CRITERION),
        (("answers", 1, "reviewer"), NO_TEXTS, A_TEXT),
        (("answers", 1, "group"), NO_TEXTS, A_TEXT),
        # a sign always applies
        (
            ("answers", 1, "value"),
            ["not_applicable", "maybe", "YES", "", None, True, 1, ["yes"], {}],
            "give one of yes, no, unknown",
        ),
        (("answers", 1, "tier"), [0, 4, -1, 10**30, True, False, 1.0, 2.5, "2", None, [2], {}], A_TIER),
        (("answers", 1, "observed_on"), NO_DAYS, A_DAY),
        (("answers", 1, "observed_on"), NO_TEXTS, A_TEXT),
        (("answers", 1, "rechecked_by"), NO_LISTS, NAMES),
        (("answers", 1, "rechecked_by"), [[""], [None], ["mo", 1], [["mo"]], [True]], A_TEXT),
        # what moderators rule on is a sign
        (("rulings", 0, "criterion"), [SAFEGUARD, "at_home"], NO_CRITERION),
        (("rulings", 0, "criterion"), ["", None, 1], A_TEXT),
        (
            ("rulings", 0, "kind"),
            ["cleared", "Confirm", "", None, 1, True, ["confirm"]],
            "give one of confirm, remedied",
        ),
        (("rulings", 0, "by"), NO_LISTS, NAMES),
        (("rulings", 0, "by"), [[""], [None], ["mo", 1]], A_TEXT),
        (("rulings", 0, "on"), NO_DAYS, A_DAY),
        (("rulings", 0, "on"), NO_TEXTS, A_TEXT),
    ],
    ids=lambda each: named(each) if isinstance(each, tuple) else "",
)
def test_a_value_that_cannot_be_used_is_named_with_the_remedy(path, values, remedy):
    for value in values:
        assert refused(changed(path, value)) == (named(path), f"{named(path)}: {remedy}."), value


@pytest.mark.parametrize("text", ["[]", '"case"', "null", "1", "true"])
def test_a_case_is_an_object(text):
    assert refused(text) == ("case", f"case: give an object with the fields {CASE_FIELDS}.")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"rubric": NaN}', "NaN is no number of JSON"),
        ('{"rubric": [Infinity]}', "Infinity is no number of JSON"),
        ("-Infinity", "-Infinity is no number of JSON"),
        ('{"rubric": "2026.1", "rubric": "2026.1"}', "the field 'rubric' stands twice in one object"),
        ('{"answers": [{"tier": 3, "id": 1, "tier": 3}]}', "the field 'tier' stands twice in one object"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"answers":' * 100_000, "it is nested too deeply"),
    ],
    ids=lambda each: each[:20],
)
def test_what_a_reader_of_json_may_let_pass_is_refused(text, problem):
    assert refused(text) == ("case", f"case: this is no JSON: {problem}.")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Expecting value: line 1 column 1"), ("{", "Expecting property name"), ("{'a': 1}", "Expecting property"),
        ("{} {}", "Extra data: line 1 column 4"), ("\ufeff{}", "Unexpected UTF-8 BOM"),
        ("9" * 1_000_000, "Exceeds the limit"),
    ],
    ids=lambda each: each[:20],
)  # fmt: skip
def test_what_is_no_json_is_refused_with_the_place(text, problem):
    field, sentence = refused(text)

    assert field == "case"
    assert sentence.startswith(f"case: this is no JSON: {problem}")


@pytest.mark.parametrize("name", ["id", "tier"])
def test_a_number_beyond_all_others_is_not_taken(name):
    text = json.dumps(changed(("answers", 1, name), 12345)).replace("12345", "1e999")

    assert refused(text)[0] == f"answers[1].{name}"


def test_the_first_problem_in_the_order_of_the_fields_is_named():
    case = written()
    case["answers"][1] |= {"tier": 9, "observed_on": "never"}
    case["rulings"][0]["kind"] = "never"

    assert refused(case)[0] == "answers[1].tier"


def refused(case):
    """Return the field and the sentence with which a case, or its text, is refused."""
    text = case if isinstance(case, str) else json.dumps(case)
    with pytest.raises(InvalidParameter) as refusal:
        parse_case(text, published)
    return refusal.value.field, str(refusal.value)


def changed(path, value):
    """Return a good case with one thing put in or, where MISSING, taken out."""
    case = part = written()
    *way, last = path
    for step in way:
        part = part[step]
    if value is MISSING:
        del part[last]
    else:
        part[last] = value
    return case


def named(path):
    """Return the name of a field as the sentences write it."""
    first, *others = path
    return first + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in others)


def written():
    return {
        "rubric": "2026.1",
        "as_of": "2026-11-21",
        "answers": [
            {
                "id": 1, "criterion": "at_home_use_offered", "reviewer": "ann", "group": "ring", "value": "yes",
                "tier": 2, "observed_on": "2026-11-01", "rechecked_by": ["mo"],
            },
            {
                "id": "b", "criterion": "no_physician_on_staff", "reviewer": "bob", "group": "bob",
                "value": "unknown", "tier": 1, "observed_on": "2026-11-02", "rechecked_by": [],
            },
        ],
        "rulings": [
            {"criterion": "at_home_use_offered", "kind": "confirm", "by": ["mo", "nan"], "on": "2026-11-20"},
        ],
    }  # fmt: skip
