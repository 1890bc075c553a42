"""A disk that is full or fails at the k-th write, once or until somebody makes room.

The error comes from the system call itself, below SQLCipher and Python alike (`tracing`). The laptop
must say so in words, keep what was being written, and go on once the disk is well again.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sync.ops import Change
from sync.sql import save
from tests.actions.caseload_of import NOW
from tests.processes.laptops import VAULT, Laptop, Notes, open_laptop
from tests.processes.nursery import Order
from tests.processes.scenes import SCENES, Sitting
from tests.processes.tracing import Stop
from tests.processes.ways import way_to
from tfworker.errors import Problem
from tfworker.store import drafts

ENDURED = ("save", "push", "lost", "first", "documents")  # scenes whose every write fails once
AT_THE_COUNCIL = ("push", "lost", "decide", "documents")
ERRORS = (errno.ENOSPC, errno.EIO)
DRAFT = "a" * 32
T = TypeVar("T")


@dataclass
class Disk:
    """What the process knows of its disk: it can have room made, and notes what it was told."""

    folder: Path
    problems: int = 0

    def insist(self, what: Callable[[], T]) -> T:
        """Do it; if the disk fails, have the disk mended and do it again."""
        try:
            return what()
        except Problem as problem:
            self.problems += 1
            self._note("told", f"{type(problem).__name__}: {problem.title}")
            self._note("healed", "room was made")
            return what()

    def _note(self, name: str, words: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write(words + "\n")


class Writing(Sitting):
    """A sitting in which every save was a draft first, as in the editor."""

    def __init__(self, disk: Disk, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.disk = disk

    def save(self, name: str, *changes: Change) -> None:
        body = {"text": name}
        self.disk.insist(lambda: self._put_draft(body))
        op_ids = self.disk.insist(lambda: self._finish(changes, body))
        self.say(name, op_ids)

    def attach(self, name: str, data: bytes, family: str = "family") -> None:
        self.disk.insist(lambda: super(Writing, self).attach(name, data, family))

    def _put_draft(self, body: dict[str, str]) -> None:
        with self.laptop.write() as connection:
            drafts.put(connection, drafts.Draft(DRAFT, "note", None, body, 0, NOW, NOW))

    def _finish(self, changes: Sequence[Change], body: dict[str, str]) -> list[str]:
        # The text is in the draft until the transaction that makes a record of it.
        with self.laptop.read() as connection:
            kept = drafts.get(connection, DRAFT)
        assert kept is not None, "the draft is gone"
        assert kept.body == body, "the draft is another"
        with self.laptop.write() as connection:
            op_ids = save(connection, self.laptop.schema, changes, clock=self.laptop.clock)
            drafts.drop(connection, DRAFT)
        return op_ids

    def sync(self) -> None:
        self.disk.insist(super().sync)


def endure(order: Order) -> None:
    """Play a scene on a disk that fails."""
    folder = Path(order.folder)
    disk, notes = Disk(folder), Notes.of(folder)
    said = os.open(folder / "said", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def say(name: str, op_ids: list[str]) -> None:
        os.write(said, "\t".join([name, *op_ids]).encode() + b"\n")

    laptop: Laptop = disk.insist(lambda: open_laptop(folder, VAULT))
    sitting = Writing(disk, laptop, notes, way_to(order.given["url"], notes), say)
    SCENES[order.given["scene"]].play(sitting)
    with laptop.read() as connection:
        assert drafts.list(connection) == [], "a draft is left behind"
    disk.insist(laptop.close)


def stops(points: int) -> Iterator[Stop]:
    """Every way every write may fail."""
    for at in range(1, points + 1):
        for error in ERRORS:
            for for_ever in (False, True):
                yield Stop(at, error=error, for_ever=for_ever)
