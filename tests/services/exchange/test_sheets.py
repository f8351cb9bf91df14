import pytest

from directory.domain.errors import BadFile
from directory.services.exchange import sheets
from directory.services.exchange.sheets import PRESETS, read_sheet
from tests.support.required import shared

OWN = "name,address,city,state,zip,phone,website,latitude,longitude"
ROW = "Quiet Rooms,1 Main St,Saint Louis,MO,63101,,,,"


@pytest.mark.parametrize(
    ("header", "preset"),
    [
        (OWN, "directory"),
        ("name,address,city,state,zip", "directory"),
        ("  Name ,ADDRESS,City,sTaTe,Postal_Code", "directory"),
        ("ID,NAME,ADDRESS,CITY,STATE,ZIP,STATUS,LATITUDE,LONGITUDE,SOURCEDATE", "hifld"),
        ("Facility ID,Facility Name,Address,City/Town,State,ZIP Code,Telephone Number", "cms"),
        ("Facility ID,Facility Name,Address,City,State,ZIP Code,Phone Number", "cms"),
        # the names of older years
        ("Provider ID,Hospital Name,Address,City,State,ZIP Code,Phone Number", "cms"),
        ("Provider Number,Hospital Name,Address 1,City,State,ZIP Code,Phone Number", "cms"),
        ("provider_id,hospital_name,address,city,state,zip_code", "cms"),
    ],
)
def test_the_header_says_whose_file_it_is(header, preset):
    sheet = read_sheet(f"{header}\n1,2\n".encode())

    assert sheet.preset is PRESETS[preset]
    assert read_sheet(f"{header}\n1,2\n".encode(), preset).columns == sheet.columns


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("top", ["", "sep={}\r\n", "\n\n"])
def test_the_delimiter_is_the_one_that_makes_the_header_fit(delimiter, top):
    content = (top.format(delimiter) + f"{OWN}\n{ROW}\n".replace(",", delimiter)).encode()

    sheet = read_sheet(content)

    assert (sheet.delimiter, len(sheet.rows), sheet.rows[0].cells[0]) == (delimiter, 1, "Quiet Rooms")


def test_a_delimiter_that_only_excel_names_is_used():
    assert read_sheet(f"sep=|\n{OWN}\n{ROW}\n".replace(",", "|").encode()).delimiter == "|"


def test_columns_may_stand_in_any_order_among_others():
    sheet = read_sheet(b"zip,notes,state,city,address,name,\n63101,x,MO,Saint Louis,1 Main St,Quiet Rooms,\n")

    assert sheet.columns == {"zip": 0, "state": 2, "city": 3, "address": 4, "name": 5}
    assert sheet.unread == ("notes",)


def test_only_columns_of_our_own_csv_are_missed():
    assert read_sheet(b"Facility ID,Facility Name,Address,City,State,ZIP Code,Rating\n1\n").unread == ()


@pytest.mark.parametrize(
    ("content", "preset", "message"),
    [
        ("", "auto", "The file is empty"),
        ("\ufeff\r\n\r\n", "auto", "The file is empty"),
        (OWN, "auto", "a header and no rows"),
        (f"{OWN}\n\n,,\n", "auto", "a header and no rows"),
        (
            f"{ROW}\n",
            "auto",
            r"Line 1 is not a header that we know \(Quiet Rooms, 1 Main St.*needed are, for hifld: ID",
        ),
        (f"{ROW}\n", "directory", "Needed are, for directory: name, address, city, state, zip"),
        ("name,city,state,zip\n", "auto", "nearest is directory, which lacks address"),
        (f"{OWN}\n{ROW}\n", "cms", "nearest is cms, which lacks Facility ID, Facility Name"),
        ("name,address,city,state,zip,Name\n", "auto", "Line 1: the columns “name” and “Name” mean the same"),
        ("name,address,city,state,zip,notes,NOTES\n", "auto", "“notes” and “NOTES” mean the same"),
        ("name,address,city,state,zip,Zip Code\n", "auto", "“zip” and “Zip Code” mean the same"),
        ('name,address,city,state,"zip\n1,2\n', "auto", "Line 1, column 5: a quotation mark is missing"),
        ('"name\n', "auto", "Line 1, column 1: a quotation mark is missing"),
        ("\x1b[31mname\u202e\n", "auto", r"\(<U\+001B>\[31mname<U\+202E>\)"),
    ],
)
def test_what_is_no_table_of_clinics_is_refused_in_one_sentence(content, preset, message):
    with pytest.raises(BadFile, match=f"(?i){message}"):
        read_sheet(content.encode(), preset)


@pytest.mark.parametrize("preset", ["auto", "directory"])
def test_a_header_with_nothing_of_ours_is_not_compared_with_the_nearest(preset):
    with pytest.raises(BadFile, match="Needed are, for") as raised:
        read_sheet(b"spam,eggs\n1,2\n", preset)

    assert "nearest" not in str(raised.value)


def test_nameless_columns_may_repeat():
    assert len(read_sheet(f"{OWN},,\n{ROW},,\n".encode()).rows) == 1


@pytest.mark.parametrize(
    ("header", "rows", "widths"),
    [
        # what a spreadsheet adds beyond the header says nothing
        (OWN, [f"{ROW},,,", f"{ROW}, ", ROW], [9, 9, 9]),
        # nor do nameless columns that no row fills, whether or not the rows have them
        (f"{OWN},,", [ROW, f"{ROW},", f"{ROW},,,,"], [9, 9, 9]),
        # what is filled stays: beyond the header …
        (OWN, [f"{ROW},x", f"{ROW},,x,", ROW], [10, 11, 9]),
        # … and in a nameless column, which the other rows must then have too
        (f"{OWN},,", [f"{ROW},x,", f"{ROW},,", ROW], [11, 11, 9]),
        # a row that is too short is not made longer
        (f"{OWN},,", ["Quiet Rooms,1 Main St,Saint Louis,MO,63101", ROW], [5, 9]),
    ],
)
def test_only_empty_cells_at_the_right_are_left_out(header, rows, widths):
    sheet = read_sheet("\n".join([header, *rows]).encode())

    assert [len(row.cells) for row in sheet.rows] == widths
    assert len(sheet.header) == (11 if 11 in widths and header[-1] == "," else 9)


def test_a_file_of_too_many_rows_is_refused_with_the_limit(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)

    assert len(read_sheet(f"{OWN}\n{3 * (ROW + chr(10))}".encode()).rows) == 3
    with pytest.raises(BadFile, match="more than 3 rows"):
        read_sheet(f"{OWN}\n{4 * (ROW + chr(10))}".encode())


@pytest.mark.parametrize(
    ("file", "preset", "rows"),
    [
        ("hifld_hospitals.csv", "hifld", 7596),
        ("cms_hospital_general_information_current.csv", "cms", 5421),
    ],
)
def test_the_public_files_are_recognised(file, preset, rows):
    sheet = read_sheet(shared(f"data/facilities/{file}").read_bytes())

    assert (sheet.preset.name, sheet.encoding, len(sheet.rows)) == (preset, "UTF-8", rows)
