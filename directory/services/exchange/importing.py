"""Imports a file of clinics: reads it, checks every row, and writes all of it or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date

from directory.domain.labels import N_
from directory.domain.listings import Listing
from directory.domain.profile import ListingStatus, PointPrecision
from directory.extensions import reading
from directory.services.clinics import Recorded, record, rehearse
from directory.services.exchange.findings import Findings
from directory.services.exchange.placing import placed
from directory.services.exchange.rows import RowReader
from directory.services.exchange.sheets import AUTO, Sheet, read_sheet
from directory.services.gazetteer import load_gazetteer

#: How often a progress bar is told of rows that were checked.
_STRIDE = 100

#: Opens a progress bar of a label and a length, and gives the function that moves it on.
Track = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True, kw_only=True)
class ImportOrder:
    """What the operator asked for; `as_of` dates what the file itself does not date, and no row may lie after it."""

    as_of: date
    preset: str = AUTO
    publishes: bool = False
    skips_bad_rows: bool = False
    is_rehearsal: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a file; `recorded` is None where bad rows kept all of it out, else what was (or would be) written.

    `listings` are those that were written, or would be.
    """

    sheet: Sheet
    findings: Findings
    listings: Sequence[Listing]
    recorded: Recorded | None

    @property
    def bad_lines(self) -> int:
        """Return how many rows cannot be used; one row may be bad for several reasons."""
        return len({bad.line for bad in self.findings.bad_rows})

    @property
    def closed(self) -> int:
        """Return how many of the listings are closed."""
        return sum(listing.status is ListingStatus.CLOSED for listing in self.listings)

    def placed_by(self, precision: PointPrecision | None) -> int:
        """Return how many of the listings got their point in this way; None counts those without a point."""
        return sum(listing.point_precision == precision for listing in self.listings)


@contextmanager
def _untracked(_label: str, _length: int) -> Iterator[Callable[[int], None]]:
    yield lambda _count: None


def import_clinics(content: bytes, order: ImportOrder, *, track: Track = _untracked) -> Outcome:
    """Write the clinics in the file `content` in one transaction, and return what was done and found.

    Every row is checked before anything is written. A bad row keeps the whole file out unless the order skips bad
    rows; the map is then not looked at. The same file a second time finds all unchanged. Raises BadFile where the
    file is no table of clinics.
    """
    sheet = read_sheet(content, order.preset)
    with track(N_("Checking"), len(sheet.rows)) as on_progress:
        listings, findings = _checked(sheet, order, on_progress)
    if findings.bad_rows and not order.skips_bad_rows:
        return Outcome(sheet, findings, tuple(listings.values()), None)
    placed_listings = _placed(listings, findings)
    with track(N_("Comparing") if order.is_rehearsal else N_("Writing"), len(listings)) as on_progress:
        recorded = (rehearse if order.is_rehearsal else record)(placed_listings, on_progress=on_progress)
    return Outcome(sheet, findings, placed_listings, recorded)


def _checked(
    sheet: Sheet, order: ImportOrder, on_progress: Callable[[int], None]
) -> tuple[dict[int, Listing], Findings]:
    """Return the listings that can be used by their line, and what was found."""
    reader = RowReader(sheet, order.as_of)
    lines: dict[str, int] = {}
    listings = {}
    for count, row in enumerate(sheet.rows, start=1):
        listing = reader.listing(row)
        if listing and _is_first(listing, row.line, lines, reader.findings):
            listings[row.line] = _asked(listing, order)
        if count % _STRIDE == 0:
            on_progress(_STRIDE)
    on_progress(len(sheet.rows) % _STRIDE)
    return listings, reader.findings


def _placed(listings: Mapping[int, Listing], findings: Findings) -> tuple[Listing, ...]:
    with reading() as session:
        gazetteer = load_gazetteer(session)
    return tuple(placed(listing, line, gazetteer, findings) for line, listing in listings.items())


def _is_first(listing: Listing, line: int, lines: dict[str, int], findings: Findings) -> bool:
    first = lines.setdefault(listing.source_key, line)
    if first != line:
        findings.refuse(line, N_("This is the clinic of line %(first)d again. Take one of them out."), first=first)
    return first == line


def _asked(listing: Listing, order: ImportOrder) -> Listing:
    """Return `listing` as published where the order publishes; a closed one stays closed."""
    is_published = order.publishes and listing.status is not ListingStatus.CLOSED
    return replace(listing, status=ListingStatus.PUBLISHED) if is_published else listing
