"""What a person should know or look at, and no card is about: found in the records themselves."""

from collections.abc import Iterator

from sqlalchemy import select

from tfworker.actions.caseload import allocated_today
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading
from tfworker.actions.phrases import first_words, say
from tfworker.actions.values import Chip, Remark, Tone
from tfworker.records import Family, HeadlineProblem, LocalNeedType, Need
from tfworker.records.words import NeedStatus
from tfworker.store import facts

READ = "remarks_read"  # fact of the vault: keys of remarks she has marked as read
MOST = 20  # of one kind; the rest come up as these are dealt with


def remarks(desk: Desk) -> list[Remark]:
    """What to look at, beside the cards: needs whose kind is no longer in the council's list."""
    with desk.vault.read() as connection:
        return read_remarks(desk, Reading(connection, desk.schema, desk.now()))


def read_remarks(desk: Desk, reading: Reading) -> list[Remark]:
    """As `remarks`, inside the caller's transaction."""
    read = set(facts.get(reading.connection, READ, []))
    found = _out_of_list(desk, reading)
    return [remark for remark in found if remark.key not in read]


def mark_read(desk: Desk, key: str) -> None:
    """She has seen it: it is not listed again on this laptop."""
    with desk.vault.write() as connection:
        read: list[str] = facts.get(connection, READ, [])
        if key not in read:
            facts.put(connection, {READ: [*read, key]})


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
