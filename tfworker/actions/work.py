"""Where the work of this laptop is, item by item: what the status line counts, as a list."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from sync.ops import Outcome
from sync.sql.files_here import FileHere
from sync.sql.queue import waiting
from tfworker.actions import returned, review, tray
from tfworker.actions.acts import Saved, acts_of, note_of, place_of, what_of
from tfworker.actions.concerns import number_to_ring
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading, thing
from tfworker.actions.phrases import count, moment, say, since
from tfworker.actions.receipts import files_waiting
from tfworker.actions.review_shown import family_of
from tfworker.actions.rows import row
from tfworker.actions.values import (
    Closing,
    ReturnedEdit,
    ReviewCard,
    TrayItem,
    Whereabouts,
    WorkItem,
    WorkList,
)
from tfworker.actions.values import Connection as Contact

RECEIVED_SHOWN = 60  # acts; older ones are in the families' own pages
RECEIVED_READ = 240  # ops read for them: an act is rarely more than four
CONCERN = "safeguarding_concern"
CLOSING_SHOWN = 5  # items named when the day ends


def work(desk: Desk) -> WorkList:
    """Everything that is on this laptop only, or needs a person; and the newest the council has."""
    with desk.vault.read() as connection:
        reading = Reading(connection, desk.schema, desk.now())
        received, total = _received(reading)
        return WorkList(
            laptop=tuple(on_laptop(reading)),
            person=tuple(_for_a_person(desk, reading)),
            received=tuple(received),
            received_total=total,
        )


def on_laptop(reading: Reading) -> list[WorkItem]:
    """The acts without a receipt and the files not sent: concerns first, as they go, then the oldest."""
    op = reading.schema.own("op")
    rows = reading.connection.execute(select(op).select_from(waiting(reading.schema)).order_by(op.c.pos))
    items = [_unsent(reading, act) for act in acts_of(row._asdict() for row in rows)]
    items += [_file(reading, file) for file in files_waiting(reading.connection, reading.schema)]
    return sorted(items, key=lambda item: (not item.key.startswith(CONCERN), item.since))


def safe_to_close(desk: Desk) -> Closing:
    """Whether everything saved on this laptop has the council's receipt; if not, what has none, why,
    and what to do."""
    with desk.vault.read() as connection:
        reading = Reading(connection, desk.schema, desk.now())
        items = on_laptop(reading)
        concerns = sum(item.key.startswith(CONCERN) for item in items)
        phone = number_to_ring(connection, immediate_danger=False) if concerns else ""
    if not items:
        return Closing(True, say("closing.safe"), "", 0, 0, "", ())
    return Closing(
        safe=False,
        title=count("closing.unsent", len(items)),
        advice=_what_to_do(desk, concerns, phone),
        unsent=len(items),
        concerns=concerns,
        since_words=since(min(item.since for item in items), desk.now()),
        items=tuple(items[:CLOSING_SHOWN]),
    )


def _what_to_do(desk: Desk, concerns: int, phone: str) -> str:
    """Why it is still here, and what can be done: a worry first."""
    said = []
    if concerns:
        said.append(count("closing.concern", concerns, phone=phone or say("closing.front_door")))
    said.append(say(f"closing.why.{desk.contact.value}"))
    said.append(say("closing.do.sync" if desk.contact in (Contact.ONLINE, Contact.OFFLINE) else
                    f"closing.do.{desk.contact.value}"))  # fmt: skip
    return " ".join(said)


def _item(reading: Reading, where: Whereabouts, key: str, family: tuple[str, str], at: datetime) -> WorkItem:
    """What every line has; what it is about, and the rest, is for the caller to put in.

    family: its id and its label. at: since when it is there.
    """
    return WorkItem(key, where, "", *family, since=at, since_words=since(at, reading.now))


def _unsent(reading: Reading, act: Saved) -> WorkItem:
    is_concern = act.table == CONCERN
    key = f"{act.table if is_concern else 'act'}:{act.act_id}"
    return replace(
        _item(reading, Whereabouts.LAPTOP, key, place_of(reading, act.op), act.at),
        what=what_of(reading, act.op),
        why=say("work.why.laptop"),
        to_do=_ring(reading) if is_concern else say("work.do.laptop"),
        hers=is_concern,  # nobody else can ring about it: the council does not know of it yet
        note_id=note_of(act.op),
    )


def _file(reading: Reading, file: FileHere) -> WorkItem:
    """A document whose record the council has, and its bytes not yet."""
    document = row(reading.connection, file.table, file.record)
    family, at = family_of(reading, file.scope), document["written_at"] or reading.now
    return replace(
        _item(reading, Whereabouts.LAPTOP, f"file:{file.record}", family, at),
        what=say("work.file", title=document["title"] or thing(file.table)),
        why=say("document.refused") if file.refused else say("work.why.file"),
        to_do=say("document.refused.advice") if file.refused else say("work.do.laptop"),
    )


def _ring(reading: Reading) -> str:
    phone = number_to_ring(reading.connection, immediate_danger=False)
    return say("work.do.concern", phone=phone or say("closing.front_door"))


def _received(reading: Reading) -> tuple[list[WorkItem], int]:
    """(the newest acts the council has taken, how many it has in all as far as this laptop knows)."""
    op, receipt = reading.schema.own("op"), reading.schema.own("receipt")
    taken = receipt.c.outcome.not_in([Outcome.HELD, Outcome.REFUSED])
    both = op.join(receipt, receipt.c.op_id == op.c.op_id)
    total = reading.connection.execute(
        select(func.count(op.c.act_id.distinct())).select_from(both).where(taken)
    ).scalar_one()
    rows = reading.connection.execute(
        select(op, receipt.c.received_at, receipt.c.seq)
        .select_from(both)
        .where(taken)
        .order_by(receipt.c.received_at.desc(), op.c.pos.desc())
        .limit(RECEIVED_READ)
    )
    acts = acts_of(row._asdict() for row in rows)[:RECEIVED_SHOWN]
    return [_taken(reading, act) for act in acts], total


def _taken(reading: Reading, act: Saved) -> WorkItem:
    at = datetime.fromtimestamp(act.op["received_at"] / 1000, UTC)
    return replace(
        _item(reading, Whereabouts.COUNCIL, f"act:{act.act_id}", place_of(reading, act.op), at),
        what=what_of(reading, act.op),
        since_words=say("work.received", moment=moment(at, reading.now), number=f"{act.op['seq']:,}"),
        note_id=note_of(act.op),
    )


def _for_a_person(desk: Desk, reading: Reading) -> list[WorkItem]:
    """What needs this worker first, each the oldest first; then what waits for somebody else."""
    connection: Connection = reading.connection
    items = [_of_card(reading, card) for card in review.read_cards(desk, reading)]
    items += [_of_returned(reading, edit) for edit in returned.edits(desk, connection)]
    items += [_of_tray(reading, item) for item in tray.items(desk, reading)]
    return sorted(items, key=lambda item: (not item.hers, item.since, item.key))


def _of_card(reading: Reading, card: ReviewCard) -> WorkItem:
    family = (card.family_id, card.family_label)
    return replace(
        _item(reading, Whereabouts.PERSON, f"card:{card.card_id}", family, card.opened_at),
        what=card.title,
        why=card.why_words,
        to_do=say("work.do.card") if card.may_decide else card.decided_by_words,
        hers=card.may_decide,
        card_id=card.card_id,
    )


def _of_returned(reading: Reading, edit: ReturnedEdit) -> WorkItem:
    family = (edit.family_id, edit.family_label)
    return replace(
        _item(reading, Whereabouts.PERSON, f"op:{edit.op_id}", family, edit.made_at),
        what=edit.what,
        why=edit.reason,
        to_do=say("work.do.waits" if edit.waits else "work.do.returned"),
        hers=not edit.waits,
        op_id=edit.op_id,
    )


def _of_tray(reading: Reading, item: TrayItem) -> WorkItem:
    family = (item.family_id, item.family_label)
    asked = say("work.do.read" if item.to_read else "work.do.tray")
    return replace(
        _item(reading, Whereabouts.PERSON, f"held:{item.held_id}", family, item.made_at),
        what=item.what,
        why=item.reason,
        to_do=asked if item.may_decide else item.decided_by_words,
        hers=item.may_decide,
        held_id=item.held_id,
    )
