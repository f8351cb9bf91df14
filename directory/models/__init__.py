"""The tables. Importing this package makes all of them known to SQLAlchemy and Alembic."""

from directory.models.base import Base
from directory.models.clinic import Clinic, ClinicFact, Organisation
from directory.models.place import Place

__all__ = ["Base", "Clinic", "ClinicFact", "Organisation", "Place"]
