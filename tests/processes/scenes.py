"""What happens while the kill comes: short stretches of a worker's day, each from a template of its own.

A scene is prepared once: records at the council, saves that wait on the laptop. Then it is played:
saves, each acknowledged the moment it returned, and rounds.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import msgspec
from sqlalchemy import select, update

from sync.device import run_round
from sync.ops import Act, Change, new_id
from sync.ports import Transport
from sync.wire import PART_BYTES, PROTOCOL, PullRequest, PutFile, parts_of
from tests.actions.caseload_of import DALE, NOW
from tests.processes.laptops import Laptop, Notes
from tfworker.council.service import DESK, Council

SMALL_PAGE = 9  # rows
FEW_OPS = 3


class Sitting:
    """A laptop in use. say: called with a save's name and its op ids once the save has returned."""

    def __init__(
        self, laptop: Laptop, notes: Notes, transport: Transport, say: Callable[[str, list[str]], None]
    ) -> None:
        self.laptop, self.notes, self.transport, self.say = laptop, notes, transport, say

    def save(self, name: str, *changes: Change) -> None:
        self.say(name, self.laptop.save(changes))

    def edit(self, name: str, table: str, which: str, **patch: Any) -> None:
        self.save(name, Change(table, self.notes.ids[which], patch))

    def add(self, name: str, table: str, **fields: Any) -> None:
        self.save(name, Change(table, fixed(name), fields, Act.INSERT))

    def note(self, name: str, family: str = "family", **more: Any) -> None:
        self.add(name, "visit_note", family_id=self.notes.ids[family], kind="phone", happened_at=NOW,
                 what_happened=f"Rang her: {name}. " * 20, written_by=self.notes.worker, **more)  # fmt: skip

    def attach(self, name: str, data: bytes, family: str = "family") -> None:
        """A photo is put on a family's file."""
        change = document(name, self.notes.ids[family], data, written_by=self.notes.worker)
        self.say(name, self.laptop.attach(change, data))

    def sync(self) -> None:
        run_round(self.laptop.device, self.transport, self.laptop.clock, files=self.laptop.files)


class Prepare(Protocol):
    def __call__(self, council: Council, sitting: Sitting) -> None: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """prepare: at the council and on the laptop, before. play: what the kill interrupts.

    synced: whether the laptop has had a round before. small: pulls and pushes in small pages.
    """

    prepare: Prepare
    play: Callable[[Sitting], None]
    synced: bool = True
    small: bool = False


