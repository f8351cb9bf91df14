from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import delete, update

from directory.domain.access import Actor, Permission, Role
from directory.domain.errors import Forbidden, InvalidParameter, NotFound, Tied
from directory.domain.ties import TieKind
from directory.extensions import db, reading, writing
from directory.models import Account, AccountRole, AuditEntry, Clinic, Organisation, Tie
from directory.services import access, reviews
from directory.services.access import About
from tests.support.answers import TODAY
from tests.support.reviews import (
    AS_SUBMITTED,
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
    status_of,
    submission,
    submitted,
    tied,
)
from tests.support.statements import counted_statements
from tests.support.tables import nothing_written, row_counts, rows

pytestmark = pytest.mark.usefixtures("app")

NONE, PATIENT, OWNER, EMPLOYEE, FORMER, COMPETITOR, PAID, FAMILY, LITIGATION = TieKind
BARRING = [OWNER, EMPLOYEE, FORMER, COMPETITOR, PAID, FAMILY, LITIGATION]
SIGN = "at_home_use_offered"
MAILED = {SIGN: ("yes", link(on=REPLY_OVER))}
TIED, NO_ROLE, OWN_WORK = "You have a tie to this clinic", "takes a role", "your own review"
DAY = timedelta(days=1)
#: What only moderators do; each on a clinic with an approved review and one that waits.
ACTS = {
    "approve": lambda s, by, at: decided(s.waiting, approval(SIGN), moderator=by, at=at),
    "decline": lambda s, by, at: decided(s.waiting, declined(), moderator=by, at=at),
    "ask for changes": lambda s, by, at: decided(s.waiting, changes_requested(), moderator=by, at=at),
    "recheck": lambda s, by, at: rechecked(s.done, SIGN, moderator=by, at=at),
    "confirm": lambda s, by, at: confirmed(s.clinic, SIGN, by, at=at),
    "remedy": lambda s, by, at: remedied(s.clinic, SIGN, by, at=at),
}
#: What somebody said of their ties, and by which of their accounts, before they act.
TIES = {
    **{kind.value: lambda s, by, kind=kind: said(kind, by, s.clinic) for kind in TieKind if kind is not NONE},
    "to another of the chain": lambda s, by: said(OWNER, by, in_a_chain_with(s.clinic)),
    "of the account that stands for it": lambda s, by: said(OWNER, stands_for(by), s.clinic),
    "of another linked to the same": lambda s, by: said(OWNER, account(linked_to=stands_for(by)), s.clinic),
    "of a linked account, to another of the chain": lambda s, by: said(
        PATIENT, account(linked_to=stands_for(by)), in_a_chain_with(s.clinic)
    ),
    "taken back": lambda s, by: [said(kind, by, s.clinic) for kind in (OWNER, NONE)],
    "taken for a patient's": lambda s, by: [said(kind, by, s.clinic) for kind in (OWNER, PATIENT, NONE)],
    "on its last day": lambda s, by: said(FORMER, by, s.clinic, at=three_years_before(NOON) + DAY),
}
NO_TIES = {
    "none": lambda s, by: said(NONE, by, s.clinic),
    "of somebody else": lambda s, _by: said(OWNER, account(), s.clinic),
    "to another clinic": lambda _s, by: said(OWNER, by, reviewed_clinic()),
    "to one of another chain": lambda s, by: [in_a_chain_with(s.clinic), said(OWNER, by, in_a_chain_with())],
    "that has ended": lambda s, by: said(FORMER, by, s.clinic, at=three_years_before(NOON)),
}


class Scene:
    """A clinic with an approved review, and one that waits, by people who do nothing else here."""

    def __init__(self):
        self.clinic = reviewed_clinic()
        self.done = approved(self.clinic, account(role=None), MAILED)
        approved(self.clinic, account(role=None), MAILED)
        self.another_waits()

    def another_waits(self):
        self.waiting = submitted(self.clinic, account(role=None), MAILED)


class Bare:
    """A clinic about which nobody has said anything."""

    def __init__(self):
        self.clinic = reviewed_clinic()


# Who somebody is


@pytest.mark.parametrize("roles", [(), (Role.MODERATOR,), (Role.ADMINISTRATOR,), (Role.ADMINISTRATOR, Role.MODERATOR)])
@pytest.mark.parametrize("method", [None, "authenticator"])
def test_an_actor_is_known_by_one_statement_with_every_role_and_the_second_factor(roles, method):
    by = person(roles, tf_primary_method=method)
    account()

    with reading() as session, counted_statements() as seen:
        found = access.actor(session, by)

    assert found == Actor(account_id=by, voice=by, roles=frozenset(roles), has_second_factor=method is not None)
    assert len(seen) == 1


