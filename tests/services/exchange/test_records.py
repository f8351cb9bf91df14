import json
import os
from pathlib import Path

import pytest

from directory.domain.errors import BadFile
from directory.services.exchange import records as module
from directory.services.exchange.decoding import decode
from directory.services.exchange.records import MAX_CELL_CHARACTERS, load, named_delimiter, records
from tests.support.required import shared

#: Its CSV and its JSON give two telephone numbers.
CONTRADICTS_ITSELF = "location_coordinates"


def read(text, delimiter=","):
    return [(record.line, list(record.cells)) for record in records(text, delimiter)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        # the last line need not end
        ("a,b\n1,2", [(1, ["a", "b"]), (2, ["1", "2"])]),
        # line ends of three kinds in one file, and a quoted break: the next record begins two lines on
        ('a,b\r\n"1\n1",2\r3,4\n', [(1, ["a", "b"]), (2, ["1\n1", "2"]), (4, ["3", "4"])]),
        # wholly empty lines are no records, one with a space is
        ("a,b\n\n,\n1,2\n \n", [(1, ["a", "b"]), (4, ["1", "2"]), (5, [" "])]),
        # the line that tells Excel the delimiter counts as a line
        ("sep=,\na,b\n1,2\n", [(2, ["a", "b"]), (3, ["1", "2"])]),
        ("", []),
    ],
)
def test_each_record_carries_the_line_on_which_it_begins(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("sep=;\na;b", ";"),
        ("SEP=\t\r\na\tb", "\t"),
        ('"sep=,"\na', ","),
        ("sep=|", "|"),
        ("a,b\nsep=;", None),
        ("", None),
    ],
)
def test_excel_names_the_delimiter_on_the_first_line(text, delimiter):
    assert named_delimiter(text) == delimiter


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a,b\n1,"2\n3,4\n', "Line 2, column 2: a quotation mark is missing"),
        ('a,b,c\n1,"2"x,3\n', "Line 2, column 2: a quotation mark is missing or misplaced"),
        ('a,b\n1,2\n"3\n3",4,"5\n', "Line 3, column 3: a quotation mark"),
        (f"a,b\n1,{'x' * (MAX_CELL_CHARACTERS + 1)}\n", "Line 2, column 2: the cell is longer than 131072"),
        (f'sep=,\na,b\n"{"x" * (MAX_CELL_CHARACTERS + 1)}",1\n', "Line 3, column 1: the cell is longer than 131072"),
    ],
)
def test_a_record_that_cannot_be_read_is_named_by_line_and_column(text, message):
    with pytest.raises(BadFile, match=message):
        read(text)


def test_a_cell_of_exactly_the_limit_is_read():
    assert read("x" * MAX_CELL_CHARACTERS) == [(1, ["x" * MAX_CELL_CHARACTERS])]


def test_every_file_of_csv_spectrum_reads_as_it_says():
    folder = shared("data/adversarial/csv-spectrum/csvs")
    files = [file for file in sorted(folder.glob("*.csv")) if file.stem != CONTRADICTS_ITSELF]
    assert len(files) == 11

    for file in files:
        (_, header), *rows = read(decode(file.read_bytes()).text)
        wanted = json.loads((folder.parent / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))

        assert [dict(zip(header, cells, strict=True)) for _, cells in rows] == wanted, file.name


@pytest.mark.parametrize("strange", ["pipe", "device"])
def test_a_pipe_or_a_device_is_refused_before_it_is_opened(strange, tmp_path):
    os.mkfifo(tmp_path / "pipe")

    # Opening a pipe that nobody writes to would wait for ever.
    with pytest.raises(BadFile, match="This is no ordinary file"):
        load(tmp_path / "pipe" if strange == "pipe" else Path("/dev/zero"))


def test_no_more_of_an_endless_file_is_read_than_decoding_accepts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    (tmp_path / "long.csv").write_bytes(b"x" * 100)

    assert load(tmp_path / "long.csv") == b"x" * 11
