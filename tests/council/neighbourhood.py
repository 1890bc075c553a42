"""A council made for asking who may do what: everybody has a family of her own beside her team's
and another team's. Nobody is real.

`role` names a worker: the one with that role in team A ("duty", "team_leader"), "colleague" and
"stranger" are family support workers of team A and team B.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sync.memory import FakeClock
from sync.ops import Act, Change, Outcome, new_id
from sync.ports import Caller, Proposed, Verdict
from tfworker.council.service import DESK, Council

ROLES = (
    *("fsw", "fip", "team_leader", "duty", "programme_manager", "claims_officer", "internal_auditor"),
    *("system_admin", "dv_specialist", "on_call"),
)
BEGINS = date(2026, 1, 5)
TODAY = date(2026, 11, 16)  # where the fake clock stands
VISITED = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)


def new(table: str, record: str, **values: Any) -> Change:
    return Change(table, record, values, Act.INSERT)


@dataclass
class Neighbourhood:
    """Ids by what they are called: worker["fsw"], family["fsw"] (her own), family["team"], family["other"].

    Each family has a person, a concern, a plan and a finished note under the same name.
    """

    council: Council
    team: dict[str, str] = field(default_factory=lambda: {name: new_id() for name in "AB"})
    worker: dict[str, str] = field(default_factory=dict)
    family: dict[str, str] = field(default_factory=dict)
    person: dict[str, str] = field(default_factory=dict)
    concern: dict[str, str] = field(default_factory=dict)
    plan: dict[str, str] = field(default_factory=dict)
    note: dict[str, str] = field(default_factory=dict)
    allocation: dict[str, str] = field(default_factory=dict)

    def settle(self) -> "Neighbourhood":
        """Put everybody into the council's records."""
        changes = [new("team", self.team[name], code=name, name=f"Team {name}") for name in "AB"]
        for role in ROLES:
            changes.append(self._worker(role, role, "A"))
        changes += [self._worker("colleague", "fsw", "A"), self._worker("stranger", "fsw", "B")]
        changes.append(self._worker("other_leader", "team_leader", "B"))
        for role in ROLES:
            changes += self.new_family(role, "A", role)
        changes += [*self.new_family("team", "A", "colleague"), *self.new_family("other", "B", "stranger")]
        self.apply(*changes)
        return self

    def apply(self, *changes: Change) -> None:
        """Changes by the council's own desk."""
        receipts = self.council.hub.apply(DESK, list(changes))
        assert {receipt.outcome for receipt in receipts} <= {Outcome.APPLIED}

    def _worker(self, name: str, role: str, team: str) -> Change:
        self.worker[name] = new_id()
        return new("worker", self.worker[name], display_name=name, roles=[role], team_id=self.team[team])

    def new_family(self, name: str, team: str, lead: str) -> list[Change]:
        family, person, concern, plan, note, allocation = (new_id() for _ in range(6))
        self.family[name], self.person[name], self.concern[name] = family, person, concern
        self.plan[name], self.note[name], self.allocation[name] = plan, note, allocation
        writer = {"family_id": family, "written_by": self.worker[lead]}
        return [
            new("family", family, label="A family", status="supported", team_id=self.team[team]),
            new("person", person, family_name="Somebody", dob_estimated=False, interpreter_needed=False),
            new("membership", new_id(), family_id=family, person_id=person, role="child"),
            new("safeguarding_concern", concern, **writer, seen_or_said="seen"),
            new("plan", plan, **writer, state="draft"),
            new("visit_note", note, **writer, kind="visit", happened_at=VISITED, finalised_at=VISITED),
            self.allocate(name, lead, record=allocation),
        ]

    def allocate(self, family: str, worker: str, **values: Any) -> Change:
        """An allocation of a family by name; role lead from 5 January 2026 unless said otherwise."""
        record = values.pop("record", None) or new_id()
        facts = {"role": "lead", "from_on": BEGINS, "reason": "new"} | values
        return new(
            "allocation", record, family_id=self.family[family], worker_id=self.worker[worker], **facts
        )

    # -- asking ----------------------------------------------------------------------------------

    def judge(self, name: str, *proposed: Proposed) -> Sequence[Verdict]:
        """What the authority says when this worker's laptop proposes these, in one batch."""
        caller = Caller(self.worker[name], f"laptop-{name}", f"line-{name}")
        with self.council.engine.begin() as connection:
            return self.council.hub.authority.judge(connection, caller, proposed)

    def propose(
        self,
        table: str,
        values: Mapping[str, Any],
        changes: Mapping[str, Any] | None = None,
        record: str = "",
    ) -> Proposed:
        """An insert of a row with these values; with `changes`, an update of one that has them already."""
        described = self.council.schema[table]
        row = {**dict.fromkeys(described.columns), **values, "id": record or new_id()}
        scope = row["scope"] = values.get("scope") or described.synced.scope(row)
        if changes is None:
            return Proposed(Act.INSERT, table, row["id"], scope, row, None, frozenset(values), 0)
        kind = Act.DECIDE if table in ("conflict", "held") else Act.UPDATE
        return Proposed(kind, table, row["id"], scope, {**row, **changes}, row, frozenset(changes), 0)


def verdict_text(verdict: Verdict) -> str:
    """A verdict as a test reads it: "admit", "hold request", "admit to_read", "admit central"."""
    parts = [verdict.ruling.value, verdict.reason.value if verdict.reason else ""]
    parts += [name for name in ("central", "to_read") if getattr(verdict, name)]
    return " ".join(part for part in parts if part)


def later(there: Neighbourhood, **amount: float) -> None:
    clock = there.council.clock
    assert isinstance(clock, FakeClock)
    clock.advance(**amount)


def says(there: Neighbourhood, name: str, *proposed: Proposed) -> list[str]:
    return [verdict_text(verdict) for verdict in there.judge(name, *proposed)]


def note(there: Neighbourhood, family: str, writer: str, **values: Any) -> Proposed:
    facts = {"family_id": there.family[family], "written_by": there.worker[writer], "kind": "visit"}
    return there.propose("visit_note", facts | {"happened_at": VISITED} | values)


def works(there: Neighbourhood, worker: str) -> list[Proposed]:
    """A note, a chronology entry, a new marker; then a change of the plan and a new phone number."""
    own = {"family_id": there.family[worker], "written_by": there.worker[worker]}
    plan = {"family_id": there.family[worker], "state": "draft"}
    number = {"person_id": there.person[worker], "value": "01632 960004", "safe_to_call": "yes"}
    return [
        note(there, worker, worker),
        there.propose("chronology_entry", own | {"event": "moved", "happened_on": TODAY}),
        there.propose("risk_marker", own | {"kind": "dog"}),
        there.propose("plan", plan, {"aims_in_family_words": "new"}, there.plan[worker]),
        there.propose("contact_point", number),
    ]
