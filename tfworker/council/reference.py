"""The reference records that come from `resources/`: headline problems, local needs, practice standards.

A file says what a council starts with; a changed file changes the records at the next
`council init`. A code that left its file is kept and marked inactive: records may name it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from sync.ops import Act, Change
from tfworker import settings
from tfworker.council.database import metadata
from tfworker.rules import data

Rows = Mapping[tuple[str, ...], Mapping[str, Any]]  # {key: columns}

KEYS = {
    "headline_problem": ("rule_set", "code"),
    "local_need_type": ("code",),
    "practice_standard": ("code",),
}


def fixed_id(table: str, *key: str) -> str:
    """The same id whoever makes the record, so that two who set up at once make it once."""
    return hashlib.sha256("/".join((table, *key)).encode()).hexdigest()[:32]


def wanted() -> dict[str, Rows]:
    """The rows the files ask for, by table. Raises ValueError for a file that is not as it should be."""
    needs = settings.subjects("rulesets")["needs"]
    standards = settings.standards()["practice"]
    return {
        "headline_problem": {
            (line.rule_set, line.code): {
                "rule_set": line.rule_set,
                "code": line.code,
                "title": line.title,
                "position": line.position,
                "active": True,
                "indicators": [{"code": sign.code, "text": sign.text} for sign in line.indicators],
            }
            for line in data.headlines(needs)
        },
        "local_need_type": {
            (line.code,): {
                "code": line.code,
                "title": line.title,
                "maps_to_headline": line.maps_to_headline,
                "active": True,
            }
            for line in data.local_needs(needs)
        },
        "practice_standard": {(line.code,): _standard(line) for line in data.standards(standards).values()},
    }


def _standard(line: data.Standard) -> dict[str, Any]:
    columns = ("code", "text", "measure", "n", "unit", "applies_to", "source", "set_by", "set_on")
    return {name: getattr(line, name) for name in columns}


def changes(connection: Connection) -> list[Change]:
    """What must change so that the records say what the files say; [] when they do."""
    found: list[Change] = []
    for table, rows in wanted().items():
        found += _changes(connection, table, rows)
    return found


def _changes(connection: Connection, table: str, rows: Rows) -> list[Change]:
    present = {
        tuple(row[name] for name in KEYS[table]): row
        for row in connection.execute(select(metadata().tables[table])).mappings()
    }
    found = [
        Change(table, fixed_id(table, *key), row, Act.INSERT)
        for key, row in rows.items()
        if key not in present
    ]
    for key, row in present.items():
        # Standards have no such mark: one that left its file just stays.
        asked = rows.get(key, {"active": False} if "active" in row else {})
        patch = {name: value for name, value in asked.items() if row[name] != value}
        if patch:
            found.append(Change(table, row["id"], patch))
    return found
