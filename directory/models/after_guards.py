"""Guards of later steps: made void by two, withdrawn as wished, lapsed in time, confirmed after telling the clinic."""

from directory.domain.moderation import COUNTING, DAYS_TO_CHANGE, PEOPLE_TO_VOID, Action
from directory.models.conditions import TIED, is_author, is_tied, is_tied_by_merging, never_swept_away, voice, words
from directory.models.guards import EmptyingGuard, Guard

_WISH_STAYS = "a wish is ended once, and nothing else of it is changed"
_OF_ITS_REVIEW = "WHERE r.id = NEW.review_id"
_CLINIC = "(SELECT clinic_id FROM review WHERE id = NEW.review_id)"
_AUTHOR = "(SELECT author_id FROM review WHERE id = NEW.review_id)"
_DOES_NOT_COUNT = f"(SELECT status FROM review WHERE id = NEW.review_id) NOT IN ({words(COUNTING)})"  # nosec B608
#: How many people voted, none of whom speaks with the author.
_VOICES = (
    "(SELECT count(DISTINCT COALESCE(a.linked_to_id, a.id)) FROM void_vote AS v JOIN account AS a"  # nosec B608
    f" ON a.id = v.by_id WHERE v.review_id = NEW.review_id AND COALESCE(a.linked_to_id, a.id) <> {voice(_AUTHOR)})"
)

ON_WHAT_COMES_AFTER: tuple[Guard | EmptyingGuard, ...] = (
    Guard(
        "void_vote_own_work", "void_vote", "INSERT", is_author("NEW.by_id", _OF_ITS_REVIEW),
        "nobody votes on their own work",
    ),
    Guard(
        "void_vote_tied", "void_vote", "INSERT",
        f"{is_tied('NEW.by_id', _CLINIC, '$day')} OR {is_tied_by_merging('NEW.by_id', _CLINIC, '$day')}",
        TIED,
    ),
    Guard(
        "void_vote_one_voice", "void_vote", "INSERT",
        "EXISTS (SELECT 1 FROM void_vote AS v WHERE v.review_id = NEW.review_id"  # nosec B608
        f" AND {voice('v.by_id')} = {voice('NEW.by_id')})",
        "one person has one vote",
    ),
    Guard("void_vote_on_what_counts", "void_vote", "INSERT", _DOES_NOT_COUNT, "only what was approved is made void"),
    Guard(
        "decision_void_by_two", "decision", "INSERT",
        f"NEW.action = '{Action.VOID}' AND ({_VOICES} < {PEOPLE_TO_VOID} OR NOT EXISTS"  # nosec B608
        " (SELECT 1 FROM void_vote AS v WHERE v.review_id = NEW.review_id AND v.by_id = NEW.actor_id))",
        "a review is made void by the votes of two people",
    ),
    Guard(
        "wish_of_the_author", "wish", "INSERT",
        f"NOT EXISTS (SELECT 1 FROM review AS r {_OF_ITS_REVIEW} AND r.author_id = NEW.by_id)",  # nosec B608
        "only the author wishes a review back",
    ),
    Guard("wish_on_what_counts", "wish", "INSERT", _DOES_NOT_COUNT, "only what was approved is wished back"),
    Guard(
        "wish_ends_once", "wish", "UPDATE",
        "OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR OLD.id <> NEW.id OR OLD.review_id <> NEW.review_id"
        " OR OLD.by_id <> NEW.by_id OR OLD.words <> NEW.words OR OLD.at <> NEW.at",
        _WISH_STAYS,
    ),
    Guard("wish_no_delete", "wish", "DELETE", "TRUE", _WISH_STAYS),
    *never_swept_away(
        "wish", _WISH_STAYS, "id = NEW.id", "review_id = NEW.review_id AND ended_at IS NULL AND NEW.ended_at IS NULL"
    ),
    Guard(
        "decision_as_wished", "decision", "INSERT",
        f"NEW.action = '{Action.WITHDRAW_AFTER}' AND NOT EXISTS"  # nosec B608
        " (SELECT 1 FROM wish AS w WHERE w.review_id = NEW.review_id AND w.ended_at IS NULL)",
        "an approved review is taken back as its author wishes",
    ),
    Guard(
        "decision_lapse_in_time", "decision", "INSERT",
        f"NEW.action = '{Action.LAPSE}' AND NOT EXISTS"  # nosec B608
        " (SELECT 1 FROM decision AS d WHERE d.review_id = NEW.review_id AND d.seen_version = NEW.seen_version - 1"
        f" AND d.action = '{Action.REQUEST_CHANGES}' AND $day_of_d <= $changed_until)",
        f"a review lapses {DAYS_TO_CHANGE} days after its author was asked for changes",
    ),
    Guard(
        "ruling_after_notice", "ruling", "INSERT",
        "NEW.kind = 'confirm' AND NOT EXISTS (SELECT 1 FROM notice AS n WHERE n.id = NEW.notice_id"
        " AND n.clinic_id = NEW.clinic_id AND n.criterion = NEW.criterion AND n.told_on = NEW.told_on)",
        "a confirmation names the notice by which the clinic was told",
    ),
)  # fmt: skip
