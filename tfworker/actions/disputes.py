"""The mark on a value that two people changed at once, until somebody decides."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from tfworker.actions.fields import Reading
from tfworker.actions.phrases import say
from tfworker.actions.receipts import OPEN
from tfworker.actions.values import Disputed

Marks = Mapping[str, Disputed]
NONE: Marks = {}

_WARNINGS = {"contact_point": "disputed.calling", "household": "disputed.address"}


def marks(reading: Reading, line: str, scopes: Collection[str]) -> Mapping[str, Marks]:
    """{record id: {field: mark}} of the open cards in some scopes.

    line: this laptop's own device line; the side under it is "mine".
    """
    card = reading.schema.own("conflict")
    found: dict[str, dict[str, Disputed]] = defaultdict(dict)
    query = select(card).where(card.c.state == OPEN, card.c.scope.in_(scopes))
    for row in reading.connection.execute(query).mappings().all():
        if row["table_name"] in reading.schema.synced:
            found[row["record"]] |= _of_card(reading, line, dict(row))
    return found


def _of_card(reading: Reading, line: str, card: Mapping[str, Any]) -> dict[str, Disputed]:
    table = card["table_name"]
    stands = standing(reading, table, card["record"])
    sides: Mapping[str, Mapping[str, Any]] = card["sides"]
    marked = {}
    for column in card["columns"]:
        values = {key: side["values"][column] for key, side in sides.items() if column in side["values"]}
        read = {
            key: reading.words(table, column, reading.stored(table, column, value))
            for key, value in values.items()
        }
        now = reading.words(table, column, stands.get(column))
        if all(version == now for version in read.values()):
            continue
        marked[column] = Disputed(
            card_id=card["id"],
            mine=read.get(line),
            stands=now,
            others=tuple(v for key, v in read.items() if key != line and v != now),
            warning=say(_WARNINGS.get(table, "disputed.other")),
        )
    return marked


def standing(reading: Reading, table: str, record: str) -> Mapping[str, Any]:
    """A record's row as it is on this laptop; {} when it is not here."""
    of = reading.schema[table].table
    row = reading.connection.execute(select(of).where(of.c.id == record)).mappings().one_or_none()
    return {} if row is None else dict(row)
