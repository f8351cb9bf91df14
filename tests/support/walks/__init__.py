"""Every page of one's own in every state, as walks that a test and the pictures take alike, in either language.

A walk is a generator: it takes a Visit, does what a person does, and yields the name of each state while the window
shows it.
"""

from tests.support.walks.accounts import own_account, refusals, signing_in
from tests.support.walks.listings import deciding_on_listings, suggesting
from tests.support.walks.moderation import after_approval, deciding_on_reviews, ruling
from tests.support.walks.reviews import own_reviews, the_form
from tests.support.walks.visit import LANGUAGES, Visit

__all__ = ["LANGUAGES", "WALKS", "Visit"]

WALKS = (
    signing_in, own_account, own_reviews, the_form, suggesting, deciding_on_listings, deciding_on_reviews, ruling,
    after_approval, refusals,
)  # fmt: skip
