import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import insert, select

from directory.domain.evidence import problem_of
from directory.domain.profile import SETTINGS, mask
from directory.extensions import db
from directory.models import Account, Clinic, ClinicFact, Organisation, Review
from directory.services import holds
from tests.support import hostile
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL, HISTORY, PHYSICIAN, PROMISES, SHIPPED
from tests.support.client import Page
from tests.support.clinics import add_clinic
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    SITE,
    account,
    accounts,
    approved,
    confirmed,
    document,
    link,
    pages,
    rechecked,
    remedied,
    reviewed_clinic,
    told,
)
from tests.support.statements import counted_statements


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    """The clock of the pages; the reviews of these tests age by it."""
    monkeypatch.setattr("directory.web.clinics.today", lambda: TODAY)
    monkeypatch.setattr("directory.web.api.clinics.today", lambda: TODAY)


def test_a_clinic_shows_its_facts_with_source_and_date(client):
    row = add_clinic(
        name="Paper Kite", address="20 Invented Way", postal_code="63101", phone="+13145550142",
        website="https://www.kite.example.org/", routes=3, settings=1, conditions=5, npi="1234567893",
        at=(38.63, -90.19), contact_email="staff@kite.example.org",
    )  # fmt: skip
    state_facts(row, "address", "phone", "website", "routes", "settings", "conditions", "npi", "point", "contact_email")

    response = client.get(address_of(row))

    source = " ".join(response.text.split())
    assert "20 Invented Way, Saint Louis, MO 63101" in source
    assert 'href="tel:+13145550142"' in source
    assert "314-555-0142" in source
    assert 'href="https://www.kite.example.org/" rel="nofollow noopener noreferrer"' in source
    assert "IV infusion; IM (muscle) injection" in source
    assert "Treatment-resistant depression; Depression with suicidal thoughts" in source
    assert source.count("Register of Tests") == 9  # the address stands at the head as well
    assert "3 Nov 2026" in source
    assert re.search("Not known here: [^.]*Run by", source)
    assert "staff@kite" not in source


@pytest.mark.parametrize(("highest", "words"), [(1200, "$400 to $1,200 a session"), (400, "$400 a session")])
def test_what_a_clinic_says_of_payment_stands_among_its_facts(client, highest, words):
    row = add_clinic(psychotherapy=8, insurance=12, payment_help=2, accepts=4, price_min=400, price_max=highest)
    state_facts(row, "psychotherapy", "insurance", "payment_help", "accepts", "price")

    source = " ".join(client.get(address_of(row)).text.split())

    for said in (
        "No psychotherapy", "Self-pay only; Bill to hand in yourself (superbill)", "Lower price for lower incomes",
        "With a referral only", words,
    ):  # fmt: skip
        assert said in source
    assert not re.search("Not known here: [^.]*(Insurance|Price)", source)


def test_what_no_source_has_said_is_called_unknown(client):
    row = add_clinic(name="Bare")

    source = " ".join(client.get(address_of(row)).text.split())

    assert "Not known here: Address; Telephone; Website" in source
    assert "As stated" not in source
    assert "Not enough checked" in source
    assert "Nobody has checked this clinic for the" in source
    assert "That is neither good nor bad" in source
    assert source.count("Nobody has checked this yet") == 5
    assert 'class="range' not in source
    assert "Score:" not in source
    assert source.index('id="ask"') < source.index("Nobody has checked this yet")
    assert "Nobody has settled any of the 30 safeguards here." in source
    assert "What to ask before you book" in source


def test_facts_that_contradict_an_at_home_finding_are_named_beside_it(client):
    row = add_clinic(settings=mask(SETTINGS, ["at_home_dosing"]))
    state_facts(row, "settings")
    plain = add_clinic(settings=mask(SETTINGS, ["clinic"]))
    state_facts(plain, "settings")
    said = "The facts below name doses taken at home (Register of Tests, 3\xa0Nov\xa02026). Ask which is so."

    assert client.get(address_of(row)).text.count(said) == 1
    assert "name doses taken at home" not in client.get(address_of(plain)).text


@pytest.mark.parametrize("status", ["proposed", "declined", "withdrawn"])
def test_a_clinic_that_is_not_published_is_not_there(client, status):
    row = add_clinic(status=status)

    assert client.get(address_of(row)).status_code == 404
    assert client.get(f"/api/v1/clinics/{row['public_id']}").status_code == 404


def test_an_old_name_in_the_address_leads_to_the_present_one(client):
    row = add_clinic(name="Paper Kite")

    for old in (f"/clinics/{row['public_id']}", f"/clinics/{row['public_id']}/old-name"):
        response = client.get(old)
        assert response.status_code == 301
        assert response.location == f"/clinics/{row['public_id']}/paper-kite"


