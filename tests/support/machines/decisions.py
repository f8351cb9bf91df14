"""What moderators do with reviews at random: claim them, decide on them, look at a source again."""

from datetime import timedelta

from hypothesis import strategies as st

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.moderation import Action
from directory.services import claims, lapses, moderation
from directory.services.moderation import ReviewDecision
from tests.support.machines.people import is_staff, voice
from tests.support.machines.reviews import COUNTING, Reviews
from tests.support.machines.world import A_MODERATOR, ONE, RARELY, SOMETIMES, act, pick
from tests.support.reviews import ACCEPTED, AS_TESTIMONY, DROPPED, WHY

JUDGEMENTS = {"accepted": ACCEPTED, "testimony": AS_TESTIMONY, "dropped": DROPPED}
VERDICTS = st.sampled_from(["approve"] * 4 + ["request_changes", "request_changes", "decline"])
LENGTH, LONGEST = timedelta(minutes=15), timedelta(minutes=60)


class Decisions(Reviews):
    def not_theirs(self, who, review):
        """Return Forbidden where they may not decide on a review: no role, their own, or a tie."""
        is_own = voice(who) == voice(review.author)
        return (not is_staff(who) or is_own or self.people.is_tied(who, review.listing)) and Forbidden

    def open_elsewhere(self, who, item):
        return bool(item.lease) and item.lease[0] != who and item.lease[2] > self.at and Conflict

    @act(who=A_MODERATOR, which=ONE, by_page=RARELY)
    def claim(self, *, who, which, by_page):
        review = pick(self.reviews, which)
        is_gone = review.status != "submitted" and Conflict
        problems = {self.not_theirs(who, review), is_gone, self.open_elsewhere(who, review)}
        if by_page:
            path = f"/moderation/reviews/{review.public_id}"
            answer = self.pages.post(who, path, action="claim", version=review.version)
            done = self.attempt_by_page("claim", answer, *problems, done=200)
        else:
            done = self.attempt(
                "claim", lambda: claims.claim(review.public_id, moderator_id=self.id(who), at=self.at), *problems
            )
        if done:
            self.taken(review, who)

    def approved_one(self, which):
        """Return one that counts where there is any, mostly."""
        counting = [each for each in self.reviews if each.status in COUNTING] or self.reviews
        return pick(counting if which < 5 else self.reviews, which)

    def taken(self, item, who):
        if not item.lease or item.lease[2] <= self.at:
            item.lease = (who, self.at, self.at + LENGTH)

    @act(who=A_MODERATOR, which=ONE)
    def renew(self, *, who, which):
        review = pick(self.reviews, which)
        who = review.lease[0] if review.lease and which < 4 else who
        is_theirs = review.lease and review.lease[0] == who and review.lease[2] > self.at
        done = self.attempt(
            "renew",
            lambda: claims.renew(review.public_id, moderator_id=self.id(who), at=self.at),
            not is_theirs and Conflict,
        )
        if done:
            name, since, until = review.lease
            review.lease = name, since, max(until, min(self.at + LENGTH, since + LONGEST))
            assert done == review.lease[2]

    @act(who=A_MODERATOR, which=ONE)
    def give_back(self, *, who, which):
        review = pick(self.reviews, which)
        self.attempt("give back", lambda: claims.release(review.public_id, moderator_id=self.id(who)))
        if review.lease and review.lease[0] == who:
            review.lease = None

    @act(times=4, who=A_MODERATOR, which=ONE, action=VERDICTS, stale=RARELY, seen=SOMETIMES, by_page=RARELY,
         outcome=st.sampled_from([*["accepted"] * 4, "testimony", "dropped"]))  # fmt: skip
    def decide(self, *, who, which, action, outcome, stale, seen, by_page):
        waiting = [each for each in self.reviews if each.status == "submitted"] or self.reviews
        review = pick(waiting if which < 4 else self.reviews, which)
        # The word of a person who was there is that already: it cannot be taken for one.
        outcomes = {
            slug: "accepted" if tier == 1 and outcome == "testimony" else outcome
            for slug, (_, tier, _) in review.answers.items()
        }
        version, has_seen = review.version - stale, {
            slug for slug, (_, tier, _) in review.answers.items() if seen and tier == 3 and outcomes[slug] == "accepted"
        }  # fmt: skip
        if by_page:
            typed = self.typed(action, outcomes) | {"version": version}
            answer = self.pages.post(who, f"/moderation/reviews/{review.public_id}", **typed)
            done = self.attempt_by_page("decide", answer, *self.problems_of_deciding(who, review, stale))
            has_seen = ()
        else:
            judged = {slug: JUDGEMENTS[each] for slug, each in outcomes.items()} if action == "approve" else {}
            why = {} if action == "approve" else WHY
            verdict = ReviewDecision(action=Action(action), answers=judged, seen=has_seen, **why)
            done = self.attempt(
                "decide",
                lambda: moderation.decide(
                    review.public_id, verdict, moderator_id=self.id(who), seen_version=version, at=self.at
                ),
                *self.problems_of_deciding(who, review, stale),
            )
        if done:
            self.decided(review, who, action, outcomes, has_seen)

    @staticmethod
    def typed(action, outcomes):
        why = {"reason": WHY["reason"].value, "words": WHY["words"]}
        of_answers = {
            f"{slug}-{name}": value
            for slug, outcome in outcomes.items()
            for name, value in ({"outcome": outcome} | (why if outcome != "accepted" else {})).items()
        }
        return {"action": action} | (of_answers if action == "approve" else why)

    def problems_of_deciding(self, who, review, stale):
        return {
            stale and Conflict, self.not_theirs(who, review), self.is_held(review.listing) and Conflict,
            self.open_elsewhere(who, review), review.status != "submitted" and InvalidTransition,
        }  # fmt: skip

    def decided(self, review, who, action, outcomes, has_seen):
        self.entries += 1
        if action == "request_changes":
            review.asked_at, review.asked_by = self.at, who
        if action == "approve":
            for earlier in self.reviews:
                if (earlier.author, earlier.listing, earlier.status) == (review.author, review.listing, "approved"):
                    earlier.move("superseded")
                    self.entries += 1
            review.outcomes = outcomes
            for slug in has_seen:
                review.looks.setdefault(slug, {})[who] = True
            self.entries += len(has_seen)
        review.move({"approve": "approved", "decline": "declined", "request_changes": "changes_requested"}[action])

    @act(who=A_MODERATOR, which=ONE, slug=st.sampled_from(["at_home_use_offered", "price_published"]),
          has_seen=st.booleans())  # fmt: skip
    def look_again(self, *, who, which, slug, has_seen):
        review = self.approved_one(which)
        if slug not in review.answers or not review.stands(slug):
            problems = {NotFound}
        else:
            has_source = review.answers[slug][1] == 3 and review.outcomes[slug] == "accepted"
            problems = {
                self.not_theirs(who, review), not has_source and InvalidParameter,
                who in review.looks.get(slug, {}) and Conflict,
            }  # fmt: skip
        done = self.attempt(
            "look again",
            lambda: moderation.recheck(
                review.public_id, slug, has_seen=has_seen, moderator_id=self.id(who), at=self.at
            ),
            *problems,
        )
        if done:
            review.looks.setdefault(slug, {})[who] = has_seen
            self.entries += 1

    def nightly(self):
        due = [each for each in self.reviews if each.status == "changes_requested"
               and self.at.date() >= each.asked_at.date() + timedelta(days=30)]  # fmt: skip
        assert self.attempt("lapse", lambda: (lapses.lapse(at=self.at),)) == (len(due),)
        for review in due:
            review.move("withdrawn")
        self.entries += len(due)
