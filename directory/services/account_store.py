"""Where Flask-Security finds accounts and puts them: read without a transaction, known again by the folded address."""

from typing import Any

from flask_security import SQLAlchemyUserDatastore
from sqlalchemy.exc import IntegrityError

from directory.domain.errors import Conflict
from directory.domain.identifiers import email_key
from directory.domain.labels import N_
from directory.extensions import db, reading
from directory.models import Account, AccountRole
from directory.models.base import random_token
from directory.queries import accounts as queries

_TAKEN = N_("There is an account with this address already.")
_USED = N_("This link was used already. Sign in, or ask for a new one.")


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

    def put(self, model: Any) -> Any:
        """Write an account; Conflict where somebody else took its address at the same time."""
        super().put(model)  # type: ignore[no-untyped-call]  # theirs has no types
        try:
            db.session.flush()
        except IntegrityError as error:
            db.session.rollback()
            raise Conflict(_TAKEN) from error
        return model

    def set_uniquifier(self, user: Any, uniquifier: str | None = None) -> None:
        """Give an account a new name, which ends what was mailed under the old one.

        Conflict where that happened meanwhile: of two who use one link at the same time it works for one.
        """
        new = uniquifier or random_token()
        renamed: Any = db.session.execute(queries.renamed(user.id, user.fs_uniquifier, new))
        if renamed.rowcount != 1:
            db.session.rollback()
            raise Conflict(_USED)
        user.fs_uniquifier = new
        self.put(user)
