from datetime import UTC, datetime, timedelta

import pytest

from directory.domain.browsers import browser_name, parts
from directory.domain.sessions import REVIEWER, STAFF, is_live

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(("is_staff", "lifetime"), [(True, STAFF), (False, REVIEWER)])
def test_a_session_lives_until_it_was_idle_for_too_long_or_is_too_old(is_staff, lifetime):
    def lives(idle, age):
        return is_live(began=AT - age, seen=AT - idle, at=AT, is_staff=is_staff)

    assert lives(lifetime.idle - MOMENT, lifetime.absolute - MOMENT)
    assert not lives(lifetime.idle, lifetime.idle)
    assert not lives(timedelta(0), lifetime.absolute)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140 Safari/604", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Odd/1.0", "Linux"),
        ("Firefox", "Firefox"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it_and_nobody_else_is_told_apart(header, name):
    assert browser_name(header) == name


@pytest.mark.parametrize(
    ("name", "both"),
    [("Firefox on Android", ("Firefox", "Android")), ("Linux", ("Linux", "")), ("", ("", ""))],
)
def test_a_browser_can_be_named_in_another_language(name, both):
    assert parts(name) == both
