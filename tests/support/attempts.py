"""SQL that goes past the services, and a stage on which every table of the record has rows to try it on."""

from dataclasses import dataclass

from sqlalchemy import text

from directory.domain.moderation import DAYS_TO_REPLY
from directory.extensions import db
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    account,
    accounts,
    approved,
    confirmed,
    link,
    rechecked,
    reviewed_clinic,
    submitted,
)

AT_HOME, SAFEGUARD = "at_home_use_offered", "price_published"
TOLD_ON = days_ago(DAYS_TO_REPLY)
_MOMENT = "'2026-11-21 12:00:00+00:00'"


@dataclass(frozen=True)
class Stage:
    """Who and what there is, by id. The twin speaks with ann and moe with mo; nan decided nothing yet.

    ann wishes her approved review back, and nan voted to make it void.
    """

    ann: int
    twin: int
    bob: int
    cid: int
    mo: int
    moe: int
    nan: int
    clinic: int
    elsewhere: int
    #: A clinic whose new reviews are held, without any.
    held: int
    #: ann's approved review, cid's that waits and bob's draft; then the answer of each.
    done: int
    waiting: int
    draft: int
    of_done: int
    of_waiting: int
    of_draft: int
    #: Both mo's.
    look: int
    ruling: int


def set_stage():
    """Tell, through the services, what a Stage holds; only bob's draft and his word on ties are written by SQL."""
    ann, bob, cid, mo, nan = accounts(5)
    clinic, elsewhere, held = reviewed_clinic(), reviewed_clinic(), reviewed_clinic()
    done = approved(clinic, ann, {AT_HOME: ("yes", link(on=TOLD_ON))}, moderator=mo)
    rechecked(done, AT_HOME, moderator=mo)
    confirmed(clinic, AT_HOME, mo)
    waiting = submitted(clinic, cid, {AT_HOME: ("yes", link())})
    twin, moe = account(linked_to=ann), account(linked_to=mo)
    place = {name: _one(f"SELECT id FROM clinic WHERE public_id = '{each['public_id']}'")
             for name, each in (("clinic", clinic), ("elsewhere", elsewhere), ("held", held))}  # fmt: skip
    db.session.execute(text(review(author=bob, clinic=place["clinic"], public_id="'draft'")))
    reviews = {"done": done, "waiting": waiting, "draft": "draft"}
    found = {name: _one(f"SELECT id FROM review WHERE public_id = '{each}'") for name, each in reviews.items()}
    db.session.execute(text(answer(found["draft"], AT_HOME, "yes", tier=3, on=TODAY)))
    answers = {f"of_{name}": _one(f"SELECT id FROM answer WHERE review_id = {each}") for name, each in found.items()}
    db.session.execute(text(evidence(answers["of_draft"])))
    db.session.execute(text(tie(bob, place["clinic"], "none")))
    db.session.execute(text(hold(place["held"])))
    db.session.execute(text(proposal(ann, bob, by=nan)))
    db.session.execute(text(notice(place["clinic"], mo)))
    db.session.execute(text(void_vote(found["done"], nan)))
    db.session.execute(text(wish(found["done"], ann)))
    db.session.commit()
    people = {"ann": ann, "twin": twin, "bob": bob, "cid": cid, "mo": mo, "moe": moe, "nan": nan}
    ruled = {"look": _one("SELECT id FROM recheck"), "ruling": _one("SELECT id FROM ruling")}
    db.session.rollback()
    return Stage(**people, **place, **found, **answers, **ruled)


def _one(query):
    return db.session.execute(text(query)).scalar_one()


def review(*, author, clinic, status="draft", number=None, public_id="'tried'", key="'tried'"):
    column, value = _numbered(number)
    return (
        f"INSERT INTO review ({column}public_id, author_id, clinic_id, checklist_version, status, version,"
        f" idempotency_key, created_at, submitted_at) VALUES ({value}{public_id}, {author}, {clinic}, '2026.1',"
        f" '{status}', 1, {key}, {_MOMENT}, {_MOMENT})"
    )


