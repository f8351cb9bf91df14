from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from directory.domain.access import Role
from directory.domain.checklist import Value
from directory.domain.drafts import GivenAnswer, fields_of
from directory.domain.errors import Forbidden, InvalidParameter, NotFound
from directory.domain.moderation import DAYS_TO_REPLY, Action, Reason
from directory.domain.ties import TieKind
from directory.models import (
    Account,
    AccountRole,
    ChecklistVersion,
    Clinic,
    Review,
    ReviewAnswer,
    ReviewDraft,
    Tie,
)
from directory.services import access, audit, drafts, moderation, review_forms, reviews
from directory.services.drafts import Filled, HandedIn, NotReady, Overtaken
from directory.services.moderation import Act
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED
from tests.support.clinics import add_clinic
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    REPLY_OVER,
    SITE,
    WHY,
    account,
    accounts,
    approved,
    assert_the_record_holds,
    changes_requested,
    confirmed,
    decided,
    declined,
    document,
    link,
    pages,
    reviewed_clinic,
    status_of,
    submission,
    told,
)
from tests.support.tables import nothing_written, row_counts, rows
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

HOME, CURE = "at_home_use_offered", "cure_all_claims"
LEAST = {
    "tie": "none",
    f"{HOME}-value": "yes",
    f"{HOME}-note": "They offered it when I called.",
    f"{HOME}-note_seen": TODAY.isoformat(),
}
OTHER = LEAST | {f"{HOME}-note": "They mail lozenges."}
#: The next version: one question is gone, one is new, one is worded anew.
NEXT = replace(
    SHIPPED,
    version="2027.1",
    signs=(
        replace(SHIPPED.signs[0], slug="brand_new"),
        replace(SHIPPED.signs[1], question="Otherwise?"),
        *SHIPPED.signs[2:],
    ),
)


def form(clinic, author, typed, *, seen=0, key="a key"):
    return Filled(clinic=clinic["public_id"], author_id=author, fields=typed, key=key, seen_version=seen)


def saved(clinic, author, typed, *, checklist=SHIPPED, at=NOON, **seen):
    return drafts.save(form(clinic, author, typed, **seen), checklist, at=at)


def handed_in(clinic, author, typed, *, checklist=SHIPPED, at=NOON, **seen):
    return drafts.submit(form(clinic, author, typed, **seen), checklist, at=at)


def opened(clinic, author, *, checklist=SHIPPED):
    return review_forms.open_form(clinic["public_id"], author, checklist)


def typed(stored):
    return {name: text for name, text in stored.fields.items() if name != "checklist"}


def test_a_first_form_is_empty_and_has_a_key_of_its_own():
    clinic, author = reviewed_clinic(name="Paper Kite"), account()

    first, second = opened(clinic, author), opened(clinic, author)

    assert (first.about.name, first.about.website, first.about.hosts.own) == ("Paper Kite", SITE, "clinic.example")
    assert (typed(first.stored), first.stored.version, first.stored.saved_at) == ({}, 0, None)
    assert first.stored.key != second.stored.key
    assert (first.undecided, first.asked, first.is_update, bool(first.changed)) == (None, None, False, False)
    assert rows(Review) == []


def test_what_was_typed_is_kept_right_or_wrong_and_comes_back():
    clinic, author = reviewed_clinic(), account()
    wrong = {"tie": "nobody", f"{HOME}-value": "perhaps", f"{HOME}-link": "javascript:alert(1)", f"{CURE}-note": "\x00"}

    stored = saved(clinic, author, wrong)

    again = opened(clinic, author).stored
    assert again == stored
    assert (typed(again), again.version, again.saved_at, again.key) == (wrong, 1, NOON, "a key")
    assert [(review.status, review.submitted_at) for review in rows(Review)] == [("draft", None)]
    assert rows(ReviewAnswer) == []


