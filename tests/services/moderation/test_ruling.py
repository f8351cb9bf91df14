from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.domain.moderation import DAYS_TO_REPLY
from directory.models import AuditEntry, Clinic, Decision, StoredRuling
from directory.services import moderation, scores
from directory.services.moderation import ClinicSign
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    ACCEPTED,
    DROPPED,
    NOON,
    REPLY_OVER,
    account,
    accounts,
    approved,
    assert_the_record_holds,
    confirmed,
    decided,
    declined,
    link,
    rechecked,
    remedied,
    reviewed_clinic,
    signs,
    submitted,
    tied,
    told,
)
from tests.support.tables import nothing_written, refusing, rows

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
NOT_MAILED = {"at_home_use_offered": ("no", link("Every dose is given here."))}
#: The digit of each finding on a sign, at_home_use_offered first.
UNKNOWN, CLEARED, DISPUTED, SUSPECTED, CONFIRMED = "01234"
NO_QUORUM = "The evidence is not enough today"
DAY = timedelta(days=1)


def test_two_people_confirm_a_critical_sign_that_stands_on_a_quorum():
    clinic, (first, second) = on_a_quorum(), accounts(2)
    sign = ClinicSign(clinic["public_id"], "at_home_use_offered")

    in_force_on = moderation.confirm(sign, moderator_id=first, told_on=REPLY_OVER, at=NOON)
    after_one = signs()
    moderation.confirm(sign, moderator_id=second, told_on=REPLY_OVER - DAY, at=NOON)

    assert (in_force_on, after_one[0], signs()[0]) == (TODAY, SUSPECTED, CONFIRMED)
    clinic_row = rows(Clinic)[0]
    assert (clinic_row.grade, clinic_row.confirmed_points, clinic_row.score_low, clinic_row.score_high) == (
        "red", 50, 0, 50,
    )  # fmt: skip
    rulings = rows(StoredRuling)
    assert [(each.kind, each.by_id, each.second_by_id) for each in rulings] == [
        ("confirm", first, None), ("confirm", second, None),
    ]  # fmt: skip
    assert [each.told_on for each in rulings] == [REPLY_OVER, REPLY_OVER - DAY]
    assert [each.in_force_on for each in rulings] == [TODAY, TODAY]
    decisions = rows(Decision)[-2:]
    assert [(each.action, each.ruling_id) for each in decisions] == [("confirm", each.id) for each in rulings]
    assert [entry.action for entry in rows(AuditEntry)[-2:]] == ["confirm", "confirm"]
    assert_the_record_holds()


@pytest.mark.parametrize(("told_days_ago", "days_to_wait"), [(0, 7), (1, 6), (6, 1), (7, 0), (8, 0), (400, 0)])
def test_a_confirmation_comes_into_force_a_week_after_the_clinic_was_told(told_days_ago, days_to_wait):
    clinic = on_a_quorum()

    in_force_on = confirmed(clinic, "at_home_use_offered", told_on=days_ago(told_days_ago))

    assert in_force_on == TODAY + timedelta(days=days_to_wait)
    assert signs()[0] == (SUSPECTED if days_to_wait else CONFIRMED)
    scores.expire(at=NOON + timedelta(days=max(days_to_wait - 1, 0)))
    assert signs()[0] == (SUSPECTED if days_to_wait else CONFIRMED)
    scores.expire(at=NOON + timedelta(days=days_to_wait))
    assert signs()[0] == CONFIRMED
    assert_the_record_holds()


def test_the_week_begins_anew_for_whoever_tells_the_clinic_anew():
    clinic, (first, second) = on_a_quorum(), accounts(2)

    confirmed(clinic, "at_home_use_offered", first)
    confirmed(clinic, "at_home_use_offered", second, told_on=TODAY)

    assert signs()[0] == SUSPECTED
    scores.expire(at=NOON + timedelta(days=DAYS_TO_REPLY))
    assert signs()[0] == CONFIRMED


@pytest.mark.parametrize(
    "criterion", ["no_physician_on_staff", "cure_all_claims", "in_person_exam_before_first_dose", "is_it_nice"]
)
def test_only_a_critical_sign_is_confirmed_by_two_people(criterion):
    clinic, moderator = reviewed_clinic(), account()

    with pytest.raises(InvalidParameter, match="Only a critical warning sign") as refusal, nothing_written():
        confirmed(clinic, criterion, moderator)

    assert refusal.value.field == "criterion"


@pytest.mark.parametrize(
    "reports",
    [
        [],
        [("yes", link())],
        [("yes", told()), ("yes", told()), ("yes", told())],
        # two that have run out
        [("yes", link(on=days_ago(366))), ("yes", link(on=days_ago(366)))],
        [("no", link()), ("no", link())],
    ],
)
def test_a_sign_without_a_quorum_is_not_confirmed(reports):
    clinic, moderator = reviewed_clinic(), account()
    for report in reports:
        approved(clinic, account(), {"at_home_use_offered": report})

    with pytest.raises(InvalidParameter, match=NO_QUORUM) as refusal, nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator)

    assert refusal.value.field == "criterion"


