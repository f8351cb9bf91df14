import re
from datetime import date

import pytest

from directory.domain.listing_letters import REVIEWERS_ARE_TOLD, Decided, to_author, to_clinic, to_reviewer
from directory.domain.mail import Site, Speaker, fit_to_send
from directory.domain.revisions import REVISION_DECISIONS, ListingAction, ListingReason, RevisionKind

SITE = Site(host="directory.example", page="https://directory.example/one")
PAGE = "https://directory.example/clinics/two"
DAY = date(2026, 11, 21)
NEVER = ("safe", "unsafe", "scam", "illegal", "verified")


def decided(kind=RevisionKind.CLOSE, action=ListingAction.DECLINE, **stated):
    why = {"reason": ListingReason.NO_SOURCE, "words": "Name a page.\nFrom here"}
    return Decided(listing="Copper\nSnail, Peoria, IL", on=DAY, kind=kind, action=action, **why | stated)


@pytest.mark.parametrize("kind", RevisionKind)
@pytest.mark.parametrize("action", REVISION_DECISIONS)
def test_an_author_is_told_what_was_decided_why_and_what_they_can_do(action, kind):
    letter = fit_to_send(to_author(decided(kind, action), "author@mail.example", SITE, PAGE))

    assert "> Name a page.\n> From here" in letter.body
    assert ListingReason.NO_SOURCE.label in letter.body
    assert kind.label in letter.body
    assert "21 Nov 2026" in letter.body
    assert "Copper Snail, Peoria, IL" in letter.body
    assert SITE.page in letter.body
    assert (PAGE in letter.body) == (action is ListingAction.APPROVE)
    assert_discreet(letter)


def test_a_clinic_learns_that_it_is_listed_and_how_to_answer():
    letter = fit_to_send(to_clinic("Copper Snail, Peoria, IL", "desk@snail.example", SITE))

    assert SITE.page in letter.body
    assert "HIPAA" in letter.body
    assert "Snail" not in letter.subject
    assert not set(NEVER) & set(letter.body.casefold().split())


@pytest.mark.parametrize("kind", REVIEWERS_ARE_TOLD)
def test_a_reviewer_learns_what_changed_about_a_clinic(kind):
    found = decided(kind, ListingAction.APPROVE, successor="Silver Snail, Peoria, IL")

    letter = fit_to_send(to_reviewer(found, "one@mail.example", SITE))

    assert ("Silver Snail" in letter.body) == (kind is RevisionKind.MERGE)
    assert "Name a page" not in letter.body
    assert_discreet(letter)


@pytest.mark.parametrize("write", [to_author, to_reviewer])
def test_every_word_of_ours_is_said_in_the_language_of_the_reader(write):
    spanish = Speaker(say=str.upper, address=lambda page: f"{page}/ES")
    spoken = Site(host="directory.example", page="/ONE", speakers={"es": spanish})
    pages = [PAGE] if write is to_author else []

    letter = write(decided(), "one@mail.example", spoken.read_in("es"), *pages)

    assert letter.subject.isupper()
    assert re.sub(r"Copper Snail, Peoria|Name a page|From here", "", letter.body).isupper()
    assert "/ONE/ES" in letter.body
    in_english = write(decided(), "one@mail.example", spoken, *pages)
    assert write(decided(), "one@mail.example", spoken.read_in("fr"), *pages) == in_english


def assert_discreet(letter):
    """A telephone shows the subject and the first words on its locked screen."""
    assert not {"ketamine", "snail", "clinic"} & set(f"{letter.subject} {letter.body[:60]}".casefold().split())
    assert not set(NEVER) & set(letter.body.casefold().split())
