from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import update

from directory.domain.errors import InvalidParameter, NotFound
from directory.domain.moderation import DAYS_TO_REPLY, Action, Outcome, Reason
from directory.extensions import db
from directory.models import Clinic, Decision
from directory.services import log, reviews
from directory.services.moderation import Judgement
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    AS_SUBMITTED,
    DROPPED,
    NOON,
    account,
    accounts,
    approved,
    changes_requested,
    confirmed,
    decided,
    declined,
    link,
    rechecked,
    remedied,
    reviewed_clinic,
    submitted,
    told,
)
from tests.support.statements import counted_statements
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
DAY = timedelta(days=1)
#: What an entry may hold; names and words are not among it.
SHOWN = {
    "public_id", "on", "clinic", "action", "criterion", "has_seen", "reason", "dropped", "shaken", "is_on_listing",
    "suggestion",
}  # fmt: skip


def test_decisions_are_listed_the_newest_first_without_what_authors_do_themselves():
    clinic = reviewed_clinic(name="Blue Teapot")
    review = submitted(clinic, account(), MAILED)
    decided(review, changes_requested())
    author = account()
    reviews.withdraw(submitted(clinic, author, MAILED), author_id=author, seen_version=AS_SUBMITTED, at=NOON)
    decided(submitted(clinic, account(), MAILED), declined())
    approved(clinic, account(), MAILED)

    found = log.page(as_of=TODAY).entries

    assert [(each.action, each.reason, each.criterion) for each in found] == [
        (Action.APPROVE, None, None),
        (Action.DECLINE, Reason.EVIDENCE_NOT_SUPPORTING, None),
        (Action.REQUEST_CHANGES, Reason.EVIDENCE_NOT_SUPPORTING, None),
    ]
    assert {(each.clinic.name, each.on) for each in found} == {("Blue Teapot", TODAY)}
    assert set(vars(found[0])) == SHOWN


def test_what_is_about_one_criterion_names_it():
    clinic = reviewed_clinic()
    first, _ = (approved(clinic, account(), {"at_home_use_offered": ("yes", link(on=days_ago(9)))}) for _ in range(2))
    rechecked(first, "at_home_use_offered")
    rechecked(first, "at_home_use_offered", has_seen=False)
    confirmed(clinic, "at_home_use_offered", account(), told_on=days_ago(8))
    remedied(clinic, "at_home_use_offered", account())

    found = log.page(as_of=TODAY).entries[:4]

    assert [(each.action, each.has_seen) for each in found] == [
        (Action.REMEDY, None), (Action.CONFIRM, None), (Action.RECHECK, False), (Action.RECHECK, True),
    ]  # fmt: skip
    assert {each.criterion.slug for each in found} == {"at_home_use_offered"}


def test_an_approval_names_the_criteria_that_it_left_out_and_why_and_no_others():
    given = MAILED | {"cure_all_claims": ("yes", told()), "price_published": ("no", link())}
    testimony = Judgement(outcome=Outcome.TESTIMONY, reason=Reason.NO_EVIDENCE, words="A word on this.")
    approved(reviewed_clinic(), account(), given, cure_all_claims=DROPPED, price_published=testimony)

    (found,) = log.page(as_of=TODAY).entries

    assert [(each.criterion.slug, each.reason) for each in found.dropped] == [
        ("cure_all_claims", Reason.EVIDENCE_NOT_SUPPORTING)
    ]


def test_a_confirmation_is_listed_once_the_clinic_has_had_its_time_to_reply():
    clinic = reviewed_clinic()
    for by in accounts(2):
        approved(clinic, by, MAILED)
    confirmed(clinic, "at_home_use_offered", told_on=TODAY)
    entry = rows(Decision, Decision.action == "confirm")[0].public_id
    over = TODAY + DAYS_TO_REPLY * DAY

    assert Action.CONFIRM not in {each.action for each in log.page(as_of=over - DAY).entries}
    with pytest.raises(NotFound):
        log.show(entry, as_of=over - DAY)
    assert [each.action for each in log.page(as_of=over).entries][:2] == [Action.CONFIRM] * 2
    assert log.show(entry, as_of=over).criterion.slug == "at_home_use_offered"


