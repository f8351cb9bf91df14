"""The demo in Chromium."""

import pytest

from tests.conftest import ready_app
from tests.support import browser
from tests.support.demonstration import tell_some


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
        tell_some(app)
        yield app
