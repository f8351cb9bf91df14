import hashlib
import json
from contextlib import contextmanager
from datetime import timedelta, timezone
from functools import partial

import pytest
from sqlalchemy import select, text

from directory.domain.moderation import Action, Outcome, Reason
from directory.extensions import db, reading
from directory.models import AuditEntry, Decision
from directory.services import audit, moderation, reviews, scores
from directory.services.audit import NOTHING, Verified
from directory.services.moderation import Act, Judgement, ReviewDecision
from tests.support import attempts as sql
from tests.support.reviews import (
    AS_SUBMITTED,
    DROPPED,
    NOON,
    REPLY_OVER,
    account,
    accounts,
    approval,
    approved,
    changes_requested,
    confirmed,
    decided,
    declined,
    document,
    link,
    rechecked,
    remedied,
    reviewed_clinic,
    submission,
    submitted,
    told,
)
from tests.support.rows import tamper
from tests.support.statements import counted_statements, just_before
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

AT_HOME, OTHER = "at_home_use_offered", "cure_all_claims"
CANARY = "Jane Q. Canary, 555-0142"
TAMPERED_ENTRIES = [
    ("at", "'2026-11-21 12:00:01+00:00'"),
    ("actor_id", "NULL"),
    ("actor_id", "(SELECT max(id) FROM account)"),
    ("action", "'withdraw'"),
    ("body", "'{}'"),
    ("body", "'no JSON'"),
    ("prev_hash", f"'{'e' * 64}'"),
    ("hash", f"'{'e' * 64}'"),
]
#: Column, its new value, and the act whose newest decision is changed.
TAMPERED_DECISIONS = [
    ("clinic_id", "(SELECT max(id) FROM clinic)", "approve"),
    ("action", "'supersede'", "approve"),
    ("actor_id", "(SELECT max(id) FROM account)", "approve"),
    ("from_status", "'draft'", "approve"),
    ("to_status", "'declined'", "approve"),
    ("seen_version", "9", "approve"),
    ("reason_code", "'duplicate'", "approve"),
    ("reason_text", "'Other words.'", "approve"),
    ("at", "'2026-11-20 12:00:00+00:00'", "approve"),
    ("review_id", "(SELECT max(id) FROM review)", "submit"),
    ("recheck_id", "(SELECT max(id) FROM recheck)", "recheck"),
    ("ruling_id", "(SELECT max(id) FROM ruling)", "confirm"),
]
#: What is changed past the triggers, and the act whose decision is about it.
TAMPERED_CONTENTS = [
    ("UPDATE evidence SET quote = 'Other words.' WHERE id = (SELECT min(id) FROM evidence)", "submit"),
    ("UPDATE evidence SET url = 'https://clinic.example/other' WHERE id = (SELECT min(id) FROM evidence)", "submit"),
    ("UPDATE evidence SET seen_on = '2026-11-20' WHERE id = (SELECT min(id) FROM evidence)", "submit"),
    ("UPDATE evidence SET note = 'Other words.' WHERE kind = 'first_hand'", "submit"),
    ("DELETE FROM evidence WHERE kind = 'first_hand'", "submit"),
    ("UPDATE answer SET value = 'no' WHERE id = (SELECT min(id) FROM answer)", "submit"),
    ("UPDATE answer SET tier = 2 WHERE id = (SELECT min(id) FROM answer)", "submit"),
    ("UPDATE answer SET observed_on = '2026-11-20' WHERE id = (SELECT min(id) FROM answer)", "submit"),
    ("UPDATE answer SET is_whole_site_read = TRUE WHERE id = (SELECT min(id) FROM answer)", "submit"),
    ("UPDATE answer SET criterion = 'price_published' WHERE id = (SELECT min(id) FROM answer)", "submit"),
    ("UPDATE review SET author_id = (SELECT max(id) FROM account) WHERE status = 'approved'", "submit"),
    ("UPDATE answer_decision SET reason_text = 'Other words.' WHERE outcome = 'dropped'", "approve"),
    ("UPDATE answer_decision SET reason_code = 'duplicate' WHERE outcome = 'dropped'", "approve"),
    ("UPDATE answer_decision SET outcome = 'testimony' WHERE outcome = 'dropped'", "approve"),
    ("DELETE FROM answer_decision", "approve"),
    ("UPDATE recheck SET has_seen = FALSE", "recheck"),
    ("UPDATE recheck SET at = '2026-11-20 12:00:00+00:00'", "recheck"),
    ("UPDATE recheck SET answer_id = (SELECT max(id) FROM answer)", "recheck"),
    ("UPDATE ruling SET told_on = '2026-11-01' WHERE kind = 'confirm'", "confirm"),
    ("UPDATE ruling SET in_force_on = '2027-11-01' WHERE kind = 'confirm'", "confirm"),
    ("UPDATE ruling SET criterion = 'cure_all_claims' WHERE kind = 'confirm'", "confirm"),
    ("UPDATE ruling SET in_force_on = '2026-11-01' WHERE kind = 'remedied'", "remedy"),
]


