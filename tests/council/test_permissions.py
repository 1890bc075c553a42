"""Domain 4.9 written out by hand in permissions.csv, against what the council really admits and grants.

Letters: C make, U change, R is given it on the laptop; a small letter: only as a request.
Columns: a family allocated to her, one of her team, one of another team.
A new person belongs to no family yet, so making one has the same letter in all three columns.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sync.memory import FakeClock
from sync.ops import new_id
from sync.ports import Proposed, Ruling, Verdict
from tests.council.neighbourhood import BEGINS, VISITED, Neighbourhood
from tfworker.council.setting_up import ProgrammeFacts, set_up

TABLE = Path(__file__).with_name("permissions.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
PLACES = {"own": "", "team": "team", "other": "other"}
REFERENCE = {
    *("worker", "team", "locality", "agency", "programme", "headline_problem"),
    *("local_need_type", "practice_standard"),
}
# What an update changes, by table.
CHANGES: dict[str, dict[str, Any]] = {
    "family": {"story_so_far": "new"},
    "household": {"postcode": "ZZ1 1ZZ"},
    "person": {"known_as": "new"},
    "membership": {"to_on": date(2026, 11, 1)},
    "contact_point": {"safe_to_call": "no"},
    "risk_marker": {"review_on": date(2027, 1, 1)},
    "need": {"status": "met"},
    "plan": {"aims_in_family_words": "new"},
    "goal": {"statement": "new"},
    "action": {"what": "new"},
    "visit": {"place": "new"},
    "visit_note": {"what_happened": "new"},
    "allocation": {"to_on": date(2026, 11, 1)},
    "conflict": {"choice": "mine", "values": {}},
    "held": {"choice": "admit"},
    "worker": {"work_phone": "01632 960002"},
}


@pytest.fixture(scope="module")
def neighbourhood(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    url = f"sqlite:///{tmp_path_factory.mktemp('permissions') / 'council.db'}"
    with set_up(url, ProgrammeFacts(), FakeClock()) as council:
        yield Neighbourhood(council).settle()


def values_of(there: Neighbourhood, record: str, place: str, user: str) -> dict[str, Any]:
    """A full row of a record in a family, written by this worker."""
    table, _, kind = record.partition(":")
    family, person = there.family[place], there.person[place]
    own: dict[str, Any] = {"written_by": user}
    of_family = own | {"family_id": family}
    examples: dict[str, dict[str, Any]] = {
        "household": {"family_id": family, "postcode": "ZZ1 1AA"},
        "person": {"family_name": "New"},
        "membership": {"family_id": family, "person_id": person, "role": "child"},
        "contact_point": {"person_id": person, "value": "01632 960003", "safe_to_call": "yes"},
        "concern_step": of_family | {"concern_id": there.concern[place], "step": kind},
        "visit_note": of_family | {"kind": kind, "happened_at": VISITED},
        "note_amendment": of_family | {"note_id": there.note[place], "kind": "addendum", "text": "more"},
        "allocation": {
            "family_id": family,
            "worker_id": there.worker["colleague"],
            "role": "co_worker",
            "from_on": BEGINS,
        },
        "conflict": {
            "scope": f"person:{person}",
            "table_name": "contact_point",
            "record": new_id(),
            "group_name": "calling",
            "kind": "safer",
        },
        "held": {
            "scope": f"family:{family}",
            "table_name": "plan",
            "record": there.plan[place],
            "author": there.worker["stranger"],
            "reason": "not_yours_now",
        },
        "family": {
            "label": "A family",
            "status": "supported",
            "team_id": there.team["B" if place == "other" else "A"],
        },
    }
    if table in REFERENCE:
        return {"id": there.worker["colleague"]}
    return examples.get(table, of_family)


def letters(there: Neighbourhood, record: str, role: str, place: str) -> str:
    """What the council really allows, in the letters of the table."""
    table = record.partition(":")[0]
    values = values_of(there, record, place, there.worker[role])
    made = there.propose(table, values)
    old = {"family": there.family, "person": there.person}.get(table, {}).get(place, "")
    changed = there.propose(table, values, CHANGES.get(table, {"text": "new"}), old)
    make = "" if table in ("conflict", "held") else _letter(there.judge(role, made)[0], "C")
    change = _letter(there.judge(role, changed)[0], "U")
    return make + ("R" if is_given(there, role, table, changed) else "") + change


def _letter(verdict: Verdict, letter: str) -> str:
    if verdict.ruling is Ruling.ADMIT:
        return letter
    return letter.lower() if verdict.ruling is Ruling.HOLD else ""


def is_given(there: Neighbourhood, role: str, table: str, row: Proposed) -> bool:
    """Whether a live grant in the council's own table gives this worker the row."""
    grant = there.council.schema.own("scope_grant")
    user = there.worker[role]
    with there.council.engine.connect() as connection:
        where = (grant.c.user_id == user, grant.c.scope == row.scope, grant.c.to_seq.is_(None))
        rows = connection.execute(grant.select().where(*where)).all()
    return any(table in found.kinds.split() for found in rows)


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['role']} {r['record']}" for r in ROWS])
def test_a_role_may_do_what_the_table_says_and_no_more(
    neighbourhood: Neighbourhood, row: dict[str, str]
) -> None:
    role, record = row["role"], row["record"]

    found = {column: letters(neighbourhood, record, role, place or role) for column, place in PLACES.items()}

    assert found == {column: row[column] for column in PLACES}


def test_the_table_has_a_line_for_every_record_and_role(neighbourhood: Neighbourhood) -> None:
    """A record that is added later needs its lines, or this fails."""
    roles = {row["role"] for row in ROWS}
    records = {table.name for table in neighbourhood.council.schema}

    listed = {(row["record"].partition(":")[0], row["role"]) for row in ROWS}

    assert listed == {(record, role) for record in records for role in roles}
