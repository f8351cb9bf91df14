"""The workbench of moderators in Chromium: by keyboard alone, with and without JavaScript, and how it looks."""

import pytest
from playwright.sync_api import expect

from directory.extensions import db
from directory.models import Review
from tests.conftest import ready_app
from tests.support import browser, keyboard
from tests.support.reviews import decided, declined
from tests.support.tables import rows

NUMBER = 8
#: A wide page is a mistake on any screen.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def bench_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    yield from ready_app(f"sqlite:///{folder / 'bench.sqlite3'}", folder)


@pytest.fixture
def bench(chromium, bench_app):
    """The address of the workbench, and who signs in there."""
    with browser.served(bench_app) as address, bench_app.app_context():
        yield address, keyboard.moderator()
        db.session.rollback()


def test_a_moderator_clears_the_queue_by_keyboard_alone(chromium, bench, capsys):
    site, moderator = bench
    reviews = keyboard.wait_for_decisions(NUMBER)
    with browser.opened(chromium) as page:
        keyboard.sign_in(page, site, moderator)

        taken = keyboard.clear(page, site, NUMBER)

        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    with capsys.disabled():
        print(f"\n{taken}")  # noqa: T201 - what the issue asks to be told
    assert {row.status for row in rows(Review) if row.public_id in reviews} == {"approved"}
    assert taken.requests == 4 * NUMBER


def test_keys_leave_what_is_typed_alone_and_can_be_turned_off(chromium, bench):
    site, moderator = bench
    (review,) = keyboard.wait_for_decisions(1)
    with browser.opened(chromium) as page:
        keyboard.sign_in(page, site, moderator)
        page.goto(f"{site}/moderation/reviews/{review}")

        page.locator("#words").press_sequentially("any day")
        expect(page.locator("#words")).to_have_value("any day")
        page.locator("#keys summary").click()
        page.locator("#keys-on").uncheck()
        page.keyboard.press("a")

        expect(page.locator("[type=radio]:checked")).to_have_count(0)
        page.reload()
        page.keyboard.press("a")
        expect(page.locator("[type=radio]:checked")).to_have_count(0)
    decided(review, declined())


def test_a_reason_brings_its_usual_words_until_somebody_types(chromium, bench):
    site, moderator = bench
    (review,) = keyboard.wait_for_decisions(1)
    with browser.opened(chromium) as page:
        keyboard.sign_in(page, site, moderator)
        page.goto(f"{site}/moderation/reviews/{review}")

        page.locator("#reason").select_option("duplicate")
        first = page.locator("#words").input_value()
        page.locator("#reason").select_option("abusive")
        second = page.locator("#words").input_value()
        page.locator("#words").fill("My own.")
        page.locator("#reason").select_option("duplicate")

        assert first
        assert second not in {"", first}
        expect(page.locator("#words")).to_have_value("My own.")
    decided(review, declined())


def test_a_page_that_is_being_read_is_told_that_the_review_changed(chromium, bench):
    site, moderator = bench
    (review,) = keyboard.wait_for_decisions(1)
    with browser.opened(chromium) as page:
        keyboard.sign_in(page, site, moderator)
        page.clock.install()
        page.goto(f"{site}/moderation/reviews/{review}")
        expect(page.locator("#changed")).to_be_hidden()

        decided(review, declined())
        page.clock.fast_forward(31_000)

        expect(page.locator("#changed")).to_be_visible()


@pytest.mark.parametrize("size", [browser.PHONE, browser.DESK], ids=["390", "1280"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_fit_their_screen_and_work_without_a_script(chromium, bench, size, theme, tmp_path):
    site, moderator = bench
    first, second = keyboard.wait_for_decisions(2)
    with browser.opened(chromium, size=size, theme=theme, script=False) as page:
        keyboard.sign_in(page, site, moderator)
        assert page.evaluate(TOO_WIDE) == 0
        page.screenshot(path=tmp_path / "queue.png", full_page=True)
        page.get_by_role("button", name="Next item").click()
        page.get_by_label("Accept", exact=True).check()
        page.get_by_label("I opened the source myself").check()
        page.get_by_role("button", name="Show what this would do").click()
        expect(page.locator("#preview .preview")).to_be_visible()
        assert page.evaluate(TOO_WIDE) == 0
        expect(page.get_by_label("Accept", exact=True)).to_be_checked()
        page.screenshot(path=tmp_path / "review.png", full_page=True)
        page.get_by_role("button", name="Renew").click()
        expect(page.get_by_label("I opened the source myself")).to_be_checked()

        page.get_by_role("button", name="Approve as marked").click()
        page.get_by_label("Decline with others").check()
        page.locator("#reason").select_option("duplicate")
        page.get_by_role("button", name="Fill in the usual words").click()
        page.get_by_role("button", name="Decline them").click()

        expect(page.get_by_text("You declined 1 review.")).to_be_visible()
    assert [row.status for row in rows(Review) if row.public_id in {first, second}] == ["approved", "declined"]
