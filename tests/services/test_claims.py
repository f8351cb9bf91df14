from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from directory.domain.access import Role
from directory.domain.errors import Conflict, Forbidden, NotFound
from directory.domain.ties import TieKind
from directory.extensions import db, writing
from directory.models import AuditEntry, Clinic, Review
from directory.services import claims, reviews
from directory.services.moderation import decide
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    account,
    accounts,
    approval,
    approved,
    changes_requested,
    decided,
    declared,
    declined,
    link,
    reviewed_clinic,
    status_of,
    submitted,
    tied,
)
from tests.support.statements import counted_statements, just_before
from tests.support.tables import rows
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
ROUNDS, PEOPLE = 10, 8
VERDICTS = {"approve": approval(*MAILED), "decline": declined(), "ask for changes": changes_requested()}


def minutes(number):
    return NOON + timedelta(minutes=number)


def test_a_review_is_taken_for_a_quarter_of_an_hour_and_keeps_its_version():
    review, mo = waiting(), account()

    assert claims.claim(review, moderator_id=mo, at=NOON) == minutes(15)

    assert lease(review) == (mo, NOON, minutes(15))
    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_it_is_nobody_elses_meanwhile_and_they_are_told_until_when_and_not_by_whom():
    review, mo, other = waiting(), *accounts(2)
    claims.claim(review, moderator_id=mo, at=NOON)

    with pytest.raises(Conflict) as refused:
        claims.claim(review, moderator_id=other, at=minutes(14))

    assert str(refused.value) == (
        "Another moderator has this review open until 12:15 UTC. Take the next one meanwhile."
    )
    assert lease(review) == (mo, NOON, minutes(15))


def test_a_claim_that_ran_out_holds_nobody_up():
    review, mo, other = waiting(), *accounts(2)
    claims.claim(review, moderator_id=mo, at=NOON)

    claims.claim(review, moderator_id=other, at=minutes(15))

    assert lease(review) == (other, minutes(15), minutes(30))


def test_to_claim_what_one_holds_changes_nothing():
    review, mo = waiting(), account()
    claims.claim(review, moderator_id=mo, at=NOON)

    assert claims.claim(review, moderator_id=mo, at=minutes(5)) == minutes(15)

    assert lease(review) == (mo, NOON, minutes(15))


def test_a_claim_is_renewed_to_an_hour_after_it_began_and_not_once_it_ran_out():
    review, mo = waiting(), account()
    claims.claim(review, moderator_id=mo, at=NOON)

    assert claims.renew(review, moderator_id=mo, at=minutes(10)) == minutes(25)
    for passed in (24, 38, 52):
        held_until = claims.renew(review, moderator_id=mo, at=minutes(passed))

    assert held_until == minutes(60)
    with pytest.raises(Conflict, match="has run out"):
        claims.renew(review, moderator_id=mo, at=minutes(60))
    assert lease(review) == (mo, NOON, minutes(60))


@pytest.mark.parametrize("holder", ["nobody", "another"])
def test_what_one_does_not_hold_cannot_be_renewed(holder):
    review, mo, other = waiting(), *accounts(2)
    if holder == "another":
        claims.claim(review, moderator_id=other, at=NOON)
    before = lease(review)

    with pytest.raises(Conflict, match="has run out"):
        claims.renew(review, moderator_id=mo, at=NOON)

    assert lease(review) == before


def test_a_renewal_that_meets_the_end_of_the_claim_is_told_so():
    review, mo = waiting(), account()
    claims.claim(review, moderator_id=mo, at=NOON)

    with (
        just_before("UPDATE review SET claim_until", lambda: let_go_past_the_service(review)),
        pytest.raises(Conflict, match="has run out"),
    ):
        claims.renew(review, moderator_id=mo, at=minutes(1))


def let_go_past_the_service(review):
    db.session.execute(
        db.text("UPDATE review SET claimed_by_id = NULL, claimed_at = NULL, claim_until = NULL WHERE public_id = :id"),
        {"id": review},
    )


def test_a_review_is_given_back_by_its_holder_alone():
    review, mo, other = waiting(), *accounts(2)
    claims.claim(review, moderator_id=mo, at=NOON)

    claims.release(review, moderator_id=other)
    assert lease(review) == (mo, NOON, minutes(15))

    claims.release(review, moderator_id=mo)
    claims.release(review, moderator_id=mo)
    assert lease(review) == (None, None, None)


@pytest.mark.parametrize("act", ["claim", "renew"])
@pytest.mark.parametrize("review", ["AAAAAAAAAAAA", "no id", "a draft"])
def test_what_was_not_handed_in_is_not_there(act, review):
    author, _clinic = account(), reviewed_clinic()
    if review == "a draft":
        with writing() as session:
            number = session.scalars(db.select(Clinic.id)).one()
            key = {"author_id": author, "clinic_id": number, "idempotency_key": "k", "checklist_version": "2026.1"}
            session.add(Review(public_id="AAAAAAAAAAAA", **key))
        review = "AAAAAAAAAAAA"

    with pytest.raises(NotFound):
        getattr(claims, act)(review, moderator_id=account(), at=NOON)
    with pytest.raises(NotFound):
        claims.release(review, moderator_id=account())