def test_the_way_back_leads_to_the_results_one_came_from(client):
    row = add_clinic()
    came_from = {"Referer": "http://localhost/search?near=63101&radius=50"}

    page = client.get(address_of(row), headers=came_from)

    assert "/search?near=63101&radius=50" in [link["href"] for link in Page(page.text).all("a")]


def test_a_page_with_a_way_back_is_kept_by_no_browser_for_it_says_where_somebody_looked(client):
    row = add_clinic()
    came_from = {"Referer": "http://localhost/search?near=63101&radius=50"}

    kept = [client.get(address_of(row), headers=headers).headers["Cache-Control"] for headers in (came_from, {})]

    assert kept == ["no-store", "no-cache"]


@pytest.mark.parametrize(
    "referrer",
    [
        "https://evil.example/search?near=1",
        "http://localhost/about?x=1",
        "http://localhost/search",
        "//",
        "http://[bad/search?x",
    ],
)
def test_the_way_back_leads_nowhere_else(client, referrer):
    row = add_clinic()

    page = client.get(address_of(row), headers={"Referer": referrer})

    assert page.status_code == 200
    assert "Back to your results" not in page.text


@pytest.mark.parametrize("number", [1, 60])
def test_a_clinic_page_takes_at_most_eight_statements_whatever_the_number_of_reviews(client, number):
    row = reviewed_clinic()
    state_facts(row, "address", "phone")
    for place, author in enumerate(accounts(number)):
        days = 2 * place  # more in a week would be a burst
        seen = {"on": days_ago(days)}
        answers = {CURE_ALL.slug: ("yes", link(f"Cure {place}.", **seen)), "price_published": ("no", told(**seen))}
        approved(row, author, answers, at=NOON - timedelta(days=days))

    with counted_statements() as seen:
        page = Page(client.get(address_of(row)).text)

    assert len(seen) == 7
    answers = [tag for tag in page.all("div") if tag.get("class", "").startswith("evidence ")]
    assert len(answers) == 2 * number


def test_the_page_says_that_new_reviews_are_held_and_not_why(client):
    row, open_one, moderator = reviewed_clinic(), reviewed_clinic(), account()
    holds.hold(row["public_id"], days=3, words="<b>A forum</b> calls for it.", moderator_id=moderator, at=NOON)
    said = "Unusual activity: new reviews of this clinic are held until 24\xa0Nov\xa02026 while moderators look."

    with counted_statements() as seen:
        page = client.get(address_of(row)).text

    assert page.count(said) == 1
    assert "forum" not in page
    assert len(seen) == 7
    assert "Unusual activity" not in client.get(address_of(open_one)).text
    holds.end(row["public_id"], words="Looked at.", moderator_id=moderator, at=NOON)
    assert "Unusual activity" not in client.get(address_of(row)).text


def test_a_hold_is_over_on_its_day(client, monkeypatch):
    row = reviewed_clinic()
    holds.hold(row["public_id"], days=3, words="A forum calls for it.", moderator_id=account(), at=NOON)

    for day, is_held in ((days_ago(-2), True), (days_ago(-3), False)):
        monkeypatch.setattr("directory.web.clinics.today", lambda day=day: day)
        assert ("Unusual activity" in client.get(address_of(row)).text) is is_held


def test_the_data_of_a_clinic_say_until_when_new_reviews_are_held(client):
    row = reviewed_clinic()
    before = client.get(f"/api/v1/clinics/{row['public_id']}").json["held_until"]

    holds.hold(row["public_id"], days=3, words="A forum calls for it.", moderator_id=account(), at=NOON)

    assert before is None
    assert client.get(f"/api/v1/clinics/{row['public_id']}").json["held_until"] == "2026-11-24"


def test_the_card_shows_grade_strip_range_and_every_finding(client):
    row = clinic_of_the_mock()

    response = client.get(address_of(row))

    source, page = " ".join(response.text.split()), Page(response.text)
    assert 'Warning signs, as of <time datetime="2026-11-21">21 Nov 2026</time>' in source
    assert "One sign is confirmed, one suspected and one disputed; two were looked for and not found." in source
    assert [tag["class"] for tag in page.all("li") if tag.get("class", "").startswith("is-")] == [
        "is-cleared", "is-cleared", "is-disputed", "is-confirmed", "is-suspected",
    ]  # fmt: skip
    assert ">Score: 30 to 70 of 100</h3>" in source
    assert "It is a range because one sign is disputed and one only suspected. 100 would mean" in source
    assert 'aria-label="Score range 30 to 70 of 100"' in source
    assert [tag["class"] for tag in page.all("details") if "open" in tag] == ["finding is-confirmed"]
    assert "1 of 2 found this sign, 1 did not" in source
    assert "“<bdi>The cure your doctor forgot.</bdi>”" in source
    assert 'a moderator opened the source on <time datetime="2026-11-21">' in source
    assert "linked" not in source
    assert page.texts("a").count("What to ask before you book") == 1
    assert "two moderators must confirm it" not in source


