"""What comes of it when several send the same form to a served application at once."""

import pytest

from directory.models import AuditEntry, Clinic, Decision, ListingDecision, Review, Revision
from directory.models.base import now
from tests.support import listings
from tests.support.accounts import fields
from tests.support.engines import ON_EACH_ENGINE
from tests.support.proposals import CLINIC, PROPOSE, SAID, held
from tests.support.racing import raced
from tests.support.review_forms import LEAST, address, filled
from tests.support.reviews import AS_SUBMITTED, WHY, account, accounts, link, reviewed_clinic, submitted
from tests.support.signed_in import signed_in
from tests.support.tables import rows

pytestmark = [ON_EACH_ENGINE, pytest.mark.security(29)]

ROUNDS, CLICKS = 3, 10
TYPED = {
    "approve": {"action": "approve", "at_home_use_offered-outcome": "accepted"},
    "decline": {"action": "decline", "reason": WHY["reason"].value, "words": WHY["words"]},
}
#: Before, and while, the second of two takes their turn.
TOLD = ("This suggestion has changed since you opened it.", "Somebody decided this while you were looking at it.")
STATUS = {"approve": "approved", "decline": "declined"}


def test_of_two_who_decide_a_review_at_once_one_is_told_and_it_is_entered_once(app):
    people = [signed_in(app, by) for by in accounts(2)]
    for _ in range(ROUNDS):
        mailed = {"at_home_use_offered": ("yes", link(on=now().date()))}
        review = submitted(reviewed_clinic(), account(), mailed, at=now())
        path, before = f"/moderation/reviews/{review}", len(rows(AuditEntry))

        answers = raced(app, *[
            (client, path, fields(client.get(path)) | {"version": AS_SUBMITTED} | TYPED[action])
            for client, action in zip(people, TYPED, strict=True)
        ])  # fmt: skip

        assert sorted(answer.status for answer in answers) == [303, 409]
        lost = next(answer for answer in answers if answer.status == 409)
        assert "This review has changed since you opened it." in lost.text
        (stored,) = rows(Review, Review.public_id == review)
        (decision,) = rows(Decision, Decision.review_id == stored.id, Decision.action != "submit")
        won = list(TYPED)[[answer.status for answer in answers].index(303)]
        assert (decision.action, stored.status, stored.version) == (won, STATUS[won], AS_SUBMITTED + 1)
        assert len(rows(AuditEntry)) == before + 1


def test_of_two_who_decide_a_suggestion_at_once_one_is_told_and_it_is_entered_once(app):
    people = [signed_in(app, by) for by in accounts(2)]
    typed = {"approve": {"action": "approve"}, "decline": {"action": "decline", "reason": "no_source", "words": "No."}}
    for number in range(ROUNDS):
        revision = listings.suggested(reviewed_clinic(), phone=f"+1314555010{number}", at=now())
        path, before = f"/moderation/listings/{revision}", len(rows(AuditEntry))

        answers = raced(app, *[
            (client, path, fields(client.get(path)) | {"version": 1} | typed[action])
            for client, action in zip(people, typed, strict=True)
        ])  # fmt: skip

        assert sorted(answer.status for answer in answers) == [303, 409]
        lost = next(answer for answer in answers if answer.status == 409)
        assert any(said in lost.text for said in TOLD)
        (stored,) = rows(Revision, Revision.public_id == revision)
        (decision,) = rows(
            ListingDecision, ListingDecision.revision_id == stored.id, ListingDecision.action != "submit"
        )
        won = list(typed)[[answer.status for answer in answers].index(303)]
        assert (decision.action, stored.status, stored.version) == (won, STATUS[won], 2)
        assert len(rows(AuditEntry)) == before + 1


def test_ten_equal_reviews_at_once_are_one(app):
    clinic, client = reviewed_clinic(), signed_in(app, account(role=None))
    typed = filled(client.get(address(clinic))) | LEAST | {"do": "submit"}

    answers = raced(app, *[(client, address(clinic), typed)] * CLICKS)

    (review,) = rows(Review)
    assert [(answer.status, answer.location) for answer in answers] == [(303, f"/reviews/{review.public_id}")] * CLICKS
    assert len(rows(Decision)) == len(rows(AuditEntry)) == 1


def test_ten_equal_proposals_at_once_are_one(app):
    client = signed_in(app, account(role=None))
    typed = held(client.get(PROPOSE)) | CLINIC | SAID

    answers = raced(app, *[(client, PROPOSE, typed)] * CLICKS)

    (revision,) = rows(Revision)
    assert {(answer.status, answer.location) for answer in answers} == {(303, f"/suggestions/{revision.public_id}")}
    assert len(rows(Clinic)) == len(rows(ListingDecision)) == len(rows(AuditEntry)) == 1
