import pytest

from directory.domain.mail_server import MailServer, Scheme, UnencryptedPassword, read_server

READ = (
    ("smtp://mail.example", MailServer(scheme=Scheme.PLAIN, host="mail.example", port=25)),
    ("smtp://127.0.0.1:2525/", MailServer(scheme=Scheme.PLAIN, host="127.0.0.1", port=2525)),
    ("smtp://[::1]", MailServer(scheme=Scheme.PLAIN, host="::1", port=25)),
    (
        "smtps://me:pw@mail.example",
        MailServer(scheme=Scheme.TLS, host="mail.example", port=465, user="me", password="pw"),  # noqa: S106 - of nobody
    ),
    (
        "smtp+starttls://me%40x:p%2Fw%20@mail.example",
        MailServer(scheme=Scheme.STARTTLS, host="mail.example", port=587, user="me@x", password="p/w "),  # noqa: S106 - as above
    ),
)
#: An address that is none; tests/test_config.py has more of them, with the sentence that is said.
NONE = (
    "",
    "mail.example",
    "smtp://",
    "http://mail.example",
    "smtps://me:hunter2@mail.example:port",
    "smtps://me:hunter2@mail.example/box",
    "smtps://me:hunter2@mail_!.example",
    "smtps://me:hünter2@mail.example",
    "smtps://me:hunter2%00@mail.example",
    "smtps://me@mail.example",
    "smtps://:hunter2@mail.example",
)


@pytest.mark.parametrize(("url", "server"), READ)
def test_an_address_names_the_server_its_port_and_who_logs_in(url, server):
    assert read_server(url) == server


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_address_of_a_mail_server_is_refused_without_its_password(url):
    with pytest.raises(ValueError, match=r"^no address of a mail server$"):
        read_server(url)


def test_a_password_is_not_sent_unencrypted():
    with pytest.raises(UnencryptedPassword, match=r"^a password over smtp://$"):
        read_server("smtp://me:hunter2@mail.example")


def test_a_password_is_not_shown_where_a_server_is():
    assert "hunter2" not in repr(read_server("smtps://me:hunter2@mail.example"))
