from datetime import timedelta

import pytest

from directory.domain.access import Role
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.mail import Site
from directory.domain.profile import ListingStatus
from directory.domain.revisions import ListingAction, ListingReason
from directory.domain.ties import TieKind
from directory.extensions import writing
from directory.models import Account, AuditEntry, ListingDecision, NameWord, Organisation, OutboxMail, StoredScore
from directory.services import access, groups, listing_decisions, names, profiles
from directory.services.listing_decisions import Hiding, ListingVerdict
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic, add_named, clinic_row
from tests.support.listings import (
    APPROVED,
    DECLINED,
    SENT_BACK,
    SOURCE,
    WHY,
    administrator,
    decided,
    facts_of,
    listing,
    listing_of,
    merged,
    proposed,
    status_of,
    stored,
    suggested,
)
from tests.support.reviews import (
    NOON,
    account,
    accounts,
    approved,
    assert_the_record_holds,
    link,
    reviewed_clinic,
    submitted,
)
from tests.support.tables import nothing_written, rows
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

LATER = NOON + timedelta(hours=1)
SITE = Site(host="directory.example", page="https://directory.example/suggestions/one")
PAGE = "https://directory.example/clinics/one"
HIDING = Hiding(reason=ListingReason.LEGAL_REQUEST, words="A court asked.", until=TODAY + timedelta(days=30))
AT_HOME = {"at_home_use_offered": ("yes", link())}


def test_an_approved_proposal_is_public():
    revision = proposed()

    decided(revision)

    assert (stored(revision).status, listing_of(revision).status) == ("approved", "published")
    assert_the_record_holds()


def test_what_nobody_has_approved_yet_changes_no_search_by_name():
    add_named(clinic_row(name="Blue Lantern"))
    revision = proposed(name="Bluelantern")

    before = names.find("bluelantern").clinics
    decided(revision)
    after = names.find("bluelantern").clinics

    assert [clinic.name for clinic in before] == ["Blue Lantern"]
    assert after[0].name == "Bluelantern"


def test_a_declined_proposal_is_nobodys_and_its_author_may_make_another():
    author = account(role=None)
    revision = proposed(author)

    decided(revision, DECLINED)

    assert (stored(revision).status, listing_of(revision).status) == ("declined", "declined")
    assert proposed(author) != revision
    assert_the_record_holds()


def test_what_is_sent_back_leaves_the_listing_as_it_is():
    clinic, revision = add_clinic(), None
    revision = suggested(clinic, "close")

    decided(revision, SENT_BACK)

    assert (stored(revision).status, status_of(clinic)) == ("changes_requested", "published")


def test_an_approved_edit_changes_the_facts_it_names_with_their_source_and_nothing_else():
    clinic = add_clinic(name="Snail", phone="+13095550142", website="https://snail.example")
    revision = suggested(
        clinic, name="Silver Snail", website="", organisation="Snail Group", routes=["iv_infusion", "im_injection"]
    )

    decided(revision)

    row, of_it = listing(clinic), (SOURCE.title, TODAY, stored(revision).id)
    assert (row.name, row.name_key, row.phone, row.website, row.routes) == (
        "Silver Snail", "silver snail", "+13095550142", None, 3,
    )  # fmt: skip
    assert facts_of(row) == dict.fromkeys(("name", "website", "organisation", "routes"), of_it)
    assert (row.organisation_id, row.facts_as_of) == (rows(Organisation)[0].id, TODAY)
    assert {word.word for word in rows(NameWord, NameWord.clinic_id == row.id)} >= {"silver", "snail"}
    assert_the_record_holds()


def test_what_is_not_there_any_more_is_kept_with_its_source_and_shown_as_unknown():
    clinic = add_clinic(phone="+13095550142", website="https://snail.example", routes=1)

    decided(suggested(clinic, phone="", website="", routes=()))

    shown = profiles.show(clinic["public_id"], as_of=TODAY)
    assert (shown.phone, shown.website, shown.routes, shown.facts) == (None, None, 0, {})
    assert set(facts_of(listing(clinic))) == {"phone", "website", "routes"}


