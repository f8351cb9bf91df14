"""Clinics: their public entry, the point on the map, and where each fact was read and when."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.domain.prices import price_text
from directory.domain.profile import ListingStatus, PointPrecision
from directory.domain.scoring import Grade
from directory.models.base import SORTABLE_TEXT, Base, at_most, now, one_of, random_public_id

_PUBLISHED = text("status = 'published'")
_CHANGING = text("score_changes_on IS NOT NULL")
_HAS_PHONE = text("phone IS NOT NULL")
_HAS_NPI = text("npi IS NOT NULL")
_UNMAPPED = text("status = 'published' AND cell IS NULL")

#: The facts of a listing whose source and date are kept.
FACT_FIELDS = (
    "name", "address", "phone", "website", "contact_email", "npi", "organisation", "routes", "settings", "conditions",
    "point", "psychotherapy", "insurance", "payment_help", "accepts", "price",
)  # fmt: skip
#: Columns of masks that came after the first three.
CLAIMS = ("psychotherapy", "insurance", "payment_help", "accepts")


class Organisation(Base):
    """A chain or company that runs one or more clinics; a tie to one of its clinics is a tie to all."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    #: The folded name, by which it is known again.
    key: Mapped[str] = mapped_column(Text, unique=True)

    __table_args__ = (at_most("name", 200),)


