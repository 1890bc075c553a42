"""A small invented county on a real council: two teams, six workers, three families. Nobody is real."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sync.ops import Act, Change, Outcome, new_id
from tfworker.council.service import DESK, Council

PASSWORD = "kettle violet harbour 52"
# staff number: (name, role, team)
WORKERS = {
    "W001": ("Dana Moss", "fsw", "T01"),
    "W002": ("Priya Shaw", "team_leader", "T01"),
    "W003": ("Owen Hale", "fip", "T02"),
    "W004": ("Ines Ford", "team_leader", "T02"),
    "W005": ("Carl Webb", "claims_officer", None),
    "W006": ("Joan Pike", "system_admin", None),
}
# reference: (label, team, lead worker)
FAMILIES = {
    "F-1": ("Reed family", "T01", "W001"),
    "F-2": ("Oakes family", "T01", "W001"),
    "F-3": ("Lark family", "T02", "W003"),
}


@dataclass
class County:
    """Record ids by what people call them: worker["W001"], team["T01"], family["F-1"]."""

    locality: str = field(default_factory=new_id)
    agency: str = field(default_factory=new_id)
    team: dict[str, str] = field(default_factory=lambda: {code: new_id() for code in ("T01", "T02")})
    worker: dict[str, str] = field(default_factory=lambda: {staff_no: new_id() for staff_no in WORKERS})
    family: dict[str, str] = field(default_factory=lambda: {ref: new_id() for ref in FAMILIES})

    def settle(self, council: Council) -> None:
        """Put the county into the council's records, by the council's own desk."""
        changes = [*self._places(), *self._people(), *self._families()]
        receipts = council.hub.apply(DESK, changes)
        assert {receipt.outcome for receipt in receipts} == {Outcome.APPLIED}

    def _places(self) -> list[Change]:
        agency = {"name": "Ashcombe County Council", "type": "other"}
        return [
            _new("locality", self.locality, code="D1", name="Ashcombe Vale"),
            _new("agency", self.agency, **agency),
            *(
                _new(
                    "team",
                    self.team[code],
                    code=code,
                    name=f"Team {code}",
                    locality_id=self.locality,
                    leader_id=self.worker[leader],
                    employing_agency_id=self.agency,
                )
                for code, leader in (("T01", "W002"), ("T02", "W004"))
            ),
        ]

    def _people(self) -> list[Change]:
        return [
            _new(
                "worker",
                self.worker[staff_no],
                staff_no=staff_no,
                display_name=name,
                work_email=f"{staff_no.lower()}@ashcombe.example.org",
                team_id=self.team[team] if team else None,
                roles=[role],
                employing_agency_id=self.agency,
            )
            for staff_no, (name, role, team) in WORKERS.items()
        ]

    def _families(self) -> list[Change]:
        found = []
        for reference, (label, team, lead) in FAMILIES.items():
            facts = {"family_ref": reference, "label": label, "status": "supported", "intensity": "standard"}
            found.append(_new("family", self.family[reference], team_id=self.team[team], **facts))
            allocation = {"role": "lead", "from_on": date(2026, 1, 5), "reason": "new"}
            who = {"family_id": self.family[reference], "worker_id": self.worker[lead]}
            found.append(_new("allocation", new_id(), **who, **allocation))
        return found


def _new(table: str, record: str, **values: Any) -> Change:
    return Change(table, record, values, Act.INSERT)
