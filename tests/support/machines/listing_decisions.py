"""What moderators do with suggestions at random, and administrators with listings; and what must come of each."""

from datetime import timedelta

from hypothesis import strategies as st

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition
from directory.domain.revisions import ListingAction, ListingReason
from directory.domain.waiting import ItemKind
from directory.services import claims, listing_decisions
from directory.services.listing_decisions import Hiding, ListingVerdict
from tests.support.machines.listings import RELISTED, WAITING, Listings, Suggested
from tests.support.machines.people import is_staff, voice
from tests.support.machines.world import A_MODERATOR, ONE, RARELY, act, pick

WHY = {"reason": ListingReason.NO_SOURCE, "words": "Name a page that anyone can open."}
AN_ADMINISTRATOR = st.sampled_from(["adi", "adi", "adi", "mia", "ann"])


class ListingDecisions(Listings):
    def may_not_decide(self, who, said):
        is_own = voice(who) == voice(said.author)
        return (not is_staff(who) or is_own or self.people.is_tied(who, *said.about)) and Forbidden

    @act(who=A_MODERATOR, which=ONE)
    def claim_suggestion(self, *, who, which):
        said = pick(self.revisions, which)
        done = self.attempt(
            "claim a suggestion",
            lambda: claims.claim(said.public_id, moderator_id=self.id(who), at=self.at, kind=ItemKind.LISTING),
            self.may_not_decide(who, said),
            self.has_agreed(who, said) and Forbidden,
            said.status not in WAITING and Conflict,
            self.open_elsewhere(who, said),
        )
        if done:
            self.taken(said, who)

    @staticmethod
    def has_agreed(who, said):
        return said.status == "approved_once" and said.agreed == voice(who)

    @act(who=A_MODERATOR)
    def take_the_next(self, *, who):
        first = self.next_for(who)
        done = self.attempt(
            "take the next",
            lambda: (claims.take_next(moderator_id=self.id(who), at=self.at),),
            not is_staff(who) and Forbidden,
        )
        if done:
            (found,) = done
            assert (found and found.public_id) == (first and first.public_id)
            if first:
                first.lease = (who, self.at, self.at + timedelta(minutes=15))

    def next_for(self, who):
        """Return what came back to them, else what waits longest of what is free to them; None where nothing is."""
        reviews = [each for each in self.reviews if self.is_free_to(who, each) and not self.is_held(each.listing)]
        back = [each for each in reviews if each.back_to and voice(each.back_to) == voice(who)]
        free = [each for each in reviews if not self.is_kept_from(who, each)]
        free += [each for each in self.revisions if self.is_free_to(who, each)]
        # Of what came at one moment, suggestions are first, and in each kind what was made first.
        return min(back or free, key=lambda each: (each.since, not isinstance(each, Suggested)), default=None)

    def is_free_to(self, who, item):
        if isinstance(item, Suggested):
            may_not = self.may_not_decide(who, item) or self.has_agreed(who, item)
        else:
            may_not = self.not_theirs(who, item)
        return item.status in WAITING and not may_not and not (item.lease and item.lease[2] > self.at)

    def is_kept_from(self, who, review):
        """Whether it came back, in the last two days, to somebody else who may still decide on it."""
        asker = review.back_to
        is_others = asker and voice(asker) != voice(who) and not self.not_theirs(asker, review)
        return bool(is_others) and review.since > self.at - timedelta(days=2)

    @act(times=4, who=A_MODERATOR, which=ONE, stale=RARELY, by_page=RARELY,
          action=st.sampled_from(["approve"] * 4 + ["request_changes", "decline"]))  # fmt: skip
    def decide_suggestion(self, *, who, which, action, stale, by_page):
        waiting = [each for each in self.revisions if each.status in WAITING] or self.revisions
        said = pick(waiting if which < 5 else self.revisions, which)
        why, seen, name = {} if action == "approve" else WHY, said.version - stale, f"decide a suggestion: {said.kind}"
        problems = {
            stale and Conflict, self.may_not_decide(who, said), self.open_elsewhere(who, said),
            said.status not in WAITING and InvalidTransition,
            *(self.problems_of_approving(who, said) if action == "approve" else ()),
        }  # fmt: skip
        if by_page:
            path, typed = f"/moderation/listings/{said.public_id}", {"action": action, "version": seen} | why
            done = self.attempt_by_page(name, self.pages.post(who, path, **typed), *problems)
        else:
            verdict = ListingVerdict(action=ListingAction(action), **why)
            done = self.attempt(
                name,
                lambda: listing_decisions.decide(
                    said.public_id, verdict, moderator_id=self.id(who), seen_version=seen, at=self.at
                ),
                *problems,
            )
        if done and action != "approve":
            said.move({"decline": "declined", "request_changes": "changes_requested"}[action])
            self.unlist(said, action)
        elif done:
            self.approved(who, said)

    def problems_of_approving(self, who, said):
        now = {name: said.listing.facts.get(name, "") for name in said.base}
        return {
            self.has_agreed(who, said) and Forbidden,
            said.base != now and Conflict,
            bool(said.target) and said.target.status != "published" and Conflict,
            (said.listing.status, said.kind) not in RELISTED and InvalidTransition,
        }

    def approved(self, who, said):
        self.entries += 1
        if said.kind == "merge" and said.status == "submitted":
            said.agreed = voice(who)
            said.move("approved_once")
            return
        said.move("approved")
        said.listing.status = RELISTED[said.listing.status, said.kind]
        if said.kind in {"edit", "move"}:
            said.listing.facts |= said.fields
        if said.target:
            for each in self.listings:
                if each.successor is said.listing:
                    each.successor = said.target
            said.listing.successor = said.target

    @act(who=AN_ADMINISTRATOR, where=ONE, days=st.sampled_from([1, 365, 30, 0, 366]))
    def hide(self, *, who, where, days):
        listing = pick(self.listings, where)
        hiding = Hiding(reason=ListingReason.LEGAL_REQUEST, words="A letter.",
                        until=self.at.date() + timedelta(days=days))  # fmt: skip
        done = self.attempt(
            "hide a listing",
            lambda: listing_decisions.hide(listing.public_id, hiding, administrator_id=self.id(who), at=self.at),
            (who != "adi" or self.people.is_tied(who, listing)) and Forbidden,
            listing.status not in {"published", "closed"} and InvalidTransition,
            not 1 <= days <= 365 and InvalidParameter,
        )
        if done:
            listing.was, listing.status = listing.status, "hidden"
            self.entries += 1

    @act(who=AN_ADMINISTRATOR, where=ONE)
    def show_again(self, *, who, where):
        hidden = [each for each in self.listings if each.status == "hidden"] or self.listings
        listing = pick(hidden, where)
        done = self.attempt(
            "show a listing again",
            lambda: listing_decisions.unhide(listing.public_id, words="It was settled.", administrator_id=self.id(who),
                                             at=self.at),
            (who != "adi" or self.people.is_tied(who, listing)) and Forbidden,
            listing.status != "hidden" and InvalidTransition,
        )  # fmt: skip
        if done:
            listing.status = listing.was
            self.entries += 1
