"""What the database refuses about listings, on a stage that the services set; each attempt is by SQL alone."""

from collections import namedtuple
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from directory.domain.ties import TieKind
from directory.extensions import db
from directory.models.triggers import TRIGGERS
from directory.services import listing_decisions
from directory.services.listing_decisions import Hiding
from tests.support import attempts as sql
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.listings import (
    SENT_BACK,
    WHY,
    administrator,
    decided,
    listing,
    merged,
    stored,
    suggested,
)
from tests.support.listings import proposed as proposal
from tests.support.reviews import NOON, accounts
from tests.support.rows import without_triggers

TABLES = ("revision", "listing_decision")
BY_NAME = {
    trigger.name: trigger
    for trigger in TRIGGERS
    if trigger.table in TABLES or trigger.name in {"clinic_by_decision", "clinic_successor"}
}
MOMENT = "'2026-11-21 12:00:00+00:00'"
#: Who and what there is, by id. The twin speaks with ann and moe with mo; nan decided nothing. ann suggested `edit`,
#: `merge` (on which mo agreed first) and `back` (sent back to her), and proposed `new`.
Stage = namedtuple(
    "Stage", "ann twin mo moe nan clinic target merging sent other closed hidden gone edit new merge back draft"
)


def entered(revision, action, to, *, by, clinic, before="submitted", seen=1, listing="published", after=None, **more):
    """Return the SQL for a decision on a suggestion, or without one on a listing."""
    why = "'no_source', 'Words.'" if action in {"decline", "request_changes", "hide"} else "NULL, ''"
    values = {"public_id": "'tried'", "at": MOMENT, "until": "NULL"} | more
    whole = f"{revision}, '{before}', '{to}', {seen}" if revision else "NULL, NULL, NULL, NULL"
    return (
        "INSERT INTO listing_decision (public_id, clinic_id, action, actor_id, revision_id, from_status, to_status,"
        " seen_version, listing_from, listing_to, reason_code, reason_text, until, at)"
        f" VALUES ({values['public_id']}, {clinic}, '{action}', {by}, {whole}, '{listing}', '{after or listing}',"
        f" {why}, {values['until']}, {values['at']})"
    )


def approving(s, *, by=None, **more):
    return entered(s.edit, "approve", "approved", by=by or s.nan, clinic=s.clinic, **more)


def closing(s, **more):
    whole = {"by": s.nan, "clinic": s.other, "after": "closed"} | more
    return entered(s.draft, "approve", "approved", **whole)


def joining(s, **more):
    whole = {"by": s.nan, "before": "approved_once", "seen": 2, "clinic": s.merging, "after": "merged"} | more
    return entered(s.merge, "approve", "approved", **whole)


def hiding(s, *, until=TODAY + timedelta(days=30), by=None, clinic=None, listing="published", after="hidden"):
    return entered(None, "hide", None, by=by or s.nan, clinic=clinic or s.clinic, listing=listing, after=after,
                   until=f"'{until}'")  # fmt: skip


def revised(number, status, version):
    return f"UPDATE revision SET status = '{status}', version = {version} WHERE id = {number}"


def claimed(number, by):
    return (
        f"UPDATE revision SET claimed_by_id = {by}, claimed_at = {MOMENT}, claim_until = '2026-11-21 12:15:00+00:00'"
        f" WHERE id = {number}"
    )


def written(number, change):
    return f"UPDATE revision SET {change} WHERE id = {number}"


def relisted(number, status, successor="NULL"):
    return f"UPDATE clinic SET status = '{status}', successor_id = {successor} WHERE id = {number}"


def suggestion(s, *, number="", status="submitted", version=1, key="tried", public_id="tried", clinic=None):
    column, value = ("id, ", f"{number}, ") if number else ("", "")
    return (
        f"INSERT INTO revision ({column}public_id, clinic_id, kind, author_id, status, version, fields, base, source,"
        f" source_url, seen_on, words, idempotency_key, submitted_at) VALUES ({value}'{public_id}',"
        f" {clinic or s.target}, 'close', {s.ann}, '{status}', {version}, '{{}}', '{{}}', 'Site', '', '{TODAY}',"
        f" 'So.', '{key}', {MOMENT})"
    )


