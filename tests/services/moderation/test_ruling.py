from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.domain.moderation import DAYS_TO_REPLY
from directory.models import AuditEntry, Clinic, Decision, Notice, StoredRuling
from directory.services import reviews, rulings, scores
from directory.services.rulings import ClinicSign
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    ACCEPTED,
    AS_SUBMITTED,
    DROPPED,
    NOON,
    REPLY_OVER,
    account,
    accounts,
    approval,
    approved,
    assert_the_record_holds,
    changes_requested,
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

#: Seen on the day on which the clinic was told of it.
MAILED = {"at_home_use_offered": ("yes", link(on=REPLY_OVER))}
NOT_MAILED = {"at_home_use_offered": ("no", link("Every dose is given here."))}
#: The digit of each finding on a sign, at_home_use_offered first.
UNKNOWN, CLEARED, DISPUTED, SUSPECTED, CONFIRMED = "01234"
NO_QUORUM = "The evidence is not enough today"
DAY = timedelta(days=1)


def test_two_people_confirm_a_critical_sign_that_stands_on_a_quorum():
    clinic, (first, second) = on_a_quorum(on=REPLY_OVER - DAY), accounts(2)

    in_force_on = confirmed(clinic, "at_home_use_offered", first)
    after_one = signs()
    confirmed(clinic, "at_home_use_offered", second, told_on=REPLY_OVER - DAY)

    assert (in_force_on, after_one[0], signs()[0]) == (TODAY, SUSPECTED, CONFIRMED)
    clinic_row = rows(Clinic)[0]
    assert (clinic_row.grade, clinic_row.confirmed_points, clinic_row.score_low, clinic_row.score_high) == (
        "red", 50, 0, 50,
    )  # fmt: skip
    stored = rows(StoredRuling)
    assert [(each.kind, each.by_id) for each in stored] == [("confirm", first), ("confirm", second)]
    assert [each.told_on for each in stored] == [REPLY_OVER, REPLY_OVER - DAY]
    assert [each.in_force_on for each in stored] == [TODAY, TODAY]
    decisions = rows(Decision)[-2:]
    assert [(each.action, each.ruling_id) for each in decisions] == [("confirm", each.id) for each in stored]
    assert [entry.action for entry in rows(AuditEntry)[-2:]] == ["confirm", "confirm"]
    assert_the_record_holds()


@pytest.mark.parametrize(("told_days_ago", "days_to_wait"), [(0, 7), (1, 6), (6, 1), (7, 0), (8, 0), (365, 0)])
def test_a_confirmation_comes_into_force_a_week_after_the_clinic_was_told(told_days_ago, days_to_wait):
    clinic = on_a_quorum(on=days_ago(told_days_ago))

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


def test_a_clinic_cannot_have_been_told_of_what_nobody_had_seen():
    clinic, moderator = reviewed_clinic(), account()
    for value, days in (("yes", 8), ("yes", 9), ("no", 30), ("yes", 366)):
        approved(clinic, account(), {"at_home_use_offered": (value, link(on=days_ago(days)))})

    with pytest.raises(InvalidParameter, match="cannot lie before the first of them") as refusal, nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator, told_on=days_ago(10))

    assert refusal.value.field == "told_on"
    assert confirmed(clinic, "at_home_use_offered", moderator, told_on=days_ago(9)) == TODAY


def test_what_was_told_before_a_remedy_is_not_told_of_what_is_seen_after_it():
    clinic, moderator = on_a_quorum(on=days_ago(30)), account()
    remedied(clinic, "at_home_use_offered", mended_on=days_ago(10))
    for by in accounts(2):
        approved(clinic, by, MAILED)

    with pytest.raises(InvalidParameter, match="cannot lie before the first of them"), nothing_written():
        confirmed(clinic, "at_home_use_offered", moderator, told_on=days_ago(30))

    confirmed(clinic, "at_home_use_offered", moderator)


