import re
from datetime import date

import pytest
from sqlalchemy import insert, select

from directory.extensions import db
from directory.models import Clinic, StoredScore
from directory.services import checklists
from tests.support.client import Page
from tests.support.clinics import add_clinic, add_clinics, clinic_row, point_columns
from tests.support.engines import ON_EACH_ENGINE
from tests.support.scores import scored, stored_score
from tests.support.statements import counted_statements

SAINT_LOUIS = (38.6346, -90.1913)


def test_a_seeker_sees_the_clinics_around_a_zip_nearest_first(client):
    add_clinic(name="Far Teapot", at=(38.9, -90.2), routes=1)
    add_clinic(name="Near Teapot", at=(38.65, -90.2))
    add_clinic(name="Elsewhere", at=(40.0, -90.2))

    page = get(client, near="63101", radius="25")

    assert page.texts("h1") == ["2 clinics within 25 miles of Saint Louis, MO 63101"]
    assert page.texts("h3") == ["Near Teapot", "Far Teapot"]
    source = client.get("/search?near=63101").text
    assert "center of the ZIP code (you may be about" in source
    assert "IV infusion" in source
    assert "Form of treatment not known" in source
    assert "Listing as of 2\xa0Oct\xa02026" in source


def test_a_clinic_that_nobody_has_checked_says_so_plainly(client):
    add_clinic(at=SAINT_LOUIS)

    row = listing(client)

    assert "Not enough checked" in row
    assert "At home Unknown No history Unknown No doctor Unknown Cure-all Unknown Instant Unknown" in row
    assert "No score yet: 0 of 5 signs are settled, 3 are needed." in row
    assert "Nobody has checked this clinic yet." in row
    assert "Newest check" not in row


def test_a_clinic_whose_checks_have_run_out_is_not_said_never_to_have_been_checked(client):
    add_clinic(at=SAINT_LOUIS)
    db.session.execute(insert(StoredScore), [stored_score(db.session.scalar(select(Clinic.id)))])
    db.session.commit()

    row = listing(client)

    assert "Earlier checks no longer count." in row
    assert "Nobody has checked" not in row


def test_a_checked_clinic_shows_its_grade_its_signs_its_range_and_why(client):
    verdicts = "cleared disputed cleared cleared cleared"
    add_clinic(at=SAINT_LOUIS, **scored(verdicts, seen_on=date(2026, 11, 2)))

    row = listing(client)

    assert "Open concerns" in row
    assert "At home Cleared No history Disputed No doctor Cleared Cure-all Cleared Instant Cleared" in row
    assert "Score 50–100" in row
    assert "One sign is disputed; four were looked for and not found. Newest check 2 Nov 2026." in row


def test_one_number_is_not_written_as_a_range(client):
    add_clinic(at=SAINT_LOUIS, **scored("cleared cleared cleared cleared cleared", seen_on=date(2026, 11, 2)))

    row = listing(client)

    assert "No documented warning sign found in 5 of 5 checks" in row
    assert "Score 100 " in row
    assert "All five signs were looked for and not found." in row


def test_a_number_is_held_back_until_three_signs_are_settled(client):
    verdicts = "cleared unknown unknown suspected confirmed"
    add_clinic(at=SAINT_LOUIS, **scored(verdicts, seen_on=date(2026, 11, 2)))

    row = listing(client)

    assert "Open concerns, one sign confirmed" in row
    assert "No score yet: 2 of 5 signs are settled, 3 are needed." in row
    assert "One sign is confirmed and one suspected; one was looked for and not found" in row
    assert "Newest check 2 Nov 2026." in row


@pytest.mark.parametrize(
    ("asked", "headline"),
    [
        ({}, "3 clinics within 25 miles"),
        ({"no_confirmed": "1"}, "2 clinics that fit, within 25 miles"),
        ({"checked": "1"}, "1 clinic that fits, within 25 miles"),
        ({"checked": "5"}, "No clinic that fits within 25 miles"),
    ],
)
def test_a_headline_says_when_it_counts_only_what_fits(client, asked, headline):
    for verdicts in ("unknown " * 5, "unknown " * 5, "confirmed" + " unknown" * 4):
        add_clinic(at=SAINT_LOUIS, **scored(verdicts.strip()))

    assert get(client, near="63101", **asked).texts("h1")[0].startswith(headline)


def test_all_five_are_not_called_at_least_five_of_five(client):
    source = client.get("/search?near=63101&checked=5").text

    assert "All 5 checked" in source
    assert "At least 5" not in source


def test_the_order_by_signs_says_what_it_does_with_open_signs(client):
    said = "Ordered as if every open sign were there"

    assert said in client.get("/search?near=63101&sort=signs").text
    assert said not in client.get("/search?near=63101").text


