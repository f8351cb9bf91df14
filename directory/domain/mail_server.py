"""Reads MAIL_URL: which server takes our mail, and how it is spoken to."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


class Scheme(StrEnum):
    """How the conversation is encrypted: not at all, from the start, or from the word STARTTLS on (RFC 3207, 8314)."""

    PLAIN = "smtp"
    TLS = "smtps"
    STARTTLS = "smtp+starttls"


#: 25 among servers (RFC 5321), 465 and 587 for those who hand mail in (RFC 8314, RFC 6409).
_PORTS = {Scheme.PLAIN: 25, Scheme.TLS: 465, Scheme.STARTTLS: 587}


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """A mail server; without a user it asks for none."""

    scheme: Scheme
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


class UnencryptedPassword(ValueError):
    """The address would send its password for everybody to read."""


def read_server(url: str) -> MailServer:
    """Return the server of an address like smtps://user:password@mail.example.org:465.

    Raises ValueError where it is none, and UnencryptedPassword where smtp:// carries a password; neither repeats it.
    """
    try:
        parts = urlsplit(url)
        scheme, port = Scheme(parts.scheme), parts.port
    except ValueError:
        raise ValueError("no address of a mail server") from None
    host, user, password = parts.hostname or "", unquote(parts.username or ""), unquote(parts.password or "")
    is_bare = url.isprintable() and parts.path in {"", "/"} and not parts.query and not parts.fragment
    is_login = bool(user) == bool(password) and _can_log_in(user + password)
    if not (is_bare and is_login and _HOST.fullmatch(host) and port != 0):
        raise ValueError("no address of a mail server")
    if user and scheme == Scheme.PLAIN:
        raise UnencryptedPassword("a password over smtp://")
    return MailServer(scheme=scheme, host=host, port=port or _PORTS[scheme], user=user, password=password)


def _can_log_in(text: str) -> bool:
    # smtplib knows no other letters there.
    return text.isascii() and text.isprintable()
