from dataclasses import replace
from datetime import date

import pytest

from directory.domain.checklist import Value
from directory.domain.evidence import Evidence, EvidenceKind, Hosts, Weight, host_of, own_site, problem_of, weigh
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL, PHYSICIAN, SHIPPED
from tests.support.reviews import document, link, page, pages, told

HOSTS = Hosts(own="clinic.example", registers=frozenset({"board.example.gov"}))
NO_WEBSITE = Hosts(own="", registers=HOSTS.registers)
BARE = "Add what you base this answer on: a link with the exact words, or what you saw or were told and when."
ELSEWHERE = (
    "Only the clinic’s own site and official registers can be checked by anyone. Link to one of them, or add what you"
    " saw or were told yourself."
)
TOO_FEW = "List at least four pages of the clinic’s site that you read, or tick that it has no more."
NO_ADDRESS = "Give the address of the page, beginning with https:// or http://."
NO_QUOTE = "Copy the exact words from the page."
LONG_QUOTE = "Shorten the quote to 500 characters: the sentence that matters is enough."
NO_NOTE = "Say in a few words what you saw or were told."
LONG_NOTE = "Shorten the note to 1,000 characters."
NO_TEXT = "Copy the words as plain text: some of their characters cannot be shown."
NO_ARCHIVE = "Give the address of the archived page, beginning with https:// or http://, or leave it empty."


@pytest.mark.parametrize(
    "url",
    [
        "https://clinic.example/faq",
        "http://clinic.example",
        "https://www.clinic.example/faq",
        "HTTPS://WWW.Clinic.Example/FAQ",
        "  https://clinic.example/faq\n",
        "clinic.example/faq",
        "https://clinic.example:8443/faq?page=2#doses",
        # official registers
        "https://board.example.gov/license?number=7",
        "https://www.board.example.gov/",
    ],
)
def test_words_of_the_clinics_own_site_or_of_a_register_can_be_checked_by_anyone(url):
    assert weigh(AT_HOME, Value.YES, [link(url=url)], HOSTS) == Weight(3, TODAY)


@pytest.mark.parametrize(
    "url",
    [
        "https://reviews.example/clinic.example",
        "https://clinic.example.evil.example/faq",
        "https://evil-clinic.example/faq",
        "https://clinic.example-evil.com/faq",
        "https://mail.clinic.example/faq",
        "https://evil.example/?https://clinic.example/faq",
        "https://evil.example#@clinic.example/faq",
        # a letter that only looks like the one of the clinic
        "https://сlinic.example/faq",
        # who is named before the @ is not who answers
        "https://clinic.example@evil.example/faq",
        "https://me:secret@clinic.example/faq",
        "https://clinic.example\\@evil.example/",
        "javascript:alert('clinic.example')",
        "javascript://clinic.example/%0aalert(1)",
        "ftp://clinic.example/faq",
        "//clinic.example/faq",
        "https://clinic.example /faq",
        "https://clinic.example:port/",
        "",
    ],
)
def test_a_link_to_anywhere_else_carries_nothing(url):
    assert weigh(AT_HOME, Value.YES, [link(url=url)], HOSTS) == Weight(problem=ELSEWHERE)


def test_where_no_website_is_known_only_a_register_can_be_checked():
    own, register = link(), link(url="https://board.example.gov/")

    assert weigh(AT_HOME, Value.YES, [own], NO_WEBSITE).problem == ELSEWHERE
    assert weigh(AT_HOME, Value.YES, [link(url="")], NO_WEBSITE).problem == ELSEWHERE
    assert weigh(CURE_ALL, Value.NO, pages(TODAY), NO_WEBSITE).problem == ELSEWHERE
    assert weigh(CURE_ALL, Value.NO, [page("")] * 4, NO_WEBSITE).problem == ELSEWHERE
    assert weigh(AT_HOME, Value.YES, [register], NO_WEBSITE).tier == 3


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Clinic.Example/faq", "clinic.example"),
        ("https://wwwclinic.example", "wwwclinic.example"),
        # one address in letters and in the spelling of the net is one host
        ("https://kühl.example/", "xn--khl-hoa.example"),
        ("https://xn--khl-hoa.example/", "xn--khl-hoa.example"),
        ("https://192.0.2.7/", ""),
        ("no address", ""),
        ("", ""),
    ],
)
def test_a_host_is_known_by_its_name_alone(address, host):
    assert host_of(address) == host