def test_linked_accounts_make_no_quorum():
    clinic, author, moderator = reviewed_clinic(), account(), account()
    for by in (author, account(linked_to=author)):
        approved(clinic, by, MAILED)

    with pytest.raises(InvalidParameter, match=NO_QUORUM), nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator)


def test_a_clinic_is_told_before_a_sign_is_confirmed_and_not_after():
    clinic, moderator = on_a_quorum(), account()

    with pytest.raises(InvalidParameter, match="cannot lie in the future") as refusal, nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator, told_on=TODAY + DAY)

    assert refusal.value.field == "told_on"


@pytest.mark.parametrize("value", ["yes", "no"])
@pytest.mark.parametrize("judged", [ACCEPTED, DROPPED], ids=["accepted", "dropped"])
@pytest.mark.parametrize("tie", ["author", "linked to the author"])
def test_nobody_rules_on_a_sign_on_which_they_answered(value, judged, tie):
    clinic, (moderator, author) = on_a_quorum(), tied(tie)
    approved(clinic, author, {"at_home_use_offered": (value, told())}, at_home_use_offered=judged)
    other = account()

    with pytest.raises(Forbidden, match="your own review"), nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator)
    for pair in ((moderator, other), (other, moderator)):
        with pytest.raises(Forbidden, match="your own review"), nothing_written():
            remedied(clinic, "at_home_use_offered", *pair)


@pytest.mark.parametrize(
    "give",
    [
        lambda clinic, by: approved(clinic, by, {"cure_all_claims": ("yes", told())}),
        lambda clinic, by: approved(
            clinic, by, {"at_home_use_offered": ("unknown",), "cure_all_claims": ("no", told())}
        ),
        lambda clinic, by: decided(submitted(clinic, by, MAILED), declined()),
        lambda _clinic, by: approved(reviewed_clinic(), by, MAILED),
    ],
    ids=["another sign", "could not tell", "declined", "another clinic"],
)
def test_who_said_nothing_of_the_sign_may_rule_on_it(give):
    clinic, moderator = on_a_quorum(), account()
    give(clinic, moderator)

    confirmed(clinic, "at_home_use_offered", moderator, account())

    assert signs()[0] == CONFIRMED


def test_one_person_confirms_once():
    clinic, moderator = on_a_quorum(), account()
    confirmed(clinic, "at_home_use_offered", moderator)

    with pytest.raises(Conflict, match="ruled so on this sign before"), nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator)

    assert signs()[0] == SUSPECTED


def test_one_person_on_two_days_or_by_two_accounts_is_still_one_person():
    clinic, moderator = on_a_quorum(), account()
    linked = accounts(2, linked_to=moderator)

    confirmed(clinic, "at_home_use_offered", moderator, *linked)
    confirmed(clinic, "at_home_use_offered", moderator, told_on=REPLY_OVER + DAY)
    scores.expire(at=NOON + 9 * DAY)

    assert signs()[0] == SUSPECTED


def test_a_confirmed_sign_holds_against_whatever_is_said_later():
    clinic, (ann, bob) = reviewed_clinic(), accounts(2)
    for by in (ann, bob):
        approved(clinic, by, {"at_home_use_offered": ("yes", link(on=days_ago(9)))})
    confirmed(clinic, "at_home_use_offered")

    for by in (ann, bob, *accounts(2)):
        cleared = approved(clinic, by, NOT_MAILED)
        rechecked(cleared, "at_home_use_offered")

    assert signs()[0] == CONFIRMED
    assert_the_record_holds()


def test_a_confirmed_sign_runs_out_with_what_raised_it():
    clinic = on_a_quorum()
    confirmed(clinic, "at_home_use_offered")

    scores.expire(at=NOON + 365 * DAY)
    on_the_last_day = signs()[0]
    scores.expire(at=NOON + 366 * DAY)

    assert (on_the_last_day, signs()[0]) == (CONFIRMED, UNKNOWN)


@pytest.mark.parametrize("criterion", ["at_home_use_offered", "cure_all_claims"])
def test_what_two_people_rule_mended_goes_back_to_unknown(criterion):
    clinic, (first, second) = on_a_quorum(criterion), accounts(2)
    if criterion == "at_home_use_offered":
        confirmed(clinic, criterion)
    before = rows(Clinic)[0].grade

    remedied(clinic, criterion, first, second, words="Gone from the site.", mended_on=TODAY)

    assert (before, rows(Clinic)[0].grade, signs()) == (
        {"at_home_use_offered": "red"}.get(criterion, "amber"),
        "grey",
        UNKNOWN * 5,
    )
    ruling = rows(StoredRuling)[-1]
    assert (ruling.kind, ruling.by_id, ruling.second_by_id) == ("remedied", first, second)
    assert (ruling.told_on, ruling.in_force_on) == (None, TODAY)
    decision = rows(Decision)[-1]
    assert (decision.action, decision.actor_id, decision.ruling_id) == ("remedy", first, ruling.id)
    assert (decision.reason_text, rows(AuditEntry)[-1].action) == ("Gone from the site.", "remedy")
    assert_the_record_holds()


