import pytest

from directory.domain.identifiers import STATES, email_address, email_key, npi, state_code, telephone, website, zip_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MO", "MO"), ("mt", "MT"), ("Mo.", "MO"), (" Missouri ", "MO"), ("new york", "NY"), ("ＩＬ", "IL"),
        ("Carolina del Norte", "NC"), ("Nuevo México", "NM"), ("Tejas", "TX"),
        # the abbreviations that people write
        ("N.C.", "NC"), ("N. Y.", "NY"), ("D.C.", "DC"), ("Mass.", "MA"), ("Washington, D.C.", "DC"),
        ("U.S. Virgin Islands", "VI"),
        ("XX", None), ("", None), ("Ontario", None), ("Mount", None), ("Missoura", None), ("💉", None),
    ],
)  # fmt: skip
def test_a_state_is_known_as_people_write_it(text, code):
    assert state_code(text) == code


def test_every_state_is_known_by_its_code_and_its_name_in_any_case():
    for code, name in STATES.items():
        assert state_code(code) == state_code(code.lower()) == state_code(name.upper()) == code


def test_all_states_the_district_and_the_territories_are_known():
    assert len(STATES) == 50 + 1 + 8


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("63101", "63101"), (" 63101 ", "63101"), ("63101-1234", "63101"), ("631011234", "63101"),
        # leading zeros that a spreadsheet ate
        ("2138", "02138"), ("501", "00501"), ("21381234", "02138"), ("5011234", "00501"),
        ("", None), ("00000", None), ("000", None), ("12", None), ("123456", None), ("1234567890", None),
        ("63101-12", None), ("K1A 0B1", None), ("６３１０１", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_a_zip_is_read_with_what_spreadsheets_do_to_it(text, code):
    assert zip_code(text) == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(314) 555-0123", "+13145550123"), ("314.555.0123", "+13145550123"), ("+1 314 555 0123", "+13145550123"),
        ("1-314-555-0123", "+13145550123"), ("3145550123", "+13145550123"),
        # the one that stands in the HIFLD file
        ("(999( 999-9999", None),
        ("(114) 555-0123", None), ("(314) 155-0123", None), ("314-555-0123 ext. 5", None), ("555-0123", None),
        ("+44 20 7946 0000", None), ("", None), ("call us", None),
    ],
)  # fmt: skip
def test_a_telephone_number_is_kept_in_one_form_or_not_at_all(text, number):
    assert telephone(text) == number


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        # PostgreSQL compares letters as they stand, so the scheme is always small
        ("HTTP://Example.org", "http://Example.org"),
        ("www.example.org", "http://www.example.org"),
        ("example.org/go?to=http://example.com", "http://example.org/go?to=http://example.com"),
        ("www.example.org/\u200e", "http://www.example.org/"),
        ("http://bücher.example", "http://bücher.example"),
        ("http://example.org:8080/", "http://example.org:8080/"),
    ],
)
def test_a_website_is_a_web_address_with_a_host(text, address):
    assert website(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "none", "localhost", "ftp://example.org", "javascript://example.org/%0aalert(1)", "javascript:alert(1)",
        "data:text/html,x", "http://user:pw@example.org", "http://@example.org", "http://[::1",
        "http://example.org:port/",
        "http://10.0.0.1/", "http://exam ple.org", 'http://example.org/"x', "http://example.org/<b>",
        "http:\\\\example.org",
        "http://example.org/a\u202eb", "http://example.org/\x07", f"http://{'a' * 64}.org",
        "http://" + "é" * 300 + ".org",
        "http://example.org/" + "a" * 500,
        # 500 characters as given, and 507 with the scheme that it lacks
        "example.org/" + "a" * 488,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_left_out(text):
    assert website(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" desk@example.org ", "desk@example.org"), ("a.b+c@mail.example.org", "a.b+c@mail.example.org"),
        ("desk@example", None), ("desk", None), ("@example.org", None), ("a b@example.org", None),
        ("a@b@example.org", None),
        ("", None), ("a" * 65 + "@example.org", None),
    ],
)  # fmt: skip
def test_an_e_mail_address_has_a_name_and_a_host(text, address):
    assert email_address(text) == address


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # the example of CMS, "NPI check digit", 2004
        ("1234567893", "1234567893"), (" 1234567893 ", "1234567893"),
        ("1234567890", None), ("3234567893", None), ("123456789", None), ("12345678931", None),
        ("", None), ("１234567893", None),
    ],
)  # fmt: skip
def test_an_npi_has_ten_digits_of_which_the_last_checks_the_others(text, number):
    assert npi(text) == number


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" Anna@Example.ORG ", "anna@example.org"),
        ("Ａnna@example.org", "anna@example.org"),
        ("a.n.na+x@example.org", "a.n.na+x@example.org"),
        ("A.n.na+x@GoogleMail.com", "anna@gmail.com"),
    ],
)
def test_an_address_is_known_again_as_its_provider_delivers_it(text, key):
    assert email_key(text) == key