class SmallPages:
    """A way to the hub that asks for small pages."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, step: str, body: bytes) -> bytes:
        if step == "pull":
            asked = msgspec.structs.replace(msgspec.json.decode(body, type=PullRequest), page_rows=SMALL_PAGE)
            body = msgspec.json.encode(asked)
        return self._transport.send(step, body)


def in_small_pages(sitting: Sitting) -> None:
    device, whole = sitting.laptop.device, sitting.laptop.device.waiting
    device.waiting = lambda ops, room: whole(min(ops, FEW_OPS), room)  # type: ignore[method-assign]
    sitting.transport = SmallPages(sitting.transport)


def fixed(name: str) -> str:
    """A record's id that is the same in every run."""
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def photo(words: str, size: int = 0) -> bytes:
    """Bytes that say something, over and over."""
    return (f"Photo: {words} ".encode() * (size // len(words) + 1))[: size or None]


def document(name: str, family: str, data: bytes, **more: str) -> Change:
    fields = {
        "family_id": family, "kind": "photo", "title": name, "file_name": "photo.jpg",
        "media_type": "image/jpeg", "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(), **more,
    }  # fmt: skip
    return Change("document", fixed(name), fields, Act.INSERT)


def council_attaches(council: Council, name: str, family: str, data: bytes) -> None:
    """A colleague's photo, with every byte."""
    change = document(name, family, data)
    council.hub.apply(DESK, [change])
    for part in range(parts_of(len(data))):
        piece = data[part * PART_BYTES : (part + 1) * PART_BYTES]
        about = PutFile(
            protocol=PROTOCOL, table=change.table, record=change.record, part=part, data=piece,
            sha256=hashlib.sha256(piece).hexdigest(),
        )  # fmt: skip
        reply = council.hub.files.put(DESK, about)
    assert reply.complete, f"the council has not got all of it: {reply.refused}"


def council_edits(council: Council, ids: Mapping[str, str]) -> None:
    """What somebody else wrote meanwhile, against what the laptop knows."""
    council.hub.apply(DESK, [
        Change("family", ids["family"], {"priority_now": "The school meeting."}),
        Change("household", ids["household"], {"tenure": "private_rent"}),
        Change("contact_point", ids["mobile"], {"safe_to_call": "no"}),
        Change("plan", ids["plan"], {"state": "completed", "state_on": date(2026, 11, 15)}),
        Change("goal", ids["goal"], {"current_0_10": 6}),
    ])  # fmt: skip


def nothing(council: Council, sitting: Sitting) -> None: ...


def work_of_every_kind(council: Council, sitting: Sitting) -> None:
    """Waiting: edits that will be applied, merged, put on cards, made safe, held, refused; one act
    of two records, a chain on one record."""
    council_edits(council, sitting.notes.ids)
    sitting.edit("clash", "family", "family", priority_now="The tenancy hearing moved.")
    sitting.edit("clash again", "family", "family", priority_now="The hearing is on Friday.")
    sitting.edit("merged", "household", "household", access_note="Side door.")
    sitting.edit("safer", "contact_point", "mobile", value="07700 900999")
    sitting.edit("review", "plan", "plan", review_due=date(2026, 12, 20))
    sitting.edit("quiet", "need", "need", severity="critical")
    sitting.edit("asked for", "family", "family", attach_year="2026")
    sitting.edit("refused", "visit_note", "finished note", what_happened="Never.")
    sitting.note("new note")
    need = {"family_id": sitting.notes.ids["family"], "status": "open", "written_by": sitting.notes.worker}
    sitting.save(
        "one act",
        Change("need", fixed("act need"), {**need, "local_type": "rent_arrears"}, Act.INSERT),
        Change("family", sitting.notes.ids["second family"], {"label": "Act family"}),
    )
    concern = {
        "family_id": sitting.notes.ids["family"],
        "happened_at": NOW,
        "written_by": sitting.notes.worker,
    }
    sitting.add("concern", "safeguarding_concern", seen_or_said="She says he came back.", **concern)


def much_news(council: Council, sitting: Sitting) -> None:
    ids = sitting.notes.ids
    council_edits(council, ids)
    notes = [
        Change("visit_note", fixed(f"theirs {n}"), {"family_id": ids["family"], "kind": "letter",
               "happened_at": NOW, "what_happened": f"Letter {n} of many. " * 10}, Act.INSERT)
        for n in range(30)
    ]  # fmt: skip
    council.hub.apply(DESK, notes)


def a_family_comes(council: Council, sitting: Sitting) -> None:
    ids = sitting.notes.ids
    allocation = {"family_id": ids["colleague's family"], "worker_id": sitting.notes.worker}
    more = {"role": "lead", "from_on": date(2026, 11, 1), "reason": "transfer"}
    council.hub.apply(DESK, [Change("allocation", fixed("comes"), allocation | more, Act.INSERT)])
    sitting.note("before it came")


def a_family_goes(council: Council, sitting: Sitting) -> None:
    """Four things to read and three edits wait for a family that is somebody else's now."""
    ids = sitting.notes.ids
    for number in range(4):
        sitting.note(f"last words {number}", "second family")
    sitting.edit("late edit", "family", "second family", priority_now="Ask Dana about Friday.")
    sitting.edit("late need", "need", "second need", severity="critical")
    sitting.edit("still mine", "family", "family", priority_now="The hearing.")
    ended = Change("allocation", ids["second allocation"], {"to_on": date(2026, 11, 1)})
    given = {"family_id": ids["second family"], "worker_id": ids[DALE], "role": "lead"}
    begun = Change(
        "allocation", new_id(), {**given, "from_on": date(2026, 11, 1), "reason": "transfer"}, Act.INSERT
    )
    council.hub.apply(DESK, [ended, begun])


def documents_both_ways(council: Council, sitting: Sitting) -> None:
    """One of two parts and an empty one are to come; one waits to go."""
    ids = sitting.notes.ids
    council_attaches(council, "theirs, large", ids["family"], photo("the stairs", PART_BYTES + 9))
    council_attaches(council, "theirs, empty", ids["second family"], b"")
    sitting.attach("mine", photo("the damp wall"))


def a_family_goes_with_documents(council: Council, sitting: Sitting) -> None:
    """One lies on the laptop, and one is there that nobody else has."""
    council_attaches(council, "theirs", sitting.notes.ids["second family"], photo("the letter"))
    sitting.sync()
    sitting.attach("mine", photo("the back door"), "second family")
    a_family_goes(council, sitting)


def another_epoch(council: Council, sitting: Sitting) -> None:
    work_of_every_kind(council, sitting)
    with council.engine.begin() as connection:
        connection.execute(update(council.schema.own("ledger_head")).values(epoch=new_id()))


def a_card(council: Council, sitting: Sitting) -> None:
    """A card is open, and known on the laptop."""
    council_edits(council, sitting.notes.ids)
    sitting.edit("clash", "family", "family", priority_now="The hearing is on Friday.")
    sitting.sync()


# -- what is played


def saving(sitting: Sitting) -> None:
    """A new record and a chain of edits on it, an act of two records, edits of what is known."""
    sitting.note("first")
    sitting.save("first again", Change("visit_note", fixed("first"), {"child_means": "Calmer mornings."}))
    sitting.edit("label", "family", "family", label="Reed and Moss family")
    need = {"family_id": sitting.notes.ids["family"], "status": "open", "written_by": sitting.notes.worker}
    sitting.save(
        "act",
        Change("need", fixed("n"), {**need, "local_type": "rent_arrears"}, Act.INSERT),
        Change("goal", sitting.notes.ids["goal"], {"current_0_10": 7}),
    )
    sitting.edit("number", "contact_point", "mobile", safe_note="Never after four.")
    sitting.edit("label again", "family", "family", label="Reed family")
    sitting.note("last")


def one_save(sitting: Sitting) -> None:
    sitting.note("alone")


def one_round(sitting: Sitting) -> None:
    sitting.sync()


def save_and_sync(sitting: Sitting) -> None:
    sitting.note("before")
    sitting.sync()
    sitting.edit("between", "family", "family", label="Between family")
    sitting.note("after")
    sitting.sync()


def decide(sitting: Sitting) -> None:
    cards = sitting.laptop.schema["conflict"].table
    with sitting.laptop.read() as connection:
        card = connection.execute(select(cards.c.id).where(cards.c.group_name == "priority_now")).scalar_one()
    values = {"priority_now": "The hearing is on Friday; school on Monday."}
    decision = {"choice": "edited", "values": values, "why": "Both matter."}
    sitting.save("decided", Change("conflict", card, decision, Act.DECIDE))
    sitting.sync()


def attach_and_sync(sitting: Sitting) -> None:
    sitting.attach("large", photo("the kitchen", PART_BYTES + 1))
    sitting.sync()
    sitting.attach("small", photo("the garden"))
    sitting.sync()


SCENES: Mapping[str, Scene] = {
    "save": Scene(nothing, saving),
    "one save": Scene(nothing, one_save),
    "push": Scene(work_of_every_kind, one_round),
    "small pages": Scene(work_of_every_kind, one_round, small=True),
    "save and sync": Scene(nothing, save_and_sync),
    "pull": Scene(much_news, one_round),
    "pull by pages": Scene(much_news, one_round, small=True),
    "first": Scene(nothing, one_round, synced=False),
    "gained": Scene(a_family_comes, one_round),
    "lost": Scene(a_family_goes, one_round),
    "rejoin": Scene(another_epoch, one_round),
    "decide": Scene(a_card, decide),
    "documents": Scene(documents_both_ways, attach_and_sync),
    "documents lost": Scene(a_family_goes_with_documents, one_round),
}
WITH_DOCUMENTS = ("documents", "documents lost")
