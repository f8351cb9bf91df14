import hashlib
import json
import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

import directory
from directory.domain.checklist import CITABLE, PUBLISHED, Observer, Value, parse
from tests.support.required import shared

FOLDER = Path(directory.__file__).parent / "checklists"
TEXT = (FOLDER / "2026-1.toml").read_text(encoding="utf-8")
CHECKLIST = parse(TEXT)
CRITERIA = CHECKLIST.by_slug.values()


def test_a_published_version_never_changes():
    written = {parse(file.read_text("utf-8")).version: file for file in FOLDER.glob("*.toml")}

    assert written.keys() == PUBLISHED.keys(), "Write the SHA-256 of each file of checklists/ into PUBLISHED."
    for version, file in written.items():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == PUBLISHED[version], (
            f"{file.name} has changed since it was published, and stored answers still refer to its words. "
            "Take the change back, and write it into a file of its own with a new version."
        )
        assert file.name == f"{version.replace('.', '-')}.toml"


def test_the_version_says_what_it_is():
    assert (CHECKLIST.version, CHECKLIST.published_on) == ("2026.1", date(2026, 11, 22))
    assert CHECKLIST.sha256 == PUBLISHED["2026.1"]


def test_the_five_signs_stand_as_the_scoring_page_gives_them():
    signs = [
        (sign.slug, sign.against.value, sign.points, sign.is_critical, sign.shelf_days) for sign in CHECKLIST.signs
    ]

    assert signs == [
        ("at_home_use_offered", "yes", 50, True, 365),
        ("no_detailed_history", "no", 50, True, 365),
        ("no_physician_on_staff", "no", 30, False, 365),
        ("cure_all_claims", "yes", 20, False, 180),
        ("instant_permanent_promises", "yes", 20, False, 180),
    ]


def test_a_sign_has_a_short_name_and_a_picture_for_the_strip_and_a_safeguard_has_neither():
    assert [(sign.strip, sign.icon) for sign in CHECKLIST.signs] == [
        ("At home", "home"), ("No history", "history"), ("No doctor", "doctor"), ("Cure-all", "cure"),
        ("Instant", "instant"),
    ]  # fmt: skip
    assert {(safeguard.strip, safeguard.icon) for safeguard in CHECKLIST.safeguards} == {("", "")}


def test_the_safeguards_are_those_of_the_evidence_in_its_order_and_under_its_headings():
    names = {group.slug: group.name for group in CHECKLIST.groups}

    written = [(safeguard.slug, names[safeguard.group]) for safeguard in CHECKLIST.safeguards]

    assert written == [(each["slug"], each["group"].partition(". ")[2]) for each in evidence()["criteria"]]
    assert len(written) == 30
    assert [each for group in CHECKLIST.groups for each in CHECKLIST.in_group(group)] == list(CHECKLIST.safeguards)


def test_the_answer_against_a_safeguard_is_no_but_for_the_two_false_claims():
    reversed_ones = {safeguard.slug for safeguard in CHECKLIST.safeguards if safeguard.against is Value.YES}

    assert reversed_ones == {"false_fda_approval_claim", "non_addictive_claim"}
    assert reversed_ones == {each["slug"] for each in evidence()["criteria"] if each["polarity"] == "flag_if_yes"}
    assert {each.against for each in CRITERIA} == {Value.YES, Value.NO}


def test_only_four_safeguards_may_not_apply_and_no_sign():
    assert {each.slug for each in CRITERIA if each.not_applicable} == {
        "offlabel_status_disclosed", "psychotherapy_integration", "rems_certified", "compounded_product_disclosed",
    }  # fmt: skip


def test_does_not_apply_is_an_answer_only_where_a_question_may_not_arise():
    sign, safeguard = CHECKLIST.signs[0], CHECKLIST.by_slug["rems_certified"]

    assert [value.label for value in sign.values] == ["Yes", "No", "Could not tell"]
    assert [value.label for value in safeguard.values] == ["Yes", "No", "Could not tell", "Does not apply"]


def test_only_yes_and_no_have_an_opposite():
    assert (Value.YES.opposite, Value.NO.opposite) == (Value.NO, Value.YES)
    with pytest.raises(KeyError):
        assert Value.UNKNOWN.opposite


