"""Quick jots: a line or two for nobody else, kept in the vault until they are filed in a note."""

from dataclasses import replace

from sqlalchemy import Connection, select

from sync.ops import new_id
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import new_note, save_draft
from tfworker.actions.phrases import moment, say
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.values import Jot, NoteDraft
from tfworker.records import Family
from tfworker.store import drafts as kept

JOT = "jot"  # the kind of draft in the vault


def save_jot(desk: Desk, text: str, *, family_id: str | None = None, jot_id: str | None = None) -> Jot:
    """Keep a jot, or change one. Nothing is sent. Raises BadInput("text") for an empty one."""
    if not text.strip():
        raise BadInput("text", say("bad.nothing"))
    now = desk.now()
    keep = kept.Draft(jot_id or new_id(), JOT, family_id, {"text": text}, len(text), now, now)
    with desk.vault.write() as connection:
        kept.put(connection, keep)
        found = kept.get(connection, keep.id)
        return _jot(desk, connection, found or keep)


def jots(desk: Desk) -> list[Jot]:
    """Every jot not yet filed, the latest first."""
    with desk.vault.read() as connection:
        return [_jot(desk, connection, draft) for draft in kept.list(connection, kind=JOT)]


def jot_to_note(desk: Desk, jot_id: str, family_id: str | None = None) -> NoteDraft:
    """A draft of a note that begins with the jot's words. The jot stays until the note is finished.

    family_id: needed for a jot about nobody yet. Raises BadInput("family_id"), NotHere.
    """
    with desk.vault.read() as connection:
        found = kept.get(connection, jot_id)
    if found is None or found.kind != JOT:
        raise NotHere
    family = family_id or found.family_id
    if family is None:
        raise BadInput("family_id", say("jot.which_family"), say("bad.choice.advice"))
    text = str(found.body["text"])
    # The jot was made when it happened, as a rule; the author can change the time.
    draft = replace(
        new_note(desk, family),
        what_happened=text,
        started_at=found.opened_at.replace(second=0, microsecond=0),
        jot_id=jot_id,
        cursor=len(text),
    )
    return replace(draft, saved_at=save_draft(desk, draft))


def drop_jot(desk: Desk, jot_id: str) -> None:
    """Throw a jot away. Only ever on its author's word."""
    with desk.vault.write() as connection:
        kept.drop(connection, jot_id)


def _jot(desk: Desk, connection: Connection, draft: kept.Draft) -> Jot:
    label = None
    if draft.family_id is not None:
        label = connection.execute(select(Family.label).where(Family.id == draft.family_id)).scalar()
    return Jot(
        jot_id=draft.id,
        text=str(draft.body["text"]),
        family_id=draft.family_id,
        family_label=label or "",
        made_at=draft.opened_at,
        made_words=moment(draft.opened_at, desk.now()),
    )
