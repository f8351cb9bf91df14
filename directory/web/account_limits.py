"""How often one may try a password, a code, or have mail sent (design SECURITY, 5 to 7 and 12)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import request, session

from directory.domain.identifiers import email_key
from directory.services.account_store import AccountStore
from directory.web import limits
from directory.web.access import signed_in


@dataclass(frozen=True)
class _Throttle:
    """At most `rates` for each key; what several endpoints share by `name` counts together."""

    name: str
    rates: tuple[str, ...]
    key: Callable[[], str]


def hold() -> None:
    """Count this request where it tries something, and answer 429 where that was too often."""
    if request.method == "POST":
        for throttle in _THROTTLES.get(request.endpoint or "", ()):
            limits.count(throttle.name, throttle.rates, throttle.key())


def _anybody() -> str:
    return "anybody"


def _typed_address() -> str:
    typed = request.form.get("email", "").strip()
    return email_key(typed) if typed else ""


def _own_address() -> str:
    found = signed_in()
    return email_key(found.email) if found else ""


def _whose_code() -> str:
    """Return who signs in halfway: by their own id, which a new password does not change."""
    name = session.get("tf_user_id") or session.get("_user_id")
    account = AccountStore().find_user(fs_uniquifier=name) if name else None
    return account.public_id if account else ""


_ADDRESS = _Throttle("password", ("10 per 5 minutes",), _typed_address)
# Apart from the tries of strangers, who must not keep an owner that is signed in from changing the password.
_OWN = _Throttle("password again", ("10 per 5 minutes",), _own_address)
_VISITOR = _Throttle("password from", ("10 per 5 minutes",), limits.visitor)
_EVERYBODY = _Throttle("password of all", ("1000 per 5 minutes",), _anybody)
_CODE = _Throttle("code", ("5 per 5 minutes", "20 per hour", "50 per day"), _whose_code)


def _mail(name: str, key: Callable[[], str] = _typed_address) -> Iterator[_Throttle]:
    yield _Throttle(f"{name} from", ("20 per hour",), limits.visitor)
    yield _Throttle(f"{name} to", ("5 per day",), key)


_THROTTLES: Mapping[str, tuple[_Throttle, ...]] = {
    # The visitor first: whoever is held up themselves must not use up the tries of others.
    "security.login": (_VISITOR, _ADDRESS, _EVERYBODY),
    "security.verify": (_VISITOR, _OWN),
    "security.change_password": (_VISITOR, _OWN),
    "security.two_factor_token_validation": (_CODE,),
    "security.two_factor_setup_validate": (_CODE,),
    "security.mf_recovery": (_CODE,),
    "security.register": tuple(_mail("register")),
    "security.send_confirmation": tuple(_mail("confirm")),
    "security.forgot_password": tuple(_mail("reset")),
    "security.change_email": tuple(_mail("change", _own_address)),
}
