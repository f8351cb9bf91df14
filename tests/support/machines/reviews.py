"""Reviews at random: handed in, handed in again, taken back; and what must come of each."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from directory.domain.errors import Conflict, Forbidden, InvalidTransition, NotFound
from directory.domain.ties import TieKind
from directory.services import reviews
from tests.support.machines.people import BARRING, is_same, voice
from tests.support.machines.world import ONE, RARELY, SOMEBODY, SOMETIMES, World, act, pick
from tests.support.reviews import link, submission, told

#: What is answered, and the tier of its evidence.
SAID = {
    "mailed": {"at_home_use_offered": ("yes", 3)},
    "heard": {"at_home_use_offered": ("yes", 1)},
    "not mailed": {"at_home_use_offered": ("no", 3)},
    "both": {"at_home_use_offered": ("yes", 3), "cure_all_claims": ("yes", 1)},
    "cures": {"cure_all_claims": ("no", 3), "price_published": ("yes", 3)},
}
EVIDENCE = {3: link, 1: told}
OPEN, COUNTING = {"submitted", "changes_requested"}, {"approved", "superseded"}
TIES = st.sampled_from([TieKind.NONE] * 6 + [TieKind.PATIENT, TieKind.OWNER])
WEEK = timedelta(days=7)


@dataclass(eq=False)
class Told:
    """A review as the telling has it. A lease is (name, since, until)."""

    public_id: str
    author: str
    listing: object
    key: str
    answers: dict
    since: object
    status: str = "submitted"
    version: int = 2
    lease: tuple | None = None
    asked_at: object = None
    asked_by: str = ""
    #: Who asked for the changes with which it came back.
    back_to: str = ""
    outcomes: dict = field(default_factory=dict)
    looks: dict = field(default_factory=dict)
    votes: set = field(default_factory=set)
    is_wished_back: bool = False

    def move(self, status):
        self.status, self.version, self.lease = status, self.version + 1, None

    def stands(self, slug):
        """Whether an answer counts, by this review alone."""
        return self.status in COUNTING and self.outcomes.get(slug) in {"accepted", "testimony"}


class Reviews(World):
    @act(times=3, who=SOMEBODY, where=ONE, said=st.sampled_from(list(SAID)), tie=TIES, again=SOMETIMES, which=ONE)
    def hand_in(self, *, who, where, said, tie, again, which):
        listing, own = pick(self.listings, where), [each for each in self.reviews if each.author == who]
        known = pick(own, which) if own and again else None
        if known:
            listing = known.listing
        answers = {slug: (value, tier, self.at.date()) for slug, (value, tier) in SAID[said].items()}
        given = {slug: (value, EVIDENCE[tier](on=on)) for slug, (value, tier, on) in answers.items()}
        key = known.key if known else self.key()
        asked = submission(listing.as_row(), given, key=key, tie=tie)
        problems = self.problems_of_handing_in(who, listing, answers, tie=tie, key=key, known=known)

        done = self.attempt("hand in", lambda: reviews.submit(asked, author_id=self.id(who), at=self.at), *problems)

        if not done:
            return
        if known and known.status != "changes_requested":
            assert done == known.public_id
            return
        self.people.say(who, listing, tie)
        self.entries += 1
        if known:
            assert done == known.public_id
            known.move("submitted")
            known.answers, known.since, known.back_to = answers, self.at, known.asked_by
        else:
            self.reviews.append(Told(done, who, listing, key, answers, self.at))
            listing.handed_in.append(self.at)
        self.watch(listing)

    def problems_of_handing_in(self, who, listing, answers, *, tie, key, known):
        if listing.status != "published":
            return {NotFound}
        if tie in BARRING:
            self.people.say(who, listing, tie)
        if known and known.status != "changes_requested":
            return set()
        others = [each for each in self.open_reviews(who, listing) if each.key != key]
        said = list(self.people.said)
        self.people.say(who, listing, tie)
        is_barred = self.people.is_barred(who, listing)
        self.people.said = said
        has_ruled = any(
            (voice(by), slug) == (voice(who), each) and is_same(of, listing)
            for each in answers
            for by, of, slug, _kind, _day in self.rulings
        )
        return {is_barred and Forbidden, has_ruled and Forbidden, bool(others) and Conflict}

    def open_reviews(self, author, listing):
        of_theirs = [each for each in self.reviews if (each.author, each.listing) == (author, listing)]
        return [each for each in of_theirs if each.status in OPEN]

    def watch(self, listing):
        """Hold a clinic of which more than five reviews came in the last seven days, not counting those of before."""
        every = self.all_of(listing)
        since = max([self.at - WEEK, *(each.hold_over for each in every if each.hold_over)])
        if since <= self.at and sum(since < at <= self.at for each in every for at in each.handed_in) > 5:
            self.hold(listing, 14)

    def hold(self, listing, days):
        listing.held_until = self.at.date() + timedelta(days=days)
        listing.hold_over = datetime.combine(listing.held_until, time(), UTC)
        self.entries += 1

    def is_held(self, listing):
        """Whether it is held by whichever of its listings."""
        return bool(self.holding(listing))

    def holding(self, listing):
        return [each for each in self.all_of(listing) if each.held_until and each.held_until > self.at.date()]

    def all_of(self, listing):
        return [each for each in self.listings if is_same(each, listing)]

    @act(who=SOMEBODY, own=st.booleans(), which=ONE, stale=RARELY, by_page=RARELY)
    def take_back(self, *, who, own, which, stale, by_page):
        review = pick(self.reviews, which)
        who, seen = review.author if own else who, review.version - stale
        problems = {
            stale and Conflict, review.author != who and Forbidden, review.status not in OPEN and InvalidTransition,
        }  # fmt: skip
        if by_page:
            answer = self.pages.post(who, f"/reviews/{review.public_id}/withdraw", version=seen)
            # The page of another's review is not there, whatever version was seen.
            problems = {NotFound} if review.author != who else problems
            done = self.attempt_by_page("take back", answer, *problems)
        else:
            done = self.attempt(
                "take back",
                lambda: reviews.withdraw(review.public_id, author_id=self.id(who), seen_version=seen, at=self.at),
                *problems,
            )
        if done:
            review.move("withdrawn")
            self.entries += 1
