"""A note's draft as it was kept, perhaps by another version of the program: no word of it is lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_type_hints

import msgspec

from tfworker.actions.values import NoteDraft
from tfworker.records.words import NoteKind
from tfworker.store import drafts as kept

ID_LENGTH = 32
AFRESH = frozenset({"family_label", "goals", "needs"})  # nobody's words: asked for again at each opening


def note_of(draft: kept.Draft) -> NoteDraft:
    """What can be read of it. Words in fields that this version does not know, or not in that form, stand
    behind what happened, where their author sees them; what is missing is as nobody had said it."""
    kinds = get_type_hints(NoteDraft)
    read: dict[str, Any] = {}
    unread: list[Any] = []
    for name, value in draft.body.items():
        try:
            read[name] = msgspec.convert(value, kinds[name])
        except (KeyError, msgspec.ValidationError):
            unread += [] if name in AFRESH else [value]
    for name, value in read.items():
        unread += _left_out(draft.body[name], msgspec.to_builtins(value))
    unsaid: dict[str, Any] = {
        "family_label": "", "kind": NoteKind.VISIT.value, "visit_type": "", "visit_id": None,
        "started_at": draft.opened_at, "ended_at": None, "people": (), "goals": (), "needs": (),
        "cursor": draft.cursor,
    }  # fmt: skip
    own = {"draft_id": draft.id, "family_id": draft.family_id, "saved_at": draft.saved_at}
    note = NoteDraft(**{**unsaid, **read, **own})
    if not (words := list(texts(unread))):
        return note
    return replace(note, what_happened="\n\n".join([*texts(note.what_happened), *words]))


def texts(body: Any) -> Iterator[str]:
    """The words in a form's fields, in their order; ids and ticks are not words."""
    if isinstance(body, str):
        if body.strip() and not (len(body) == ID_LENGTH and body.isalnum()):
            yield body.strip()
    elif isinstance(body, Mapping):
        for value in body.values():
            yield from texts(value)
    elif isinstance(body, Sequence):
        for value in body:
            yield from texts(value)


def _left_out(kept_as: Any, read_as: Any) -> Iterator[Any]:
    """The parts of a value that reading it passed over."""
    if isinstance(kept_as, Mapping):
        for name, value in kept_as.items():
            if name in read_as:
                yield from _left_out(value, read_as[name])
            else:
                yield value
    elif isinstance(kept_as, list):
        for one, read in zip(kept_as, read_as, strict=True):
            yield from _left_out(one, read)
