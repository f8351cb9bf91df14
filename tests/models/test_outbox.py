import pytest
from sqlalchemy.exc import DatabaseError

from directory.models.base import now
from tests.support.rows import LEAST, add_other, needed, rules, said_by, standing

pytestmark = pytest.mark.usefixtures("app")

ERASED = {"recipient": "", "body": ""}
REFUSED = [
    ("pk_outbox", {"id": 1}),
    ("uq_outbox_message_id", {"message_id": "<one@clinic.example>"}),
    ("ck_outbox_subject_length", {"subject": "x" * 201}),
    # a mail that waits and can go to nobody, or says nothing
    ("ck_outbox_erased_when_done", ERASED),
    ("ck_outbox_erased_when_done", {"recipient": ""}),
    ("ck_outbox_erased_when_done", {"body": ""}),
    # one that went, or was given up, and is kept, or half of it
    *[("ck_outbox_erased_when_done", {end: now()} | kept)
      for end in ("sent_at", "given_up_at") for kept in ({}, {"recipient": ""}, {"body": ""})],
    ("ck_outbox_one_end", ERASED | {"sent_at": now(), "given_up_at": now()}),
]  # fmt: skip
TAKEN = [
    {},
    {"attempts": 3, "subject": "x" * 200},
    ERASED | {"sent_at": now()},
    ERASED | {"given_up_at": now()},
]


@pytest.mark.parametrize(("rule", "change"), REFUSED)
def test_the_database_refuses_what_the_rules_forbid(rule, change):
    with standing(), pytest.raises(DatabaseError, match=said_by("outbox", rule)):
        add_other("outbox", change)


@pytest.mark.parametrize("change", TAKEN)
def test_the_database_takes_mail_that_waits_and_mail_that_is_done_and_erased(change):
    with standing():
        add_other("outbox", change)


def test_every_rule_of_a_mail_is_tried():
    assert {rule for rule, _ in REFUSED} == set(rules("outbox"))


@pytest.mark.parametrize("column", needed("outbox"))
def test_a_mail_without_what_each_has_is_refused(column):
    assert column in LEAST["outbox"]

    with standing(), pytest.raises(DatabaseError, match=column):
        add_other("outbox", {column: None})
