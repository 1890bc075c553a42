"""Where a caller stands towards the families, people and records a batch is about.

Read in a handful of queries for a whole batch, whatever its size, then asked in memory.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Connection, MetaData, RowMapping, Select, Table, bindparam, select

from sync.ops import Act
from sync.ports import Proposed
from sync.sql.bulk import chunks
from sync.sql.schema import Schema
from tfworker.council.access import CARD, Reach, Right, rights_of
from tfworker.records.words import AllocationRole, FamilyStatus

LOCAL = ZoneInfo("Europe/London")  # days begin and end where the council is
WRITE_UP_WORKING_DAYS = 5  # after covering a family (domain 4.9)
RECENT_DAYS = 30  # so long after losing a family, what is written once still goes in (design 3)
CLOSED = frozenset(
    {FamilyStatus.CLOSED, FamilyStatus.DECLINED, FamilyStatus.NOT_ACCEPTED, FamilyStatus.MOVED_AWAY}
)


class Loss(StrEnum):
    """Whether a caller who has not got a scope ever had it."""

    NEVER = "never"
    LONG_AGO = "long_ago"
    RECENT = "recent"


def today_of(moment: datetime) -> date:
    """The council's day at this moment."""
    return moment.astimezone(LOCAL).date()


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    # Imported late: half a second that only somebody who covered a family costs.
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def last_day(role: str, to_on: date | None) -> date | None:
    """The last day an allocation counts; None while it has no end. Cover has five working days more."""
    if to_on is None or role != AllocationRole.COVER:
        return to_on
    day, left = to_on, WRITE_UP_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in _bank_holidays(day.year)
    return day


def is_now(row: RowMapping, today: date) -> bool:
    """Whether an allocation (role, from_on, to_on) counts today."""
    end = last_day(row["role"], row["to_on"])
    return bool(row["from_on"] <= today) and (end is None or today <= end)


def fetch(
    connection: Connection, query: Select[Any], column: Any, ids: Iterable[str]
) -> Iterator[RowMapping]:
    """Rows of a query whose column is one of the ids, in as few statements as the databases take."""
    for part in chunks(sorted(set(ids))):
        yield from connection.execute(query.where(column.in_(part))).mappings()


def allows(rights: Iterable[Right], table: str, *, makes: bool) -> bool:
    """Whether one of these rights is to make records of a table, or to change them."""
    return any(table in (right.makes if makes else right.changes) for right in rights)


def split(scope: str) -> tuple[str, str]:
    """(kind, id) of a scope; the id is "" for `reference`."""
    kind, _, record = scope.partition(":")
    return kind, record


@dataclass
class Standing:
    """A caller, and what a batch is about, as the council has it.

    families: {family id: its team's id or None}. closed: families whose work has ended.
    people: {person id: ids of the families she is or was in}. workers: {worker id: team id or None}.
    scopes: {(table, id): scope} of the records that the batch names. allocated: {family id: role} of
        the caller's present allocations.
    """

    user: str
    roles: frozenset[str] = frozenset()
    rights: tuple[Right, ...] = ()
    led: frozenset[str] = frozenset()
    allocated: dict[str, str] = field(default_factory=dict)
    lost: dict[str, Loss] = field(default_factory=dict)
    families: dict[str, str | None] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    people: dict[str, set[str]] = field(default_factory=dict)
    workers: dict[str, str | None] = field(default_factory=dict)
    scopes: dict[tuple[str, str], str] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)  # records whose insert is held
    # What was answered so far: a batch asks the same again and again.
    _reaches: dict[str, frozenset[Reach]] = field(default_factory=dict)
    _rights_in: dict[str, list[Right]] = field(default_factory=dict)
    _sees: dict[tuple[str, str], bool] = field(default_factory=dict)
    _may: dict[tuple[str, bool, str], bool] = field(default_factory=dict)

    def reaches(self, scope: str) -> frozenset[Reach]:
        """Which of her reaches a scope lies in."""
        found = self._reaches.get(scope)
        if found is None:
            found = self._reaches[scope] = self._reached(scope)
        return found

    def _reached(self, scope: str) -> frozenset[Reach]:
        kind, record = split(scope)
        found = {Reach.COUNTY}
        if kind == "family":
            found |= self._of_family(record)
        elif kind == "person":
            families = self.people.get(record, set())
            # Someone in no family yet belongs to whoever writes her down.
            found |= {reach for f in families for reach in self._of_family(f)} if families else {Reach.OWN}
        elif kind == "worker":
            found |= {Reach.OWN} if record == self.user else set()
            found |= {Reach.TEAM} if self.workers.get(record) in self.led else set()
        return frozenset(found)

    def _of_family(self, family: str) -> set[Reach]:
        found = {Reach.OWN} if family in self.allocated else set()
        return found | ({Reach.TEAM} if self.families.get(family) in self.led else set())

    def rights_in(self, scope: str) -> list[Right]:
        """Her rights that reach a scope."""
        found = self._rights_in.get(scope)
        if found is None:
            reaches = self.reaches(scope)
            found = self._rights_in[scope] = [right for right in self.rights if right.reach in reaches]
        return found

    def learn(self, table: str, record: str, scope: str, row: Mapping[str, Any]) -> None:
        """Take in a record that the batch itself makes; a later op may name it."""
        self.scopes[table, record] = scope
        if table == "family":
            self.families.setdefault(record, row.get("team_id"))
            # So that what she wrote in it is judged as hers; it waits with the family itself.
            self.allocated.setdefault(record, "")
        elif table == "person":
            self.people.setdefault(record, set())
        elif table == "membership" and row.get("person_id"):
            self.people.setdefault(str(row["person_id"]), set()).add(str(row["family_id"]))
        else:
            return
        for answers in (self._reaches, self._rights_in, self._sees, self._may):
            answers.clear()

    def may(self, table: str, scope: str, *, makes: bool) -> bool:
        """Whether her rights in a scope let her make records of a table, or change them."""
        found = self._may.get((table, makes, scope))
        if found is None:
            found = self._may[table, makes, scope] = allows(self.rights_in(scope), table, makes=makes)
        return found

    def sees(self, table: str, scope: str) -> bool:
        """Whether she is given, or was until lately, records of a table in a scope."""
        found = self._sees.get((table, scope))
        if found is None:
            found = self._sees[table, scope] = self._is_seen(table, scope)
        return found

    def _is_seen(self, table: str, scope: str) -> bool:
        if split(scope)[0] == "reference":
            return True
        if any(table in right.gives for right in self.rights_in(scope)):
            return True
        return self.loss(scope) is not Loss.NEVER

    def loss(self, scope: str) -> Loss:
        """Whether she had a scope before; asked only of one she has not got."""
        kind, record = split(scope)
        families = self.people.get(record, set()) if kind == "person" else ()
        known = [self.lost.get(s, Loss.NEVER) for s in (scope, *(f"family:{f}" for f in families))]
        return max(known, key=list(Loss).index)


