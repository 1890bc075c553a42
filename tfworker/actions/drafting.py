"""Drafts of notes: begun with the facts of the family, kept in the vault, never sent."""

from dataclasses import replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from sync.ops import new_id
from tfworker.actions import gaps
from tfworker.actions.caseload import allocated_today
from tfworker.actions.desk import Desk
from tfworker.actions.fields import need_titles
from tfworker.actions.kept_notes import note_of
from tfworker.actions.members import Member, members_of
from tfworker.actions.phrases import first_words, say
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.rows import Record, family_record, row, rows_of
from tfworker.actions.values import DraftLine, Link, NoteDraft, Presence
from tfworker.actions.wording import word
from tfworker.records.words import (
    NO_ACCESS,
    GoalState,
    MemberRole,
    NeedStatus,
    NoteKind,
    VisitType,
)
from tfworker.store import drafts as kept

NOTE = "note"  # the kind of draft in the vault
OVER_NEEDS = frozenset({NeedStatus.MET, NeedStatus.NOT_MET, NeedStatus.NOT_APPLICABLE})
OVER_GOALS = frozenset({GoalState.ACHIEVED, GoalState.STOPPED})


def new_note(
    desk: Desk, family_id: str, kind: str = NoteKind.VISIT, *, visit_id: str | None = None
) -> NoteDraft:
    """A note to write: the family's people to tick, its goals and needs to link; never any text.

    visit_id: the planned visit it is about; its time and kind are taken over.
    A leader writes a manager's note about a family that is not allocated to her, whatever `kind`.
    Raises BadInput("kind"), NotHere.
    """
    if kind not in set(NoteKind):
        raise BadInput("kind", say("bad.choice", field=say("note.kind")), say("bad.choice.advice"))
    with desk.vault.read() as connection:
        family = row(connection, "family", family_id)
        allocated = allocated_today(connection, desk.today()).get(family_id, [])
        visit = family_record(connection, "visit", visit_id, family_id) if visit_id else None
        members = members_of(connection, [family_id], desk.today()).get(family_id, [])
        goals, needs = _links(connection, family_id)
    if desk.me.leads and desk.me.worker_id not in {a.worker_id for a in allocated}:
        kind = NoteKind.MANAGEMENT_OVERSIGHT
    is_visit = kind == NoteKind.VISIT
    return NoteDraft(
        draft_id=new_id(),
        family_id=family_id,
        family_label=family["label"],
        kind=str(kind),
        visit_type=(visit["type"] if visit else VisitType.HOME.value) if is_visit else "",
        visit_id=visit_id,
        started_at=visit["planned_at"] if visit else desk.now().replace(second=0, microsecond=0),
        ended_at=None,
        people=tuple(presence(m) for m in members if not m.is_unborn) if is_visit else (),
        goals=goals,
        needs=needs,
        place=(visit["place"] or "") if visit else "",
    )


def save_draft(desk: Desk, draft: NoteDraft) -> datetime:
    """Keep a draft as it is; gives when. Cheap enough for every second; nothing is sent.

    Raises Problem when the disk will not take it: the text is still on the screen.
    """
    now = desk.now()
    body = msgspec.to_builtins(replace(draft, saved_at=now))
    keep = kept.Draft(draft.draft_id, NOTE, draft.family_id, body, draft.cursor, now, now)
    with desk.vault.write() as connection:
        kept.put(connection, keep)
    return now


def drop_draft(desk: Desk, draft_id: str) -> None:
    """Throw a draft away. Only ever on the author's word."""
    with desk.vault.write() as connection:
        kept.drop(connection, draft_id)


def open_draft(desk: Desk, draft_id: str) -> NoteDraft:
    """A kept draft, with who and what has come to the family since. Raises NotHere."""
    with desk.vault.read() as connection:
        found = kept.get(connection, draft_id)
        if found is None or found.kind != NOTE:
            raise NotHere
        draft = note_of(found)
        family = row(connection, "family", draft.family_id)
        members = members_of(connection, [draft.family_id], desk.today()).get(draft.family_id, [])
        goals, needs = _links(connection, draft.family_id)
    ticked = {p.person_id for p in draft.people}
    new = tuple(presence(m) for m in members if m.person_id not in ticked and not m.is_unborn)
    is_visit = draft.kind == NoteKind.VISIT
    return replace(
        draft,
        family_label=family["label"],
        people=draft.people + (new if is_visit else ()),
        goals=goals,
        needs=needs,
    )


def drafts(desk: Desk) -> list[DraftLine]:
    """Every note that waits to be finished, the latest first."""
    with desk.vault.read() as connection:
        return _lines(connection)


def of_family(connection: Connection, family_id: str) -> tuple[DraftLine, ...]:
    """The drafts about one family, the latest first."""
    return tuple(_lines(connection, family_id))


def draft_title(draft: NoteDraft) -> str:
    """ "Home visit", "Call or letter"."""
    if draft.kind == NoteKind.VISIT and draft.visit_type:
        return word(VisitType, draft.visit_type).words
    return word(NoteKind, draft.kind).words


def presence(member: Member) -> Presence:
    """A member's chip, not ticked."""
    about = member.age_words if member.is_child else word(MemberRole, member.role).words.lower()
    return Presence(
        person_id=member.person_id,
        name=member.name,
        role=word(MemberRole, member.role),
        words=f"{member.name}, {about}" if about else member.name,
        is_child=member.is_child,
    )


def has_access(draft: NoteDraft) -> bool:
    """Whether anybody was met: who was there is asked only then."""
    return draft.kind == NoteKind.VISIT and draft.visit_type not in NO_ACCESS


def _lines(connection: Connection, family_id: str | None = None) -> list[DraftLine]:
    found = [note_of(draft) for draft in kept.list(connection, kind=NOTE, family_id=family_id)]
    return [
        DraftLine(
            draft_id=draft.draft_id,
            family_id=draft.family_id,
            family_label=draft.family_label,
            title=draft_title(draft),
            first_words=first_words(draft.what_happened),
            saved_at=draft.saved_at,
        )
        for draft in found
        if draft.saved_at is not None
    ]


def _links(connection: Connection, family_id: str) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """(goals of the present plan, open needs) a note can be tied to."""
    plan = gaps.present_plan(rows_of(connection, "plan", family_id=family_id))
    goals = gaps.goals_of(plan, rows_of(connection, "goal", family_id=family_id))
    titles = need_titles(connection)
    needs: list[Record] = rows_of(connection, "need", family_id=family_id)
    return (
        tuple(
            Link(goal["id"], first_words(goal["statement"] or "", 60))
            for goal in goals
            if goal["state"] not in OVER_GOALS
        ),
        tuple(
            Link(need["id"], need_words(need, titles)) for need in needs if need["status"] not in OVER_NEEDS
        ),
    )


def need_words(need: Record, titles: dict[str, str]) -> str:
    """What a need is called in a list: its type, or the family's own words."""
    kind = f"h:{need['headline']}" if need["headline"] else f"l:{need['local_type']}"
    return titles.get(kind) or first_words(need["described_in_family_words"] or say("plan.need_other"), 60)
