import re
from pathlib import Path

import pytest
from babel.support import Translations
from flask_babel import force_locale, gettext, ngettext, pgettext

from directory.web import cards
from directory.web.presenters import browser_words
from tests.support.client import Page
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.required import missing
from translations import gathering

SPANISH_FIRST = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.8"}
STANDING = (
    "/", "/search?near=63101&radius=50&route=iv_infusion", "/search?near=89001", "/search?name=Qwxyzzy", "/about",
    "/privacy", "/checklist", "/log", "/shortlist", "/compare", "/account/sign-in", "/account/register",
)  # fmt: skip
#: Labels of fields that no form of ours shows.
THEIRS = {"Forgot password?", "Next", "Limit", "Cursor"}
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


@pytest.fixture
def spanish(client):
    """A client of an application that has its Spanish; `make` compiles it."""
    if "es" not in client.application.config["LANGUAGES"]:
        missing("translations/es/LC_MESSAGES/messages.mo is not here: make test compiles it")
    return client


def test_the_language_of_a_page_is_the_one_it_is_written_in(spanish):
    english, other = spanish.get("/about"), spanish.get("/es/about")

    assert '<html lang="en">' in english.text
    assert '<html lang="es">' in other.text
    assert Page(other.text).texts("title") == ["Acerca de este directorio · Directorio de clínicas de ketamina"]


def test_one_english_word_has_a_spanish_one_for_each_of_its_meanings(spanish):
    add_clinic(at=(38.6, -90.2))

    results = Page(spanish.get("/es/search?near=63101&radius=50").text)
    with force_locale("es"):
        safeguards = [ngettext(*words, number) for words in cards.SO_MANY.values() for number in (1, 2)]
        unknown = [gettext("Unknown"), pgettext("fact", "Unknown")]
        about = [gettext("About"), pgettext("of a decision", "About")]
        names = [browser_words(name) for name in ("Firefox on Android", "Linux", "")]

    assert safeguards == [
        "presente", "presentes", "ausente", "ausentes", "en disputa", "en disputa", "desconocida", "desconocidas",
    ]  # fmt: skip
    assert unknown == ["Desconocida", "Desconocido"]
    assert about == ["Acerca de", "Sobre"]
    assert names == ["Firefox en Android", "Linux", "Un navegador"]
    assert "Guardar:" in results.texts("main")[0]
    assert "Lista guardada" in results.texts("footer")[-1]


def test_without_a_translation_the_pages_are_english_and_offer_nothing_else(client, monkeypatch):
    monkeypatch.setitem(client.application.config, "LANGUAGES", {"en"})

    answer = client.get("/es/about", headers=SPANISH_FIRST)

    assert '<html lang="en">' in answer.text
    assert "hreflang" not in answer.text
    assert "Accept-Language" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/", "/es/"),
        ("/es/", "/"),
        ("/search?near=St.+Louis%2C+MO&radius=50", "/es/search?near=St.+Louis%2C+MO&radius=50"),
        ("/es/search?near=ni%C3%B1o", "/search?near=ni%C3%B1o"),
        ("/es/account/sign-in", "/account/sign-in"),
        # A page that is not there has no other edition, and what stands in its address leads nowhere.
        ("/nothing", "/es/"),
        ("/es//example.org", "/"),
    ],
)
def test_every_page_leads_to_itself_in_the_other_language(spanish, address, other):
    answer = spanish.get(address)

    [link] = [link for link in Page(answer.text).all("a") if "hreflang" in link]
    assert link["href"] == other
    assert link["lang"] == link["hreflang"] == ("en" if address.startswith("/es") else "es")


def test_a_page_that_only_a_form_asks_for_leads_home(spanish):
    answer = spanish.post("/account/sessions/end")

    assert [link["href"] for link in Page(answer.text).all("a") if "hreflang" in link] == ["/es/"]


@pytest.mark.parametrize(("address", "own"), [("/about", "/about"), ("/es/about", "/es/about")])
def test_search_engines_learn_each_page_and_its_translations(spanish, address, own):
    site = spanish.application.config["BASE_URL"]
    links = Page(spanish.get(f"{address}?x=1").text).all("link")

    assert [link["href"] for link in links if link["rel"] == "canonical"] == [f"{site}{own}"]
    assert {link["hreflang"]: link["href"] for link in links if link["rel"] == "alternate"} == {
        "en": f"{site}/about", "es": f"{site}/es/about", "x-default": f"{site}/about",
    }  # fmt: skip


def test_whose_browser_prefers_spanish_is_told_of_it_and_led_nowhere(spanish):
    told = spanish.get("/about", headers=SPANISH_FIRST)
    untold = [
        spanish.get("/about"),
        spanish.get("/about", headers={"Accept-Language": "en-US,en;q=0.9,es;q=0.8"}),
        spanish.get("/about", headers={"Accept-Language": "fr"}),
        spanish.get("/es/about", headers=SPANISH_FIRST),
    ]

    assert told.status_code == 200
    assert '<html lang="en">' in told.text
    assert '<a href="/es/about" hreflang="es">Esta página está en español.</a>' in told.text
    assert all("Esta página está" not in each.text for each in untold)
    assert all("Accept-Language" in each.headers["Vary"] for each in (told, *untold))


def test_distances_dates_and_numbers_are_those_of_spanish_readers_in_the_united_states(spanish):
    add_clinics([clinic_row(at=(38.6, -90.2), price_min=450, price_max=1200) for _ in range(1001)])

    page = Page(spanish.get("/es/search?near=63101").text)

    assert page.texts("h1") == ["1,000+ clínicas en un radio de 25 millas (40 km) de Saint Louis, MO 63101"]
    assert "2.4 mi (3.9 km)" in page.texts("article")[0]
    assert "2 oct 2026" in page.texts("article")[0]


def test_no_page_asks_for_words_that_have_no_spanish(spanish, monkeypatch):
    clinic = add_clinic(at=(38.6, -90.2), routes=1, settings=1, conditions=1, price_min=450, price_max=900)["public_id"]
    asked = set()
    for name in ("ugettext", "ungettext"):
        monkeypatch.setattr(Translations, name, noting(getattr(Translations, name), asked))

    for address in (*STANDING, f"/clinics/{clinic}", f"/clinics/{clinic}/questions", f"/compare?clinic={clinic}"):
        assert spanish.get(f"/es{address}", follow_redirects=True).status_code == 200

    known = {message.id if isinstance(message.id, str) else message.id[0] for message in gathering.template()}
    assert {message for message in asked - known - THEIRS if not message.isdigit()} == set()


def noting(function, asked):
    def note(translations, message, *rest):
        asked.add(message)
        return function(translations, message, *rest)

    return note


def untranslated(source):
    """Return the words that stand in a template as they are: between tags, and in attributes that are spoken."""
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    bare = re.sub(r"<!--.*?-->|<!doctype html>", "", bare, flags=re.DOTALL)
    spoken = [words for words in SPOKEN.findall(bare) if re.search("[A-Za-z]", words)]
    text = re.sub(r"&[a-z]+;", "", re.sub(r"<[^>]*>", "\n", bare, flags=re.DOTALL))
    return spoken + [line.strip() for line in text.splitlines() if re.search("[A-Za-z]", line)]
