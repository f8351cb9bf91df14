import gzip
import json

import pytest

from directory import ROOT, create_app

DRAWING = ROOT / "static" / "data" / "outlines.json"
#: Two squares of two degrees side by side, with a dent of 0.001° in the line between them, and an island too small.
ATLAS = {
    "transform": {"scale": [0.001, 0.001], "translate": [-90.0, 38.0]},
    "arcs": [
        [[2000, 0], [1, 1000], [-1, 1000]],
        [[2000, 2000], [-2000, 0], [0, -2000], [2000, 0]],
        [[2000, 0], [2000, 0], [0, 2000], [-2000, 0]],
        [[5000, 5000], [10, 0], [0, 10], [-10, -10]],
    ],
    "objects": {
        "states": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "arcs": [[0, 1]]}, {"type": "MultiPolygon", "arcs": [[[2, -1]], [[3]]]}],
        },
        "nation": {
            "type": "GeometryCollection",
            "geometries": [{"type": "MultiPolygon", "arcs": [[[2, 1]], [[3]]]}],
        },
    },
}


def test_a_drawing_keeps_borders_and_coasts_and_leaves_out_dents_and_dots(tmp_path):
    drawn = draw(tmp_path)

    assert drawn == {
        "parts": 300,
        "borders": 1,
        "lines": [
            [-26400, 11400, 0, 600],
            [-26400, 12000, -600, 0, 0, -600, 600, 0],
            [-26400, 11400, 600, 0, 0, 600, -600, 0],
        ],
        "land": [[2, 1]],
    }


def test_the_drawing_of_the_map_is_small_and_reaches_everywhere():
    drawing = json.loads(DRAWING.read_text())
    lines = [points(line, drawing["parts"]) for line in drawing["lines"]]
    everywhere = [point for line in lines for point in line]

    assert len(gzip.compress(DRAWING.read_bytes())) < 16_000
    assert min(x for x, _ in everywhere) < -160
    assert max(y for _, y in everywhere) > 70
    # The Mississippi at Saint Louis, and no coast near it.
    assert any(near(point, (-90.18, 38.63)) for line in lines[: drawing["borders"]] for point in line)
    assert not any(near(point, (-90.18, 38.63)) for line in lines[drawing["borders"] :] for point in line)


@pytest.mark.parametrize("ring", json.loads(DRAWING.read_text())["land"][:20], ids=str)
def test_the_lines_of_a_coast_follow_each_other_around(ring):
    drawing = json.loads(DRAWING.read_text())
    lines = [
        points(drawing["lines"][line if line >= 0 else ~line], drawing["parts"])[:: 1 if line >= 0 else -1]
        for line in ring
    ]

    assert all(before[-1] == after[0] for before, after in zip(lines, [*lines[1:], lines[0]], strict=True))


def points(steps, parts):
    line, x, y = [], 0, 0
    for at in range(0, len(steps), 2):
        x, y = x + steps[at], y + steps[at + 1]
        line.append((x / parts, y / parts))
    return line


def near(point, other):
    return max(abs(point[0] - other[0]), abs(point[1] - other[1])) < 0.1


def draw(folder):
    (folder / "atlas.json").write_text(json.dumps(ATLAS))
    outcome = (
        create_app({}, instance_path=folder)
        .test_cli_runner()
        .invoke(args=["outlines", "draw", str(folder / "atlas.json"), "--output", str(folder / "drawn.json")])
    )
    assert outcome.exit_code == 0, outcome.output
    assert "drawn.json: 10 points in 3 lines" in outcome.output
    return json.loads((folder / "drawn.json").read_text())
