import pytest

from directory.domain.access import Role
from directory.domain.errors import Forbidden, NotFound
from directory.domain.findings import Verdict
from directory.domain.leases import LENGTH
from directory.domain.profile import ListingStatus
from directory.domain.revisions import RevisionKind
from directory.domain.ties import TieKind
from directory.domain.waiting import ItemKind
from directory.extensions import reading, writing
from directory.services import access, claims, opened_revisions
from tests.support.clinics import add_clinic
from tests.support.listings import SOURCE, WORDS, decided, listing, listing_of, merged, proposed, stored, suggested
from tests.support.reviews import NOON, account, approved, link, reviewed_clinic
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")


def opened(revision, by=None):
    who = by or account()
    with reading() as session:
        actor = access.actor(session, who)
    return opened_revisions.look_at(revision, actor, at=NOON)


def test_an_edit_is_shown_beside_what_the_listing_says_now():
    clinic = add_clinic(phone="+13095550142", website="https://snail.example")
    revision = suggested(clinic, phone="309 555 0177", website="https://silver.example")
    decided(suggested(clinic, phone="309 555 0199"))

    shown = opened(revision)

    assert [(each.field, each.before, each.now, each.after) for each in shown.differences] == [
        ("phone", "+13095550142", "+13095550199", "+13095550177"),
        ("website", "https://snail.example", "https://snail.example", "https://silver.example"),
    ]
    assert not shown.still_stands
    assert (shown.source, shown.words, shown.is_waiting, shown.takes_two) == (SOURCE, WORDS, True, False)
    assert len(shown.author) == 6


def test_a_proposal_is_shown_whole_with_what_may_be_the_same_and_what_its_author_declared():
    listed = add_clinic(name="Copper Snail Ketamine", city="Pekin", state="IL")
    revision = proposed(despite=frozenset({listed["public_id"]}), tie=TieKind.OWNER, contact_email="desk@snail.example")

    shown = opened(revision)

    assert (shown.kind, shown.listing.status) == (RevisionKind.NEW, ListingStatus.PROPOSED)
    assert [each.public_id for each in shown.duplicates.shown] == [listed["public_id"]]
    assert [each.kind for each in shown.declarations] == [TieKind.OWNER]
    assert shown.listing.facts["contact_email"] == "desk@snail.example"
    assert shown.still_stands


def test_a_merge_is_shown_with_both_listings_and_what_was_found_out_about_each():
    clinic, target, third = reviewed_clinic(), reviewed_clinic(), add_clinic()
    approved(clinic, account(), {"at_home_use_offered": ("yes", link())})
    merged(third, target)
    revision, first = suggested(clinic, "merge", target=target), account()
    decided(revision, moderator=first)

    shown = opened(revision)

    assert shown.takes_two
    assert shown.is_waiting
    assert not shown.approved_by_me
    assert opened(revision, first).approved_by_me
    assert (shown.listing.reviews, shown.target.reviews) == (1, 0)
    assert (shown.listing.merged, shown.target.merged) == (0, 1)
    assert Verdict.SUSPECTED in shown.listing.signs.values()
    assert set(shown.target.signs.values()) == {Verdict.UNKNOWN}
    assert shown.duplicates.shown == ()


def test_it_takes_ten_statements_at_the_most():
    proposed(organisation="Snail Group")
    revision, who = suggested(add_clinic(), phone="309 555 0142", organisation="Snail Group"), account()
    with reading() as session:
        actor = access.actor(session, who)

    with counted_statements() as counted:
        opened_revisions.look_at(revision, actor, at=NOON)

    assert len(counted) <= 10


def test_a_lease_is_shown_while_it_holds():
    revision, by = suggested(add_clinic(), "close"), account()
    claims.claim(revision, moderator_id=by, at=NOON, kind=ItemKind.LISTING)

    assert opened(revision).lease.until == NOON + LENGTH
    with reading() as session:
        later = opened_revisions.look_at(revision, access.actor(session, by), at=NOON + LENGTH)
    assert later.lease is None


@pytest.mark.security(27)
def test_nobody_opens_their_own_nor_what_they_are_tied_to_nor_anything_without_the_role():
    whole, clinic, target = account(), add_clinic(), add_clinic()
    own, of_a_chain = suggested(clinic, "close", author=whole), proposed()
    merge = suggested(clinic, "merge", target=target)

    for revision, by, error in (
        (own, whole, Forbidden),
        (own, account(linked_to=whole), Forbidden),
        (own, account(role=None), NotFound),
        (merge, tied(listing(clinic).id), NotFound),
        (merge, tied(listing(target).id), NotFound),
        (of_a_chain, tied(listing_of(of_a_chain).id, role=Role.ADMINISTRATOR), NotFound),
        ("nothing", account(), NotFound),
        ("no id at all", account(), NotFound),
    ):
        with pytest.raises(error):
            opened(revision, by)
    assert stored(own).version == 1


def tied(clinic_id, **details):
    by = account(**details)
    with writing() as session:
        access.declare(session, TieKind.OWNER, by, clinic_id, at=NOON)
    return by
