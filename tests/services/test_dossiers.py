import pytest

from directory.domain.dossier import Dossier, Look, Ruled
from directory.domain.findings import RulingKind
from directory.extensions import db, reading
from directory.models import Account, Clinic
from directory.services.dossiers import gather
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    AS_TESTIMONY,
    DROPPED,
    REPLY_OVER,
    account,
    accounts,
    approval,
    approved,
    changes_requested,
    confirmed,
    decided,
    declined,
    link,
    pages,
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


def test_a_clinic_of_which_nothing_was_approved_has_an_empty_dossier():
    clinic = reviewed_clinic()
    for end in (declined(), changes_requested(), None):
        review = submitted(clinic, account(), MAILED)
        if end:
            decided(review, end)
    clinic_id = rows(Clinic)[0].id

    assert gathered(clinic_id, 10**6) == {clinic_id: Dossier([], []), 10**6: Dossier([], [])}
    assert gathered() == {}


def test_what_was_accepted_stands_in_the_order_in_which_it_was_handed_in():
    clinic, (ann, bob) = reviewed_clinic(), accounts(2)
    later = submitted(clinic, bob, {"cure_all_claims": ("no", *pages(days_ago(4)))})
    approved(
        clinic,
        ann,
        {
            "no_physician_on_staff": ("yes", link(on=days_ago(3))),
            "at_home_use_offered": ("yes", link(), told(on=days_ago(2))),
            "no_detailed_history": ("yes", told()),
            "instant_permanent_promises": ("unknown",),
            "rems_certified": ("not_applicable",),
        },
        at_home_use_offered=AS_TESTIMONY,
        no_detailed_history=DROPPED,
    )
    decided(later, approval("cure_all_claims"))

    answers = only_dossier().answers

    assert [(each.author_id, each.criterion, each.value, each.tier, each.observed_on) for each in answers] == [
        (bob, "cure_all_claims", "no", 3, days_ago(4)),
        (ann, "no_physician_on_staff", "yes", 3, days_ago(3)),
        # accepted as a word, and as old as the page that was quoted
        (ann, "at_home_use_offered", "yes", 1, TODAY),
    ]
    assert [each.voice_id for each in answers] == [bob, ann, ann]
    assert len({each.answer_id for each in answers}) == 3
    assert len({each.review_id for each in answers}) == 2


def test_each_answer_has_its_own_evidence_in_the_order_given_where_it_is_asked_for():
    clinic, evidence = reviewed_clinic(), (told(), link("One."), link("Two.", archive_url="https://archive.example/"))
    approved(clinic, account(), {"at_home_use_offered": ("yes", *evidence), "cure_all_claims": ("no", *pages(TODAY))})

    shown, scored = only_dossier(with_evidence=True), only_dossier()

    assert [answer.evidence for answer in shown.answers] == [evidence, pages(TODAY)]
    assert [answer.evidence for answer in scored.answers] == [(), ()]


def test_looks_are_told_with_the_voice_of_the_moderator_unless_nothing_was_seen():
    clinic, moderator, stands_for = reviewed_clinic(), account(), account()
    linked, blind = account(linked_to=stands_for), account()
    review = approved(clinic, account(), MAILED | {"cure_all_claims": ("yes", link())})
    for by in (linked, moderator):
        rechecked(review, "at_home_use_offered", moderator=by)
    rechecked(review, "at_home_use_offered", moderator=blind, has_seen=False)

    at_home, cure_all = only_dossier().answers

    assert at_home.looks == (Look(linked, stands_for, TODAY), Look(moderator, moderator, TODAY))
    assert cure_all.looks == ()


