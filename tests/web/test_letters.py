from datetime import timedelta
from urllib.parse import urlsplit

from directory.domain.mail import host_of
from directory.extensions import db
from directory.models import Account, OutboxMail
from tests.support.client import Page
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
