"""Where a suggestion about a listing was read, and what its author says of that."""

from dataclasses import dataclass, replace
from datetime import date

from directory.domain.errors import InvalidParameter
from directory.domain.identifiers import website
from directory.domain.labels import N_
from directory.domain.moderation import LONGEST_REASON
from directory.domain.texts import NOT_PLAIN, is_plain

_LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where something was read: how a reader should see it ("Their own site, Contact"), its address or "", the day."""

    title: str
    url: str = ""
    seen_on: date

    def cleaned(self, words: str, today: date) -> "Source":
        """Return the source as it is kept; InvalidParameter names what of it, or of the words, is unusable."""
        title, url = " ".join(self.title.split()), website(self.url) if self.url.strip() else ""
        problems = (
            ("source", N_("Say where you read it or how you learned it."), not title),
            ("source", N_("Shorten this to 200 characters."), len(title) > _LONGEST_TITLE),
            ("source", NOT_PLAIN, not is_plain(title)),
            ("source_url", N_("Copy the whole address, like https://clinic.example."), url is None),
            ("seen_on", N_("Give the day on which you saw it. It cannot lie in the future."), self.seen_on > today),
            ("words", N_("Say in a sentence what the moderator should know."), not words.strip()),
            ("words", N_("Shorten this to 1,000 characters."), len(words) > LONGEST_REASON),
            ("words", NOT_PLAIN, not is_plain(words)),
        )
        for name, problem, is_so in problems:
            if is_so:
                raise InvalidParameter(name, problem)
        return replace(self, title=title, url=url or "")