def test_an_actor_speaks_with_the_voice_of_the_account_that_stands_for_it_and_in_roles_of_its_own():
    whole = account(role=Role.ADMINISTRATOR)
    linked = account(linked_to=whole, role=None)

    with reading() as session:
        assert access.actor(session, linked) == Actor(account_id=linked, voice=whole)
        assert access.actor(session, whole).voice == whole


@pytest.mark.parametrize("nobody", [0, -1, 10**6])
def test_an_account_that_is_not_there_is_nobody(nobody):
    account()

    with reading() as session, pytest.raises(NotFound, match="no such account"):
        access.actor(session, nobody)


def test_accounts_that_are_linked_have_one_voice():
    whole, other = accounts(2)
    linked, too = accounts(2, linked_to=whole)

    with reading() as session:
        assert access.voices(session, [linked, too]) == {whole}
        assert access.voices(session, iter([linked, other, whole])) == {whole, other}
        assert access.voices(session, []) == frozenset()


# What they may do


@pytest.mark.parametrize(
    ("role", "permission", "about", "sentence"),
    [
        (None, Permission.DECIDE, {}, NO_ROLE),
        (None, Permission.SEE_QUEUE, {}, NO_ROLE),
        (None, Permission.READ_OWN_REVIEW, {}, "Only the author"),
        (Role.ADMINISTRATOR, Permission.WITHDRAW_REVIEW, {}, "Only the author"),
        (Role.MODERATOR, Permission.DECIDE, {"whose": "own"}, OWN_WORK),
        (Role.ADMINISTRATOR, Permission.RULE, {"whose": "own"}, OWN_WORK),
        (Role.MODERATOR, Permission.RECHECK, {"tie": PATIENT}, TIED),
        (Role.ADMINISTRATOR, Permission.READ_UNPUBLISHED, {"tie": OWNER}, TIED),
        (None, Permission.WRITE_REVIEW, {"tie": OWNER}, TIED),
        (None, Permission.WRITE_REVIEW, {"tie": PATIENT}, None),
        (None, Permission.WRITE_REVIEW, {}, None),
        (None, Permission.READ_OWN_REVIEW, {"whose": "own"}, None),
        (None, Permission.READ_UNPUBLISHED, {"whose": "own", "tie": OWNER}, None),
        (Role.MODERATOR, Permission.READ_UNPUBLISHED, {}, None),
        (Role.MODERATOR, Permission.DECIDE, {}, None),
        (Role.ADMINISTRATOR, Permission.DECIDE, {"tie": NONE}, None),
    ],
)
def test_whoever_may_not_is_told_why_and_whoever_may_is_returned(role, permission, about, sentence):
    clinic, by, other = reviewed_clinic(), account(role=role), account()
    if kind := about.get("tie"):
        said(kind, by, clinic)
    author = frozenset({by if "whose" in about else other})
    thing = About(clinic_id=id_of(clinic), authors=author, voices=author)

    with reading() as session:
        if sentence:
            with pytest.raises(Forbidden, match=sentence):
                access.require(session, permission, by, thing, at=NOON)
        else:
            assert access.require(session, permission, by, thing, at=NOON) == access.actor(session, by)


def test_nobody_acts_for_an_account_that_is_not_there():
    about = About(clinic_id=id_of(reviewed_clinic()))

    with reading() as session, pytest.raises(NotFound, match="no such account"):
        access.require(session, Permission.READ_PUBLISHED, 10**6, about, at=NOON)


def test_a_role_that_was_taken_away_is_gone_with_the_next_act():
    scene, by = Scene(), account()
    rechecked(scene.done, SIGN, moderator=by)

    with writing() as session:
        session.execute(delete(AccountRole).where(AccountRole.account_id == by))

    with pytest.raises(Forbidden, match=NO_ROLE), nothing_written():
        decided(scene.waiting, approval(SIGN), moderator=by)


# What they said of their ties


@pytest.mark.parametrize("say", TIES.values(), ids=TIES)
def test_every_word_that_holds_counts_for_deciding(say):
    scene, by = Bare(), account(linked_to=account())
    say(scene, by)

    assert ties_of(by, scene.clinic, Permission.DECIDE) - {NONE}


