"""The settings of mail: which server takes it and who sends it, refused with a sentence that says what to set."""

from collections.abc import Mapping

from directory.domain.mail import address, host_of
from directory.domain.mail_server import UnencryptedPassword, read_server


def mail_url(environ: Mapping[str, str]) -> str:
    """Return MAIL_URL, "" where there is none; raises ValueError, which does not repeat it, where it is no server."""
    value = environ.get("MAIL_URL", "")
    if not value:
        return ""
    try:
        read_server(value)
    except UnencryptedPassword:
        raise ValueError("MAIL_URL would send its password unencrypted. Use smtps:// or smtp+starttls://.") from None
    except ValueError:
        raise ValueError(
            "MAIL_URL is no address of a mail server. Set it like smtps://user:password@mail.example.org, "
            "with % codes for signs like @ and / in the password."
        ) from None
    return value


def mail_from(environ: Mapping[str, str], base_url: str) -> str:
    """Return MAIL_FROM, else no-reply at the host of the site; raises ValueError where it is no e-mail address."""
    value = environ.get("MAIL_FROM", "")
    if not value:
        return f"no-reply@{host_of(base_url)}"
    sender = address(value)
    if sender is None or not sender.isascii():
        raise ValueError("MAIL_FROM is not an e-mail address. Set it like no-reply@example.org, and nothing more.")
    return sender
