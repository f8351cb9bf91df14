import re
from datetime import date

import pytest

from directory.domain.geo import Point
from directory.domain.listings import LONGEST
from directory.domain.profile import ListingStatus, PointPrecision
from directory.models.clinic import Clinic, Organisation
from directory.services.exchange.rows import RowReader
from directory.services.exchange.sheets import read_sheet

TODAY = date(2026, 11, 1)
OWN = (
    "name", "address", "city", "state", "zip", "phone", "website", "latitude", "longitude",
    "source_id", "npi", "contact_email", "routes", "status", "organisation",
    "settings", "conditions", "psychotherapy", "insurance", "payment_help", "accepts", "price_min", "price_max",
)  # fmt: skip
LEAST = {"name": "Quiet Rooms", "address": "1 Main St", "city": "Saint Louis", "state": "MO", "zip": "63101"}
HIFLD = (
    "ID",
    "NAME",
    "ADDRESS",
    "CITY",
    "STATE",
    "ZIP",
    "TELEPHONE",
    "STATUS",
    "LATITUDE",
    "LONGITUDE",
    "VAL_DATE",
    "SOURCEDATE",
)
HOSPITAL = ("0005793230", "CENTRAL HOSPITAL", "1 MAIN STREET", "HANFORD", "CA", "93230", "NOT AVAILABLE", "OPEN",
            "36.33", "-119.64", "2014/02/10 00:00:00", "2016/02/04 00:00:00")  # fmt: skip


def test_a_whole_row_becomes_a_listing_with_everything_in_one_form():
    listing, findings = read(
        name="  Quiet\r\nRooms ", address="1 Main St\nSuite 2", state="missouri", zip="63101-1234",
        phone="(314) 555-0123",
        website="www.example.org", latitude="38,63", longitude="-90,19", source_id="7", npi="1234567893",
        contact_email="desk@example.org", routes="iv_infusion | IM_injection;",
        status="Open", organisation="Quiet Inc.",
    )  # fmt: skip

    assert findings == ([], [])
    assert (listing.source, listing.source_key, listing.seen_on) == ("directory", "7", TODAY)
    assert not listing.is_dated_by_source
    assert (listing.name, listing.address, listing.city) == ("Quiet Rooms", "1 Main St Suite 2", "Saint Louis")
    assert (listing.state, listing.postal_code) == ("MO", "63101")
    assert (listing.phone, listing.website) == ("+13145550123", "http://www.example.org")
    assert (listing.npi, listing.contact_email) == ("1234567893", "desk@example.org")
    assert (listing.organisation, listing.routes) == ("Quiet Inc.", 0b11)
    assert (listing.point, listing.point_precision) == (Point(38.63, -90.19), PointPrecision.GIVEN)
    assert listing.status is ListingStatus.PROPOSED


def test_the_least_row_is_known_again_by_its_folded_name_address_and_zip():
    listing, findings = read()

    assert findings == ([], [])
    assert listing.source_key == "quiet rooms|1 main saint|63101"
    assert read(name="QUIET  ROOMS", zip="63101-0000")[0].source_key == listing.source_key
    assert (listing.phone, listing.website, listing.point, listing.point_precision) == (None, None, None, None)


def test_what_a_clinic_says_of_itself_is_read_in_the_words_of_the_vocabularies():
    listing, findings = read(
        settings="hospital | Clinic", conditions="ptsd;ocd", psychotherapy="none", insurance="superbill,accepts",
        payment_help="sliding_scale", accepts="adults_only|self_referral", price_min="$400", price_max="1,200",
    )  # fmt: skip

    assert findings == ([], [])
    assert (listing.settings, listing.conditions, listing.psychotherapy) == (0b11, 0b110000, 0b1000)
    assert (listing.insurance, listing.payment_help, listing.accepts) == (0b1001, 0b10, 0b1001)
    assert listing.price == "400-1200"
    assert read(price_min="400", price_max="400")[0].price == "400"
    assert read()[0].price is None


