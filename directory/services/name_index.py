"""Keeps the words by which clinics are found without a place in step with their names and cities."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from directory.domain.spellings import name_words, near_keys
from directory.models.name import NameWord
from directory.queries import names as queries


class Named(NamedTuple):
    """What a clinic is called, and where it is."""

    name: str
    city: str


def keep(session: Session, clinics: Mapping[int, Named], *, are_new: bool = False) -> None:
    """Write the words of `clinics`, by id, in the caller's transaction; words that they had before are taken out.

    Whoever writes a clinic's name or city calls this beside it, for at most 1,000 clinics at a time. With `are_new`
    nothing is looked for that would have to be taken out.
    """
    if not clinics:
        return
    if not are_new:
        session.execute(queries.forget_words_of(clinics), execution_options={"synchronize_session": False})
    words = {number: set(name_words(f"{each.name} {each.city}")) for number, each in clinics.items()}
    rows = [{"word": word, "clinic_id": number} for number in sorted(words) for word in sorted(words[number])]
    session.execute(insert(NameWord), rows)
    _keep_spellings(session, {word for each in words.values() for word in each})


def _keep_spellings(session: Session, words: Iterable[str]) -> None:
    asked = sorted(words)
    known = set(session.scalars(queries.known_words(asked)))
    # In one order, so that two transactions that bring the same words wait for each other and never in a circle.
    rows: Sequence[dict[str, str]] = [
        {"key": key, "word": word} for word in asked if word not in known for key in sorted(near_keys(word))
    ]
    if rows:
        session.execute(queries.keep_spellings(), rows)
