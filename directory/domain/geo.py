"""Points on the Earth: bands of latitude, earth-centred coordinates, and miles along the ground.

The Earth is the WGS-84 ellipsoid (NIMA TR8350.2, 2000). A mile is the international one, 1.609344 km.
"""

import math
from dataclasses import dataclass

KILOMETRES_PER_MILE = 1.609344
EQUATORIAL_RADIUS_MILES = 6378.137 / KILOMETRES_PER_MILE
FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)

#: Below the smallest radius of curvature of the ellipsoid, a(1 - e²) = 3,936.7 miles, so that a cover never misses.
SMALLEST_RADIUS_MILES = 3936.0
#: Midway between the smallest and the largest radius of curvature. An arc of 100 miles is 4.2 m longer than its
#: chord, so half a per cent of doubt in the radius moves it by 0.04 m (test_geo holds it against the geodesic).
MEAN_RADIUS_MILES = EQUATORIAL_RADIUS_MILES * (1 - ECCENTRICITY_SQUARED + 1 / math.sqrt(1 - ECCENTRICITY_SQUARED)) / 2

BANDS_PER_DEGREE = 10
STEPS_AROUND = 2**24
LAST_STEP = STEPS_AROUND - 1


@dataclass(frozen=True)
class Point:
    """A place on the ground: `latitude` -90 to 90 north, `longitude` -180 to 180 east, in degrees.

    Raises ValueError for anything that is not such a place; 0,0 stands for "missing" in too many files to be one.
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        # Written so that NaN, which compares false with everything, is refused too.
        if not (abs(self.latitude) <= 90 and abs(self.longitude) <= 180):
            raise ValueError(f"no such place on Earth: {self.latitude}, {self.longitude}")
        if self.latitude == 0 and self.longitude == 0:
            raise ValueError("0,0 stands for a missing place")


def earth_centred(point: Point) -> tuple[float, float, float]:
    """Return x, y, z of `point` in miles from the Earth's centre; straight lines between such points are chords."""
    latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
    normal = EQUATORIAL_RADIUS_MILES / math.sqrt(1 - ECCENTRICITY_SQUARED * math.sin(latitude) ** 2)
    from_axis = normal * math.cos(latitude)
    return (
        from_axis * math.cos(longitude),
        from_axis * math.sin(longitude),
        normal * (1 - ECCENTRICITY_SQUARED) * math.sin(latitude),
    )


def cell(point: Point) -> int:
    """Return the cell of `point`: its band of 0.1° latitude times 2²⁴, plus its step of longitude in that band."""
    return _cell_at(_band(point.latitude), _step(point.longitude))


def chord_squared(ground_miles: float) -> float:
    """Return the squared straight-line distance, in square miles, that spans `ground_miles` along the ground."""
    return (2 * MEAN_RADIUS_MILES * math.sin(ground_miles / (2 * MEAN_RADIUS_MILES))) ** 2


def ground_miles(chord_squared_miles: float) -> float:
    """Return the miles along the ground over a squared chord: within 0.1 m of the geodesic up to 100 miles."""
    half_chord = math.sqrt(chord_squared_miles) / 2
    return 2 * MEAN_RADIUS_MILES * math.asin(min(1.0, half_chord / MEAN_RADIUS_MILES))


def miles_between(one: Point, other: Point) -> float:
    """Return the miles along the ground between two points."""
    return ground_miles(sum((a - b) ** 2 for a, b in zip(earth_centred(one), earth_centred(other), strict=True)))


def cover(centre: Point, radius_miles: float) -> list[tuple[int, int]]:
    """Return the ranges of cells, both ends included, that hold every point within `radius_miles` of `centre`.

    One range a band from south to north, two where the circle crosses the antimeridian: at most 31 bands for
    100 miles. The ranges hold points outside the circle as well; the caller filters on distance.
    """
    reach = radius_miles / SMALLEST_RADIUS_MILES
    south = max(-90.0, centre.latitude - math.degrees(reach))
    north = min(90.0, centre.latitude + math.degrees(reach))
    ranges = []
    for band in range(_band(south), _band(north) + 1):
        bottom = max(south, band / BANDS_PER_DEGREE - 90)
        top = min(north, (band + 1) / BANDS_PER_DEGREE - 90)
        ranges += _band_ranges(band, centre.longitude, _half_width(centre.latitude, reach, (bottom, top)))
    return ranges


def _band(latitude: float) -> int:
    return math.floor((latitude + 90) * BANDS_PER_DEGREE)


def _step(longitude: float) -> int:
    """Return the step of `longitude`; 180° east is the same meridian as 180° west and takes its step."""
    return math.floor((longitude + 180) / 360 * STEPS_AROUND) % STEPS_AROUND


def _cell_at(band: int, step: int) -> int:
    return band * STEPS_AROUND + step


def _half_width(latitude: float, reach: float, band: tuple[float, float]) -> float:
    """Return the widest half-width, in degrees of longitude, of a circle within one band.

    On the ellipsoid no arc is shorter than on a sphere of the smallest radius with the same latitudes and
    longitudes, so the width there (spherical law of cosines) is an upper bound here. Along the meridian the width
    grows up to the circle's widest latitude, asin(sin φ / cos reach), and shrinks beyond it.
    """
    latitudes = list(band)
    sine_of_widest = math.sin(math.radians(latitude)) / math.cos(reach)
    if abs(sine_of_widest) <= 1:
        widest = math.degrees(math.asin(sine_of_widest))
        if band[0] < widest < band[1]:
            latitudes.append(widest)
    return max(_half_width_at(latitude, reach, other) for other in latitudes)


def _half_width_at(latitude: float, reach: float, other: float) -> float:
    centre, parallel = math.radians(latitude), math.radians(other)
    shrink = math.cos(centre) * math.cos(parallel)
    spare = math.cos(reach) - math.sin(centre) * math.sin(parallel)
    if spare <= -shrink:  # the whole parallel lies in the circle, as it does around a pole
        return 180.0
    return math.degrees(math.acos(min(1.0, spare / shrink))) if spare < shrink else 0.0


def _band_ranges(band: int, longitude: float, half_width: float) -> list[tuple[int, int]]:
    if half_width >= 180:
        return [(_cell_at(band, 0), _cell_at(band, LAST_STEP))]
    west, east = longitude - half_width, longitude + half_width
    if west < -180 or east >= 180:
        return [
            (_cell_at(band, _step(west % 360 if west < -180 else west)), _cell_at(band, LAST_STEP)),
            (_cell_at(band, 0), _cell_at(band, _step(east))),
        ]
    return [(_cell_at(band, _step(west)), _cell_at(band, _step(east)))]
