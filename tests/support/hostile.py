"""Strings that break careless programs: the naughty ones of ../shared, and a few of our own."""

import json
import re

from tests.support.required import shared

_OWN = [
    "' OR 1=1 --", '"; DROP TABLE clinic; --', "1) UNION SELECT sqlite_version() --", "63101' AND '1'='1",
    "{{1337*7331}}", "${1337*7331}", "<%= 1337*7331 %>", "#{1337*7331}", "{% for x in config %}{{x}}{% endfor %}",
    "%", "_", "%%%", "\\", "100%_\\",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "' onmouseover='alert(1)",
    "javascript:alert(1)", "%(name)s", "%s%n%x", "{0}", "{near.__class__}", "\r\nSet-Cookie: a=b", "\x1b[31mred",
    "\ud83d", "\u202egnp.exe", "a\u0300" * 50, "\U0001f489" * 40,
]  # fmt: skip


def strings():
    """Return every line of the naughty lists; longer ones than a field takes are among them."""
    found = list(_OWN)
    found += json.loads(shared("data/adversarial/blns/blns.json").read_text(encoding="utf-8"))
    for file in sorted(shared("data/adversarial/fuzzdb").glob("*.txt")):
        if not file.name.startswith("_"):
            found += file.read_text(encoding="utf-8", errors="replace").splitlines()
    found += shared("data/adversarial/blns/blns.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    return list(dict.fromkeys(found))


def kinds():
    """Return one of the strings for each way in which signs that mean something to a page follow each other.

    For pages, which take long to make: what stands between "<", quotes and braces is the same text to all of them.
    """
    return list({_signs(each): each for each in reversed(strings())}.values())[::-1]


def _signs(text):
    apart = re.sub(r"[A-Za-z0-9 ,.:;/()=_-]+", " ", text)
    return re.sub(r"(.)\1+", r"\1", apart)[:12]
