"""From one row of a sheet to a listing: cleans each cell, and says what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from directory.domain import identifiers
from directory.domain.facts import VOCABULARIES
from directory.domain.folding import fold
from directory.domain.geo import Point
from directory.domain.labels import N_
from directory.domain.listings import LONGEST, MAX_KEY_BYTES, Listing
from directory.domain.prices import price, price_text
from directory.domain.profile import HIGHEST_PRICE, ListingStatus, PointPrecision, mask
from directory.services.exchange.coordinates import degrees, point_in_the_united_states
from directory.services.exchange.findings import Doubt, Findings
from directory.services.exchange.records import Record
from directory.services.exchange.sheets import Sheet
from directory.services.exchange.shown import shown

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LONGEST = LONGEST | {"source_id": 200}
_NEEDED = ("name", "city")
_FOLDED = ("name", "city", "organisation")
_PRICES = ("price_min", "price_max")
_NONE_OF_ITS = N_("%(column)s: “%(text)s” is none of its words. Use %(known)s.")
_STATUSES = {
    "": ListingStatus.PROPOSED,
    "open": ListingStatus.PROPOSED,
    "proposed": ListingStatus.PROPOSED,
    "published": ListingStatus.PROPOSED,
    "closed": ListingStatus.CLOSED,
}


class _Doubtful(NamedTuple):
    """A field that is left empty, with a warning, where `read` makes nothing of its text."""

    field: str
    doubt: Doubt
    read: Callable[[str], str | None]
    message: str


_DOUBTFUL = (
    _Doubtful("phone", Doubt.PHONE, identifiers.telephone, N_("%(column)s “%(text)s” is not a US telephone number.")),
    _Doubtful("website", Doubt.WEBSITE, identifiers.website, N_("%(column)s “%(text)s” is not a web address.")),
    _Doubtful(
        "contact_email", Doubt.EMAIL, identifiers.email_address, N_("%(column)s “%(text)s” is not an e-mail address.")
    ),
    _Doubtful("npi", Doubt.NPI, identifiers.npi, N_("%(column)s “%(text)s” is no NPI: its check digit does not hold.")),
)


@dataclass
class RowReader:
    """Reads the rows of `sheet`; what it finds goes into `findings`. `as_of` dates rows that carry no date."""

    sheet: Sheet
    as_of: date
    findings: Findings = field(default_factory=Findings)

    def listing(self, record: Record) -> Listing | None:
        """Return the clinic that `record` describes, proposed or closed and without a point where the row has none.

        None when the row cannot be used: then `findings` has at least one reason more.
        """
        found_before = len(self.findings.bad_rows)
        if len(record.cells) != len(self.sheet.header):
            self.findings.refuse(
                record.line,
                N_("The row has %(cells)d cells where the header has %(columns)d. Quote cells that hold a delimiter."),
                cells=len(record.cells),
                columns=len(self.sheet.header),
            )
            return None
        listing = self._assembled(record.line, self._texts(record))
        return listing if len(self.findings.bad_rows) == found_before else None

    def _title(self, name: str) -> str:
        place = self.sheet.columns.get(name)
        return name if place is None else shown(self.sheet.header[place].strip())

    def _texts(self, record: Record) -> dict[str, str]:
        """Return the text of each field, "" where there is none, line breaks and runs of spaces as one space."""
        texts = dict.fromkeys(self.sheet.preset.columns, "")
        for name, place in self.sheet.columns.items():
            text = record.cells[place]
            if _CONTROL.search(text):
                self._refuse(record.line, name, N_("%(column)s holds a control character. Take it out."))
            text = " ".join(text.split())
            texts[name] = "" if text.upper() in self.sheet.preset.blanks else text
            self._check_text(record.line, name, texts[name])
        return texts

    def _check_text(self, line: int, name: str, text: str) -> None:
        limit = _LONGEST.get(name)
        if limit and len(text) > limit:
            self._refuse(line, name, N_("%(column)s is longer than %(limit)d characters. Shorten it."), limit=limit)
        elif name in _NEEDED and not text:
            self._refuse(line, name, N_("%(column)s is empty. Each clinic needs one."))
        elif name in _FOLDED and text and not 0 < len(fold(text).encode()) <= MAX_KEY_BYTES:
            self._refuse(line, name, N_("%(column)s “%(text)s” needs letters or digits to be found by."), text=text)

    def _refuse(self, line: int, name: str, message: str, **values: object) -> None:
        readable = {key: shown(value) if isinstance(value, str) else value for key, value in values.items()}
        self.findings.refuse(line, message, column=self._title(name), **readable)

    def _assembled(self, line: int, texts: dict[str, str]) -> Listing:
        preset = self.sheet.preset
        said_on = self._said_on(line, texts)
        point = self._point(line, texts)
        sure = {doubtful.field: self._sure(line, texts, doubtful) for doubtful in _DOUBTFUL}
        # Before the key is made of it: 63101-1234 is the clinic of 63101.
        texts["zip"] = self._zip_code(line, texts["zip"]) or ""
        return Listing(
            source=preset.source,
            source_title=preset.title,
            source_key=self._key(line, texts),
            seen_on=said_on or self.as_of,
            is_dated_by_source=said_on is not None,
            name=texts["name"],
            address=texts["address"],
            city=texts["city"],
            state=self._state(line, texts["state"]),
            postal_code=texts["zip"] or None,
            phone=sure["phone"],
            website=sure["website"],
            contact_email=sure["contact_email"],
            npi=sure["npi"],
            organisation=texts.get("organisation") or None,
            **self._masks(line, texts),
            price=self._price(line, texts),
            status=self._status(line, texts.get("status", "")),
            point=point,
            point_precision=PointPrecision.GIVEN if point else None,
        )

    def _key(self, line: int, texts: dict[str, str]) -> str:
        key = self.sheet.preset.key(texts)
        if not key:
            self._refuse(line, "source_id", N_("%(column)s is empty. Each clinic of this source has an id."))
        return key

    def _sure(self, line: int, texts: dict[str, str], doubtful: _Doubtful) -> str | None:
        text = texts.get(doubtful.field, "")
        value = doubtful.read(text) if text else None
        if text and value is None:
            column = self._title(doubtful.field)
            self.findings.warn(line, doubtful.doubt, doubtful.message, column=column, text=shown(text))
        return value

    def _zip_code(self, line: int, text: str) -> str | None:
        code = identifiers.zip_code(text) if text else None
        if text and code is None:
            self._refuse(line, "zip", N_("%(column)s “%(text)s” is not a ZIP code of five digits."), text=text)
        return code

    def _state(self, line: int, text: str) -> str:
        code = identifiers.state_code(text)
        if code is None:
            self._refuse(line, "state", N_("%(column)s “%(text)s” is not a US state. Use its two letters."), text=text)
        return code or ""

    def _status(self, line: int, text: str) -> ListingStatus:
        if text.lower() not in _STATUSES:
            self._refuse(line, "status", N_("%(column)s “%(text)s” is neither open nor closed."), text=text)
        return _STATUSES.get(text.lower(), ListingStatus.PROPOSED)

    def _masks(self, line: int, texts: dict[str, str]) -> dict[str, Any]:
        return {name: self._bits(line, name, texts.get(name, "")) for name in VOCABULARIES}

    def _bits(self, line: int, name: str, text: str) -> int:
        words = [word.strip().lower() for word in re.split("[|;,]", text)]
        try:
            return mask(VOCABULARIES[name], filter(None, words))
        except ValueError as error:
            known = ", ".join(term.word for term in VOCABULARIES[name])
            self.findings.refuse(line, _NONE_OF_ITS, column=self._title(name), text=shown(str(error)), known=known)
            return 0

    def _price(self, line: int, texts: dict[str, str]) -> str | None:
        """Return the row's price as a listing keeps it; None where it has none or has one that cannot be."""
        given = [name for name in _PRICES if texts.get(name)]
        if not given:
            return None
        dollars = {name: self._dollars(line, name, texts[name]) for name in given}
        for lacking in set(_PRICES).difference(given):
            self._refuse(
                line, lacking, N_("%(column)s is missing. Give both; the same in both where there is one price.")
            )
        lowest, highest = (dollars.get(name) for name in _PRICES)
        if lowest and highest and lowest > highest:
            message = N_("%(column)s %(text)s is more than %(highest)s %(most)s. Exchange the two.")
            values = {"highest": self._title("price_max"), "most": texts["price_max"]}
            self._refuse(line, "price_min", message, text=texts["price_min"], **values)
        return price_text(lowest, highest) or None

    def _dollars(self, line: int, name: str, text: str) -> int | None:
        found = price(text)
        if found is None or found.lowest != found.highest:
            message = N_("%(column)s “%(text)s” is no price. Give whole dollars a session, from 1 to %(most)d.")
            self._refuse(line, name, message, text=text, most=HIGHEST_PRICE)
            return None
        return found.lowest

    def _said_on(self, line: int, texts: dict[str, str]) -> date | None:
        """Return the source's own date; one that cannot be read or lies ahead is a warning and not used."""
        try:
            said_on = self.sheet.preset.seen_on(texts)
        except ValueError:
            self.findings.warn(line, Doubt.DATE, N_("The row's date cannot be read."))
            return None
        if said_on and said_on > self.as_of:
            self.findings.warn(line, Doubt.DATE, N_("The row's date, %(date)s, lies ahead."), date=said_on.isoformat())
            return None
        return said_on

    def _point(self, line: int, texts: dict[str, str]) -> Point | None:
        """Return the row's point, or None where it has none or has 0,0; anything impossible is refused."""
        latitude, longitude = texts.get("latitude", ""), texts.get("longitude", "")
        if bool(latitude) != bool(longitude):
            lacking = "longitude" if latitude else "latitude"
            self._refuse(line, lacking, N_("%(column)s is missing. Give both coordinates or none."))
        if not latitude or not longitude:
            return None
        degrees_north = self._degrees(line, "latitude", latitude)
        degrees_east = self._degrees(line, "longitude", longitude)
        if degrees_north is None or degrees_east is None:
            return None
        if not degrees_north and not degrees_east:
            self.findings.warn(line, Doubt.COORDINATES, N_("0,0 stands for missing coordinates; they were not used."))
            return None
        return self._point_at(line, degrees_north, degrees_east)

    def _degrees(self, line: int, name: str, text: str) -> float | None:
        try:
            return degrees(text)
        except ValueError:
            self._refuse(line, name, N_("%(column)s “%(text)s” is not a number of degrees."), text=text)
            return None

    def _point_at(self, line: int, latitude: float, longitude: float) -> Point | None:
        where = f"{latitude:.10g}, {longitude:.10g}"
        try:
            point, is_exchanged = point_in_the_united_states(latitude, longitude)
        except ValueError:
            message = N_("latitude, longitude %(where)s is no place in the United States. Check signs and decimals.")
            self.findings.refuse(line, message, where=where)
            return None
        if is_exchanged:
            message = N_("latitude, longitude %(where)s were exchanged, and were put in order.")
            self.findings.warn(line, Doubt.COORDINATES, message, where=where)
        return point