def answer(review_id, criterion, value="unknown", *, tier=None, on=None, number=None):
    column, first = _numbered(number)
    return (
        f"INSERT INTO answer ({column}review_id, checklist_version, criterion, value, tier, observed_on,"
        f" is_whole_site_read) VALUES ({first}{review_id}, '2026.1', '{criterion}', '{value}', {_or_null(tier)},"
        f" {_or_null(on)}, FALSE)"
    )


def evidence(answer_id, *, kind="link", number=None):
    column, value = _numbered(number)
    return (
        f"INSERT INTO evidence ({column}answer_id, kind, seen_on, url, quote, note, archive_url)"
        f" VALUES ({value}{answer_id}, '{kind}', '{TODAY}', 'https://clinic.example', 'So.', 'Seen.', '')"
    )


def tie(account_id, clinic, kind, *, ends_on=None):
    return (
        "INSERT INTO tie (account_id, clinic_id, kind, declared_at, ends_on)"
        f" VALUES ({account_id}, {clinic}, '{kind}', {_MOMENT}, {_or_null(ends_on)})"
    )


def hold(clinic, *, by=None, until="2026-12-05", number=None, began=_MOMENT):
    """Return the SQL for a hold from that moment, of a burst or by somebody; the default is as long as it may be."""
    column, value = _numbered(number)
    why, words = ("moderator", "Words.") if by else ("burst", "")
    return (
        f"INSERT INTO hold ({column}clinic_id, began_at, until, why, by_id, words, ended_words)"
        f" VALUES ({value}{clinic}, {began}, '{until}', '{why}', {_or_null(by)}, '{words}', '')"
    )


def hold_ended(clinic, by, *changes):
    """Return the SQL by which somebody ends a hold and, against the rules, changes what else is named."""
    changed = ", ".join((f"ended_at = {_MOMENT}", f"ended_by_id = {by}", "ended_words = 'Words.'", *changes))
    return f"UPDATE hold SET {changed} WHERE clinic_id = {clinic}"


def proposal(account_id, other_id, *, by):
    """Return the SQL by which somebody proposes to link two accounts, the older first."""
    return (
        "INSERT INTO link_proposal (account_id, other_id, by_id, words, at)"
        f" VALUES ({account_id}, {other_id}, {by}, 'Words.', {_MOMENT})"
    )


def chained(*clinics):
    """Return the statements that make clinics one chain."""
    return [
        "INSERT INTO organisation (id, name, key) VALUES (7, 'Quiet', 'quiet')",
        *[f"UPDATE clinic SET organisation_id = 7 WHERE id = {each}" for each in clinics],
    ]


def instead(insert):
    """Return the SQL that puts the row in place of those that share a key with it; SQLite alone understands it."""
    return insert.replace("INSERT", "INSERT OR REPLACE", 1)


def handed_in(stage, *, name="tried"):
    """Return the SQL by which bob hands in his draft."""
    s = stage
    return decision(s.draft, "submit", "submitted", by=s.bob, clinic=s.clinic, before="draft", seen=1, name=name)


def decision(about, action, after, *, by, clinic, before="submitted", seen=2, name="tried", at=_MOMENT):
    """Return the SQL for a decision that takes the review `about` from `before` to `after`."""
    return (
        "INSERT INTO decision (public_id, clinic_id, action, actor_id, review_id, from_status, to_status, seen_version,"
        f" reason_code, reason_text, at) VALUES ('{name}', {clinic}, '{action}', {by}, {about}, '{before}', '{after}',"
        f" {seen}, 'duplicate', 'Words.', {at})"
    )


def decision_on(column, row, action, *, by, clinic):
    """Return the SQL for a decision on a ruling or a re-check."""
    return (
        f"INSERT INTO decision (public_id, clinic_id, action, actor_id, {column}, reason_text, at)"
        f" VALUES ('tried', {clinic}, '{action}', {by}, {row}, '', {_MOMENT})"
    )


def notice(clinic, by, *, sign=AT_HOME, on=TODAY):
    """Return the SQL by which somebody notes that they told a clinic of a sign."""
    return (
        "INSERT INTO notice (clinic_id, checklist_version, criterion, told_on, how, words, by_id, at)"
        f" VALUES ({clinic}, '2026.1', '{sign}', '{on}', 'phone', 'I called.', {by}, {_MOMENT})"
    )


