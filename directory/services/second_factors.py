"""Second factors are used once: a code of a step, a recovery code; whoever comes second is refused."""

from collections.abc import Callable, Sequence
from datetime import datetime

from directory.domain.mail import Mail
from directory.extensions import writing
from directory.models import Account
from directory.queries import accounts as queries
from directory.services import outbox


def take(account_id: int, counter: int) -> bool:
    """Note that the code of a step was used, whatever becomes of the sign-in; False where it or a later one was."""
    with writing() as session:
        return session.execute(queries.code_taken(account_id, counter)).rowcount == 1  # type: ignore[attr-defined]


def burn(account_id: int, find: Callable[[Sequence[str]], int | None], *, notice: Mail, at: datetime) -> bool:
    """Take out the recovery code that `find` names the place of, and tell its owner; False where it finds none."""
    with writing() as session:
        account: Account = session.scalars(queries.locked(account_id)).one()
        codes = account.mf_recovery_codes or []
        place = find(codes)
        if place is None:
            return False
        account.mf_recovery_codes = [code for number, code in enumerate(codes) if number != place]
        outbox.post(session, notice, at=at)
    return True