def test_each_save_is_a_version_and_saving_the_same_again_is_none():
    clinic, author = reviewed_clinic(), account()
    later = NOON + timedelta(minutes=5)
    saved(clinic, author, LEAST)

    same = saved(clinic, author, LEAST, seen=1, at=later)
    clicked_twice = saved(clinic, author, LEAST, seen=0, at=later)
    changed = saved(clinic, author, OTHER, seen=1, at=later)

    assert [each.version for each in (same, clicked_twice, changed)] == [1, 1, 2]
    assert [each.saved_at for each in (same, clicked_twice, changed)] == [NOON, NOON, later]


@pytest.mark.parametrize(("seen", "key"), [(0, "a key"), (2, "a key"), (0, "another key"), (1, "another key")])
def test_a_second_window_is_told_what_the_first_saved_and_nothing_is_lost(seen, key):
    clinic, author = reviewed_clinic(), account()
    saved(clinic, author, LEAST)

    with pytest.raises(Overtaken, match="in another window") as told_so:
        saved(clinic, author, OTHER, seen=seen, key=key)

    assert (typed(told_so.value.stored), told_so.value.stored.version) == (LEAST, 1)
    assert typed(opened(clinic, author).stored) == LEAST
    # and whoever is told may keep what they typed
    kept = saved(clinic, author, OTHER, seen=told_so.value.stored.version, key=told_so.value.stored.key)
    assert (typed(kept), kept.version) == (OTHER, 2)


def test_a_draft_that_was_thrown_away_elsewhere_is_not_begun_again_unasked():
    clinic, author = reviewed_clinic(), account()
    saved(clinic, author, LEAST)
    drafts.discard(clinic["public_id"], author, seen_version=1)

    with pytest.raises(Overtaken) as told_so:
        saved(clinic, author, OTHER, seen=1)

    assert (told_so.value.stored.version, rows(Review)) == (0, [])
    assert saved(clinic, author, OTHER).version == 1


def test_ten_windows_at_once_begin_one_draft_and_nine_are_told(app):
    clinic, author = reviewed_clinic(), account()
    forms = [LEAST | {f"{HOME}-note": f"Window {number}"} for number in range(10)]

    outcomes = at_once(
        app, *[lambda each=each: saved(clinic, author, each, key=each[f"{HOME}-note"]) for each in forms]
    )

    names = sorted(type(each).__name__ for each in outcomes)
    assert names == ["Overtaken"] * 9 + ["Stored"]
    (kept,) = [each for each in outcomes if not isinstance(each, Exception)]
    assert all(each.stored == kept for each in outcomes if isinstance(each, Overtaken))
    assert (len(rows(Review)), len(rows(ReviewDraft))) == (1, 1)


def test_two_people_have_two_drafts():
    clinic, (one, other) = reviewed_clinic(), accounts(2)

    saved(clinic, one, LEAST)
    saved(clinic, other, OTHER)

    assert typed(opened(clinic, one).stored) == LEAST
    assert typed(opened(clinic, other).stored) == OTHER


def test_a_draft_is_handed_in_as_the_review_that_it_was_begun_as():
    clinic, author = reviewed_clinic(), account()
    saved(clinic, author, LEAST)
    begun = rows(Review)[0].public_id

    review = handed_in(clinic, author, OTHER, seen=1)

    assert review == begun
    assert status_of(review) == ("submitted", AS_SUBMITTED)
    assert [(each.criterion, each.value, each.tier) for each in rows(ReviewAnswer)] == [(HOME, "yes", 1)]
    assert rows(ReviewDraft) == []
    assert [tie.kind for tie in rows(Tie)] == ["none"]
    assert opened(clinic, author).undecided == review
    assert_the_record_holds()