@pytest.mark.parametrize("value", ["yes", "no"])
@pytest.mark.parametrize("judged", [ACCEPTED, DROPPED], ids=["accepted", "dropped"])
@pytest.mark.parametrize("tie", ["author", "linked to the author"])
def test_nobody_rules_on_a_sign_on_which_they_answered(value, judged, tie):
    clinic, (moderator, author) = on_a_quorum(), tied(tie)
    approved(clinic, author, {"at_home_use_offered": (value, told())}, at_home_use_offered=judged)

    for ruled in (confirmed, remedied):
        with pytest.raises(Forbidden, match="your own review"), nothing_written():
            ruled(clinic, "at_home_use_offered", moderator)


@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
@pytest.mark.parametrize(
    "then",
    [
        lambda _clinic, _by, _review: None,
        lambda _clinic, _by, review: decided(review, changes_requested()),
        lambda clinic, by, review: [
            decided(review, approval("at_home_use_offered")),
            approved(clinic, by, {"cure_all_claims": ("yes", told())}),
        ],
    ],
    ids=["waits", "was sent back", "was followed by another"],
)
def test_nobody_rules_on_a_sign_while_they_stand_by_an_answer_on_it(then, tie):
    clinic, (moderator, author) = on_a_quorum(), tied(tie)
    then(clinic, author, submitted(clinic, author, NOT_MAILED))

    for ruled in (confirmed, remedied):
        with pytest.raises(Forbidden, match="your own review"), nothing_written():
            ruled(clinic, "at_home_use_offered", moderator)


@pytest.mark.parametrize("ruled", [confirmed, remedied])
@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_answers_on_a_sign_on_which_they_ruled(ruled, tie):
    clinic, (moderator, author) = on_a_quorum(), tied(tie)
    ruled(clinic, "at_home_use_offered", moderator)

    for answers in (MAILED, NOT_MAILED | {"cure_all_claims": ("yes", told())}):
        with pytest.raises(Forbidden, match="You have ruled on a warning sign"), nothing_written():
            submitted(clinic, author, answers)

    submitted(clinic, author, {"at_home_use_offered": ("unknown",), "cure_all_claims": ("yes", told())})
    submitted(reviewed_clinic(), author, MAILED)
    submitted(clinic, account(), MAILED)


