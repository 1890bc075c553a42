"""A change that would take most families from many people at once waits for the operator's word.

One wrong file or one wrong date can end every allocation of a county; each laptop would then do as it
is told and remove everything. What is given goes on at once, and so does every removal of usual size.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from sync.ports import Grant
from sync.sql.schema import Schema
from tfworker.council.standing import fetch
from tfworker.log import Log
from tfworker.records import scope

FACT = "mass_removal"  # the council's own limit, if it set one
SHARE = 0.5  # of a user's scopes
USERS = 5  # users; a team's worth of them losing so much at once is no ordinary day

log = Log("council")


class MassRemoval:
    """Holds removals back until they are confirmed. `grant_waiting` has a row for each."""

    def __init__(self, schema: Schema) -> None:
        self.tables = schema.metadata.tables

    def allowed(
        self,
        connection: Connection,
        drawn: Mapping[str, set[Grant]],
        now: datetime,
        confirmed: Mapping[str, set[str]],
    ) -> dict[str, set[Grant]]:
        """The grants as they may be drawn now: what waits for the operator stays given.

        confirmed: {user: scopes} whose removal goes whatever its size. Notes what newly waits, and
        forgets what no longer would be removed.
        """
        live = self._live(connection, drawn)
        waiting = self._waiting(connection, drawn)
        gone = {user: live[user].keys() - {grant.scope for grant in drawn[user]} for user in drawn}
        self._forget(connection, {user: waiting[user] - gone[user] for user in drawn})
        kept = {user: gone[user] & waiting[user] for user in drawn}
        asked = {user: gone[user] - waiting[user] - confirmed.get(user, set()) for user in drawn}
        fresh = self._massive(connection, live, asked)
        if fresh:
            since = int(now.timestamp() * 1000)
            rows = [
                {"user_id": user, "scope": name, "since": since, "confirmed_at": None}
                for user, names in fresh.items()
                for name in sorted(names)
            ]
            connection.execute(insert(self.tables["grant_waiting"]), rows)
            log.warning("removal of grants waits for the operator", count=len(fresh), rows=len(rows))
        return {
            user: {*grants, *(live[user][name] for name in kept[user] | fresh.get(user, set()))}
            for user, grants in drawn.items()
        }

    def take_confirmed(self, connection: Connection) -> dict[str, set[str]]:
        """{user: scopes} whose removal was confirmed and not yet drawn; they wait no longer."""
        table = self.tables["grant_waiting"]
        said = table.c.confirmed_at.is_not(None)
        found: dict[str, set[str]] = defaultdict(set)
        for user, name in connection.execute(select(table.c.user_id, table.c.scope).where(said)):
            found[user].add(name)
        if found:
            connection.execute(delete(table).where(said))
        return found

    def users(self, connection: Connection) -> set[str]:
        """Users for whom a removal waits."""
        return set(connection.execute(select(self.tables["grant_waiting"].c.user_id).distinct()).scalars())

    def waits(self, connection: Connection) -> tuple[int, int]:
        """(users, scopes) whose removal nobody has confirmed."""
        table = self.tables["grant_waiting"]
        counted = select(func.count(table.c.user_id.distinct()), func.count())
        users, scopes = connection.execute(counted.where(table.c.confirmed_at.is_(None))).one()
        return users, scopes

    def confirm(self, connection: Connection, now: datetime) -> None:
        """Let everything that waits now go with the next drawing."""
        table = self.tables["grant_waiting"]
        at = int(now.timestamp() * 1000)
        connection.execute(update(table).where(table.c.confirmed_at.is_(None)).values(confirmed_at=at))

    def limit(self, connection: Connection) -> tuple[float, int]:
        """(share of a user's scopes, number of users): more users than that losing so much waits."""
        fact = self.tables["council_fact"]
        said = connection.execute(select(fact.c.value).where(fact.c.name == FACT)).scalar()
        return (float(said["share"]), int(said["users"])) if said else (SHARE, USERS)

    def set_limit(self, connection: Connection, share: float, users: int) -> None:
        fact = self.tables["council_fact"]
        connection.execute(delete(fact).where(fact.c.name == FACT))
        connection.execute(insert(fact).values(name=FACT, value={"share": share, "users": users}))

    def _massive(
        self, connection: Connection, live: Mapping[str, dict[str, Grant]], fresh: Mapping[str, set[str]]
    ) -> dict[str, set[str]]:
        losing = {user: names for user, names in fresh.items() if names}
        share, users = self.limit(connection) if losing else (SHARE, USERS)
        many = {user: names for user, names in losing.items() if len(names) >= share * len(live[user])}
        return many if len(many) > users else {}

    def _live(self, connection: Connection, users: Collection[str]) -> dict[str, dict[str, Grant]]:
        """{user: {scope: grant}} of what is given now, without what everybody may read."""
        grant = self.tables["scope_grant"]
        found: dict[str, dict[str, Grant]] = {user: {} for user in users}
        query = select(grant.c.user_id, grant.c.scope, grant.c.kinds, grant.c.level)
        for row in fetch(connection, query.where(grant.c.to_seq.is_(None)), grant.c.user_id, users):
            if row["scope"] != scope.REFERENCE:
                given = Grant(row["scope"], frozenset(row["kinds"].split()), row["level"])
                found[row["user_id"]][row["scope"]] = given
        return found

    def _waiting(self, connection: Connection, users: Collection[str]) -> dict[str, set[str]]:
        table = self.tables["grant_waiting"]
        found: dict[str, set[str]] = defaultdict(set)
        # Also what was confirmed and has still to be drawn (`take_confirmed`).
        query = select(table.c.user_id, table.c.scope)
        for row in fetch(connection, query, table.c.user_id, users):
            found[row["user_id"]].add(row["scope"])
        return found

    def _forget(self, connection: Connection, settled: Mapping[str, set[str]]) -> None:
        table = self.tables["grant_waiting"]
        for user, names in settled.items():
            if names:
                connection.execute(
                    delete(table).where(table.c.user_id == user, table.c.scope.in_(sorted(names)))
                )
