import csv
import io
import json
import random
from datetime import date

import pytest
from sqlalchemy import func, select

from directory.domain.errors import BadFile
from directory.domain.profile import PointPrecision
from directory.extensions import reading
from directory.models import Clinic, ClinicFact
from directory.services.clinics import Recorded
from directory.services.exchange.findings import Doubt
from directory.services.exchange.importing import ImportOrder, import_clinics
from directory.services.gazetteer import load_gazetteer
from tests.support.engines import ON_ONE_ENGINE, ON_POSTGRESQL
from tests.support.required import shared
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")

TODAY = date(2026, 11, 1)
COLUMNS = ("name", "address", "city", "state", "zip", "phone", "website", "latitude", "longitude")
LEAST = {"name": "Quiet Rooms", "address": "1 Main St", "city": "Saint Louis", "state": "MO", "zip": "63101"}


@ON_ONE_ENGINE  # tests/journeys brings it in on both
def test_the_whole_hifld_file_comes_in_with_the_closed_ones_as_closed():
    content = shared("data/facilities/hifld_hospitals.csv").read_bytes()

    outcome = bring_in(content, publishes=True)

    assert outcome.findings.bad_rows == []
    assert outcome.recorded == Recorded(new=7596, changed=0, unchanged=0)
    assert outcome.closed == 319
    assert statuses() == {"published": 7277, "closed": 319}
    assert outcome.placed_by(PointPrecision.GIVEN) == 7596
    assert bring_in(content, as_of=date(2027, 1, 1)).recorded == Recorded(new=0, changed=0, unchanged=7596)
    assert statuses() == {"published": 7277, "closed": 319}


@ON_POSTGRESQL
def test_at_least_99_percent_of_the_cms_file_is_geocoded():
    content = shared("data/facilities/cms_hospital_general_information_current.csv").read_bytes()

    outcome = bring_in(content)

    assert outcome.recorded == Recorded(new=5421, changed=0, unchanged=0)
    assert outcome.placed_by(None) <= 0.01 * 5421
    assert outcome.placed_by(PointPrecision.GIVEN) == 0
    with reading() as session:
        assert session.scalar(select(Clinic.source_key).order_by(Clinic.source_key).limit(1)) == "010001"
    assert bring_in(content, as_of=date(2027, 1, 1)).recorded == Recorded(new=0, changed=0, unchanged=5421)


def test_a_bad_row_keeps_the_whole_file_out():
    content = table({}, {"name": ""}, {"name": "Third"}, {"state": "ZZ", "name": "Fourth"})

    outcome = bring_in(content)

    assert outcome.recorded is None
    assert [bad.line for bad in outcome.findings.bad_rows] == [3, 5]
    assert outcome.bad_lines == 2
    assert count(Clinic) == 0


def test_bad_rows_are_left_out_when_asked():
    outcome = bring_in(table({}, {"name": "", "state": "ZZ"}, {"name": "Third"}), skips_bad_rows=True)

    assert outcome.recorded == Recorded(new=2, changed=0, unchanged=0)
    assert (len(outcome.findings.bad_rows), outcome.bad_lines) == (2, 1)
    assert count(Clinic) == 2


def test_a_file_with_empty_cells_at_the_right_comes_in_whole():
    lines = table({}, {"name": "Second"}).decode().splitlines()

    outcome = bring_in("\n".join([lines[0] + ",,", lines[1] + ",,,", lines[2]]).encode())

    assert outcome.recorded == Recorded(new=2, changed=0, unchanged=0)
    assert outcome.findings.bad_rows == outcome.findings.warnings == []


def test_a_rehearsal_says_what_would_be_done_and_writes_nothing():
    assert bring_in(table({}, {"name": "Second"}), is_rehearsal=True).recorded == Recorded(2, 0, 0)
    assert count(Clinic) == 0

    bring_in(table({}))

    assert bring_in(table({"phone": "3145550123"}, {"name": "Second"}), is_rehearsal=True).recorded == Recorded(1, 1, 0)
    assert count(Clinic) == 1


OFFERS = {
    "settings": "clinic|hospital", "conditions": "ptsd", "psychotherapy": "none", "insurance": "accepts",
    "payment_help": "payment_plan", "accepts": "adults_only", "price_min": "400", "price_max": "800",
}  # fmt: skip


@ON_ONE_ENGINE
def test_what_a_clinic_says_of_itself_comes_in_with_source_and_day_and_a_second_time_changes_nothing():
    content = table(OFFERS, columns=(*COLUMNS, *OFFERS))

    bring_in(content)

    claims = set(OFFERS) - {"price_min", "price_max"} | {"price"}
    with reading() as session:
        clinic = session.scalars(select(Clinic)).one()
        stated = {fact.field: (fact.source, fact.seen_on) for fact in session.scalars(select(ClinicFact))}
    assert (clinic.settings, clinic.accepts, clinic.price_min, clinic.price_max) == (0b11, 1, 400, 800)
    assert {stated[claim] for claim in claims} == {("The directory's own list", TODAY)}
    assert bring_in(content, as_of=date(2027, 1, 1)).recorded == Recorded(new=0, changed=0, unchanged=1)


