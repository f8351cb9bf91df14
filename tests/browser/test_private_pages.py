"""Every page of one's own in Chromium, in every state and both languages: what axe finds, and whether it fits."""

import pytest

from tests.conftest import emptied_after
from tests.support import browser
from tests.support.walks import LANGUAGES, WALKS, Visit

#: Each state is seen in both languages, and in both of these looks; `make pictures` sees each in all of them.
LOOKS = (("light", browser.PHONE, {}), ("dark", browser.DESK, {}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_axe_finds_nothing_on_any_page_of_ones_own_in_any_state_and_all_fit(  # noqa: PLR0917
    chromium, app, served, monkeypatch, walk, language
):
    problems = {}
    with browser.opened(chromium, reduced_motion="reduce") as page:
        for number, name in enumerate(walk(Visit(page, served, app, monkeypatch, language))):
            look = LOOKS[(number + LANGUAGES.index(language)) % len(LOOKS)]
            found = browser.violations(page, [look]) + browser.does_not_fit(page)
            if found:
                problems[name] = found

    assert problems == {}


@pytest.fixture
def app(sqlite_app):
    with emptied_after(sqlite_app) as app:
        yield app


@pytest.fixture
def served(app):
    with browser.served(app) as address:
        yield address
