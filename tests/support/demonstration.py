"""The part of the demonstration that the browser's tests and the pictures look at."""

from directory.models.base import now
from directory.services import demo
from directory.services.clinics import record
from directory.services.demo_reviews import tell

#: The cities that are looked at. Telling the stories of all takes a minute; tests/cli/test_demo.py does it.
_TOLD = ("CA Los Angeles ", "IL Chicago ", "MO Saint Louis ")


def tell_some(app):
    """Record every listing of the demonstration, and tell what was found in a few cities."""
    listings, heroes = demo.listings(), demo.heroes()
    of_these = {each.public_id for each in listings if each.source_key.startswith(_TOLD)}
    with app.app_context():
        record(listings)
        assert tell({key: heroes[key] for key in of_these & set(heroes)}, today=now().date()) > len(_TOLD)