@pytest.mark.parametrize("whole_site", [False, True])
@pytest.mark.parametrize(
    ("paths", "counted"),
    [
        (["/"], 1),
        (["/", "/faq", "/prices"], 3),
        (["/", "/faq", "/prices", "/conditions"], 4),
        (["/", "/faq", "/prices", "/conditions", "/team"], 5),
        # the same page in another spelling
        (["/", "/faq", "/faq/", "/prices"], 3),
        (["/", "/faq", "/faq#top", "/prices"], 3),
        (["", "/", "?", "/#a"], 1),
        (["/faq?page=1", "/faq?page=2", "/faq?page=3", "/faq"], 4),
    ],
)
def test_four_pages_or_all_of_a_smaller_site_stand_for_words_that_are_nowhere(paths, counted, whole_site):
    read = [page(f"https://clinic.example{path}") for path in paths]

    weight = weigh(CURE_ALL, Value.NO, read, HOSTS, is_whole_site_read=whole_site)

    assert weight == (Weight(3, TODAY) if whole_site or counted >= 4 else Weight(problem=TOO_FEW))


def test_a_page_counts_once_however_its_address_is_written():
    spellings = (
        "https://clinic.example/faq",
        "http://www.clinic.example/faq",
        "clinic.example/faq",
        " CLINIC.example/faq",
    )

    assert weigh(CURE_ALL, Value.NO, [page(url) for url in spellings], HOSTS).problem == TOO_FEW


def test_pages_of_another_host_are_no_pages_of_the_clinic():
    three, elsewhere = pages(TODAY, "/", "/faq", "/prices"), page("https://board.example.gov/clinic")

    assert weigh(CURE_ALL, Value.NO, [*three, elsewhere], HOSTS).problem == TOO_FEW
    assert weigh(CURE_ALL, Value.NO, [elsewhere] * 4, HOSTS).problem == ELSEWHERE
    assert weigh(CURE_ALL, Value.NO, [elsewhere], HOSTS, is_whole_site_read=True).problem == ELSEWHERE


def test_nobody_read_a_whole_site_without_a_page():
    assert weigh(CURE_ALL, Value.NO, [], HOSTS, is_whole_site_read=True) == Weight(problem=BARE)


@pytest.mark.parametrize("criterion", SHIPPED.by_slug.values(), ids=lambda criterion: criterion.slug)
@pytest.mark.parametrize("value", [Value.YES, Value.NO])
def test_pages_read_show_only_that_something_is_not_published(criterion, value):
    shows = value is Value.NO and criterion.is_about_published_words

    weight = weigh(criterion, value, pages(TODAY), HOSTS)

    assert weight == (Weight(3, TODAY) if shows else Weight(problem=ELSEWHERE))


@pytest.mark.parametrize(
    ("evidence", "tier"),
    [
        ([link()], 3),
        ([document()], 2),
        ([told()], 1),
        ([told(), document()], 2),
        ([told(), document(), link()], 3),
        ([link(), document(), told()], 3),
        # what carries nothing takes nothing away
        ([link(url="https://reviews.example/"), told()], 1),
        ([page("https://clinic.example/faq"), document()], 2),
        ([], None),
    ],
)
def test_an_answer_is_as_good_as_its_best_evidence(evidence, tier):
    assert weigh(PHYSICIAN, Value.NO, evidence, HOSTS).tier == tier


@pytest.mark.parametrize(
    ("evidence", "observed_on"),
    [
        ([link(on=days_ago(9)), link(on=days_ago(3)), link(on=days_ago(5))], days_ago(3)),
        # evidence of a lower tier does not make the better one younger
        ([link(on=days_ago(9)), document(on=days_ago(3)), told(on=days_ago(1))], days_ago(9)),
        ([document(on=days_ago(9)), document(on=days_ago(4)), told(on=days_ago(3))], days_ago(4)),
        ([told(on=days_ago(9)), told(on=days_ago(3))], days_ago(3)),
        ([link(on=days_ago(1), url="https://reviews.example/"), told(on=days_ago(9))], days_ago(9)),
        # four pages are as old as the one read first
        ([*pages(days_ago(2), "/", "/faq", "/prices"), *pages(days_ago(8), "/team")], days_ago(8)),
        # a page that was read again is as old as the last time
        ([*pages(days_ago(8)), *pages(days_ago(2))], days_ago(2)),
        ([*pages(days_ago(2)), *pages(days_ago(8))], days_ago(2)),
        ([*pages(days_ago(8)), link(on=days_ago(5))], days_ago(5)),
        ([*pages(days_ago(5)), link(on=days_ago(8))], days_ago(5)),
        ([*pages(days_ago(5), "/", "/faq"), link(on=days_ago(8))], days_ago(8)),
    ],
)
def test_an_answer_is_as_old_as_the_newest_of_its_best_evidence(evidence, observed_on):
    assert weigh(CURE_ALL, Value.NO, evidence, HOSTS).observed_on == observed_on