@pytest.mark.security(29)
@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
def test_what_is_decided_is_not_claimed(verdict):
    review = waiting()
    decided(review, verdict)

    with pytest.raises(Conflict, match="does not wait"):
        claims.claim(review, moderator_id=account(), at=NOON)

    assert lease(review) == (None, None, None)


@pytest.mark.security(27)
@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_claims_their_own_in_the_service_or_past_it(tie):
    mo, author = tied(tie)
    review = submitted(reviewed_clinic(), author, MAILED)

    with pytest.raises(Forbidden, match="your own review"):
        claims.claim(review, moderator_id=mo, at=NOON)
    assert take_next(moderator_id=mo, at=NOON) is None
    with pytest.raises(DatabaseError, match="nobody claims their own work"):
        claim_past_the_service(review, mo)


@pytest.mark.security(27)
@pytest.mark.parametrize("kind", [kind for kind in TieKind if kind is not TieKind.NONE])
def test_nobody_claims_a_review_of_a_clinic_they_are_tied_to_in_the_service_or_past_it(kind):
    mo, clinic = account(), reviewed_clinic()
    review = submitted(clinic, account(), MAILED)
    declared(mo, clinic, kind)

    with pytest.raises(Forbidden, match="a tie to this clinic"):
        claims.claim(review, moderator_id=mo, at=NOON)
    assert take_next(moderator_id=mo, at=NOON) is None
    with pytest.raises(DatabaseError, match="to which they have a tie"):
        claim_past_the_service(review, mo)


@pytest.mark.security(25)
@pytest.mark.parametrize("act", ["claim", "take_next"])
def test_claims_take_the_role(act):
    review, nobody = waiting(), account(role=None)
    arguments = [review] if act == "claim" else []

    with pytest.raises(Forbidden, match="a role"):
        getattr(claims, act)(*arguments, moderator_id=nobody, at=NOON)

    assert lease(review) == (None, None, None)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_the_next_is_the_one_that_waits_longest_and_that_nobody_holds(role):
    later, first, second = waiting(minutes(2)), waiting(), waiting(minutes(1))
    mo, other = account(role=role), account()

    taken = [take_next(moderator_id=by, at=minutes(3)) for by in (mo, other, mo, mo)]

    assert taken == [first, second, later, None]
    assert lease(second) == (other, minutes(3), minutes(18))


def test_the_next_after_one_leaves_that_one_to_others_and_begins_again_at_the_end():
    first, second = waiting(), waiting(minutes(1))
    mo = account()

    taken, after = [], ""
    for _ in range(3):
        after = take_next(moderator_id=mo, at=minutes(2), after=after)
        taken.append(after)

    assert taken == [first, second, first]
    assert lease(second) == (None, None, None)
    assert lease(first)[0] == mo


def test_to_leave_the_only_one_leaves_nothing():
    review, mo = waiting(), account()
    claims.claim(review, moderator_id=mo, at=NOON)

    assert take_next(moderator_id=mo, at=NOON, after=review) is None

    assert lease(review) == (None, None, None)


@pytest.mark.parametrize("after", ["no id", "AAAAAAAAAAAA"])
def test_the_next_after_what_is_not_there_is_the_first(after):
    review = waiting()

    assert take_next(moderator_id=account(), at=NOON, after=after) == review


@pytest.mark.security(29)
@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
def test_a_decision_ends_the_claim(verdict):
    review, mo = waiting(), account()
    claims.claim(review, moderator_id=mo, at=NOON)

    decided(review, verdict, moderator=mo, at=minutes(1))

    assert lease(review) == (None, None, None)


def test_an_author_takes_back_what_a_moderator_has_open():
    author, mo = account(), account()
    review = submitted(reviewed_clinic(), author, MAILED)
    claims.claim(review, moderator_id=mo, at=NOON)

    reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=minutes(1))

    assert (status_of(review)[0], lease(review)) == ("withdrawn", (None, None, None))


@pytest.mark.security(29)
def test_what_another_has_open_is_not_decided():
    review, mo, other = waiting(), *accounts(2)
    claims.claim(review, moderator_id=mo, at=NOON)
    before = len(rows(AuditEntry))

    with pytest.raises(Conflict, match="Another moderator has this review open until 12:15 UTC"):
        decided(review, approval(*MAILED), moderator=other, at=minutes(14))

    assert (status_of(review), len(rows(AuditEntry))) == (("submitted", AS_SUBMITTED), before)


