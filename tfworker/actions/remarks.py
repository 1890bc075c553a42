"""What a person should know or look at, and no card is about: found in the records themselves."""

from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy import select

from tfworker.actions.caseload import ENDED, allocated_today
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading
from tfworker.actions.phrases import HERE, day, first_words, moment, say
from tfworker.actions.titles import note_title
from tfworker.actions.values import Chip, Remark, Tone
from tfworker.records import Family, HeadlineProblem, LocalNeedType, Need, VisitNote
from tfworker.records.words import NeedStatus
from tfworker.store import facts

READ = "remarks_read"  # fact of the vault: keys of remarks she has marked as read
MOST = 20  # of one kind; the rest come up as these are dealt with


def remarks(desk: Desk) -> list[Remark]:
    """What to look at, beside the cards: notes written after a family was closed (for its leader),
    needs whose kind is no longer in the council's list (for its worker)."""
    with desk.vault.read() as connection:
        return read_remarks(desk, Reading(connection, desk.schema, desk.now()))


def read_remarks(desk: Desk, reading: Reading) -> list[Remark]:
    """As `remarks`, inside the caller's transaction."""
    read = set(facts.get(reading.connection, READ, []))
    found = [*_after_closing(desk, reading), *_out_of_list(desk, reading)]
    return [remark for remark in found if remark.key not in read]


def mark_read(desk: Desk, key: str) -> None:
    """She has seen it: it is not listed again on this laptop."""
    with desk.vault.write() as connection:
        read: list[str] = facts.get(connection, READ, [])
        if key not in read:
            facts.put(connection, {READ: [*read, key]})


def _after_closing(desk: Desk, reading: Reading) -> Iterator[Remark]:
    """Notes of what happened after the day on which their family's work was ended."""
    if not desk.me.leads:
        return
    closed = {
        row.id: row
        for row in reading.connection.execute(
            select(Family.id, Family.label, Family.status_on).where(
                Family.status.in_(ENDED), Family.status_on.is_not(None)
            )
        )
    }
    query = select(VisitNote.__table__).where(
        VisitNote.family_id.in_(closed), VisitNote.finalised_at.is_not(None)
    )
    notes = reading.connection.execute(query.order_by(VisitNote.happened_at.desc()))
    late = [
        row._asdict()
        for row in notes
        if row.happened_at is not None
        and row.happened_at > datetime.combine(closed[row.family_id].status_on, time.max, HERE)
    ]
    for note in late[:MOST]:
        family = closed[note["family_id"]]
        who = reading.name("worker", str(note["written_by"]))
        yield Remark(
            key=f"closed:{note['id']}",
            title=say(
                "remark.closed", what=note_title(note), moment=moment(note["happened_at"], reading.now)
            ),
            advice=say("remark.closed.advice", who=who, day=day(family.status_on, reading.today)),
            chip=Chip(say("remark.closed.chip"), Tone.INFO),
            family_id=family.id,
            family_label=family.label,
            note_id=note["id"],
            dismissible=True,
        )


def _out_of_list(desk: Desk, reading: Reading) -> Iterator[Remark]:
    """Open needs of her families whose kind the council has taken out of its list."""
    hers = [
        family_id
        for family_id, who in allocated_today(reading.connection, reading.today).items()
        if any(one.worker_id == desk.me.worker_id for one in who)
    ]
    retired = _retired(reading)
    if not hers or not retired:
        return
    query = (
        select(Need.family_id, Family.label, Need.id, Need.described_in_family_words, Need.headline,
               Need.local_type)
        .join(Family, Family.id == Need.family_id)
        .where(Need.family_id.in_(hers), Need.status.is_distinct_from(NeedStatus.MET))
    )  # fmt: skip
    found = [
        row
        for row in reading.connection.execute(query)
        if f"h:{row.headline}" in retired or f"l:{row.local_type}" in retired
    ]
    for row in found[:MOST]:
        title = retired.get(f"h:{row.headline}") or retired[f"l:{row.local_type}"]
        words = first_words(row.described_in_family_words or "", 60)
        yield Remark(
            key=f"kind:{row.id}",
            title=say("remark.kind", title=title),
            advice=say("remark.kind.advice" if words else "remark.kind.advice_no_words", words=words),
            chip=Chip(say("remark.kind.chip"), Tone.WARN),
            family_id=row.family_id,
            family_label=row.label,
            tab="plan",
        )


def _retired(reading: Reading) -> dict[str, str]:
    """{code: title} of kinds of need no longer in the list. One that is listed under another rule set
    still is in it."""
    connection = reading.connection
    listed: dict[str, list[tuple[bool, str]]] = {}
    for code, title, active in connection.execute(
        select(HeadlineProblem.code, HeadlineProblem.title, HeadlineProblem.active)
    ):
        listed.setdefault(f"h:{code}", []).append((bool(active), title))
    for code, title, active in connection.execute(
        select(LocalNeedType.code, LocalNeedType.title, LocalNeedType.active)
    ):
        listed.setdefault(f"l:{code}", []).append((bool(active), title))
    return {code: some[0][1] for code, some in listed.items() if not any(active for active, _ in some)}
