from datetime import timedelta
from email.message import EmailMessage
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from directory.domain.errors import InvalidParameter
from directory.extensions import db, writing
from directory.models import OutboxMail
from directory.services import outbox
from directory.services.mail_transport import build_transport
from directory.services.outbox import LEASE, Sent
from tests.support.reviews import NOON
from tests.support.smtp import SENDER, TAKEN, free_port, mail, mail_server, sending_process, transport, written
from tests.support.tables import rows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RUNS, KILLS_AFTER = 9, (1, 2, 3)


def test_mail_that_was_written_reaches_its_one_reader_as_it_was_written(app, inbox):
    written(
        recipient="jo@x.example", subject="Grüße — “now”", body="Hallo Jörg,\n.\nFrom here on: https://x/?a=1&b=2\n"
    )

    sent = outbox.send(transport(inbox), at=NOON)

    assert sent == Sent(sent=1)
    (message,) = inbox.taken
    assert inbox.people == [["jo@x.example"]]
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, "jo@x.example", "Grüße — “now”")
    assert message["Message-ID"].endswith("@clinics.example>")
    assert message["Date"].datetime == NOON
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().splitlines() == ["Hallo Jörg,", ".", "From here on: https://x/?a=1&b=2"]


def test_what_was_sent_keeps_neither_address_nor_body(app, inbox):
    written()

    outbox.send(transport(inbox), at=NOON)

    (row,) = rows(OutboxMail)
    assert (row.recipient, row.body, row.given_up_at) == ("", "", None)
    assert row.sent_at is not None


def test_mail_is_sent_once_the_longest_due_first(app, inbox):
    for minutes, subject in ((2, "third"), (0, "first"), (0, "second")):
        written(subject=subject, at=NOON + minutes * MINUTE)

    first = outbox.send(transport(inbox), at=NOON + HOUR)
    second = outbox.send(transport(inbox), at=NOON + 2 * HOUR)

    assert (first, second) == (Sent(sent=3), Sent())
    assert [message["Subject"] for message in inbox.taken] == ["first", "second", "third"]


def test_mail_of_a_transaction_that_was_taken_back_was_never_written(app, inbox):
    def fail_after_writing():
        with writing() as session:
            outbox.post(session, mail(), at=NOON)
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()

    assert rows(OutboxMail) == []


def test_mail_is_not_committed_by_whoever_writes_it(app):
    outbox.post(db.session(), mail(), at=NOON)
    db.session.flush()

    assert rows(OutboxMail) == []


def test_every_mail_has_an_id_of_its_own(app):
    for _ in range(50):
        written()

    assert len({row.message_id for row in rows(OutboxMail)}) == 50


@pytest.mark.parametrize("fields", [{"body": ""}, {"recipient": ""}])
def test_the_database_refuses_mail_that_waits_without_a_reader_or_words(fields, app):
    written()
    row = db.session.query(OutboxMail).one()
    for name, value in fields.items():
        setattr(row, name, value)

    with pytest.raises(IntegrityError, match="erased_when_done"):
        db.session.commit()


# --- what cannot get into a header ---


@pytest.mark.security(41)
@pytest.mark.parametrize("recipient", ["jo@x.example\r\nBcc: eve@y.example", "jo@x.example, eve@y.example", "jo"])
def test_a_recipient_that_is_not_one_plain_address_is_refused(recipient, app):
    with pytest.raises(InvalidParameter) as raised, writing() as session:
        outbox.post(session, mail(recipient=recipient), at=NOON)

    assert raised.value.field == "recipient"
    assert rows(OutboxMail) == []


@pytest.mark.security(41)
def test_lines_in_a_subject_or_a_body_make_no_header_on_the_way(app, inbox):
    written(
        subject="Hi\r\nBcc: eve@y.example",
        body="\r\nBcc: eve@y.example\r\n.\r\nMAIL FROM:<eve@y.example>\r\n\x1b[2J\x00",
    )

    outbox.send(transport(inbox), at=NOON)

    (message,) = inbox.taken
    assert inbox.people == [["jo@x.example"]]
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi Bcc: eve@y.example"
    assert message.get_content().split("\r\n")[:4] == ["", "Bcc: eve@y.example", ".", "MAIL FROM:<eve@y.example>"]
    assert not any(sign in message.get_content() for sign in "\x1b\x00")


# --- what is tried again, and what is given up ---