class Clinic(Base):
    """A clinic's public entry. Columns from `cell` to `z` are written by services.clinics with the coordinates."""

    __tablename__ = "clinic"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    status: Mapped[str] = mapped_column(String(20), default=ListingStatus.PROPOSED)
    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    #: The folded name: what "by name" sorts by.
    name_key: Mapped[str] = mapped_column(SORTABLE_TEXT)
    #: Folded name and city: what words are looked for in.
    search_text: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(Text)
    city_key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(2))
    postal_code: Mapped[str | None] = mapped_column(String(5))
    #: E.164.
    phone: Mapped[str | None] = mapped_column(String(16))
    website: Mapped[str | None] = mapped_column(Text)
    #: Staff-only: where the clinic is told of findings. Never shown.
    contact_email: Mapped[str | None] = mapped_column(Text)
    npi: Mapped[str | None] = mapped_column(String(10))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: Bit masks over the vocabularies of domain.profile; 0 means that nobody has said.
    routes: Mapped[int] = mapped_column(default=0)
    settings: Mapped[int] = mapped_column(default=0)
    conditions: Mapped[int] = mapped_column(default=0)
    psychotherapy: Mapped[int] = mapped_column(server_default="0")
    insurance: Mapped[int] = mapped_column(server_default="0")
    payment_help: Mapped[int] = mapped_column(server_default="0")
    accepts: Mapped[int] = mapped_column(server_default="0")
    #: Of a session, in whole US dollars; both the same where one price is named, and NULL where nobody has said.
    price_min: Mapped[int | None] = mapped_column()
    price_max: Mapped[int | None] = mapped_column()
    #: All of these in one number (domain.facets), by which searches are narrowed.
    facets: Mapped[int] = mapped_column(BigInteger, server_default="0")

    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    point_precision: Mapped[str | None] = mapped_column(String(5))
    #: Band of latitude and step of longitude (domain.geo.cell); with x, y, z in miles from the Earth's centre.
    cell: Mapped[int | None] = mapped_column(BigInteger)
    x: Mapped[float | None] = mapped_column(Float(53))
    y: Mapped[float | None] = mapped_column(Float(53))
    z: Mapped[float | None] = mapped_column(Float(53))

    #: Copies of the newest row of `score`, written by services.scores; they begin as those of a clinic that nobody
    #: has checked. `signs` is a digit a warning sign (domain.scoring.written).
    grade: Mapped[str] = mapped_column(String(5), server_default=Grade.GREY)
    score_low: Mapped[int] = mapped_column(server_default="0")
    score_high: Mapped[int] = mapped_column(server_default="100")
    settled: Mapped[int] = mapped_column(server_default="0")
    confirmed_points: Mapped[int] = mapped_column(server_default="0")
    signs: Mapped[str] = mapped_column(String(5), server_default="00000")
    #: The newest day on which somebody observed one of the signs, of the answers that count.
    signs_seen_on: Mapped[date | None] = mapped_column(Date)
    #: The first day on which time alone may change the score: what `flask scores expire` looks for.
    score_changes_on: Mapped[date | None] = mapped_column(Date)

    #: By what an importer knows the row again: the data set, and its own id or the folded name, address and ZIP.
    source: Mapped[str] = mapped_column(String(40))
    source_key: Mapped[str] = mapped_column(Text)
    #: Of a merged listing: the one that stands for it now, never itself a merged one.
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id"), index=True)
    #: The newest date among its facts.
    facts_as_of: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, onupdate=now)

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    facts: Mapped[list["ClinicFact"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="ClinicFact.field"
    )

    @property
    def price(self) -> str:
        """The price as domain.facts keeps it; "" where nobody has said."""
        return price_text(self.price_min, self.price_max)

    __table_args__ = (
        # The whole of a search by distance runs inside this index; the status stands at its end because
        # PostgreSQL answers from an index alone only when each column named in the statement is in it.
        Index("ix_clinic_nearby", "cell", "x", "y", "z", "facets", "settled", "confirmed_points", "score_low", "id",
              "status", sqlite_where=_PUBLISHED, postgresql_where=_PUBLISHED),
        Index("ix_clinic_unmapped", "state", "city_key", sqlite_where=_UNMAPPED, postgresql_where=_UNMAPPED),
        # By which a clinic that is proposed is found to be listed already.
        Index("ix_clinic_state_name_key", "state", "name_key"),
        Index("ix_clinic_phone", "phone", sqlite_where=_HAS_PHONE, postgresql_where=_HAS_PHONE),
        Index("ix_clinic_npi", "npi", sqlite_where=_HAS_NPI, postgresql_where=_HAS_NPI),
        Index("ix_clinic_postal_code", "postal_code"),
        Index("uq_clinic_source_source_key", "source", "source_key", unique=True),
        Index("ix_clinic_score_changes_on", "score_changes_on",
              sqlite_where=_CHANGING, postgresql_where=_CHANGING),
        one_of("status", ListingStatus, name="status"),
        one_of("point_precision", PointPrecision, name="point_precision"),
        at_most("name", 200), at_most("address", 300), at_most("city", 100), at_most("website", 500),
        at_most("contact_email", 254),
        CheckConstraint("length(name) > 0 AND length(name_key) > 0", name="name_given"),
        CheckConstraint("length(city) > 0", name="city_given"),
        CheckConstraint("length(state) = 2 AND state = upper(state)", name="state_code"),
        CheckConstraint("length(postal_code) = 5", name="postal_code"),
        CheckConstraint("website LIKE 'http://%' OR website LIKE 'https://%'", name="website"),
        CheckConstraint("routes >= 0 AND settings >= 0 AND conditions >= 0", name="masks"),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in CLAIMS),
        CheckConstraint("facets >= 0", name="facets"),
        CheckConstraint("price_min > 0", name="price_min"),
        CheckConstraint("(price_min IS NULL) = (price_max IS NULL) AND (price_min IS NULL OR price_min <= price_max)",
                        name="price_whole"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),
        CheckConstraint("NOT (latitude = 0 AND longitude = 0)", name="not_zero"),
        one_of("grade", Grade, name="grade"),
        CheckConstraint("score_low BETWEEN 0 AND 100", name="score_low"),
        CheckConstraint("score_high BETWEEN 0 AND 100", name="score_high"),
        CheckConstraint("settled BETWEEN 0 AND 5", name="settled"),
        CheckConstraint("confirmed_points >= 0", name="confirmed_points"),
        CheckConstraint("length(signs) = 5", name="signs_length"),
        CheckConstraint("(status = 'merged') = (successor_id IS NOT NULL)", name="successor_given"),
        CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL) = (point_precision IS NULL)"
            " AND (latitude IS NULL) = (cell IS NULL) AND (cell IS NULL) = (x IS NULL)"
            " AND (x IS NULL) = (y IS NULL) AND (y IS NULL) = (z IS NULL)",
            name="point_whole",
        ),
    )  # fmt: skip


class ClinicFact(Base):
    """Where and when one fact of a clinic was read. The fact itself stands in the clinic's column."""

    __tablename__ = "clinic_fact"

    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The source as a reader should see it, like "HIFLD Hospitals".
    source: Mapped[str] = mapped_column(Text)
    seen_on: Mapped[date] = mapped_column(Date)
    #: Of a fact that a moderator approved: by what. No import takes it back.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))

    __table_args__ = (one_of("field", FACT_FIELDS, name="field"), at_most("source", 200))
