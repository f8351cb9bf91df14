"""Makes a picture of every page at 390 and 1280 px, light and dark, into pictures/ (ignored by git).

Run as `make pictures`; the test of the same name holds the pages to account, this shows them to people.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.conftest import ready_app
from tests.support import browser
from tests.support.pages import PAGES

FOLDER = Path("pictures")
#: Results with everything unfolded; on a desk filters and map stand open by themselves.
_OPENED = ("results", "results-filtered", "results-empty-filtered", "es-results-filtered")


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for app in ready_app(f"sqlite:///{folder}/demo.sqlite3", folder, DEMO="1"):
            app.test_cli_runner().invoke(args=["demo", "load"])
            with browser.served(app) as site, browser.chromium() as chromium:
                for theme in ("light", "dark"):
                    for width, size in ((390, browser.PHONE), (1280, browser.DESK)):
                        with browser.opened(chromium, size=size, theme=theme) as page:
                            photograph(page, site, f"{width}-{theme}")
                            photograph_opened(page, site, f"{width}-{theme}")
                with browser.opened(chromium, size=browser.PHONE, script=False) as page:
                    photograph(page, site, "390-light-no-script")


def photograph(page, site, suffix):
    for name, path in PAGES.items():
        page.goto(site + path)
        show_map(page, asked=False)
        page.screenshot(path=FOLDER / f"{name}-{suffix}.png", full_page=True)
    print(f"{len(PAGES)} pictures of {suffix} in {FOLDER}/")  # noqa: T201 - the script's whole output


def photograph_opened(page, site, suffix):
    """Show what a tap unfolds: every filter, and the map."""
    for name in _OPENED:
        page.goto(site + PAGES[name])
        page.evaluate("for (const fold of document.querySelectorAll('.filters, .facet')) fold.open = true")
        show_map(page, asked=True)
        page.screenshot(path=FOLDER / f"{name}-opened-{suffix}.png", full_page=True)
    print(f"{len(_OPENED)} pictures of what unfolds, {suffix}")  # noqa: T201 - the script's whole output


def show_map(page, *, asked):
    """Wait until the map is drawn, where there is one and a script: on a phone only once it is asked for."""
    drawn, offer = page.locator("#map.is-drawn"), page.locator("#map .map-offer")
    if asked and offer.is_visible():
        offer.click()
    elif not page.locator("#map .map-chart").is_visible():
        return
    expect(drawn).to_be_visible()


if __name__ == "__main__":
    main()
