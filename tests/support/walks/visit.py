"""Somebody who walks through pages of ours in Chromium, in either language, and does there what a person does."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel.support import Translations

from directory import ROOT
from tests.support import browser

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Visit:
    """A window, the address of the site in one language, the application behind it, and what patches its clock."""

    page: Any
    root: str
    app: Any
    patch: Any
    language: str = "en"

    @property
    def site(self):
        return self.root if self.language == "en" else f"{self.root}/{self.language}"

    def go(self, path):
        """Open a page by its address without a language, or with the one that a letter names."""
        self.page.goto(self.site + path.removeprefix(f"/{self.language}"))

    def enter(self, client):
        browser.enter(self.page, self.root, client)

    def fill(self, **typed):
        for name, text in typed.items():
            self.page.locator(f"main [name={name}]").fill(text)

    def press(self, button):
        self.button(button).click()

    def button(self, name):
        """Return the last button of this English name on the page."""
        main = self.page.get_by_role("main")
        return main.get_by_role("button", name=self.said(name), exact=True).last

    def unfold(self, summary):
        self.page.get_by_text(self.said(summary), exact=True).click()

    def said(self, english):
        """Return words in the language of the page; an address outside /es/ is English, whoever walks there."""
        language = urlsplit(self.page.url).path.split("/")[1]
        return _catalog(language).gettext(english) if language in LANGUAGES else english


@cache
def _catalog(language):
    return Translations.load(Path(ROOT) / "translations", [language])
