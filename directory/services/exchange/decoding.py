"""From the bytes of a file to its text: which encoding it is in, where that is certain."""

from collections.abc import Iterator
from dataclasses import dataclass

from directory.domain.errors import BadFile
from directory.domain.labels import N_

#: The largest public file we read, the CMS hospital list, has 2 MB; a whole file is held in memory while it is checked.
MAX_FILE_BYTES = 64 * 2**20

#: First bytes of what people take for a CSV file: zip and the spreadsheets in it, gzip, bzip2, xz, 7z, old Excel, PDF.
_NOT_TEXT = (
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"%PDF",
)  # fmt: skip
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
#: The first of them begins like UTF-16's, and so they are looked for first.
_UTF_32_MARKS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_FIRST_SURROGATE, _LAST_SURROGATE = "\udc80", "\udcff"


@dataclass(frozen=True)
class Decoded:
    """The text of a file and the name of the encoding that it was in."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded:
    """Return the text of `content`: UTF-8, UTF-16 or Windows-1252, without a byte order mark.

    Raises BadFile for a file that is too large, packed or UTF-32, for a NUL, and for bytes that no encoding is certain
    for; the last two name the line.
    """
    _refuse_what_is_no_text(content)
    for mark, codec, title in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _without_nul(Decoded(_strictly(content[len(mark) :], codec), title))
    if b"\x00" in content:
        return _without_nul(next(_utf_16(content), None) or Decoded(content.decode("latin-1"), "UTF-8"))
    return _utf_8(content) or _windows_1252(content)


def _refuse_what_is_no_text(content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise BadFile(N_("The file is larger than %(limit)d MB. Split it."), limit=MAX_FILE_BYTES // 2**20)
    if content.startswith(_NOT_TEXT):
        raise BadFile(N_("This is a packed file or a spreadsheet, not CSV. Unpack it, or export it as CSV first."))
    if content.startswith(_UTF_32_MARKS):
        raise BadFile(N_("The file is UTF-32, which we do not read. Save it as UTF-8."))


def _line_of(text: str) -> int:
    """Return the line, from 1, on which `text` ends; CR, LF and CR LF each end a line."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


def _strictly(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise _undecodable(content[: error.start].decode(codec, "replace")) from error


def _undecodable(before: str) -> BadFile:
    return BadFile(
        N_("Line %(line)d holds bytes that are no text in the file's encoding. Save the file as UTF-8."),
        line=_line_of(before),
    )


def _without_nul(decoded: Decoded) -> Decoded:
    before, nul, _ = decoded.text.partition("\0")
    if nul:
        raise BadFile(
            N_("Line %(line)d holds a NUL character: the file is damaged. Export it again."), line=_line_of(before)
        )
    return decoded


def _utf_16(content: bytes) -> Iterator[Decoded]:
    """Yield the text as UTF-16 without a mark where it is certain: headers are ASCII, and read so in one order only."""
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and text.lstrip().partition("\n")[0].isascii():
            yield Decoded(text, "UTF-16")


def _utf_8(content: bytes) -> Decoded | None:
    try:
        return Decoded(content.decode(), "UTF-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf_8(content):
            raise _undecodable(content[: error.start].decode()) from error
        return None


def _is_damaged_utf_8(content: bytes) -> bool:
    """Return whether most of what is not ASCII is UTF-8 all the same, so that reading it otherwise would garble it."""
    letters = [letter for letter in content.decode(errors="surrogateescape") if not letter.isascii()]
    strange = sum(_FIRST_SURROGATE <= letter <= _LAST_SURROGATE for letter in letters)
    return len(letters) >= 2 * strange


def _windows_1252(content: bytes) -> Decoded:
    return Decoded(_strictly(content, "cp1252"), "Windows-1252")