def test_an_edit_of_a_fact_that_changed_meanwhile_is_not_applied_and_one_of_another_fact_is():
    clinic = add_clinic(phone="+13095550142", website="https://snail.example")
    first, second = suggested(clinic, phone="309 555 0199"), suggested(clinic, phone="309 555 0177")
    third = suggested(clinic, website="https://silver.example")
    decided(first)
    moderator = account()

    with nothing_written(), pytest.raises(Conflict, match="changed since this was suggested"):
        decided(second, moderator=moderator)
    decided(third)

    assert (listing(clinic).phone, listing(clinic).website) == ("+13095550199", "https://silver.example")
    decided(second, DECLINED)


def test_a_clinic_that_moves_keeps_its_listing_and_stands_at_its_new_zip_code():
    clinic = add_clinic(at=(38.6, -90.2), address="1 Old Street", postal_code="63101")
    revision = suggested(
        clinic, "move", address="2 New Street", city="Peoria", state="Illinois", postal_code="61602-0000"
    )

    decided(revision)

    row, of_it = listing(clinic), (SOURCE.title, TODAY, stored(revision).id)
    assert (row.address, row.city, row.state, row.postal_code) == ("2 New Street", "Peoria", "IL", "61602")
    assert (row.point_precision, round(row.latitude), round(row.longitude), row.status) == ("zip", 41, -90, "published")
    assert facts_of(row) == {"address": of_it, "point": of_it}
    assert row.cell != clinic["cell"]


@pytest.mark.parametrize(
    ("stated", "precision"),
    [
        ({"address": "1 Old Street, Suite 2", "postal_code": "63102"}, "given"),
        ({"city": "Peoria", "state": "IL"}, "city"),
    ],
)
def test_a_point_that_a_source_gave_stays_where_an_address_was_only_wrong(stated, precision):
    clinic = add_clinic(at=(38.63, -90.19), address="1 Old Street")

    decided(suggested(clinic, **stated))

    assert listing(clinic).point_precision == precision


def test_a_clinic_that_moved_where_nobody_knows_the_place_is_not_on_the_map():
    clinic = add_clinic(at=(38.63, -90.19))

    decided(suggested(clinic, "move", city="Nowhere at all", postal_code=""))

    row = listing(clinic)
    assert (row.cell, row.latitude, row.point_precision) == (None, None, None)
    assert set(facts_of(row)) == {"address"}


def test_a_clinic_closes_and_opens_again():
    clinic = add_clinic()

    decided(suggested(clinic, "close"))
    assert status_of(clinic) == "closed"
    decided(suggested(clinic, "reopen"))
    assert status_of(clinic) == "published"
    assert_the_record_holds()


def test_what_was_suggested_of_an_open_clinic_is_not_approved_of_a_closed_one():
    clinic = add_clinic()
    edit, close = suggested(clinic, phone="309 555 0199"), suggested(clinic, "close")
    decided(close)
    moderator = account()

    with nothing_written(), pytest.raises(InvalidTransition):
        decided(edit, moderator=moderator)

    decided(edit, DECLINED)
    assert_the_record_holds()


def test_two_listings_are_joined_by_two_people_and_the_first_changes_nothing():
    clinic, target = add_clinic(), add_clinic()
    revision = suggested(clinic, "merge", target=target)

    decided(revision)
    assert (stored(revision).status, status_of(clinic)) == ("approved_once", "published")
    decided(revision)

    assert (stored(revision).status, status_of(clinic)) == ("approved", "merged")
    assert listing(clinic).successor_id == listing(target).id
    assert_the_record_holds()


@pytest.mark.security(27)
def test_one_person_is_not_two_by_whichever_account():
    clinic, target = add_clinic(), add_clinic()
    revision, first = suggested(clinic, "merge", target=target), account()
    decided(revision, moderator=first)

    for again in (first, account(linked_to=first)):
        with nothing_written(), pytest.raises(Forbidden):
            decided(revision, moderator=again)

    assert status_of(clinic) == "published"