def claimed(review_id, by, *, at=_MOMENT):
    """Return the SQL by which somebody takes a review from a moment of that day until its end."""
    return (
        f"UPDATE review SET claimed_by_id = {by}, claimed_at = {at}, claim_until = '2026-11-21 23:00:00+00:00'"
        f" WHERE id = {review_id}"
    )


def moved(review_id, after, version):
    return f"UPDATE review SET status = '{after}', version = {version} WHERE id = {review_id}"


def recheck(answer_id, by):
    return f"INSERT INTO recheck (answer_id, by_id, has_seen, at) VALUES ({answer_id}, {by}, TRUE, {_MOMENT})"


def void_vote(review_id, by):
    """Return the SQL by which somebody votes to make a review void."""
    return (
        "INSERT INTO void_vote (review_id, by_id, reason_code, words, at)"
        f" VALUES ({review_id}, {by}, 'duplicate', 'Words.', {_MOMENT})"
    )


def wish(review_id, by, *, number=None):
    """Return the SQL by which somebody wishes a review back."""
    column, value = _numbered(number)
    return (
        f"INSERT INTO wish ({column}review_id, by_id, words, at) VALUES ({value}{review_id}, {by}, 'Words.', {_MOMENT})"
    )


def wish_ended(*changes):
    """Return the SQL that ends every wish and, against the rules, changes what else is named."""
    return f"UPDATE wish SET {', '.join((f'ended_at = {_MOMENT}', *changes))}"


def told(clinic, told_on=TOLD_ON):
    """Return the SQL for the id of the notice by which a clinic was told on a day; NULL where there is none."""
    return f"(SELECT min(n.id) FROM notice AS n WHERE n.clinic_id = {clinic} AND n.told_on = '{told_on}')"


def confirm(clinic, by, *, sign=AT_HOME, told_on=TOLD_ON, by_notice=None):
    return _ruling(clinic, sign, f"'confirm', {by}, '{told_on}', {by_notice or told(clinic, told_on)}, '{TODAY}'")


def remedy(clinic, by, *, sign=AT_HOME, on=TODAY):
    return _ruling(clinic, sign, f"'remedied', {by}, NULL, NULL, '{on}'")


def _ruling(clinic, sign, ruled):
    return (
        "INSERT INTO ruling (clinic_id, checklist_version, criterion, kind, by_id, told_on,"
        " notice_id, in_force_on, at)"
        f" VALUES ({clinic}, '2026.1', '{sign}', {ruled}, {_MOMENT})"
    )


def judged(review_id, answer_id, *, seen=2, outcome="accepted"):
    """Return the SQL that judges an answer by the decision on a review on the version that was seen."""
    return (
        "INSERT INTO answer_decision (decision_id, answer_id, outcome, reason_code, reason_text)"
        f" SELECT id, {answer_id}, '{outcome}', 'no_evidence', 'Words.' FROM decision"
        f" WHERE review_id = {review_id} AND seen_version = {seen}"
    )


def accepted_on(stage, *, value="yes", tier, kind, outcome="accepted"):
    """Return the statements that accept the draft's answer, of that tier, on one piece of evidence of that kind."""
    s, weight = stage, f"tier = {_or_null(tier)}, observed_on = {_or_null(tier and TODAY)}"
    shown = f"UPDATE evidence SET kind = '{kind}'" if kind else "DELETE FROM evidence"
    return [
        f"UPDATE answer SET value = '{value}', {weight} WHERE id = {s.of_draft}",
        f"{shown} WHERE answer_id = {s.of_draft}",
        handed_in(s, name="before"),
        moved(s.draft, "submitted", 2),
        decision(s.draft, "approve", "approved", by=s.mo, clinic=s.clinic),
        judged(s.draft, s.of_draft, outcome=outcome),
    ]


def entry(seq, prev_hash):
    """Return the SQL for an entry of the audit chain; both are expressions over its rows."""
    return (
        "INSERT INTO audit (seq, at, action, body, prev_hash, hash)"
        f" VALUES ((SELECT {seq} FROM audit), {_MOMENT}, 'expire', '{{}}', {prev_hash}, '{'f' * 64}')"
    )


def _numbered(number):
    return ("", "") if number is None else ("id, ", f"{number}, ")


def _or_null(value):
    return "NULL" if value is None else f"'{value}'"