class Asked:
    """What every batch asks, built once: building a statement takes longer than answering it."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        worker, team, allocation, family = (
            tables[name].c for name in ("worker", "team", "allocation", "family")
        )
        user: BindParameter[str] = bindparam("user")
        ids: BindParameter[str] = bindparam("ids", expanding=True)
        self.worker = select(worker.roles, worker.team_id, worker.scope).where(worker.id == user)
        self.led = select(team.id).where(team.leader_id == user)
        self.allocations = select(
            allocation.family_id, allocation.role, allocation.from_on, allocation.to_on
        ).where(allocation.worker_id == user)
        self.families = select(family.id, family.scope, family.team_id, family.status).where(
            family.id.in_(ids)
        )
        self.workers = select(worker.id, worker.scope, worker.team_id).where(worker.id.in_(ids))


@cache
def _asked(metadata: MetaData) -> Asked:
    return Asked(metadata.tables)


class Loader:
    """Reads a Standing for one caller and one batch."""

    def __init__(self, connection: Connection, schema: Schema, today: date) -> None:
        self.connection = connection
        self.schema = schema
        self.tables = schema.metadata.tables
        self.ready = _asked(schema.metadata)
        self.today = today

    def load(self, user: str, proposed: Sequence[Proposed]) -> Standing:
        """What judging these proposals of this user needs to know."""
        standing = self._caller(user)
        if not standing.rights:
            return standing
        named = self._named(proposed)
        self._records(standing, named)
        scopes = {p.scope for p in proposed} | set(standing.scopes.values())
        self._people(standing, {split(s)[1] for s in scopes if split(s)[0] == "person"})
        families = {split(s)[1] for s in scopes if split(s)[0] == "family"}
        families |= {family for member_of in standing.people.values() for family in member_of}
        self._families(standing, families)
        self._asked_for(standing, families)
        self._workers(standing, {split(s)[1] for s in scopes if split(s)[0] == "worker"})
        self._losses(standing, scopes | {f"family:{f}" for f in families})
        return standing

    def _caller(self, user: str) -> Standing:
        row: Any = self.connection.execute(self.ready.worker, {"user": user}).first()
        if row is None:
            return Standing(user)
        roles = frozenset(row.roles or ())
        standing = Standing(user, roles, rights_of(sorted(roles)))
        standing.workers[user], standing.scopes["worker", user] = row.team_id, row.scope
        if any(right.reach is Reach.TEAM for right in standing.rights):
            led = set(self.connection.execute(self.ready.led, {"user": user}).scalars())
            standing.led = frozenset(led | ({row.team_id} if row.team_id else set()))
        if not any(right.reach is Reach.OWN for right in standing.rights):
            return standing
        for mine in self.connection.execute(self.ready.allocations, {"user": user}).mappings():
            self._count_allocation(standing, mine)
        return standing

    def _count_allocation(self, standing: Standing, row: RowMapping) -> None:
        family, end = row["family_id"], last_day(row["role"], row["to_on"])
        if is_now(row, self.today):
            # Where she is both, the lead's word counts.
            if standing.allocated.get(family) != AllocationRole.LEAD:
                standing.allocated[family] = row["role"]
        elif end is not None and end < self.today:
            recent = end >= self.today - timedelta(days=RECENT_DAYS)
            self._note_loss(standing, f"family:{family}", Loss.RECENT if recent else Loss.LONG_AGO)

    @staticmethod
    def _note_loss(standing: Standing, scope: str, loss: Loss) -> None:
        if standing.lost.get(scope) is not Loss.RECENT:
            standing.lost[scope] = loss

    def _named(self, proposed: Sequence[Proposed]) -> dict[str, set[str]]:
        """Ids of the records that the proposed rows name, by table."""
        named: dict[str, set[str]] = {}
        for proposal in proposed:
            table = self.schema.get(proposal.table)
            for column, target in table.refers.items() if table else ():
                value = proposal.row.get(column)
                # Whose worker it is decides who may end an allocation, too.
                is_named = column in proposal.changed or proposal.table == "allocation"
                if is_named and isinstance(value, str):
                    named.setdefault(target, set()).add(value)
            if proposal.table == CARD and proposal.before is not None:
                named.setdefault(proposal.row["table_name"], set()).add(proposal.row["record"])
        return named

    def _records(self, standing: Standing, named: Mapping[str, set[str]]) -> None:
        missing: set[str] = set()
        for name, ids in named.items():
            if name == "family":
                self._families(standing, ids)
            elif name == "worker":
                self._workers(standing, ids)
            else:
                table = self.schema[name].table
                for row in fetch(self.connection, select(table.c.id, table.c.scope), table.c.id, ids):
                    standing.scopes[name, row["id"]] = row["scope"]
            missing |= {record for record in ids if (name, record) not in standing.scopes}
        if missing:
            standing.waiting |= {row["record"] for row in self._waiting_inserts(missing)}

    def _waiting_inserts(self, records: Iterable[str]) -> Iterator[RowMapping]:
        held = self.tables["held"]
        query = select(held.c.record, held.c.table_name, held.c.author, held.c.patch)
        waiting = query.where(held.c.state == "waiting", held.c.kind == Act.INSERT.value)
        return fetch(self.connection, waiting, held.c.record, records)

    def _asked_for(self, standing: Standing, families: set[str]) -> None:
        """Families she has asked for and nobody has allowed yet: what she writes of them waits too."""
        for row in self._waiting_inserts(families - standing.families.keys()):
            if row["table_name"] == "family" and row["author"] == standing.user:
                standing.learn("family", row["record"], f"family:{row['record']}", row["patch"] or {})
                del standing.scopes["family", row["record"]]

    def _people(self, standing: Standing, people: set[str]) -> None:
        membership = self.tables["membership"]
        query = select(membership.c.person_id, membership.c.family_id)
        for row in fetch(self.connection, query, membership.c.person_id, people):
            standing.people.setdefault(row["person_id"], set()).add(row["family_id"])

    def _families(self, standing: Standing, families: set[str]) -> None:
        for row in self._each(self.ready.families, families - standing.families.keys()):
            standing.families[row["id"]], standing.scopes["family", row["id"]] = row["team_id"], row["scope"]
            if row["status"] in CLOSED:
                standing.closed.add(row["id"])

    def _workers(self, standing: Standing, workers: set[str]) -> None:
        for row in self._each(self.ready.workers, workers - standing.workers.keys()):
            standing.workers[row["id"]], standing.scopes["worker", row["id"]] = row["team_id"], row["scope"]

    def _each(self, query: Select[Any], ids: Iterable[str]) -> Iterator[RowMapping]:
        for part in chunks(sorted(set(ids))):
            yield from self.connection.execute(query, {"ids": part}).mappings()

    def _losses(self, standing: Standing, scopes: set[str]) -> None:
        """Scopes she was granted as her own or her team's and has not got now (a family that moved)."""
        reaching = {Reach.OWN, Reach.TEAM}
        gone = {s for s in scopes if split(s)[0] != "reference" and not reaching & standing.reaches(s)}
        grant, ledger = self.tables["scope_grant"], self.tables["ledger"]
        query = (
            select(grant.c.scope, grant.c.kinds, grant.c.to_seq, ledger.c.received_at)
            .join(ledger, ledger.c.seq == grant.c.to_seq, isouter=True)
            .where(grant.c.user_id == standing.user)
        )
        since = self._recent_ms()
        for row in fetch(self.connection, query, grant.c.scope, gone):
            # Only own and team grants bring cards; the county's never made anybody the worker.
            if CARD in row["kinds"].split():
                ended = row["received_at"]
                recent = row["to_seq"] is None or (ended is not None and ended >= since)
                self._note_loss(standing, row["scope"], Loss.RECENT if recent else Loss.LONG_AGO)

    def _recent_ms(self) -> int:
        first = self.today - timedelta(days=RECENT_DAYS)
        return int(datetime(first.year, first.month, first.day, tzinfo=LOCAL).timestamp() * 1000)


__all__ = ["Loader", "Loss", "Standing", "is_now", "last_day", "today_of"]
