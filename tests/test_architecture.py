from functools import cache

import pytest

from directory import ROOT
from tests.support import architecture
from tests.support.architecture import RULES

LONG_FUNCTION = "def long():\n" + "    work()\n" * 40
BAD_TREES = (
    ("wrong_layers", {"domain/a.py": "from directory.models import b", "models/b.py": "b = 1"}),
    ("wrong_layers", {"domain/a.py": "from directory.extensions import db", "extensions.py": "db = 1"}),
    ("wrong_layers", {"models/a.py": "import directory.queries.b", "queries/b.py": "b = 1"}),
    ("wrong_layers", {"queries/a.py": "from directory.services.b import b", "services/b.py": "b = 1"}),
    ("wrong_layers", {"queries/a.py": "from directory.extensions import db", "extensions.py": "db = 1"}),
    ("wrong_layers", {"services/a.py": "from directory.web.b import b", "web/b.py": "b = 1"}),
    ("wrong_layers", {"services/a.py": "from directory.cli import b", "cli/b.py": "b = 1"}),
    ("wrong_layers", {"web/a.py": "from directory.models import b", "models/b.py": "b = 1"}),
    ("wrong_layers", {"web/a.py": "def view():\n    from directory.queries import b", "queries/b.py": "b = 1"}),
    ("wrong_layers", {"web/a.py": "from directory.cli import b", "cli/b.py": "b = 1"}),
    ("wrong_layers", {"cli/a.py": "from directory.queries import b", "queries/b.py": "b = 1"}),
    ("wrong_layers", {"config.py": "from directory.extensions import db", "extensions.py": "db = 1"}),
    ("wrong_layers", {"web/a.py": "from . import b", "web/b.py": "b = 1"}),
    (
        "wrong_services",
        {"services/clinics.py": "from directory.services import reviews", "services/reviews.py": "a = 1"},
    ),
    ("wrong_services", {"services/audit.py": "import directory.services.search", "services/search.py": "a = 1"}),
    ("impure_domain", {"domain/a.py": "import flask"}),
    ("impure_domain", {"domain/a.py": "from sqlalchemy import select"}),
    ("impure_domain", {"domain/a.py": "import random"}),
    ("impure_domain", {"domain/a.py": "from datetime import date\n\ndate.today()"}),
    ("impure_domain", {"domain/a.py": "open('file')"}),
    ("running_queries", {"queries/a.py": "def all(session):\n    return session.scalars(1)"}),
    ("edge_below_web", {"services/a.py": "from flask import request"}),
    (
        "edge_below_web",
        {"services/a.py": "import flask_security as s\n\ndef a(current_user):\n    return current_user"},
    ),
    ("edge_below_web", {"services/a.py": "from flask import current_app"}),
    ("edge_below_web", {"cli/a.py": "from flask import request"}),
    ("joined_blueprints", {"web/a.py": "import directory.web.b\na = Blueprint('a')", "web/b.py": "b = Blueprint('b')"}),
    ("circles", {"services/a.py": "from directory.services import b", "services/b.py": "import directory.services.a"}),
    ("circles", {"web/__init__.py": "from directory.web import a", "web/a.py": "from directory.web import name"}),
    ("circles", {"__init__.py": "from directory import web", "web/__init__.py": "from directory import __version__"}),
    ("too_long", {"web/a.py": "a = 1\n" * 301}),
    ("too_long", {"web/a.py": LONG_FUNCTION}),
    ("empty_files", {"web/a.py": ""}),
    ("empty_files", {"web/__init__.py": "# a comment alone\n"}),
    ("unknown_rooms", {"reviews/a.py": "a = 1"}),
    ("unknown_rooms", {"views.py": "a = 1"}),
    ("unknown_rooms", {"services/utils.py": "a = 1"}),
)
GOOD_TREE = {
    "__init__.py": "from directory import cli, web\nfrom directory.extensions import db",
    "extensions.py": "from directory.models.base import Base",
    "cli/__init__.py": "from flask import current_app\nfrom directory.services import search",
    "web/__init__.py": "from directory.web import search",
    "web/search.py": "from flask import request\nfrom directory.services.search import near\na = Blueprint('a')",
    "web/api/__init__.py": "from directory.web.api import places",
    "web/api/places.py": "from directory.services import search",
    "services/search.py": "from directory.extensions import db\nfrom directory.queries import nearby\nnear = 1",
    "queries/nearby.py": "from directory.models.place import Place",
    "models/place.py": "from directory.domain.geo import Point\nfrom directory.models.base import Base",
    "models/base.py": "from sqlalchemy.orm import DeclarativeBase",
    "domain/geo.py": "import math\nfrom dataclasses import dataclass",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_product_keeps_the_rule(rule):
    assert list(rule(product())) == []


def test_the_rules_are_held_against_every_layer_of_the_product():
    rooms = {module.room for module in product()}

    assert rooms == set(architecture.MAY_IMPORT)


def test_no_template_is_longer_than_a_person_reads():
    assert list((ROOT / "templates").rglob("*.html"))
    assert architecture.long_templates(ROOT) == []


@pytest.mark.parametrize(("name", "files"), BAD_TREES)
def test_a_tree_that_breaks_the_rule_is_complained_of(name, files, plant):
    rule = next(rule for rule in RULES if rule.__name__ == name)

    complaints = list(rule(architecture.read(plant(files))))

    assert complaints
    assert complaints[0].startswith(next(iter(files)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_tree_that_keeps_the_rule_is_not_complained_of(rule, plant):
    assert list(rule(architecture.read(plant(GOOD_TREE)))) == []


def test_every_rule_is_shown_to_fail():
    assert {name for name, _ in BAD_TREES} == {rule.__name__ for rule in RULES}


def test_a_long_template_is_complained_of(tmp_path):
    page = tmp_path / "templates" / "reviews" / "edit.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>\n" * 121)

    assert architecture.long_templates(tmp_path) == ["edit.html has 121 lines"]


@pytest.fixture
def plant(tmp_path):
    def write(files):
        for name, text in files.items():
            path = tmp_path / "directory" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


@cache
def product():
    return architecture.read(ROOT)