def test_every_piece_of_evidence_is_dated_and_its_address_leads_out_without_our_word(client):
    row = reviewed_clinic()
    seen = days_ago(50)
    quoted = link("The cure.", seen, f"{SITE}/home", archive_url="https://archive.example/1")
    approved(row, account(), {CURE_ALL.slug: ("yes", quoted), PROMISES.slug: ("no", *pages(seen))})
    approved(row, account(), {CURE_ALL.slug: ("yes", document("Brochure,\npage 2."))})

    response = client.get(address_of(row))

    source = " ".join(response.text.split())
    outward = [
        tag for tag in Page(response.text).all("a") if tag["href"].startswith("https://") and "ugc" in tag["rel"]
    ]
    assert {tag["rel"] for tag in outward} == {"nofollow ugc noopener noreferrer"}
    assert {tag["href"] for tag in outward} == {
        f"{SITE}/home", "https://archive.example/1", f"{SITE}/", f"{SITE}/conditions", f"{SITE}/faq", f"{SITE}/prices",
    }  # fmt: skip
    assert ">clinic.example/home</a>" in source
    assert "Brochure, page 2." in source
    assert "Pages read, and nothing of the kind found there:" in source
    assert '<dt>Counts until</dt><dd><time datetime="2027-03-31">31 Mar 2027</time>' in source


def test_what_is_held_back_is_no_number_anywhere(client):
    row = reviewed_clinic()
    approved(row, account(), {CURE_ALL.slug: ("yes", document())})

    source = " ".join(client.get(address_of(row)).text.split())

    assert "Score: no number yet" in source
    assert "0 of 5 signs are settled, 3 are needed." in source
    assert 'class="range held"' in source
    assert not re.search(r"Score(?: range)?:? \d", source)


def test_a_critical_sign_waits_for_two_moderators_and_then_says_so(client):
    row = reviewed_clinic()
    approved(row, account(), {AT_HOME.slug: ("yes", link())})
    approved(row, account(), {AT_HOME.slug: ("yes", told(on=REPLY_OVER))})

    before = client.get(address_of(row)).text
    confirmed(row, AT_HOME.slug)
    after = client.get(address_of(row)).text

    assert "two moderators must confirm it" in before
    assert "Open concerns" in before
    assert "Confirmed by two moderators" in after
    assert "Documented warning sign" in after


def test_what_ran_out_and_what_was_mended_stay_in_sight(client):
    row = reviewed_clinic()
    then = NOON - timedelta(days=400)
    approved(row, account(), {PHYSICIAN.slug: ("no", document(on=days_ago(401)))}, at=then)
    approved(row, account(), {CURE_ALL.slug: ("yes", link(on=days_ago(90)))})
    approved(row, account(), {CURE_ALL.slug: ("yes", told(on=days_ago(80)))})
    remedied(row, CURE_ALL.slug, mended_on=days_ago(20))

    source = " ".join(client.get(address_of(row)).text.split())

    assert "Previously reported on 16 Oct 2025, not rechecked" in source
    assert "Reported on 2 Sep 2026; the clinic mended it by 1 Nov 2026, as two moderators found" in source
    assert "Not enough checked" in source
    assert "looked for and not found" not in source.split("Settled means")[0]


def test_nobody_who_reviewed_or_moderated_is_on_the_page(client):
    row = clinic_of_the_mock()

    source = client.get(address_of(row)).text + client.get(f"/api/v1/clinics/{row['public_id']}").text

    for public_id in db.session.scalars(select(Account.public_id)):
        assert public_id not in source
    for public_id in db.session.scalars(select(Review.public_id)):
        assert public_id not in source


def test_safeguards_stand_apart_from_the_panel_of_the_score(client):
    row = clinic_of_the_mock()

    source = client.get(address_of(row)).text

    panel, _, rest = source.partition('id="safeguards-h"')
    assert "vital signs" not in panel.partition('id="ask"')[0].lower()
    assert '<strong class="num">1 in place</strong>' in rest
    assert "Safeguards never change the score, and never offset a warning sign." in rest
    assert all(f">{safeguard.name}</a>" in rest for safeguard in SHIPPED.safeguards)