@ON_ONE_ENGINE
def test_a_file_from_before_these_columns_states_none_of_them():
    bring_in(table({}))

    with reading() as session:
        stated = set(session.scalars(select(ClinicFact.field)))
    assert stated == {"name", "address", "point"}


def test_the_same_clinic_twice_in_a_file_is_a_bad_row_that_names_both_lines():
    outcome = bring_in(table({}, {"name": "Second"}, {"name": "QUIET ROOMS"}))

    assert outcome.recorded is None
    assert [(bad.line, str(bad)) for bad in outcome.findings.bad_rows] == [
        (4, "This is the clinic of line 2 again. Take one of them out.")
    ]


def test_publishing_leaves_what_is_closed_closed():
    header = (*COLUMNS, "status")
    content = table({}, {"name": "Second", "status": "closed"}, columns=header)

    bring_in(content)
    assert statuses() == {"proposed": 1, "closed": 1}

    bring_in(content, publishes=True)
    assert statuses() == {"published": 1, "closed": 1}

    # neither a file that says "open" re-opens it, nor one without the flag takes the other back
    bring_in(table({}, {"name": "Second"}, columns=header), publishes=True)
    bring_in(table({}, {"name": "Second"}, columns=header))
    assert statuses() == {"published": 1, "closed": 1}


@pytest.mark.parametrize(
    ("cells", "precision"),
    [
        ({"latitude": "38.63", "longitude": "-90.19"}, "given"),
        ({}, "zip"),
        ({"zip": ""}, "city"),
        # a ZIP that nobody has
        ({"zip": "00002"}, "city"),
        ({"zip": "", "city": "Nowhere At All"}, None),
        # the ZIP is Chicago's: the city is right, more likely than not
        ({"zip": "60601"}, "city"),
        ({"zip": "60601", "city": "Nowhere At All"}, "zip"),
    ],
)
def test_a_clinic_is_put_where_its_row_says_and_the_precision_is_kept(cells, precision):
    bring_in(table(cells))

    with reading() as session:
        clinic = session.scalars(select(Clinic)).one()
    assert clinic.point_precision == precision
    assert (clinic.latitude is None) == (precision is None)


@pytest.mark.parametrize(
    ("cells", "warnings"),
    [
        ({}, []),
        ({"latitude": "38.63", "longitude": "-90.19"}, []),
        (
            {"latitude": "41.88", "longitude": "-87.63"},
            [(Doubt.FAR_FROM_ZIP, "The coordinates lie 262 miles from the centre of ZIP 63101.")],
        ),
        ({"zip": "60601"}, [(Doubt.ZIP_ELSEWHERE, "ZIP 60601 lies in IL, the clinic in MO.")]),
        (
            {"zip": "", "city": "Nowhere"},
            [(Doubt.NOT_ON_THE_MAP, "Neither ZIP (none) nor Nowhere, MO is in the gazetteer.")],
        ),
    ],
)
def test_a_place_in_doubt_is_a_warning_with_its_row(cells, warnings):
    outcome = bring_in(table({"name": "First"}, cells))

    assert outcome.recorded.new == 2
    assert [(warned.doubt, str(warned.sentence)) for warned in outcome.findings.warnings] == warnings
    assert {warned.line for warned in outcome.findings.warnings} <= {3}


@pytest.mark.parametrize(("miles_north", "is_far"), [(24.9, False), (25.1, True)])
def test_far_is_more_than_25_miles(miles_north, is_far):
    with reading() as session:
        centre = load_gazetteer(session).of_zip("63101").point
    latitude = centre.latitude + miles_north / 68.98  # miles a degree at 38.6 degrees north

    outcome = bring_in(table({"latitude": f"{latitude:.6f}", "longitude": str(centre.longitude)}))

    assert bool(outcome.findings.warnings) == is_far


def test_statements_do_not_grow_with_rows():
    few = statements(lambda: bring_in(table(*({"name": f"Few {number}"} for number in range(10)))))
    many = statements(lambda: bring_in(table(*({"name": f"Many {number}"} for number in range(700)))))

    assert few == many <= 10


def test_every_hostile_string_in_every_cell_is_text_or_a_named_bad_row():
    rows = []
    for text in hostile():
        rows += [{column: text, "name": f"{number} {text}" if column == "name" else f"Row {text}"}
                 for number, column in enumerate(COLUMNS)]  # fmt: skip
    content = table(*rows)

    outcome = bring_in(content, skips_bad_rows=True)

    assert len(outcome.sheet.rows) == len(rows) > 4000
    assert outcome.recorded.new + outcome.bad_lines == len(rows)
    assert outcome.recorded.new > 500
    assert bring_in(content, skips_bad_rows=True).recorded.unchanged == outcome.recorded.new


