from datetime import timedelta

import pytest
from flask import url_for

from directory import create_app
from directory.domain.access import GRANTS, Condition, Role, is_privileged
from directory.domain.moderation import ReviewStatus
from directory.domain.ties import TieKind
from directory.extensions import db, writing
from directory.models import Account, AccountRole, AccountSession, Clinic, Review
from directory.services import access as services
from directory.services import sessions
from directory.web.access import permission_of
from directory.web.requests import now
from tests.support.accounts import SIGN_IN, fields
from tests.support.client import PageClient
from tests.support.proposals import SAID
from tests.support.review_forms import LEAST, filled
from tests.support.reviews import AS_SUBMITTED, NOON, account, link, reviewed_clinic, status_of, submitted
from tests.support.signed_in import signed_in
from tests.support.suggestions import suggested
from tests.support.tables import row_counts, rows

MAILED = {"at_home_use_offered": ("yes", link())}
#: The same words about the same clinic would be taken for the same review.
OTHER = {"at_home_use_offered-quote": "Other words."}
COLUMNS = ("visitor", "reviewer", "moderator without a second step", "moderator", "administrator")
THINGS = ("own", "other's", "of a tied clinic")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

#: A file of each library's own.
FILES = {"bootstrap.static": "css/bootstrap.min.css", "leaflet.static": "leaflet.js"}