def test_the_questions_are_those_that_nobody_has_settled_here(client):
    row = clinic_of_the_mock()

    asked = client.get(address_of(row)).text.partition('id="ask"')[2].partition("</section>")[0]

    assert [sign.slug for sign in SHIPPED.signs if sign.ask in asked] == [PHYSICIAN.slug, CURE_ALL.slug, PROMISES.slug]
    assert asked.index(CURE_ALL.ask) < asked.index(PHYSICIAN.ask)
    assert SHIPPED.by_slug["price_published"].ask in asked
    assert SHIPPED.by_slug["vitals_monitored_during"].ask not in asked


@pytest.mark.security(30)
def test_what_reviewers_write_is_shown_as_text_and_never_as_markup(client):
    plain = shape_of(client, dict.fromkeys(SHIPPED.by_slug, "plain"))
    written = [text for text in hostile.kinds() if not problem_of(told(text[:1000]))]
    assert len(written) > 250

    for start in range(0, len(written), len(SHIPPED.by_slug)):
        batch = dict(zip(SHIPPED.by_slug, written[start:], strict=False))
        assert shape_of(client, batch) <= plain, batch


def test_a_chain_is_named(client):
    chain = db.session.scalar(
        insert(Organisation).values(name="Umbrella Chain", key="umbrella chain").returning(Organisation.id)
    )
    db.session.commit()
    row = add_clinic(organisation_id=chain)
    state_facts(row, "organisation")

    assert "Umbrella Chain" in client.get(address_of(row)).text


def test_public_ids_are_random_and_internal_numbers_lead_nowhere(client):
    rows = [add_clinic() for _ in range(3)]

    ids = [row["public_id"] for row in rows]
    assert len(set(ids)) == 3
    assert all(len(public_id) == 12 for public_id in ids)
    for number in db.session.scalars(select(Clinic.id)):
        assert client.get(f"/clinics/{number}").status_code == 404


def shape_of(client, texts):
    """Return what elements with which attributes stand on the page of a clinic whose reviewers wrote these texts."""
    row = reviewed_clinic()
    approved(row, account(), {
        slug: ("yes", told(text[:1000]), link(text[:500], url=address_with(text)), document(text[:1000]))
        for slug, text in texts.items()
    })  # fmt: skip
    page = Page(client.get(address_of(row)).text)
    assert not page.inline()
    return {(tag[""], *sorted(tag)) for tag in page.tags}


def address_with(text):
    """Return an address that holds the text as it is where that is taken, else quoted."""
    raw, quoted = f"{SITE}/{text}"[:500], f"{SITE}/{quote(text)}"[:500]
    return quoted if problem_of(link(url=raw)) else raw


def clinic_of_the_mock():
    """Two signs cleared, one disputed, one confirmed, one suspected; safeguards of three kinds."""
    row = reviewed_clinic()
    first, second, third = accounts(3)
    review = approved(row, first, {
        AT_HOME.slug: ("no", link("We do not mail ketamine.")),
        HISTORY.slug: ("yes", link("Your first visit takes an hour.")),
        PHYSICIAN.slug: ("no", link("Two nurse practitioners.")),
        CURE_ALL.slug: ("yes", link("The cure your doctor forgot.")),
        PROMISES.slug: ("yes", document("Brochure, page 3.")),
        "vitals_monitored_during": ("yes", link()),
        "written_informed_consent": ("yes", document()),
    })  # fmt: skip
    approved(row, second, {
        AT_HOME.slug: ("no", told()),
        HISTORY.slug: ("yes", told()),
        PHYSICIAN.slug: ("yes", document("The consent form names a physician.")),
        CURE_ALL.slug: ("yes", told()),
        "vitals_monitored_during": ("yes", told()),
        "written_informed_consent": ("no", document()),
    })  # fmt: skip
    approved(row, third, {"offlabel_status_disclosed": ("no", *pages(TODAY))})
    rechecked(review, CURE_ALL.slug)
    return row


def address_of(row):
    return f"/clinics/{row['public_id']}/{row['slug']}"


def state_facts(row, *fields):
    number = db.session.scalar(select(Clinic.id).where(Clinic.public_id == row["public_id"]))
    for field in fields:
        values = {"clinic_id": number, "field": field, "source": "Register of Tests", "seen_on": date(2026, 11, 3)}
        db.session.execute(insert(ClinicFact).values(**values))
    db.session.commit()