def test_nothing_is_lost_while_the_server_is_down_and_each_mail_comes_once_when_it_is_back(app):
    port = free_port()
    for number in range(5):
        written(subject=f"{number}")
    ids = {row.message_id for row in rows(OutboxMail)}
    away = build_transport(f"smtp://127.0.0.1:{port}", sender=SENDER)

    down = [outbox.send(away, at=NOON + minute * MINUTE) for minute in range(60)]
    with mail_server(port) as inbox:
        back = [outbox.send(away, at=NOON + HOUR + minute * MINUTE) for minute in range(61)]

    assert sum(sent.failed for sent in down) == 5 * 6
    assert (sum(sent.sent for sent in down), sum(sent.sent for sent in back)) == (0, 5)
    assert sorted(inbox.ids) == sorted(ids)


@pytest.mark.parametrize("answer", ["550 no such user", "451 try later", "554 spam"])
def test_mail_that_the_server_refuses_stays_whole_and_is_tried_again_after_the_pause(answer, app, inbox):
    written()
    inbox.answer = lambda _: answer

    refused = outbox.send(transport(inbox), at=NOON)
    inbox.answer = lambda _: TAKEN
    early, late = (outbox.send(transport(inbox), at=NOON + seconds * timedelta(seconds=1)) for seconds in (50, 70))

    assert (refused, early, late) == (Sent(failed=1), Sent(), Sent(sent=1))
    assert inbox.taken[0].get_content().strip() == "Hello."


def test_one_mail_that_is_refused_holds_up_no_other(app, inbox):
    for subject in ("bad", "good"):
        written(subject=subject)
    inbox.answer = lambda message: "554 no" if message["Subject"] == "bad" else TAKEN

    assert outbox.send(transport(inbox), at=NOON) == Sent(sent=1, failed=1)


def test_why_a_mail_was_not_taken_is_logged_without_its_address(app, caplog):
    class Picky:
        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
            return f"550 {address} is nobody here"

    written(recipient="secret@x.example")

    with mail_server() as inbox:
        inbox.handle_RCPT = Picky().handle_RCPT
        outbox.send(transport(inbox), at=NOON)
    with mail_server() as inbox:
        inbox.answer = lambda _: "554 secret@x.example is nobody here"
        outbox.send(transport(inbox), at=NOON + HOUR)
    outbox.send(transport(inbox), at=NOON + 2 * HOUR)

    told = [record.msg for record in caplog.records if record.name == "directory.outbox"]
    assert [(each["error"], each["code"]) for each in told] == [
        ("SMTPRecipientsRefused", 550), ("SMTPDataError", 554), ("ConnectionRefusedError", 111),
    ]  # fmt: skip
    assert [each["attempts"] for each in told] == [1, 2, 3]
    assert "secret" not in str(told)


def test_mail_that_ran_out_is_not_sent_and_is_erased(app, inbox):
    written(subject="late", expires_at=NOON + HOUR)
    written(subject="in time", expires_at=NOON + HOUR + MINUTE)

    sent = outbox.send(transport(inbox), at=NOON + HOUR)

    assert sent == Sent(sent=1, expired=1)
    late, in_time = rows(OutboxMail)
    assert (late.recipient, late.body, late.sent_at) == ("", "", None)
    assert late.given_up_at is not None
    assert in_time.sent_at is not None
    assert [message["Subject"] for message in inbox.taken] == ["in time"]


def test_mail_that_waits_for_its_next_try_is_erased_when_it_runs_out(app):
    written(expires_at=NOON + MINUTE / 2)

    failed, after = (outbox.send(nobody(), at=NOON + minutes * MINUTE) for minutes in (0, 0.75))

    assert (failed, after) == (Sent(failed=1), Sent(expired=1))
    assert rows(OutboxMail)[0].recipient == ""


def test_mail_that_runs_out_while_others_are_sent_is_left_for_the_next_look(app):
    written(subject="slow")
    written(subject="short", expires_at=NOON + timedelta(microseconds=1))

    assert outbox.send(Spoken(), at=NOON) == Sent(sent=1)
    assert outbox.send(Spoken(), at=NOON + MINUTE) == Sent(expired=1)


@pytest.mark.parametrize(("days", "sent"), [(29, Sent(failed=1)), (30, Sent(expired=1))])
def test_mail_that_names_no_end_is_given_up_after_thirty_days(days, sent, app):
    written()

    assert outbox.send(nobody(), at=NOON + days * DAY) == sent


# --- kills, and senders side by side ---


