"""Visit notes: finished and locked in one act, read for ever, added to but never changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from sync.ops import Change, new_id
from tfworker import settings
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import has_access, new_note, open_draft, save_draft
from tfworker.actions.note_shown import view
from tfworker.actions.phrases import local, say
from tfworker.actions.plan import new_action
from tfworker.actions.problems import BadInput
from tfworker.actions.rows import Record, family_record, row
from tfworker.actions.values import Missing, NoteDraft, NoteView, Presence
from tfworker.actions.visits import new_visit
from tfworker.actions.wording import note_rules
from tfworker.records.words import AmendmentKind, NoteKind, VisitState, VisitType
from tfworker.rules.notes import missing_to_finish, note_hash
from tfworker.store import drafts as kept

__all__ = ["amend", "finish_note", "missing", "new_note", "note", "note_row", "open_draft", "save_draft"]

REASON_LENGTH = 10  # characters a correction's reason has at least (domain 4.6)
# What these columns of a note are called in a draft.
DRAFT_FIELD = {"happened_at": "started_at", "present": "people", "children_seen": "people"}
# How a visit ended, where its kind says so.
ENDED_AS = {
    VisitType.NO_REPLY: VisitState.NO_REPLY,
    VisitType.REFUSED: VisitState.REFUSED,
    VisitType.CANCELLED_BY_FAMILY: VisitState.CANCELLED,
    VisitType.ATTEMPTED: VisitState.NO_REPLY,
}


def missing(desk: Desk, draft: NoteDraft) -> tuple[Missing, ...]:
    """What finishing still needs, in the order to ask. Saving needs none of it."""
    words: Mapping[str, str] = settings.wording()["en"]["missing_to_finish"]
    found = missing_to_finish(note_row(desk, draft), note_rules(), words)
    return tuple(Missing(DRAFT_FIELD.get(m.field, m.field), m.words) for m in found)


def finish_note(desk: Desk, draft: NoteDraft) -> NoteView:
    """Lock a note for ever: visit, note, promises and next visit are saved as one act, and the
    draft goes in the same transaction.

    A note its author calls significant is in the chronology by that alone.
    Raises BadInput naming the first field that is missing or wrong; the draft stays as it was.
    """
    for first in missing(desk, draft):
        raise BadInput(first.field, first.words)
    _check_times(desk, draft)
    note_id = new_id()
    with desk.vault.write() as connection:
        row(connection, "family", draft.family_id)
        changes = []
        visit_id = draft.visit_id
        if draft.kind == NoteKind.VISIT:
            change = _visit(desk, connection, draft)
            visit_id = change.record
            changes.append(change)
        changes.append(_finished(desk, replace(draft, visit_id=visit_id), note_id))
        changes += _promises(desk, draft, note_id)
        if draft.next_visit_at is not None:
            ahead = {**new_visit(desk, draft.family_id), "type": VisitType.HOME.value}
            changes.append(desk.insert("visit", {**ahead, "planned_at": draft.next_visit_at}))
        desk.save(connection, changes)
        kept.drop(connection, draft.draft_id)
        if draft.jot_id is not None:
            kept.drop(connection, draft.jot_id)
    return note(desk, note_id)


def note(desk: Desk, note_id: str) -> NoteView:
    """A finished note with what was added to it, in order. Raises NotHere."""
    with desk.vault.read() as connection:
        return view(desk, connection, note_id)


def amend(
    desk: Desk, note_id: str, kind: str, text: str, *, reason: str = "", old_text: str = ""
) -> NoteView:
    """Add to a finished note: the original stays as it is and is shown first.

    kind: "addendum", or "correction" of `old_text` (words of the note), which needs a reason.
    Raises BadInput("kind", "text", "reason", "old_text"); NotHere.
    """
    patch = patch_of("note_amendment", {"kind": kind, "text": text}, ["kind", "text"], needed=["text"])
    if kind not in (AmendmentKind.ADDENDUM, AmendmentKind.CORRECTION):
        raise BadInput("kind", say("bad.choice", field=say("note.amendment_kind")), say("bad.choice.advice"))
    with desk.vault.write() as connection:
        original = row(connection, "visit_note", note_id)
        if original["finalised_at"] is None:
            raise BadInput("", say("note.not_finished"), say("note.not_finished.advice"))
        if kind == AmendmentKind.CORRECTION:
            patch |= _correction(original, old_text, reason)
        elif reason.strip():
            patch["reason"] = reason.strip()
        whole = {**patch, "family_id": original["family_id"], "note_id": note_id}
        desk.save(connection, [desk.insert("note_amendment", whole)])
    return note(desk, note_id)


def _correction(original: Record, old_text: str, reason: str) -> dict[str, Any]:
    if len(reason.strip()) < REASON_LENGTH:
        raise BadInput("reason", say("bad.reason", least=REASON_LENGTH))
    for part in ("what_happened", "child_means"):
        if old_text.strip() and old_text in (original[part] or ""):
            return {"part": part, "old_value": old_text, "reason": reason.strip()}
    raise BadInput("old_text", say("bad.old_text"), say("bad.old_text.advice"))


def _check_times(desk: Desk, draft: NoteDraft) -> None:
    if draft.started_at is not None and draft.started_at > desk.now():
        raise BadInput("started_at", say("note.in_future"), say("note.in_future.advice"))
    if draft.started_at and draft.ended_at and draft.ended_at < draft.started_at:
        raise BadInput("ended_at", say("note.ends_before"))
    if draft.next_visit_at is not None and draft.next_visit_at <= desk.now():
        raise BadInput("next_visit_at", say("bad.past", field=say("visit.when")))


def _visit(desk: Desk, connection: Connection, draft: NoteDraft) -> Change:
    """The visit the note is about: the planned one brought to its end, or one nobody had planned."""
    ended = {
        "type": draft.visit_type,
        "state": ENDED_AS.get(VisitType(draft.visit_type), VisitState.COMPLETED).value,
        "started_at": draft.started_at,
        "ended_at": draft.ended_at,
        "announced": draft.announced,
        "hazard_note": draft.hazard_note.strip() or None,
        "next_date_given": local(draft.next_visit_at).date() if draft.next_visit_at else None,
    }
    if draft.visit_id is None:
        place = {"place": draft.place.strip() or None}
        return desk.insert("visit", {**new_visit(desk, draft.family_id), **ended, **place})
    family_record(connection, "visit", draft.visit_id, draft.family_id)
    return Change("visit", draft.visit_id, ended)


def note_row(desk: Desk, draft: NoteDraft) -> dict[str, Any]:
    """The note as it would be stored, without who finished it and when."""
    met = has_access(draft)
    return {
        "family_id": draft.family_id,
        "visit_id": draft.visit_id,
        "kind": draft.kind,
        "visit_type": draft.visit_type or None,
        "correspondence": draft.correspondence or None,
        "happened_at": draft.started_at,
        "ended_at": draft.ended_at,
        "place": draft.place.strip() or None,
        "present": [_present(p) for p in draft.people if p.present] if met else None,
        "children_seen": _children(draft) if met else None,
        "what_happened": draft.what_happened.strip() or None,
        "child_means": draft.child_means.strip() or None,
        "next_date": local(draft.next_visit_at).date() if draft.next_visit_at else None,
        "significant": draft.significant,
        "need_ids": list(draft.need_ids) or None,
        "goal_ids": list(draft.goal_ids) or None,
    }


def _present(person: Presence) -> dict[str, Any]:
    if person.person_id is None:
        return {"name": person.name, "role": person.role.code, "is_visitor": True}
    return {"person_id": person.person_id, "role": person.role.code}


def _children(draft: NoteDraft) -> list[dict[str, Any]]:
    """Every child of the family with whether she was seen: that she was not is a fact as well."""
    lines = []
    for person in draft.people:
        if person.is_child and person.person_id is not None:
            seen = person.seen or person.spoken_to_alone
            line = {"person_id": person.person_id, "seen": seen, "alone": person.spoken_to_alone}
            if person.comment.strip():
                line["comment"] = person.comment.strip()
            lines.append(line)
    return lines


def _finished(desk: Desk, draft: NoteDraft, note_id: str) -> Change:
    """The note's insert, with the hash of exactly what is stored."""
    change = desk.insert("visit_note", note_row(desk, draft), record=note_id)
    patch = {
        **change.patch,
        "finalised_at": desk.now(),
        "finalised_by": desk.me.worker_id,
        "device_name": desk.device_name or None,
    }
    patch["original_hash"] = note_hash({**patch, "id": note_id})
    return replace(change, patch=patch)


def _promises(desk: Desk, draft: NoteDraft, note_id: str) -> list[Change]:
    promises = []
    for action in draft.actions:
        fields = {
            "what": action.what,
            "owner_kind": action.owner_kind,
            "owner_name": action.owner_name,
            "due": action.due,
            "goal_id": action.goal_id,
        }
        if not action.what.strip():
            raise BadInput("actions", say("note.empty_promise"), say("bad.empty.advice"))
        patch = patch_of("action", fields, list(fields))
        promises.append(
            desk.insert("action", {**new_action(desk, draft.family_id, patch), "note_id": note_id})
        )
    return promises
