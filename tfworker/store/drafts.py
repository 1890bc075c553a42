"""Drafts: what is being written, saved as it is typed, so that a kill or a lock costs two seconds.

A draft is on this laptop alone and makes no op. Any kind of form may keep its state here: a note, a
jot, a concern. The caller gives the connection, of `vault.write()` or `vault.read()`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tfworker.store.tables import draft as table


@dataclass(frozen=True, slots=True)
class Draft:
    """kind: "note", "jot", "concern" ...; body: the form's own fields as JSON values.

    cursor: where the writing went on, in characters. opened_at, saved_at: aware, UTC.
    """

    id: str
    kind: str
    family_id: str | None
    body: Mapping[str, Any]
    cursor: int
    opened_at: datetime
    saved_at: datetime


def put(connection: Connection, draft: Draft) -> None:
    """Save a draft, new or again. A draft saved again keeps the `opened_at` of its first saving."""
    values = {
        "kind": draft.kind,
        "family_id": draft.family_id,
        "body": dict(draft.body),
        "cursor": draft.cursor,
        "saved_at": draft.saved_at,
    }
    done = connection.execute(update(table).where(table.c.id == draft.id).values(values))
    if done.rowcount == 0:
        connection.execute(insert(table).values(id=draft.id, opened_at=draft.opened_at, **values))


def get(connection: Connection, draft_id: str) -> Draft | None:
    """None when it was finished or dropped."""
    found = connection.execute(select(table).where(table.c.id == draft_id)).one_or_none()
    return None if found is None else Draft(*found)


def list(connection: Connection, *, kind: str | None = None, family_id: str | None = None) -> Sequence[Draft]:
    """Drafts, last saved first; of one kind or one family only, if named."""
    query = select(table).order_by(table.c.saved_at.desc(), table.c.id.desc())
    if kind is not None:
        query = query.where(table.c.kind == kind)
    if family_id is not None:
        query = query.where(table.c.family_id == family_id)
    return [Draft(*row) for row in connection.execute(query)]


def drop(connection: Connection, draft_id: str) -> bool:
    """Remove a draft that was finished or given up; whether there was one."""
    return connection.execute(delete(table).where(table.c.id == draft_id)).rowcount > 0