#: What comes of each route for each of COLUMNS, from the permission matrix of the design (MODERATION, 3): a status, or
#: one for each of THINGS; S leads to sign in, F to the second step. Flask-Security's own answers are 200 and 302.
EXPECTED = {
    # Read what is published: everybody, and all the same.
    "GET static": "200 200 200 200 200",
    "GET bootstrap.static": "200 200 200 200 200",
    "GET leaflet.static": "200 200 200 200 200",
    "GET search.home": "200 200 200 200 200",
    "GET search.nearby": "200 200 200 200 200",
    "GET search.about": "200 200 200 200 200",
    "GET search.privacy": "200 200 200 200 200",
    "GET search.icon": "200 200 200 200 200",
    "GET clinics.show": "200 200 200 200 200",
    "GET comparisons.show": "200 200 200 200 200",
    "GET questions.show": "200 200 200 200 200",
    "GET shortlist.show": "200 200 200 200 200",
    "GET reviews.checklist": "200 200 200 200 200",
    "GET log.entries": "200 200 200 200 200",
    "GET log.show": "404 404 404 404 404",  # nothing is decided on the stage
    "GET operations.health": "200 200 200 200 200",
    "GET operations.ready": "200 200 200 200 200",
    "GET api.nearby": "200 200 200 200 200",
    "GET api_places.places": "200 200 200 200 200",
    "GET api.show": "200 200 200 200 200",
    "GET api.case": "200 200 200 200 200",
    "GET api_checklists.checklist": "200 200 200 200 200",
    # Write a review, edit a draft, submit: everybody who signed in and has no tie that bars it; of a clinic that one
    # has an undecided review of not again.
    "GET drafts.edit": "S 200 200 200 200",
    "GET drafts.called": "S 200 200 200 200",
    "POST drafts.edit": "401 409/303/403 409/303/403 409/303/403 409/303/403",
    "POST drafts.autosave": "401 409/200/200 409/200/200 409/200/200 409/200/200",
    # See and withdraw a review: its author alone; to everybody else it is not there.
    "GET reviews.mine": "S 200 200 200 200",
    "GET reviews.show": "S 200/404/404 200/404/404 200/404/404 200/404/404",
    "POST reviews.withdraw": "S 303/404/404 303/404/404 303/404/404 303/404/404",
    # To wish back is for what was approved.
    "POST reviews.wish": "S 409/404/404 409/404/404 409/404/404 409/404/404",
    # Read what is pending, approve, decline, ask for changes: moderators, not their own, and without a tie.
    "GET moderation.queue": "S 403 F 200 200",
    "GET moderation.review": "S 403 F 403/200/404 403/200/404",
    "POST moderation.review": "401 403 F 403/303/404 403/303/404",
    "GET moderation.state": "S 403 F 403/200/404 403/200/404",
    # Takes whatever is next, and declines what may be declined of all that was ticked; the rest is told of.
    "POST moderation.take_next": "S 403 F 303 303",
    "POST moderation.decline": "S 403 F 303 303",
    # Suggest what is missing or wrong: everybody who signed in; of a listing one's own suggestion waits for, not again.
    "GET suggestions.propose": "S 200 200 200 200",
    "POST suggestions.propose": "401 303 303 303 303",
    "GET suggestions.suggest": "S 200 200 200 200",
    "POST suggestions.suggest": "401 409/303/303 409/303/303 409/303/303 409/303/303",
    # See, change and withdraw a suggestion: its author alone; what waits is changed only where that was asked for.
    "GET suggestions.mine": "S 200 200 200 200",
    "GET suggestions.show": "S 200/404/404 200/404/404 200/404/404 200/404/404",
    "GET suggestions.change": "S 200/404/404 200/404/404 200/404/404 200/404/404",
    "POST suggestions.change": "401 409/404/404 409/404/404 409/404/404 409/404/404",
    "POST suggestions.withdraw": "S 303/404/404 303/404/404 303/404/404 303/404/404",
    # Decide on a suggestion: moderators, not their own, and without a tie.
    "GET moderation.listing": "S 403 F 403/200/404 403/200/404",
    "POST moderation.listing": "401 403 F 403/303/404 403/303/404",
    "GET moderation.listing_state": "S 403 F 403/200/404 403/200/404",
    # Hide a listing after a legal request, and show it again: administrators without a tie.
    "GET moderation.hidden": "S 403 403 403 200",
    "GET moderation.hide": "S 403 403 403 200/200/404",
    "POST moderation.hide": "401 403 403 403 303/303/404",
    # Rule on signs: moderators, not on one that they answered, and without a tie.
    "GET rulings.waiting": "S 403 F 200 200",
    "GET rulings.sign": "S 403 F 403/200/404 403/200/404",
    "POST rulings.sign": "401 403 F 403/303/404 403/303/404",
    # Look at signs again, make an approved review void, take one back: moderators, not their own, and without a tie;
    # what waits on the stage was not approved.
    "GET afterwards.again": "S 403 F 200 200",
    "GET afterwards.pending": "S 403 F 200 200",
    "GET afterwards.void": "S 403 F 403/200/404 403/200/404",
    "POST afterwards.void": "401 403 F 403/409/404 403/409/404",
    "POST afterwards.take_back": "S 403 F 403/409/404 403/409/404",
    # Hold new reviews of a clinic: moderators without a tie, nor a review of theirs that waits; propose to link.
    "GET desk.clinic": "S 403 F 200/200/404 200/200/404",
    "POST desk.clinic": "401 403 F 403/303/404 403/303/404",
    "GET desk.link": "S 403 F 403/200/404 403/200/404",
    "POST desk.link": "401 403 F 403/409/404 403/409/404",
    # One's own account: everybody who signed in, and of its sessions one's own alone.
    "GET accounts.show": "S 200 200 200 200",
    "GET accounts.onward": "S 303 303 303 303",
    "GET accounts.after_second_step": "S 303 303 303 303",
    "POST accounts.end_session": "S 303/404/404 303/404/404 303/404/404 303/404/404",
    "POST accounts.end_sessions": "S S S S S",
    "GET security.change_email": "S 200 200 200 200",
    "POST security.change_email": "S 200 200 200 200",
    "GET security.change_password": "S 200 200 200 200",
    "POST security.change_password": "S 200 200 200 200",
    "GET security.mf_recovery_codes": "S 200 200 200 200",
    "POST security.mf_recovery_codes": "S 200 200 200 200",
    "GET security.two_factor_setup": "S 200 200 200 200",
    "POST security.two_factor_setup": "S 200 200 200 200",
    "POST security.two_factor_setup_validate": "S 302 302 302 302",
    "GET security.verify": "S 200 200 200 200",
    "POST security.verify": "S 200 200 200 200",
    # Sign in, register, confirm, reset: who is signed in already is led on by most of them.
    "GET security.login": "200 302 302 302 302",
    "POST security.login": "200 302 302 302 302",
    "POST security.logout": "302 302 302 302 302",
    "GET security.register": "200 302 302 302 302",
    "POST security.register": "200 302 302 302 302",
    "GET security.forgot_password": "200 200 200 200 200",
    "POST security.forgot_password": "200 200 200 200 200",
    "GET security.reset_password": "302 302 302 302 302",
    "POST security.reset_password": "302 302 302 302 302",
    "GET security.send_confirmation": "200 200 200 200 200",
    "POST security.send_confirmation": "200 200 200 200 200",
    "GET security.confirm_email": "302 302 302 302 302",
    "POST security.confirm_email": "302 302 302 302 302",
    "GET security.change_email_confirm": "302 302 302 302 302",
    "GET security.two_factor_token_validation": "302 303 303 303 303",
    "POST security.two_factor_token_validation": "302 303 303 303 303",
    "GET security.mf_recovery": "302 302 302 302 302",
    "POST security.mf_recovery": "302 302 302 302 302",
    # Not offered: nothing here needs to choose among second steps, nor sends a code by mail.
    "GET security.tf_select": "404 404 404 404 404",
    "POST security.tf_select": "404 404 404 404 404",
    "GET security.two_factor_rescue": "404 404 404 404 404",
    "POST security.two_factor_rescue": "404 404 404 404 404",
}


