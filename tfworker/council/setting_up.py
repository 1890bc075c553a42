"""Making a council in an empty database, and bringing an older one up to date. Nothing secret is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from sync.clock import SystemClock
from sync.ops import Act, Change, Outcome, Reason
from sync.ports import Clock
from tfworker.council import database, reference
from tfworker.council.service import DESK, Council, closed_on_failure

DEFAULT_PROGRAMME = "Families programme"
EMERGENCY = ({"name": "Emergency services", "phone": "999"},)


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """What the programme is called here. None leaves what is recorded already.

    emergency_numbers: name and phone of each number that the lock screen shows.
    """

    programme_name: str | None = None
    council_name: str | None = None
    emergency_numbers: tuple[Mapping[str, str], ...] | None = None

    def values(self) -> dict[str, Any]:
        """The columns of the programme's record that are given."""
        numbers = self.emergency_numbers
        given = {
            "name_local": self.programme_name,
            "council_name": self.council_name,
            "emergency_numbers": [dict(number) for number in numbers] if numbers is not None else None,
        }
        return {name: value for name, value in given.items() if value is not None}


def set_up(database_url: str, facts: ProgrammeFacts, clock: Clock | None = None) -> Council:
    """A council ready to use. Running it again changes only what `facts` says differently.

    Raises CouncilTooNew, CouncilUnreachable.
    """
    engine = database.connect(database_url)
    with closed_on_failure(engine):
        database.upgrade(engine)
        council = Council(engine, clock or SystemClock())
        council.hub.init()
        _record_reference(council, facts)
    return council


def _record_reference(council: Council, facts: ProgrammeFacts) -> None:
    with database.reading(council.engine) as connection:
        changes = [*_programme(connection, facts), *reference.changes(connection)]
    for receipt in council.hub.apply(DESK, changes) if changes else ():
        # Somebody who sets up at the same moment makes the same records: then they are there.
        if receipt.outcome is not Outcome.APPLIED and receipt.reason is not Reason.ALREADY_THERE:
            raise RuntimeError(f"the council's desk may not set reference data: {receipt.reason}")


def _programme(connection: Connection, facts: ProgrammeFacts) -> list[Change]:
    table, wanted = database.metadata().tables["programme"], facts.values()
    present = connection.execute(select(table).order_by(table.c.id).limit(1)).mappings().one_or_none()
    if present is None:
        first = {"name_local": DEFAULT_PROGRAMME, "emergency_numbers": [dict(n) for n in EMERGENCY]}
        return [Change("programme", reference.fixed_id("programme"), first | wanted, Act.INSERT)]
    patch = {name: value for name, value in wanted.items() if present[name] != value}
    return [Change("programme", present["id"], patch)] if patch else []
