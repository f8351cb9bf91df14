"""Guards of holds: one at a time, for at most two weeks, by nobody with a tie, and never undone."""

from directory.domain.abuse import LONGEST_HOLD
from directory.models.conditions import TIED, held, is_tied, never_swept_away
from directory.models.guards import EmptyingGuard, Guard

_HOLD_STAYS = "a hold is ended once, and nothing else of it is changed"

ON_HOLDS: tuple[Guard | EmptyingGuard, ...] = (
    Guard(
        "hold_of_its_days", "hold", "INSERT", "NEW.until <= $began OR NEW.until > $longest",
        f"a hold lasts from one day to {LONGEST_HOLD}",
    ),
    Guard("hold_one_at_a_time", "hold", "INSERT", held("NEW.clinic_id", "$began"), "this clinic is held already"),
    Guard("hold_tied", "hold", "INSERT", is_tied("NEW.by_id", "NEW.clinic_id", "$began"), TIED),
    Guard("hold_end_tied", "hold", "UPDATE", is_tied("NEW.ended_by_id", "NEW.clinic_id", "$ended"), TIED),
    Guard(
        "hold_ends_once", "hold", "UPDATE",
        "OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR OLD.id <> NEW.id OR OLD.clinic_id <> NEW.clinic_id"
        " OR OLD.began_at <> NEW.began_at OR OLD.until <> NEW.until OR OLD.why <> NEW.why OR OLD.words <> NEW.words"
        " OR COALESCE(OLD.by_id, 0) <> COALESCE(NEW.by_id, 0)",
        _HOLD_STAYS,
    ),
    Guard("hold_no_delete", "hold", "DELETE", "TRUE", _HOLD_STAYS),
    *never_swept_away("hold", _HOLD_STAYS, "id = NEW.id"),
)  # fmt: skip
