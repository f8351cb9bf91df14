import pytest

from directory.domain import examining
from directory.domain.checklist import Value
from directory.domain.drafts import GivenAnswer, fields_of
from directory.domain.evidence import Hosts
from directory.domain.findings import TESTIMONY, VERIFIABLE
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED
from tests.support.reviews import SITE, link, pages, told

HOSTS = Hosts(own="clinic.example", registers=frozenset({"board.example.gov"}))
HOME, CURE = "at_home_use_offered", "cure_all_claims"
LINK = {"value": "yes", "link": f"{SITE}/faq", "quote": "We mail it.", "seen": TODAY.isoformat()}
NOTE = {"value": "yes", "note": "They said so.", "note_seen": TODAY.isoformat()}
PAGES = {"value": "no", "pages": "\n".join(f"{SITE}/{n}" for n in range(4)), "pages_seen": TODAY.isoformat()}


def fields(slug=HOME, /, tie="none", **parts):
    return {"tie": tie} | {f"{slug}-{part}": text for part, text in parts.items()}


def problems(typed):
    return {name: str(text) for name, text in examining.problems(SHIPPED, typed, HOSTS, TODAY).items()}


def prospect(slug, typed):
    return examining.prospects(SHIPPED, typed, HOSTS, TODAY)[slug]


@pytest.mark.parametrize(
    ("slug", "parts", "answer"),
    [
        (HOME, LINK, (link("We mail it."),)),
        (HOME, NOTE, (told("They said so."),)),
        (HOME, LINK | NOTE, (link("We mail it."), told("They said so."))),
        (HOME, LINK | {"archive": "https://archive.example/1"},
         (link("We mail it.", archive_url="https://archive.example/1"),)),
        (CURE, LINK | {"value": "no"}, (link("We mail it."),)),
        (CURE, PAGES, pages(TODAY, "/0", "/1", "/2", "/3")),
        # spaces around what was typed, and a date as Americans write it
        (HOME, LINK | {"quote": "  We mail it. \n", "seen": " 11/21/2026 "}, (link("We mail it."),)),
    ],
)  # fmt: skip
def test_right_fields_give_an_answer_with_its_evidence(slug, parts, answer):
    typed = fields(slug, **parts)

    assert problems(typed) == {}
    (given,) = examining.answers(SHIPPED, typed, HOSTS, TODAY)
    assert (given.criterion, given.value, given.evidence) == (slug, parts["value"], answer)


def test_answers_survive_the_way_into_fields_and_back():
    given = (
        GivenAnswer(criterion=HOME, value=Value.YES, evidence=(link(), told())),
        GivenAnswer(criterion=CURE, value=Value.NO, is_whole_site_read=True, evidence=pages(TODAY, "/")),
        GivenAnswer(criterion="price_published", value=Value.UNKNOWN, evidence=(told(),)),
    )

    assert examining.answers(SHIPPED, fields_of(given), HOSTS, TODAY) == given


@pytest.mark.parametrize("value", ["unknown", "not_applicable"])
def test_an_answer_that_says_nothing_needs_no_evidence_and_takes_a_note_alone(value):
    slug = "offlabel_status_disclosed"
    typed = fields(HOME, **NOTE) | fields(slug, **(LINK | NOTE | PAGES | {"value": value}))

    assert problems(typed) == {}
    assert examining.answers(SHIPPED, typed, HOSTS, TODAY)[1].evidence == (told("They said so."),)


@pytest.mark.parametrize(
    ("slug", "value"), [(CURE, "yes"), (HOME, "no")], ids=["they say it", "no question about published words"]
)
def test_pages_read_stand_for_a_no_about_published_words_alone(slug, value):
    typed = fields(slug, **(PAGES | NOTE | {"value": value}))

    assert examining.answers(SHIPPED, typed, HOSTS, TODAY)[0].evidence == (told("They said so."),)


