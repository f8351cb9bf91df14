"""What a clinic is found by without a place: the words of its name and city, and the near spellings of every word."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import SORTABLE_TEXT, Base


class NameWord(Base):
    """A clinic has this word in its name or its city; written with the clinic by services.name_index."""

    __tablename__ = "name_word"

    #: As domain.spellings.name_words() spells it.
    word: Mapped[str] = mapped_column(SORTABLE_TEXT, primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True, index=True)


class NearSpelling(Base):
    """A word that some clinic has or had in its name, under a key by which it is found misspelt.

    Keys are those of domain.spellings.near_keys(); that a word is no longer in use does no harm.
    """

    __tablename__ = "near_spelling"

    key: Mapped[str] = mapped_column(SORTABLE_TEXT, primary_key=True)
    word: Mapped[str] = mapped_column(SORTABLE_TEXT, primary_key=True)
