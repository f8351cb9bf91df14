"""Takes a composed mail away: to the server that MAIL_URL names, or in development to the terminal."""

import smtplib
import ssl
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from directory.domain.mail_server import MailServer, Scheme, read_server

#: For each step of the conversation, of which there are a dozen: together less than outbox.LEASE.
_TIMEOUT_SECONDS = 15
_LINE = "-" * 72


class Transport(Protocol):
    """Whatever takes mail away."""

    @property
    def sender(self) -> str:
        """The address that mail comes from."""

    def deliver(self, message: EmailMessage) -> None:
        """Return once the mail was taken; raises OSError where it was not, smtplib's own errors among them."""


@dataclass(frozen=True)
class Smtp:
    """Hands mail to a server; a server without a certificate that this machine trusts gets none."""

    server: MailServer
    sender: str

    def deliver(self, message: EmailMessage) -> None:
        """Return once the server has answered for the mail; raises OSError otherwise."""
        (sender,), (recipient,) = message["From"].addresses, message["To"].addresses
        with closing(self._connect()) as connection:
            if self.server.scheme == Scheme.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if self.server.user:
                connection.login(self.server.user, self.server.password)
            connection.send_message(message, sender.addr_spec, [recipient.addr_spec])
            # It has the mail: what goes wrong while parting must not send it again.
            with suppress(OSError):
                connection.quit()

    def _connect(self) -> smtplib.SMTP:
        # Without a name of ours smtplib asks the DNS for one each time.
        name = self.sender.rpartition("@")[2]
        host, port = self.server.host, self.server.port
        if self.server.scheme == Scheme.TLS:
            trusting = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, name, timeout=_TIMEOUT_SECONDS, context=trusting)
        return smtplib.SMTP(host, port, name, timeout=_TIMEOUT_SECONDS)


@dataclass(frozen=True)
class Console:
    """Prints mail as a person reads it, with links that can be clicked."""

    sender: str

    def deliver(self, message: EmailMessage) -> None:
        """Print the whole mail."""
        headers = "\n".join(f"{name}: {value}" for name, value in message.items())
        sys.stdout.write(f"{_LINE}\n{headers}\n\n{message.get_content().rstrip()}\n{_LINE}\n")
        sys.stdout.flush()


def build_transport(url: str, *, sender: str) -> Transport:
    """Return what MAIL_URL names: the terminal where it is empty. No server is spoken to before the first mail."""
    return Smtp(read_server(url), sender) if url else Console(sender)
