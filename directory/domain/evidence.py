"""Evidence for an answer, and the tier that follows from it; a reviewer never types a tier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from directory.domain.checklist import Criterion, Value
from directory.domain.findings import DOCUMENT, TESTIMONY, VERIFIABLE
from directory.domain.identifiers import website
from directory.domain.labels import N_
from directory.domain.texts import NOT_PLAIN, is_plain

#: So many pages of a clinic's site stand for "it is nowhere said": home, conditions, FAQ, prices.
PAGES_TO_READ = 4
LONGEST_QUOTE, LONGEST_NOTE, LONGEST_ADDRESS = 500, 1000, 500
#: So many pieces of evidence may stand for one answer: a site read in full, and what was found besides.
MOST_PIECES = 20
#: Hosts on which anybody has pages: there a clinic's own site is its own path, and nothing without one.
SHARED_HOSTS = frozenset({
    "facebook.com", "m.facebook.com", "instagram.com", "x.com", "twitter.com", "tiktok.com", "youtube.com",
    "linkedin.com", "threads.net", "pinterest.com", "reddit.com", "sites.google.com", "google.com", "docs.google.com",
    "linktr.ee", "medium.com", "wixsite.com", "yelp.com", "psychologytoday.com", "healthgrades.com", "zocdoc.com",
    "nextdoor.com",
})  # fmt: skip


class EvidenceKind(StrEnum):
    """What a reviewer can show."""

    LINK = "link"
    PAGE_READ = "page_read"
    DOCUMENT = "document"
    FIRST_HAND = "first_hand"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _LABELS[self]


_LABELS = {
    EvidenceKind.LINK: N_("Words that anyone can check"),
    EvidenceKind.PAGE_READ: N_("Page read, nothing of the kind found"),
    EvidenceKind.DOCUMENT: N_("Document seen by a moderator"),
    EvidenceKind.FIRST_HAND: N_("First-hand report"),
}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One piece of evidence and the day it was seen.

    A link has an address and the exact words; a page read an address; a document and a first-hand report a note, which
    for a document says which one and where in it.
    """

    kind: EvidenceKind
    seen_on: date
    url: str = ""
    quote: str = ""
    note: str = ""
    archive_url: str = ""


@dataclass(frozen=True)
class Hosts:
    """Whose links anyone can check: the clinic's `own` site (own_site()), and the hosts of official registers."""

    own: str
    registers: frozenset[str]


@dataclass(frozen=True)
class Weight:
    """What the evidence carries: a tier of 1 to 3 and the day observed. `problem` says why it carries nothing."""

    tier: int | None = None
    observed_on: date | None = None
    problem: str = ""


def host_of(address: str) -> str:
    """Return the host of a web address in lower case ASCII without "www.", or "" for what is no web address."""
    host = urlsplit(website(address) or "").hostname or ""
    return host.encode("idna").decode().removeprefix("www.")


def own_site(address: str) -> str:
    """Return what every page of a clinic's own site begins with: its host, on a shared host with the path of its pages.

    "" where no website is known, or where it names a shared host and no path.
    """
    host = host_of(address)
    if host not in SHARED_HOSTS:
        return host
    path = urlsplit(website(address) or "").path.strip("/").lower()
    return f"{host}/{path}" if path else ""


def problem_of(evidence: Evidence) -> str:
    """Return what is wrong with one piece of evidence as a sentence with the remedy, or "" ."""
    problems = {
        N_("Give the address of the page, beginning with https:// or http://."): (
            (evidence.kind in {EvidenceKind.LINK, EvidenceKind.PAGE_READ} or bool(evidence.url))
            and not host_of(evidence.url)
        ),
        N_("Copy the exact words from the page."): evidence.kind is EvidenceKind.LINK and not evidence.quote.strip(),
        N_("Shorten the quote to 500 characters: the sentence that matters is enough."): (
            len(evidence.quote) > LONGEST_QUOTE
        ),
        N_("Say in a few words what you saw or were told."): (
            evidence.kind in {EvidenceKind.DOCUMENT, EvidenceKind.FIRST_HAND} and not evidence.note.strip()
        ),
        N_("Shorten the note to 1,000 characters."): len(evidence.note) > LONGEST_NOTE,
        NOT_PLAIN: not is_plain(evidence.quote + evidence.note),
        N_("Give the address of the archived page, beginning with https:// or http://, or leave it empty."): (
            bool(evidence.archive_url) and not host_of(evidence.archive_url)
        ),
    }
    return next((sentence for sentence, is_so in problems.items() if is_so), "")


def weigh(
    criterion: Criterion, value: Value, evidence: Sequence[Evidence], hosts: Hosts, *, is_whole_site_read: bool = False
) -> Weight:
    """Return what well-formed `evidence` carries for the answer `value`; an answer that says nothing needs none."""
    if value not in {Value.YES, Value.NO}:
        return Weight()
    quoted = [each.seen_on for each in evidence if each.kind is EvidenceKind.LINK and _anyone_can_check(each, hosts)]
    pages = _pages_read(evidence, hosts) if value is Value.NO and criterion.is_about_published_words else {}
    has_read_enough = len(pages) >= PAGES_TO_READ or (is_whole_site_read and bool(pages))
    documents = [each.seen_on for each in evidence if each.kind is EvidenceKind.DOCUMENT]
    reports = [each.seen_on for each in evidence if each.kind is EvidenceKind.FIRST_HAND]
    # Pages count from the day of the oldest: the site may have changed since it was read.
    verifiable = [*quoted, *([min(pages.values())] if has_read_enough else [])]
    for tier, days in ((VERIFIABLE, verifiable), (DOCUMENT, documents), (TESTIMONY, reports)):
        if days:
            return Weight(tier, max(days))
    return Weight(problem=_why_weightless(evidence, pages))


def _anyone_can_check(evidence: Evidence, hosts: Hosts) -> bool:
    return _is_own(evidence.url, hosts) or host_of(evidence.url) in hosts.registers


def _is_own(address: str, hosts: Hosts) -> bool:
    host, _, path = hosts.own.partition("/")
    if not host or host_of(address) != host:
        return False
    given = unquote(urlsplit(website(address) or "").path).strip("/").lower().split("/")
    # A browser goes up where it reads "..", and so out of the clinic's pages.
    return not path or (given[: path.count("/") + 1] == path.split("/") and ".." not in given)


def _pages_read(evidence: Iterable[Evidence], hosts: Hosts) -> dict[str, date]:
    """Return the pages of the clinic's own site that were read, each address once, with the day it was read last."""
    pages: dict[str, date] = {}
    for each in evidence:
        if each.kind is EvidenceKind.PAGE_READ and _is_own(each.url, hosts):
            parts = urlsplit(website(each.url) or "")
            page = f"{parts.path.rstrip('/')}?{parts.query}"
            pages[page] = max(each.seen_on, pages.get(page, each.seen_on))
    return pages


def _why_weightless(evidence: Sequence[Evidence], pages: dict[str, date]) -> str:
    if not evidence:
        return N_(
            "Add what you base this answer on: a link with the exact words, or what you saw or were told and when."
        )
    if pages:
        return N_("List at least four pages of the clinic’s site that you read, or tick that it has no more.")
    return N_(
        "Only the clinic’s own site and official registers can be checked by anyone. Link to one of them, or add what"
        " you saw or were told yourself."
    )
