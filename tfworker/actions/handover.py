"""A family goes to somebody else: what was being written about it goes up, and leaves this laptop.

A draft of a family that was taken away becomes an unfinished note of its author's, with everything
she had typed. It goes up with her other work, and whoever has the family now finds it to read.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from sqlalchemy import Connection, delete, select

from sync.ops import Change
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import NOTE
from tfworker.actions.kept_notes import note_of, texts
from tfworker.actions.notes import note_row
from tfworker.records import scope
from tfworker.records.words import NoteKind
from tfworker.store import drafts as kept
from tfworker.store.tables import draft as table

OnScopes = Callable[[Connection, Sequence[str]], None]


def saving(desk: Desk) -> OnScopes:
    """What a round calls once families were taken away: their drafts are saved, to go up at once."""

    def on_lost(connection: Connection, scopes: Sequence[str]) -> None:
        _save(desk, connection, _families(scopes))

    return on_lost


def purging(connection: Connection, scopes: Sequence[str]) -> None:
    """What a round calls as scopes leave: no draft about a family that goes stays here."""
    families = _families(scopes)
    if families:
        connection.execute(delete(table).where(table.c.family_id.in_(families)))


def strays(desk: Desk, here: Collection[str]) -> set[str]:
    """Families that have left already and that there are drafts about: somebody was still typing as
    they went. here: the families on this laptop."""
    held = desk.schema.own("held_scope")
    with desk.vault.read() as connection:
        drafted = set(connection.exec_driver_sql("SELECT DISTINCT family_id FROM draft").scalars()) - {None}
        known = drafted & set(here)
        if drafted == known:
            return set()
        names = [scope.family(family) for family in drafted]
        known |= _families(connection.execute(select(held.c.scope).where(held.c.scope.in_(names))).scalars())
    return drafted - known


def save_strays(desk: Desk, families: Collection[str]) -> None:
    """Save the drafts about these families, so that they go up."""
    if families:
        with desk.vault.write() as connection:
            _save(desk, connection, families)


def _families(scopes: Iterable[str]) -> set[str]:
    prefix = scope.family("")
    return {name.removeprefix(prefix) for name in scopes if name.startswith(prefix)}


def _save(desk: Desk, connection: Connection, families: Iterable[str]) -> None:
    for family in sorted(families):
        waiting = kept.list(connection, family_id=family)
        written = {draft.id: change for draft in waiting if (change := _as_note(desk, draft)) is not None}
        # A note begun from a jot has its words already, unless they were taken out again.
        filed = {draft.body.get("jot_id") for draft in waiting if draft.kind == NOTE and draft.id in written}
        for draft in waiting:
            if draft.id in written and draft.id not in filed:
                desk.save(connection, [written[draft.id]])
            kept.drop(connection, draft.id)


def _as_note(desk: Desk, draft: kept.Draft) -> Change | None:
    """An unfinished note with what was typed; None where nothing was."""
    if draft.kind != NOTE:
        text = "\n".join(texts(draft.body))
        about = {"kind": NoteKind.OTHER.value, "happened_at": draft.opened_at, "what_happened": text}
        return desk.insert("visit_note", {"family_id": draft.family_id, **about}) if text else None
    note = note_of(draft)
    # What would have become records of their own once it was finished is kept in its text.
    besides = [note.hazard_note, *(action.what for action in note.actions)]
    written = [text.strip() for text in (note.what_happened, *besides) if text.strip()]
    if not written and not note.child_means.strip():
        return None
    row = note_row(desk, note)
    row["happened_at"] = row["happened_at"] or draft.opened_at
    return desk.insert("visit_note", {**row, "what_happened": "\n\n".join(written) or None})
