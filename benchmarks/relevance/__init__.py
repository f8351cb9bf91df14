"""Two hundred things people type into the search box, each with what they mean, and how often the search finds it.

The queries were written before the search was, against the clinics of the demonstration and 679 hospitals of six
states (HIFLD Hospitals, a US government register in the public domain). `expected` is one of:

- `name|city state`, several divided by " ; ": these clinics;
- `~ words`: every clinic whose name holds these words;
- `@ place` with ` + treatment`: the search around this place, narrowed to the treatment.
  Where several places bear the name, the choices count as hits in their order;
- `? treatment`: the question for a place, with the treatment kept.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from directory.domain.folding import fold
from directory.domain.listings import Listing
from directory.domain.profile import ROUTES, ListingStatus, terms
from directory.services import demo
from directory.services.asking import Asked, ask
from directory.services.clinics import record
from directory.services.geocoding import OfflineGeocoder

_FOLDER = Path(__file__).parent
_AT = 10


@dataclass(frozen=True)
class Judged:
    """How one query was answered: `found` of `findable` among the first ten, and whether the first hit is right."""

    kind: str
    query: str
    expected: str
    found: int
    findable: int
    is_first_right: bool
    answer: Sequence[str]

    @property
    def recall(self) -> float:
        """What part of what could stand among the first ten does."""
        return self.found / self.findable


def load() -> None:
    """Write the clinics that the queries are about."""
    record([*demo.listings(), *map(_listing, _hospitals())])


def judge(geocoder: OfflineGeocoder, *, step: int = 1) -> list[Judged]:
    """Put every `step`-th query to the search and return how it was answered, in the order of the file."""
    with (_FOLDER / "queries.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_judged(row, ask(geocoder, row["query"])) for row in rows[::step]]


def _judged(row: dict[str, str], asked: Asked) -> Judged:
    wanted, findable = _wanted(row["expected"])
    answer = _answer(asked)
    found = len(set(answer[:_AT]) & wanted)
    return Judged(
        **row, found=found, findable=findable, is_first_right=bool(answer) and answer[0] in wanted, answer=answer
    )


def _wanted(expected: str) -> tuple[set[str], int]:
    if expected.startswith("~ "):
        words = set(fold(expected).split())
        wanted = {
            _shown(each.name, each.city, each.state) for each in _published() if words <= set(fold(each.name).split())
        }
    else:
        wanted = set(expected.split(" ; "))
    if not wanted:
        raise SystemExit(f"nothing can be found for {expected}")
    return wanted, min(len(wanted), _AT)


@cache
def _published() -> list[Listing]:
    published = [each for each in demo.listings() if each.status is ListingStatus.PUBLISHED]
    return [*published, *map(_listing, _hospitals())]


def _answer(asked: Asked) -> list[str]:
    routes = "".join(f" + {term.word}" for term in terms(ROUTES, asked.routes))
    if asked.wants_place:
        return [f"?{routes.replace(' +', '')}"]
    if asked.is_name:
        return [_shown(each.name, each.city, each.state) for each in asked.hits.clinics]
    places = [asked.place] if asked.place else getattr(asked.problem, "candidates", ())
    return [f"@ {place.label}{routes}" for place in places]


def _shown(name: str, city: str, state: str) -> str:
    return f"{name}|{city} {state}"


def _hospitals() -> Iterator[dict[str, str]]:
    with (_FOLDER / "hospitals.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _listing(row: dict[str, str]) -> Listing:
    return Listing(
        source="hifld",
        source_key=_shown(**row),
        source_title="HIFLD Hospitals",
        seen_on=date(2026, 10, 2),
        name=row["name"],
        city=row["city"],
        state=row["state"],
        status=ListingStatus.PUBLISHED,
    )
