"""Whose grants the calendar has changed: allocations, cover and jobs begin and end by date.

`CouncilAuthority` asks; `sync.hub.redrawing` writes. Drawn once a day, at midnight by the service's
timer or at the first request after it, and once after an update that changed who may have what.
"""

from datetime import date, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from sync.sql.schema import Schema
from tfworker.council import access

DRAWN_ON, DRAWN_BY = "grants_drawn_on", "grants_drawn_by"  # facts: the day, and the rules' fingerprint
# An allocation may count longer than its last day says: cover, and the holidays within that.
LONGEST_AFTER_DAYS = 21


class DueDates:
    """Remembers up to which day grants have been drawn, in the database and for this process."""

    def __init__(self, schema: Schema) -> None:
        self.tables = schema.metadata.tables
        self._drawn_on: date | None = None  # as the database said, so a transaction that fails is no harm

    def is_due(self, today: date) -> bool:
        """Whether a drawing may be wanting, as far as this process knows. Asks no database."""
        return self._drawn_on != today

    def users(self, connection: Connection, today: date) -> set[str]:
        """Users whose grants the days since the last drawing, or an update, may have changed.

        Notes that they are drawn as of today.
        """
        facts = self._facts(connection)
        text, rules = facts.get(DRAWN_ON), access.fingerprint()
        drawn_on = date.fromisoformat(text) if text else None
        if drawn_on == today and facts.get(DRAWN_BY) == rules:
            self._drawn_on = today
            return set()
        self._note(connection, facts, {DRAWN_ON: today.isoformat(), DRAWN_BY: rules})
        if facts.get(DRAWN_BY) != rules:
            return set(connection.execute(select(self.tables["worker"].c.id)).scalars())
        return self._turned(connection, min(drawn_on or date.min, today))

    def _facts(self, connection: Connection) -> dict[str, str]:
        fact = self.tables["council_fact"]
        query = select(fact.c.name, fact.c.value).where(fact.c.name.in_((DRAWN_ON, DRAWN_BY)))
        return dict(connection.execute(query).all())

    def _note(self, connection: Connection, present: dict[str, str], values: dict[str, str]) -> None:
        fact = self.tables["council_fact"]
        for name, value in values.items():
            if name in present:
                connection.execute(update(fact).where(fact.c.name == name), {"value": value})
            else:
                connection.execute(insert(fact), {"name": name, "value": value})

    def _turned(self, connection: Connection, since: date) -> set[str]:
        allocation, worker = self.tables["allocation"], self.tables["worker"]
        margin = timedelta(days=LONGEST_AFTER_DAYS)
        ended = since - margin if since > date.min + margin else date.min
        given = select(allocation.c.worker_id).where(
            or_(allocation.c.from_on >= since, allocation.c.to_on >= ended)
        )
        here = select(worker.c.id).where(or_(worker.c.active_from >= since, worker.c.active_to >= since))
        found = connection.execute(given.union(here)).scalars()
        return set(found)
