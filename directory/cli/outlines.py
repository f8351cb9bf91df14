"""`flask outlines`: draws the outlines of the map from the boundaries of the US Census Bureau."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

#: A point of the drawing is a whole number of these parts of a degree, some 370 meters each.
PARTS_OF_A_DEGREE = 300
#: How far, in degrees of latitude, a line may run beside the true one: between states, and along the coast.
_BORDER, _COAST = 0.007, 0.014
#: Northward of it lies Alaska alone, whose islands are many and whose clinics are few.
_NORTH, _NORTHERN_COAST = 51.0, 0.2
#: A ring that reaches less far, in degrees, would be a dot.
_SMALLEST_RING = 0.12

Line = list[tuple[float, float]]

outlines = AppGroup("outlines", help="Draw the outlines of the map.")


@outlines.command("draw")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="By default static/data/outlines.json.")
def draw(source: Path, output: Path | None) -> None:
    """Draw coast and state borders from SOURCE, states-10m.json of the npm package us-atlas."""
    drawing = simplified(json.loads(source.read_text(encoding="utf-8")))
    output = output or Path(str(current_app.static_folder)) / "data" / "outlines.json"
    output.write_text(json.dumps(drawing, separators=(",", ":")), encoding="ascii")
    points = sum(len(line) // 2 for line in drawing["lines"])
    click.echo(f"{output.name}: {points:,} points in {len(drawing['lines'])} lines, {output.stat().st_size:,} bytes.")


def simplified(atlas: dict[str, Any]) -> dict[str, Any]:
    """Return the drawing of a TopoJSON of states and nation.

    `lines` are lists of whole numbers, x and y in turn in `parts` of a degree: the first point, then steps. The first
    `borders` of them lie between two states. `land` has the rings of the coast, each a list of numbers of lines; a
    negative one, -1 for line 0, is walked backwards. (TopoJSON's own way: github.com/topojson/topojson-specification.)
    """
    arcs = list(_arcs(atlas))
    uses = Counter(arc if arc >= 0 else ~arc for ring in _rings(atlas["objects"]["states"]) for arc in ring)
    rings = [ring for ring in _rings(atlas["objects"]["nation"]) if _reach(ring, arcs) >= _SMALLEST_RING]
    borders = [arc for arc, count in sorted(uses.items()) if count > 1]
    coasts = sorted({arc if arc >= 0 else ~arc for ring in rings for arc in ring} - set(borders))
    number = {arc: place for place, arc in enumerate((*borders, *coasts))}
    lines = [*(_steps(_thinned(arcs[arc], _BORDER)) for arc in borders),
             *(_steps(_thinned(arcs[arc], _tolerance(arcs[arc]))) for arc in coasts)]  # fmt: skip
    land = [[number[arc] if arc >= 0 else ~number[~arc] for arc in ring] for ring in rings]
    return {"parts": PARTS_OF_A_DEGREE, "borders": len(borders), "lines": lines, "land": land}


def _arcs(atlas: dict[str, Any]) -> Iterator[Line]:
    (scale_x, scale_y), (left, bottom) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + left, y * scale_y + bottom))
        yield line


def _rings(shape: dict[str, Any]) -> Iterator[list[int]]:
    for part in shape.get("geometries", ()):
        yield from _rings(part)
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", ())
    for polygon in polygons:
        yield from polygon


def _reach(ring: list[int], arcs: Sequence[Line]) -> float:
    points = [point for arc in ring for point in arcs[arc if arc >= 0 else ~arc]]
    xs, ys = zip(*points, strict=True)
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _tolerance(line: Line) -> float:
    return _NORTHERN_COAST if min(y for _, y in line) > _NORTH else _COAST


def _thinned(line: Line, tolerance: float) -> Line:
    """Return the points without which a line would run farther beside itself (Douglas and Peucker, 1973)."""
    kept, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        between = range(first + 1, last)
        farthest = max(between, key=lambda at: _beside(line[at], line[first], line[last]), default=None)
        if farthest is not None and _beside(line[farthest], line[first], line[last]) > tolerance:
            kept.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [line[at] for at in sorted(kept)]


def _beside(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return how far a point lies from the way between two, in degrees of latitude."""
    shrunk = math.cos(math.radians((start[1] + end[1]) / 2))
    along_x, along_y = (end[0] - start[0]) * shrunk, end[1] - start[1]
    x, y = (point[0] - start[0]) * shrunk, point[1] - start[1]
    length = along_x**2 + along_y**2
    share = min(1.0, max(0.0, (x * along_x + y * along_y) / length)) if length else 0.0
    return math.hypot(x - share * along_x, y - share * along_y)


def _steps(line: Line) -> list[int]:
    points = [(round(x * PARTS_OF_A_DEGREE), round(y * PARTS_OF_A_DEGREE)) for x, y in line]
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    return [each for pair in (points[0], *(step for step in steps if any(step))) for each in pair]
