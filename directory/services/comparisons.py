"""Sets two to four clinics side by side, in the order in which somebody named them and in no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from directory.domain.geo import Point
from directory.domain.nearby import Wishes
from directory.domain.places import at_point
from directory.services import profiles, search
from directory.services.profiles import ClinicProfile
from directory.services.search import NearbyClinic

FEWEST, MOST = 2, 4
#: So many ids of an address are looked at; who names more is told of these.
MOST_LOOKED_AT = 12
#: From how far, and how many, other clinics are offered beside one.
_OFFERED_MILES, _OFFERED = 50, 6


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Clinics side by side. `left_over` are those that were named beyond the fourth, `closed` those that have closed.

    `joined` are clinics that stand for a merged listing; `missing` counts the ids of which nothing is shown.
    """

    clinics: Sequence[ClinicProfile]
    left_over: Sequence[ClinicProfile]
    closed: Sequence[ClinicProfile]
    joined: Sequence[ClinicProfile]
    missing: int

    @property
    def is_comparison(self) -> bool:
        """Whether there are enough clinics to compare."""
        return len(self.clinics) >= FEWEST

    @property
    def has_room(self) -> bool:
        """Whether another clinic fits."""
        return len(self.clinics) < MOST


def side_by_side(public_ids: Sequence[str], *, as_of: date) -> Comparison:
    """Return the published ones among clinics, each once, as of a day; seven statements at the most."""
    asked = list(dict.fromkeys(public_ids))[:MOST_LOOKED_AT]
    found = profiles.several(asked, as_of=as_of)
    each_once = {clinic.public_id: clinic for clinic in (found[one] for one in asked if one in found)}.values()
    open_ones = [clinic for clinic in each_once if not clinic.is_closed]
    return Comparison(
        clinics=open_ones[:MOST],
        left_over=open_ones[MOST:],
        closed=[clinic for clinic in each_once if clinic.is_closed],
        joined=[clinic for one, clinic in found.items() if one != clinic.public_id],
        missing=len(asked) - len(found),
    )


def offered(comparison: Comparison) -> list[NearbyClinic]:
    """Return the clinics nearest to the first one that could be added, at most six, the nearest first.

    Empty where there is no room, or where the first is not on the map.
    """
    first = comparison.clinics[0] if comparison.clinics else None
    if first is None or not comparison.has_room or first.latitude is None or first.longitude is None:
        return []
    wishes = Wishes(radius_miles=_OFFERED_MILES, limit=_OFFERED + MOST)
    around = search.nearby(at_point(Point(first.latitude, first.longitude)), wishes).clinics
    present = {clinic.public_id for clinic in comparison.clinics}
    return [clinic for clinic in around if clinic.public_id not in present][:_OFFERED]
