"""Who takes part where everything happens at random, and the clinics it happens to, with what was said of ties."""

from dataclasses import dataclass, field

from sqlalchemy import text

from directory.domain.access import Role
from directory.domain.ties import TieKind
from directory.extensions import db
from directory.models import Clinic
from tests.support.reviews import account, reviewed_clinic
from tests.support.tables import rows

#: Name → role. The twin is ann's second account; max has a tie to the first clinic, and so to its chain.
ROLES = {
    "ann": None,
    "bob": None,
    "twin": Role.MODERATOR,
    "mia": Role.MODERATOR,
    "moe": Role.MODERATOR,
    "max": Role.MODERATOR,
    "adi": Role.ADMINISTRATOR,
}
LINKED = {"twin": "ann"}
NAMES = list(ROLES)
BARRING = frozenset(kind for kind in TieKind if kind not in {TieKind.NONE, TieKind.PATIENT})


@dataclass(eq=False)
class Listing:
    """A listing as the telling has it: its chain, where it stands, and where it stood before it was hidden."""

    public_id: str
    number: int
    chain: str = ""
    status: str = "published"
    was: str = ""
    successor: "Listing | None" = None
    #: Until when reviews are held (None: they are not), and from when on what is handed in counts for the next hold.
    held_until: object = None
    hold_over: object = None
    #: When reviews were handed in for the first time.
    handed_in: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)

    def as_row(self):
        return {"public_id": self.public_id}


@dataclass
class People:
    """The accounts by name, and every word on ties: who said it, of which listing, what."""

    ids: dict
    said: list = field(default_factory=list)

    @classmethod
    def made(cls):
        ids = {}
        for name, role in ROLES.items():
            ids[name] = account(role=role, linked_to=ids.get(LINKED.get(name)))
        return cls(ids)

    def name(self, number):
        return next((name for name, each in self.ids.items() if each == number), None)

    def say(self, name, listing, kind):
        """Note down a word on a tie; one that was the last of that account changes nothing."""
        last = [each for who, of, each in self.said if (who, of) == (name, listing)][-1:]
        if last != [kind]:
            self.said.append((name, listing, kind))

    def is_tied(self, name, *listings):
        """Whether any word of theirs on one of these or its chain bars deciding."""
        return any(
            kind is not TieKind.NONE and any(is_one(of, listing) for listing in listings)
            for who, of, kind in self.said
            if voice(who) == voice(name)
        )

    def is_barred(self, name, listing):
        """Whether the last word of theirs on one of its chain bars a review."""
        last = {id(of): kind for who, of, kind in self.said if voice(who) == voice(name) and is_one(of, listing)}
        return any(kind in BARRING for kind in last.values())


def voice(name):
    return LINKED.get(name, name)


def is_staff(name):
    return ROLES[name] is not None


def is_same(first, second):
    """Whether two are the same clinic, by whichever of its listings since they were merged."""
    return (first.successor or first) is (second.successor or second)


def is_one(first, second):
    """Whether two are the same clinic or of one chain."""
    return is_same(first, second) or bool(first.chain and first.chain == second.chain)


def three_listings():
    """Return two clinics of one chain, and one of none."""
    made = [reviewed_clinic(at=(38.63 + number / 100, -90.2)) for number in range(3)]
    db.session.execute(text("INSERT INTO organisation (id, name, key) VALUES (7, 'Quiet', 'quiet')"))
    numbers = {each.public_id: each.id for each in rows(Clinic)}
    for row in made[:2]:
        db.session.execute(
            text("UPDATE clinic SET organisation_id = 7 WHERE id = :id"), {"id": numbers[row["public_id"]]}
        )
    db.session.commit()
    return [
        Listing(row["public_id"], numbers[row["public_id"]], chain="Quiet" if row in made[:2] else "") for row in made
    ]
