"""The demonstration's two accounts that anybody may sign in with: a reviewer, and a moderator with a second step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from directory.domain.access import Role
from directory.domain.identifiers import email_key
from directory.extensions import reading, writing
from directory.queries import accounts as queries
from directory.services import accounts

#: Known to everybody who reads this: the demonstration is refused in production.
_PASSWORD = "otters drum quietly"  # nosec B105 # noqa: S105
_KEY = "KETAMINEDEMONSTRATIONONLY2345674"


@dataclass(frozen=True)
class DemoAccount:
    """What a person signs in with. `totp_key`, in base32, is what an authenticator app is given; "" where none is."""

    email: str
    password: str
    role: Role | None = None
    totp_key: str = ""

    @property
    def label(self) -> str:
        """The word for what the account shows."""
        return (self.role or Role.REVIEWER).label


ACCOUNTS = (
    DemoAccount("reviewer@demo.example", _PASSWORD),
    DemoAccount("moderator@demo.example", _PASSWORD, Role.MODERATOR, _KEY),
)


def make(encrypt: Callable[[str], str], *, at: datetime) -> tuple[DemoAccount, ...]:
    """Make those of ACCOUNTS that are not there, and return all; the caller makes sure that DEMO=1.

    `encrypt` turns a TOTP key in base32 into what is stored of it.
    """
    for account in ACCOUNTS:
        if not _is_there(account):
            accounts.create(account.email, account.password, at=at, role=account.role)
            if account.totp_key:
                _set_up(account, encrypt(account.totp_key))
    return ACCOUNTS


def _is_there(account: DemoAccount) -> bool:
    with reading() as session:
        return session.scalar(queries.by_email(email_key(account.email))) is not None


def _set_up(account: DemoAccount, secret: str) -> None:
    with writing() as session:
        stored = session.scalars(queries.by_email(email_key(account.email))).one()
        stored.tf_primary_method, stored.tf_totp_secret = "authenticator", secret
