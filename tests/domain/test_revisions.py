import pytest

from directory.domain.errors import InvalidParameter, InvalidTransition
from directory.domain.profile import ListingStatus
from directory.domain.revisions import (
    BY_DECISION,
    BY_TWO,
    DECLINING,
    LISTING_TRANSITIONS,
    OPEN_REVISIONS,
    UNLISTED,
    WAITING,
    ListingAction,
    ListingReason,
    RevisionKind,
    RevisionStatus,
    can_be_suggested,
    check_listing_reason,
    entered,
    relisted,
    revised,
)

SUBMITTED, ONCE, CHANGES, APPROVED, DECLINED, WITHDRAWN = RevisionStatus
_DECIDED = {
    ListingAction.WITHDRAW: WITHDRAWN,
    ListingAction.REQUEST_CHANGES: CHANGES,
    ListingAction.DECLINE: DECLINED,
}
#: Of what one person approves, and of what takes two.
BY_ONE = {
    None: {ListingAction.SUBMIT: SUBMITTED},
    SUBMITTED: _DECIDED | {ListingAction.APPROVE: APPROVED},
    ONCE: _DECIDED | {ListingAction.APPROVE: APPROVED},
    CHANGES: {ListingAction.SUBMIT: SUBMITTED, ListingAction.WITHDRAW: WITHDRAWN},
}
GRIDS = {
    kind: BY_ONE | ({SUBMITTED: _DECIDED | {ListingAction.APPROVE_ONCE: ONCE}} if kind is RevisionKind.MERGE else {})
    for kind in RevisionKind
}
#: What becomes of a listing when something about it is approved; nothing else can be.
LISTINGS = {
    ("proposed", "new"): "published",
    ("published", "edit"): "published",
    ("published", "move"): "published",
    ("published", "close"): "closed",
    ("published", "merge"): "merged",
    ("closed", "reopen"): "published",
    ("closed", "merge"): "merged",
}


@pytest.mark.parametrize("action", ListingAction)
@pytest.mark.parametrize("status", [None, *RevisionStatus])
@pytest.mark.parametrize("kind", RevisionKind)
def test_a_suggestion_goes_only_where_the_grid_leads(kind, status, action):
    leads_to = GRIDS[kind].get(status, {}).get(action)

    if leads_to:
        assert revised(kind, status, action) is leads_to
    else:
        with pytest.raises(InvalidTransition, match="cannot be done with the suggestion as it stands now"):
            revised(kind, status, action)


@pytest.mark.parametrize("kind", RevisionKind)
@pytest.mark.parametrize("status", ListingStatus)
def test_a_listing_goes_only_where_the_grid_leads(status, kind):
    leads_to = LISTINGS.get((status, kind))

    if leads_to:
        assert relisted(status, kind) == leads_to
    else:
        with pytest.raises(InvalidTransition, match="The listing is not what it was"):
            relisted(status, kind)
    assert can_be_suggested(status, kind) == (leads_to is not None and kind is not RevisionKind.NEW)


@pytest.mark.parametrize("kind", RevisionKind)
def test_the_first_of_two_who_approve_is_entered_as_the_first(kind):
    first = ListingAction.APPROVE_ONCE if kind is RevisionKind.MERGE else ListingAction.APPROVE

    assert entered(kind, SUBMITTED, ListingAction.APPROVE) is first
    assert entered(kind, ONCE, ListingAction.APPROVE) is ListingAction.APPROVE
    assert entered(kind, SUBMITTED, ListingAction.DECLINE) is ListingAction.DECLINE


def test_two_listings_alone_take_two_people():
    assert BY_TWO == (RevisionKind.MERGE,)


@pytest.mark.parametrize("status", RevisionStatus)
def test_each_status_says_whether_it_waits_and_whether_it_is_open(status):
    assert (status in WAITING) == (status in {SUBMITTED, ONCE})
    assert (status in OPEN_REVISIONS) == (status in {SUBMITTED, ONCE, CHANGES})


@pytest.mark.parametrize("kind", RevisionKind)
def test_each_kind_says_whether_it_states_facts(kind):
    assert kind.states_facts == (kind in {RevisionKind.NEW, RevisionKind.EDIT, RevisionKind.MOVE})
    assert kind.label


@pytest.mark.parametrize("status", ListingStatus)
def test_only_a_decision_merges_hides_or_leaves_out(status):
    assert (status in BY_DECISION) == (status in {"merged", "hidden", "declined", "withdrawn"})
    assert set(UNLISTED.values()) | {after for after in LISTING_TRANSITIONS.values() if after == "merged"} <= set(
        BY_DECISION
    )


@pytest.mark.parametrize("action", ListingAction)
def test_a_decision_against_something_has_a_reason_and_words(action):
    for code, words in ((None, "Words."), (ListingReason.NO_SOURCE, " \n")):
        if action in {ListingAction.REQUEST_CHANGES, ListingAction.DECLINE, ListingAction.HIDE}:
            with pytest.raises(InvalidParameter, match="Choose a reason") as refused:
                check_listing_reason(action, code, words)
            assert refused.value.field == "reason"
        else:
            check_listing_reason(action, code, words)
    check_listing_reason(action, ListingReason.NO_SOURCE, "x" * 1000)


@pytest.mark.parametrize("words", ["x" * 1001, "A bell\a rings."])
def test_words_that_cannot_be_kept_are_refused(words):
    with pytest.raises(InvalidParameter):
        check_listing_reason(ListingAction.APPROVE, None, words)


@pytest.mark.parametrize("reason", ListingReason)
def test_a_moderator_declines_for_every_reason_but_a_legal_one(reason):
    assert (reason in DECLINING) == (reason is not ListingReason.LEGAL_REQUEST)
    assert reason.label