def test_a_very_long_key_gives_way_to_its_digest():
    # each letter of this name folds to eighteen Arabic ones
    listing, _ = read(name="ﷺ" * 50, address="ﷺ" * 50)

    assert len(listing.source_key) == 64


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"name": ""}, "name is empty"),
        ({"name": "  \n "}, "name is empty"),
        ({"name": "💉"}, "name “💉” needs letters or digits"),
        ({"name": "ﷺ" * 200}, "name .* needs letters or digits"),
        ({"city": ""}, "city is empty"),
        ({"city": "!!"}, "city “!!” needs letters"),
        ({"state": "ZZ"}, "state “ZZ” is not a US state"),
        ({"state": ""}, "state “” is not a US state"),
        ({"zip": "ABCDE"}, "zip “ABCDE” is not a ZIP code"),
        ({"status": "maybe"}, "status “maybe” is neither open nor closed"),
        ({"routes": "iv_infusion,telepathy"}, "routes: “telepathy” is none of its words. Use iv_infusion,"),
        ({"settings": "clinic;moon"}, "settings: “moon” is none of its words. Use clinic, hospital"),
        ({"conditions": "ptsd|sadness"}, "conditions: “sadness” is none of its words. Use treatment_res"),
        ({"psychotherapy": "yes"}, "psychotherapy: “yes” is none of its words. Use kap_in_session, separate_on_site"),
        ({"insurance": "all"}, "insurance: “all” is none of its words. Use accepts, spravato_only, self_pay_only"),
        ({"payment_help": "maybe"}, "payment_help: “maybe” is none of its words. Use payment_plan, sliding_scale"),
        ({"accepts": "everybody"}, "accepts: “everybody” is none of its words. Use adults_only, minors"),
        ({"price_min": "400"}, "price_max is missing. Give both; the same in both"),
        ({"price_max": "400"}, "price_min is missing. Give both; the same in both"),
        ({"price_min": "cheap", "price_max": "400"}, "price_min “cheap” is no price. Give whole dollars a session"),
        ({"price_min": "0", "price_max": "400"}, "price_min “0” is no price. Give whole dollars a session, from 1 to"),
        ({"price_min": "400", "price_max": "300-800"}, "price_max “300-800” is no price"),
        ({"price_min": "400", "price_max": "20001"}, "price_max “20001” is no price. .* from 1 to 20000"),
        ({"price_min": "800", "price_max": "300"}, "price_min 800 is more than price_max 300. Exchange the two"),
        ({"organisation": "---"}, "organisation “---” needs letters"),
        ({"name": "Quiet\x07Rooms"}, "name holds a control character"),
        ({"address": "1\x1bMain"}, "address holds a control character"),
        ({"city": "Saint\x85Louis"}, "city holds a control character"),
        ({"latitude": "38.6"}, "longitude is missing. Give both"),
        ({"longitude": "-90.1"}, "latitude is missing. Give both"),
        ({"latitude": "0", "longitude": ""}, "longitude is missing"),
        ({"latitude": "NaN", "longitude": "-90"}, "latitude “NaN” is not a number"),
        ({"latitude": "38", "longitude": "inf"}, "longitude “inf” is not a number"),
        ({"latitude": "38.6", "longitude": "90.1"}, "38.6, 90.1 is no place in the United States"),
        ({"latitude": "95", "longitude": "-300"}, "95, -300 is no place in the United States"),
        *[({field: "x" * (limit + 1)}, f"{field} is longer than {limit}") for field, limit in LONGEST.items()],
        ({"source_id": "x" * 201}, "source_id is longer than 200"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_says_why_and_names_the_column(cells, message):
    listing, (bad, _) = read(**cells)

    assert listing is None
    assert any(re.search(message, reason) for reason in bad), bad


def test_every_reason_against_a_row_is_named():
    _, (bad, _) = read(state="ZZ", zip="x", status="maybe")

    assert len(bad) == 3


@pytest.mark.parametrize(
    ("cells", "field", "message"),
    [
        ({"phone": "(999( 999-9999"}, "phone", "phone “(999( 999-9999” is not a US telephone number."),
        ({"website": "javascript:alert(1)"}, "website", "website “javascript:alert(1)” is not a web address."),
        ({"contact_email": "desk"}, "contact_email", "contact_email “desk” is not an e-mail address."),
        ({"npi": "1234567890"}, "npi", "npi “1234567890” is no NPI: its check digit does not hold."),
        ({"latitude": "0.0", "longitude": "0"}, "point", "0,0 stands for missing coordinates; they were not used."),
    ],
)
def test_a_doubtful_fact_is_left_empty_with_a_warning(cells, field, message):
    listing, findings = read(**cells)

    assert getattr(listing, field) is None
    assert findings == ([], [message])


def test_exchanged_coordinates_are_put_in_order_with_a_warning():
    listing, (_, warnings) = read(latitude="-90.19", longitude="38.63")

    assert listing.point == Point(38.63, -90.19)
    assert warnings == ["latitude, longitude -90.19, 38.63 were exchanged, and were put in order."]


@pytest.mark.parametrize(("count", "cells"), [(8, 8), (24, 24)])
def test_a_row_of_too_few_or_too_many_cells_is_bad_with_both_counts(count, cells):
    sheet = read_sheet((",".join(OWN) + "\n" + ",".join(["x"] * count)).encode())
    reader = RowReader(sheet, TODAY)

    assert reader.listing(sheet.rows[0]) is None
    assert f"has {cells} cells where the header has {len(OWN)}" in str(reader.findings.bad_rows[0])


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2", "<script>alert(1)</script>", "%(name)s {0}"]
)
def test_formulas_and_markup_stay_the_text_that_they_are(text):
    listing, findings = read(name=f"{text} a", address=text)

    assert (listing.name, listing.address) == (f"{text} a", text)
    assert findings == ([], [])