@pytest.mark.parametrize("say", NO_TIES.values(), ids=NO_TIES)
def test_what_is_no_tie_of_theirs_to_this_clinic_counts_for_nothing(say):
    scene, by = Bare(), account(linked_to=account())
    say(scene, by)

    for permission in Permission:
        assert ties_of(by, scene.clinic, permission) == frozenset()


@pytest.mark.parametrize("permission", Permission)
def test_the_newest_word_counts_for_reviewing_and_every_word_for_all_else(permission):
    clinic, by = reviewed_clinic(), account()
    for kind in (OWNER, NONE, PATIENT):
        said(kind, by, clinic)

    assert ties_of(by, clinic, permission) == ({PATIENT} if permission is Permission.WRITE_REVIEW else {OWNER, PATIENT})


def test_the_newest_word_is_the_one_that_was_said_last_whatever_its_hour():
    clinic, by = reviewed_clinic(), account()

    said(OWNER, by, clinic, at=NOON)
    said(NONE, by, clinic, at=NOON - DAY)

    assert ties_of(by, clinic, Permission.WRITE_REVIEW) == frozenset()


def test_a_word_on_one_clinic_of_a_chain_takes_nothing_back_that_was_said_of_another():
    clinic, by = reviewed_clinic(), account()
    sister = in_a_chain_with(clinic)

    said(OWNER, by, sister)
    said(NONE, by, clinic)
    before = ties_of(by, clinic, Permission.WRITE_REVIEW)
    said(NONE, by, sister)

    assert (before, ties_of(by, clinic, Permission.WRITE_REVIEW)) == ({OWNER}, frozenset())


def test_clinics_without_a_chain_are_none_together():
    by, clinic = account(), reviewed_clinic()

    said(OWNER, by, reviewed_clinic())

    assert rows(Clinic)[0].organisation_id is None
    assert ties_of(by, clinic, Permission.DECIDE) == frozenset()


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2023, 11, 21), date(2026, 11, 21)),
        (date(2023, 12, 31), date(2026, 12, 31)),
        # no such day three years on
        (date(2024, 2, 29), date(2027, 3, 1)),
    ],
)
def test_a_former_employee_is_tied_for_three_years_and_not_a_day_longer(day, end):
    clinic, by = reviewed_clinic(), account()
    said(FORMER, by, clinic, at=NOON.replace(year=day.year, month=day.month, day=day.day))

    assert rows(Tie)[0].ends_on == end
    for permission in (Permission.DECIDE, Permission.WRITE_REVIEW):
        assert ties_of(by, clinic, permission, today=day) == {FORMER}
        assert ties_of(by, clinic, permission, today=end - DAY) == {FORMER}
        assert ties_of(by, clinic, permission, today=end) == frozenset()


# Declaring


def test_what_is_said_of_a_tie_is_noted_with_its_day_and_its_end():
    clinic, by = reviewed_clinic(), account()

    for kind in (FORMER, OWNER):
        said(kind, by, clinic)

    assert [(each.account_id, each.clinic_id, each.kind, each.ends_on) for each in rows(Tie)] == [
        (by, id_of(clinic), "former_employee", TODAY.replace(year=TODAY.year + 3)),
        (by, id_of(clinic), "owner", None),
    ]
    assert {each.declared_at.replace(tzinfo=None) for each in rows(Tie)} == {NOON.replace(tzinfo=None)}


@pytest.mark.parametrize("kind", TieKind)
def test_what_was_said_last_is_not_noted_again(kind):
    clinic, by = reviewed_clinic(), account()
    said(kind, by, clinic)

    with nothing_written():
        said(kind, by, clinic, at=NOON + DAY)


def test_what_was_said_before_the_last_word_of_another_clinic_or_by_another_account_is_noted():
    clinic, other, by = reviewed_clinic(), reviewed_clinic(), account()
    linked = account(linked_to=by)

    for kind, whose, which in product((NONE, OWNER), (by, linked), (clinic, other)):
        said(kind, whose, which)
    said(NONE, by, clinic)

    assert len(rows(Tie)) == 9
    assert [each.kind for each in rows(Tie, Tie.account_id == by, Tie.clinic_id == id_of(clinic))] == [
        "none", "owner", "none",
    ]  # fmt: skip


def test_a_tie_that_has_ended_is_noted_when_it_is_said_again():
    clinic, by = reviewed_clinic(), account()

    said(FORMER, by, clinic, at=three_years_before(NOON))
    said(FORMER, by, clinic)

    assert len(rows(Tie)) == 2
    assert ties_of(by, clinic, Permission.WRITE_REVIEW) == {FORMER}