@pytest.mark.parametrize(
    ("slug", "parts", "wrong"),
    [
        (HOME, {"value": "yes"}, {"link": "Add what you base this answer on"}),
        (HOME, {"value": "maybe"}, {"value": "cannot be answered so"}),
        (HOME, {"value": "not_applicable"}, {"value": "cannot be answered so"}),
        (HOME, {"note": "They said so."}, {"value": "Choose an answer, or empty"}),
        (HOME, LINK | {"link": ""}, {"link": "Give the address of the page"}),
        (HOME, LINK | {"quote": " "}, {"quote": "Copy the exact words"}),
        (HOME, LINK | {"quote": "x" * 501}, {"quote": "Shorten the quote to 500"}),
        (HOME, LINK | {"quote": "a\x00b"}, {"quote": "as plain text"}),
        (HOME, LINK | {"seen": ""}, {"seen": "Give the day on which you saw"}),
        (HOME, LINK | {"seen": "yesterday"}, {"seen": "like 2026-11-18"}),
        (HOME, LINK | {"seen": "2026-02-30"}, {"seen": "like 2026-11-18"}),
        (HOME, LINK | {"seen": "٢٠٢٦-١١-١٨"}, {"seen": "like 2026-11-18"}),
        (HOME, LINK | {"seen": days_ago(-1).isoformat()}, {"seen": "has not come yet"}),
        (HOME, LINK | {"seen": "0026-11-18"}, {"seen": "Look at the year again"}),
        (HOME, LINK | {"archive": "javascript:alert(1)"}, {"archive": "not a web address"}),
        (HOME, {"value": "yes", "archive": "https://a.example"},
         {"link": "Give the address", "quote": "Copy the exact", "seen": "Give the day"}),
        (HOME, LINK | {"link": "https://reviews.example/"}, {"link": "Only the clinic’s own site"}),
        (HOME, NOTE | {"note": "x" * 1001}, {"note": "Shorten the note to 1,000"}),
        (HOME, NOTE | {"note": "a\x07b"}, {"note": "as plain text"}),
        (HOME, NOTE | {"note_seen": ""}, {"note_seen": "Give the day"}),
        (CURE, PAGES | {"pages": f"{SITE}/a"}, {"pages": "at least four pages"}),
        (CURE, PAGES | {"pages": "nowhere"}, {"pages": "“nowhere” is not a web address"}),
        (CURE, PAGES | {"pages": "x " * 50}, {"pages": "“" + ("x " * 30) + "” is not a web address"}),
        (CURE, PAGES | {"pages": "\n".join(f"{SITE}/{n}" for n in range(19))}, {"pages": "Keep the eighteen"}),
        (CURE, PAGES | {"pages": " \n", "whole_site": "y"}, {"pages": "List the pages that you read"}),
        (CURE, PAGES | {"pages_seen": ""}, {"pages_seen": "Give the day on which you read them."}),
        (CURE, PAGES | {"pages_seen": days_ago(-1).isoformat()}, {"pages_seen": "Give the day on which you read"}),
        # a wrong field beside good evidence is not passed over
        (HOME, LINK | NOTE | {"note_seen": "soon"}, {"note_seen": "like 2026-11-18"}),
        ("offlabel_status_disclosed", {"value": "unknown", "note": "x"}, {"note_seen": "Give the day"}),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_what_to_do(slug, parts, wrong):
    typed = fields(HOME, **NOTE) | fields(slug, **parts) if slug != HOME else fields(slug, **parts)

    found = problems(typed)

    assert set(found) == {f"{slug}-{part}" for part in wrong}
    assert all(words in found[f"{slug}-{part}"] for part, words in wrong.items())
    assert slug not in {each.criterion for each in examining.answers(SHIPPED, typed, HOSTS, TODAY)}


@pytest.mark.security(31)
@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("javascript:alert(1)", "not a web address"),
        ("JaVaScRiPt:alert(1)", "not a web address"),
        ("java\tscript:alert(1)", "not a web address"),
        ("javascript://clinic.example/%0aalert(1)", "not a web address"),
        ("data:text/html,<script>alert(1)</script>", "not a web address"),
        ("vbscript:msgbox(1)", "not a web address"),
        ("file:///etc/passwd", "not a web address"),
        ("//evil.example/faq", "not a web address"),
        ("\\\\evil.example\\faq", "not a web address"),
        ("/\\evil.example", "not a web address"),
        ("https:evil.example", "not a web address"),
        ("https://clinic.example/a\tb", "not a web address"),
        ("https://clinic.example/a\nb", "not a web address"),
        ("https://clinic.example/a\x00b", "not a web address"),
        ("https://clinic.example/\u202efaq", "not a web address"),
        ("https://clinic\u200b.example/", "not a web address"),
        ("https://clinic.example\\@evil.example/", "name and the password"),
        ("https://me:secret@clinic.example/", "name and the password"),
        ("https://clinic.example@evil.example/", "name and the password"),
        ("https://clinic.example/" + "x" * 500, "Shorten the address"),
        ("https://localhost/", "not a web address"),
        ("https://clinic.example:port/", "not a web address"),
    ],
)
@pytest.mark.parametrize("part", ["link", "archive"])
def test_an_address_that_no_reader_should_be_sent_to_is_refused_at_its_field(part, address, remedy):
    found = problems(fields(HOME, **(LINK | {part: address})))

    assert list(found) == [f"{HOME}-{part}"]
    assert remedy in found[f"{HOME}-{part}"]


