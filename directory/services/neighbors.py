"""Finds the other clinics nearest to one, by distance and by nothing else."""

import json
from typing import Any

from directory.domain import geo
from directory.domain.nearby import LARGEST_RADIUS_MILES
from directory.extensions import reading
from directory.queries import neighbors as queries
from directory.services.profiles import ClinicProfile
from directory.services.search import NearbyClinic, as_clinic

#: Where enough are listed within one of these, nothing farther is looked at.
_MILES = dict(zip(queries.CIRCLES, (10.0, 30.0, float(LARGEST_RADIUS_MILES)), strict=True))


def nearest(clinic: ClinicProfile) -> tuple[NearbyClinic, ...]:
    """Return the other published clinics within 100 miles of one, the nearest first, at most queries.neighbors.MOST.

    One statement; none, and no clinic, for one that is not on the map.
    """
    if clinic.latitude is None or clinic.longitude is None:
        return ()
    with reading() as session:
        statement = queries.nearest(session.connection().dialect.name)
        rows = session.execute(statement, _around(clinic.public_id, geo.Point(clinic.latitude, clinic.longitude)))
        return tuple(as_clinic(row, geo.ground_miles(row.d2)) for row in rows)


def _around(public_id: str, centre: geo.Point) -> dict[str, Any]:
    x, y, z = geo.earth_centred(centre)
    circles = {
        f"{name}_{parameter}": value
        for name, miles in _MILES.items()
        for parameter, value in (
            ("cover", json.dumps(geo.cover(centre, miles))),
            ("reach", geo.chord_squared(miles)),
        )
    }
    return {"x": x, "y": y, "z": z, "besides": public_id, **circles}