# Handing a review in


@pytest.mark.parametrize("kind", [NONE, PATIENT])
def test_whoever_has_no_tie_or_was_a_patient_hands_a_review_in_and_it_is_noted_once(kind):
    clinic, author = reviewed_clinic(), account(role=None)

    first = handed_in(clinic, author, kind)
    decided(first, declined())
    handed_in(clinic, author, kind)

    assert [(each.kind, each.account_id) for each in rows(Tie)] == [(kind, author)]
    assert status_of(first)[0] == "declined"
    assert_the_record_holds()


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("kind", BARRING)
def test_a_tie_that_bars_stays_noted_and_nothing_else_is_written(kind, role):
    clinic, author = reviewed_clinic(), account(role=role)
    before = row_counts()

    for _ in range(2):
        with pytest.raises(Tied, match=TIED):
            handed_in(clinic, author, kind)

    assert row_counts() == before | {"tie": 1}
    assert [(each.kind, each.account_id, each.clinic_id) for each in rows(Tie)] == [(kind, author, id_of(clinic))]


@pytest.mark.parametrize("kind", BARRING)
def test_whoever_corrects_what_they_said_may_review_and_both_words_stay(kind):
    clinic, author = reviewed_clinic(), account(role=None)
    with pytest.raises(Tied, match=TIED):
        handed_in(clinic, author, kind)

    review = handed_in(clinic, author, NONE)

    assert status_of(review) == ("submitted", AS_SUBMITTED)
    assert [each.kind for each in rows(Tie)] == [kind, "none"]


@pytest.mark.parametrize("kind", [NONE, PATIENT])
@pytest.mark.parametrize(
    "say",
    [
        lambda clinic, author: said(OWNER, author, in_a_chain_with(clinic)),
        lambda clinic, author: said(OWNER, stands_for(author), in_a_chain_with(clinic)),
        lambda clinic, author: said(FORMER, author, in_a_chain_with(clinic), at=three_years_before(NOON) + DAY),
    ],
    ids=["of the chain", "of the chain, by a linked account", "of the chain, on its last day"],
)
def test_a_tie_to_one_clinic_of_a_chain_bars_a_review_of_any(say, kind):
    clinic, author = reviewed_clinic(), account(linked_to=account(), role=None)
    say(clinic, author)

    with pytest.raises(Tied, match=TIED), nothing_written():
        handed_in(clinic, author, kind)


@pytest.mark.parametrize(
    "say",
    [
        lambda clinic, author: said(PATIENT, author, in_a_chain_with(clinic)),
        lambda clinic, author: said(FORMER, author, in_a_chain_with(clinic), at=three_years_before(NOON)),
        lambda clinic, author: [said(kind, author, in_a_chain_with(clinic)) for kind in (OWNER, NONE)],
        lambda clinic, _author: said(OWNER, account(), clinic),
        lambda _clinic, author: said(OWNER, author, reviewed_clinic()),
    ],
    ids=["patient of the chain", "it has ended", "taken back", "somebody else's", "elsewhere"],
)
def test_no_other_tie_bars_a_review(say):
    clinic, author = reviewed_clinic(), account(role=None)
    say(clinic, author)

    assert status_of(handed_in(clinic, author, NONE))[0] == "submitted"


def test_a_former_employee_who_says_so_again_after_three_years_is_barred_again():
    clinic, author = reviewed_clinic(), account(role=None)
    said(FORMER, author, clinic, at=three_years_before(NOON))

    with pytest.raises(Tied, match=TIED):
        handed_in(clinic, author, FORMER)

    assert len(rows(Tie)) == 2


def test_the_tie_of_a_review_that_cannot_be_used_is_not_kept():
    clinic, author = reviewed_clinic(), account(role=None)

    with pytest.raises(InvalidParameter), nothing_written():
        handed_in(clinic, author, PATIENT, answers={"is_it_nice": ("yes", link())})


@pytest.mark.parametrize("tie", [NONE, PATIENT, OWNER])
def test_no_tie_is_noted_to_a_clinic_that_is_not_listed(tie):
    clinic, author = reviewed_clinic(status="proposed"), account(role=None)

    for each in (clinic, {"public_id": "nowhere"}):
        with pytest.raises(NotFound), nothing_written():
            handed_in(each, author, tie)