@pytest.mark.parametrize("status", ["proposed"])
def test_nothing_is_told_of_clinics_that_are_not_listed(status):
    clinic = reviewed_clinic()
    approved(clinic, account(), MAILED)
    entry = log.page(as_of=TODAY).entries[0].public_id
    db.session.execute(update(Clinic).values(status=status))
    db.session.commit()

    assert log.page(as_of=TODAY).entries == []
    for look in (lambda: log.show(entry, as_of=TODAY), lambda: log.page(as_of=TODAY, clinic=clinic["public_id"])):
        with pytest.raises(NotFound):
            look()


def test_the_log_is_narrowed_to_a_clinic_and_to_a_kind_of_decision():
    here, there = reviewed_clinic(name="Here"), reviewed_clinic(name="There")
    for clinic in (here, there):
        approved(clinic, account(), MAILED)
        decided(submitted(clinic, account(), MAILED), declined())

    of_here = log.page(as_of=TODAY, clinic=here["public_id"])
    declines = log.page(as_of=TODAY, action="decline")
    both = log.page(as_of=TODAY, clinic=there["public_id"], action="approve")

    assert [(each.clinic.name, each.action) for each in of_here.entries] == [("Here", "decline"), ("Here", "approve")]
    assert (of_here.clinic.name, of_here.action) == ("Here", None)
    assert [(each.clinic.name, each.action) for each in declines.entries] == [
        ("There", "decline"), ("Here", "decline"),
    ]  # fmt: skip
    assert (declines.clinic, declines.action) == (None, Action.DECLINE)
    assert [(each.clinic.name, each.action) for each in both.entries] == [("There", "approve")]


@pytest.mark.parametrize("action", ["submit", "withdraw", "praise", "approve\0", "APPROVE"])
def test_a_kind_of_decision_that_is_not_listed_is_refused(action):
    with pytest.raises(InvalidParameter) as refusal:
        log.page(as_of=TODAY, action=action)

    assert refusal.value.field == "action"


@pytest.mark.parametrize("public_id", ["nowhere", "no\0where", "x" * 17])
def test_an_unknown_clinic_or_entry_is_not_found(public_id):
    with pytest.raises(NotFound):
        log.page(as_of=TODAY, clinic=public_id)
    with pytest.raises(NotFound):
        log.show(public_id, as_of=TODAY)


def test_what_an_author_did_has_no_entry_of_its_own():
    submitted(reviewed_clinic(), account(), MAILED)
    entry = rows(Decision)[0].public_id

    with pytest.raises(NotFound):
        log.show(entry, as_of=TODAY)


def test_a_long_log_is_read_page_by_page_to_its_end_and_new_entries_shift_nothing(monkeypatch):
    monkeypatch.setattr(log, "PAGE", 2)
    clinic = reviewed_clinic()
    for _ in range(4):
        approved(clinic, account(), MAILED)
    everything = [each.id for each in rows(Decision, Decision.action == "approve")]

    first = log.page(as_of=TODAY)
    approved(clinic, account(), MAILED)
    second = log.page(as_of=TODAY, after=first.next)

    read = [each.public_id for each in (*first.entries, *second.entries)]
    ids = {each.public_id: each.id for each in rows(Decision)}
    assert [ids[public_id] for public_id in read] == sorted(everything, reverse=True)
    assert second.next is None


@pytest.mark.parametrize("after", ["nowhere", "no\0where", "x" * 17])
def test_a_place_that_is_not_in_the_log_leads_to_its_beginning(after):
    approved(reviewed_clinic(), account(), MAILED)

    assert len(log.page(as_of=TODAY, after=after).entries) == 1


def test_the_day_of_a_decision_is_that_in_utc():
    late = datetime.combine(TODAY, time(23, 59), UTC)
    approved(reviewed_clinic(), account(), MAILED, at=late)

    assert [each.on for each in log.page(as_of=TODAY).entries] == [TODAY]


def test_the_log_takes_as_many_statements_for_many_entries_as_for_one():
    taken = []
    for number in (1, 5):
        clinic = reviewed_clinic()
        for _ in range(number):
            approved(clinic, account(), MAILED | {"cure_all_claims": ("yes", told())}, cure_all_claims=DROPPED)
        entry = log.page(as_of=TODAY).entries[0].public_id
        for look in (
            lambda: log.page(as_of=TODAY),
            lambda entry=entry, asked=clinic["public_id"]: log.page(
                as_of=TODAY, clinic=asked, action="approve", after=entry
            ),
            lambda entry=entry: log.show(entry, as_of=TODAY),
        ):
            with counted_statements() as statements:
                look()
            taken.append(len(statements))

    assert taken == [3, 3, 2] * 2
