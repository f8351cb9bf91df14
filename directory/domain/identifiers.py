"""Identifiers that clinics carry: US states, ZIP codes, telephone numbers, web addresses, NPI."""

import re
import unicodedata
from urllib.parse import urlsplit

from directory.domain.folding import words

#: Two-letter codes of the states, the District and the territories (USPS Publication 28, appendix B).
STATES = {
    "AL": "Alabama", "AK": "Alaska", "AS": "American Samoa", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FM": "Federated States of Micronesia", "FL": "Florida", "GA": "Georgia", "GU": "Guam", "HI": "Hawaii",
    "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MH": "Marshall Islands", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska",
    "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "MP": "Northern Mariana Islands", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PW": "Palau", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VI": "Virgin Islands", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming",
}  # fmt: skip
#: The older abbreviations that people still write (GPO Style Manual 2016, 9.13), and spoken names.
_SPOKEN = {
    "ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "colo": "CO", "conn": "CT", "del": "DE", "fla": "FL",
    "ill": "IL", "ind": "IN", "kans": "KS", "mass": "MA", "mich": "MI", "minn": "MN", "miss": "MS", "mont": "MT",
    "nebr": "NE", "nev": "NV", "nmex": "NM", "ndak": "ND", "okla": "OK", "oreg": "OR", "ore": "OR", "penn": "PA",
    "sdak": "SD", "tenn": "TN", "tex": "TX", "wash": "WA", "wva": "WV", "wis": "WI", "wyo": "WY",
    "usvirginislands": "VI", "micronesia": "FM", "washingtondc": "DC",
}  # fmt: skip
#: As Spanish writes them, where folding or a misspelling would not do.
_SPANISH = {
    "carolinadelnorte": "NC", "carolinadelsur": "SC", "dakotadelnorte": "ND", "dakotadelsur": "SD",
    "distritodecolumbia": "DC", "hawai": "HI", "islasvirgenes": "VI", "luisiana": "LA", "misisipi": "MS",
    "misuri": "MO", "nuevahampshire": "NH", "nuevajersey": "NJ", "nuevayork": "NY",
    "nuevohampshire": "NH", "nuevomexico": "NM", "pensilvania": "PA", "tejas": "TX", "tenesi": "TN",
    "virginiaoccidental": "WV",
}  # fmt: skip
_CODES = {
    **{"".join(words(name)): code for code, name in STATES.items()},
    **{code.lower(): code for code in STATES},
    **_SPOKEN,
    **_SPANISH,
}

_NPI_PREFIX_SUM = 24  # what the constant prefix 80840 adds to the check sum (CMS, "NPI check digit", 2004)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PUBLIC_ID = re.compile("[A-Za-z0-9_-]{1,16}")
_EMAIL = re.compile(r"[^\s@]{1,64}@([^\s@]{1,189})")
_LONGEST_ADDRESS = 500
#: What ends a label of a host (RFC 3490, section 3.1), and how long one may be (RFC 1035, section 2.3.4).
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LONGEST_LABEL = 63
#: Providers that deliver name, n.a.m.e and name+anything to one mailbox (support.google.com/mail/answer/7436150).
_GOOGLE = {"gmail.com", "googlemail.com"}


def state_code(text: str) -> str | None:
    """Return the two-letter code for a state's code, name or older abbreviation in any case, or None."""
    return _CODES.get("".join(words(text)))


def zip_code(text: str) -> str | None:
    """Return the five digits of a ZIP, a ZIP+4 or either with its leading zeros eaten, or None.

    Three and four digits are a ZIP that a spreadsheet took for a number; seven and eight a ZIP+4.
    """
    digits, _, plus_four = text.strip().partition("-")
    if not digits.isascii() or not digits.isdigit() or (plus_four and not re.fullmatch("[0-9]{4}", plus_four)):
        return None
    if not plus_four and 7 <= len(digits) <= 9:
        digits = digits.zfill(9)[:5]
    return digits.zfill(5) if 3 <= len(digits) <= 5 and int(digits) else None


def telephone(text: str) -> str | None:
    """Return a US number as +1 and ten digits (E.164), or None where `text` is not one.

    Extensions are refused rather than lost. Area and exchange begin with 2 to 9 (NANPA numbering plan).
    """
    digits = re.sub(r"[\s().+/-]", "", text)
    match = re.fullmatch("1?([2-9][0-9]{2}[2-9][0-9]{6})", digits, re.ASCII)
    return f"+1{match[1]}" if match and len(set(match[1])) > 1 else None


def website(text: str) -> str | None:
    """Return `text` as an http or https address with a plausible host, or None.

    A missing scheme becomes http, because nobody has shown that the site answers on https. Invisible marks at the
    ends are dropped; credentials, ports that are no number and characters that cannot be seen are refused.
    """
    address = text.strip().strip("\u200b\u200e\u200f\ufeff").strip()
    if not address or len(address) > _LONGEST_ADDRESS:
        return None
    if not address.isprintable() or re.search(r"[\s\\<>\"]", address):
        return None
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", address)
    address = scheme[0].lower() + address[scheme.end() :] if scheme else f"http://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        # To encode a long label takes the square of its length.
        if any(len(label) > _LONGEST_LABEL for label in _DOTS.split(host)):
            return None
        host = host.encode("idna").decode()
        _ = parts.port
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and parts.username is None and parts.password is None
    return address if is_web and len(address) <= _LONGEST_ADDRESS and _HOST.fullmatch(host) else None


def email_address(text: str) -> str | None:
    """Return a plausible e-mail address, or None; whether it is delivered only a mail can show."""
    match = _EMAIL.fullmatch(text.strip())
    return text.strip() if match and _HOST.fullmatch(match[1].lower()) else None


def email_key(text: str) -> str:
    """Return the one spelling by which an e-mail address is known again, whatever its case and its width.

    Dots and what follows a + are dropped only where the provider drops them: elsewhere they are other mailboxes.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())
    name, _, domain = folded.rpartition("@")
    if domain in _GOOGLE:
        name, domain = name.partition("+")[0].replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


def is_public_id(text: str) -> bool:
    """Whether `text` can be the public id of anything: letters, digits, "-" and "_", at most 16."""
    return _PUBLIC_ID.fullmatch(text) is not None


def npi(text: str) -> str | None:
    """Return a National Provider Identifier whose Luhn check digit holds over 80840 + NPI, or None."""
    digits = text.strip()
    if not re.fullmatch("[12][0-9]{9}", digits, re.ASCII):
        return None
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits)]
    total = _NPI_PREFIX_SUM + sum(value // 10 + value % 10 for value in doubled)
    return digits if total % 10 == 0 else None
