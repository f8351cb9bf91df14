"""The search by name: constant statements, one set an engine, each bounded whatever the directory holds.

`keys` and `words` are JSON arrays of strings, `asked` one of [slot, word, points]. The two engines differ only in how
they open such an array; what is ordered is ordered by whole numbers, bytes and ids, so both give the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Template

from sqlalchemy import Boolean, Date, Delete, Select, TextClause, TextualSelect, delete, select, text

from directory.models.name import NameWord, NearSpelling
from directory.queries.nearby import COLUMNS

#: A word that more clinics have than this tells none of them apart.
COMMON = 1000
#: The most clinics that are weighed one by one.
WEIGHED = 100
#: Of a search for nothing but common words, so many clinics of the rarest are looked at.
_LOOKED_AT = 5000
_BEGINNINGS = 40


@dataclass(frozen=True)
class Statements:
    """The statements of one engine."""

    #: (`keys`, `low`, `high`) → key and word: of each key, and of at most 40 words from `low` to before `high`.
    spellings: TextClause
    #: (`words`) → word, and how many clinics have it, counted to COMMON + 1.
    counts: TextClause
    #: (`asked`) → id, folded name, city and state of at most WEIGHED published clinics: those with most of it.
    holders: TextClause
    #: (`driver`, `words`) → the same of published clinics that have `driver` and every one of `words`.
    holders_of_all: TextClause
    #: (`ids`) → nearby.COLUMNS of these clinics; in no order.
    listed: TextualSelect


def statements(engine: str) -> Statements:
    """Return the statements for `engine`, "sqlite" or "postgresql"."""
    return _STATEMENTS[engine]


def known_words(words: Iterable[str]) -> Select[str]:
    """Those of `words` whose near spellings are kept already; in no order."""
    return select(NearSpelling.word).where(NearSpelling.key.in_(words), NearSpelling.key == NearSpelling.word)


def forget_words_of(clinic_ids: Iterable[int]) -> Delete:
    """Take out the words of clinics."""
    return delete(NameWord).where(NameWord.clinic_id.in_(clinic_ids))


def keep_spellings() -> TextClause:
    """Keep a key of a word; a no-op where somebody else kept it."""
    return text("INSERT INTO near_spelling (key, word) VALUES (:key, :word) ON CONFLICT DO NOTHING")


# Each `$..._of` is the look into a table by its index, once for each row before it: PostgreSQL, left to itself, reads
# the whole table and hashes it, because it cannot know how few the rows of an array are.
_SPELLINGS = Template("""
SELECT s.key, s.word FROM $keys AS k $spellings_of
UNION ALL
SELECT b.key, b.word FROM (
    SELECT s.key, s.word FROM near_spelling AS s
    WHERE s.key >= :low AND s.key < :high ORDER BY length(s.key), s.key LIMIT $beginnings
) AS b
""")
_COUNTS = Template("""
SELECT k.value AS word,
    (SELECT count(*) FROM (SELECT 1 FROM name_word AS n WHERE n.word = k.value LIMIT $common) AS held) AS clinics
FROM $words AS k
""")
_HOLDERS = Template("""
SELECT k.id, k.name_key, k.city, k.state FROM (
    SELECT best.clinic_id, sum(best.points) AS points FROM (
        SELECT n.clinic_id, $slot AS slot, max($points) AS points FROM $asked AS k $words_of
        GROUP BY n.clinic_id, $slot
    ) AS best $published_of
    GROUP BY best.clinic_id ORDER BY points DESC, best.clinic_id LIMIT $weighed
) AS found $found_of
""")
_HOLDERS_OF_ALL = Template("""
SELECT k.id, k.name_key, k.city, k.state FROM (
    SELECT best.clinic_id FROM (
        SELECT n.clinic_id FROM name_word AS n WHERE n.word = :driver ORDER BY n.clinic_id LIMIT $looked_at
    ) AS best $published_of AND NOT EXISTS (
        SELECT 1 FROM $words AS k WHERE NOT EXISTS (
            SELECT 1 FROM name_word AS n WHERE n.word = k.value AND n.clinic_id = best.clinic_id))
    ORDER BY best.clinic_id LIMIT $weighed
) AS found $found_of
""")
_LISTED = Template("""
SELECT $columns FROM $ids AS i $listed_of
""")


_PINNED = Template("CROSS JOIN LATERAL (SELECT * FROM $table AS $name WHERE $condition OFFSET 0) AS $name WHERE TRUE")
_PLAIN = Template("CROSS JOIN $table AS $name WHERE $condition")


def _look(table: str, name: str, condition: str, *, lateral: bool) -> str:
    return (_PINNED if lateral else _PLAIN).substitute(table=table, name=name, condition=condition)


def _looks(word: str, number: str, *, lateral: bool) -> dict[str, str]:
    return {
        "spellings_of": _look("near_spelling", "s", "s.key = k.value", lateral=lateral),
        "words_of": _look("name_word", "n", f"n.word = {word}", lateral=lateral),
        "published_of": _look("clinic", "c", "c.id = best.clinic_id AND c.status = 'published'", lateral=lateral),
        "found_of": _look("clinic", "k", "k.id = found.clinic_id", lateral=lateral),
        "listed_of": _look("clinic", "k", f"k.id = {number}", lateral=lateral),
    }


_DIALECTS = {
    "sqlite": _looks("(k.value ->> 1)", "i.value", lateral=False) | {
        "keys": "json_each(:keys)", "words": "json_each(:words)", "asked": "json_each(:asked)",
        "ids": "json_each(:ids)", "slot": "(k.value ->> 0)", "points": "(k.value ->> 2)",
    },
    "postgresql": _looks("(k.value ->> 1)", "CAST(i.value AS integer)", lateral=True) | {
        "keys": "jsonb_array_elements_text(CAST(:keys AS jsonb))",
        "words": "jsonb_array_elements_text(CAST(:words AS jsonb))",
        "asked": "jsonb_array_elements(CAST(:asked AS jsonb))",
        "ids": "jsonb_array_elements_text(CAST(:ids AS jsonb))",
        "slot": "CAST(k.value ->> 0 AS integer)", "points": "CAST(k.value ->> 2 AS integer)",
    },
}  # fmt: skip


def _make(dialect: dict[str, str]) -> Statements:
    parts = dialect | {
        "columns": COLUMNS, "common": str(COMMON + 1), "weighed": str(WEIGHED), "looked_at": str(_LOOKED_AT),
        "beginnings": str(_BEGINNINGS),
    }  # fmt: skip
    types = {"facts_as_of": Date, "signs_seen_on": Date, "was_checked": Boolean}
    return Statements(
        spellings=text(_SPELLINGS.substitute(parts)),
        counts=text(_COUNTS.substitute(parts)),
        holders=text(_HOLDERS.substitute(parts)),
        holders_of_all=text(_HOLDERS_OF_ALL.substitute(parts)),
        listed=text(_LISTED.substitute(parts)).columns(**types),
    )


_STATEMENTS = {engine: _make(dialect) for engine, dialect in _DIALECTS.items()}
