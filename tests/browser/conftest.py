"""The demo in Chromium."""

import pytest

from directory.models.base import now
from directory.services import demo
from directory.services.clinics import record
from directory.services.demo_reviews import tell
from tests.conftest import ready_app
from tests.support import browser

#: The cities that these tests look at. Telling the stories of all takes a minute; tests/cli/test_demo.py does it.
TOLD = ("CA Los Angeles ", "IL Chicago ", "MO Saint Louis ")


@pytest.fixture(scope="session")
def chromium():
    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="session")
def site(demo_app):
    with browser.served(demo_app) as address:
        yield address


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    for app in ready_app(f"sqlite:///{folder / 'demo.sqlite3'}", folder, DEMO="1"):
        listings, heroes = demo.listings(), demo.heroes()
        of_these = {each.public_id for each in listings if each.source_key.startswith(TOLD)}
        with app.app_context():
            record(listings)
            assert tell({key: heroes[key] for key in of_these & set(heroes)}, today=now().date()) > len(TOLD)
        yield app
