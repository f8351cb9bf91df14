"""Puts listings on the map: checks the points that were given, and finds a centre where none was."""

from dataclasses import replace

from directory.domain.gazetteer import PlaceOrigin
from directory.domain.geo import miles_between
from directory.domain.labels import N_
from directory.domain.listings import Listing
from directory.domain.profile import PointPrecision
from directory.services.exchange.findings import Doubt, Findings
from directory.services.exchange.shown import shown
from directory.services.gazetteer import Centre, Gazetteer

#: A third beyond the reach of a wide rural ZIP; further off, the coordinates or the ZIP are probably wrong.
FAR_MILES = 25


def placed(listing: Listing, line: int, gazetteer: Gazetteer, findings: Findings) -> Listing:
    """Return `listing` with a point: its own, else the centre of its ZIP, else that of its city, else none.

    The centre of a ZIP of another state is used only when the city is not known. A point of its own that lies more
    than FAR_MILES from the ZIP's centre, a ZIP of another state and a listing without any point are warnings.
    """
    centre = gazetteer.of_zip(listing.postal_code) if listing.postal_code else None
    if centre and centre.state != listing.state:
        findings.warn(
            line, Doubt.ZIP_ELSEWHERE, N_("ZIP %(zip)s lies in %(there)s, the clinic in %(here)s."),
            zip=listing.postal_code, there=centre.state, here=listing.state,
        )  # fmt: skip
    if listing.point is None:
        return _at_a_centre(listing, line, centre, (gazetteer, findings))
    if centre and centre.origin != PlaceOrigin.PREFIX:
        miles = miles_between(listing.point, centre.point)
        if miles > FAR_MILES:
            findings.warn(
                line, Doubt.FAR_FROM_ZIP, N_("The coordinates lie %(miles)d miles from the centre of ZIP %(zip)s."),
                miles=round(miles), zip=listing.postal_code,
            )  # fmt: skip
    return listing


def _at_a_centre(listing: Listing, line: int, zip_centre: Centre | None, tools: tuple[Gazetteer, Findings]) -> Listing:
    gazetteer, findings = tools
    if zip_centre and zip_centre.state == listing.state:
        return replace(listing, point=zip_centre.point, point_precision=_precision(zip_centre))
    if city := gazetteer.of_city(listing.city, listing.state):
        return replace(listing, point=city.point, point_precision=PointPrecision.CITY)
    if zip_centre:
        return replace(listing, point=zip_centre.point, point_precision=_precision(zip_centre))
    findings.warn(
        line, Doubt.NOT_ON_THE_MAP, N_("Neither ZIP %(zip)s nor %(city)s, %(state)s is in the gazetteer."),
        zip=listing.postal_code or N_("(none)"), city=shown(listing.city), state=listing.state,
    )  # fmt: skip
    return listing


def _precision(zip_centre: Centre) -> PointPrecision:
    """Return what the centre of a ZIP stands for: the gazetteer puts some ZIPs where their city is."""
    return PointPrecision.CITY if zip_centre.origin == PlaceOrigin.CITY else PointPrecision.ZIP
