"""Allocations and jobs begin and end by date: the first write of a day draws the grants that did.

No clock job is needed, and the new grants lie in a transaction that moves the ledger on, so no
laptop's cursor can pass them by.
"""

from datetime import date, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from sync.sql.schema import Schema

FACT = "grants_drawn_on"
# An allocation may count longer than its last day says: cover, and the holidays within that.
LONGEST_AFTER_DAYS = 21


class DueDates:
    """Remembers up to which day grants have been drawn, in the database and for this process."""

    def __init__(self, schema: Schema) -> None:
        self.tables = schema.metadata.tables
        self._drawn_on: date | None = None  # as the database said, so a transaction that fails is no harm

    def users(self, connection: Connection, today: date) -> set[str]:
        """Users whose grants the days since the last drawing may have changed; call it when writing.

        Notes that they are drawn as of today.
        """
        if self._drawn_on == today:
            return set()
        fact = self.tables["council_fact"]
        text = connection.execute(select(fact.c.value).where(fact.c.name == FACT)).scalar()
        drawn_on = date.fromisoformat(text) if text else None
        if drawn_on == today:
            self._drawn_on = today
            return set()
        value = {"value": today.isoformat()}
        if drawn_on is None:
            connection.execute(insert(fact), {"name": FACT, **value})
        else:
            connection.execute(update(fact).where(fact.c.name == FACT), value)
        return self._turned(connection, min(drawn_on or date.min, today))

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
