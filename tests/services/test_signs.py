from datetime import timedelta

import pytest
from sqlalchemy import update

from directory.domain.errors import Forbidden, NotFound
from directory.domain.moderation import DAYS_TO_REPLY
from directory.domain.ties import TieKind
from directory.extensions import db, reading, writing
from directory.models import Clinic
from directory.services import access, signs
from directory.services.rulings import ClinicSign
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    account,
    accounts,
    approved,
    confirmed,
    link,
    rechecked,
    remedied,
    reviewed_clinic,
    submitted,
    tied,
    told,
)
from tests.support.statements import counted_statements
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

DAY = timedelta(days=1)
MAILED = {"at_home_use_offered": ("yes", link(on=REPLY_OVER))}


def test_a_sign_is_shown_with_its_evidence_its_rulings_and_what_was_told():
    clinic = on_a_quorum(name="Blue Teapot")
    confirmed(clinic, "at_home_use_offered", account())
    remedied(clinic, "cure_all_claims", account())

    opened = look(clinic, account())

    assert opened.clinic.name == "Blue Teapot"
    assert [each.evidence[0].quote for each in opened.state.entry.counting] == ["We mail it to you."] * 2
    assert [(each.kind, each.on, each.told_on) for each in opened.rulings] == [("confirm", NOON.date(), REPLY_OVER)]
    assert (opened.state.has_quorum, opened.state.confirmed_by, opened.can_confirm) == (True, 1, True)
    assert [each.told_on for each in opened.notices] == [REPLY_OVER]
    assert (opened.told, opened.has_address) == (opened.notices[0], False)


def test_who_confirmed_a_sign_cannot_do_so_again_by_whichever_account():
    clinic, (one, same) = on_a_quorum(), tied("linked to the same")
    confirmed(clinic, "at_home_use_offered", one)

    for by in (one, same):
        opened = look(clinic, by)
        assert (opened.state.has_confirmed, opened.state.is_waiting, opened.can_confirm) == (True, True, False)


def test_a_sign_that_two_confirmed_takes_no_third():
    clinic = on_a_quorum()
    confirmed(clinic, "at_home_use_offered")

    opened = look(clinic, account())

    assert (opened.state.confirmed_by, opened.can_confirm) == (2, False)


def test_a_remedy_takes_the_confirmations_before_it_away():
    clinic = on_a_quorum()
    confirmed(clinic, "at_home_use_offered", told_on=REPLY_OVER)
    remedied(clinic, "at_home_use_offered")

    opened = look(clinic, account())

    assert (opened.state.confirmed_by, opened.state.has_quorum, opened.can_confirm) == (0, False, False)


@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_opens_a_sign_on_which_they_answered(tie):
    clinic, (moderator, author) = on_a_quorum(), tied(tie)
    submitted(clinic, author, {"at_home_use_offered": ("no", told())})

    with pytest.raises(Forbidden, match="your own review"):
        look(clinic, moderator)