def test_the_agreement_of_somebody_who_turns_out_to_be_the_author_joins_nothing():
    clinic, target = add_clinic(), add_clinic()
    author, first = account(role=None), account()
    revision = suggested(clinic, "merge", target=target, author=author)
    decided(revision, moderator=first)
    ids = {row.id: row.public_id for row in rows(Account)}
    groups.link(
        ids[author], ids[first], administrator=rows(Account, Account.id == administrator())[0].public_id, at=NOON
    )
    second = account()

    with nothing_written(), pytest.raises(Conflict, match="turned out to be its author"):
        decided(revision, moderator=second)
    decided(revision, SENT_BACK, moderator=second)

    assert status_of(clinic) == "published"
    assert_the_record_holds()


def test_whoever_agreed_first_may_still_send_it_back():
    clinic, target = add_clinic(), add_clinic()
    revision, first = suggested(clinic, "merge", target=target), account()
    decided(revision, moderator=first)

    decided(revision, SENT_BACK, moderator=first)

    assert stored(revision).status == "changes_requested"
    assert_the_record_holds()


def test_what_led_to_a_listing_that_is_merged_leads_to_where_it_leads():
    first, second, third = add_clinic(), add_clinic(), add_clinic()

    merged(first, second)
    merged(second, third)

    assert {listing(each).successor_id for each in (first, second)} == {listing(third).id}
    assert_the_record_holds()


def test_nothing_is_merged_into_what_is_not_public_any_more():
    clinic, target = add_clinic(), add_clinic()
    revision = suggested(clinic, "merge", target=target)
    decided(revision)
    decided(suggested(target, "close"))
    moderator = account()

    with nothing_written(), pytest.raises(Conflict):
        decided(revision, moderator=moderator)


def test_what_was_found_out_about_a_merged_clinic_counts_for_its_successor_at_once():
    clinic, target = reviewed_clinic(), reviewed_clinic()
    approved(clinic, account(), AT_HOME)
    documented = listing(clinic).signs

    merged(clinic, target)

    assert listing(target).signs == documented != "00000"
    assert rows(StoredScore, StoredScore.clinic_id == listing(target).id)
    assert_the_record_holds()


@pytest.mark.security(27)
@pytest.mark.parametrize("verdict", [APPROVED, DECLINED, SENT_BACK])
def test_nobody_decides_on_what_they_suggested_themselves_by_whichever_account(verdict):
    whole = account()
    clinic = add_clinic()
    revision = suggested(clinic, "close", author=whole)

    for by in (whole, account(linked_to=whole), account(linked_to=whole, role=Role.ADMINISTRATOR)):
        with nothing_written(), pytest.raises(Forbidden):
            decided(revision, verdict, moderator=by)


@pytest.mark.security(27)
def test_nobody_decides_about_a_clinic_to_which_they_have_a_tie_nor_about_its_successor_or_its_new_chain():
    clinic, target = add_clinic(), add_clinic()
    chained, elsewhere = proposed(organisation="Snail Group"), add_clinic()
    merge = suggested(clinic, "merge", target=target)
    edit = suggested(elsewhere, organisation="SNAIL  group")

    for revision, tied_to in ((merge, listing(clinic).id), (merge, listing(target).id), (edit, listing_of(chained).id)):
        moderator = tied(tied_to)
        with nothing_written(), pytest.raises(Forbidden, match="tie to this clinic"):
            decided(revision, moderator=moderator)


def test_a_reviewer_decides_nothing():
    revision, reviewer = suggested(add_clinic(), "close"), account(role=None)

    with nothing_written(), pytest.raises(Forbidden):
        decided(revision, moderator=reviewer)


