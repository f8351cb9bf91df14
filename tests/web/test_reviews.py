import re

import pytest

from directory.domain.checklist import Value
from directory.domain.findings import VERDICTS, find
from directory.domain.scoring import _RED_POINTS, SETTLED_TO_SHOW, Grade
from directory.web.checklists import GRADES, LEVELS, STATUSES, SUPPORT
from tests.support.answers import TODAY, clearing, raising
from tests.support.checklists import CURE_ALL, SHIPPED
from tests.support.client import Page

EVERY = (*SHIPPED.signs, *SHIPPED.safeguards)
#: What brings one side of a sign to each level.
SIDES = ([], [2], [3, 1])


def test_the_checklist_explains_every_question_at_an_address_of_its_own(client):
    source = client.get("/checklist").text

    page, text = Page(source), " ".join(source.split())
    ids = {tag.get("id") for tag in page.tags}
    assert {criterion.slug for criterion in EVERY} <= ids
    for criterion in EVERY:
        for words in (criterion.name, criterion.question, criterion.why, criterion.ask, *criterion.evidence):
            assert escaped(words) in text
        assert all(escaped(words) in text for words in criterion.mistaken)
        assert escaped(criterion.contested) in text
        assert escaped(criterion.not_applicable) in text
    assert len(SHIPPED.safeguards) == 30
    assert source.count("<strong>The question:</strong>") == 5


def test_every_source_stands_there_with_how_it_was_read(client):
    source = " ".join(client.get("/checklist").text.split())

    for cited in SHIPPED.sources:
        entry = source.partition(f'id="source-{cited.key}"')[2].partition("</li>")[0]
        assert f'href="{escaped(cited.url)}"' in entry
        assert STATUSES[cited.status] in entry
        assert escaped(cited.says) in entry
    assert set(STATUSES) == {cited.status for cited in SHIPPED.sources}
    assert "RECALLED" not in source


def test_every_link_inside_of_the_page_leads_somewhere(client):
    page = Page(client.get("/checklist").text)

    anchors = [tag["href"][1:] for tag in page.all("a") if tag["href"].startswith("#")]
    assert {"signs", "origin", "finding", "score", "unknown", "judgment", "safeguards", "sources"} <= set(anchors)
    assert set(anchors) <= {tag.get("id") for tag in page.tags}


@pytest.mark.parametrize(
    "address", ["/checklist", "/checklist/2026.1", "/api/v1/checklist", "/api/v1/checklist/2026.1"]
)
def test_a_version_can_be_named_and_the_newest_need_not_be(client, address):
    assert SHIPPED.sha256 in client.get(address).text


@pytest.mark.parametrize("version", ["2025.1", "2026.2", "..%2f2026.1", "latest", "2026-1"])
def test_a_version_that_was_never_published_is_not_there(client, version):
    page, answer = client.get(f"/checklist/{version}"), client.get(f"/api/v1/checklist/{version}")

    assert (page.status_code, answer.status_code) == (404, 404)
    assert answer.json["error"]["code"] == "not_found"


def test_the_page_owns_up_to_where_the_five_come_from_and_what_is_our_judgment(client):
    text = " ".join(client.get("/checklist").text.split())

    assert "The article names no author, and it names no source for the list." in text
    assert "No authority has set it." in text
    assert all(escaped(SUPPORT[sign.slug]) in text for sign in SHIPPED.signs)
    assert "7 sources, 3 of them read only in a report." in text


def test_the_page_makes_no_judgment_that_the_directory_does_not_make(client):
    text = re.sub(r"<[^>]*>", " ", client.get("/checklist").text).lower()
    titles = " ".join(cited.title for cited in SHIPPED.sources).lower()

    for word in ("unsafe", "scam", "illegal", "verified clinic"):
        assert word not in text
    assert len(re.findall(r"\bsafe\b", text)) == len(re.findall(r"\bsafe\b", titles)) * text.count(SAFE_TITLE)


def test_the_nine_cells_of_the_page_are_those_of_the_finder():
    for raised, for_it in enumerate(SIDES):
        for cleared, against_it in enumerate(SIDES):
            answers = [raising(CURE_ALL, by=f"r{n}", tier=tier) for n, tier in enumerate(for_it)]
            answers += [clearing(CURE_ALL, by=f"c{n}", tier=tier) for n, tier in enumerate(against_it)]
            found = find(CURE_ALL, answers, [], TODAY)
            assert (found.raising.level, found.clearing.level) == (raised, cleared)
            assert found.verdict is VERDICTS[raised, cleared]
    assert len(VERDICTS) == len(LEVELS) ** 2


def test_the_example_is_what_the_scorer_makes_of_it(client):
    text = " ".join(client.get("/checklist").text.split())

    example = text.partition("An example</h3>")[2].partition("The four grades")[0]
    assert "Score: 30 to 70 of 100." in example
    assert "It is a range because one sign is disputed and one only suspected." in example
    numbers = [int(number) for number in re.findall(r'class="num">(\d+)<', example)]
    assert numbers == [0, 0, 0, 0, 0, 30, 20, 20, 10, 20, 30, 70]


def test_the_grades_and_the_numbers_in_the_text_are_those_of_the_rules(client):
    text = " ".join(client.get("/checklist").text.split())

    assert list(GRADES) == list(Grade)
    assert str(_RED_POINTS) in GRADES[Grade.RED]
    assert SETTLED_TO_SHOW == 3
    assert "once three of the five signs are settled" in text
    assert all(f"{points} points" in text for points in {sign.points for sign in SHIPPED.signs})


def test_both_polarities_say_which_answer_counts_against_a_clinic(client):
    text = " ".join(client.get("/checklist").text.split())

    assert text.count("A “yes” raises the sign.") == sum(sign.against is Value.YES for sign in SHIPPED.signs)
    assert text.count("A “no” raises the sign.") == sum(sign.against is Value.NO for sign in SHIPPED.signs)
    assert text.count("A “yes” means that it is absent.") == 2


def test_the_menu_leads_to_the_checklist(client):
    page = Page(client.get("/about").text)

    assert "/checklist" in [link["href"] for link in page.all("a")]


#: The one title of a source that holds the word.
SAFE_TITLE = "guidance on the safe use of ketamine"


def escaped(words):
    return words.replace("&", "&amp;").replace('"', "&#34;").replace("'", "&#39;")