def test_a_sign_is_not_there_for_somebody_with_a_tie_or_without_the_role_nor_where_there_is_none():
    clinic, hidden, (owner, moderator) = on_a_quorum(), reviewed_clinic(status="proposed"), accounts(2)
    declare(owner, clinic)

    for asked, by, criterion in (
        (clinic, owner, "at_home_use_offered"), (clinic, account(role=None), "at_home_use_offered"),
        (hidden, moderator, "at_home_use_offered"), ({"public_id": "no\0where"}, moderator, "at_home_use_offered"),
        (clinic, moderator, "price_published"), (clinic, moderator, "is\0it"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            look(asked, by, criterion)


def test_what_has_a_quorum_and_not_yet_two_confirmations_waits():
    none_yet, by_one, by_two = (on_a_quorum(name=name) for name in ("None", "One", "Two"))
    confirmed(by_one, "at_home_use_offered", account())
    confirmed(by_two, "at_home_use_offered")
    alone = reviewed_clinic(name="No quorum")
    approved(alone, account(), MAILED)
    on_a_quorum("cure_all_claims", name="Not critical")

    found = signs.waiting(who(account()), at=NOON)

    assert [(each.clinic.name, each.state.confirmed_by) for each in found.signs] == [("None", 0), ("One", 1)]
    assert found.next is None
    assert none_yet["public_id"] == found.signs[0].clinic.public_id


def test_a_disputed_sign_waits_as_well_and_one_that_two_confirmed_but_is_not_in_force_does_not():
    disputed, told_today = on_a_quorum(name="Disputed"), on_a_quorum(name="Told today")
    for by in accounts(2):
        cleared = approved(disputed, by, {"at_home_use_offered": ("no", link("Every dose is given here."))})
    rechecked(cleared, "at_home_use_offered")
    confirmed(told_today, "at_home_use_offered", told_on=NOON.date())

    found = signs.waiting(who(account()), at=NOON + (DAYS_TO_REPLY - 1) * DAY)

    assert [(each.clinic.name, each.state.entry.finding.verdict) for each in found.signs] == [("Disputed", "disputed")]


def test_what_somebody_may_not_rule_on_does_not_wait_for_them():
    (owner, author, whole) = accounts(3)
    of_owner, of_author = on_a_quorum(name="Tied"), on_a_quorum(name="Own")
    declare(owner, of_owner)
    approved(of_author, author, {"at_home_use_offered": ("yes", told())})

    assert [each.clinic.name for each in signs.waiting(who(owner), at=NOON).signs] == ["Own"]
    assert [each.clinic.name for each in signs.waiting(who(author), at=NOON).signs] == ["Tied"]
    assert len(signs.waiting(who(whole), at=NOON).signs) == 2


def test_the_list_is_for_those_who_rule():
    with pytest.raises(Forbidden):
        signs.waiting(who(account(role=None)), at=NOON)


@pytest.mark.parametrize("status", ["proposed", "closed"])
def test_signs_of_clinics_that_are_not_listed_do_not_wait(status):
    on_a_quorum()
    db.session.execute(update(Clinic).values(status=status))
    db.session.commit()

    assert signs.waiting(who(account()), at=NOON).signs == []


def test_a_long_list_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(signs, "PAGE", 1)
    for name in ("First", "Second"):
        on_a_quorum(name=name)
    moderator = who(account())

    first = signs.waiting(moderator, at=NOON)
    second = signs.waiting(moderator, at=NOON, after=first.next)

    assert [each.clinic.name for each in (*first.signs, *second.signs)] == ["First", "Second"]
    assert second.next is None
    assert len(signs.waiting(moderator, at=NOON, after="no\0where").signs) == 1


def test_both_take_as_many_statements_for_many_as_for_one():
    taken = []
    for _ in range(2):
        clinic, moderator = on_a_quorum(), who(account())
        confirmed(clinic, "at_home_use_offered", account())
        for read in (
            lambda moderator=moderator: signs.waiting(moderator, at=NOON),
            lambda clinic=clinic, moderator=moderator: signs.look_at(sign(clinic), moderator, at=NOON),
        ):
            with counted_statements() as statements:
                read()
            taken.append(len(statements))

    assert taken == [4, 9] * 2


def on_a_quorum(criterion="at_home_use_offered", **stated):
    """Return a clinic of which two people say a sign, with words that anyone can check."""
    clinic = reviewed_clinic(**stated)
    for by in accounts(2):
        approved(clinic, by, {criterion: ("yes", link("We mail it to you.", on=REPLY_OVER))})
    return clinic


def sign(clinic, criterion="at_home_use_offered"):
    return ClinicSign(clinic["public_id"], criterion)


def look(clinic, by, criterion="at_home_use_offered"):
    return signs.look_at(sign(clinic, criterion), who(by), at=NOON)


def who(account_id):
    with reading() as session:
        return access.actor(session, account_id)


def declare(account_id, clinic):
    (row,) = rows(Clinic, Clinic.public_id == clinic["public_id"])
    with writing() as session:
        access.declare(session, TieKind.OWNER, account_id, row.id, at=NOON)