@pytest.mark.parametrize("tie", ["", "friend", "NONE"])
def test_everybody_says_whether_they_have_a_tie(tie):
    assert list(problems(fields(HOME, tie=tie, **NOTE))) == ["tie"]


@pytest.mark.parametrize("typed", [{}, fields(HOME, value="unknown")])
def test_a_review_says_yes_or_no_at_least_once(typed):
    found = problems({"tie": "none"} | typed)

    assert list(found) == ["answers"]
    assert "at least one question" in found["answers"]


def test_problems_come_in_the_order_of_the_form():
    typed = fields("price_published", tie="", value="yes") | {"knows-site": "y"} | {f"{HOME}-value": "no"}

    assert list(problems(typed)) == ["tie", f"{HOME}-link", "price_published-link"]


@pytest.mark.parametrize(
    ("slug", "parts", "tier", "why"),
    [
        (HOME, LINK, VERIFIABLE, "exact words on the clinic’s own site"),
        (HOME, LINK | {"link": "https://www.board.example.gov/x"}, VERIFIABLE, "or in an official register"),
        (CURE, PAGES, VERIFIABLE, "pages of the clinic’s own site"),
        (CURE, PAGES | LINK | {"value": "no", "link": "https://other.example/"}, VERIFIABLE, "pages of the clinic’s"),
        (HOME, NOTE, TESTIMONY, "saw or were told yourself"),
        (HOME, NOTE | LINK | {"link": "https://other.example/"}, TESTIMONY, "the link leads neither"),
        (HOME, {"value": "unknown"}, None, "needs no evidence"),
    ],
)  # fmt: skip
def test_what_an_answer_will_count_as_is_said_with_the_reason(slug, parts, tier, why):
    found = prospect(slug, fields(slug, **parts))

    assert (found.tier, found.is_complete) == (tier, True)
    assert why in str(found.why)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"value": "yes"}, "Add what you base this answer on"),
        (LINK | {"quote": ""}, "Copy the exact words"),
        (LINK | {"seen": days_ago(SHIPPED.by_slug[HOME].shelf_days + 1).isoformat()}, "seen too long ago"),
    ],
)
def test_what_keeps_an_answer_from_counting_is_said(parts, why):
    found = prospect(HOME, fields(HOME, **parts))

    assert (found.tier, found.is_complete) == (None, False)
    assert why in str(found.why)


def test_an_answer_counts_until_the_last_day_of_its_shelf_life():
    seen = days_ago(SHIPPED.by_slug[HOME].shelf_days).isoformat()

    assert prospect(HOME, fields(HOME, **(LINK | {"seen": seen}))).tier == VERIFIABLE


@pytest.mark.parametrize("parts", [{}, {"value": " "}, {"note": "Nothing chosen."}])
def test_nothing_is_said_about_a_question_without_an_answer(parts):
    assert examining.prospects(SHIPPED, fields(HOME, **parts), HOSTS, TODAY) == {}
