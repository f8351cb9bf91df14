"""From the text of a CSV file to its records, each with the line on which it begins."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from directory.domain.errors import BadFile
from directory.domain.labels import N_
from directory.services.exchange.decoding import MAX_FILE_BYTES

MAX_CELL_CHARACTERS = 128 * 1024
#: A row that cannot be used costs about a kilobyte of memory until it is printed.
MAX_ROWS = 500_000
DELIMITERS = (",", ";", "\t")
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*(\r\n|\r|\n|\Z)', re.IGNORECASE)


class Record(NamedTuple):
    """The cells between two line ends outside quotes; `line` is the line of the file, from 1, on which they begin."""

    line: int
    cells: tuple[str, ...]


def load(path: Path) -> bytes:
    """Return the bytes of an ordinary file, at most one more than decoding accepts.

    Raises BadFile, and opens nothing, for a pipe or a device: a pipe may never begin and a device never end.
    """
    if not path.is_file():
        raise BadFile(N_("This is no ordinary file. Write what it gives into a file, and import that."))
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def named_delimiter(text: str) -> str | None:
    """Return the delimiter that an Excel `sep=` line at the top of `text` names, or None without such a line."""
    match = _SEP_LINE.match(text)
    return match[1] if match else None


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield the records of `text` in order; a line whose cells are all empty is no record, nor is a `sep=` line.

    Raises BadFile, naming line and column, for a misplaced or unclosed quotation mark and for a cell of more than
    MAX_CELL_CHARACTERS.
    """
    lines = io.StringIO(text, newline="")
    skipped = 0 if named_delimiter(text) is None else len(list(islice(lines, 1)))
    csv.field_size_limit(MAX_CELL_CHARACTERS)  # the same number as the library's own; said here so that it holds
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(text, line, delimiter) from error
        if any(cells):
            yield Record(line, tuple(cells))


def _broken(text: str, line: int, delimiter: str) -> BadFile:
    """Return what is wrong with the record that begins on `line`."""
    rest = "".join(islice(io.StringIO(text, newline=""), line - 1, None))
    column, is_long = _fault(rest, delimiter)
    if is_long:
        message = N_("Line %(line)d, column %(column)d: the cell is longer than %(limit)d characters. Shorten it.")
    else:
        message = N_(
            "Line %(line)d, column %(column)d: a quotation mark is missing or misplaced. Close the quotation there; "
            "inside one, write each mark twice."
        )
    return BadFile(message, line=line, column=column, limit=MAX_CELL_CHARACTERS)


def _fault(rest: str, delimiter: str) -> tuple[int, bool]:
    """Return the first column of `rest` that is no cell, from 1, and whether that is because it is too long."""
    mark = re.escape(delimiter)
    # Possessive, so that an unclosed quotation of many megabytes is looked at once and not in every split.
    cell = re.compile(rf'("(?:[^"]++|"")*+"|[^"\r\n{mark}][^\r\n{mark}]*+|)(?:({mark})|[\r\n]|\Z)')
    column, start = 1, 0
    while (match := cell.match(rest, start)) and len(match[1]) <= MAX_CELL_CHARACTERS and match[2]:
        column, start = column + 1, match.end()
    return column, match is not None
