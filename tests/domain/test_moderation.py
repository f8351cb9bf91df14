import pytest

from directory.domain.errors import InvalidParameter, InvalidTransition
from directory.domain.moderation import (
    AUTHORS_OWN,
    COUNTING,
    DECISIONS,
    OPEN,
    WRITABLE,
    Action,
    Outcome,
    Reason,
    ReviewStatus,
    after,
    check_reason,
)

DRAFT, SUBMITTED, CHANGES, APPROVED, DECLINED, WITHDRAWN, SUPERSEDED, WITHDRAWN_AFTER, VOIDED = ReviewStatus
GRID = {
    # the author hands a draft in, and again after changes were asked for
    DRAFT: {Action.SUBMIT: SUBMITTED, Action.WITHDRAW: WITHDRAWN},
    CHANGES: {Action.SUBMIT: SUBMITTED, Action.WITHDRAW: WITHDRAWN, Action.LAPSE: WITHDRAWN},
    # what was handed in is decided by a moderator, or taken back by its author
    SUBMITTED: {
        Action.WITHDRAW: WITHDRAWN,
        Action.APPROVE: APPROVED,
        Action.REQUEST_CHANGES: CHANGES,
        Action.DECLINE: DECLINED,
    },
    # an approved review is replaced, taken back as its author wishes, or made void; a replaced one too
    APPROVED: {Action.SUPERSEDE: SUPERSEDED, Action.WITHDRAW_AFTER: WITHDRAWN_AFTER, Action.VOID: VOIDED},
    SUPERSEDED: {Action.WITHDRAW_AFTER: WITHDRAWN_AFTER, Action.VOID: VOIDED},
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", ReviewStatus)
def test_a_review_goes_only_where_the_grid_leads(status, action):
    leads_to = GRID.get(status, {}).get(action)

    if leads_to:
        assert after(status, action) is leads_to
    else:
        with pytest.raises(InvalidTransition, match="cannot be done with the review as it stands now"):
            after(status, action)


@pytest.mark.parametrize("status", ReviewStatus)
def test_each_status_says_whether_it_counts_is_open_and_is_being_written(status):
    assert (status in COUNTING) == (status in {APPROVED, SUPERSEDED})
    assert (status in OPEN) == (status in {DRAFT, SUBMITTED, CHANGES})
    assert (status in WRITABLE) == (status in {DRAFT, CHANGES})


@pytest.mark.parametrize("action", Action)
def test_each_action_is_the_authors_or_a_moderators(action):
    assert (action in AUTHORS_OWN) == (action in {Action.SUBMIT, Action.WITHDRAW, Action.LAPSE})
    assert (action in DECISIONS) == (action in {Action.APPROVE, Action.REQUEST_CHANGES, Action.DECLINE})


@pytest.mark.parametrize("decision", [*Action, *Outcome])
@pytest.mark.parametrize(
    ("code", "text", "is_reason", "has_words"),
    [
        (Reason.ABUSIVE, "Say it without the insult.", True, True),
        (Reason.ABUSIVE, "", False, False),
        (Reason.ABUSIVE, " \n", False, False),
        (None, "Say it without the insult.", False, True),
        (None, "", False, False),
    ],
)
def test_whoever_does_not_accept_gives_a_reason_and_whoever_rules_a_sign_mended_tells_how(
    decision, code, text, is_reason, has_words
):
    needs_reason = decision in {Action.DECLINE, Action.REQUEST_CHANGES, Action.VOID, Outcome.TESTIMONY, Outcome.DROPPED}
    is_enough = has_words if decision is Action.REMEDY else is_reason or not needs_reason

    if is_enough:
        check_reason(decision, code, text)
    else:
        remedy = "what the clinic mended" if decision is Action.REMEDY else "Choose a reason"
        with pytest.raises(InvalidParameter, match=remedy) as refusal:
            check_reason(decision, code, text)
        assert refusal.value.field == "reason"


@pytest.mark.parametrize("decision", [Action.APPROVE, Action.REMEDY, Action.DECLINE, Outcome.ACCEPTED])
@pytest.mark.parametrize("text", ["a\0b", "half a character: \ud83c", "\x1b[2J"])
def test_a_reason_is_plain_text(decision, text):
    with pytest.raises(InvalidParameter, match="as plain text") as refusal:
        check_reason(decision, Reason.DUPLICATE, text)

    assert refusal.value.field == "reason"


@pytest.mark.parametrize("decision", [Action.APPROVE, Action.REMEDY, Action.DECLINE, Outcome.ACCEPTED])
def test_a_reason_has_at_most_a_thousand_characters(decision):
    check_reason(decision, Reason.DUPLICATE, "x" * 1000)

    with pytest.raises(InvalidParameter, match="Shorten the reason to 1,000 characters") as refusal:
        check_reason(decision, Reason.DUPLICATE, "x" * 1001, field="answers.cure_all_claims")

    assert refusal.value.field == "answers.cure_all_claims"


def test_each_reason_has_its_own_words_for_people():
    labels = {reason.label for reason in Reason}

    assert len(labels) == len(Reason)
    assert Reason.ABUSIVE.label == "It insults or threatens"
