from datetime import timedelta

from directory.domain.cases import canonical, case_as_json, explanation
from directory.models import StoredScore
from directory.services import scores
from tests.conftest import emptied_after
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    AS_TESTIMONY,
    NOON,
    account,
    accounts,
    approved,
    confirmed,
    document,
    link,
    pages,
    rechecked,
    remedied,
    reviewed_clinic,
    told,
)
from tests.support.tables import rows

AT_HOME, HISTORY, PHYSICIAN = "at_home_use_offered", "no_detailed_history", "no_physician_on_staff"
CURE_ALL, PROMISES = "cure_all_claims", "instant_permanent_promises"
DAYS = (TODAY, TODAY + timedelta(7), days_ago(200), TODAY + timedelta(181), TODAY + timedelta(366))


def test_the_same_story_gives_the_same_bytes_on_both_engines(sqlite_app, postgresql_app):
    with emptied_after(sqlite_app):
        on_sqlite = told_and_scored(accounts_before=0)
    with emptied_after(postgresql_app):
        on_postgresql = told_and_scored(accounts_before=5)

    assert on_sqlite == on_postgresql
    assert len(set(on_sqlite["as of"])) == len(DAYS)
    assert len(on_sqlite["stored"]) > 5
    assert on_sqlite["problems"] == []


def told_and_scored(*, accounts_before):
    """Tell a clinic's story; who came before makes every id another one."""
    accounts(accounts_before)
    clinic = story()
    scores.expire(at=NOON + timedelta(400))
    return {
        "as of": [in_bytes(scores.case(clinic["public_id"], day)) for day in DAYS],
        "stored": [(each.inputs, each.input_sha256, each.explanation, each.as_of) for each in rows(StoredScore)],
        "problems": list(scores.verify()),
    }


def in_bytes(case):
    return canonical(case_as_json(case)), canonical(explanation(case))


def story():
    """Tell of every kind of evidence, of linked accounts, of re-checks, rulings and of a review that replaces one."""
    ann, bob, cid, mo, nan = accounts(5)
    twin, moe = account(linked_to=ann), account(linked_to=mo)
    clinic = reviewed_clinic()
    approved(clinic, bob, {AT_HOME: ("yes", link(on=days_ago(3))), HISTORY: ("yes", document(on=days_ago(40)))})
    first = approved(clinic, ann, {AT_HOME: ("yes", link(), told()), CURE_ALL: ("yes", link(on=days_ago(170)))})
    approved(clinic, twin, {CURE_ALL: ("no", *pages(days_ago(2))), PHYSICIAN: ("no", told(on=days_ago(1)))})
    second = approved(
        clinic, cid, {CURE_ALL: ("no", *pages(TODAY)), PROMISES: ("yes", link())}, **{PROMISES: AS_TESTIMONY}
    )
    for review, criterion, by in ((first, AT_HOME, moe), (second, CURE_ALL, nan), (second, CURE_ALL, mo)):
        rechecked(review, criterion, moderator=by)
    approved(clinic, ann, {CURE_ALL: ("no", *pages(TODAY)), AT_HOME: ("unknown",)})
    confirmed(clinic, AT_HOME, nan, mo, told_on=TODAY)
    remedied(clinic, PROMISES, moe, nan, mended_on=days_ago(1))
    return clinic