@pytest.mark.security(22)
def test_the_grid_names_every_route_and_no_other(app):
    assert routes(app) == set(EXPECTED)


@pytest.mark.security(22)
@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("column", COLUMNS)
def test_everybody_gets_from_every_route_what_the_grid_says(app, column, thing):
    # What is nobody's is looked at once.
    asked = [route for route, row in EXPECTED.items() if thing == "other's" or "/" in row]
    # Reading changes nothing, as is held below; who sends a form finds everything as it was.
    read = Stage(column, thing)

    found = {
        route: status(app, route, read if route.startswith("GET") else Stage(column, thing)) for route in asked
    }  # fmt: skip

    assert found == {route: expected(route, column, thing) for route in asked}


@pytest.mark.security(23)
def test_every_route_says_who_may_open_it(app):
    assert undeclared(app) == []


@pytest.mark.security(23)
def test_a_route_of_which_nobody_said_who_may_open_it_is_found_and_opens_to_nobody(tmp_path):
    app = create_app({"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}, instance_path=tmp_path)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    answer = app.test_client().get("/forgotten")

    assert undeclared(app) == ["forgotten"]
    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.mark.security(9)
def test_staff_without_a_second_step_is_led_to_it_by_every_route_that_takes_a_role(app):
    privileged = [route for route in EXPECTED if is_for_moderators(permission_of(app, route.split()[1]))]

    assert len(privileged) >= 3
    assert {expected(route, "moderator without a second step", thing) for route in privileged for thing in THINGS} == {
        "F"
    }
    assert {expected(route, "reviewer", thing) for route in privileged for thing in THINGS} == {"403"}


@pytest.mark.security(35)
@pytest.mark.parametrize("column", ["visitor", "administrator"])
def test_no_form_is_taken_without_its_token(app, column):
    stage = Stage(column, "other's")
    client = stage.client(app)
    before = row_counts()

    statuses = {
        route: client.post(stage.address(app, route), data=stage.typed(client, route)).status_code
        for route in EXPECTED
        if route.startswith("POST")
    }

    assert statuses == dict.fromkeys(statuses, 400)
    assert (row_counts(), status_of(stage.review)) == (before, ("submitted", AS_SUBMITTED))


@pytest.mark.security(25)
def test_what_a_route_does_not_offer_cannot_be_done_there(app):
    stage = Stage("administrator", "other's")
    client = stage.client(app)
    offered = {}
    for rule in app.url_map.iter_rules():
        offered.setdefault(stage.address(app, f"GET {rule.endpoint}"), set()).update(rule.methods)

    for address, methods in offered.items():
        for method in set(UNSAFE) - methods:
            assert client.open(address, method=method).status_code == 405, (method, address)


@pytest.mark.security(25)
def test_reading_changes_nothing(app):
    stage = Stage("administrator", "other's")
    client = stage.client(app)
    before = row_counts()

    for route in EXPECTED:
        if route.startswith("GET"):
            client.get(stage.address(app, route)).close()

    assert (row_counts(), status_of(stage.review)) == (before, ("submitted", AS_SUBMITTED))


@pytest.mark.security(26)
def test_no_form_gives_a_role_or_a_state_to_somebody_who_asks_for_it(app):
    smuggled = {
        "role": "administrator", "roles": "administrator", "roles-0": "administrator", "state": "approved",
        "status": "approved", "author_id": "1", "clinic_id": "1", "approved_at": "2026-01-01", "score": "100",
        "active": "1", "confirmed_at": "2026-01-01", "linked_to_id": "1", "is_staff": "1",
    }  # fmt: skip

    for route in EXPECTED:
        if route.startswith("POST") and route != "POST reviews.withdraw":
            stage = Stage("reviewer", "own")
            before = rows(Review, Review.public_id == stage.review)[0].__dict__.copy()
            status(app, route, stage, **smuggled)
            after = rows(Review, Review.public_id == stage.review)[0].__dict__.copy()
            assert {name: after[name] for name in after if name[0] != "_"} == {
                name: before[name] for name in before if name[0] != "_"
            }, route

    assert rows(AccountRole) == []
    assert {review.status for review in rows(Review)} == {ReviewStatus.SUBMITTED}
    assert [each.linked_to_id for each in rows(Account) if each.linked_to_id] == []
    assert row_counts()["score"] == 0


def is_for_moderators(permission):
    """Whether moderators may do more by it than reviewers; what administrators alone may do is refused to them."""
    return is_privileged(permission) and GRANTS[permission][Role.MODERATOR] is not Condition.NEVER


def routes(app):
    """Return every route with each of its methods, "GET reviews.mine", but those that every route has by itself."""
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }  # fmt: skip


def undeclared(app):
    return [rule.endpoint for rule in app.url_map.iter_rules() if permission_of(app, rule.endpoint) is None]


def expected(route, column, thing):
    cells = EXPECTED[route].split()[COLUMNS.index(column)].split("/")
    return cells[THINGS.index(thing)] if len(cells) > 1 else cells[0]


def status(app, route, stage, **more):
    """Let somebody open a route, or send its form as its page would, and return what comes of it."""
    client, address = stage.client(app), stage.address(app, route)
    if route.startswith("GET"):
        answer = client.get(address)
    else:
        page = client.get(SIGN_IN if stage.column == "visitor" else "/account")
        answer = client.post(address, data=stage.typed(client, route) | more | fields(page))
    answer.close()
    led = {SIGN_IN: "S", "/account/second-step": "F"} if answer.status_code == 303 else {}
    return led.get(answer.location, str(answer.status_code))


class Stage:
    """Somebody, and a review and a session that are theirs, another's, or another's of a clinic they are tied to."""

    def __init__(self, column, thing):
        roles = {"visitor": None, "reviewer": None, "administrator": Role.ADMINISTRATOR}
        self.column, self.thing = column, thing
        self.actor, other = account(role=roles.get(column, Role.MODERATOR)), account(role=None)
        self._give_address()
        self.clinic, author = reviewed_clinic(), self.actor if thing == "own" else other
        self.review = submitted(self.clinic, author, MAILED)
        self.suggestion = suggested(self.clinic, author, kind="close")
        (clinic,) = rows(Clinic, Clinic.public_id == self.clinic["public_id"])
        with writing() as session:
            if thing == "of a tied clinic":
                services.declare(session, TieKind.OWNER, self.actor, clinic.id, at=NOON)
            token = sessions.begin(session, author, browser="Opera", at=now())
        (self.session,) = rows(AccountSession, AccountSession.token == token)

    def _give_address(self):
        row = db.session.get(Account, self.actor)
        row.email = row.email_key = f"person{self.actor}@example.org"
        row.confirmed_at, row.password = now(), "no password has this hash"
        db.session.commit()

    def client(self, app):
        if self.column == "visitor":
            app.test_client_class = PageClient
            return app.test_client()
        return signed_in(app, self.actor, has_second_factor=self.column != "moderator without a second step")

    def address(self, app, route):
        endpoint = route.split()[1]
        is_of_review = endpoint in {
            "reviews.show", "reviews.withdraw", "reviews.wish", "moderation.review", "moderation.state",
            "afterwards.void", "afterwards.take_back", "desk.link",
        }  # fmt: skip
        is_of_suggestion = endpoint in {
            "suggestions.show", "suggestions.change", "suggestions.withdraw", "moderation.listing",
            "moderation.listing_state",
        }  # fmt: skip
        of_what = {is_of_review: self.review, is_of_suggestion: self.suggestion}
        known = {
            "public_id": of_what.get(True, self.clinic["public_id"]), "slug": self.clinic["slug"],
            "version": "2026.1", "session_id": self.session.public_id, "token": "no-such-token",
            "criterion": "at_home_use_offered",
            "filename": FILES.get(endpoint, "css/site.css"),
        }  # fmt: skip
        wanted = {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}
        queries = {".nearby": {"near": "63101"}, ".suggest": {"kind": "close"}}
        query = next((found for end, found in queries.items() if endpoint.endswith(end)), {})
        with app.test_request_context():
            return url_for(endpoint, **{name: known[name] for name in wanted}, **query)

    def typed(self, client, route):
        """Return what somebody who may do it would send."""
        if "drafts." in route:
            page = client.get(f"/clinics/{self.clinic['public_id']}/review")
            tie = {"tie": "owner"} if self.thing == "of a tied clinic" else {}
            shown = filled(page) if page.status_code == 200 else {}
            typed = (
                {"key": "another", "version": "0", "checklist": "2026.1"}
                | shown
                | LEAST
                | OTHER
                | tie
                | {"do": "submit"}
            )
            return {name: value for name, value in typed.items() if name != "csrf_token"}
        decision = {"action": "approve", "at_home_use_offered-outcome": "accepted"}
        later = (now() + timedelta(days=9)).date().isoformat()
        if "suggestions." in route:
            return SAID | {"name": "New", "city": "Peoria", "state": "IL", "key": "another", "version": "1"}
        return {
            "POST moderation.listing": {"version": "1", "action": "approve"},
            "POST moderation.hide": {"reason": "legal_request", "words": "By order.", "until": later},
            "POST reviews.withdraw": {"version": AS_SUBMITTED},
            "POST reviews.wish": {"version": AS_SUBMITTED},
            "POST afterwards.void": {"version": AS_SUBMITTED, "reason": "duplicate", "words": "The same again."},
            "POST afterwards.take_back": {"version": AS_SUBMITTED},
            "POST desk.clinic": {"days": "3", "words": "Many at once."},
            "POST desk.link": {"other": "nowhere", "words": "They write alike."},
            "POST rulings.sign": {"do": "remedy", "mended-mended_on": "2026-11-20", "mended-reason": "It is gone."},
            "POST moderation.review": {"version": AS_SUBMITTED} | decision,
            "POST moderation.decline": {
                "chosen": f"{self.review}:{AS_SUBMITTED}",
                "reason": "duplicate",
                "words": "The same again.",
            },
        }.get(route, {})
