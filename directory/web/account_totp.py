"""The second step of signing in: a code of an authenticator app, or a recovery code, each taken once."""

import hashlib
from collections.abc import Sequence
from typing import Any

import structlog
from flask.typing import ResponseValue
from flask_security import MfRecoveryCodesUtil, Totp
from flask_security.twofactor import CodeTfPlugin
from passlib.exc import UsedTokenError
from passlib.totp import TOTP, AppWallet, TotpMatch

from directory.domain.labels import N_
from directory.services import second_factors
from directory.web import account_mail
from directory.web.requests import now

_log = structlog.get_logger("directory.accounts")
_TAG_LENGTH = 16
#: Recovery codes are shown in groups of so many.
_GROUP = 4


class Codes(Totp):
    """Codes that are taken once. What encrypts a secret is known by a hash of the key, not by its place in the list."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        tags = {hashlib.sha256(key.encode()).hexdigest()[:_TAG_LENGTH]: key for key in secrets.values()}
        self._totp = TOTP.using(issuer=issuer, wallet=AppWallet(secrets=tags, default_tag=next(iter(tags))))

    def encrypt(self, key: str) -> str:
        """Return what is stored of a key in base32."""
        stored: str = self._totp(key=key).to_json(encrypt=True)
        return stored

    def get_last_counter(self, user: Any) -> int | None:
        """Return the step of the code that this account used last."""
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Note the step at once, so that it stays noted when the sign-in fails; raises where it was used meanwhile."""
        if not second_factors.take(user.id, tmatch.counter):
            raise UsedTokenError


class SecondStep(CodeTfPlugin):
    """Asks for the code without carrying an address along: where to go on stands in the session."""

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> ResponseValue:  # noqa: ARG002 - theirs
        """Lead to the page that asks for the code."""
        answer: ResponseValue = super().tf_login(user, json_payload, None)
        return answer


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, burned by being found right."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether this is one of the account's codes, which it is no longer after that; its owner is told by mail."""
        letters = "".join(filter(str.isalnum, code.casefold()))
        wanted = "-".join(letters[place : place + _GROUP] for place in range(0, len(letters), _GROUP))
        used = account_mail.notice(
            "recovery_code_used", user.email, N_("A recovery code was used"), left=len(user.mf_recovery_codes or []) - 1
        )

        def find(codes: Sequence[str]) -> int | None:
            # Those of a key that is gone decrypt to nothing, and must not shift the places of the others.
            return next((place for place, each in enumerate(codes) if self._decrypt_codes([each]) == [wanted]), None)

        is_burned = second_factors.burn(user.id, find, notice=used, at=now())
        _log.info("recovery_code_burned" if is_burned else "recovery_code_refused", account=user.public_id)
        return is_burned

    def delete_recovery_code(self, user: Any, code: str) -> bool:  # noqa: ARG002 - theirs
        """Do nothing: the code went when it was checked."""
        return True
