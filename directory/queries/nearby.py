"""The search around a point: constant statements, one set an engine, that run inside one covering index.

The parameters: `cover` is a JSON array of [first cell, last cell] (domain.geo.cover), `x y z` the centre in miles from
the Earth's centre, `reach` a squared chord in square miles, `facets` the bits of what is asked for and of each group
of domain.facets by its name those that are its (0: any), `checked_at_least` a number of settled signs (0: any),
`without_confirmed` 1 or 0, `words` a JSON array of folded words that must all stand in name or city ([]: any).

CROSS JOIN and LATERAL … OFFSET 0 pin the plan: ranges outside, index inside. As a plain join both engines have chosen
to read the whole table. Where no words are asked for, the statement must not name `search_text`: PostgreSQL reads an
index alone only when it holds every column that is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

from sqlalchemy import Boolean, Date, Select, TextClause, TextualSelect, select, text

from directory.domain.facets import GROUPS
from directory.domain.nearby import Order, Wishes
from directory.domain.profile import ListingStatus
from directory.models import Clinic, StoredScore

#: What a result shows of the clinic's row. Behind it stand `was_checked`, which a clinic stays once it had a score, and
#: what the next page begins after.
SHOWN = (
    "public_id", "slug", "name", "city", "state", "postal_code", "latitude", "longitude", "routes", "facts_as_of",
    "signs", "signs_seen_on",
)  # fmt: skip
# Not EXISTS: without knowing the limit PostgreSQL would rather hash the whole table of scores.
_WAS_CHECKED = "(SELECT min(score.id) FROM score WHERE score.clinic_id = k.id) IS NOT NULL AS was_checked"
#: SHOWN, `was_checked`, id and folded name of a clinic that the statement calls k.
COLUMNS = ", ".join([*(f"k.{name}" for name in SHOWN), _WAS_CHECKED, "k.id", "k.name_key"])
_TYPES: Mapping[str, Any] = {"facts_as_of": Date, "signs_seen_on": Date, "was_checked": Boolean}
_D2 = "(c.x - :x) * (c.x - :x) + (c.y - :y) * (c.y - :y) + (c.z - :z) * (c.z - :z)"
_OF_GROUP = "(CAST(:{0} AS bigint) = 0 OR c.facets & CAST(:{0} AS bigint) <> 0)"
# Most searches ask for no facet: of each clinic that is one question then, and not one a group.
_FITS = (
    f"(CAST(:facets AS bigint) = 0 OR ({' AND '.join(_OF_GROUP.format(group.name) for group in GROUPS)}))"
    " AND (:checked_at_least = 0 OR c.settled >= :checked_at_least)"
    " AND (:without_confirmed = 0 OR c.confirmed_points = 0)"
)
#: Fewest warning signs first, as one number: at most five signs are settled, and all points are less than a thousand.
_RANK = "(((100 - c.score_low) * 6 + 5 - c.settled) * 1000 + c.confirmed_points)"


@dataclass(frozen=True)
class _Dialect:
    #: Clinics in the ranges of $cover; $columns are what PostgreSQL's inner SELECT must hand out.
    circle: Template
    words: str
    #: Hexadecimal digits of all clinics found, as domain.facets.tally() reads them.
    written: str


#: What was found of a clinic, as the bits that follow its facets.
_FOUND = "(1 << c.settled) | CASE WHEN c.confirmed_points = 0 THEN 64 ELSE 0 END"
_SQLITE = _Dialect(
    circle=Template(
        "json_each($cover) AS r CROSS JOIN clinic AS c"
        " ON c.status = 'published' AND c.cell BETWEEN r.value ->> 0 AND r.value ->> 1"
    ),
    words="NOT EXISTS (SELECT 1 FROM json_each(:words) AS w WHERE instr(c.search_text, w.value) = 0)",
    written=f"group_concat(printf('%02x%016x', {_FOUND}, c.facets), '')",
)
_POSTGRESQL = _Dialect(
    circle=Template(
        "jsonb_array_elements(CAST($cover AS jsonb)) AS r CROSS JOIN LATERAL ("
        "SELECT $columns FROM clinic AS c WHERE c.status = 'published'"
        " AND c.cell BETWEEN CAST(r.value ->> 0 AS bigint) AND CAST(r.value ->> 1 AS bigint) OFFSET 0) AS c"
    ),
    words=(
        "NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(CAST(:words AS jsonb)) AS w"
        " WHERE strpos(c.search_text, w.value) = 0)"
    ),
    written=f"string_agg(lpad(to_hex({_FOUND}), 2, '0') || lpad(to_hex(c.facets), 16, '0'), '')",
)


@dataclass(frozen=True)
class Statements:
    """The statements of one engine, with or without words to look for; each is compiled once and kept."""

    #: → one number; looks at no more than `cap` rows.
    count: TextClause
    #: → what all clinics in the circle have said and what was found of them, whatever is asked for but words; or NULL.
    facets: TextClause
    #: → `limit` rows after (`after_rank`, `after`, `after_id`) in an order; d2 is the squared chord.
    pages: Mapping[Order, TextualSelect]
    #: → the nearest row beyond `reach`: looked for in `near_cover` to `near_reach`, then far, then everywhere.
    beyond: TextualSelect


def statements(engine: str, *, with_words: bool) -> Statements:
    """Return the statements for `engine`, "sqlite" or "postgresql"."""
    return _STATEMENTS[engine, with_words]


def not_on_the_map(city_key: str, state: str, wishes: Wishes) -> Select[Any]:
    """Published clinics of one city that have no coordinates and fit the filters, by name: SHOWN and `was_checked`."""
    was_checked = select(StoredScore.id).where(StoredScore.clinic_id == Clinic.id).exists()
    statement = (
        select(*(getattr(Clinic, name) for name in SHOWN), was_checked.label("was_checked"))
        .where(Clinic.status == ListingStatus.PUBLISHED, Clinic.cell.is_(None))
        .where(Clinic.state == state, Clinic.city_key == city_key)
        .where(*(Clinic.search_text.contains(word, autoescape=True) for word in wishes.folded_words))
        .where(Clinic.settled >= wishes.checked_at_least)
        .order_by(Clinic.name_key, Clinic.id)
    )
    asked_for = [wishes.facets & group.all for group in GROUPS]
    statement = statement.where(*(Clinic.facets.bitwise_and(bits) != 0 for bits in asked_for if bits))
    return statement.where(Clinic.confirmed_points == 0) if wishes.without_confirmed else statement


def _make(dialect: _Dialect, *, with_words: bool) -> Statements:
    columns = "c.id, c.x, c.y, c.z, c.facets, c.settled, c.confirmed_points, c.score_low"
    columns += ", c.search_text" if with_words else ""
    parts = {
        "columns": COLUMNS,
        "d2": _D2,
        "page_d2": _D2.replace("c.", "k."),
        # The cheap questions first, and last the one that leaves the index.
        "fits": _FITS,
        "words": f"AND {dialect.words}" if with_words else "",
        "circle": dialect.circle.substitute(cover=":cover", columns=columns),
        "named_circle": dialect.circle.substitute(cover=":cover", columns=f"{columns}, c.name_key"),
        "near_circle": dialect.circle.substitute(cover=":near_cover", columns=columns),
        "far_circle": dialect.circle.substitute(cover=":far_cover", columns=columns),
        "written": dialect.written,
        "rank": _RANK,
        "page_rank": _RANK.replace("c.", "k."),
    }
    return Statements(
        count=text(_COUNT.substitute(parts)),
        facets=text(_FACETS.substitute(parts)),
        pages={order: text(page.substitute(parts)).columns(**_TYPES) for order, page in _PAGES.items()},
        beyond=text(_BEYOND.substitute(parts)).columns(**_TYPES),
    )


_COUNT = Template("""
SELECT count(*) FROM (SELECT 1 FROM $circle WHERE $fits AND $d2 <= :reach $words LIMIT :cap) AS found
""")
_FACETS = Template("SELECT $written FROM $circle WHERE $d2 <= :reach $words")
_PAGES = {
    Order.DISTANCE: Template("""