def test_a_record_of_nothing_holds():
    assert audit.verify() == Verified(0, NOTHING)
    assert audit.verify(NOTHING) == Verified(0, NOTHING)


def test_every_decision_adds_one_entry_to_the_chain():
    everything_that_can_be_decided()

    assert audit.verify() == Verified(14, entries()[-1].hash)
    assert [entry.seq for entry in entries()] == list(range(1, 15))
    assert [entry.prev_hash for entry in entries()] == [NOTHING, *[entry.hash for entry in entries()][:-1]]
    assert [json.loads(entry.body)["decision"] for entry in entries()] == [each.public_id for each in decisions()]
    # What comes after an approval, or lapses, is held by its own tests.
    assert {entry.action for entry in entries()} == set(Action) - {"supersede", "lapse", "withdraw_after", "void"}


def test_an_approval_that_supersedes_adds_an_entry_for_each_review():
    clinic, author = reviewed_clinic(), account()
    approved(clinic, author, {AT_HOME: ("yes", link())})
    before = len(entries())

    approved(clinic, author, {AT_HOME: ("no", told())})

    assert [entry.action for entry in entries()[before:]] == ["submit", "approve", "supersede"]
    assert audit.verify().problem == ""


def test_an_entry_tells_in_ids_and_closed_words_what_was_decided():
    clinic, author, moderator = reviewed_clinic(), account(), account()
    review = submitted(clinic, author, {AT_HOME: ("yes", link())})
    decided(review, declined(), moderator=moderator)

    entry, decision = entries()[-1], decisions()[-1]

    assert (entry.action, entry.actor_id, audit.in_utc(entry.at)) == ("decline", moderator, NOON)
    assert json.loads(entry.body) == {
        "decision": decision.public_id, "clinic": decision.clinic_id, "action": "decline", "actor": moderator,
        "review": decision.review_id, "recheck": None, "ruling": None, "from": "submitted", "to": "declined",
        "seen_version": AS_SUBMITTED, "reason": "evidence_not_supporting", "at": "2026-11-21T12:00:00+00:00",
        "words": hashlib.sha256(b"Quote the sentence itself.").hexdigest(), "content": "",
    }  # fmt: skip


def test_an_entry_holds_the_hash_of_what_the_decision_is_about():
    clinic, author = reviewed_clinic(), account()
    decided(submitted(clinic, author, {AT_HOME: ("yes", link())}), changes_requested())
    approved(clinic, account(), {AT_HOME: ("yes", link())})
    approved(clinic, account(), {AT_HOME: ("yes", link())}, at_home_use_offered=DROPPED)

    contents = [json.loads(entry.body)["content"] for entry in entries()]

    handed_in, sent_back, *rest = contents
    assert (len(handed_in), sent_back) == (64, "")
    assert len({handed_in, *rest}) == len(contents) - 1


