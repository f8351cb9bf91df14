"""The clinics nearest to one: a constant statement an engine, inside the index of the search.

The parameters: `x y z` the clinic's place in miles from the Earth's centre, `besides` its public id; and of each of
CIRCLES its `_cover`, a JSON array of [first cell, last cell] (domain.geo.cover), and its `_reach`, a squared chord in
square miles. Each circle holds the one before it, and is looked through only where that one is not enough.
"""

from collections.abc import Mapping, Sequence
from string import Template

from sqlalchemy import Boolean, Date, TextualSelect, text

from directory.queries.nearby import COLUMNS

#: So many are named at the most.
MOST = 4
CIRCLES = ("near", "middle", "far")

_D2 = "(c.x - :x) * (c.x - :x) + (c.y - :y) * (c.y - :y) + (c.z - :z) * (c.z - :z)"
#: Engine → clinics in the ranges of a cover. The plan is pinned, ranges outside and index inside, as in queries.nearby.
_RANGES = {
    "sqlite": Template(
        "json_each($cover) AS r CROSS JOIN clinic AS c"
        " ON c.status = 'published' AND c.cell BETWEEN r.value ->> 0 AND r.value ->> 1"
    ),
    "postgresql": Template(
        "jsonb_array_elements(CAST($cover AS jsonb)) AS r CROSS JOIN LATERAL ("
        "SELECT c.id, c.x, c.y, c.z FROM clinic AS c WHERE c.status = 'published'"
        " AND c.cell BETWEEN CAST(r.value ->> 0 AS bigint) AND CAST(r.value ->> 1 AS bigint) OFFSET 0) AS c"
    ),
}
# One more than is named: the clinic itself is among them while it is open.
_LOOKED_AT = MOST + 1
_ENOUGH = Template("(SELECT count(*) FROM $circle) = $looked_at")
_COVER_UNLESS = Template("CASE WHEN $enough THEN '[]' ELSE CAST(:${circle}_cover AS text) END")
_LOOK = Template("""$circle AS MATERIALIZED (
    SELECT c.id, $d2 AS d2 FROM $ranges WHERE $d2 <= :${circle}_reach ORDER BY d2, c.id LIMIT $looked_at
)""")
_STATEMENT = Template("""
WITH $looks
SELECT $columns, found.d2 FROM (
    SELECT id, d2 FROM far
    UNION ALL SELECT id, d2 FROM middle WHERE NOT EXISTS (SELECT 1 FROM far)
    UNION ALL SELECT id, d2 FROM near WHERE NOT EXISTS (SELECT 1 FROM middle) AND NOT EXISTS (SELECT 1 FROM far)
) AS found CROSS JOIN clinic AS k
WHERE k.id = found.id AND k.public_id <> :besides ORDER BY found.d2, found.id LIMIT $most
""")


def nearest(engine: str) -> TextualSelect:
    """Return the statement for `engine`, "sqlite" or "postgresql" → at most MOST rows of COLUMNS and `d2`, by distance.

    d2 is the squared chord in square miles.
    """
    return _STATEMENTS[engine]


def _make(ranges: Template) -> TextualSelect:
    looks = ", ".join(_look(ranges, circle, CIRCLES[:place]) for place, circle in enumerate(CIRCLES))
    statement = _STATEMENT.substitute(columns=COLUMNS, looks=looks, most=MOST)
    return text(statement).columns(facts_as_of=Date, signs_seen_on=Date, was_checked=Boolean)


def _look(ranges: Template, circle: str, smaller: Sequence[str]) -> str:
    enough = " OR ".join(_ENOUGH.substitute(circle=each, looked_at=_LOOKED_AT) for each in smaller)
    cover = _COVER_UNLESS.substitute(circle=circle, enough=enough) if smaller else f":{circle}_cover"
    return _LOOK.substitute(circle=circle, d2=_D2, ranges=ranges.substitute(cover=cover), looked_at=_LOOKED_AT)


_STATEMENTS: Mapping[str, TextualSelect] = {engine: _make(ranges) for engine, ranges in _RANGES.items()}