@pytest.mark.parametrize(
    "give",
    [
        lambda clinic, by: approved(clinic, by, {"cure_all_claims": ("yes", told())}),
        lambda clinic, by: approved(
            clinic, by, {"at_home_use_offered": ("unknown",), "cure_all_claims": ("no", told())}
        ),
        lambda clinic, by: decided(submitted(clinic, by, MAILED), declined()),
        lambda clinic, by: reviews.withdraw(
            submitted(clinic, by, MAILED), author_id=by, seen_version=AS_SUBMITTED, at=NOON
        ),
        lambda _clinic, by: approved(reviewed_clinic(), by, MAILED),
    ],
    ids=["another sign", "could not tell", "declined", "withdrawn", "another clinic"],
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
    linked = account(linked_to=moderator)

    for days, by in enumerate((moderator, linked, moderator)):
        confirmed(clinic, "at_home_use_offered", by, told_on=REPLY_OVER + days * DAY)
    with pytest.raises(Conflict, match="ruled so on this sign before"), nothing_written():
        confirmed(clinic, "at_home_use_offered", linked)
    scores.expire(at=NOON + 9 * DAY)

    assert signs()[0] == SUSPECTED


def test_a_confirmed_sign_holds_against_whatever_is_said_later():
    clinic, (ann, bob) = reviewed_clinic(), accounts(2)
    for by in (ann, bob):
        approved(clinic, by, {"at_home_use_offered": ("yes", link(on=days_ago(9)))}, at=NOON - 9 * DAY)
    confirmed(clinic, "at_home_use_offered")

    for by in (ann, bob, *accounts(2)):
        cleared = approved(clinic, by, NOT_MAILED)
        rechecked(cleared, "at_home_use_offered")

    assert signs()[0] == CONFIRMED
    assert_the_record_holds()


def test_a_confirmed_sign_runs_out_with_what_raised_it():
    clinic = on_a_quorum()
    confirmed(clinic, "at_home_use_offered")

    scores.expire(at=NOON + 358 * DAY)
    on_the_last_day = signs()[0]
    scores.expire(at=NOON + 359 * DAY)

    assert (on_the_last_day, signs()[0]) == (CONFIRMED, UNKNOWN)


@pytest.mark.parametrize("criterion", ["at_home_use_offered", "cure_all_claims"])
def test_what_two_people_rule_mended_goes_back_to_unknown(criterion):
    clinic, (first, second) = on_a_quorum(criterion), accounts(2)
    if criterion == "at_home_use_offered":
        confirmed(clinic, criterion)
    before = rows(Clinic)[0].grade

    is_mended = remedied(clinic, criterion, first, words="Gone from the site.")
    after_one = (is_mended, rows(Clinic)[0].grade)
    is_mended = remedied(clinic, criterion, second, words="I looked too.")

    assert before == {"at_home_use_offered": "red"}.get(criterion, "amber")
    assert after_one == (False, before)
    assert (is_mended, rows(Clinic)[0].grade, signs()) == (True, "grey", UNKNOWN * 5)
    stored, decisions = rows(StoredRuling)[-2:], rows(Decision)[-2:]
    assert [(each.kind, each.by_id, each.told_on, each.in_force_on) for each in stored] == [
        ("remedied", first, None, TODAY), ("remedied", second, None, TODAY),
    ]  # fmt: skip
    assert [(each.action, each.actor_id, each.ruling_id, each.reason_text) for each in decisions] == [
        ("remedy", first, stored[0].id, "Gone from the site."), ("remedy", second, stored[1].id, "I looked too."),
    ]  # fmt: skip
    assert [(entry.action, entry.actor_id) for entry in rows(AuditEntry)[-2:]] == [
        ("remedy", first), ("remedy", second),
    ]  # fmt: skip
    assert_the_record_holds()


def test_two_who_rule_a_sign_mended_mean_the_same_sign_and_the_same_day():
    clinic, (ann, bob, cid) = on_a_quorum(), accounts(3)
    approved(clinic, account(), {"cure_all_claims": ("yes", link())})

    apart = [
        remedied(clinic, "at_home_use_offered", ann),
        remedied(clinic, "at_home_use_offered", bob, mended_on=days_ago(1)),
        remedied(clinic, "cure_all_claims", bob),
    ]
    before = signs()[0]

    assert (apart, before) == ([False] * 3, SUSPECTED)
    assert remedied(clinic, "at_home_use_offered", cid)
    assert signs()[0] == UNKNOWN
    assert remedied(clinic, "at_home_use_offered", bob)
    assert_the_record_holds()


def test_what_is_seen_after_the_remedy_counts_again_and_is_confirmed_anew():
    clinic, moderators = on_a_quorum(on=days_ago(30)), accounts(2)
    confirmed(clinic, "at_home_use_offered", *moderators, told_on=days_ago(30), at=NOON - 20 * DAY)
    remedied(clinic, "at_home_use_offered", mended_on=days_ago(10))
    mended = signs()[0]

    for by in accounts(2):
        approved(clinic, by, MAILED)
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
    clinic, (one, same) = on_a_quorum(), tied(tie)

    is_mended = remedied(clinic, "at_home_use_offered", one)
    with pytest.raises(Conflict, match="for the same day"), nothing_written():
        remedied(clinic, "at_home_use_offered", same)

    assert (is_mended, signs()[0]) == (False, SUSPECTED)


def test_a_remedy_is_ruled_once_for_a_day():
    clinic, pair = on_a_quorum(), accounts(2)
    remedied(clinic, "at_home_use_offered", *pair, mended_on=days_ago(1))

    for by in pair:
        with pytest.raises(Conflict, match="for the same day"), nothing_written():
            remedied(clinic, "at_home_use_offered", by, mended_on=days_ago(1))

    remedied(clinic, "at_home_use_offered", *pair, mended_on=TODAY)


@pytest.mark.parametrize("criterion", ["in_person_exam_before_first_dose", "is_it_nice", "is\0it"])
def test_only_a_warning_sign_is_ruled_mended(criterion):
    clinic, pair = reviewed_clinic(), accounts(2)

    with pytest.raises(InvalidParameter, match="five warning signs") as refusal, nothing_written():
        remedied(clinic, criterion, *pair)

    assert refusal.value.field == "criterion"


def test_a_remedy_lies_in_the_past():
    clinic, moderator = on_a_quorum(), account()

    with pytest.raises(InvalidParameter, match="cannot lie in the future") as refusal, nothing_written():
        remedied(clinic, "at_home_use_offered", moderator, mended_on=TODAY + DAY)

    assert refusal.value.field == "mended_on"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Say in a sentence what the clinic mended"),
        (" \n", "Say in a sentence what the clinic mended"),
        ("x" * 1001, "Shorten the reason"),
        ("Gone\0", "as plain text"),
        ("Gone \udfff", "as plain text"),
    ],
)
def test_a_remedy_is_told_in_a_few_plain_words(words, sentence):
    clinic, moderator = on_a_quorum(), account()

    with pytest.raises(InvalidParameter, match=sentence) as refusal, nothing_written():
        remedied(clinic, "at_home_use_offered", moderator, words=words)

    assert refusal.value.field == "reason"