def test_a_tie_that_begins_later_keeps_nobody_from_taking_their_review_back():
    clinic, author = reviewed_clinic(), account(role=None)
    review = handed_in(clinic, author, NONE)
    said(EMPLOYEE, author, clinic)

    reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    assert status_of(review)[0] == "withdrawn"


# Deciding


@pytest.mark.parametrize("say", TIES.values(), ids=TIES)
def test_nobody_does_anything_about_a_clinic_to_which_they_have_a_tie(say):
    scene = Scene()

    for role in (Role.MODERATOR, Role.ADMINISTRATOR):
        by = account(linked_to=account(role=role), role=role)
        say(scene, by)
        for act in ACTS.values():
            with pytest.raises(Tied, match=TIED), nothing_written():
                act(scene, by, NOON)


def test_the_tie_of_a_linked_account_is_that_of_the_account_that_stands_for_it():
    scene, by = Scene(), account()
    said(PATIENT, account(linked_to=by), scene.clinic)

    for act in ACTS.values():
        with pytest.raises(Tied, match=TIED), nothing_written():
            act(scene, by, NOON)


@pytest.mark.parametrize("say", NO_TIES.values(), ids=NO_TIES)
def test_a_moderator_without_a_tie_does_their_work(say):
    scene = Scene()

    for name, act in ACTS.items():
        by = account()
        say(scene, by)
        with written_by(by, name):
            act(scene, by, NOON)
        scene.another_waits()

    assert_the_record_holds()


def test_what_a_moderator_does_an_administrator_does_and_nobody_else():
    scene, linked = Scene(), account(linked_to=account(), role=None)

    for name, act in ACTS.items():
        # nor by the role of an account that is linked to theirs
        for by in (account(role=None), linked):
            with pytest.raises(Forbidden, match=NO_ROLE), nothing_written():
                act(scene, by, NOON)
        by = account(role=Role.ADMINISTRATOR)
        with written_by(by, name):
            act(scene, by, NOON)
        scene.another_waits()


@pytest.mark.parametrize("kinship", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_an_administrator_is_not_exempt_from_their_own_work(kinship):
    decider, author = tied(kinship)
    with writing() as session:
        session.execute(update(AccountRole).values(name=Role.ADMINISTRATOR))
    scene = Scene()
    scene.waiting = submitted(scene.clinic, author, MAILED)

    for act in (ACTS["approve"], ACTS["decline"], ACTS["ask for changes"], ACTS["confirm"], ACTS["remedy"]):
        with pytest.raises(Forbidden, match=OWN_WORK), nothing_written():
            act(scene, decider, NOON)


def test_a_tie_that_is_declared_between_two_acts_stops_the_second():
    scene, by = Scene(), account()
    rechecked(scene.done, SIGN, moderator=by)
    said(PAID, by, scene.clinic)

    with pytest.raises(Tied, match=TIED), nothing_written():
        confirmed(scene.clinic, SIGN, by)


def person(roles, **columns):
    row = Account(roles=[AccountRole(name=role) for role in roles], **columns)
    db.session.add(row)
    db.session.commit()
    return row.id


@contextmanager
def written_by(by, act):
    """Hold that one thing more stands in the record inside, and that it is theirs."""
    before = len(rows(AuditEntry))
    yield
    after = rows(AuditEntry)
    assert [entry.actor_id for entry in after[before:]] == [by], act


def stands_for(by):
    return rows(Account, Account.id == by)[0].linked_to_id


def said(kind, by, clinic, *, at=NOON):
    with writing() as session:
        access.declare(session, kind, by, id_of(clinic), at=at)


def handed_in(clinic, author, kind, *, answers=MAILED):
    return reviews.submit(submission(clinic, answers, tie=kind), author_id=author, at=NOON)


def ties_of(by, clinic, permission, *, today=TODAY):
    with reading() as session:
        who = access.actor(session, by)
        return access.thing(session, who, permission, About(clinic_id=id_of(clinic)), today=today).ties


def in_a_chain_with(*clinics):
    """Return a new clinic that is of one organisation with those."""
    added = reviewed_clinic()
    with writing() as session:
        chain = Organisation(name="Quiet", key=added["public_id"])
        session.add(chain)
        session.flush()
        of_it = Clinic.public_id.in_([each["public_id"] for each in (added, *clinics)])
        session.execute(update(Clinic).where(of_it).values(organisation_id=chain.id))
    return added


def id_of(clinic):
    return rows(Clinic, Clinic.public_id == clinic["public_id"])[0].id


def three_years_before(moment):
    return moment.replace(year=moment.year - 3)
