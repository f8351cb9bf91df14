"""The gazetteer: ZIP codes and cities with their centres, filled by `flask places load`."""

from sqlalchemy import CheckConstraint, Float, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.domain.gazetteer import PlaceKind, PlaceOrigin
from directory.models.base import Base, one_of


class Place(Base):
    """A ZIP code or a city by one of its names, with its centre."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    #: The five digits of a ZIP, or the name of a city as domain.folding.squash() leaves it.
    key: Mapped[str] = mapped_column(Text)
    #: The city's name as people write it; for a ZIP, that of its city.
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(2))
    latitude: Mapped[float] = mapped_column(Float(53))
    longitude: Mapped[float] = mapped_column(Float(53))
    #: About how far, in miles, the place reaches from its centre.
    accuracy_miles: Mapped[float] = mapped_column(Float(53))
    #: Orders choices, as domain.gazetteer makes it from ZIP codes; no population. 0 for a ZIP and for a second name, 1
    #: for a name that only an organisation's ZIPs bear; a thousand and more for all others.
    size: Mapped[int] = mapped_column(Integer)
    origin: Mapped[str] = mapped_column(String(6))

    __table_args__ = (
        UniqueConstraint("kind", "key", "state"),
        Index("ix_place_key", "key"),
        Index("ix_place_state_size", "state", "size"),
        one_of("kind", PlaceKind, name="kind"),
        one_of("origin", PlaceOrigin, name="origin"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),
        CheckConstraint("NOT (latitude = 0 AND longitude = 0)", name="not_zero"),
        CheckConstraint("kind <> 'zip' OR length(key) = 5", name="zip_digits"),
    )
