"""What a hostile reviewer does to the form, found by somebody who tried."""

import subprocess
import sys

from directory.models import Review
from directory.web.requests import today
from tests.support.accounts import fields
from tests.support.review_forms import LEAST, address, filled
from tests.support.reviews import account, reviewed_clinic
from tests.support.signed_in import signed_in
from tests.support.tables import rows

SAID = LEAST | {"at_home_use_offered-seen": today().isoformat()}
_ONE_LINK = "https://{}.com"


def test_one_link_does_not_hold_the_server_for_minutes():
    """In a process of its own that can be stopped: 60 kB of one form, of which a megabyte may come."""
    code = (
        "from directory.domain.identifiers import website;"
        "website('https://' + ''.join(chr(0x4E00 + place) for place in range(20000)) + '.com')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=10)


def handed_in(client, clinic):
    form = filled(client.get(address(clinic))) | SAID
    answer = client.post(address(clinic), data=form | {"do": "submit"})
    return form, answer.location.rsplit("/", 1)[-1]


def test_who_took_a_review_back_is_not_thanked_for_it_a_second_time(app):
    clinic, client = reviewed_clinic(), signed_in(app, account(role=None))
    form, review = handed_in(client, clinic)
    token = fields(client.get(f"/reviews/{review}"))
    client.post(f"/reviews/{review}/withdraw", data=token | {"version": "2"})
    client.get("/reviews")

    again = client.post(address(clinic), data=form | {"do": "submit"})  # by the Back button

    assert again.status_code == 409 or [row.status for row in rows(Review)].count("submitted") == 1


def test_the_key_of_one_clinic_hands_nothing_in_at_another(app):
    clinic, other, client = reviewed_clinic(), reviewed_clinic(), signed_in(app, account(role=None))
    form, _review = handed_in(client, clinic)

    answer = client.post(
        address(other), data=filled(client.get(address(other))) | SAID | {"do": "submit", "key": form["key"]}
    )

    assert answer.status_code in {409, 422}
