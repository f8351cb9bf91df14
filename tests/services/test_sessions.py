from datetime import timedelta

import pytest

from directory.domain.errors import NotFound
from directory.domain.sessions import SEEN_EVERY
from directory.extensions import writing
from directory.services import sessions
from tests.support.accounts import ANNA, person
from tests.support.reviews import NOON

MINUTE = timedelta(minutes=1)


def test_who_holds_the_token_is_signed_in():
    anna = person(role="moderator")
    token = begin(anna)

    found = sessions.signed_in(token, at=NOON)

    assert (found.email, found.token, found.actor.account_id) == (ANNA, token, anna.id)
    assert found.actor.is_staff
    assert sessions.signed_in("another", at=NOON) is None


def test_a_session_that_is_used_is_not_idle_and_one_that_is_not_ends():
    token = begin(person(role="moderator"))

    used = [sessions.signed_in(token, at=NOON + 20 * number * MINUTE) is not None for number in range(4)]
    left = sessions.signed_in(token, at=NOON + 60 * MINUTE + 30 * MINUTE)

    assert used == [True] * 4
    assert left is None


def test_being_seen_is_written_once_a_minute():
    anna = person()
    token = begin(anna)

    sessions.signed_in(token, at=NOON + SEEN_EVERY - timedelta(seconds=1))
    before = sessions.of_account(anna.id, at=NOON)[0].seen
    sessions.signed_in(token, at=NOON + SEEN_EVERY)
    after = sessions.of_account(anna.id, at=NOON)[0].seen

    assert (before, after) == (NOON, NOON + SEEN_EVERY)


def test_one_sees_the_browsers_that_are_signed_in_now_the_last_used_first():
    anna, bert = person(role="moderator"), person("bert@example.org")
    begin(anna, browser="long idle", at=NOON - timedelta(hours=2))
    begin(anna, browser="first", at=NOON - 5 * MINUTE)
    begin(anna, browser="second", at=NOON - MINUTE)
    begin(bert, browser="another's")

    assert [each.browser for each in sessions.of_account(anna.id, at=NOON)] == ["second", "first"]


def test_one_ends_ones_own_sessions_once_and_nobody_elses():
    anna, bert = person(), person("bert@example.org")
    token = begin(anna)
    session_id = sessions.signed_in(token, at=NOON).session_id

    with pytest.raises(NotFound):
        sessions.end(session_id, account_id=bert.id, at=NOON)
    still = sessions.signed_in(token, at=NOON)
    sessions.end(session_id, account_id=anna.id, at=NOON)

    assert still is not None
    assert sessions.signed_in(token, at=NOON) is None
    with pytest.raises(NotFound):
        sessions.end(session_id, account_id=anna.id, at=NOON)


@pytest.mark.parametrize("session_id", ["", "nobody", "no\0where", "x" * 300])
def test_what_is_no_browser_of_ones_own_is_said_to_be_signed_out(session_id):
    anna = person()
    token = begin(anna)

    with pytest.raises(NotFound, match="This browser is signed out already"):
        sessions.end(session_id, account_id=anna.id, at=NOON)

    assert sessions.signed_in(token, at=NOON) is not None


@pytest.mark.parametrize("keeps_own", [True, False])
def test_all_sessions_end_at_once_or_all_but_ones_own(keeps_own):
    anna, bert = person(), person("bert@example.org")
    own, other, of_bert = begin(anna), begin(anna), begin(bert)

    with writing() as session:
        sessions.end_all(session, anna.id, at=NOON, but=own if keeps_own else None)

    assert (sessions.signed_in(own, at=NOON) is not None) is keeps_own
    assert sessions.signed_in(other, at=NOON) is None
    assert sessions.signed_in(of_bert, at=NOON) is not None


def begin(who, *, browser="", at=NOON):
    account_id = who.id
    with writing() as session:
        return sessions.begin(session, account_id, browser=browser, at=at)


@pytest.fixture(autouse=True)
def _on_each_engine(app):
    return app
