"""Reviews and reasons that are full of hostile strings, as many at once as a review has places for them."""

from itertools import cycle, islice

from directory.domain.moderation import Action, Outcome, Reason
from directory.domain.texts import is_plain
from directory.services.moderation import Judgement, ReviewDecision
from tests.support import hostile
from tests.support.checklists import SHIPPED
from tests.support.reviews import link, told

SLUGS = tuple(SHIPPED.by_slug)


def batches():
    """Return lists of as many strings as there are questions: first a harmless one, then all that the services take."""
    typed = [each for each in hostile.kinds() if each.strip() and is_plain(each)]
    found = [typed[start : start + len(SLUGS)] for start in range(0, len(typed), len(SLUGS))]
    return [["harmless"] * len(SLUGS), *(list(islice(cycle(batch), len(SLUGS))) for batch in found)]


def answers(batch):
    """Answer every question with a string as the quote of a link and as a note."""
    return {slug: ("yes", link(typed), told(typed)) for slug, typed in zip(SLUGS, batch, strict=True)}


def approval(batch):
    """Drop every answer, and the strings are the reasons."""
    judged = {
        slug: Judgement(outcome=Outcome.DROPPED, reason=Reason.ABUSIVE, words=typed)
        for slug, typed in zip(SLUGS, batch, strict=True)
    }
    return ReviewDecision(action=Action.APPROVE, answers=judged, words=batch[0])


def refusal(action, words):
    return ReviewDecision(action=action, answers={}, reason=Reason.ABUSIVE, words=words)


def shape(page):
    """Return what a reader's browser makes of a page: each element with the names of its attributes, in order."""
    return [(tag[""], sorted(name for name in tag if name)) for tag in page.tags]