@pytest.mark.parametrize("value", [Value.UNKNOWN, Value.NOT_APPLICABLE])
@pytest.mark.parametrize("evidence", [[], [link()], [told()]])
def test_who_could_not_tell_needs_no_evidence_and_has_no_weight(value, evidence):
    assert weigh(CURE_ALL, value, evidence, HOSTS) == Weight()


def test_an_answer_without_evidence_is_told_what_to_add():
    assert weigh(AT_HOME, Value.YES, [], HOSTS) == Weight(problem=BARE)


@pytest.mark.parametrize(
    "evidence",
    [
        link(),
        link(quote="x" * 500),
        link(quote="Two lines\r\n\tof “their” words\u00a0🌿\u200d"),
        link(archive_url="https://archive.example/clinic"),
        page("http://clinic.example/"),
        document(note="x" * 1000),
        told(),
        replace(told(), url="https://clinic.example/"),
    ],
)
def test_whole_evidence_is_taken(evidence):
    assert problem_of(evidence) == ""


@pytest.mark.parametrize(
    ("evidence", "problem"),
    [
        (link(url=""), NO_ADDRESS),
        (link(url="see their site"), NO_ADDRESS),
        (link(url="javascript:alert(1)"), NO_ADDRESS),
        (link(url="https://" + "x" * 500 + ".example"), NO_ADDRESS),
        (page(""), NO_ADDRESS),
        # an address that nobody asked for is not taken unread
        (replace(document(), url="javascript:alert(1)"), NO_ADDRESS),
        (link(quote=""), NO_QUOTE),
        (link(quote=" \n"), NO_QUOTE),
        (link(quote="x" * 501), LONG_QUOTE),
        (replace(told(), quote="x" * 501), LONG_QUOTE),
        (document(note=""), NO_NOTE),
        (told(note=" \t"), NO_NOTE),
        (told(note="x" * 1001), LONG_NOTE),
        (link(note="x" * 1001), LONG_NOTE),
        (link(quote="We mail\0it."), NO_TEXT),
        (told(note="Half a character: \ud83c"), NO_TEXT),
        (link(archive_url="javascript:alert(1)"), NO_ARCHIVE),
        (link(archive_url="the archive"), NO_ARCHIVE),
        # the first of several problems
        (link(url="", quote=""), NO_ADDRESS),
    ],
)
def test_evidence_that_is_not_whole_is_told_the_remedy(evidence, problem):
    assert problem_of(evidence) == problem


def test_each_kind_of_evidence_has_its_own_words_for_people():
    labels = {kind.label for kind in EvidenceKind}

    assert len(labels) == len(EvidenceKind)
    assert Evidence(kind=EvidenceKind.LINK, seen_on=date(2026, 1, 2)).kind.label == "Words that anyone can check"


@pytest.mark.parametrize(
    ("listed", "own"),
    [
        ("https://www.clinic.example/saint-louis", "clinic.example"),
        ("https://www.facebook.com/ClinicPage/", "facebook.com/clinicpage"),
        ("https://sites.google.com/view/clinic", "sites.google.com/view/clinic"),
        ("https://facebook.com/", ""),
        ("", ""),
    ],
)
def test_a_clinics_own_site_is_its_host_and_on_a_shared_host_its_path(listed, own):
    assert own_site(listed) == own


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("https://www.facebook.com/clinicpage", True),
        ("https://facebook.com/ClinicPage/posts/7?x=1", True),
        ("https://facebook.com/somebody", False),
        ("https://facebook.com/clinicpage-fans", False),
        ("https://facebook.com/clinicpage/../somebody", False),
        ("https://facebook.com/clinicpage/%2e%2e/somebody", False),
        ("https://facebook.com/", False),
    ],
)
def test_on_a_shared_host_only_the_clinics_own_pages_can_be_checked_as_its_words(url, is_own):
    hosts = Hosts(own=own_site("https://facebook.com/ClinicPage"), registers=frozenset())

    assert (weigh(AT_HOME, Value.YES, [link(url=url)], hosts).tier == 3) is is_own
