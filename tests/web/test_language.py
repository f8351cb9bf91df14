import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: Attributes that a reader sees or hears.
SPOKEN = re.compile(r'\b(?:aria-label|title|alt|placeholder|data-(?!part\b)[a-z]+)="([^"]*)"')


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_word_of_a_page_goes_through_gettext(template):
    source = template.read_text(encoding="utf-8")

    assert untranslated(source) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{{ _('Hello') }}</p>", []),
        ('<p aria-label="Hello"></p>', ["Hello"]),
        ("<a href=\"{{ url_for('x') }}\">{{ _('Hello') }}</a> and {# a comment #}", ["and"]),
    ],
)
def test_a_forgotten_word_would_be_noticed(source, found):
    assert untranslated(source) == found


def test_the_language_of_a_page_is_the_one_it_is_written_in(client):
    assert '<html lang="en">' in client.get("/about").text
    # Spanish has its addresses from the first day; until it is written, the page says that it is English.
    assert '<html lang="en">' in client.get("/es/about").text


def untranslated(source):
    """Return the words that stand in a template as they are: between tags, and in attributes that are spoken."""
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    bare = re.sub(r"<!--.*?-->|<!doctype html>", "", bare, flags=re.DOTALL)
    spoken = [words for words in SPOKEN.findall(bare) if re.search("[A-Za-z]", words)]
    text = re.sub(r"&[a-z]+;", "", re.sub(r"<[^>]*>", "\n", bare, flags=re.DOTALL))
    return spoken + [line.strip() for line in text.splitlines() if re.search("[A-Za-z]", line)]