@pytest.mark.parametrize(
    ("field", "verdict"),
    [
        ("action", ListingVerdict(action=ListingAction.WITHDRAW)),
        ("action", ListingVerdict(action=ListingAction.APPROVE_ONCE)),
        ("reason", ListingVerdict(action=ListingAction.DECLINE)),
        ("reason", ListingVerdict(action=ListingAction.REQUEST_CHANGES, reason=ListingReason.NO_SOURCE, words=" ")),
        ("reason", ListingVerdict(action=ListingAction.DECLINE, reason=ListingReason.LEGAL_REQUEST, words="So.")),
    ],
)
def test_a_verdict_is_one_of_three_with_its_reason(field, verdict):
    revision, moderator = suggested(add_clinic(), "close"), account()

    with nothing_written(), pytest.raises(InvalidParameter) as refused:
        decided(revision, verdict, moderator=moderator)

    assert refused.value.field == field


def test_what_is_not_there_or_was_decided_is_not_decided():
    revision, moderator = suggested(add_clinic(), "close"), account()
    decided(revision)

    for act, error in (
        (lambda: decided(revision, moderator=moderator), InvalidTransition),
        (lambda: decided(revision, moderator=moderator, seen_version=1), Conflict),
        (lambda: decided("nothing", moderator=moderator, seen_version=1), NotFound),
        (lambda: decided("no id at all", moderator=moderator, seen_version=1), NotFound),
    ):
        with nothing_written(), pytest.raises(error):
            act()


def test_of_two_who_decide_at_once_one_is_told_that_it_changed(app):
    revision, moderators = suggested(add_clinic(), "close"), accounts(2)

    acts = [lambda by=by: decided(revision, moderator=by, seen_version=1) for by in moderators]
    outcomes = at_once(app, *acts)

    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]
    assert len(rows(ListingDecision, ListingDecision.action == "approve")) == 1
    assert len(rows(AuditEntry, AuditEntry.action == "approve")) == 1


def test_a_decision_tells_the_author_and_the_clinic_that_is_listed_now():
    author = account(role=None)
    revision = proposed(author, contact_email="desk@snail.example")
    write_to(author, "author@mail.example")

    decided(revision, ListingVerdict(action=ListingAction.APPROVE, site=SITE, listing_page=PAGE))

    to_author, to_clinic = rows(OutboxMail)
    assert (to_author.recipient, to_clinic.recipient) == ("author@mail.example", "desk@snail.example")
    assert SITE.page in to_author.body
    assert PAGE in to_author.body
    assert PAGE in to_clinic.body
    assert SITE.page not in to_clinic.body


@pytest.mark.parametrize("verdict", [DECLINED, SENT_BACK])
def test_what_is_not_taken_is_told_with_its_reason_to_its_author_alone(verdict):
    clinic, author = add_clinic(contact_email="desk@snail.example"), account(role=None)
    revision = suggested(clinic, "close", author=author)
    write_to(author, "author@mail.example")

    decided(revision, ListingVerdict(action=verdict.action, **WHY, site=SITE, listing_page=PAGE))

    (letter,) = rows(OutboxMail)
    assert letter.recipient == "author@mail.example"
    assert WHY["reason"].label in letter.body
    assert WHY["words"] in letter.body
    assert not {"snail", "clinic"} & set(letter.subject.casefold().split())


@pytest.mark.parametrize("kind", ["close", "move", "merge", "edit"])
def test_those_who_reviewed_a_clinic_learn_that_it_closed_moved_or_was_merged_each_once(kind):
    clinic, target = reviewed_clinic(), reviewed_clinic()
    reviewers = [reviewer("one"), reviewer("two")]
    approved(clinic, reviewers[0], AT_HOME)
    approved(clinic, reviewers[0], AT_HOME, at=LATER)
    submitted(clinic, reviewers[1], AT_HOME)
    approved(target, reviewer("three"), AT_HOME)
    facts = {"move": {"address": "2 New Street"}, "edit": {"phone": "3095550199"}}.get(kind, {})
    revision = suggested(clinic, kind, target=target if kind == "merge" else None, **facts)
    verdict = ListingVerdict(action=ListingAction.APPROVE, site=SITE, listing_page=PAGE)

    decided(revision, verdict)
    if kind == "merge":
        assert rows(OutboxMail) == []
        decided(revision, verdict)

    told = [letter.recipient for letter in rows(OutboxMail)]
    assert told == ([] if kind == "edit" else ["one@mail.example", "two@mail.example"])