@pytest.mark.security(54)
@pytest.mark.parametrize(("column", "value"), TAMPERED_ENTRIES)
def test_a_changed_entry_is_named(column, value):
    three_decisions()
    first = entries()[0].hash

    tamper(f"UPDATE audit SET {column} = {value} WHERE seq = 2")

    assert audit.verify() == Verified(1, first, "entry 2 is not as it was written")


@pytest.mark.security(54)
def test_a_changed_entry_that_was_given_a_new_hash_is_betrayed_by_the_next():
    three_decisions()
    entry = entries()[1]
    entry.actor_id = None
    forged = audit._hash(entry)

    tamper(f"UPDATE audit SET actor_id = NULL, hash = '{forged}' WHERE seq = 2")

    assert audit.verify().problem == "entry 3 is not as it was written"


@pytest.mark.security(54)
@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("UPDATE audit SET seq = 9 WHERE seq = 2", 2),
        ("UPDATE audit SET seq = 9 WHERE seq = 3", 3),
    ],
)
def test_a_gap_in_the_chain_is_named(statement, number):
    three_decisions()

    tamper(statement)

    found = audit.verify()
    assert (found.entries, found.problem) == (number - 1, f"entry {number} is missing")


@pytest.mark.security(54)
def test_a_missing_last_entry_is_betrayed_by_its_decision_and_by_the_hash_noted_outside():
    three_decisions()
    head, last = audit.verify().head, decisions()[-1].public_id

    tamper("DELETE FROM audit WHERE seq = 3")

    assert audit.verify().problem == f"decision {last} is not as it was entered"
    assert audit.verify(head).problem.startswith(f"no entry has the hash {head}")


@pytest.mark.security(54)
def test_an_end_that_was_cut_off_with_its_decisions_is_seen_by_the_hash_noted_outside_alone():
    three_decisions()
    noted = [audit.verify().head, *[entry.hash for entry in entries()]]

    tamper("DELETE FROM audit WHERE seq = 3", f"DELETE FROM decision WHERE id = {decisions()[-1].id}")

    assert audit.verify().problem == ""
    assert audit.verify(noted[1]).problem == audit.verify(noted[2]).problem == ""
    assert audit.verify(noted[0]) == Verified(
        2, noted[2], f"no entry has the hash {noted[0]}: entries were taken away, or the chain is another"
    )


@pytest.mark.security(54)
@pytest.mark.parametrize(("column", "value", "act"), TAMPERED_DECISIONS)
def test_a_changed_decision_is_named(column, value, act):
    stage = sql.set_stage()
    changed = [each.public_id for each in decisions() if each.action == act][-1]

    tamper(
        sql.recheck(stage.of_waiting, stage.nan),
        sql.confirm(stage.clinic, stage.nan),
        f"UPDATE decision SET {column} = {value} WHERE public_id = '{changed}'",
    )

    assert audit.verify().problem == f"decision {changed} is not as it was entered"


@pytest.mark.security(54)
@pytest.mark.parametrize(("statement", "act"), TAMPERED_CONTENTS)
def test_what_a_decision_is_about_is_held_against_the_chain(statement, act):
    sql.set_stage()
    approved(reviewed_clinic(), account(), {AT_HOME: ("yes", told()), OTHER: ("no", link())}, **{OTHER: DROPPED})
    remedied(*with_a_sign())
    about = [each.public_id for each in decisions() if each.action == act]
    assert audit.verify().problem == ""

    tamper(statement)

    assert audit.verify().problem in {f"what decision {each} is about is not as it was entered" for each in about}


@pytest.mark.security(54)
def test_of_many_decisions_the_one_whose_content_was_changed_is_named():
    clinic = reviewed_clinic()
    for author in accounts(3):
        approved(clinic, author, {AT_HOME: ("yes", link())})
    handed_in = [each.public_id for each in decisions() if each.action == "submit"][1]

    tamper("UPDATE evidence SET quote = 'Other words.' WHERE id = (SELECT min(id) + 1 FROM evidence)")

    assert audit.verify().problem == f"what decision {handed_in} is about is not as it was entered"


