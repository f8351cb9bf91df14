import pytest

from directory.domain.errors import BadFile
from directory.services.exchange import decoding
from directory.services.exchange.decoding import decode

TEXT = "name,city\nCafé Ketamine,Sant’Ana\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        # without a mark, because the header is ASCII in one byte order only
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("cp1252"), "Windows-1252"),
    ],
)
def test_an_encoding_that_is_certain_is_read_right_and_named(content, encoding):
    decoded = decode(content)

    assert (decoded.text, decoded.encoding) == (TEXT, encoding)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name\nok\nbad \x81 byte", "Line 3 holds bytes"),
        (b"name\r\nok\rbad \x9d byte", "Line 3 holds bytes"),
        # mostly UTF-8: reading the rest of it as Windows-1252 would garble what is right
        ("name\nCafé Niño\nCaf".encode() + b"\xff", "Line 3 holds bytes"),
        (b"\xef\xbb\xbfname\nCaf\xe9\n", "Line 2 holds bytes"),
        (b"\xff\xfe" + "name\n".encode("utf-16-le") + b"\x00\xd8\x41\x00", "Line 2 holds bytes"),
        (b"name\nok\nnul \x00 here", "Line 3 holds a NUL"),
        (b"\xff\xfe" + "name\n\0".encode("utf-16-le"), "Line 2 holds a NUL"),
        # neither byte order reads this without a rest
        (b"a\x00b\x00\x00\xd8\xff", "Line 1 holds a NUL"),
        # both orders read this as text, and neither as a header
        ("é\u4100".encode("utf-16-le") + b"\x00\x01", "Line 1 holds a NUL"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_line(content, message):
    with pytest.raises(BadFile, match=message):
        decode(content)


@pytest.mark.parametrize("codec", ["utf-32-le", "utf-32-be"])
def test_utf_32_is_refused_by_its_name(codec):
    with pytest.raises(BadFile, match=r"is UTF-32, which we do not read\. Save it as UTF-8\."):
        decode(f"\ufeff{TEXT}".encode(codec))


@pytest.mark.parametrize(
    "first_bytes",
    [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"%PDF"],
)
def test_a_packed_file_or_a_spreadsheet_is_refused_with_the_remedy(first_bytes):
    with pytest.raises(BadFile, match="export it as CSV first"):
        decode(first_bytes + b"name,city\n")


def test_a_file_over_the_limit_is_refused_with_the_limit(monkeypatch):
    monkeypatch.setattr(decoding, "MAX_FILE_BYTES", 2**20)

    assert decode(b"a" * 2**20).encoding == "UTF-8"
    with pytest.raises(BadFile, match=r"larger than 1 MB\. Split it"):
        decode(b"a" * (2**20 + 1))
