"""Mail for the tests, servers that take it, and processes that send it and may be killed."""

import multiprocessing
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path
from socket import socket

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from directory import create_app
from directory.domain.mail import Mail
from directory.extensions import writing
from directory.services import outbox
from directory.services.mail_transport import build_transport
from tests.support.reviews import NOON

TAKEN = "250 OK"
SENDER = "no-reply@clinics.example"
#: Children are forked from a process that has read the product already, and in which nothing runs.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.support.smtp"])


def mail(**fields):
    return Mail(**{"kind": "test", "recipient": "jo@x.example", "subject": "Hi", "body": "Hello.\n",
                   "host": "clinics.example"} | fields)  # fmt: skip


def written(at=NOON, **fields):
    with writing() as session:
        outbox.post(session, mail(**fields), at=at)


@dataclass
class Inbox:
    """A mail server and what it has taken. `answer` gets each mail, and its word is what the sender is told."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    people: list[list[str]] = field(default_factory=list)
    answer: object = staticmethod(lambda _: TAKEN)

    @property
    def ids(self):
        return [message["Message-ID"] for message in self.taken]

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name is aiosmtpd's
        message = message_from_bytes(envelope.content, policy=SMTP)
        answer = self.answer(message)
        if answer.startswith("250"):
            self.taken.append(message)
            self.people.append(envelope.rcpt_tos)
        return answer


@contextmanager
def mail_server(port=None, **ways):
    """Yield the Inbox of a server of aiosmtpd's; `ways` are those of its Controller."""
    inbox = Inbox(port or free_port())
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, server_hostname="mail.example", **ways)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


def free_port():
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def transport(inbox):
    return build_transport(f"smtp://127.0.0.1:{inbox.port}", sender=SENDER)


def only(user, password):
    """Return what lets in who names both."""

    def authenticate(server, session, envelope, mechanism, given):
        is_right = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=is_right, handled=False)

    return authenticate


def certificate(folder):
    """Write a certificate for 127.0.0.1 that signed itself; return its file and the context of a server that has it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    shown, kept = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
    shown.write_bytes(signed.public_bytes(Encoding.PEM))
    kept.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(shown, kept)
    return shown, context


def sending_process(database_url, port, folder, at):
    """Return a process, not started yet, that sends what is due at that moment."""
    return _PROCESSES.Process(target=_send, args=(database_url, port, str(folder), at))


def _send(database_url, port, folder, at):
    with create_app({"DATABASE_URL": database_url}, instance_path=Path(folder)).app_context():
        outbox.send(build_transport(f"smtp://127.0.0.1:{port}", sender=SENDER), at=at)