def test_a_form_that_was_never_saved_is_handed_in_as_well():
    clinic, author = reviewed_clinic(), account()

    review = handed_in(clinic, author, LEAST)

    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_ten_clicks_at_once_hand_one_draft_in(app):
    clinic, author = reviewed_clinic(), account()
    saved(clinic, author, LEAST)

    outcomes = at_once(app, *[lambda: handed_in(clinic, author, LEAST, seen=1)] * 10)

    assert outcomes == [rows(Review)[0].public_id] * 10
    assert (row_counts()["review"], row_counts()["answer"], row_counts()["decision"]) == (1, 1, 1)
    assert_the_record_holds()


def test_of_two_windows_with_different_answers_one_hands_in_and_the_other_is_told(app):
    clinic, author = reviewed_clinic(), account()

    outcomes = at_once(
        app, lambda: handed_in(clinic, author, LEAST, key="one"), lambda: handed_in(clinic, author, OTHER, key="two")
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["HandedIn", "str"]
    assert row_counts()["review"] == 1


@pytest.mark.parametrize("key", ["a key", "another key"])
@pytest.mark.parametrize(
    "different", [OTHER, LEAST | {"tie": "patient"}, LEAST | {f"{HOME}-note_seen": ""}, {}], ids=range(4)
)
def test_a_form_that_differs_from_what_was_handed_in_is_not_taken_for_it(different, key):
    clinic, author = reviewed_clinic(), account()
    review = handed_in(clinic, author, LEAST)

    assert handed_in(clinic, author, LEAST, key=key) == review
    with nothing_written(), pytest.raises(HandedIn, match="handed in or taken back") as told_so:
        handed_in(clinic, author, different, key=key)
    assert told_so.value.review == review
    with nothing_written(), pytest.raises(HandedIn):
        saved(clinic, author, LEAST, key=key)


def test_a_form_whose_review_was_decided_meanwhile_is_told_and_may_begin_anew():
    clinic, author = reviewed_clinic(), account()
    review = handed_in(clinic, author, LEAST)
    decided(review, declined())

    with pytest.raises(HandedIn):
        saved(clinic, author, OTHER)
    fresh = opened(clinic, author).stored
    stored = saved(clinic, author, OTHER, key=fresh.key, seen=fresh.version)

    assert (typed(fresh), typed(stored)) == ({}, OTHER)
    assert sorted(each.status for each in rows(Review)) == ["declined", "draft"]


def test_a_review_with_problems_is_not_handed_in_and_its_draft_is_kept():
    clinic, author = reviewed_clinic(), account()
    wrong = {f"{HOME}-value": "yes", f"{CURE}-quote": "It cures everything."}

    with pytest.raises(NotReady, match="whether you have a tie") as told_so:
        handed_in(clinic, author, wrong)

    assert set(told_so.value.problems) == {"tie", f"{HOME}-link", f"{CURE}-value"}
    assert (told_so.value.stored.version, typed(told_so.value.stored)) == (1, wrong)
    assert typed(opened(clinic, author).stored) == wrong
    assert rows(Review)[0].status == "draft"


@pytest.mark.parametrize("tie", ["owner", "employee", "former_employee", "competitor", "paid", "family", "litigation"])
def test_a_tie_that_bars_a_review_is_noted_and_the_draft_is_kept(tie):
    clinic, author = reviewed_clinic(), account()

    with pytest.raises(Forbidden, match="tie to this clinic"):
        handed_in(clinic, author, LEAST | {"tie": tie})

    assert [each.kind for each in rows(Tie)] == [tie]
    assert typed(opened(clinic, author).stored) == LEAST | {"tie": tie}
    assert rows(Review)[0].status == "draft"


def test_a_tie_that_is_told_of_after_the_review_was_handed_in_is_noted_as_well():
    clinic, author = reviewed_clinic(), account()
    handed_in(clinic, author, LEAST)

    with pytest.raises(HandedIn):
        handed_in(clinic, author, LEAST | {"tie": "owner"})

    assert [each.kind for each in rows(Tie)] == ["none", "owner"]


def test_a_sign_on_which_the_author_has_ruled_keeps_the_draft_from_being_handed_in():
    clinic, (author, other, one, two) = reviewed_clinic(), accounts(4)
    for by in (one, two):
        approved(clinic, by, {HOME: ("yes", link(on=REPLY_OVER))}, at=NOON - timedelta(days=DAYS_TO_REPLY))
    confirmed(clinic, HOME, author, other)

    with pytest.raises(Forbidden, match="ruled"):
        handed_in(clinic, author, LEAST)

    assert typed(opened(clinic, author).stored) == LEAST


def test_what_changes_were_asked_for_comes_back_with_the_reason_and_is_handed_in_again():
    clinic, author = reviewed_clinic(), account()
    review = handed_in(clinic, author, LEAST)
    decided(review, changes_requested())

    back = opened(clinic, author)
    again = handed_in(clinic, author, OTHER, key=back.stored.key)

    assert (typed(back.stored), back.stored.version) == ({n: t for n, t in LEAST.items() if n != "tie"}, 0)
    assert (back.asked.reason, back.asked.words) == (
        Reason.EVIDENCE_NOT_SUPPORTING, "Quote the sentence itself.",
    )  # fmt: skip
    assert (again, status_of(review)) == (review, ("submitted", AS_SUBMITTED + 2))
    assert len(rows(ReviewAnswer)) == 1
    assert opened(clinic, author).asked is None
    assert_the_record_holds()


def test_changes_are_saved_as_a_draft_beside_the_review_that_waits_for_them():
    clinic, author = reviewed_clinic(), account()
    review = handed_in(clinic, author, LEAST)
    decided(review, changes_requested())

    saved(clinic, author, OTHER)

    assert typed(opened(clinic, author).stored) == OTHER
    assert status_of(review) == ("changes_requested", AS_SUBMITTED + 1)
    drafts.discard(clinic["public_id"], author, seen_version=1)
    assert typed(opened(clinic, author).stored) == {n: t for n, t in LEAST.items() if n != "tie"}
    assert rows(ReviewAnswer)[0].value == "yes"


def test_a_window_opened_before_changes_were_asked_for_is_told():
    clinic, author = reviewed_clinic(), account()
    decided(handed_in(clinic, author, LEAST), changes_requested())

    with pytest.raises(Overtaken):
        saved(clinic, author, {"tie": "none"}, key="another key")


def test_a_review_after_an_approved_one_begins_with_what_was_approved():
    clinic, author = reviewed_clinic(), account()
    given = {HOME: ("yes", link()), CURE: ("no", *pages(days_ago(3))), "price_published": ("yes", document())}
    approved(clinic, author, given)

    form_again = opened(clinic, author)

    assert form_again.is_update
    expected = fields_of(
        GivenAnswer(criterion=slug, value=Value(value), evidence=tuple(evidence))
        for slug, (value, *evidence) in given.items()
    )
    assert form_again.stored.fields == expected
    assert f"{HOME}-link" in expected
    assert "price_published-value" not in expected


def test_of_several_approved_reviews_the_last_one_is_begun_with():
    clinic, author = reviewed_clinic(), account()
    for value in ("yes", "no"):
        approved(clinic, author, {HOME: (value, told())})

    assert opened(clinic, author).stored.fields[f"{HOME}-value"] == "no"


def test_a_draft_of_an_older_checklist_keeps_everything_and_says_what_changed():
    clinic, author = reviewed_clinic(), account()
    before = LEAST | {"no_detailed_history-value": "unknown"}
    saved(clinic, author, before)

    moved = opened(clinic, author, checklist=NEXT)
    fields = {name: text for name, text in typed(moved.stored).items() if not name.startswith(HOME)}
    stored = saved(clinic, author, fields | {"brand_new-value": "no"}, checklist=NEXT, seen=1)

    assert typed(moved.stored) == before
    assert [each.slug for each in moved.changed.new] == ["brand_new"]
    assert [each.slug for each in moved.changed.reworded] == ["no_detailed_history"]
    assert [each.slug for each in moved.changed.gone] == [HOME]
    assert typed(stored) == before | {"brand_new-value": "no"}
    assert not opened(clinic, author, checklist=NEXT).changed


def test_an_update_says_what_changed_since_the_approved_review():
    clinic, author = reviewed_clinic(), account()
    approved(clinic, author, {HOME: ("yes", link()), CURE: ("yes", link())})

    moved = opened(clinic, author, checklist=NEXT)

    assert [each.slug for each in moved.changed.gone] == [HOME]
    assert {name.partition("-")[0] for name in moved.stored.fields} == {CURE}


def test_what_changes_were_asked_for_stays_with_the_checklist_that_it_answers():
    clinic, author = reviewed_clinic(), account()
    decided(handed_in(clinic, author, LEAST), changes_requested())

    assert opened(clinic, author, checklist=NEXT).checklist.version == SHIPPED.version


def test_a_draft_moves_to_the_checklist_that_it_is_handed_in_for():
    clinic, author = reviewed_clinic(), account()

    with nothing_written(), taken_back() as session:
        begun = reviews.begin(session, begun_with_an_older_checklist(session, clinic, author))
        handed = reviews.submit(submission(clinic, {HOME: ("yes", told())}, key="a key"), author_id=author, at=NOON)

        (moved,) = session.scalars(select(Review))
        assert (handed, moved.public_id) == (begun.public_id, begun.public_id)
        assert (moved.checklist_version, moved.status, moved.idempotency_key) == ("2026.1", "submitted", "a key")


def test_a_review_that_was_handed_in_before_answers_its_own_checklist():
    clinic, author = reviewed_clinic(), account()

    with nothing_written(), taken_back() as session:
        begun = begun_with_an_older_checklist(session, clinic, author)
        begun.submitted_at = NOON
        reviews.begin(session, begun)
        for action in (Action.SUBMIT, Action.REQUEST_CHANGES):
            access.declare(session, TieKind.NONE, author, begun.clinic_id, at=NOON)
            by = author if action is Action.SUBMIT else account_in(session)
            moderation.move(session, begun, Act(action=action, actor_id=by, at=NOON, **WHY))
            session.refresh(begun)

        with pytest.raises(InvalidParameter, match="another version of the checklist"):
            reviews.submit(submission(clinic, {HOME: ("yes", told())}, key="a key"), author_id=author, at=NOON)


def test_what_is_longer_than_a_draft_can_be_is_refused_and_what_was_saved_stays():
    clinic, author = reviewed_clinic(), account()
    saved(clinic, author, LEAST)

    with pytest.raises(InvalidParameter, match="more than a draft can hold"):
        saved(clinic, author, LEAST | {f"{CURE}-note": "x" * 1_000_000}, seen=1)

    assert typed(opened(clinic, author).stored) == LEAST


@pytest.mark.parametrize("key", ["", "x" * 65, "a\0b"])
@pytest.mark.parametrize("act", [saved, handed_in])
def test_a_form_without_a_key_of_its_own_is_not_taken(act, key):
    clinic, author = reviewed_clinic(), account()

    with nothing_written(), pytest.raises(InvalidParameter, match="not whole") as refusal:
        act(clinic, author, LEAST, key=key)

    assert refusal.value.field == "key"


@pytest.mark.parametrize("act", [saved, handed_in])
def test_a_key_belongs_to_one_clinic(act):
    (clinic, other), author = (reviewed_clinic(), reviewed_clinic()), account()
    saved(clinic, author, LEAST)

    with nothing_written(), pytest.raises(InvalidParameter, match="not whole"):
        act(other, author, LEAST)


def test_the_same_answers_under_another_key_are_handed_in_as_the_draft_that_they_are():
    clinic, author = reviewed_clinic(), account()
    saved(clinic, author, LEAST)

    review = handed_in(clinic, author, LEAST, key="another key")

    assert [(each.public_id, each.idempotency_key) for each in rows(Review)] == [(review, "a key")]


@pytest.mark.parametrize("public_id", ["nowhere", "no\0where", ""])
def test_there_is_no_form_about_a_clinic_that_is_not_listed(public_id):
    nowhere, author = {"public_id": public_id}, account()

    for act in (
        lambda: opened(nowhere, author),
        lambda: saved(nowhere, author, LEAST),
        lambda: handed_in(nowhere, author, LEAST),
        lambda: drafts.discard(public_id, author, seen_version=1),
        lambda: review_forms.about(public_id),
    ):
        with nothing_written(), pytest.raises(NotFound):
            act()


def test_there_is_no_form_about_a_clinic_that_is_not_public():
    with pytest.raises(NotFound):
        opened(add_clinic(status="proposed"), account())


def test_a_clinic_without_a_website_has_no_pages_of_its_own():
    clinic = add_clinic()

    assert review_forms.about(clinic["public_id"]).hosts.own == ""


def test_only_what_was_seen_is_thrown_away():
    clinic, author = reviewed_clinic(), account()
    saved(clinic, author, LEAST)

    with pytest.raises(Overtaken) as told_so:
        drafts.discard(clinic["public_id"], author, seen_version=2)

    assert (typed(told_so.value.stored), typed(opened(clinic, author).stored)) == (LEAST, LEAST)
    drafts.discard(clinic["public_id"], author, seen_version=1)
    assert (rows(Review), rows(ReviewDraft)) == ([], [])


def test_nothing_but_a_draft_is_thrown_away():
    (clinic, without), author = (reviewed_clinic(), reviewed_clinic()), account()
    review = handed_in(clinic, author, LEAST)

    with nothing_written():
        drafts.discard(clinic["public_id"], author, seen_version=0)
        drafts.discard(without["public_id"], author, seen_version=0)

    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_drafts_that_nobody_touched_for_ninety_days_are_deleted():
    (old, new, asked, withdrawn), author = (reviewed_clinic() for _ in range(4)), account()
    decided(handed_in(asked, author, LEAST, key="asked"), changes_requested())
    for clinic, days in ((old, 91), (asked, 91), (withdrawn, 91), (new, 90)):
        saved(clinic, author, OTHER, key=clinic["public_id"] if clinic is not asked else "asked",
              at=NOON - timedelta(days=days))  # fmt: skip
    taken_back_by_author(withdrawn, author)

    deleted = drafts.expire(at=NOON)

    assert (deleted, drafts.expire(at=NOON)) == (3, 0)
    assert typed(opened(old, author).stored) == {}
    assert typed(opened(new, author).stored) == OTHER
    assert typed(opened(asked, author).stored) == {n: t for n, t in LEAST.items() if n != "tie"}
    assert sorted(each.status for each in rows(Review)) == ["changes_requested", "draft", "withdrawn"]
    assert_the_record_holds()


def taken_back_by_author(clinic, author):
    (review,) = rows(Review, Review.idempotency_key == clinic["public_id"])
    reviews.withdraw(review.public_id, author_id=author, seen_version=1, at=NOON)


@contextmanager
def taken_back():
    """Yield the session of a turn that is taken back whole: a version of the checklist, once written, stays."""

    class Undone(Exception):
        pass

    with suppress(Undone), audit.turn() as session:
        yield session
        raise Undone


def begun_with_an_older_checklist(session, clinic, author):
    session.add(ChecklistVersion(version="2025.1", published_on=date(2025, 1, 1), sha256="0" * 64))
    session.flush()
    clinic_id = session.scalar(select(Clinic.id).where(Clinic.public_id == clinic["public_id"]))
    return Review(author_id=author, clinic_id=clinic_id, checklist_version="2025.1", idempotency_key="a key")


def account_in(session):
    moderator = Account(roles=[AccountRole(name=Role.MODERATOR)])
    session.add(moderator)
    session.flush()
    return moderator.id
