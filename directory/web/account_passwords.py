"""Holds what somebody chooses as a password against the rules, for every form of Flask-Security."""

from typing import Any

from flask_security import PasswordUtil

from directory.domain import passwords
from directory.web.language import translated


class Passwords(PasswordUtil):
    """Our rules in the place of Flask-Security's."""

    def normalize(self, password: str) -> str:
        """Return the password as it is hashed."""
        return passwords.normal(password)

    def validate(self, password: str, is_register: bool, **known: Any) -> tuple[list[str] | None, str]:  # noqa: FBT001 - theirs
        """Return why it is refused, or None, and the password as it is hashed."""
        email = known.get("email") if is_register else known["user"].email
        problem = passwords.problem(password, email=email or "")
        return [translated(problem)] if problem else None, self.normalize(password)