@pytest.mark.parametrize("public_id", ["nowhere", "no\0where", "", "proposed"])
def test_a_clinic_that_is_not_public_is_not_ruled_on(public_id):
    hidden, pair = reviewed_clinic(status="proposed"), accounts(2)
    clinic = hidden if public_id == "proposed" else {"public_id": public_id}

    with pytest.raises(NotFound), nothing_written():
        confirmed(clinic, "at_home_use_offered", pair[0])
    with pytest.raises(NotFound), nothing_written():
        remedied(clinic, "at_home_use_offered", *pair)


def test_an_account_that_is_not_there_rules_on_nothing():
    clinic = on_a_quorum()

    for ruled in (confirmed, remedied):
        with pytest.raises(NotFound, match="no such account"), nothing_written():
            ruled(clinic, "at_home_use_offered", 10**6)


@pytest.mark.parametrize("table", ["decision", "audit"])
def test_a_look_or_a_ruling_is_written_whole_or_not_at_all(table):
    clinic = reviewed_clinic()
    review, _ = (approved(clinic, account(), MAILED) for _ in range(2))
    moderator = account()

    for act in (
        lambda: rechecked(review, "at_home_use_offered", moderator=moderator),
        lambda: confirmed(clinic, "at_home_use_offered", moderator),
        lambda: remedied(clinic, "at_home_use_offered", moderator),
    ):
        with refusing(table, "TRUE"), nothing_written(), pytest.raises(IntegrityError, match="for a test"):
            act()
    assert_the_record_holds()


def on_a_quorum(criterion="at_home_use_offered", *, on=REPLY_OVER):
    """Return a clinic of which two people say a sign, with words that anyone can check."""
    clinic = reviewed_clinic()
    for by in accounts(2):
        approved(clinic, by, {criterion: ("yes", link(on=on))})
    return clinic


def test_a_clinic_of_which_nobody_noted_how_it_was_told_is_not_confirmed():
    clinic, moderator = on_a_quorum(on=REPLY_OVER), account()

    with nothing_written(), pytest.raises(InvalidParameter, match="noted down how the clinic was told") as refusal:
        rulings.confirm(
            ClinicSign(clinic["public_id"], "at_home_use_offered"), moderator_id=moderator, told_on=REPLY_OVER, at=NOON
        )

    assert refusal.value.field == "told_on"


def test_a_confirmation_rests_on_the_notice_of_its_day():
    clinic = on_a_quorum(on=REPLY_OVER - DAY)
    confirmed(clinic, "at_home_use_offered", account(), told_on=REPLY_OVER - DAY)
    confirmed(clinic, "at_home_use_offered", account())

    by_id = {notice.id: notice.told_on for notice in rows(Notice)}
    assert [by_id[ruling.notice_id] for ruling in rows(StoredRuling)] == [REPLY_OVER - DAY, REPLY_OVER]
