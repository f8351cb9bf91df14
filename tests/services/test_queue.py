from datetime import timedelta

import pytest

from directory.domain.access import Role
from directory.domain.errors import Forbidden, NotFound
from directory.domain.moderation import Action, ReviewStatus
from directory.domain.ties import TieKind
from directory.extensions import db, reading
from directory.models import Clinic
from directory.models.clinic import Organisation
from directory.services import access, queue, reviews
from tests.support.answers import TODAY
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    WHY,
    account,
    approval,
    changes_requested,
    decided,
    declared,
    declined,
    link,
    reviewed_clinic,
    submission,
    submitted,
    tied,
    told,
)
from tests.support.statements import counted_statements
from tests.support.suggestions import suggested

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
BARRING = [kind for kind in TieKind if kind is not TieKind.NONE]


def test_what_waits_stands_with_the_longest_waiting_first():
    blue, paper = reviewed_clinic(name="Blue Teapot"), reviewed_clinic(name="Paper Kite")
    newer = submitted(blue, account(), MAILED | {"no_physician_on_staff": ("unknown",)}, at=NOON + timedelta(hours=1))
    older = submitted(paper, account(), MAILED)

    found = looked()

    assert [each.public_id for each in found.waiting] == [older, newer]
    assert [each.clinic.name for each in found.waiting] == ["Paper Kite", "Blue Teapot"]
    assert [each.since for each in found.waiting] == [NOON, NOON + timedelta(hours=1)]
    assert [each.answers for each in found.waiting] == [1, 1]
    assert (found.number, found.left_out, found.next) == (2, 0, None)


def test_only_what_is_handed_in_and_undecided_waits():
    clinic = reviewed_clinic()
    for verdict in (approval(*MAILED), declined(), changes_requested()):
        decided(submitted(clinic, account(), MAILED), verdict)
    author = account()
    reviews.withdraw(submitted(clinic, author, MAILED), author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    assert (looked().waiting, looked().number) == ([], 0)


@pytest.mark.security(27)
@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_ones_own_reviews_and_those_of_linked_accounts_are_left_out_and_counted(tie):
    moderator, author = tied(tie)
    submitted(reviewed_clinic(), author, MAILED)
    other = submitted(reviewed_clinic(), account(), MAILED)

    found = looked(moderator)

    assert [each.public_id for each in found.waiting] == [other]
    assert (found.number, found.left_out) == (1, 1)


@pytest.mark.security(27)
@pytest.mark.parametrize("kind", BARRING)
@pytest.mark.parametrize("as_a_chain", [False, True])
def test_reviews_of_a_clinic_one_is_tied_to_are_left_out_and_not_there(kind, as_a_chain):
    clinic, other = reviewed_clinic(), reviewed_clinic()
    if as_a_chain:
        made_a_chain(clinic, other)
    moderator, waiting = account(), submitted(clinic, account(), MAILED)
    declared(moderator, other if as_a_chain else clinic, kind)

    found = looked(moderator)

    assert (found.waiting, found.number, found.left_out) == ([], 0, 1)
    with pytest.raises(NotFound):
        opened(waiting, moderator)


@pytest.mark.parametrize("as_linked", [False, True])
def test_a_tie_of_a_linked_account_is_ones_own(as_linked):
    whole = account()
    moderator, other = (account(linked_to=whole), whole) if as_linked else (whole, account(linked_to=whole))
    clinic = reviewed_clinic()
    submitted(clinic, account(), MAILED)
    declared(other, clinic, TieKind.OWNER)

    assert looked(moderator).left_out == 1


def test_a_tie_that_has_ended_leaves_nothing_out():
    clinic, moderator = reviewed_clinic(), account()
    declared(moderator, clinic, TieKind.FORMER_EMPLOYEE, at=NOON - timedelta(days=4 * 366))
    declared(moderator, clinic, TieKind.NONE)
    waiting = submitted(clinic, account(), MAILED)

    assert looked(moderator).number == 1
    assert opened(waiting, moderator).is_waiting


@pytest.mark.parametrize(("days", "left_out"), [(-1, 1), (0, 0)])
def test_a_tie_holds_until_the_day_on_which_it_ends(days, left_out):
    clinic, moderator = reviewed_clinic(), account()
    submitted(clinic, account(), MAILED)
    declared(moderator, clinic, TieKind.FORMER_EMPLOYEE, at=NOON.replace(year=NOON.year - 3))

    assert queue.waiting(who(moderator), at=NOON + timedelta(days=days)).left_out == left_out


def test_fifty_stand_on_a_page_and_the_rest_on_the_next(monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 2)
    moderator = account()
    # The first three were handed in at one moment.
    moments = [NOON, NOON, NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)]
    made = [submitted(reviewed_clinic(), account(), MAILED, at=at) for at in moments]

    pages, after = [], ""
    while after is not None:
        page = looked(moderator, after=after)
        pages.append([each.public_id for each in page.waiting])
        assert page.number == 5
        after = page.next

    assert pages == [made[:2], made[2:4], made[4:]]


@pytest.mark.parametrize("after", ["nobody", "a\0b", "x" * 300])
def test_a_page_that_nobody_named_begins_with_the_first(after):
    submitted(reviewed_clinic(), account(), MAILED)

    assert len(looked(after=after).waiting) == 1


