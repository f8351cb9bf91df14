"""The search around a point: constant statements, one set an engine, that run inside one covering index.

The parameters: `cover` is a JSON array of [first cell, last cell] (domain.geo.cover), `x y z` the centre in miles from
the Earth's centre, `reach` a squared chord in square miles, `routes` a bit mask (0: any), `words` a JSON array of
folded words that must all stand in name or city ([]: any).

CROSS JOIN and LATERAL … OFFSET 0 pin the plan: ranges outside, index inside. As a plain join both engines have chosen
to read the whole table. Where no words are asked for, the statement must not name `search_text`: PostgreSQL reads an
index alone only when it holds every column that is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Date, Select, TextClause, TextualSelect, select, text

from directory.domain.profile import ListingStatus
from directory.models import Clinic

_COLUMNS = (
    "k.id, k.public_id, k.slug, k.name, k.name_key, k.city, k.state, k.postal_code, k.latitude, k.longitude, k.routes,"
    " k.facts_as_of"
)
_D2 = "(c.x - :x) * (c.x - :x) + (c.y - :y) * (c.y - :y) + (c.z - :z) * (c.z - :z)"
_ROUTES = "(CAST(:routes AS integer) = 0 OR c.routes & CAST(:routes AS integer) <> 0)"


@dataclass(frozen=True)
class _Dialect:
    #: Clinics in the ranges of {cover}; {columns} are what PostgreSQL's inner SELECT must hand out.
    circle: str
    words: str


_SQLITE = _Dialect(
    circle=(
        "json_each({cover}) AS r CROSS JOIN clinic AS c"
        " ON c.status = 'published' AND c.cell BETWEEN r.value ->> 0 AND r.value ->> 1"
    ),
    words="NOT EXISTS (SELECT 1 FROM json_each(:words) AS w WHERE instr(c.search_text, w.value) = 0)",
)
_POSTGRESQL = _Dialect(
    circle=(
        "jsonb_array_elements(CAST({cover} AS jsonb)) AS r CROSS JOIN LATERAL ("
        "SELECT {columns} FROM clinic AS c WHERE c.status = 'published'"
        " AND c.cell BETWEEN CAST(r.value ->> 0 AS bigint) AND CAST(r.value ->> 1 AS bigint) OFFSET 0) AS c"
    ),
    words=(
        "NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(CAST(:words AS jsonb)) AS w"
        " WHERE strpos(c.search_text, w.value) = 0)"
    ),
)


@dataclass(frozen=True)
class Statements:
    """The statements of one engine, with or without words to look for; each is compiled once and kept."""

    #: → one number; looks at no more than `cap` rows.
    count: TextClause
    #: → `limit` rows after (`after`, `after_id`) by distance, and by name; d2 is the squared chord.
    by_distance: TextualSelect
    by_name: TextualSelect
    #: → the nearest row beyond `reach`: looked for in `near_cover` to `near_reach`, then far, then everywhere.
    beyond: TextualSelect


def statements(engine: str, *, with_words: bool) -> Statements:
    """Return the statements for `engine`, "sqlite" or "postgresql"."""
    return _STATEMENTS[engine, with_words]


def not_on_the_map(city_key: str, state: str, routes: int, words: Sequence[str]) -> Select[tuple[Clinic]]:
    """Published clinics of one city that have no coordinates, with one of `routes` and all `words`, by name."""
    statement = (
        select(Clinic)
        .where(Clinic.status == ListingStatus.PUBLISHED, Clinic.cell.is_(None))
        .where(Clinic.state == state, Clinic.city_key == city_key)
        .order_by(Clinic.name_key, Clinic.id)
    )
    if routes:
        statement = statement.where(Clinic.routes.bitwise_and(routes) != 0)
    return statement.where(*(Clinic.search_text.contains(word, autoescape=True) for word in words))


def _make(dialect: _Dialect, *, with_words: bool) -> Statements:
    wishes = f"{_ROUTES} AND {dialect.words}" if with_words else _ROUTES
    columns = "c.id, c.x, c.y, c.z, c.routes" + (", c.search_text" if with_words else "")
    circle = dialect.circle.format(cover=":cover", columns=columns)
    named = dialect.circle.format(cover=":cover", columns=f"{columns}, c.name_key")
    return Statements(
        count=text(
            f"SELECT count(*) FROM (SELECT 1 FROM {circle} WHERE {_D2} <= :reach AND {wishes} LIMIT :cap) AS found"
        ),
        by_distance=_page(
            f"SELECT c.id, {_D2} AS d2 FROM {circle} WHERE {_D2} <= :reach AND {wishes}"
            f" AND {_D2} >= :after AND ({_D2} > :after OR c.id > :after_id) ORDER BY d2, c.id LIMIT :limit",
            order="page.d2, page.id",
        ),
        by_name=_page(
            f"SELECT c.id, {_D2} AS d2 FROM {named} WHERE {_D2} <= :reach AND {wishes}"
            " AND c.name_key >= :after AND (c.name_key > :after OR c.id > :after_id)"
            " ORDER BY c.name_key, c.id LIMIT :limit",
            order="k.name_key, k.id",
        ),
        beyond=_beyond(dialect, columns, wishes),
    )


def _page(rows: str, *, order: str) -> TextualSelect:
    joined = f"SELECT {_COLUMNS}, page.d2 FROM ({rows}) AS page CROSS JOIN clinic AS k WHERE k.id = page.id ORDER BY {order}"  # noqa: E501,S608 - constants of this module, no input
    return text(joined).columns(facts_as_of=Date)


def _beyond(dialect: _Dialect, columns: str, wishes: str) -> TextualSelect:
    """Look in two growing circles before the whole table: COALESCE stops at the first that holds a clinic."""
    nearest = f"SELECT c.id FROM {{where}} {wishes} AND {_D2} > :reach ORDER BY {_D2}, c.id LIMIT 1"
    steps = [
        nearest.format(where=f"{dialect.circle.format(cover=f':{step}_cover', columns=columns)} WHERE {_D2} <= :{step}_reach AND")  # noqa: E501
        for step in ("near", "far")
    ]
    everywhere = nearest.format(where="clinic AS c WHERE c.status = 'published' AND c.cell IS NOT NULL AND")
    chosen = ", ".join(f"({step})" for step in [*steps, everywhere])
    distance = _D2.replace("c.", "k.")
    return text(f"SELECT {_COLUMNS}, {distance} AS d2 FROM clinic AS k WHERE k.id = COALESCE({chosen})").columns(  # noqa: S608
        facts_as_of=Date
    )


_STATEMENTS = {
    (engine, with_words): _make(dialect, with_words=with_words)
    for engine, dialect in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL))
    for with_words in (False, True)
}
