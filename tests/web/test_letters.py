from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from directory.domain.mail import host_of
from directory.extensions import db
from directory.models import Account, OutboxMail
from directory.web.letters import site
from tests.support.accounts import ANNA, PASSWORD, person, post, stored
from tests.support.client import Page
from tests.support.required import missing
from tests.support.reviews import NOON, WHY, account, link, reviewed_clinic, submitted
from tests.support.signed_in import signed_in
from tests.support.tables import rows

LATER = NOON + timedelta(hours=3)


def test_a_decision_from_the_page_sends_its_author_the_reasons_and_an_address_that_opens(app, monkeypatch):
    monkeypatch.setattr("directory.web.moderation.now", lambda: LATER)
    author = account(role=None)
    db.session.execute(db.update(Account).where(Account.id == author).values(email="a@example.org", email_key="a"))
    db.session.commit()
    review = submitted(reviewed_clinic(), author, {"at_home_use_offered": ("yes", link())})
    client = signed_in(app, account())
    page = Page(client.get(f"/moderation/reviews/{review}").text)
    shown = {tag["name"]: tag.get("value", "") for tag in page.all("input") if tag.get("type") == "hidden"}

    typed = {"action": "decline", "reason": WHY["reason"].value, "words": WHY["words"]}
    answer = client.post(f"/moderation/reviews/{review}", data=shown | typed)

    assert answer.status_code == 303
    (mail,) = rows(OutboxMail)
    assert mail.recipient == "a@example.org"
    assert mail.message_id.endswith(f"@{host_of(app.config['BASE_URL'])}>")
    whole = f"{app.config['BASE_URL']}/reviews/{review}"
    assert whole in mail.body.splitlines()
    assert signed_in(app, author).get(urlsplit(whole).path).status_code == 200


@pytest.mark.parametrize(("prefix", "language", "subject"), [("", "en", "Your account"), ("/es", "es", "Su cuenta")])
def test_who_registers_on_a_page_is_written_to_in_its_language(client, prefix, language, subject):
    if language not in client.application.config["LANGUAGES"]:
        missing("translations/es/LC_MESSAGES/messages.mo is not here: make test compiles it")

    post(client, f"{prefix}/account/register", {"email": ANNA, "password": PASSWORD})

    (mail,) = rows(OutboxMail)
    assert mail.subject.startswith(subject)
    assert f"{client.application.config['BASE_URL']}{prefix}/account/confirm/" in mail.body
    assert stored(ANNA).language == language


def test_who_signs_in_on_a_spanish_page_is_written_to_in_spanish_from_then_on(client):
    if "es" not in client.application.config["LANGUAGES"]:
        missing("translations/es/LC_MESSAGES/messages.mo is not here: make test compiles it")
    anna = person()

    post(client, "/es/account/sign-in", {"email": anna.email, "password": anna.password})

    assert anna.account.language == "es"


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_letter_leads_to_the_page_in_the_language_of_its_reader_whatever_the_moderator_reads(app, prefix):
    if "es" not in app.config["LANGUAGES"]:
        missing("translations/es/LC_MESSAGES/messages.mo is not here: make test compiles it")

    with app.test_request_context("/moderation", environ_overrides={"SCRIPT_NAME": prefix}):
        written = site("reviews.show", public_id="one")

    for code, path in (("en", "/reviews/one"), ("es", "/es/reviews/one")):
        assert written.read_in(code).page == f"{app.config['BASE_URL']}{path}"
