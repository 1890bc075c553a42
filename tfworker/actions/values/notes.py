"""Visits, notes, drafts and jots."""

from dataclasses import dataclass
from datetime import date, datetime

from tfworker.actions.values.marks import Chip, Choice, Whereabouts


@dataclass(frozen=True, slots=True)
class Presence:
    """One person's chip at a visit.

    person_id: None for a visitor. present: she was there. seen, spoken_to_alone: for children.
    words: how the chip reads without its tick ("Dana, mother", "Jay, 8").
    """

    person_id: str | None
    name: str
    role: Choice
    words: str
    is_child: bool
    is_visitor: bool = False
    present: bool = False
    seen: bool = False
    spoken_to_alone: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """A promise made at a visit, saved with the note. owner_kind: family, worker or agency."""

    what: str
    owner_kind: str = "worker"
    owner_name: str = ""
    due: date | None = None
    goal_id: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A goal or need a note can be tied to."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note being written. Change it with dataclasses.replace and give it to save_draft.

    kind: visit, correspondence, management_oversight, other. visit_type: home, phone, no_reply...
        (records.words); "" for a note that is not of a visit.
    visit_id: the planned visit it is about; None for one that was not planned.
    started_at, ended_at: aware. people: the family's members, then visitors.
    goals, needs: what can be linked; goal_ids, need_ids: what is.
    child_means: what it means for the children. hazard_note: stays with the visit, for the next one.
    next_visit_at: plans that visit when the note is finished.
    significant: None until the author has said; True puts it in the chronology.
    cursor: where the writing stood, in characters of what_happened.
    jot_id: the jot it was begun from, dropped when the note is finished.
    saved_at: last autosave; None for a draft that was never saved.
    """

    draft_id: str
    family_id: str
    family_label: str
    kind: str
    visit_type: str
    visit_id: str | None
    started_at: datetime | None
    ended_at: datetime | None
    people: tuple[Presence, ...]
    goals: tuple[Link, ...]
    needs: tuple[Link, ...]
    announced: bool = True
    correspondence: str = ""
    place: str = ""
    what_happened: str = ""
    child_means: str = ""
    hazard_note: str = ""
    next_visit_at: datetime | None = None
    goal_ids: tuple[str, ...] = ()
    need_ids: tuple[str, ...] = ()
    actions: tuple[ActionDraft, ...] = ()
    significant: bool | None = None
    jot_id: str | None = None
    cursor: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft waiting to be finished. first_words: at most 80 characters of it."""

    draft_id: str
    family_id: str
    family_label: str
    title: str
    first_words: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """What finishing still needs. field: a field of NoteDraft."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """One headed part of a finished note."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """What was added after the note was locked, oldest first.

    kind: addendum or correction. old_text: for a correction, the words it corrects.
    """

    id: str
    kind: Choice
    text: str
    old_text: str
    reason: str
    by: str
    at: datetime
    at_words: str
    whereabouts: Whereabouts


@dataclass(frozen=True, slots=True)
class NoteView:
    """A finished note; nobody can edit it any more.

    title: "Home visit, 55 minutes". late_words: "Written up 3 days later"; "" when in time.
    unchanged: its text still has the hash it was locked with.
    """

    note_id: str
    visit_id: str | None
    family_id: str
    family_label: str
    title: str
    kind: Choice
    author: str
    event_at: datetime | None
    event_words: str
    finalised_at: datetime
    finalised_words: str
    late_words: str
    people: tuple[Presence, ...]
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    actions: tuple[str, ...]
    amendments: tuple[Amendment, ...]
    significant: bool
    unchanged: bool
    may_amend: bool
    whereabouts: Whereabouts


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A visit or note in the list of Visits and notes, newest first.

    note_id: None for a visit that is planned or not written up yet; visit_id: None for a note
    that is not of a visit. chips: "Written up 3 days later", "No access", "On this laptop only".
    """

    note_id: str | None
    visit_id: str | None
    at: datetime | None
    at_words: str
    title: str
    author: str
    first_words: str
    chips: tuple[Chip, ...]
    whereabouts: Whereabouts


@dataclass(frozen=True, slots=True)
class NotesTab:
    """planned: visits still to come, soonest first."""

    family_id: str
    planned: tuple[NoteLine, ...]
    drafts: tuple[DraftLine, ...]
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class Jot:
    """A quick jot: a line or two, for nobody else, until it is filed in a note."""

    jot_id: str
    text: str
    family_id: str | None
    family_label: str
    made_at: datetime
    made_words: str
