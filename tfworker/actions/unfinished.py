"""Forms that somebody began to fill in and has not saved: kept on this laptop, never sent.

A form is known by its place, such as "goal/<id>": opened there again, it goes on where it stopped.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from tfworker.actions.desk import Desk
from tfworker.store import drafts

FORM = "form"  # the kind of draft in the vault


def keep(desk: Desk, place: str, body: Mapping[str, Any], *, family_id: str | None = None) -> None:
    """Keep what is in a form. body: JSON values by field.

    Raises Problem when the disk will not take it: the text is still on the screen.
    """
    now = desk.now()
    with desk.vault.write() as connection:
        drafts.put(connection, drafts.Draft(_id(place), FORM, family_id, dict(body), 0, now, now))


def kept(desk: Desk, place: str) -> Mapping[str, Any] | None:
    """What was kept of a form; None when nothing waits there."""
    with desk.vault.read() as connection:
        found = drafts.get(connection, _id(place))
    return None if found is None else found.body


def drop(desk: Desk, place: str) -> None:
    """Forget a form that was saved, or given up by the person herself."""
    with desk.vault.write() as connection:
        drafts.drop(connection, _id(place))


def _id(place: str) -> str:
    # A draft's id has 32 characters, a place any number.
    return hashlib.sha256(place.encode()).hexdigest()[:32]