def test_nobody_is_written_to_without_an_address_of_the_site():
    author = account(role=None)
    revision = suggested(add_clinic(), "close", author=author)
    write_to(author, "author@mail.example")

    decided(revision)

    assert rows(OutboxMail) == []


def test_an_administrator_hides_a_listing_for_a_time_and_it_is_shown_again_as_what_it_was():
    clinic, closed, by = add_clinic(), add_clinic(status="closed"), administrator()

    for each in (clinic, closed):
        listing_decisions.hide(each["public_id"], HIDING, administrator_id=by, at=NOON)
        assert status_of(each) == "hidden"
        listing_decisions.unhide(each["public_id"], words="They withdrew it.", administrator_id=by, at=LATER)

    assert (status_of(clinic), status_of(closed)) == ("published", "closed")
    assert [each.until for each in rows(ListingDecision)] == [HIDING.until, None] * 2
    assert_the_record_holds()


@pytest.mark.parametrize("until", [TODAY, days_ago(1), TODAY + timedelta(days=366)])
def test_a_listing_is_hidden_for_a_day_to_a_year(until):
    clinic, by = add_clinic(), administrator()
    hiding = Hiding(reason=HIDING.reason, words=HIDING.words, until=until)

    with nothing_written(), pytest.raises(InvalidParameter) as refused:
        listing_decisions.hide(clinic["public_id"], hiding, administrator_id=by, at=NOON)

    assert refused.value.field == "until"


def test_hiding_and_showing_again_are_an_administrators_with_words_and_without_a_tie():
    clinic, by, moderator = add_clinic(), administrator(), account()
    hide, unhide = listing_decisions.hide, listing_decisions.unhide
    tied_to_it = tied(listing(clinic).id, role=Role.ADMINISTRATOR)
    wordless = Hiding(reason=HIDING.reason, words=" ", until=HIDING.until)

    refusals = [
        (Forbidden, lambda: hide(clinic["public_id"], HIDING, administrator_id=moderator, at=NOON)),
        (Forbidden, lambda: hide(clinic["public_id"], HIDING, administrator_id=tied_to_it, at=NOON)),
        (InvalidParameter, lambda: hide(clinic["public_id"], wordless, administrator_id=by, at=NOON)),
        (InvalidParameter, lambda: unhide(clinic["public_id"], words=" ", administrator_id=by, at=NOON)),
        (InvalidTransition, lambda: unhide(clinic["public_id"], words="So.", administrator_id=by, at=NOON)),
        (NotFound, lambda: hide("nowhere", HIDING, administrator_id=by, at=NOON)),
    ]
    for error, act in refusals:
        with nothing_written(), pytest.raises(error):
            act()
    hide(clinic["public_id"], HIDING, administrator_id=by, at=NOON)
    with nothing_written(), pytest.raises(InvalidTransition):
        hide(clinic["public_id"], HIDING, administrator_id=by, at=NOON)


def test_a_hidden_listing_is_neither_changed_nor_merged():
    clinic, target = add_clinic(), add_clinic()
    edit, merge = suggested(clinic, phone="309 555 0199"), suggested(clinic, "merge", target=target)
    listing_decisions.hide(clinic["public_id"], HIDING, administrator_id=administrator(), at=NOON)
    moderator = account()

    for revision in (edit, merge):
        with nothing_written(), pytest.raises(InvalidTransition):
            decided(revision, moderator=moderator)

    assert status_of(clinic) == ListingStatus.HIDDEN


def tied(clinic_id, **details):
    by = account(**details)
    with writing() as session:
        access.declare(session, TieKind.PATIENT, by, clinic_id, at=NOON)
    return by


def reviewer(name):
    by = account()
    write_to(by, f"{name}@mail.example")
    return by


def write_to(account_id, address):
    with writing() as session:
        found = session.get_one(Account, account_id)
        found.email, found.email_key = address, address
