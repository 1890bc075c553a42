"""Who has which scopes: grants from allocations, teams, roles and memberships (domain 4.9).

A grant says which kinds of record a user has of one scope, up to which sensitivity. Whenever a
record that grants depend on changes, the whole set of each user concerned is drawn anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache

from sqlalchemy import Connection, select

from sync.ports import Grant
from sync.sql.schema import Schema
from tfworker.council.access import (
    FAMILY_KINDS,
    PERSON_KINDS,
    REFERENCE_KINDS,
    REFERENCE_LEVEL,
    TOP,
    TRAY,
    WORKER_KINDS,
    Reach,
    Right,
    rights_of,
)
from tfworker.council.standing import fetch, is_now
from tfworker.records import scope
from tfworker.records.words import WorkerRole

# Changes of these may change somebody's grants.
CAUSES = ("worker", "team", "family", "allocation", "membership")
REFERENCE = Grant(scope.REFERENCE, REFERENCE_KINDS, REFERENCE_LEVEL)


def new_grants(
    connection: Connection,
    schema: Schema,
    touched: Mapping[str, set[str]],
    today: date,
    due: Collection[str] = (),
) -> dict[str, set[Grant]]:
    """{user: her whole new set of grants} for every user whose grants the touched records may change.

    touched: {table: ids} of rows written in this transaction. due: users whose set is drawn anyway.
    """
    if not due and not any(touched.get(table) for table in CAUSES):
        return {}
    county = County(connection, schema, today)
    return county.grants_of({*_concerned(county, touched), *due})


def grants_today(connection: Connection, schema: Schema, today: date) -> dict[str, set[Grant]]:
    """Every user's whole set as of today."""
    county = County(connection, schema, today)
    return county.grants_of(county.workers)