#: Trigger, and on a stage `s` the statements of which it refuses the last.
TRIED = [
    ("revision_begins_submitted", lambda s: [suggestion(s, status="approved")]),
    ("revision_begins_submitted", lambda s: [suggestion(s, version=2)]),
    ("revision_no_delete", lambda s: [f"DELETE FROM revision WHERE id = {s.back}"]),
    *[("revision_stays_its_own", lambda s, change=change: [written(s.back, change.format(s=s))])
      for change in ("id = 999", "public_id = 'other'", "clinic_id = {s.other}", "author_id = {s.nan}",
                     "idempotency_key = 'other'", "kind = 'reopen'", "kind = 'merge', target_id = {s.other}")],
    *[("revision_while_written", lambda s, change=change: [written(s.edit, change)])
      for change in ("fields = '{\"name\":\"X\"}'", "base = '{\"name\":\"X\"}'", "source = 'Other'",
                     "source_url = 'http://other.example'", "seen_on = '2026-11-01'", "words = 'Other.'",
                     "submitted_at = '2026-11-01 12:00:00+00:00'")],
    # from one status to another that no action leads to
    ("revision_transition", lambda s: [revised(s.back, "approved", 3)]),
    ("revision_transition", lambda s: [revised(s.gone, "submitted", 4)]),
    # another status without a decision, by a decision for another, on a wrong version; a version without a status
    ("revision_by_decision", lambda s: [revised(s.edit, "approved", 2)]),
    ("revision_by_decision", lambda s: [approving(s), revised(s.edit, "declined", 2)]),
    ("revision_by_decision", lambda s: [approving(s), revised(s.edit, "approved", 3)]),
    ("revision_by_decision", lambda s: [revised(s.edit, "submitted", 2)]),
    # claimed by its author or an account linked to theirs, or by somebody tied to either listing or its chain
    ("revision_claim_own_work", lambda s: [claimed(s.edit, s.ann)]),
    ("revision_claim_own_work", lambda s: [claimed(s.edit, s.twin)]),
    *[("revision_claim_tied", lambda s, kind=kind: [sql.tie(s.nan, s.clinic, kind), claimed(s.edit, s.nan)])
      for kind in TieKind if kind is not TieKind.NONE],
    ("revision_claim_tied", lambda s: [sql.tie(s.nan, s.target, "owner"), claimed(s.merge, s.nan)]),
    ("revision_claim_tied", lambda s: [sql.tie(s.moe, s.clinic, "owner"), claimed(s.edit, s.mo)]),
    ("revision_claim_tied", lambda s: [*sql.chained(s.clinic, s.other), sql.tie(s.nan, s.other, "paid"),
                                       claimed(s.edit, s.nan)]),
    # on one's own work, by whichever account, and whatever is decided
    ("listing_decision_own_work", lambda s: [approving(s, by=s.ann)]),
    ("listing_decision_own_work", lambda s: [approving(s, by=s.twin)]),
    ("listing_decision_own_work", lambda s: [entered(s.edit, "decline", "declined", by=s.ann, clinic=s.clinic)]),
    ("listing_decision_authors_own", lambda s: [entered(s.edit, "withdraw", "withdrawn", by=s.mo, clinic=s.clinic)]),
    ("listing_decision_authors_own", lambda s: [entered(s.edit, "withdraw", "withdrawn", by=s.twin, clinic=s.clinic)]),
    *[("listing_decision_tied", lambda s, kind=kind: [sql.tie(s.nan, s.clinic, kind), approving(s)])
      for kind in TieKind if kind is not TieKind.NONE],
    ("listing_decision_tied", lambda s: [sql.tie(s.nan, s.target, "owner"), joining(s)]),
    ("listing_decision_tied", lambda s: [sql.tie(s.moe, s.clinic, "owner"), approving(s, by=s.mo)]),
    ("listing_decision_tied", lambda s: [*sql.chained(s.clinic, s.other), sql.tie(s.nan, s.other, "paid"),
                                         approving(s)]),
    ("listing_decision_tied", lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=days_ago(-1)),
                                         approving(s)]),
    ("listing_decision_tied", lambda s: [sql.tie(s.nan, s.clinic, "family"), hiding(s)]),
    # of a status in which it is not, of a version that it has not, of another listing
    ("listing_decision_as_it_stands", lambda s: [approving(s, before="approved_once")]),
    ("listing_decision_as_it_stands", lambda s: [approving(s, seen=2)]),
    ("listing_decision_as_it_stands",
     lambda s: [entered(s.edit, "approve", "approved", by=s.nan, clinic=s.other)]),
    ("listing_decision_transition", lambda s: [entered(s.edit, "decline", "approved", by=s.nan, clinic=s.clinic)]),
    # a merge by one person, by one person twice with whichever account, and two people where it takes one
    ("listing_decision_two_people",
     lambda s: [entered(s.draft, "approve_once", "approved_once", by=s.nan, clinic=s.other)]),
    ("listing_decision_two_people", lambda s: [joining(s, by=s.mo)]),
    ("listing_decision_two_people", lambda s: [joining(s, by=s.moe)]),
    ("listing_decision_two_people", lambda s: [
        entered(s.merge, "request_changes", "changes_requested", by=s.nan, clinic=s.merging, before="approved_once",
                seen=2),
        revised(s.merge, "changes_requested", 3),
        entered(s.merge, "submit", "submitted", by=s.ann, clinic=s.merging, before="changes_requested", seen=3,
                public_id="'second'"),
        revised(s.merge, "submitted", 4),
        joining(s, before="submitted", seen=4, public_id="'third'"),
    ]),
    # to where its kind does not lead, from where the listing does not stand, without taking it along
    ("listing_decision_of_its_listing", lambda s: [closing(s, after="published")]),
    ("listing_decision_of_its_listing", lambda s: [closing(s, after="merged")]),
    ("listing_decision_of_its_listing", lambda s: [closing(s, listing="closed", after="published")]),
    ("listing_decision_of_its_listing",
     lambda s: [entered(s.edit, "decline", "declined", by=s.nan, clinic=s.clinic, after="closed")]),
    ("listing_decision_of_its_listing",
     lambda s: [entered(s.new, "decline", "declined", by=s.nan, clinic=s.sent, listing="proposed")]),
    ("listing_decision_of_its_listing",
     lambda s: [entered(s.new, "withdraw", "withdrawn", by=s.ann, clinic=s.sent, listing="proposed")]),
    ("listing_decision_of_its_listing",
     lambda s: [entered(s.new, "decline", "declined", by=s.nan, clinic=s.sent, listing="proposed", after="published")]),
    ("listing_decision_of_its_listing", lambda s: [hiding(s, clinic=s.hidden, listing="hidden")]),
    ("listing_decision_of_its_listing", lambda s: [hiding(s, after="closed")]),
    ("listing_decision_of_its_listing", lambda s: [entered(None, "unhide", None, by=s.nan, clinic=s.hidden,
                                                           listing="hidden", after="merged")]),
    ("listing_decision_of_its_days", lambda s: [hiding(s, until=TODAY)]),
    ("listing_decision_of_its_days", lambda s: [hiding(s, until=TODAY + timedelta(days=366))]),
    # merged, hidden, left out or shown again without a decision, or by an earlier one
    ("clinic_by_decision", lambda s: [relisted(s.other, "hidden")]),
    ("clinic_by_decision", lambda s: [relisted(s.other, "declined")]),
    ("clinic_by_decision", lambda s: [relisted(s.hidden, "published")]),
    ("clinic_by_decision", lambda s: [relisted(s.clinic, "merged", s.target)]),
    ("clinic_by_decision", lambda s: [hiding(s), relisted(s.clinic, "withdrawn")]),
    ("clinic_by_decision", lambda s: [
        entered(None, "unhide", None, by=s.nan, clinic=s.hidden, listing="hidden", after="published"),
        relisted(s.hidden, "published"), relisted(s.hidden, "hidden"),
    ]),
    # to one that leads on, or while another leads to it
    ("clinic_successor", lambda s: [joining(s), relisted(s.merging, "merged", _MERGED.format(s=s))]),
    ("clinic_successor", lambda s: [f"UPDATE clinic SET successor_id = {s.merging} WHERE id = {s.closed}",
                                    joining(s), relisted(s.merging, "merged", s.target)]),
    ("listing_decision_no_update", lambda _: ["UPDATE listing_decision SET reason_text = 'Other.'"]),
    ("listing_decision_no_delete", lambda _: ["DELETE FROM listing_decision"]),
]  # fmt: skip
_MERGED = "{s.closed}"
EMPTIED = [name for name in BY_NAME if name.endswith("_no_truncate")]
#: What takes the place of a row by each of its keys, on SQLite alone.
REPLACED = [
    ("revision_no_replace", lambda s: suggestion(s, number=s.edit)),
    ("revision_no_replace", lambda s: suggestion(s, public_id=stored_id(s.edit, "public_id"))),
    ("revision_no_replace", lambda s: suggestion(s, key=stored_id(s.edit, "idempotency_key"))),
    ("revision_no_replace", lambda s: suggestion(s, clinic=s.clinic)),
    ("listing_decision_no_replace", lambda s: approving(s).replace("(public_id", "(id, public_id").replace(
        "('tried'", "(1, 'tried'")),
    ("listing_decision_no_replace", lambda s: approving(s, public_id="(SELECT public_id FROM listing_decision WHERE"
                                                                    " id = 1)")),
    ("listing_decision_no_replace", lambda s: approving(s, seen=0)),
]  # fmt: skip
#: What the rules allow.
TAKEN = [
    lambda s: [approving(s), revised(s.edit, "approved", 2)],
    lambda s: [closing(s), revised(s.draft, "approved", 2), relisted(s.other, "closed")],
    lambda s: [joining(s), revised(s.merge, "approved", 3), relisted(s.merging, "merged", s.target)],
    lambda s: [entered(s.new, "approve", "approved", by=s.nan, clinic=s.sent, listing="proposed", after="published"),
               revised(s.new, "approved", 2), relisted(s.sent, "published")],
    lambda s: [entered(s.new, "decline", "declined", by=s.nan, clinic=s.sent, listing="proposed", after="declined"),
               revised(s.new, "declined", 2), relisted(s.sent, "declined")],
    lambda s: [entered(s.new, "withdraw", "withdrawn", by=s.ann, clinic=s.sent, listing="proposed", after="withdrawn"),
               revised(s.new, "withdrawn", 2), relisted(s.sent, "withdrawn")],
    lambda s: [hiding(s, until=TODAY + timedelta(days=365)), relisted(s.clinic, "hidden")],
    lambda s: [hiding(s, until=TODAY + timedelta(days=1))],
    lambda s: [entered(None, "unhide", None, by=s.nan, clinic=s.hidden, listing="hidden", after="published"),
               relisted(s.hidden, "published")],
    lambda s: [written(s.back, "words = 'Better.', source = 'Other'"), claimed(s.edit, s.nan)],
    # an import may still publish and close
    lambda s: [relisted(s.other, "closed")],
    # a tie of another, of no kind, or over
    lambda s: [sql.tie(s.nan, s.clinic, "none"), approving(s)],
    lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=TODAY), approving(s)],
    lambda s: [sql.tie(s.nan, s.other, "owner"), approving(s)],
]  # fmt: skip


