"""Parts of the conditions under which triggers refuse, in SQL that both engines read alike."""

from collections.abc import Iterable

from directory.models.guards import EmptyingGuard, Guard

TIED = "nobody decides about a clinic to which they have a tie"
OWN_WORK = "nobody decides on their own work"
OWN_RULING = "nobody answers on a sign on which they have ruled"
#: Somebody has it open now who had not before.
IS_CLAIMED = (
    "NEW.claimed_by_id IS NOT NULL AND (OLD.claimed_by_id IS NULL OR OLD.claimed_by_id <> NEW.claimed_by_id"
    " OR OLD.claimed_at <> NEW.claimed_at)"
)


def words(words: Iterable[str]) -> str:
    """Return words of ours as the SQL for a list of them."""
    return ", ".join(f"'{word}'" for word in words)


def voice(account: str) -> str:
    """Return the SQL for the account that `account` speaks with."""
    return f"(SELECT COALESCE(linked_to_id, id) FROM account WHERE id = {account})"  # nosec B608


def is_author(actor: str, source: str) -> str:
    """Return the SQL for: `actor` speaks with the author of a review found by `source`."""
    return f"EXISTS (SELECT 1 FROM review AS r {source} AND {voice('r.author_id')} = {voice(actor)})"  # nosec B608


def is_tied(actor: str, clinic: str, at: str) -> str:
    """Return the SQL for: `actor`, by any of their accounts, declared a tie to `clinic` or its chain that holds."""
    return (
        "EXISTS (SELECT 1 FROM clinic AS c JOIN clinic AS o"  # nosec B608
        " ON o.id = c.id OR o.organisation_id = c.organisation_id JOIN tie AS t ON t.clinic_id = o.id"
        f" WHERE c.id = {clinic} AND t.kind <> 'none' AND (t.ends_on IS NULL OR t.ends_on > {at})"
        f" AND {voice('t.account_id')} = {voice(actor)})"
    )


def held(clinic: str, day: str) -> str:
    """Return the SQL for: reviews of `clinic` are held on `day`."""
    return (
        f"EXISTS (SELECT 1 FROM hold AS h WHERE h.clinic_id = {clinic} AND h.ended_at IS NULL"  # nosec B608
        f" AND h.until > {day})"
    )


def merged_with(clinic: str) -> str:
    """Return the SQL for the other listings of `clinic`: what it was merged into, and what was merged into either."""
    return (
        "(SELECT o.id FROM clinic AS c JOIN clinic AS o ON o.successor_id = c.id OR o.id = c.successor_id"  # nosec B608
        f" OR (o.successor_id = c.successor_id AND o.id <> c.id) WHERE c.id = {clinic})"
    )


def is_tied_by_merging(actor: str, clinic: str, at: str) -> str:
    """Return the SQL for: `actor`, by any account, declared a tie to another listing of `clinic` that holds."""
    return (
        f"EXISTS (SELECT 1 FROM tie AS t WHERE t.clinic_id IN {merged_with(clinic)} AND t.kind <> 'none'"  # nosec B608
        f" AND (t.ends_on IS NULL OR t.ends_on > {at}) AND {voice('t.account_id')} = {voice(actor)})"
    )


def held_by_merging(clinic: str, day: str) -> str:
    """Return the SQL for: reviews of another listing of `clinic` are held on `day`."""
    return (
        f"EXISTS (SELECT 1 FROM hold AS h WHERE h.clinic_id IN {merged_with(clinic)}"  # nosec B608
        f" AND h.ended_at IS NULL AND h.until > {day})"
    )


def never_swept_away(table: str, message: str, *taken: str) -> list[Guard | EmptyingGuard]:
    """Return guards against what passes a trigger for DELETE: TRUNCATE, and REPLACE of the rows that `taken` finds.

    REPLACE passes it on any SQLite connection that leaves recursive_triggers off.
    """
    found = f"EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(taken)})"  # nosec B608
    return [
        Guard(f"{table}_no_replace", table, "INSERT", found, message, ("sqlite",)),
        EmptyingGuard(f"{table}_no_truncate", table, message),
    ]