def test_published_words_go_stale_in_half_a_year_and_the_rest_in_a_year():
    about_words = {each.slug for each in CRITERIA if each.is_about_published_words}

    assert about_words == {
        "cure_all_claims", "instant_permanent_promises", "offlabel_status_disclosed", "false_fda_approval_claim",
        "risks_balanced", "non_addictive_claim", "price_published", "insurance_payment_terms",
        "compounded_product_disclosed",
    }  # fmt: skip
    assert {each.slug: each.shelf_days for each in CRITERIA} == {
        each.slug: 180 if each.slug in about_words else 365 for each in CRITERIA
    }


def test_the_core_is_the_five_signs_and_seven_safeguards():
    assert {each.slug for each in CRITERIA if each.is_core} == {sign.slug for sign in CHECKLIST.signs} | {
        "vitals_monitored_during", "license_active_verified", "screens_bp_cardiac", "offlabel_status_disclosed",
        "escort_no_driving", "emergency_readiness", "price_published",
    }  # fmt: skip


def test_a_safeguard_is_observed_by_those_whom_the_evidence_names():
    words = {"web": "site", "phone": "phone", "patient": "visit", "registry": "register"}

    assert {each.slug: {observer.value for observer in each.observable_by} for each in CHECKLIST.safeguards} == {
        each["slug"]: {words[word] for word in each["observable_by"].split(", ")} for each in evidence()["criteria"]
    }
    assert all(list(each.observable_by) == [one for one in Observer if one in each.observable_by] for each in CRITERIA)
    assert all(observer.label for observer in Observer)


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.slug)
def test_a_criterion_explains_itself(criterion):
    assert criterion.question.endswith("?")
    assert criterion.ask.endswith("?")
    assert criterion.why.endswith(".")
    assert criterion.evidence
    assert criterion.mistaken
    assert all(sentence.endswith(".") for sentence in criterion.mistaken)
    assert criterion.not_applicable[-1:] in {"", "."}
    assert criterion.contested[-1:] in {"", "."}


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.slug)
def test_a_criterion_cites_only_what_the_evidence_names_for_it(criterion):
    [entry] = [each for part in ("flags", "criteria") for each in evidence()[part] if each["slug"] == criterion.slug]

    assert {source.key for source in criterion.sources} <= set(re.findall(r"\w+", json.dumps(entry)))


@pytest.mark.parametrize("source", CHECKLIST.sources, ids=lambda source: source.key)
def test_a_source_is_cited_as_it_was_read(source):
    read = evidence()["sources"][source.key]

    assert source.status == read["status"]
    assert source.status in CITABLE
    assert unquote(source.url) == unquote(read["url"])
    assert source.title
    assert source.body
    assert source.says.endswith(".")


def test_what_was_read_at_second_hand_says_so():
    assert all("Read in" in source.says for source in CHECKLIST.sources if source.status == "V2")


def test_nothing_is_shown_from_memory():
    assert not re.search("recalled|from memory", TEXT, re.IGNORECASE)


def test_each_source_is_cited_somewhere():
    assert {source.key for source in CHECKLIST.sources} == tomllib.loads(TEXT)["source"].keys()


def test_the_words_judge_no_clinic():
    judging = re.compile(r"\b(safe|unsafe|scams?|illegal|verified clinics?)\b", re.IGNORECASE)

    assert [sentence for sentence in prose() if judging.search(sentence)] == []


def test_the_words_are_spelled_the_american_way():
    british = re.compile(r"licence|centre|programme|anaesth|haem|judgement|behaviour|enrol\b", re.IGNORECASE)

    assert [sentence for sentence in prose() if british.search(sentence)] == []


def test_no_eight_words_in_a_row_are_copied_from_the_seeds_or_the_evidence():
    others = [file.read_text("utf-8") for file in shared("seeds").glob("*.txt")]
    others += [shared("reference/rubric.md").read_text("utf-8"), json.dumps(evidence(), ensure_ascii=False)]
    copied = set().union(*map(runs, others))

    assert len(copied) > 5000
    assert [sentence for sentence in prose() if runs(sentence) & copied] == []