def test_what_is_seen_after_the_remedy_counts_again_and_is_confirmed_anew():
    clinic, moderators = on_a_quorum(on=days_ago(9)), accounts(2)
    confirmed(clinic, "at_home_use_offered", *moderators, told_on=days_ago(20), at=NOON - 9 * DAY)
    remedied(clinic, "at_home_use_offered", mended_on=days_ago(5))
    mended = signs()[0]

    for by in accounts(2):
        approved(clinic, by, {"at_home_use_offered": ("yes", link(on=days_ago(3)))})
    seen_again = signs()[0]
    confirmed(clinic, "at_home_use_offered", *moderators)

    assert (mended, seen_again, signs()[0]) == (UNKNOWN, SUSPECTED, CONFIRMED)


def test_what_raised_a_sign_before_the_remedy_is_no_quorum():
    clinic, moderator = on_a_quorum(on=days_ago(5)), account()
    remedied(clinic, "at_home_use_offered", mended_on=days_ago(5))

    with pytest.raises(InvalidParameter, match=NO_QUORUM), nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator)


@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_it_takes_two_different_people_to_rule_a_sign_mended(tie):
    clinic, pair = on_a_quorum(), tied(tie)

    with pytest.raises(Forbidden, match="two different people"), nothing_written():
        remedied(clinic, "at_home_use_offered", *pair)


def test_a_remedy_is_ruled_once_for_a_day():
    clinic, pair = on_a_quorum(), accounts(2)
    remedied(clinic, "at_home_use_offered", *pair, mended_on=days_ago(1))

    with pytest.raises(Conflict, match="for the same day"), nothing_written():
        remedied(clinic, "at_home_use_offered", *pair, mended_on=days_ago(1))

    remedied(clinic, "at_home_use_offered", *pair, mended_on=TODAY)


@pytest.mark.parametrize("criterion", ["in_person_exam_before_first_dose", "is_it_nice"])
def test_only_a_warning_sign_is_ruled_mended(criterion):
    clinic, pair = reviewed_clinic(), accounts(2)

    with pytest.raises(InvalidParameter, match="five warning signs") as refusal, nothing_written():
        remedied(clinic, criterion, *pair)

    assert refusal.value.field == "criterion"


def test_a_remedy_lies_in_the_past_and_is_told_in_few_words():
    clinic, pair = on_a_quorum(), accounts(2)

    with pytest.raises(InvalidParameter, match="cannot lie in the future") as too_early, nothing_written():
        remedied(clinic, "at_home_use_offered", *pair, mended_on=TODAY + DAY)
    with pytest.raises(InvalidParameter, match="Shorten the reason") as too_long, nothing_written():
        remedied(clinic, "at_home_use_offered", *pair, words="x" * 1001)

    assert (too_early.value.field, too_long.value.field) == ("mended_on", "reason")


@pytest.mark.parametrize("public_id", ["nowhere", "no\0where", "", "proposed"])
def test_a_clinic_that_is_not_public_is_not_ruled_on(public_id):
    hidden, pair = reviewed_clinic(status="proposed"), accounts(2)
    clinic = hidden if public_id == "proposed" else {"public_id": public_id}

    with pytest.raises(NotFound), nothing_written():
        confirmed(clinic, "at_home_use_offered", pair[0])
    with pytest.raises(NotFound), nothing_written():
        remedied(clinic, "at_home_use_offered", *pair)


def test_an_account_that_is_not_there_rules_on_nothing():
    clinic, somebody = on_a_quorum(), account()

    with pytest.raises(NotFound, match="no such account"), nothing_written():
        confirmed(clinic, "at_home_use_offered", 10**6)
    with pytest.raises(NotFound, match="no such account"), nothing_written():
        remedied(clinic, "at_home_use_offered", somebody, 10**6)


@pytest.mark.parametrize("table", ["decision", "audit"])
def test_a_look_or_a_ruling_is_written_whole_or_not_at_all(table):
    clinic = reviewed_clinic()
    review, _ = (approved(clinic, account(), MAILED) for _ in range(2))
    moderator, other = accounts(2)

    for act in (
        lambda: rechecked(review, "at_home_use_offered", moderator=moderator),
        lambda: confirmed(clinic, "at_home_use_offered", moderator),
        lambda: remedied(clinic, "at_home_use_offered", moderator, other),
    ):
        with refusing(table, "TRUE"), nothing_written(), pytest.raises(IntegrityError, match="for a test"):
            act()
    assert_the_record_holds()


def on_a_quorum(criterion="at_home_use_offered", *, on=TODAY):
    """Return a clinic of which two people say a sign, with words that anyone can check."""
    clinic = reviewed_clinic()
    for by in accounts(2):
        approved(clinic, by, {criterion: ("yes", link(on=on))})
    return clinic