@pytest.mark.security(54)
def test_a_judgement_put_under_a_decision_that_gave_none_is_named():
    clinic = reviewed_clinic()
    approved(clinic, account(), {AT_HOME: ("yes", link())}, **{AT_HOME: DROPPED})
    decided(submitted(clinic, account(), {AT_HOME: ("yes", link())}), declined())
    later = decisions()[-1]

    tamper(
        "INSERT INTO answer_decision (decision_id, answer_id, outcome, reason_code, reason_text)"
        f" VALUES ({later.id}, (SELECT min(id) FROM answer), 'accepted', NULL, '')"
    )

    assert audit.verify().problem == f"what decision {later.public_id} is about is not as it was entered"


@pytest.mark.parametrize("and_then", ["nothing", "handed in again", "withdrawn"])
def test_an_author_who_is_asked_for_changes_may_make_them(and_then):
    asked_for_changes(and_then)

    assert audit.verify().problem == ""


@pytest.mark.security(54)
def test_a_review_that_was_handed_in_again_is_held_against_the_last_time():
    asked_for_changes("handed in again")
    last = decisions()[-1].public_id

    tamper("UPDATE evidence SET quote = 'We mail it to you.'")

    assert audit.verify().problem == f"what decision {last} is about is not as it was entered"


def test_many_decisions_are_verified_in_as_many_statements_as_few():
    everything_that_can_be_decided()
    few = statements_to_verify()

    for author in accounts(5):
        approved(reviewed_clinic(), author, {AT_HOME: ("yes", link()), OTHER: ("no", told())})
    two_decisions()

    assert statements_to_verify() == few


@pytest.mark.security(54)
def test_a_decision_under_another_name_is_named():
    three_decisions()

    tamper("UPDATE decision SET public_id = 'another' WHERE action = 'decline'")

    assert audit.verify().problem == "decision another is not as it was entered"


@pytest.mark.security(54)
def test_a_decision_that_was_taken_out_is_named():
    three_decisions()
    gone = decisions()[-1].public_id

    tamper(f"DELETE FROM decision WHERE public_id = '{gone}'")

    assert audit.verify().problem == f"decision {gone} was entered and is gone"


@pytest.mark.security(54)
@pytest.mark.parametrize(
    ("table", "statement", "problem"),
    [
        ("decision", lambda s: sql.decision(s.waiting, "decline", "declined", by=s.mo, clinic=s.clinic),
         "decision tried is not as it was entered"),
        ("recheck", lambda s: sql.recheck(s.of_waiting, s.nan), "re-check {} stands in no decision"),
        ("ruling", lambda s: sql.confirm(s.clinic, s.nan), "ruling {} stands in no decision"),
    ],
)  # fmt: skip
def test_what_was_added_past_the_chain_is_named_also_where_no_trigger_minds(table, statement, problem):
    stage = sql.set_stage()

    db.session.execute(text(statement(stage)))
    number = db.session.scalar(text(f"SELECT max(id) FROM {table}"))
    db.session.commit()

    assert audit.verify().problem == problem.format(number)


@pytest.mark.security(54)
@pytest.mark.parametrize(("table", "kind"), [("ruling", "ruling"), ("recheck", "re-check")])
def test_an_act_that_was_given_to_somebody_else_is_named(table, kind):
    stage = sql.set_stage()

    tamper(f"UPDATE {table} SET by_id = {stage.nan}")

    number = {"ruling": stage.ruling, "recheck": stage.look}[table]
    assert audit.verify().problem == f"{kind} {number} stands in no decision"


