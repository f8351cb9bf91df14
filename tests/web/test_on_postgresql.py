"""Opens every route on PostgreSQL: the other tests of the pages run on SQLite."""

from itertools import product
from urllib.parse import quote

import pytest
from flask_security import hash_password

from directory.extensions import db
from directory.models import Account
from tests.support.accounts import PASSWORD, fields
from tests.support.engines import ON_POSTGRESQL
from tests.support.statements import counted_statements
from tests.web.test_access import EXPECTED, Stage, expected, status

pytestmark = ON_POSTGRESQL
#: What SQLite takes and PostgreSQL might refuse: NUL, half of a character, what ends a string, more than fits.
HOSTILE = ("a\x00b", "\ud83d' OR 1=1 --\\%", "9" * 400)
#: Every name by which a page takes something from its address or its form, but those of the answers of a review.
NAMES = (
    "action", "after", "age", "as_of", "checklist", "chosen", "clinic", "code", "cursor", "do", "email", "key", "near",
    "new_password", "password", "radius", "reason", "route", "setup", "sort", "tie", "version", "view", "which",
    "words",
)  # fmt: skip
#: These end the session.
ENDING = {"POST security.logout", "POST accounts.end_sessions"}
#: More than any page needs; a statement for each row of something would be more.
MANY = 30


def test_every_route_answers_as_the_grid_says(app):
    found = {route: status(app, route, Stage("moderator", "other's")) for route in EXPECTED}

    assert found == {route: expected(route, "moderator", "other's") for route in EXPECTED}


@pytest.mark.security(36)
def test_nothing_that_is_typed_anywhere_is_a_fault_of_ours(app):
    stage = Stage("administrator", "other's")
    db.session.get(Account, stage.actor).password = hash_password(PASSWORD)
    db.session.commit()
    client = stage.client(app)
    faults = {}

    for route, typed in product(sorted(set(EXPECTED) - ENDING), HOSTILE):
        asked = dict.fromkeys(NAMES, typed.encode("utf-8", "surrogatepass"))
        for address in {plain := stage.address(app, route).partition("?")[0], elsewhere(plain, stage, typed)}:
            if route.startswith("GET"):
                answer = client.get(address, query_string=asked)
            else:
                answer = client.post(address, data=asked | fields(client.get("/account")))
            answer.close()
            if answer.status_code >= 500:
                faults[route, address] = answer.status_code

    assert faults == {}
    assert client.get("/account").status_code == 200


def test_no_page_asks_the_database_often(app):
    stage = Stage("administrator", "other's")
    client = stage.client(app)
    asked = {}

    for route in EXPECTED:
        if route.startswith("GET"):
            with counted_statements() as statements:
                client.get(stage.address(app, route)).close()
            asked[route] = len(statements)

    assert {route: number for route, number in asked.items() if number > MANY} == {}


def elsewhere(address, stage, typed):
    """Return an address with what was typed in the place of each id."""
    for known in (stage.review, stage.clinic["public_id"], stage.session.public_id, "no-such-token"):
        address = address.replace(known, quote(typed, safe="", errors="surrogatepass"))
    return address