def test_rulings_are_told_with_the_voices_of_those_who_ruled():
    clinic, stands_for, (first, second) = reviewed_clinic(), account(), accounts(2)
    linked = account(linked_to=stands_for)
    for by in accounts(2):
        approved(clinic, by, {"at_home_use_offered": ("yes", link(on=REPLY_OVER))})

    confirmed(clinic, "at_home_use_offered", linked, told_on=TODAY)
    remedied(clinic, "cure_all_claims", first, linked, mended_on=days_ago(2))
    confirmed(clinic, "at_home_use_offered", second)

    in_a_week = days_ago(-7)
    assert only_dossier().rulings == [
        Ruled(criterion="at_home_use_offered", kind=RulingKind.CONFIRM, by=(stands_for,), on=in_a_week),
        Ruled(criterion="cure_all_claims", kind=RulingKind.REMEDIED, by=(first, stands_for), on=days_ago(2)),
        Ruled(criterion="at_home_use_offered", kind=RulingKind.CONFIRM, by=(second,), on=TODAY),
    ]


def test_a_remedy_is_told_once_where_two_people_entered_it_for_the_same_sign_and_day():
    clinic, (ann, bob, cid) = reviewed_clinic(), accounts(3)
    for criterion, by, day in (
        ("cure_all_claims", ann, 2), ("cure_all_claims", bob, 3), ("no_physician_on_staff", bob, 2),
    ):  # fmt: skip
        remedied(clinic, criterion, by, mended_on=days_ago(day))
    apart = only_dossier().rulings

    for by in (cid, bob):
        remedied(clinic, "cure_all_claims", by, mended_on=days_ago(2))

    assert apart == []
    remedy = Ruled(criterion="cure_all_claims", kind=RulingKind.REMEDIED, by=(ann, cid), on=days_ago(2))
    assert only_dossier().rulings == [remedy]


def test_two_who_ruled_a_sign_mended_and_turn_out_to_be_one_are_one():
    clinic, (ann, bob, cid) = reviewed_clinic(), accounts(3)
    remedied(clinic, "cure_all_claims", ann, bob)
    assert only_dossier().rulings[0].by == (ann, bob)

    db.session.get_one(Account, bob).linked_to_id = ann
    db.session.commit()
    assert only_dossier().rulings == []

    remedied(clinic, "cure_all_claims", cid)
    assert only_dossier().rulings[0].by == (ann, cid)


def test_the_answers_of_a_replaced_review_are_told_too():
    clinic, author = reviewed_clinic(), account()

    for value in ("yes", "no"):
        approved(clinic, author, {"cure_all_claims": (value, told())})

    assert [answer.value for answer in only_dossier().answers] == ["yes", "no"]


def test_clinics_are_kept_apart():
    first, second = reviewed_clinic(), reviewed_clinic()
    ann, bob = accounts(2)
    approved(first, ann, MAILED)
    approved(second, bob, MAILED)
    clinic_ids = [clinic.id for clinic in rows(Clinic)]

    found = gathered(*clinic_ids)

    assert [[answer.author_id for answer in found[each].answers] for each in clinic_ids] == [[ann], [bob]]


def test_a_dossier_takes_four_statements_at_the_most_however_much_was_approved():
    clinics = [reviewed_clinic() for _ in range(3)]
    for clinic in clinics:
        for by in accounts(2):
            seen = approved(clinic, by, {"at_home_use_offered": ("yes", link(on=REPLY_OVER))})
            rechecked(seen, "at_home_use_offered")
        confirmed(clinic, "at_home_use_offered")
    clinic_ids = [clinic.id for clinic in rows(Clinic)]

    with counted_statements() as bare:
        gathered(*clinic_ids)
    with counted_statements() as whole:
        gathered(*clinic_ids, with_evidence=True)

    assert (len(bare), len(whole)) == (3, 4)


def gathered(*clinic_ids, with_evidence=False):
    with reading() as session:
        return gather(session, clinic_ids, with_evidence=with_evidence)


def only_dossier(*, with_evidence=False):
    (clinic,) = rows(Clinic)
    return gathered(clinic.id, with_evidence=with_evidence)[clinic.id]