def test_results_can_be_ordered_by_name(client):
    add_clinic(name="Beta", at=(38.65, -90.2))
    add_clinic(name="Álpha", at=(38.9, -90.2))

    assert get(client, near="63101", sort="name").texts("h3") == ["Álpha", "Beta"]


def test_results_can_be_ordered_by_fewest_warning_signs(client):
    add_clinic(name="Near and Unchecked", at=(38.65, -90.2))
    add_clinic(name="Far and Checked", at=(38.9, -90.2), **scored("cleared cleared cleared cleared cleared"))

    page = get(client, near="63101", sort="signs")

    assert page.texts("h3") == ["Far and Checked", "Near and Unchecked"]
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["25", "signs"]


def test_clinics_can_be_asked_for_by_what_was_found_and_by_how_much_was_checked(client):
    add_clinic(name="Unchecked", at=SAINT_LOUIS)
    add_clinic(name="Two Cleared", at=SAINT_LOUIS, **scored("cleared cleared unknown unknown unknown"))
    add_clinic(name="One Confirmed", at=SAINT_LOUIS, **scored("cleared cleared cleared confirmed disputed"))

    def found(**query):
        return set(get(client, near="63101", **query).texts("h3"))

    assert found() == {"Unchecked", "Two Cleared", "One Confirmed"}
    assert found(no_confirmed="1") == {"Unchecked", "Two Cleared"}
    assert found(checked="2") == {"Two Cleared", "One Confirmed"}
    assert found(checked="3") == {"One Confirmed"}
    assert found(no_confirmed="1", checked="1") == {"Two Cleared"}


def test_an_empty_choice_asks_for_nothing(client):
    add_clinic(name="Unchecked", at=SAINT_LOUIS)

    page = get(client, near="63101", no_confirmed="", checked="", sort="")

    assert page.texts("h3") == ["Unchecked"]
    assert [link for link in page.all("a") if link.get("class") == "chip"] == []


@pytest.mark.parametrize("radius", ["1", "37", "100"])
def test_any_whole_radius_up_to_100_miles_is_searched_and_stays_in_the_form(client, radius):
    page = get(client, near="63101", radius=radius)

    chosen = [option["value"] for option in page.all("option") if "selected" in option]
    assert radius in chosen


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("radius", "0", "Choose a distance from 1 to 100 miles."),
        ("radius", "101", "Choose a distance from 1 to 100 miles."),
        ("radius", "2.5", "Use a whole number, like 25."),
        ("radius", "1_0", "Use a whole number, like 25."),
        ("radius", "x" * 300, "Use a whole number, like 25."),
        ("near", "x" * 201, "Shorten this to 200 characters"),
        ("words", "x" * 101, "Shorten this to 100 characters"),
        ("words", "a\x00b", "Remove the line breaks"),
        ("words", "😀%_", "Type a word with letters or digits"),
        ("words", "a b c d e f g h i", "Take words out: at most 8"),
        ("sort", "id; DROP TABLE clinic", "That choice does not exist"),
        ("route", "telepathy", "That choice does not exist"),
        ("no_confirmed", "yes", "That choice does not exist"),
        ("no_confirmed", "0", "That choice does not exist"),
        ("checked", "0", "That choice does not exist"),
        ("checked", "6", "That choice does not exist"),
        ("checked", "3.0", "That choice does not exist"),
        ("checked", "x" * 300, "That choice does not exist"),
    ],
)
def test_what_cannot_be_searched_for_is_said_beside_its_field(client, field, value, advice):
    response = client.get("/search", query_string={"near": "63101", "radius": "25"} | {field: value})

    assert response.status_code == 422
    assert advice in response.text
    assert f'href="#{field}"' in response.text


def test_an_empty_radius_takes_the_usual_one(client):
    assert "within 25 miles" in get(client, near="63101", radius="").texts("h1")[0]


def test_an_ambiguous_place_offers_choices_that_keep_the_search(client):
    response = client.get("/search", query_string={"near": "Springfield", "radius": "50", "route": "iv_infusion"})

    assert response.status_code == 422
    [choice] = [link for link in Page(response.text).all("a") if "near=Springfield,+IL" in link["href"]]
    assert "radius=50" in choice["href"]
    assert "route=iv_infusion" in choice["href"]
    assert "of Springfield, IL" in client.get(choice["href"]).text


@pytest.mark.parametrize("near", ["Qwxyzzy", "", "00000", "0,0", "\x00", "99999999999"])
@ON_EACH_ENGINE
def test_an_unknown_place_gets_a_sentence_and_examples(client, near):
    response = client.get("/search", query_string={"near": near})

    assert response.status_code == 422
    assert "A city and its state: Saint Louis, MO" in response.text