@pytest.mark.security(54)
def test_a_changed_decision_that_is_entered_anew_is_named():
    three_decisions()
    tamper("UPDATE decision SET reason_text = 'Other words.' WHERE action = 'decline'")
    changed = decisions()[-1]
    changed.at = audit.in_utc(changed.at)

    with audit.turn() as session:
        audit.enter_decision(session, changed)

    assert audit.verify().problem == f"decision {changed.public_id} was entered twice"


def test_entries_of_ageing_are_about_no_decision():
    approved(reviewed_clinic(), account(), {AT_HOME: ("yes", link())})
    for year in (1, 2):
        with audit.turn() as session:
            audit.enter(session, "expire", actor_id=None, at=NOON + timedelta(days=365 * year), body={"changed": year})

    assert audit.verify().entries == 4
    assert audit.verify().problem == ""


@pytest.mark.parametrize("at", [NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=-6)))])
def test_a_moment_that_sqlite_would_misread_is_refused(at):
    with pytest.raises(ValueError, match="is not in UTC"):
        submitted(reviewed_clinic(), account(), {AT_HOME: ("yes", link())}, at=at)

    assert entries() == decisions() == []


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_server_in_another_time_zone_changes_nothing():
    sql.set_stage()

    with server_in("Pacific/Kiritimati"):
        assert str(decisions()[0].at) == "2026-11-22 02:00:00+14:00"
        assert audit.verify().problem == ""
        assert list(scores.verify()) == []


def test_many_who_decide_at_once_leave_one_unbroken_chain(app):
    clinics, authors = [reviewed_clinic() for _ in range(3)], accounts(4)

    outcomes = at_once(app, *[partial(hand_in_of_each, author, clinics) for author in authors])

    assert outcomes == [None] * 4
    assert audit.verify() == Verified(12, entries()[-1].hash)
    assert {entry.actor_id for entry in entries()} == set(authors)


def test_those_who_verify_see_one_moment_and_hold_nobody_up(app):
    three_decisions()

    with audit.snapshot() as session:
        before = counted(session)
        at_once(app, two_decisions)
        meanwhile = counted(session)

    with reading() as session:
        afterwards = counted(session)
    assert before == meanwhile == (3, 3)
    assert afterwards == (5, 5)


def test_a_decision_that_is_made_meanwhile_raises_no_alarm(app):
    three_decisions()

    with just_before("FROM decision ORDER BY", lambda: at_once(app, two_decisions)):
        found = audit.verify()

    assert found == Verified(3, entries()[2].hash)
    assert audit.verify().entries == 5


@pytest.mark.parametrize("fails", ["inside", "after it"])
def test_a_turn_inside_of_a_turn_is_taken_back_with_it(fails):
    with pytest.raises(ZeroDivisionError):
        enter_twice_and_fail(fails)

    three_decisions()
    assert audit.verify() == Verified(3, entries()[-1].hash)


def test_an_entry_is_taken_back_with_the_act_that_fails():
    with pytest.raises(ZeroDivisionError):
        enter_and_fail()

    assert audit.verify() == Verified(0, NOTHING)


def test_what_people_write_never_enters_the_chain():
    clinic, author = reviewed_clinic(), account()
    answers = {
        AT_HOME: ("yes", link(CANARY, REPLY_OVER), told(CANARY, REPLY_OVER), document(CANARY, REPLY_OVER)),
        "cure_all_claims": ("no", told(CANARY)),
    }
    words = {"reason": Reason.PERSONAL_DATA, "words": CANARY}
    dropped = Judgement(outcome=Outcome.DROPPED, **words)
    review = submitted(clinic, author, answers, key=CANARY)
    decided(review, ReviewDecision(action=Action.REQUEST_CHANGES, answers={}, **words))
    approved(clinic, account(), answers, cure_all_claims=dropped)
    approved(clinic, account(), answers)
    confirmed(clinic, AT_HOME)
    remedied(clinic, AT_HOME, words=CANARY)

    written = [str(row) for row in db.session.execute(text("SELECT * FROM audit"))]

    assert len(written) == len(decisions()) == 10
    assert not [row for row in written if "Canary" in row or "-0142" in row]  # no hash has a dash
    assert CANARY in str(db.session.execute(text("SELECT * FROM decision")).all())