SMALL = """
version = "9"
published_on = 2026-11-22

[[group]]
slug = "place"
name = "Place"

[[sign]]
slug = "a_sign"
name = "A sign"
question = "Is it?"
ask = "Is it?"
against = "yes"
why = "Because."
evidence = ["A page"]
mistaken = ["It may."]
observable_by = ["site"]
shelf_days = 180
points = 20
sources = ["READ"]

[[safeguard]]
slug = "a_safeguard"
group = "place"
name = "A safeguard"
question = "Does it?"
ask = "Do you?"
against = "no"
why = "Because."
evidence = ["A call"]
mistaken = ["It may."]
observable_by = ["phone"]
shelf_days = 365
sources = ["READ"]

[source.READ]
status = "V2"
title = "A page"
body = "A body"
year = "2026"
url = "https://example.org/"
says = "What it says."
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        # a source from memory, without an address, with a field too many or too few
        ('status = "V2"', 'status = "R"', "source READ: only what was read"),
        ("https://example.org/", "(no page found)", "source READ: only what has a web address"),
        ('year = "2026"', 'year = "2026"\npages = 3', "source READ: unknown field pages"),
        ('says = "What it says."', "", "source READ: missing field says"),
        # a part of the checklist, and a group
        ("published_on = 2026-11-22", "", "the checklist: missing field published_on"),
        ('version = "9"', 'version = "9"\nauthor = "A"', "the checklist: unknown field author"),
        ('name = "Place"', 'name = "Place"\ncolor = "red"', "group place: unknown field color"),
        ('name = "Place"', "", "group place: missing field name"),
        # a criterion with a field too many or too few
        ("points = 20", "points = 20\nweight = 4", "a_sign: unknown field weight"),
        ('question = "Does it?"', "", "a_safeguard: missing field question"),
        ('slug = "a_safeguard"', "", r"\?: missing field slug"),
        # a criterion whose values cannot be
        ('against = "yes"', 'against = "unknown"', "a_sign: is against neither yes nor no"),
        ('against = "no"', 'against = "not_applicable"', "a_safeguard: is against neither yes nor no"),
        ('against = "no"', 'against = "perhaps"', "a_safeguard: 'perhaps' is not"),
        ('observable_by = ["phone"]', 'observable_by = ["rumor"]', "a_safeguard: 'rumor' is not"),
        ('observable_by = ["phone"]', "observable_by = []", "a_safeguard: has no way to be observed"),
        ("shelf_days = 180", "shelf_days = 0", "a_sign: has no shelf life"),
        # entries that do not belong together
        ('slug = "a_safeguard"', 'slug = "a_sign"', "a_sign: stands twice"),
        ("points = 20", "points = 0", "a_sign: is a sign without points"),
        ("shelf_days = 365", "shelf_days = 365\npoints = 10", "a_safeguard: is a sign without points, or a safeguard"),
        ("points = 20", 'points = 20\nnot_applicable = "Never."', "a_sign: is a sign that may not apply"),
        ('group = "place"', 'group = "elsewhere"', "a_safeguard: is a safeguard of no group"),
        ('group = "place"', "", "a_safeguard: is a safeguard of no group"),
        ('365\nsources = ["READ"]', '365\nsources = ["UNREAD"]', "a_safeguard: unknown source UNREAD"),
        ('365\nsources = ["READ"]', "365\nsources = []", "a_safeguard: has no source"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_a_checklist_is_refused_and_the_entry_named(old, new, problem):
    assert SMALL.count(old) == 1

    with pytest.raises(ValueError, match=problem):
        parse(SMALL.replace(old, new))


def test_the_text_that_the_refused_ones_are_made_from_is_a_checklist():
    assert parse(SMALL).by_slug.keys() == {"a_sign", "a_safeguard"}


def evidence():
    return json.loads(shared("reference/criteria.json").read_text("utf-8"))


def prose():
    for each in CRITERIA:
        yield from (each.name, each.question, each.ask, each.why, each.not_applicable, each.contested)
        yield from (*each.evidence, *each.mistaken)
    yield from (source.says for source in CHECKLIST.sources)


def runs(text):
    words = re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))
    return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}