def test_an_empty_result_is_honest_and_leads_on(client):
    add_clinic(name="Beyond", at=(39.2, -90.2))

    page = get(client, near="63101", radius="5")

    assert page.texts("h1") == ["No clinic within 5 miles of Saint Louis, MO 63101"]
    assert "The nearest one, farther away" in page.texts("h2")
    assert page.texts("h3") == ["Beyond"]
    wider = [link["href"] for link in page.all("a") if "radius=" in link["href"] and link["href"].startswith("/search")]
    assert [re.search(r"radius=(\d+)", address)[1] for address in wider] == ["50", "100"]
    assert "1 clinic within 50 miles" in client.get(wider[0]).text


def test_an_empty_directory_says_so_without_promising_more(client):
    page = get(client, near="63101", radius="5")

    assert "Why nothing is here" in page.texts("h2")
    assert "The nearest one, farther away" not in page.texts("h2")


def test_each_filter_can_be_taken_off_alone(client):
    add_clinic(name="Blue Teapot", at=SAINT_LOUIS, routes=1, **scored("cleared cleared cleared unknown unknown"))
    add_clinic(name="Red Teapot", at=SAINT_LOUIS, routes=2)
    filters = ["no_confirmed=1", "checked=3", "route=iv_infusion", "words=teapot"]

    page = Page(client.get("/search?near=63101&radius=50&sort=signs&" + "&".join(filters)).text)

    assert page.texts("h3") == ["Blue Teapot"]
    labels = ("No confirmed warning sign (unchecked included)", "At least 3 of 5 checked", "IV infusion", "“teapot”")
    chips = [link["href"] for link in page.all("a") if link.get("class") == "chip"]
    texts = [text for text in page.texts("a") if text.endswith("(take off)")]
    assert all(text.startswith(label) for text, label in zip(texts, labels, strict=True))
    for taken_off, chip in zip(filters, chips, strict=True):
        parts = chip.partition("?")[2].split("&")
        assert sorted(parts) == sorted({"near=63101", "radius=50", "sort=signs", *filters} - {taken_off})


def test_what_is_asked_for_again_and_again_stands_once_in_each_link(client):
    add_clinics([clinic_row(at=SAINT_LOUIS, routes=3) for _ in range(25)])
    many = [("near", "63101"), ("radius", "50"), ("words", "clinic"), *[("route", "iv_infusion")] * 150]

    page = Page(client.get("/search", query_string=[*many, *many, ("route", "im_injection")]).text)

    links = [link["href"] for link in page.all("a") if link.get("href", "").startswith("/search?near=")]
    assert [link for link in links if "cursor=" in link]
    assert len(links) > 4
    for name in ("near", "radius", "words", "route=iv_infusion", "route=im_injection"):
        assert max(link.count(name) for link in links) == 1


@pytest.mark.parametrize("typed", ["", "  ", "a b c d e f g h", "St. John's st john's SAINT johns", "a " * 40])
def test_eight_different_words_can_be_looked_for_and_blanks_ask_for_none(client, typed):
    assert client.get("/search", query_string={"near": "63101", "words": typed}).status_code == 200


def test_all_filters_can_be_taken_off_at_once(client):
    add_clinic(name="Unchecked", at=SAINT_LOUIS)
    query = "near=63101&radius=50&sort=signs&route=iv_infusion&no_confirmed=1&checked=3&words=teapot"

    [address] = [
        link["href"]
        for link in Page(client.get(f"/search?{query}").text).all("a")
        if "btn-primary" in link.get("class", "")
    ]

    assert address == "/search?near=63101&radius=50&sort=signs"
    assert Page(client.get(address).text).texts("h3") == ["Unchecked"]


def test_what_was_asked_for_stays_in_the_form(client):
    add_clinic(at=SAINT_LOUIS)

    page = get(client, near="63101", no_confirmed="1", checked="4", sort="signs")

    assert [box["name"] for box in page.all("input") if "checked" in box] == ["no_confirmed"]
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["25", "signs", "4"]


def test_clinics_without_a_point_are_listed_apart(client):
    add_clinic(name="Seven Umbrellas", at=None)

    page = get(client, near="63101")

    assert "In Saint Louis, without a point on the map" in page.texts("h2")
    assert "Seven Umbrellas" in page.texts("h3")


