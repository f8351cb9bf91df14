"""The map beside the results: Leaflet's two files, and what the page tells js/map.js."""

from flask import Blueprint, Flask, Response, current_app, send_from_directory
from xstatic.pkg import leaflet

from directory.domain.access import Permission
from directory.domain.places import FoundPlace
from directory.services.search import NearbyClinic, NearbyResults
from directory.web.access import needs

#: The package's version is pinned, so a new one comes with a new release of ours.
_MAX_AGE_SECONDS = 30 * 24 * 3600
#: About 10 meters: the drawing is no finer.
_DECIMALS = 4
#: Names for the map as it opens, and for one who looks further around: within so many radii of the search, so many.
_TOWNS = ((1.5, 40), (6.0, 40))

blueprint = Blueprint("leaflet", __name__, url_prefix="/leaflet")


def init_app(app: Flask) -> None:
    """Give templates the words of the map."""
    app.jinja_env.filters |= {"towns_around": towns_around, "at_point": at_point}


@blueprint.get("/<any('leaflet.js', 'leaflet.css'):filename>", endpoint="static")
@needs(Permission.READ_PUBLISHED)
def send(filename: str) -> Response:
    """Send the script or the sheet of Leaflet."""
    return send_from_directory(leaflet.BASE_DIR, filename, max_age=_MAX_AGE_SECONDS)


def at_point(thing: NearbyClinic | FoundPlace) -> str:
    """Return where a clinic or a place is: "38.6270,-90.1994"; empty for a clinic without coordinates."""
    point = thing.point if isinstance(thing, FoundPlace) else thing
    if point.latitude is None or point.longitude is None:
        return ""
    return f"{point.latitude:.{_DECIMALS}f},{point.longitude:.{_DECIMALS}f}"


def towns_around(results: NearbyResults) -> list[tuple[str, float, float]]:
    """Return the larger cities around the place, the largest first: name, latitude, longitude."""
    geocoder = current_app.extensions["geocoder"]
    found = {}
    for radii, limit in _TOWNS:
        for town in geocoder.largest_around(results.place.point, radii * results.wishes.radius_miles, limit=limit):
            found[town.key, town.state] = town
    largest = sorted(found.values(), key=lambda town: (-town.size, town.key, town.state))
    return [(town.name, round(town.latitude, _DECIMALS), round(town.longitude, _DECIMALS)) for town in largest]
