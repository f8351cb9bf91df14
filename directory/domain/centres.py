"""Middles of groups of points, how far the points lie from them, and how far each point is from its neighbour."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product

from directory.domain.geo import Point, earth_centred, ground_miles, miles_between

#: Each pass looks one cell around; what it does not settle goes to the next, wider one.
_PASSES_MILES = (4.0, 15.0, 50.0)
_AROUND = tuple(product((-1, 0, 1), repeat=3))

_Vector = tuple[float, float, float]


def middle(points: Sequence[Point]) -> Point:
    """Return the mean of `points` on the sphere, so that points on both sides of the antimeridian stay together.

    Raises ValueError for no points.
    """
    if not points:
        raise ValueError("no points have no middle")
    east = north = up = 0.0
    for point in points:
        latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
        east += math.cos(latitude) * math.cos(longitude)
        north += math.cos(latitude) * math.sin(longitude)
        up += math.sin(latitude)
    return Point(
        round(math.degrees(math.atan2(up, math.hypot(east, north))), 6),
        round(math.degrees(math.atan2(north, east)), 6),
    )


def spread_miles(points: Iterable[Point], centre: Point) -> float:
    """Return the root mean square of the miles from `centre` to `points`; 0 for no points."""
    squares = [miles_between(point, centre) ** 2 for point in points]
    return math.sqrt(sum(squares) / len(squares)) if squares else 0.0


def neighbour_miles(points: Iterable[Point]) -> dict[Point, float]:
    """Return for each distinct point the miles to its nearest other one, and 50 where none lies as near as that."""
    vectors = {point: earth_centred(point) for point in set(points)}
    nearest = dict.fromkeys(vectors, _PASSES_MILES[-1])
    unsettled = list(vectors)
    for reach in _PASSES_MILES:
        grid = _grid(vectors.values(), reach)
        squares = {point: _nearest_squared(vectors[point], grid, reach) for point in unsettled}
        nearest |= {point: ground_miles(square) for point, square in squares.items() if square <= reach**2}
        unsettled = [point for point, square in squares.items() if square > reach**2]
    return nearest


def _grid(vectors: Iterable[_Vector], size: float) -> dict[tuple[int, int, int], list[_Vector]]:
    grid = defaultdict(list)
    for x, y, z in vectors:
        grid[int(x // size), int(y // size), int(z // size)].append((x, y, z))
    return grid


def _nearest_squared(vector: _Vector, grid: dict[tuple[int, int, int], list[_Vector]], size: float) -> float:
    x, y, z = vector
    i, j, k = int(x // size), int(y // size), int(z // size)
    squares = (
        (x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2
        for di, dj, dk in _AROUND
        for a, b, c in grid.get((i + di, j + dj, k + dk), ())
    )
    return min((square for square in squares if square > 0), default=math.inf)