@pytest.mark.parametrize("query", ["", "&sort=name", "&sort=signs", "&sort=signs&no_confirmed=1"])
def test_pages_follow_each_other_without_loss_and_number_on(client, query):
    add_clinics([clinic_row(name=f"Clinic {number:02}", at=(38.63 + number / 1000, -90.19)) for number in range(45)])

    address, names, numbers = f"/search?near=63101&radius=25{query}", [], []
    while address:
        page = Page(client.get(address).text)
        names += page.texts("h3")
        numbers += [item["id"] for item in page.all("article")]
        assert len(set(numbers)) == len(numbers)
        address = next((link["href"] for link in page.all("a") if link.get("rel") == "next"), None)

    assert len(names) == 45
    assert len(set(names)) == 45
    assert numbers == [f"c{number}" for number in range(1, 46)]


@pytest.mark.parametrize(
    "change",
    [
        {"near": "63102"}, {"radius": "50"}, {"words": "x"}, {"route": "iv_infusion"}, {"cursor": "x"},
        {"no_confirmed": "1"}, {"checked": "1"}, {"sort": "signs"},
    ],
)  # fmt: skip
def test_a_next_page_of_another_search_is_refused(client, change):
    add_clinics([clinic_row(at=SAINT_LOUIS) for _ in range(25)])
    following = client.get("/api/v1/clinics?near=63101&radius=25").json["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]

    response = client.get("/search", query_string={"near": "63101", "radius": "25", "cursor": cursor} | change)

    assert response.status_code == 422
    assert "belongs to another search" in response.text


def test_a_results_page_takes_at_most_six_statements(client):
    add_clinics([clinic_row(at=(38.6 + number / 2000, -90.2)) for number in range(1200)])
    client.get("/search?near=63101")

    for address in (
        "/search?near=63101&radius=100",
        "/search?near=99546&radius=1",
        "/search?near=Saint+Louis,+MO&sort=name",
        "/search?near=Saint+Louis,+MO&radius=100&sort=signs&no_confirmed=1",
        "/search?near=Saint+Louis,+MO&radius=1&checked=5",
    ):
        with counted_statements() as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= 6, address


def test_more_than_a_thousand_are_said_to_be_more(client):
    add_clinics([clinic_row(at=(38.6, -90.2)) for _ in range(1001)])

    assert get(client, near="63101").texts("h1") == ["1,000+ clinics within 25 miles of Saint Louis, MO 63101"]


def test_every_address_can_be_asked_for_in_spanish(client):
    add_clinic(at=SAINT_LOUIS)

    response = client.get("/es/search?near=63101")

    assert response.status_code == 200
    links = [
        link["href"] for link in Page(response.text).all("a") if link["href"].startswith("/") and "hreflang" not in link
    ]
    assert links
    assert all(address.startswith("/es/") for address in links)
    answers = {address: client.get(address) for address in set(links) if "cursor" not in address}
    taking_part = answers.pop("/es/reviews")
    assert all(answer.status_code == 200 for answer in answers.values())
    assert taking_part.location == "/es/account/sign-in"
    assert client.get("/es").status_code == 200


def test_a_search_is_not_kept_by_the_browser(client):
    assert client.get("/search?near=63101").headers["Cache-Control"] == "no-store"
    assert client.get("/search?near=63101&cursor=x").headers["Cache-Control"] == "no-store"
    assert client.get("/api/v1/clinics?near=63101").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/", "/about", "/privacy"])
def test_the_standing_pages_can_be_read(client, address):
    assert client.get(address).status_code == 200


def test_the_home_page_names_the_five_signs_of_the_checklist_and_leads_to_it(client):
    page = Page(client.get("/").text)

    names = [sign.name for sign in checklists.current().signs]
    assert [text for text in page.texts("h3") if text in names] == names
    assert [link for link in page.all("a") if link["href"] == "/checklist"]


def test_the_icon_is_found_by_browsers_that_do_not_read_the_page(client):
    with client.get("/favicon.ico") as response:
        assert response.mimetype == "image/svg+xml"


def test_a_clinic_on_the_spot_is_not_zero_miles_away(client):
    add_clinic(at=SAINT_LOUIS)
    exact = point_columns(SAINT_LOUIS)

    assert "under 0.1 mi" in client.get(f"/search?near={exact['latitude']},{exact['longitude']}").text


def listing(client):
    [row] = get(client, near="63101").texts("article")
    return row


def get(client, **query):
    response = client.get("/search", query_string=query)
    assert response.status_code == 200, response.text
    return Page(response.text)


def test_the_page_about_the_directory_says_of_approval_what_a_clinics_page_says(client):
    row = add_clinic()

    about, clinic = (client.get(path).text for path in ("/about", f"/clinics/{row['public_id']}/{row['slug']}"))

    (said,) = re.findall(r'<section aria-labelledby="approval-h">.*?</section>', about, re.DOTALL)
    assert "Ketamine is approved by the FDA as an anesthetic." in said
    assert 'href="https://' in said
    assert said in clinic
