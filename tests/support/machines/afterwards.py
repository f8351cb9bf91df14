"""What may come after an approval, at random: votes to make void, wishes to take back; holds; rulings on signs."""

from datetime import timedelta

from hypothesis import strategies as st

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.moderation import Reason
from directory.services import holds, rulings, voids, wishes
from directory.services.rulings import ClinicSign
from directory.services.voids import Vote
from tests.support.machines.decisions import Decisions
from tests.support.machines.people import is_same, is_staff, voice
from tests.support.machines.reviews import COUNTING
from tests.support.machines.world import A_MODERATOR, ONE, RARELY, SOMEBODY, act, pick
from tests.support.reviews import noted

SIGN = "at_home_use_offered"
STOOD_BY = {"submitted", "changes_requested", "approved", "superseded"}


class Afterwards(Decisions):
    @act(times=2, who=A_MODERATOR, which=ONE, stale=RARELY, by_page=RARELY)
    def vote_void(self, *, who, which, stale, by_page):
        review = self.approved_one(which)
        seen = review.version - stale
        given = Vote(reason=Reason.PAID_OR_REWARDED, words="They were paid for it.")
        problems = {
            stale and Conflict, self.not_theirs(who, review), review.status not in COUNTING and InvalidTransition,
            voice(who) in review.votes and Conflict,
        }  # fmt: skip
        if by_page:
            typed = {"version": seen, "reason": given.reason.value, "words": given.words}
            answer = self.pages.post(who, f"/moderation/reviews/{review.public_id}/void", **typed)
            done = self.attempt_by_page("vote to make void", answer, *problems)
        else:
            done = self.attempt(
                "vote to make void",
                lambda: (
                    voids.vote(review.public_id, given, moderator_id=self.id(who), seen_version=seen, at=self.at),
                ),
                *problems,
            )
        if not done:
            return
        review.votes.add(voice(who))
        self.entries += 1
        assert by_page or done == (len(review.votes) == 2,)
        if len(review.votes) == 2:
            review.move("voided")
            review.is_wished_back = False
            self.entries += 1

    @act(who=SOMEBODY, own=st.booleans(), which=ONE, stale=RARELY)
    def wish_back(self, *, who, own, which, stale):
        review = self.approved_one(which)
        who, seen = review.author if own else who, review.version - stale
        done = self.attempt(
            "wish back",
            lambda: wishes.ask(review.public_id, words="", author_id=self.id(who), seen_version=seen, at=self.at),
            stale and Conflict,
            review.author != who and Forbidden,
            review.status not in COUNTING and InvalidTransition,
            review.is_wished_back and Conflict,
        )
        if done:
            review.is_wished_back = True
            self.entries += 1

    @act(own=st.booleans(), who=SOMEBODY, which=ONE)
    def think_better_of_it(self, *, own, who, which):
        review = self.approved_one(which)
        who = review.author if own else who
        done = self.attempt(
            "drop the wish",
            lambda: wishes.drop(review.public_id, author_id=self.id(who), seen_version=review.version, at=self.at),
            review.author != who and Forbidden,
            not review.is_wished_back and Conflict,
        )
        if done:
            review.is_wished_back = False
            self.entries += 1

    @act(who=A_MODERATOR, which=ONE, stale=RARELY)
    def grant(self, *, who, which, stale):
        wished = [each for each in self.reviews if each.is_wished_back] or self.reviews
        review = pick(wished, which)
        seen = review.version - stale
        done = self.attempt(
            "grant the wish",
            lambda: wishes.grant(review.public_id, moderator_id=self.id(who), seen_version=seen, at=self.at),
            stale and Conflict,
            self.not_theirs(who, review),
            not review.is_wished_back and Conflict,
        )
        if done:
            review.is_wished_back = False
            review.move("withdrawn_after")
            self.entries += 1

    @act(who=A_MODERATOR, where=ONE, days=st.sampled_from([1, 14]))
    def hold_reviews(self, *, who, where, days):
        listing = pick(self.listings, where)
        done = self.attempt(
            "hold",
            lambda: holds.hold(listing.public_id, days=days, words="Odd.", moderator_id=self.id(who), at=self.at),
            *self.problems_of_holding(who, listing, self.is_held(listing)),
        )
        if done:
            self.hold(listing, days)

    @act(who=A_MODERATOR, where=ONE)
    def end_hold(self, *, who, where):
        held = [each for each in self.listings if self.is_held(each)] or self.listings
        listing = pick(held, where)
        done = self.attempt(
            "end the hold",
            lambda: holds.end(listing.public_id, words="Looked into.", moderator_id=self.id(who), at=self.at),
            *self.problems_of_holding(who, listing, not self.is_held(listing)),
        )
        if done:
            for each in self.holding(listing):
                each.held_until, each.hold_over = None, self.at
                self.entries += 1

    def problems_of_holding(self, who, listing, is_conflict):
        if listing.status != "published":
            return {NotFound}
        here = [each for each in self.reviews if is_same(each.listing, listing)]
        waiting = {voice(each.author) for each in here if each.status == "submitted"}
        refused = not is_staff(who) or voice(who) in waiting or self.people.is_tied(who, listing)
        return {refused and Forbidden, is_conflict and Conflict}

    @act(who=A_MODERATOR, where=ONE, days=st.sampled_from([0, 0, 8]))
    def confirm(self, *, who, where, days):
        listing, today = pick(self.listings, where), self.at.date()
        told_on = self.told.get(listing, today) if days else today
        problems = self.problems_of_ruling(who, listing, "confirm", max(today, told_on + timedelta(days=7)))
        sign = ClinicSign(listing.public_id, SIGN)

        def act():
            notice = noted(sign, self.id(who), told_on, self.at)
            return rulings.confirm(sign, moderator_id=self.id(who), told_on=told_on, at=self.at, notice=notice)

        # Whether the evidence is that of a quorum, and was seen before the clinic was told, is the scorer's to say.
        unsaid = () if NotFound in problems else (InvalidParameter,)
        done = self.attempt("confirm a sign", act, *problems, maybe=unsaid)
        if done:
            self.told[listing] = told_on
            self.rulings.append((who, listing, SIGN, "confirm", done))
            self.entries += 1

    @act(who=A_MODERATOR, where=ONE, days=st.sampled_from([0, 0, 1]))
    def find_mended(self, *, who, where, days):
        listing, day = pick(self.listings, where), self.at.date() - timedelta(days=days)
        before = [each for each in self.rulings if is_same(each[1], listing) and each[3] == "remedied"]
        if before and days:
            day = before[-1][4]
        done = self.attempt(
            "find a sign mended",
            lambda: (rulings.remedy(ClinicSign(listing.public_id, SIGN), mended_on=day, moderator_id=self.id(who),
                                    words="Their page says so.", at=self.at),),
            *self.problems_of_ruling(who, listing, "remedied", day),
        )  # fmt: skip
        if done:
            self.rulings.append((who, listing, SIGN, "remedied", day))
            same = [each for each in self.rulings if is_same(each[1], listing) and each[3:] == ("remedied", day)]
            voices = {voice(by) for by, *_ in same}
            assert done == (len(voices) >= 2,)
            self.entries += 1

    def problems_of_ruling(self, who, listing, kind, day):
        if listing.status != "published":
            return {NotFound}
        answered = any(
            is_same(each.listing, listing) and SIGN in each.answers and each.status in STOOD_BY
            and voice(each.author) == voice(who) for each in self.reviews
        )  # fmt: skip
        refused = not is_staff(who) or answered or self.people.is_tied(who, listing)
        twice = any(
            (voice(by), on_kind, on) == (voice(who), kind, day) and is_same(of, listing)
            for by, of, _, on_kind, on in self.rulings
        )
        return {refused and Forbidden, twice and Conflict}