@pytest.mark.parametrize(("name", "statements"), TRIED)
def test_the_database_refuses_what_no_check_can_say(name, statements, stage):
    assert_refused(BY_NAME[name], statements(stage))


@pytest.mark.parametrize("statements", TAKEN)
def test_the_database_takes_what_the_rules_allow(statements, stage):
    for statement in statements(stage):
        run(statement)


@pytest.mark.parametrize("lasting_app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", EMPTIED)
def test_what_was_suggested_and_decided_is_not_emptied(name, stage):
    with pytest.raises(DatabaseError, match=BY_NAME[name].message):
        run(f"TRUNCATE {BY_NAME[name].table} CASCADE")


@pytest.mark.parametrize("lasting_app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "statement"), REPLACED)
def test_nothing_takes_the_place_of_what_was_suggested_or_decided(name, statement, stage):
    assert_refused(BY_NAME[name], [statement(stage).replace("INSERT INTO", "INSERT OR REPLACE INTO")])


def test_every_trigger_on_listings_is_tried():
    assert {name for name, _ in (*TRIED, *REPLACED)} | set(EMPTIED) == set(BY_NAME)


def assert_refused(trigger, statements):
    """Run statements of which the last is refused by that trigger, whatever others there are on its table."""
    others = [each for each in TRIGGERS if each.table == trigger.table and each is not trigger]
    *before, last = statements
    for statement in before:
        run(statement)
    with without_triggers(others), pytest.raises(DatabaseError, match=trigger.message):
        run(last)


def run(statement):
    db.session.connection().exec_driver_sql(statement)


def stored_id(number, column):
    return db.session.execute(text(f"SELECT {column} FROM revision WHERE id = {number}")).scalar_one()


@pytest.fixture
def stage(set_stage):
    yield set_stage
    db.session.rollback()


@pytest.fixture(scope="module")
def set_stage(lasting_app):
    ann, mo, nan, bob = accounts(4)
    twin, moe = accounts(1, linked_to=ann)[0], accounts(1, linked_to=mo)[0]
    names = ("clinic", "target", "merging", "other", "closed", "hidden", "away")
    listings = {name: add_clinic() for name in names}
    edit = suggested(listings["clinic"], phone="309 555 0142", author=ann)
    merge = suggested(listings["merging"], "merge", target=listings["target"], author=ann)
    decided(merge, moderator=mo)
    back = suggested(listings["away"], "close", author=ann)
    decided(back, SENT_BACK, moderator=mo)
    draft = suggested(listings["other"], "close", author=bob)
    gone = merged(listings["closed"], listings["other"])
    new = proposal(ann)
    hide = Hiding(**WHY, until=TODAY + timedelta(days=9))
    listing_decisions.hide(listings["hidden"]["public_id"], hide, administrator_id=administrator(), at=NOON)
    made = {"edit": edit, "merge": merge, "back": back, "draft": draft, "gone": gone, "new": new}
    numbers = {name: stored(each).id for name, each in made.items()}
    places = {name: listing(each).id for name, each in listings.items() if name != "away"}
    people = {"ann": ann, "twin": twin, "mo": mo, "moe": moe, "nan": nan}
    return Stage(**people, **places, **numbers, sent=stored(new).clinic_id)