@pytest.mark.parametrize("moment", [LEASE - timedelta(seconds=1), LEASE + MINUTE])
def test_a_mail_in_the_hands_of_a_sender_that_died_is_free_when_its_lease_is_over(moment, app, inbox):
    written()
    with pytest.raises(KeyboardInterrupt):
        outbox.send(Spoken(dies=True), at=NOON)

    sent = outbox.send(transport(inbox), at=NOON + moment)

    assert sent.sent == (moment > LEASE)


def test_a_kill_between_sending_and_marking_sends_no_mail_under_another_id_and_loses_none(app, inbox, tmp_path):
    subjects = [f"mail {number}" for number in range(RUNS + 5)]
    for subject in subjects:
        written(subject=subject)
    ids = {row.subject: row.message_id for row in rows(OutboxMail)}
    url = db.engine.url.render_as_string(hide_password=False)
    accepted = []

    for run in range(RUNS):
        process, is_started = sending_process(url, inbox.port, tmp_path, NOON + run * DAY / RUNS), Event()
        inbox.answer = killing(process, is_started, after=KILLS_AFTER[run % len(KILLS_AFTER)])
        process.start()
        is_started.set()
        process.join(60)
        accepted.append(process.exitcode)
        process.close()
    inbox.answer = lambda _: TAKEN
    outbox.send(transport(inbox), at=NOON + 2 * DAY)

    assert accepted == [-9] * RUNS
    assert {(message["Subject"], message["Message-ID"]) for message in inbox.taken} == set(ids.items())
    assert len(inbox.taken) == len(subjects) + RUNS
    assert {(row.recipient, row.body) for row in rows(OutboxMail)} == {("", "")}


def test_a_mail_in_one_senders_hands_is_left_alone_by_another(app):
    for subject in ("one", "two", "three"):
        written(subject=subject)
    other, seen_by_other = Spoken(), []
    transport = Spoken(meanwhile=lambda: seen_by_other.append(outbox.send(other, at=NOON)))

    sent = outbox.send(transport, at=NOON)

    assert (transport.subjects, other.subjects) == (["one"], ["two", "three"])
    assert (sent, seen_by_other) == (Sent(sent=1), [Sent(sent=2)])


def test_a_sender_that_comes_back_late_puts_off_nothing_that_another_has_in_hand(app):
    written()
    other = Spoken()
    late = Spoken(meanwhile=lambda: outbox.send(nobody(), at=NOON + HOUR), fails=True)

    outbox.send(late, at=NOON)

    assert outbox.send(other, at=NOON + HOUR) == Sent()
    assert outbox.send(other, at=NOON + HOUR + 3 * MINUTE) == Sent(sent=1)


def test_senders_side_by_side_send_each_mail_once(app, inbox):
    for number in range(40):
        written(subject=f"{number}")
    start, ends = Barrier(4), []

    def sender():
        with app.app_context():
            start.wait(20)
            ends.append(outbox.send(transport(inbox), at=NOON))

    threads = [Thread(target=sender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(end.sent for end in ends) == 40
    assert len(set(inbox.ids)) == len(inbox.ids) == 40


def test_a_sender_that_is_asked_to_end_finishes_the_mail_in_its_hands(app):
    for _ in range(3):
        written()
    spoken = Spoken()

    sent = outbox.send(spoken, at=NOON, is_ended=lambda: bool(spoken.subjects))

    assert sent == Sent(sent=1)
    assert [row.sent_at is None for row in rows(OutboxMail)] == [False, True, True]


class Spoken:
    """A transport that keeps the subjects it was given. `meanwhile` happens once, while it has a mail in hand."""

    sender = SENDER

    def __init__(self, *, meanwhile=lambda: None, fails=False, dies=False):
        self.subjects, self.meanwhile, self.fails, self.dies = [], meanwhile, fails, dies

    def deliver(self, message: EmailMessage):
        if self.dies:
            raise KeyboardInterrupt
        self.subjects.append(message["Subject"])
        self.meanwhile()
        if self.fails:
            raise OSError


def nobody():
    return Spoken(fails=True)


def killing(process, is_started, *, after):
    """Return what takes mail, and kills the process that sent it before it hears of it, after so many."""
    taken = []

    def answer(message):
        taken.append(message)
        if len(taken) == after:
            is_started.wait(60)
            process.kill()
        return TAKEN

    return answer


@pytest.fixture
def inbox():
    with mail_server() as inbox:
        yield inbox