@ON_ONE_ENGINE  # such a file never comes to the database
def test_a_file_made_of_nothing_but_hostile_strings_never_crashes():
    for text in hostile():
        for content in (text.encode(errors="surrogatepass"), f"{text},{text}\n{text}".encode(errors="surrogatepass")):
            with pytest.raises(BadFile):
                bring_in(content)


@pytest.mark.security(43)
@pytest.mark.parametrize("number", range(50))
def test_a_broken_file_writes_nothing_and_says_where(number):
    content, message = broken(number)

    try:
        outcome = bring_in(content)
    except BadFile as error:
        said = str(error)
    else:
        assert outcome.recorded is None
        said = "; ".join(f"line {bad.line}: {bad}" for bad in outcome.findings.bad_rows)

    assert message.lower() in said.lower()
    assert count(Clinic) == count(ClinicFact) == 0


def broken(number):
    """Return the `number`-th of 50 damages to a good file of nine rows, and what must be named."""
    draw = random.Random(number)
    line = draw.randint(2, 10)
    rows = [{"name": f"Clinic {place}", "phone": "3145550123"} for place in range(9)]
    cells = [
        ("name", "", "name is empty"), ("name", "\x07", "name holds a control"), ("name", "x" * 201, "name is longer"),
        ("city", "", "city is empty"), ("city", "x" * 101, "city is longer"), ("state", "QQ", "state “QQ”"),
        ("zip", "63I01", "zip “63I01”"), ("latitude", "38.6", "longitude is missing"),
        ("latitude", "north", "latitude “north”"),
        ("longitude", "nan", "longitude “nan”"), ("address", "x" * 301, "address is longer"),
        ("city", "\x1b[2J", "city holds"),
    ]  # fmt: skip
    if number < 30:
        column, text, message = cells[number % len(cells)]
        other = {"latitude": "longitude", "longitude": "latitude"}.get(column)
        rows[line - 2] |= {column: text, **({other: "38.6"} if other and text != "38.6" else {})}
        return table(*rows), f"line {line}: {message}"
    lines = table(*rows).splitlines(keepends=True)
    return damaged(number - 30, line, lines)


def damaged(kind, line, lines):
    start = sum(map(len, lines[: line - 1]))
    whole = b"".join(lines)
    extra = [b"x," * (kind + 1), b"", b""]
    damages = [
        (whole[: start + 3] + b"\0" + whole[start + 3 :], f"line {line} holds a NUL"),
        (whole[: start + 3] + b"\x81" + whole[start + 3 :], f"line {line} holds bytes"),
        (whole[: start + 3] + b"\x8d\x9d" + whole[start + 3 :], f"line {line} holds bytes"),
        (whole[:start] + b'"' + whole[start:], f"line {line}, column 1: a quotation mark"),
        (whole[:start] + b'x,"y"z' + whole[start:], f"line {line}, column 2: a quotation mark"),
        (whole[:start] + b"x" * 140_000 + whole[start:], f"line {line}, column 1: the cell is longer"),
        (
            whole[:start] + b'a,b,"' + b"x" * 140_000 + b'",' + whole[start:],
            f"line {line}, column 3: the cell is longer",
        ),
        (whole[:start] + extra[0] + whole[start:], f"line {line}: the row has"),
        (whole[:start] + b"cut off\n" + whole[start:], f"line {line}: the row has 1 cells where the header has 9"),
        (whole + lines[line - 1], f"line 11: this is the clinic of line {line} again"),
        (whole[:start] + lines[0] + whole[start:], f"line {line}: state"),
        (whole[: start + 8], f"line {line}: the row has 1 cells"),
        (lines[0], "a header and no rows"),
        (b"".join(lines[1:]), "line 1 is not a header"),
        (whole.replace(b"phone", b"name", 1), "mean the same"),
        (whole.replace(b"state", b"status", 1), "lacks state"),
        (b"", "the file is empty"),
        (b"PK\x03\x04" + whole, "packed file"),
        (b"\xff\xfe" + whole, "line 1"),
        (b"\x1f\x8b\x08" + whole, "packed file"),
    ]
    return damages[kind]


def hostile():
    """Return every string of the adversarial lists that a CSV cell can hold."""
    texts = json.loads(shared("data/adversarial/blns/blns.json").read_text(encoding="utf-8"))
    for file in sorted(shared("data/adversarial/fuzzdb").glob("*.txt")):
        texts += file.read_bytes().decode(errors="replace").splitlines()
    return sorted({text.replace("\0", "") for text in texts})


def table(*rows, columns=COLUMNS):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(LEAST | row for row in rows)
    return out.getvalue().encode()


def bring_in(content, **wishes):
    return import_clinics(content, ImportOrder(**{"as_of": TODAY, **wishes}))


def statuses():
    with reading() as session:
        return dict(session.execute(select(Clinic.status, func.count()).group_by(Clinic.status)).all())


def count(model):
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def statements(act):
    with counted_statements() as seen:
        act()
    return len(seen)
