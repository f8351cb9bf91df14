"""Where Flask-Security finds accounts and puts them: read without a transaction, known again by the folded address."""

from typing import Any

from flask_security import SQLAlchemyUserDatastore
from sqlalchemy.exc import IntegrityError

from directory.domain.errors import Conflict
from directory.domain.identifiers import email_key
from directory.domain.labels import N_
from directory.extensions import db, reading
from directory.models import Account, AccountRole
from directory.queries import accounts as queries

_TAKEN = N_("There is an account with this address already.")


class AccountStore(SQLAlchemyUserDatastore):
    """Flask-Security's own store, but for how it looks accounts up."""

    def __init__(self) -> None:
        super().__init__(db, Account, AccountRole)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Account | None:  # noqa: ARG002, FBT001, FBT002 - theirs
        """Return the account with this `email` or `fs_uniquifier`, not in a session yet; put() brings it into one.

        A transaction would hold SQLite's write lock while a password is hashed.
        """
        ((name, value),) = by.items()
        statement = queries.by_email(email_key(value)) if name == "email" else queries.by_uniquifier(value)
        with reading() as session:
            return session.scalar(statement)

    def create_user(self, **columns: Any) -> Account:
        """Write a new account into the session; Conflict where somebody else took the address at the same time."""
        account: Account = super().create_user(**columns)  # type: ignore[assignment]  # of the model given above
        try:
            db.session.flush()
        except IntegrityError as error:
            db.session.rollback()
            raise Conflict(_TAKEN) from error
        return account
