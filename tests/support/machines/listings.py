"""Suggestions about listings at random: handed in, handed in again, taken back; and what must come of each."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.revisions import RevisionKind
from directory.domain.sources import Source
from directory.domain.ties import TieKind
from directory.models import Clinic
from directory.services import revisions
from directory.services.revisions import Proposal, Suggestion
from tests.support.machines.afterwards import Afterwards
from tests.support.machines.people import Listing
from tests.support.machines.world import ONE, RARELY, SOMEBODY, act, pick
from tests.support.reviews import SITE
from tests.support.tables import rows

OPEN, WAITING = {"submitted", "approved_once", "changes_requested"}, {"submitted", "approved_once"}
#: (listing, kind) → what an approval makes of it.
RELISTED = {
    ("proposed", "new"): "published",
    ("published", "edit"): "published",
    ("published", "move"): "published",
    ("published", "close"): "closed",
    ("closed", "reopen"): "published",
    ("published", "merge"): "merged",
    ("closed", "merge"): "merged",
}
UNLISTED = {"decline": "declined", "withdraw": "withdrawn"}
MOST_A_DAY = 20
KINDS = st.sampled_from(["edit", "edit", "edit", "move", "close", "close", "reopen", "merge", "merge", "merge"])
TIES = st.sampled_from([TieKind.NONE] * 3 + [TieKind.OWNER])
#: So far apart that nobody takes two for one.
TOWNS = [("Peoria", "IL"), ("Boise", "ID"), ("Fargo", "ND"), ("Tulsa", "OK"), ("Provo", "UT"), ("Salem", "OR")]


@dataclass(eq=False)
class Suggested:
    """A suggestion as the telling has it. A lease is (name, since, until)."""

    public_id: str
    kind: str
    author: str
    listing: Listing
    key: str
    since: object
    target: Listing | None = None
    fields: dict = field(default_factory=dict)
    base: dict = field(default_factory=dict)
    status: str = "submitted"
    version: int = 1
    lease: tuple | None = None
    agreed: str = ""

    @property
    def about(self):
        return (self.listing, self.target) if self.target else (self.listing,)

    def move(self, status):
        self.status, self.version, self.lease = status, self.version + 1, None


class Listings(Afterwards):
    def source(self):
        return Source(title="Their own site", url=f"{SITE}/contact", seen_on=self.at.date())

    def facts(self, kind):
        """Return what differs from all that was said before."""
        self.keys += 1
        phone, address = f"+1314555{self.keys:04}", f"{self.keys} New Street"
        return {"edit": {"phone": phone}, "move": {"address": address}}.get(kind, {})

    def stated(self, kind, fields, key, tie, target=None):
        of_all = {"source": self.source(), "words": "I looked.", "key": key, "tie": tie}
        to = target.public_id if target else ""
        return Suggestion(kind=RevisionKind(kind), fields=fields, target=to, **of_all)

    @act(who=SOMEBODY, where=ONE, tie=TIES, again=RARELY)
    def propose(self, *, who, where, tie, again):
        own = [each for each in self.revisions if (each.author, each.kind) == (who, "new")]
        known = pick(own, where) if own and again else None
        key, (city, state) = known.key if known else self.key(), TOWNS[where]
        fields = {"name": f"Clinic of {self.keys} words", "city": city, "state": state, "website": SITE}
        seen = frozenset(each.public_id for each in self.listings)
        asked = Proposal(fields=fields, source=self.source(), words="I looked.", key=key, tie=tie, despite=seen)
        done = self.attempt(
            "propose a listing",
            lambda: revisions.propose(asked, author_id=self.id(who), at=self.at),
            self.is_hasty(who) and not known and Forbidden,
        )
        if known and done:
            assert done == known.public_id
        elif done:
            (row,) = [each for each in rows(Clinic) if each.public_id not in seen]
            listing = Listing(row.public_id, row.id, status="proposed")
            self.listings.append(listing)
            self.revisions.append(Suggested(done, "new", who, listing, key, self.at, fields=fields))
            self.people.say(who, listing, tie)
            self.entries += 1

    def is_hasty(self, who):
        since = self.at - timedelta(days=1)
        return sum(each.author == who and each.since > since for each in self.revisions) >= MOST_A_DAY

    @act(times=2, who=SOMEBODY, where=ONE, kind=KINDS, to=ONE, tie=TIES, again=RARELY)
    def suggest(self, *, who, where, kind, to, tie, again):
        own = [each for each in self.revisions if each.author == who and each.kind != "new"]
        known = pick(own, where) if own and again else None
        listing = known.listing if known else pick(self.listings, where)
        kind, key = (known.kind, known.key) if known else (kind, self.key())
        target = (known.target if known else pick(self.listings, to)) if kind == "merge" else None
        fields = self.facts(kind)
        asked = self.stated(kind, fields, key, tie, target)
        done = self.attempt(
            f"suggest: {kind}",
            lambda: revisions.suggest(listing.public_id, asked, author_id=self.id(who), at=self.at),
            *self.problems_of_suggesting(who, listing, kind, target, known),
        )
        if known and done:
            assert done == known.public_id
        elif done:
            base = {name: listing.facts.get(name, "") for name in fields}
            said = Suggested(done, kind, who, listing, key, self.at, target=target, fields=fields, base=base)
            self.revisions.append(said)
            self.people.say(who, listing, tie)
            self.entries += 1

    def problems_of_suggesting(self, who, listing, kind, target, known):
        if listing.status not in {"published", "closed"}:
            return {NotFound}
        if known:
            return set()
        has_open = any((each.author, each.listing) == (who, listing) and each.status in OPEN for each in self.revisions)
        return {
            (listing.status, kind) not in RELISTED and InvalidTransition, self.is_hasty(who) and Forbidden,
            has_open and Conflict,
            bool(target) and (target is listing or target.status != "published") and InvalidParameter,
        }  # fmt: skip

    @act(who=SOMEBODY, own=st.booleans(), which=ONE, stale=RARELY)
    def suggest_anew(self, *, who, own, which, stale):
        sent_back = [each for each in self.revisions if each.status == "changes_requested"] or self.revisions
        said = pick(sent_back, which)
        who, seen, fields = said.author if own else who, said.version - stale, said.fields | self.facts(said.kind)
        asked = self.stated(said.kind, fields, said.key, TieKind.NONE, said.target)
        done = self.attempt(
            "suggest anew",
            lambda: revisions.submit_again(
                said.public_id, asked, author_id=self.id(who), seen_version=seen, at=self.at
            ),
            said.author != who and NotFound,
            stale and Conflict,
            said.status != "changes_requested" and InvalidTransition,
        )
        if done:
            said.move("submitted")
            said.fields, said.since = fields, self.at
            said.base = {name: said.listing.facts.get(name, "") for name in fields} if said.kind != "new" else {}
            self.people.say(who, said.listing, TieKind.NONE)
            self.entries += 1

    @act(who=SOMEBODY, own=st.booleans(), which=ONE, stale=RARELY, by_page=RARELY)
    def take_suggestion_back(self, *, who, own, which, stale, by_page):
        said = pick(self.revisions, which)
        who, seen = said.author if own else who, said.version - stale
        problems = {
            said.author != who and NotFound, stale and Conflict, said.status not in OPEN and InvalidTransition,
        }  # fmt: skip
        if by_page:
            # The page of another's suggestion is not there, whatever version was seen.
            problems = {NotFound} if said.author != who else problems
            answer = self.pages.post(who, f"/suggestions/{said.public_id}/withdraw", version=seen)
            done = self.attempt_by_page("take a suggestion back", answer, *problems)
        else:
            done = self.attempt(
                "take a suggestion back",
                lambda: revisions.withdraw(said.public_id, author_id=self.id(who), seen_version=seen, at=self.at),
                *problems,
            )
        if done:
            said.move("withdrawn")
            self.unlist(said, "withdraw")

    def unlist(self, said, action):
        if said.kind == "new":
            said.listing.status = UNLISTED.get(action, said.listing.status)
        self.entries += 1