class County:
    """The council's workers and teams, and what they have; families and people are read when asked for."""

    def __init__(self, connection: Connection, schema: Schema, today: date) -> None:
        self.connection = connection
        self.tables = schema.metadata.tables
        self.today = today
        worker, team = self.tables["worker"], self.tables["team"]
        query = select(
            worker.c.id, worker.c.roles, worker.c.team_id, worker.c.active_from, worker.c.active_to
        )
        self.workers = {row["id"]: row for row in connection.execute(query).mappings()}
        self.rights = {
            user: rights_of(row["roles"] or ()) if self.is_here(user) else ()
            for user, row in self.workers.items()
        }
        self.leaders: dict[str, set[str]] = defaultdict(set)  # {team: its leaders}
        for record, leader in connection.execute(select(team.c.id, team.c.leader_id)):
            if leader in self.workers:
                self.leaders[record].add(leader)
        for user, row in self.workers.items():
            if WorkerRole.TEAM_LEADER in (row["roles"] or ()) and row["team_id"]:
                self.leaders[row["team_id"]].add(user)

    def is_here(self, user: str) -> bool:
        """Whether today lies within the worker's time here, both days included."""
        begins, ends = self.workers[user]["active_from"], self.workers[user]["active_to"]
        return (begins is None or begins <= self.today) and (ends is None or self.today <= ends)

    def raises_concerns(self, user: str) -> bool:
        """Whether she may raise concerns, and so has those of hers that name no family."""
        return any("safeguarding_concern" in right.makes for right in self.rights.get(user, ()))

    def rights_to(self, user: str, reach: Reach) -> list[Right]:
        """Her rights of one reach that give her anything."""
        return [right for right in self.rights.get(user, ()) if right.reach is reach and right.gives]

    def everywhere(self) -> dict[str, list[Right]]:
        """{user: her rights} of those who have every family."""
        found = {user: self.rights_to(user, Reach.COUNTY) for user in self.workers}
        return {user: rights for user, rights in found.items() if rights}

    def allocated(self, column: str, ids: Iterable[str]) -> list[tuple[str, str]]:
        """(worker, family) of the allocations that count today, found by family_id or worker_id."""
        table = self.tables["allocation"]
        query = select(table.c.worker_id, table.c.family_id, table.c.role, table.c.from_on, table.c.to_on)
        rows = fetch(self.connection, query, table.c[column], ids)
        return [(row["worker_id"], row["family_id"]) for row in rows if is_now(row, self.today)]

    def teams_of(self, families: Iterable[str]) -> dict[str, str | None]:
        """{family: its team}."""
        table = self.tables["family"]
        rows = fetch(self.connection, select(table.c.id, table.c.team_id), table.c.id, families)
        return {row["id"]: row["team_id"] for row in rows}

    def holders(self, families: Iterable[str]) -> dict[str, set[str]]:
        """{family: users who should have it now}."""
        everybody = set(self.everywhere())
        teams = self.teams_of(families)
        found = {family: set(everybody) for family in teams}
        for family, team in teams.items():
            leaders = self.leaders.get(team, set()) if team else set()
            found[family] |= {user for user in leaders if self.rights_to(user, Reach.TEAM)}
        for user, family in self.allocated("family_id", teams):
            if self.rights_to(user, Reach.OWN):
                found[family].add(user)
        return found

    # -- drawing ---------------------------------------------------------------------------------

    def grants_of(self, users: Iterable[str]) -> dict[str, set[Grant]]:
        """The whole set of grants of each user; an empty one for who is no worker any more."""
        wanted = set(users)
        if not wanted:
            return {}
        here = {user for user in wanted if user in self.workers and self.is_here(user)}
        rights = self._family_rights(here)
        people = self._people_of({family for of in rights.values() for family in of})
        drawn: dict[str, set[Grant]] = {user: set() for user in wanted}
        for user in here:
            drawn[user] = {REFERENCE, *self._worker_grants(user)}
            drawn[user] |= _draw(rights[user], people)
        return drawn

    def _family_rights(self, users: set[str]) -> dict[str, dict[str, tuple[Right, ...]]]:
        """{user: {family: the rights that give it to her}}."""
        family = self.tables["family"]
        led: dict[str, list[str]] = defaultdict(list)  # {team: its families}
        county: list[str] = []
        if any(self.rights_to(user, Reach.COUNTY) for user in users):
            rows = [(r, t) for r, t in self.connection.execute(select(family.c.id, family.c.team_id))]
        else:
            teams = {team for team, leaders in self.leaders.items() if leaders & users}
            query = select(family.c.id, family.c.team_id)
            rows = [(r["id"], r["team_id"]) for r in fetch(self.connection, query, family.c.team_id, teams)]
        for record, team in rows:
            county.append(record)
            if team is not None:
                led[team].append(record)
        found: dict[str, dict[str, tuple[Right, ...]]] = {user: {} for user in users}
        for user in users:
            everywhere = tuple(self.rights_to(user, Reach.COUNTY))
            if everywhere:
                found[user] = dict.fromkeys(county, everywhere)
            if self.rights_to(user, Reach.TEAM):
                mine = [f for team, leaders in self.leaders.items() if user in leaders for f in led[team]]
                self._add(found[user], mine, self.rights_to(user, Reach.TEAM))
        own: dict[str, list[str]] = defaultdict(list)
        for user, record in self.allocated("worker_id", users):
            own[user].append(record)
        known = self.teams_of({record for records in own.values() for record in records})
        for user, records in own.items():
            self._add(found[user], [r for r in records if r in known], self.rights_to(user, Reach.OWN))
        return found

    @staticmethod
    def _add(found: dict[str, tuple[Right, ...]], families: Iterable[str], rights: list[Right]) -> None:
        for family in families if rights else ():
            found[family] = tuple(dict.fromkeys((*found.get(family, ()), *rights)))

    def _people_of(self, families: set[str]) -> dict[str, list[str]]:
        """{family: people who are or were in it}."""
        table = self.tables["membership"]
        found: dict[str, list[str]] = defaultdict(list)
        query = select(table.c.family_id, table.c.person_id)
        for row in fetch(self.connection, query, table.c.family_id, families):
            found[row["family_id"]].append(row["person_id"])
        return found

    def _worker_grants(self, user: str) -> set[Grant]:
        """Concerns that name no family, and families that are asked for: her own and her team's
        workers'; for duty everybody's concerns."""
        near = {user} if self.raises_concerns(user) else set()
        if self.rights_to(user, Reach.TEAM):
            teams = {team for team, leaders in self.leaders.items() if user in leaders}
            near |= {other for other, row in self.workers.items() if row["team_id"] in teams}
        workers = set(near)
        if any(right.gives & WORKER_KINDS for right in self.rights_to(user, Reach.COUNTY)):
            workers |= self.workers.keys()
        kinds = {other: WORKER_KINDS | {TRAY} if other in near else WORKER_KINDS for other in workers}
        return {Grant(scope.worker(other), given, TOP) for other, given in kinds.items()}


