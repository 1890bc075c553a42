"""When the children of families were last seen, and seen alone: from finished notes, in words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, select

from tfworker.actions.members import Member
from tfworker.actions.phrases import day, say
from tfworker.actions.values import ChildrenSeen
from tfworker.actions.wording import gap, standard
from tfworker.records import Family, VisitNote
from tfworker.records.words import Intensity
from tfworker.rules.coverage import Due, Seen, due_to_be_seen, last_seen

LOOK_BACK_WEEKS = 13  # how far back a caseload reads; a family's own page reads everything
NEVER = Seen()


def children_of(members: Iterable[Member]) -> list[Member]:
    """Those whom a visit can see: children, born."""
    return [m for m in members if m.is_child and not m.is_unborn]


def days_seen(
    connection: Connection,
    members: Iterable[Member],
    family_ids: Collection[str] | None,
    back_to: datetime | None,
) -> Mapping[str, Seen]:
    """{person id: Seen} of the children, from the notes since `back_to`; None reads every note.

    family_ids: whose notes; None for every family on the laptop.
    """
    query = select(VisitNote.happened_at, VisitNote.children_seen).where(
        VisitNote.children_seen.is_not(None), VisitNote.finalised_at.is_not(None)
    )
    # By family even for all of them: the index of notes begins with the family, and without it the
    # whole table would be read and decrypted.
    whose = select(Family.id) if family_ids is None else family_ids
    query = query.where(VisitNote.family_id.in_(whose))
    if back_to is not None:
        query = query.where(VisitNote.happened_at >= back_to)
    children = {m.person_id for m in children_of(members)}
    return last_seen(children, (row._asdict() for row in connection.execute(query)))


def children_seen(
    members: Sequence[Member], seen: Mapping[str, Seen], intensity: str, today: date, *, weeks: int | None
) -> ChildrenSeen:
    """The children of one family. weeks: how far back was read; None for everything."""
    children = children_of(members)
    if not children:
        return ChildrenSeen(0, None, None, say("seen.none"))
    of = {child.person_id: seen.get(child.person_id, NEVER) for child in children}
    on = [s.on for s in of.values() if s.on is not None]
    alone = [s.alone_on for s in of.values() if s.alone_on is not None]
    words = [_seen_words(children, of, today, weeks), _alone_words(children, of, today, weeks)]
    return ChildrenSeen(
        children=len(children),
        seen_on=min(on) if len(on) == len(children) else None,
        alone_on=min(alone) if len(alone) == len(children) else None,
        words="; ".join(w for w in words if w),
        gaps=_gaps(children, of, intensity, today) if weeks is None else (),
    )


def _seen_words(children: Sequence[Member], of: Mapping[str, Seen], today: date, weeks: int | None) -> str:
    on = {child.name: of[child.person_id].on for child in children}
    days = [d for d in on.values() if d is not None]
    if not days:
        return say("seen.never_all") if weeks is None else say("seen.not_lately_all", weeks=weeks)
    if len(days) == len(children):
        return say("seen.all", day=day(min(days), today))
    seen = [say("seen.child", name=name, day=day(d, today)) for name, d in on.items() if d is not None]
    key = "seen.not" if weeks is None else "seen.not_lately"
    return ", ".join(seen + [say(key, name=name, weeks=weeks) for name, d in on.items() if d is None])


def _alone_words(children: Sequence[Member], of: Mapping[str, Seen], today: date, weeks: int | None) -> str:
    if all(s.on is None for s in of.values()):
        return ""
    alone = {c.name: d for c in children if (d := of[c.person_id].alone_on) is not None}
    if not alone:
        return say("seen.alone_none") if weeks is None else say("seen.alone_not_lately", weeks=weeks)
    if len(alone) == len(children):
        return say("seen.alone_all", day=day(min(alone.values()), today))
    return ", ".join(say("seen.alone_one", name=name, day=day(d, today)) for name, d in alone.items())


def _gaps(children: Sequence[Member], of: Mapping[str, Seen], intensity: str, today: date) -> tuple[str, ...]:
    """Who is due to be seen by the council's standards, which are a person's to judge."""
    suffix = f"_{intensity}" if intensity in (Intensity.INTENSIVE, Intensity.LIGHT) else ""
    due = due_to_be_seen(
        of,
        today,
        within_days=standard(f"child_seen{suffix}"),
        alone_within_days=standard(f"child_seen_alone{suffix}"),
    )
    name_of = {child.person_id: child.name for child in children}
    return tuple(_gap(name_of[d.person_id], d, today) for d in due)


def _gap(name: str, due: Due, today: date) -> str:
    kind = "child_not_seen_alone" if due.alone else "child_not_seen"
    if due.since is None:
        return gap(kind, "never", name=name)
    return gap(kind, "since", name=name, date=day(due.since, today))
