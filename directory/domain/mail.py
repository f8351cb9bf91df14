"""Mail before it leaves: what may stand in its headers, how it looks as a message, and when it is tried again."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from directory.domain.errors import InvalidParameter
from directory.domain.identifiers import email_address
from directory.domain.labels import N_

LONGEST_SUBJECT = 200
#: Mail that names no end of its own: older news is no use, and no address is kept for ever.
LONGEST_WAIT = timedelta(days=30)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_DOUBLINGS = 6  # a minute doubled so often is more than the hour
_FROM_LINE = re.compile("^From ", re.MULTILINE)
#: Older and newer software make different hosts of these (UTS 46, section 7): mail would reach a stranger.
_READ_TWO_WAYS = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
#: Control characters but tab and line feed, and halves of a character.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as it is written: plain text to one person.

    `kind` is a word for operators, never shown. `host` is the site's own, see host_of(). `expires_at`, in UTC, is when
    what it holds stops working.
    """

    kind: str
    recipient: str
    subject: str
    body: str
    host: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Speaker:
    """A language that letters are written in: a message of ours in it, and the address of a page in it."""

    say: Callable[[str], str] = str
    address: Callable[[str], str] = str


@dataclass(frozen=True)
class Site:
    """What a letter must know of the site: its host, see host_of(), and the whole address of the page it is about.

    `speakers` has each language but English by its code; `speaker` is that of the letter's reader.
    """

    host: str
    page: str
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    speaker: Speaker = Speaker()

    def read_in(self, language: str) -> "Site":
        """Return the site for a reader of `language`; one that nobody speaks here is English."""
        speaker = self.speakers.get(language, self.speaker)
        return replace(self, page=speaker.address(self.page), speaker=speaker)

    def say(self, message: str) -> str:
        """Return a message of ours in the reader's language."""
        return self.speaker.say(message)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as it leaves. Under the same `message_id` it is the same mail, however often it is sent."""

    message_id: str
    recipient: str
    subject: str
    body: str
    written_at: datetime


def fit_to_send(mail: Mail) -> Mail:
    """Return `mail` with nothing in it that could begin another header or reach another person.

    A subject loses line ends and control characters, and what is over 200 characters. Raises InvalidParameter for a
    recipient that is not one plain address.
    """
    recipient = address(mail.recipient)
    if recipient is None:
        raise InvalidParameter("recipient", N_("Enter an e-mail address like name@example.org."))
    lines = mail.body.replace("\r\n", "\n").replace("\r", "\n")
    return replace(mail, recipient=recipient, subject=_one_line(mail.subject), body=_CONTROLS.sub("", lines))


def address(text: str) -> str | None:
    """Return one e-mail address with its domain in ASCII, or None where `text` is anything else."""
    name, at_sign, domain = text.rpartition("@")
    if _READ_TWO_WAYS.search(domain):
        return None
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    is_one = text.isprintable() and email_address(f"{name}{at_sign}{ascii_domain}") == f"{name}@{ascii_domain}"
    return f"{name}@{ascii_domain}" if is_one else None


def host_of(base_url: str) -> str:
    """Return the host of the site in ASCII, as it can stand behind an @; "localhost" where it has no such name."""
    try:
        host = (urlsplit(base_url).hostname or "").encode("idna").decode()
    except UnicodeError:
        return "localhost"
    return host if _HOST.fullmatch(host) else "localhost"


def compose(letter: Letter, *, sender: str) -> EmailMessage:
    """Return the message in plain text; the same letter gives the same message each time."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _in_header(sender)
    message["To"] = _in_header(letter.recipient)
    message["Subject"] = letter.subject
    # SQLite gives a moment back without its zone.
    message["Date"] = letter.written_at.replace(tzinfo=letter.written_at.tzinfo or UTC)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    # Not every server on the way takes eight bits, and none breaks these lines.
    message.set_content(letter.body, cte="quoted-printable")
    # smtplib and mailboxes write ">" before a line that begins so; in code it is left alone (RFC 2049, section 3).
    message.set_payload(_FROM_LINE.sub("=46rom ", str(message.get_payload())))
    return message


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts, from 1: a minute, twice as long each time, at most an hour."""
    return min(_FIRST_WAIT * 2 ** min(attempts - 1, _DOUBLINGS), _LONGEST_PAUSE)


def _one_line(text: str) -> str:
    line = _CONTROLS.sub("", " ".join(text.split()))
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def _in_header(text: str) -> Address:
    name, _, domain = text.rpartition("@")
    return Address(username=name, domain=domain)