@pytest.mark.parametrize("claimed", ["never", "and the claim ran out", "by another, whose claim ran out"])
def test_what_nobody_holds_is_decided_so_that_nobodys_reading_is_lost(claimed):
    review, mo, other = waiting(), *accounts(2)
    if claimed != "never":
        claims.claim(review, moderator_id=other if "another" in claimed else mo, at=NOON)

    decided(review, approval(*MAILED), moderator=mo, at=minutes(15))

    assert status_of(review)[0] == "approved"


def test_a_new_claim_wants_a_new_look_at_ties(app):
    """A tie that is declared while one has the review open keeps them from taking it again."""
    mo, clinic = account(), reviewed_clinic()
    review = submitted(clinic, account(), MAILED)
    claims.claim(review, moderator_id=mo, at=NOON)
    declared(mo, clinic, TieKind.FAMILY)

    with pytest.raises(DatabaseError, match="to which they have a tie"):
        claim_past_the_service(review, mo, at="2026-11-21 12:20:00+00:00")


def test_the_next_takes_as_many_statements_among_few_as_among_many():
    mo, taken = account(), []
    for number in (1, 6):
        for _ in range(number):
            waiting()
        with counted_statements() as statements:
            take_next(moderator_id=mo, at=NOON)
        taken.append(len(statements))

    assert taken[0] == taken[1] <= 5


@pytest.mark.security(29)
@pytest.mark.parametrize("way", ["claim", "take_next"])
def test_of_many_who_reach_for_one_review_at_once_one_gets_it(app, way):
    people = accounts(PEOPLE)
    for _ in range(ROUNDS):
        review = waiting()
        reach = {
            "claim": lambda by, review=review: claims.claim(review, moderator_id=by, at=NOON),
            "take_next": lambda by: take_next(moderator_id=by, at=NOON),
        }[way]

        outcomes = at_once(app, *[lambda by=by, reach=reach: reach(by) for by in people])

        won = [by for by, outcome in zip(people, outcomes, strict=True) if outcome in {review, minutes(15)}]
        assert len(won) == 1, outcomes
        assert lease(review)[0] == won[0]
        lost = {type(outcome) for outcome in outcomes} - {str, type(NOON)}
        assert lost <= {Conflict, type(None)}, outcomes
        decided(review, declined(), moderator=won[0])


@pytest.mark.security(29)
def test_of_many_who_take_the_next_at_once_each_gets_another(app):
    people, waits = accounts(PEOPLE), [waiting() for _ in range(PEOPLE)]

    taken = at_once(app, *[lambda by=by: take_next(moderator_id=by, at=NOON) for by in people])

    assert sorted(taken) == sorted(waits)


@pytest.mark.security(29)
def test_of_two_who_decide_at_once_one_does_and_the_record_has_it_once(app):
    verdicts = [approval(*MAILED), declined()]
    for _ in range(ROUNDS):
        review, people, before = waiting(), accounts(2), len(rows(AuditEntry))

        outcomes = at_once(
            app,
            *[
                lambda by=by, verdict=verdict, review=review: decide(
                    review, verdict, moderator_id=by, seen_version=AS_SUBMITTED, at=NOON
                )
                for by, verdict in zip(people, verdicts, strict=True)
            ],
        )

        assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"], outcomes
        assert len(rows(AuditEntry)) == before + 1
        assert status_of(review)[1] == AS_SUBMITTED + 1


@pytest.mark.parametrize("change", ["claimed_at = NULL", "claim_until = NULL", "claimed_by_id = NULL"])
def test_half_a_claim_is_refused_by_the_database(change):
    review = waiting()
    claims.claim(review, moderator_id=account(), at=NOON)

    with pytest.raises(DatabaseError, match="ck_review_claim_"):
        db.session.execute(db.text(f"UPDATE review SET {change}"))
    db.session.rollback()


def test_what_does_not_wait_cannot_be_held_even_past_the_service():
    review = approved(reviewed_clinic(), account(), MAILED)

    with pytest.raises(DatabaseError, match="ck_review_claim_while_waiting"):
        claim_past_the_service(review, account())


def waiting(at=NOON):
    return submitted(reviewed_clinic(), account(), MAILED, at=at)


def take_next(**asked):
    found = claims.take_next(**asked)
    return found and found.public_id


def lease(item, model=Review):
    found = rows(model, model.public_id == item)[0]
    return found.claimed_by_id, *(
        each and each.replace(tzinfo=NOON.tzinfo) for each in (found.claimed_at, found.claim_until)
    )


def claim_past_the_service(review, by, at="2026-11-21 12:00:00+00:00"):
    try:
        db.session.execute(
            db.text(
                f"UPDATE review SET claimed_by_id = {by}, claimed_at = '{at}',"
                " claim_until = '2026-11-22 12:00:00+00:00' WHERE public_id = :id"
            ),
            {"id": review},
        )
    finally:
        db.session.rollback()
