import pytest

from directory.domain.errors import NotFound
from directory.domain.profile import ListingStatus
from directory.domain.revisions import RevisionKind
from directory.extensions import db
from directory.models import Clinic, Organisation
from directory.services import suggestible
from directory.services.duplicates import Alike
from tests.support.clinics import add_clinic
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")

PHONE = "+13145550142"


def test_a_form_about_a_listing_begins_with_its_facts_but_for_the_one_that_is_never_shown():
    clinic = add_clinic(
        name="Paper Kite", city="Reno", state="NV", phone=PHONE, routes=1, contact_email="desk@secret.example"
    )
    of_a_chain(clinic, "Kites United")

    with counted_statements() as statements:
        found = suggestible.look_at(clinic["public_id"])

    assert (found.public_id, found.slug, found.status) == (clinic["public_id"], "paper-kite", ListingStatus.PUBLISHED)
    assert (found.name, found.city, found.state) == ("Paper Kite", "Reno", "NV")
    assert {name: found.facts[name] for name in ("name", "phone", "organisation", "website")} == {
        "name": "Paper Kite", "phone": PHONE, "organisation": "Kites United", "website": "",
    }  # fmt: skip
    assert "secret" not in str(found)
    assert len(statements) <= 2


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("published", {RevisionKind.EDIT, RevisionKind.MOVE, RevisionKind.CLOSE, RevisionKind.MERGE}),
        ("closed", {RevisionKind.REOPEN, RevisionKind.MERGE}),
    ],
)
def test_what_can_be_suggested_follows_from_how_the_listing_stands(status, kinds):
    assert set(suggestible.look_at(add_clinic(status=status)["public_id"]).kinds) == kinds


def test_the_listings_that_may_be_of_the_same_clinic_are_found_and_not_itself():
    clinic, other = (add_clinic(phone=PHONE, status=status) for status in ("closed", "published"))
    add_clinic(phone=PHONE, status="proposed")

    found = suggestible.alike(clinic["public_id"])

    assert [(each.public_id, each.why) for each in found.shown] == [(other["public_id"], (Alike.PHONE,))]
    assert found.more == 0


@pytest.mark.parametrize("status", ["proposed", "declined", "withdrawn", "hidden", None])
@pytest.mark.parametrize("read", [suggestible.look_at, suggestible.alike])
def test_nothing_is_suggested_about_a_listing_that_is_not_public(read, status):
    public_id = add_clinic(status=status)["public_id"] if status else "no\0where"

    with pytest.raises(NotFound, match="No clinic is listed"):
        read(public_id)


def of_a_chain(clinic, name):
    chain = Organisation(name=name, key=name.casefold())
    db.session.add(chain)
    db.session.flush()
    db.session.execute(
        db.update(Clinic).where(Clinic.public_id == clinic["public_id"]).values(organisation_id=chain.id)
    )
    db.session.commit()
