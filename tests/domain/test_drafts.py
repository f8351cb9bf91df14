from dataclasses import replace

import pytest

from directory.domain import drafts
from directory.domain.checklist import Observer, Value
from directory.domain.drafts import GivenAnswer
from directory.domain.evidence import Evidence, EvidenceKind
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED
from tests.support.reviews import document, link, pages, told

CORE = [
    "at_home_use_offered", "no_detailed_history", "no_physician_on_staff", "cure_all_claims",
    "instant_permanent_promises", "vitals_monitored_during", "license_active_verified", "screens_bp_cardiac",
    "offlabel_status_disclosed", "escort_no_driving", "emergency_readiness", "price_published",
]  # fmt: skip
SITE_ONLY = SHIPPED.by_slug["false_fda_approval_claim"]


def test_the_questions_that_come_first_are_the_signs_and_then_the_core_safeguards_in_the_suggested_order():
    assert [criterion.slug for criterion in drafts.core(SHIPPED)] == CORE


def test_a_core_safeguard_of_a_later_version_comes_after_the_suggested_ones():
    later = replace(SHIPPED.safeguards[0], slug="new_one", is_core=True)
    checklist = replace(SHIPPED, safeguards=(later, *SHIPPED.safeguards))

    assert [criterion.slug for criterion in drafts.core(checklist)] == [*CORE, "new_one"]


def test_every_question_stands_in_the_form_once():
    slugs = [criterion.slug for criterion in drafts.in_order(SHIPPED)]

    assert slugs[: len(CORE)] == CORE
    assert sorted(slugs) == sorted(SHIPPED.by_slug)


def test_what_is_kept_is_what_the_form_has_a_field_for_and_something_stands_in():
    typed = {
        "cure_all_claims-quote": "one\r\ntwo\rthree", "cure_all_claims-note": "", "author_id": "7", "knows-site": "y",
        "tie": "none", "nothing-value": "yes", "cure_all_claims-points": "0",
    }  # fmt: skip

    assert drafts.kept(SHIPPED, typed) == {
        "tie": "none", "knows-site": "y", "cure_all_claims-quote": "one\ntwo\nthree",
    }  # fmt: skip


def test_the_form_has_fewer_fields_than_a_request_may_have():
    assert len(drafts.names(SHIPPED)) + 10 < 1000


@pytest.mark.parametrize("text", ["", "a\x00b\x1b[31m", "\ud83d half", "“é” 💉 \u202e", '"}{"', "a\nb"])
def test_fields_are_read_as_they_were_written(text):
    written = drafts.written({"tie": text})

    assert written.encode()
    assert drafts.read(written) == {"tie": text.replace("\ud83d", "?")}


def test_two_drafts_differ_in_the_fields_that_say_something_else():
    mine = {"tie": "none", "a-note": " the same ", "b-note": "mine", "checklist": "2026.1"}
    theirs = {"a-note": "the same", "b-note": "theirs", "c-value": "yes", "checklist": "2027.1"}

    assert drafts.differing(mine, theirs) == ["b-note", "c-value", "tie"]


def test_questions_that_are_new_reworded_or_gone_are_named_and_what_was_typed_for_them_is_left_over():
    gone, asked, *rest = SHIPPED.signs
    new = replace(gone, slug="brand_new")
    later = replace(SHIPPED, version="2027.1", signs=(new, replace(asked, question="Otherwise?"), *rest))
    typed = {"tie": "none", "checklist": "2026.1", f"{gone.slug}-note": "They said so.", f"{asked.slug}-value": "no"}

    change = drafts.changed(SHIPPED, later)

    assert [each.slug for each in change.new] == ["brand_new"]
    assert [each.slug for each in change.reworded] == [asked.slug]
    assert [each.slug for each in change.gone] == [gone.slug]
    assert drafts.left_over(later, typed) == {f"{gone.slug}-note": "They said so."}


@pytest.mark.parametrize("part", ["new", "reworded", "gone"])
def test_a_version_with_any_difference_has_changed(part):
    nothing = drafts.changed(SHIPPED, SHIPPED)

    assert not nothing
    assert replace(nothing, **{part: SHIPPED.signs})


@pytest.mark.parametrize(
    ("fields", "is_folded"),
    [
        # nothing was said of how they know
        ({}, False),
        ({"knows-phone": "y"}, True),
        ({"knows-phone": "y", "knows-site": "y"}, False),
        # what was answered stays in sight
        ({"knows-phone": "y", "false_fda_approval_claim-value": "no"}, False),
        ({"knows-phone": "y", "false_fda_approval_claim-note": " "}, True),
    ],
)
def test_a_question_is_put_aside_where_it_cannot_be_known_and_nothing_stands_in_it(fields, is_folded):
    assert SITE_ONLY.observable_by == (Observer.SITE,)
    assert drafts.is_folded(SITE_ONLY, fields) is is_folded


def test_answers_become_the_fields_that_give_them():
    given = [
        GivenAnswer(criterion="at_home_use_offered", value=Value.YES,
                    evidence=(link(on=days_ago(2), archive_url="https://archive.example/1"), told(on=TODAY))),
        GivenAnswer(criterion="cure_all_claims", value=Value.NO, is_whole_site_read=True,
                    evidence=(*pages(TODAY, "/a"), *pages(days_ago(9), "/b"))),
        GivenAnswer(criterion="no_physician_on_staff", value=Value.UNKNOWN),
    ]  # fmt: skip

    assert drafts.fields_of(given) == {
        "at_home_use_offered-value": "yes",
        "at_home_use_offered-link": "https://clinic.example/faq",
        "at_home_use_offered-quote": "We mail it to you.",
        "at_home_use_offered-seen": days_ago(2).isoformat(),
        "at_home_use_offered-archive": "https://archive.example/1",
        "at_home_use_offered-note": "They said so when I called.",
        "at_home_use_offered-note_seen": TODAY.isoformat(),
        "cure_all_claims-value": "no",
        "cure_all_claims-whole_site": "y",
        "cure_all_claims-pages": "https://clinic.example/a\nhttps://clinic.example/b",
        "cure_all_claims-pages_seen": days_ago(9).isoformat(),
        "no_physician_on_staff-value": "unknown",
    }


@pytest.mark.parametrize("evidence", [(document(),), (link(), link("Other words.")), (told(), told("Twice."))])
def test_an_answer_for_whose_evidence_there_is_no_field_is_left_to_the_older_review(evidence):
    assert drafts.fields_of([GivenAnswer(criterion="cure_all_claims", value=Value.YES, evidence=evidence)]) == {}


def test_evidence_has_a_field_for_each_of_its_parts():
    piece = Evidence(kind=EvidenceKind.LINK, seen_on=TODAY, url="u", quote="q", archive_url="a")

    fields = drafts.fields_of([GivenAnswer(criterion="x", value=Value.NO, evidence=(piece,))])

    assert set(fields) == {"x-value", "x-link", "x-quote", "x-seen", "x-archive"}
