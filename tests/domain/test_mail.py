from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.errors import InvalidParameter
from directory.domain.mail import Letter, Mail, address, compose, fit_to_send, host_of, pause_after

WRITTEN_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(), max_size=300)
NOT_ONE_ADDRESS = (
    "",
    "jo",
    "jo@",
    "@x.example",
    "jo@localhost",
    "jo@x..example",
    "jo@x.example\r\nBcc: eve@y.example",
    "jo@x.example\nBcc: eve@y.example",
    "jo\r@x.example",
    "jo\x00@x.example",
    "jo\x85@x.example",
    "jo\u2028@x.example",
    "jo@x.example\n",
    " jo@x.example",
    "jo@x.example, eve@y.example",
    "jo@x.example,eve@y.example",
    "Jo <jo@x.example>",
    "<jo@x.example>",
    "jo @x.example",
    f"jo@{'x' * 64}.example",
    "\ud800@x.example",
    # older and newer software make different hosts of these
    "jo@stra\u00dfe.example",
    "jo@x\u200d.example",
)
ADDRESSES = (
    ("jo@x.example", "jo@x.example"),
    ("jo+tag@x.example", "jo+tag@x.example"),
    ("jo@exämple.com", "jo@xn--exmple-cua.com"),
    ("jörg@x.example", "jörg@x.example"),
    ("jo,eve@x.example", "jo,eve@x.example"),
)
SUBJECTS = (
    ("Confirm your address", "Confirm your address"),
    ("Grüße — “now”", "Grüße — “now”"),
    ("Hello\r\nBcc: eve@y.example", "Hello Bcc: eve@y.example"),
    ("Hello\nBcc: eve@y.example\n\nbody", "Hello Bcc: eve@y.example body"),
    ("a\rb\x0bc\x0cd\x1ce\x85f\u2028g\u2029h", "a b c d e f g h"),
    ("nul\x00 escape\x1b[31m half\ud800", "nul escape[31m half"),
    ("x" * 200, "x" * 200),
    ("x" * 201, "x" * 199 + "…"),
)


@pytest.mark.security(41)
@pytest.mark.parametrize("recipient", NOT_ONE_ADDRESS)
def test_a_recipient_that_is_not_one_plain_address_is_refused(recipient):
    with pytest.raises(InvalidParameter, match=r"^Enter an e-mail address like name@example") as raised:
        fit_to_send(mail(recipient=recipient))

    assert raised.value.field == "recipient"


@pytest.mark.parametrize(("typed", "kept"), ADDRESSES)
def test_one_address_is_kept_with_its_domain_in_ascii(typed, kept):
    assert address(typed) == kept


@pytest.mark.security(41)
@pytest.mark.parametrize(("given", "kept"), SUBJECTS)
def test_a_subject_is_one_line_without_control_characters(given, kept):
    assert fit_to_send(mail(subject=given)).subject == kept


@pytest.mark.security(41)
@given(subject=ANY_TEXT, body=ANY_TEXT, recipient=st.emails() | ANY_TEXT)
def test_no_text_at_all_adds_a_header_or_a_reader(subject, body, recipient):
    written_by_anyone = mail(subject=subject, body=body, recipient=recipient if address(recipient) else "jo@x.example")

    fit = fit_to_send(written_by_anyone)
    written = letter(recipient=fit.recipient, subject=fit.subject, body=fit.body)
    message = compose(written, sender="us@x.example")

    (reader,) = message["To"].addresses
    head = message.as_bytes().partition(b"\r\n\r\n")[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert f"{reader.username}@{reader.domain}" == fit.recipient
    assert names == [
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"Content-Type",
        b"Content-Transfer-Encoding", b"MIME-Version",
    ]  # fmt: skip


def test_a_line_that_begins_with_from_arrives_as_it_was_written():
    message = compose(letter(body="From here\n>From there\nFrom\n"), sender="us@x.example")

    assert b"\r\nFrom " not in message.as_bytes()
    assert message.get_content() == "From here\n>From there\nFrom\n"


@pytest.mark.parametrize("written_at", [WRITTEN_AT, WRITTEN_AT.replace(tzinfo=None)])
def test_the_same_letter_is_the_same_message_each_time(written_at):
    first, second = (compose(letter(written_at=written_at), sender="us@x.example").as_bytes() for _ in range(2))

    assert first == second
    assert b"Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n" in first


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (10_000, 60)]
)
def test_the_pause_doubles_up_to_an_hour(attempts, minutes):
    assert pause_after(attempts) == minutes * timedelta(minutes=1)


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://clinics.example:8443", "clinics.example"),
        ("https://Café.example", "xn--caf-dma.example"),
        ("http://127.0.0.1:5000", "127.0.0.1"),
        ("http://[::1]:5000", "localhost"),
        (f"https://{'a' * 64}.example", "localhost"),
        ("", "localhost"),
    ],
)
def test_the_host_of_a_site_can_stand_behind_an_at_sign(base_url, host):
    assert host_of(base_url) == host


def mail(**fields):
    return Mail(**{"kind": "test", "recipient": "jo@x.example", "subject": "Hi", "body": "Hello.\n",
                   "host": "clinics.example"} | fields)  # fmt: skip


def letter(**fields):
    return Letter(**{"message_id": "<1@x.example>", "recipient": "jo@x.example", "subject": "Hi", "body": "Hello.\n",
                     "written_at": WRITTEN_AT} | fields)  # fmt: skip