@cache
def _kinds(rights: tuple[Right, ...], of: frozenset[str]) -> tuple[frozenset[str], int]:
    """(kinds, level) of several rights to one scope.

    The highest level holds for all kinds: whoever has the card of a family at the top level and
    its plan at a lower one would have both from the start.
    """
    kinds = frozenset().union(*(right.gives for right in rights)) & of
    return kinds, max(right.level for right in rights)


def _draw(rights: Mapping[str, tuple[Right, ...]], people: Mapping[str, list[str]]) -> set[Grant]:
    """The grants of families and of the people in them, one a scope."""
    drawn: set[Grant] = set()
    of_person: dict[str, tuple[Right, ...]] = {}
    for family, given in rights.items():
        drawn.add(Grant(scope.family(family), *_kinds(given, FAMILY_KINDS)))
        for person in people.get(family, ()):
            known = of_person.get(person, given)
            of_person[person] = given if known == given else tuple(dict.fromkeys((*known, *given)))
    for person, given in of_person.items():
        drawn.add(Grant(scope.person(person), *_kinds(given, PERSON_KINDS)))
    return drawn


# -- whose grants may have changed ---------------------------------------------------------------


def _concerned(county: County, touched: Mapping[str, set[str]]) -> set[str]:
    """Users whose present grants differ from what they should be, as far as the touched rows tell."""
    users = set(touched.get("worker", ()))
    families = set(touched.get("family", ()))
    families |= _named(county, "allocation", "family_id", touched)
    families |= _families_of_teams(county, touched.get("team", set()))
    users |= _differing(county, {scope.family(f): who for f, who in county.holders(families).items()})
    people = _named(county, "membership", "person_id", touched)
    users |= _differing(county, _holders_of_people(county, people))
    workers = set(touched.get("worker", ())) | _workers_of_teams(county, touched.get("team", set()))
    return users | _differing(county, _holders_of_workers(county, workers))


def _named(county: County, table: str, column: str, touched: Mapping[str, set[str]]) -> set[str]:
    target = county.tables[table]
    rows = fetch(county.connection, select(target.c[column]), target.c.id, touched.get(table, ()))
    return {row[column] for row in rows}


def _families_of_teams(county: County, teams: Iterable[str]) -> set[str]:
    family = county.tables["family"]
    return {row["id"] for row in fetch(county.connection, select(family.c.id), family.c.team_id, teams)}


def _workers_of_teams(county: County, teams: set[str]) -> set[str]:
    return {user for user, row in county.workers.items() if row["team_id"] in teams}


def _holders_of_people(county: County, people: set[str]) -> dict[str, set[str]]:
    table = county.tables["membership"]
    query = select(table.c.person_id, table.c.family_id)
    rows = list(fetch(county.connection, query, table.c.person_id, people))
    holders = county.holders({row["family_id"] for row in rows})
    found: dict[str, set[str]] = {}
    for row in rows:
        # A family that is not there yet has nobody; its own coming settles its people too.
        found.setdefault(scope.person(row["person_id"]), set()).update(holders.get(row["family_id"], ()))
    return found


def _holders_of_workers(county: County, workers: set[str]) -> dict[str, set[str]]:
    found = {}
    county_rights = county.everywhere().items()
    everywhere = {user for user, rights in county_rights if any(r.gives & WORKER_KINDS for r in rights)}
    for worker in workers:
        team = county.workers[worker]["team_id"] if worker in county.workers else None
        leaders = county.leaders.get(team, set()) if team else set()
        leading = {user for user in leaders if county.rights_to(user, Reach.TEAM)}
        own = {worker} if county.raises_concerns(worker) else set()
        found[scope.worker(worker)] = own | leading | everywhere
    return found


def _differing(county: County, wanted: Mapping[str, set[str]]) -> set[str]:
    """Users who have one of the scopes and should not, or the other way round."""
    grant = county.tables["scope_grant"]
    query = select(grant.c.scope, grant.c.user_id).where(grant.c.to_seq.is_(None))
    present: dict[str, set[str]] = defaultdict(set)
    for row in fetch(county.connection, query, grant.c.scope, wanted):
        present[row["scope"]].add(row["user_id"])
    return {user for s, should in wanted.items() for user in should ^ present.get(s, set())}
