"""What every test may ask for: an application on each engine, a client that checks its pages, a database to fill.

One database an engine serves the whole run. It holds the gazetteer throughout; what a test wrote is taken out after
it, so tests commit as the product does.
"""

import gc
import sqlite3
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from directory import create_app
from directory.extensions import db
from directory.models import Base
from directory.services import places
from tests.support import postgres
from tests.support.accounts import hash_cheaply
from tests.support.client import PageClient
from tests.support.emptying import empty
from tests.support.engines import ENGINES
from tests.support.following import follow_no_more, is_unfollowed

KEPT = {"place", "checklist", "criterion", "alembic_version"}


def pytest_collection_modifyitems(items):
    items.sort(key=is_unfollowed)


def pytest_collection_finish():
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if is_unfollowed(item):
        follow_no_more()


@pytest.fixture(scope="session")
def postgres_server():
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instance")
    yield from ready_app(f"sqlite:///{folder / 'directory.sqlite3'}", folder)


@pytest.fixture(scope="session")
def postgresql_app(postgres_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("instance")
    yield from ready_app(new_database(postgres_server, "directory"), folder)


@pytest.fixture(params=ENGINES)
def app(request):
    """An application with the whole gazetteer and no clinic, on each engine in turn; its context is pushed."""
    with emptied_after(request.getfixturevalue(f"{request.param}_app")) as app:
        yield app


@pytest.fixture(scope="module", params=ENGINES)
def lasting_app(request):
    """The same for the tests of a whole module, which take back what they write."""
    with emptied_after(request.getfixturevalue(f"{request.param}_app")) as app:
        yield app


@pytest.fixture
def client(app):
    app.test_client_class = PageClient
    return app.test_client()


@contextmanager
def emptied_after(app):
    """Push the context of an application, and take out at the end what was written."""
    with app.app_context():
        try:
            yield app
        finally:
            db.session.rollback()
            empty(table for table in reversed(Base.metadata.sorted_tables) if table.name not in KEPT)


def ready_app(url, folder, **settings):
    """Yield an application whose database has its tables and the gazetteer."""
    app = create_app({"DATABASE_URL": url, **settings}, instance_path=Path(folder))
    hash_cheaply(app)
    with app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "connect", write_lazily)
    outcome = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert outcome.exit_code == 0, outcome.output
    with app.app_context(), nothing_to_throw_away():
        places.load(gazetteer())
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def nothing_to_throw_away():
    """Make what lasts as long as the tests, and spare the collector of garbage from looking through it ever after."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@cache
def gazetteer():
    return places.survey()


def write_lazily(connection, _record):
    """Wait for no disk: a test's database need not outlive the power."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def new_database(server, name):
    """Return the address of an empty database on a server started by the tests."""
    url = make_url(server).set(database="postgres")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