@pytest.mark.parametrize("status", ["closed", "CLOSED"])
def test_a_closed_clinic_comes_in_as_closed(status):
    assert read(status=status)[0].status is ListingStatus.CLOSED


def test_hifld_writes_missing_in_words_and_dates_its_rows():
    listing, findings = read_hifld()

    assert findings == ([], [])
    assert (listing.name, listing.phone) == ("CENTRAL HOSPITAL", None)
    assert (listing.seen_on, listing.is_dated_by_source) == (date(2016, 2, 4), True)


@pytest.mark.parametrize("written", ["5793230", "0005793230"])
def test_an_id_is_known_again_without_the_zeros_that_a_spreadsheet_eats(written):
    assert read_hifld(ID=written)[0].source_key == "0005793230"
    content = f"Facility ID,Facility Name,Address,City,State,ZIP Code\n{written[-5:]},A,B,C,AL,36301\n"
    assert read_content(content)[0].source_key == "0" + written[-5:]


@pytest.mark.parametrize("header", ["Facility ID", "ID"])
def test_a_row_of_a_public_list_needs_its_id(header):
    listing, (bad, _) = (
        read_hifld(ID="NOT AVAILABLE")
        if header == "ID"
        else read_content("Facility ID,Facility Name,Address,City,State,ZIP Code\n,A,B,C,AL,36301\n")
    )

    assert listing is None
    assert bad == [f"{header} is empty. Each clinic of this source has an id."]


@pytest.mark.parametrize(
    ("validated", "sourced", "seen_on", "warnings"),
    [
        ("2020/01/02 00:00:00", "2016/02/04 00:00:00", date(2020, 1, 2), []),
        ("NOT AVAILABLE", "2016/02/04", date(2016, 2, 4), []),
        ("", "", TODAY, []),
        ("2/10/2014", "", TODAY, ["The row's date cannot be read."]),
        ("2999/01/01 00:00:00", "", TODAY, ["The row's date, 2999-01-01, lies ahead."]),
    ],
)
def test_a_row_is_dated_by_the_later_of_its_dates_or_else_by_the_day_given(validated, sourced, seen_on, warnings):
    listing, findings = read_hifld(VAL_DATE=validated, SOURCEDATE=sourced)

    assert (listing.seen_on, listing.is_dated_by_source) == (seen_on, seen_on != TODAY)
    assert findings == ([], warnings)


def test_minus_999_stands_for_missing_coordinates():
    assert read_hifld(LATITUDE="-999", LONGITUDE="-999")[0].point is None


def test_the_limits_are_those_of_the_tables():
    checks = {
        str(check.sqltext)
        for table in (Clinic, Organisation)
        for check in table.__table__.constraints
        if hasattr(check, "sqltext")
    }

    for field, limit in LONGEST.items():
        assert f"length({'name' if field == 'organisation' else field}) <= {limit}" in checks


def read(**cells):
    given = {name: (LEAST | cells).get(name, "") for name in OWN}
    return read_content(",".join(OWN) + "\n" + ",".join('"' + text.replace('"', '""') + '"' for text in given.values()))


def read_hifld(**cells):
    return read_content(",".join(HIFLD) + "\n" + ",".join((dict(zip(HIFLD, HOSPITAL, strict=True)) | cells).values()))


def read_content(content):
    sheet = read_sheet(content.encode())
    reader = RowReader(sheet, TODAY)
    listing = reader.listing(sheet.rows[0])
    assert {found.line for found in (*reader.findings.bad_rows, *reader.findings.warnings)} <= {2}
    return listing, (
        [str(bad) for bad in reader.findings.bad_rows],
        [str(warned.sentence) for warned in reader.findings.warnings],
    )