SELECT $columns, page.d2, 0 AS rank
FROM (
    SELECT c.id, $d2 AS d2 FROM $circle
    WHERE $fits AND $d2 <= :reach AND ($d2, c.id) > (:after, :after_id) $words
    ORDER BY d2, c.id LIMIT :limit
) AS page CROSS JOIN clinic AS k
WHERE k.id = page.id ORDER BY page.d2, page.id
"""),
    Order.SIGNS: Template("""
SELECT $columns, page.d2, $page_rank AS rank
FROM (
    SELECT c.id, $d2 AS d2 FROM $circle
    WHERE $fits AND $d2 <= :reach AND ($rank, $d2, c.id) > (:after_rank, :after, :after_id) $words
    ORDER BY $rank, d2, c.id LIMIT :limit
) AS page CROSS JOIN clinic AS k
WHERE k.id = page.id ORDER BY rank, page.d2, page.id
"""),
    Order.NAME: Template("""
SELECT $columns, page.d2, 0 AS rank
FROM (
    SELECT c.id, $d2 AS d2 FROM $named_circle
    WHERE $fits AND $d2 <= :reach AND (c.name_key, c.id) > (:after, :after_id) $words
    ORDER BY c.name_key, c.id LIMIT :limit
) AS page CROSS JOIN clinic AS k
WHERE k.id = page.id ORDER BY k.name_key, k.id
"""),
}
# COALESCE stops at the first that holds a clinic: two growing circles, and only then the whole table.
_BEYOND = Template("""
SELECT $columns, $page_d2 AS d2 FROM clinic AS k
WHERE k.id = COALESCE(
    (SELECT c.id FROM $near_circle WHERE $fits AND $d2 <= :near_reach AND $d2 > :reach $words
        ORDER BY $d2, c.id LIMIT 1),
    (SELECT c.id FROM $far_circle WHERE $fits AND $d2 <= :far_reach AND $d2 > :reach $words
        ORDER BY $d2, c.id LIMIT 1),
    (SELECT c.id FROM clinic AS c WHERE c.status = 'published' AND c.cell IS NOT NULL
        AND $fits AND $d2 > :reach $words ORDER BY $d2, c.id LIMIT 1)
)
""")
_STATEMENTS = {
    (engine, with_words): _make(dialect, with_words=with_words)
    for engine, dialect in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL))
    for with_words in (False, True)
}
