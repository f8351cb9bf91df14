"""Guards: kinds of trigger, each of which writes itself as SQL for either engine.

A condition is SQL that both engines read alike, but for the names that stand for arithmetic on dates ($reply_over).
The SQL is made of words of ours alone and takes no value from outside, which the marks for the linter rest on.
"""

from dataclasses import dataclass
from string import Template

from directory.domain.abuse import LONGEST_HOLD
from directory.domain.moderation import DAYS_TO_CHANGE, DAYS_TO_REPLY
from directory.domain.revisions import LONGEST_HIDING

#: SQLite has no arithmetic on dates that PostgreSQL shares.
_DATES = {
    "sqlite": {
        "reply_over": f"date(NEW.told_on, '+{DAYS_TO_REPLY} days')",
        "day": "date(NEW.at)",
        "day_of_d": "date(d.at)",
        "changed_until": f"date(NEW.at, '-{DAYS_TO_CHANGE} days')",
        "claimed": "date(NEW.claimed_at)",
        "began": "date(NEW.began_at)",
        "ended": "date(NEW.ended_at)",
        "longest": f"date(NEW.began_at, '+{LONGEST_HOLD} days')",
        "hidden_longest": f"date(NEW.at, '+{LONGEST_HIDING} days')",
    },
    "postgresql": {
        "reply_over": f"NEW.told_on + {DAYS_TO_REPLY}",
        "day": "CAST(NEW.at AT TIME ZONE 'UTC' AS date)",
        "day_of_d": "CAST(d.at AT TIME ZONE 'UTC' AS date)",
        "changed_until": f"CAST(NEW.at AT TIME ZONE 'UTC' AS date) - {DAYS_TO_CHANGE}",
        "claimed": "CAST(NEW.claimed_at AT TIME ZONE 'UTC' AS date)",
        "began": "CAST(NEW.began_at AT TIME ZONE 'UTC' AS date)",
        "ended": "CAST(NEW.ended_at AT TIME ZONE 'UTC' AS date)",
        "longest": f"CAST(NEW.began_at AT TIME ZONE 'UTC' AS date) + {LONGEST_HOLD}",
        "hidden_longest": f"CAST(NEW.at AT TIME ZONE 'UTC' AS date) + {LONGEST_HIDING}",
    },
}


@dataclass(frozen=True)
class Guard:
    """Refuses `event` (INSERT, UPDATE or DELETE) on a row of `table` while `condition` holds, saying `message`."""

    name: str
    table: str
    event: str
    condition: str
    message: str
    engines: tuple[str, ...] = ("sqlite", "postgresql")

    def statements(self, engine: str) -> list[str]:
        """Return the SQL that makes the trigger; none on an engine that needs none."""
        condition = Template(self.condition).substitute(_DATES[engine])
        if engine not in self.engines:
            return []
        if engine == "sqlite":
            return [
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            ]
        row = "OLD" if self.event == "DELETE" else "NEW"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
            f" RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]


@dataclass(frozen=True)
class EmptyingGuard:
    """Refuses TRUNCATE, which no trigger for rows sees. SQLite has no such statement."""

    name: str
    table: str
    message: str

    def statements(self, engine: str) -> list[str]:
        """Return the SQL that makes the trigger; none where the engine cannot truncate."""
        if engine == "sqlite":
            return []
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END $$",
            f"CREATE TRIGGER {self.name} BEFORE TRUNCATE ON {self.table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {self.name}()",
        ]
