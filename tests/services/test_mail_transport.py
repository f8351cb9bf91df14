from datetime import timedelta

import pytest

from directory.models import OutboxMail
from directory.services import outbox
from directory.services.mail_transport import build_transport
from directory.services.outbox import Sent
from tests.support.reviews import NOON
from tests.support.smtp import SENDER, certificate, mail_server, only, transport, written
from tests.support.tables import rows

HOUR = timedelta(hours=1)
RIGHT = "me%40x:p%2Fw"


def test_a_reader_whose_name_is_not_in_ascii_is_reached_where_the_server_allows_it(app, inbox):
    written(recipient="jörg@exämple.com")

    assert outbox.send(transport(inbox), at=NOON).sent == 1

    assert inbox.people == [["jörg@xn--exmple-cua.com"]]
    assert inbox.taken[0]["To"] == "jörg@xn--exmple-cua.com"


def test_a_comma_in_an_address_makes_no_second_reader(app, inbox):
    written(recipient="jo,eve@y.example")

    outbox.send(transport(inbox), at=NOON)

    assert inbox.people == [['"jo,eve"@y.example']]


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_with_a_trusted_certificate_and_the_right_password_gets_the_mail(scheme, app, tmp_path, monkeypatch):
    shown, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(shown))
    written()

    with secured(scheme, context) as inbox:
        wrong, right = (
            outbox.send(build_transport(f"{scheme}://{user}@127.0.0.1:{inbox.port}", sender=SENDER), at=at)
            for user, at in (("me%40x:guessed", NOON), (RIGHT, NOON + HOUR))
        )

    assert (wrong, right) == (Sent(failed=1), Sent(sent=1))
    assert len(inbox.taken) == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_that_nobody_vouches_for_gets_no_mail_and_no_password(scheme, app, tmp_path, caplog):
    _, context = certificate(tmp_path)
    written()

    with secured(scheme, context) as inbox:
        sent = outbox.send(build_transport(f"{scheme}://{RIGHT}@127.0.0.1:{inbox.port}", sender=SENDER), at=NOON)

    assert (sent, inbox.taken) == (Sent(failed=1), [])
    assert [record.msg["error"] for record in caplog.records if record.name == "directory.outbox"] == [
        "SSLCertVerificationError"
    ]


def test_a_server_that_knows_no_encryption_gets_nothing_where_it_was_asked_for(app, inbox):
    written()

    sent = outbox.send(build_transport(f"smtp+starttls://127.0.0.1:{inbox.port}", sender=SENDER), at=NOON)

    assert (sent, inbox.taken) == (Sent(failed=1), [])


def test_a_server_that_ends_badly_after_it_took_the_mail_does_not_get_it_again(app, inbox):
    async def handle_QUIT(server, session, envelope):  # noqa: N802 - aiosmtpd's name
        server.transport.abort()
        return "221 Bye"

    inbox.handle_QUIT = handle_QUIT
    written()

    assert outbox.send(transport(inbox), at=NOON) == Sent(sent=1)


def test_in_development_the_whole_mail_is_printed_and_its_links_stay_whole(app, capsys):
    link = f"https://x/confirm?token={'a' * 100}"
    written(subject="Grüße", body=f"Hallo Jörg\n{link}\n")

    assert outbox.send(build_transport("", sender=SENDER), at=NOON) == Sent(sent=1)

    printed = capsys.readouterr().out.splitlines()
    assert {f"From: {SENDER}", "To: jo@x.example", "Subject: Grüße", "Hallo Jörg", link} <= set(printed)
    assert rows(OutboxMail)[0].body == ""


def secured(scheme, context):
    ways = {
        # It does not count TLS from the start as TLS.
        "smtps": {"ssl_context": context, "auth_require_tls": False},
        "smtp+starttls": {"tls_context": context, "require_starttls": True},
    }
    return mail_server(authenticator=only("me@x", "p/w"), **ways[scheme])


@pytest.fixture
def inbox():
    with mail_server() as inbox:
        yield inbox
