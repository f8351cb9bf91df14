"""Guards of merged listings: what bars somebody at one listing of a clinic bars them at every other of it.

Each stands beside the guard of its name without "_by_merging", which knows one listing alone and is older than merging.
"""

from directory.domain.moderation import AUTHORS_OWN, DECISIONS, STOOD_BY
from directory.models.conditions import (
    IS_CLAIMED,
    OWN_RULING,
    OWN_WORK,
    TIED,
    held_by_merging,
    is_author,
    is_tied_by_merging,
    merged_with,
    voice,
    words,
)
from directory.models.guards import Guard

_OF_OTHERS = f"NEW.action NOT IN ({words(AUTHORS_OWN)})"
_CLINIC_OF_ANSWER = (
    "(SELECT r.clinic_id FROM review AS r JOIN answer AS a ON a.review_id = r.id WHERE a.id = NEW.answer_id)"
)
_OF_THE_SIGN = (
    f"JOIN answer AS a ON a.review_id = r.id WHERE r.clinic_id IN {merged_with('NEW.clinic_id')}"
    f" AND a.criterion = NEW.criterion AND r.status IN ({words(STOOD_BY)}) AND a.value IN ('yes', 'no')"
)
_RULED_BY_THE_AUTHOR = (
    f"EXISTS (SELECT 1 FROM review AS r JOIN ruling AS g ON g.clinic_id IN {merged_with('r.clinic_id')}"  # nosec B608
    f" WHERE r.id = NEW.review_id AND g.criterion = NEW.criterion AND {voice('g.by_id')} = {voice('r.author_id')})"
)


def _tied(name: str, table: str, event: str, condition: str, message: str = TIED) -> Guard:
    return Guard(f"{name}_by_merging", table, event, condition, message)


ON_MERGED: tuple[Guard, ...] = (
    _tied(
        "review_claim_tied", "review", "UPDATE",
        f"{IS_CLAIMED} AND {is_tied_by_merging('NEW.claimed_by_id', 'NEW.clinic_id', '$claimed')}",
        "nobody claims a review of a clinic to which they have a tie",
    ),
    _tied(
        "decision_tied", "decision", "INSERT",
        f"{_OF_OTHERS} AND {is_tied_by_merging('NEW.actor_id', 'NEW.clinic_id', '$day')}",
    ),
    _tied("ruling_tied", "ruling", "INSERT", is_tied_by_merging("NEW.by_id", "NEW.clinic_id", "$day")),
    _tied("notice_tied", "notice", "INSERT", is_tied_by_merging("NEW.by_id", "NEW.clinic_id", "$day")),
    _tied("recheck_tied", "recheck", "INSERT", is_tied_by_merging("NEW.by_id", _CLINIC_OF_ANSWER, "$day")),
    _tied("hold_tied", "hold", "INSERT", is_tied_by_merging("NEW.by_id", "NEW.clinic_id", "$began")),
    _tied("hold_end_tied", "hold", "UPDATE", is_tied_by_merging("NEW.ended_by_id", "NEW.clinic_id", "$ended")),
    Guard(
        "hold_one_at_a_time_by_merging", "hold", "INSERT", held_by_merging("NEW.clinic_id", "$began"),
        "this clinic is held already",
    ),
    Guard(
        "decision_while_held_by_merging", "decision", "INSERT",
        f"NEW.action IN ({words(DECISIONS)}) AND {held_by_merging('NEW.clinic_id', '$day')}",
        "reviews of this clinic are held",
    ),
    Guard("ruling_own_work_by_merging", "ruling", "INSERT", is_author("NEW.by_id", _OF_THE_SIGN), OWN_WORK),
    *[
        Guard(
            f"answer_own_ruling_by_merging_{event.lower()}", "answer", event,
            f"NEW.value IN ('yes', 'no') AND {_RULED_BY_THE_AUTHOR}", OWN_RULING,
        )
        for event in ("INSERT", "UPDATE")
    ],
    Guard(
        "ruling_two_people_by_merging", "ruling", "INSERT",
        f"EXISTS (SELECT 1 FROM ruling AS g WHERE g.clinic_id IN {merged_with('NEW.clinic_id')}"  # nosec B608
        " AND g.criterion = NEW.criterion AND g.kind = NEW.kind AND g.in_force_on = NEW.in_force_on"
        f" AND {voice('g.by_id')} = {voice('NEW.by_id')})",
        "two accounts of one person are one person",
    ),
)  # fmt: skip