def hand_in_of_each(author, clinics):
    for clinic in clinics:
        reviews.submit(submission(clinic, {AT_HOME: ("yes", link())}), author_id=author, at=NOON)


def two_decisions():
    approved(reviewed_clinic(), account(), {AT_HOME: ("yes", link())})


def with_a_sign():
    clinic = reviewed_clinic()
    approved(clinic, account(), {AT_HOME: ("yes", link())})
    return clinic, AT_HOME


def asked_for_changes(and_then):
    """Let an author write anew, and then hand the review in again or take it back."""
    author, moderator = accounts(2)
    review = submitted(reviewed_clinic(), author, {AT_HOME: ("yes", link())})
    decided(review, changes_requested(), moderator=moderator)
    db.session.execute(text("UPDATE evidence SET quote = 'It comes by mail.'"))
    db.session.commit()
    if and_then == "withdrawn":
        reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED + 1, at=NOON)
    if and_then == "handed in again":
        with audit.turn() as session:
            again = Act(action=Action.SUBMIT, actor_id=author, at=NOON)
            moderation.move(session, moderation.reviewed(session, review, AS_SUBMITTED + 1), again)


def statements_to_verify():
    with counted_statements() as seen:
        assert audit.verify().problem == ""
    return len(seen)


def three_decisions():
    review = submitted(reviewed_clinic(), account(), {AT_HOME: ("yes", link())})
    submitted(reviewed_clinic(), account(), {AT_HOME: ("yes", link())})
    decided(review, declined())


def everything_that_can_be_decided():
    clinic, authors = reviewed_clinic(), accounts(4)
    taken_back, sent_back, refused, taken = [
        submitted(clinic, author, {AT_HOME: ("yes", link(on=REPLY_OVER))}) for author in authors
    ]
    reviews.withdraw(taken_back, author_id=authors[0], seen_version=AS_SUBMITTED, at=NOON)
    decided(sent_back, changes_requested())
    decided(refused, declined())
    decided(taken, approval(AT_HOME))
    for _ in range(2):
        rechecked(taken, AT_HOME)
    confirmed(clinic, AT_HOME)
    remedied(clinic, AT_HOME)


def entries():
    with reading() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()


def decisions():
    with reading() as session:
        return session.scalars(select(Decision).order_by(Decision.id)).all()


def counted(session):
    return tuple(session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("decision", "audit"))


def enter_and_fail():
    with audit.turn() as session:
        audit.enter(session, "expire", actor_id=None, at=NOON, body={})
        _ = 1 // 0


def enter_twice_and_fail(where):
    with audit.turn() as session:
        audit.enter(session, "expire", actor_id=None, at=NOON, body={})
        with audit.turn() as inner:
            audit.enter(inner, "expire", actor_id=None, at=NOON, body={})
            _ = 1 // (where != "inside")
        _ = 1 // 0


@contextmanager
def server_in(zone):
    """Let the server answer in the time of a zone, to connections that are made from now on."""
    anew(f"ALTER ROLE app SET timezone = '{zone}'")
    try:
        yield
    finally:
        anew("ALTER ROLE app RESET timezone")


def anew(statement):
    with reading() as session:
        session.execute(text(statement))
    for engine in db.engines.values():
        engine.dispose()


def test_what_a_clinic_was_told_is_held_by_the_chain_with_the_confirmation_that_rests_on_it():
    clinic = reviewed_clinic()
    for _ in range(2):
        approved(clinic, account(), {AT_HOME: ("yes", link(on=REPLY_OVER))})
    confirmed(clinic, AT_HOME)
    assert audit.verify().problem == ""

    tamper("UPDATE notice SET words = 'Other words.'")

    assert "is about is not as it was entered" in audit.verify().problem
