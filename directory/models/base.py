"""What all tables share: names for constraints, a clock in UTC, and text that sorts by its bytes."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, MetaData, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

_PUBLIC_ID_BYTES = 9
_TOKEN_BYTES = 32

#: Sorted by code point on both engines; PostgreSQL would otherwise sort by the server's language.
SORTABLE_TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """The base of all tables; every constraint gets a name, so that a migration can find it again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def random_public_id() -> str:
    """Return twelve random characters for an address; 72 bits, so that nobody finds anything by counting."""
    return secrets.token_urlsafe(_PUBLIC_ID_BYTES)


def random_token() -> str:
    """Return forty-three random characters that nobody guesses; 256 bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def one_of(column: str, words: Iterable[str], *, name: str) -> CheckConstraint:
    """Return a CHECK that keeps `column` to `words`."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(word)) for word in words)})", name=name)


def at_most(column: str, length: int) -> CheckConstraint:
    """Return a CHECK that keeps the text of `column` to `length` characters."""
    return CheckConstraint(f"length({column}) <= {length}", name=f"{column}_length")