def test_the_queue_takes_three_statements_however_long_it_is():
    for _ in range(4):
        submitted(reviewed_clinic(), account(), MAILED)
        suggested(reviewed_clinic(), account())
    moderator = who(account())

    with counted_statements() as statements:
        queue.waiting(moderator, at=NOON)

    assert len(statements) == 3


def test_a_reviewer_sees_neither_the_queue_nor_a_review_of_their_own_in_it():
    author, stranger = account(role=None), account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)

    with pytest.raises(Forbidden, match="takes a role"):
        looked(stranger)
    for person in (author, stranger):
        with pytest.raises(NotFound):
            opened(review, person)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_a_moderator_sees_the_review_with_its_evidence_and_no_name(role):
    clinic, author = reviewed_clinic(name="Blue Teapot"), account()
    evidence = (link(), told())
    review = submitted(clinic, author, {"price_published": ("unknown",), "at_home_use_offered": ("yes", *evidence)})

    found = opened(review, account(role=role))

    assert (found.clinic.name, found.status, found.version) == ("Blue Teapot", ReviewStatus.SUBMITTED, AS_SUBMITTED)
    assert [(each.criterion.slug, each.value, each.evidence) for each in found.answers] == [
        ("at_home_use_offered", "yes", evidence),
        ("price_published", "unknown", ()),
    ]
    assert found.reviewer == looked().waiting[0].reviewer
    assert found.reviewer.isalnum()
    assert found.since == NOON


def test_two_reviewers_have_two_names_and_each_always_the_same():
    ids = [f"reviewer-{number}" for number in range(200)]

    names = [queue.pseudonym(public_id) for public_id in ids]

    assert len(set(names)) == 200
    assert names == [queue.pseudonym(public_id) for public_id in ids]
    assert {len(name) for name in names} == {6}
    assert not any(name in public_id for name, public_id in zip(names, ids, strict=True))


@pytest.mark.security(27)
@pytest.mark.parametrize("tie", ["author", "stands for the author", "linked to the author", "linked to the same"])
def test_nobody_opens_their_own_review_to_decide_on_it(tie):
    moderator, author = tied(tie)
    review = submitted(reviewed_clinic(), author, MAILED)

    with pytest.raises(Forbidden, match="your own review"):
        opened(review, moderator)


@pytest.mark.parametrize("public_id", ["nowhere", "a\0b", "", "x" * 300])
def test_what_is_not_there_is_not_found(public_id):
    with pytest.raises(NotFound):
        opened(public_id, account())


def test_every_word_of_the_author_on_their_tie_is_shown_with_the_newest_first():
    clinic, elsewhere, unrelated = (reviewed_clinic(name=name) for name in ("Here", "There", "Nowhere"))
    made_a_chain(clinic, elsewhere)
    author = account(role=None)
    declared(account(linked_to=author), elsewhere, TieKind.FORMER_EMPLOYEE, at=NOON.replace(year=2021))
    declared(author, unrelated, TieKind.OWNER)
    declared(account(), clinic, TieKind.LITIGATION)
    review = reviews.submit(submission(clinic, MAILED, tie=TieKind.PATIENT), author_id=author, at=NOON)

    patient, former = opened(review, account()).declarations

    assert (patient.kind, patient.declared_on, patient.clinic) == (TieKind.PATIENT, TODAY, "")
    assert (former.kind, former.clinic, former.ends_on.year) == (TieKind.FORMER_EMPLOYEE, "There", 2024)


def test_what_was_decided_before_is_shown_and_a_decided_review_does_not_wait():
    review = submitted(reviewed_clinic(), account(), MAILED)
    decided(review, changes_requested())

    found = opened(review, account())

    assert not found.is_waiting
    assert [step.action for step in found.steps] == [Action.SUBMIT, Action.REQUEST_CHANGES]
    assert (found.steps[1].reason, found.steps[1].words) == (WHY["reason"], WHY["words"])


def test_what_was_taken_back_is_nobodys_to_read():
    author = account()
    review = submitted(reviewed_clinic(), author, MAILED)
    reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    found = opened(review, account())

    assert (found.status, found.answers) == (ReviewStatus.WITHDRAWN, ())


def test_a_review_takes_the_same_statements_whatever_it_holds():
    small = submitted(reviewed_clinic(), account(), MAILED)
    large = submitted(reviewed_clinic(), account(), MAILED | {"price_published": ("yes", link(), told(), told())})
    moderator = who(account())

    taken = []
    for review in (small, large):
        with counted_statements() as statements:
            queue.look_at(review, moderator, at=NOON)
        taken.append(len(statements))

    assert taken == [9, 9]


def who(account_id):
    with reading() as session:
        return access.actor(session, account_id)


def looked(by=None, *, after=""):
    return queue.waiting(who(by or account()), at=NOON + timedelta(hours=5), after=after)


def opened(review, by):
    return queue.look_at(review, who(by), at=NOON)


def made_a_chain(*clinics):
    chain = Organisation(name="Chain", key="chain")
    db.session.add(chain)
    db.session.flush()
    ids = [clinic["public_id"] for clinic in clinics]
    db.session.execute(db.update(Clinic).where(Clinic.public_id.in_(ids)).values(organisation_id=chain.id))
    db.session.commit()
