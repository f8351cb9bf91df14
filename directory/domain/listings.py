"""What a source says of one clinic, cleaned: the form in which imports and the demo hand clinics to the directory."""

from dataclasses import dataclass
from datetime import date

from directory.domain.geo import Point
from directory.domain.profile import ListingStatus, PointPrecision

#: The most characters that a text of a listing may have; models.clinic has the same numbers as CHECKs.
LONGEST = {"name": 200, "address": 300, "city": 100, "website": 500, "contact_email": 254, "organisation": 200}
#: How long a folded text may be that something is found by: PostgreSQL keeps at most 2,704 bytes a row in a B-tree.
MAX_KEY_BYTES = 2000


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One clinic as one source describes it; the texts are trimmed and the identifiers in domain.identifiers' forms.

    `source` names the data set ("hifld"), `source_title` is how a reader sees it, and `source_key` is by what the
    clinic is known again in it. `seen_on` is the date of the source's statement, and `is_dated_by_source` says
    whether the source itself gave it: only then does a later date renew a fact that has not changed. `routes`
    to `accepts` are bit masks over the vocabularies of domain.profile, 0 where nothing was said; `price` is text that
    domain.prices wrote, None for none.
    `public_id` is given only by the demo, whose addresses must not change from one run to the next.
    """

    source: str
    source_key: str
    source_title: str
    seen_on: date
    is_dated_by_source: bool = False
    name: str
    city: str
    state: str
    address: str = ""
    postal_code: str | None = None
    phone: str | None = None
    website: str | None = None
    contact_email: str | None = None
    npi: str | None = None
    organisation: str | None = None
    routes: int = 0
    settings: int = 0
    conditions: int = 0
    psychotherapy: int = 0
    insurance: int = 0
    payment_help: int = 0
    accepts: int = 0
    price: str | None = None
    point: Point | None = None
    point_precision: PointPrecision | None = None
    status: ListingStatus = ListingStatus.PROPOSED
    public_id: str | None = None
