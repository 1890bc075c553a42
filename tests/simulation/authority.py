"""The shed's word on who may do what: roles, duties with dates, and those that ended not long ago."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sync.ops import Act, Reason
from sync.ports import ADMIT, Caller, Grant, Proposed, Ruling, Verdict
from tests.simulation.schema import COMMON, SAFE, shed

LEADER, LEAD, HELPER = "leader", "lead", "helper"
LEVELS = {LEADER: 4, LEAD: 4, HELPER: 2}
KINDS = frozenset(shed().synced) | {"held"}
KINDS_OF = {LEADER: KINDS, LEAD: KINDS, HELPER: KINDS - {"borrower", "reading"}}
GRACE = timedelta(days=30)  # how long after a duty notes of its time are taken at once
APPENDED = frozenset({"journal", "reading"})
REFUSED_NAME = "forbidden"


@dataclass(frozen=True, slots=True)
class Duty:
    """A user's duty on one shelf, both days included; None: open."""

    worker: str
    shelf: str
    role: str
    begins: date | None
    ends: date | None

    def holds(self, day: date) -> bool:
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)

    def ended_lately(self, day: date) -> bool:
        return self.ends is not None and self.ends < day <= self.ends + GRACE


class Keeper:
    """See `sync.ports.Authority`. verdicts: what was said about each row since the last look, so that
    the invariants can hold the ledger against it."""

    def __init__(self, leaders: Sequence[str], shelves: Sequence[str], today: Callable[[], date]) -> None:
        self.leaders = frozenset(leaders)
        self.shelves = tuple(shelves)
        self.today = today
        self.verdicts: dict[tuple[str, str, str], set[Ruling]] = {}

    def duties(self, connection: Any) -> list[Duty]:
        rows = connection.exec_driver_sql("SELECT worker, shelf, role, begins, ends FROM duty")
        return [Duty(w, s, r or HELPER, _day(b), _day(e)) for w, s, r, b, e in rows]

    def grants(self, connection: Any, touched: Mapping[str, set[str]]) -> dict[str, set[Grant]]:
        return self.wanted(self.duties(connection)) if "duty" in touched else {}

    def wanted(self, duties: Sequence[Duty]) -> dict[str, set[Grant]]:
        """Everybody's grants on this day."""
        day = self.today()
        workers = {duty.worker for duty in duties} | self.leaders
        found: dict[str, set[Grant]] = {}
        for user in workers:
            best: dict[str, str] = dict.fromkeys(self.shelves, LEADER) if user in self.leaders else {}
            for duty in duties:
                if duty.worker == user and duty.holds(day) and best.get(duty.shelf) not in (LEADER, LEAD):
                    best[duty.shelf] = duty.role
            grants = {Grant(f"shelf:{s}", KINDS_OF[r], LEVELS[r]) for s, r in best.items()}
            about = workers if user in self.leaders else {user}
            grants |= {Grant(f"worker:{name}", KINDS, 4) for name in about}
            found[user] = grants | {Grant(COMMON, KINDS, 4)}
        return found

    def judge(self, connection: Any, caller: Caller, proposed: Sequence[Proposed]) -> list[Verdict]:
        duties = [d for d in self.duties(connection) if d.worker == caller.user]
        verdicts = [self._judge(connection, caller, duties, proposal) for proposal in proposed]
        for proposal, verdict in zip(proposed, verdicts, strict=True):
            key = (caller.user, proposal.table, proposal.record)
            self.verdicts.setdefault(key, set()).add(verdict.ruling)
        return verdicts

    def _judge(self, connection: Any, caller: Caller, duties: Sequence[Duty], proposal: Proposed) -> Verdict:
        if caller.central or proposal.table == "alarm":
            return ADMIT
        if proposal.table == "tool" and proposal.row.get("name") == REFUSED_NAME:
            return Verdict(Ruling.REFUSE, Reason.NOT_ALLOWED)
        leader = caller.user in self.leaders
        if leader or proposal.scope in (COMMON, f"worker:{caller.user}"):
            return self._at_home(connection, proposal, leader)
        day = self.today()
        here = [d for d in duties if f"shelf:{d.shelf}" == proposal.scope]
        if any(d.holds(day) for d in here):
            return self._at_home(connection, proposal, leader)
        if not any(d.ended_lately(day) for d in here):
            return Verdict(Ruling.REFUSE, Reason.NOT_ALLOWED)
        if proposal.table in APPENDED or _protects(proposal):
            return Verdict(to_read=True)
        return Verdict(Ruling.HOLD, Reason.NOT_YOURS_NOW)

    def _at_home(self, connection: Any, proposal: Proposed, leader: bool) -> Verdict:
        if proposal.table != "borrower" or proposal.kind is not Act.INSERT:
            return Verdict(central=leader)
        if not leader:
            return Verdict(Ruling.HOLD, Reason.REQUEST)
        query = "SELECT id FROM borrower WHERE scope = ? AND person = ? AND id <> ? ORDER BY id"
        values = (proposal.scope, proposal.row.get("person"), proposal.record)
        rival = connection.exec_driver_sql(query, values).scalar()
        return Verdict(central=True, rival=rival)


def _protects(proposal: Proposed) -> bool:
    """A step towards protection: nothing else than a safer flag."""
    if proposal.before is None or proposal.changed != {"safe"}:
        return False
    before, now = proposal.before.get("safe"), proposal.row.get("safe")
    return now in SAFE and (before not in SAFE or SAFE.index(now) > SAFE.index(before))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
