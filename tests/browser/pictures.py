"""Makes a picture of every page at 390 and 1280 px, light and dark, into pictures/ (ignored by git).

Run as `make pictures`; the test of the same name holds the pages to account, this shows them to people.
"""

import tempfile
from pathlib import Path

from tests.conftest import ready_app
from tests.support import browser
from tests.support.pages import PAGES

FOLDER = Path("pictures")


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
                with browser.opened(chromium, size=browser.PHONE, script=False) as page:
                    photograph(page, site, "390-light-no-script")


def photograph(page, site, suffix):
    for name, path in PAGES.items():
        page.goto(site + path)
        page.screenshot(path=FOLDER / f"{name}-{suffix}.png", full_page=True)
    print(f"{len(PAGES)} pictures of {suffix} in {FOLDER}/")  # noqa: T201 - the script's whole output


if __name__ == "__main__":
    main()
