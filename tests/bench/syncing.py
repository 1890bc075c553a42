"""B1, B2, B3: push, pull, and rounds in which little or nothing happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from statistics import median

from sync.device.pull import pull
from sync.device.push import push
from sync.http.packing import pack
from sync.ports import Transport
from tests.bench.figure import Figure, tell, timed
from tests.bench.laptop import empty
from tests.bench.place import Place, context, note, write_notes
from tests.bench.raw import raw_laptop
from tests.bench.swept import as_in_the_app
from tfworker.actions.desk import Desk
from tfworker.actions.syncing import sync_now

ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Small:
    """A small round: its median in seconds, what went and came at least, its requests and the bytes of
    their bodies each way, as they are packed, at most."""

    seconds: float
    sent: int
    received: int
    requests: int
    up: int
    down: int

    @property
    def words(self) -> str:
        return f"requests: {self.requests}, {self.up:,} B up, {self.down:,} B down"


class Counting:
    """The way to the council, keeping what goes over it, to be counted once the round is over."""

    def __init__(self, real: Transport) -> None:
        self.real = real
        self.sent: list[bytes] = []
        self.answers: list[bytes] = []

    def send(self, step: str, body: bytes) -> bytes:
        answer = self.real.send(step, body)
        self.sent.append(body)
        self.answers.append(answer)
        return answer


def moving(place: Place, desk: Desk, other: Desk, notes: int) -> Iterator[Figure]:
    """B1 and B2 in one go: what is pushed is what is pulled."""
    tell(f"{notes:,} notes into a laptop's vault")
    write_notes(place.caseload, desk, notes)
    with as_in_the_app():
        ours = timed(lambda: push(context(desk)))
    sync_now(desk)
    with raw_laptop(place.database, place.folder, desk) as raw, as_in_the_app():
        up, down = timed(raw.push), timed(raw.pull)
        assert raw.pushed == raw.pulled == notes
    yield Figure("B1", f"push {notes:,} new notes", ours, up, "≤ 1.7 s and ≤ 2 × raw", _met(ours, 1.7, up, 2))
    empty(other)
    with as_in_the_app():
        ours = timed(lambda: pull(context(other), set()))
    what = f"pull {notes:,} notes into an empty vault, searchable"
    yield Figure("B2", what, ours, down, "≤ 1.6 s and ≤ 2.5 × raw", _met(ours, 1.6, down, 2.5))


def small(place: Place, desk: Desk, other: Desk) -> Iterator[Figure]:
    """B3."""
    for each in (desk, other):
        sync_now(each)
    found = nothing_new(desk)
    met = found.seconds <= 0.010 and found.requests <= 1
    target = "≤ 10 ms, ≤ 1 request"
    yield Figure("B3", f"nothing new ({found.words})", found.seconds * 1000, None, target, met, "ms")
    found = one_note_each_way(place, desk, other)
    met = found.seconds <= 0.020 and found.requests <= 2 and max(found.up, found.down) <= 2048
    target = "≤ 20 ms, ≤ 2 requests, ≤ 2 KB each way"
    yield Figure("B3", f"one note each way ({found.words})", found.seconds * 1000, None, target, met, "ms")


def nothing_new(desk: Desk) -> Small:
    """Rounds in which there is nothing to send or to read."""
    found = _small(desk, lambda: None)
    assert (found.sent, found.received) == (0, 0)
    return found


def one_note_each_way(place: Place, desk: Desk, other: Desk) -> Small:
    """Rounds with one note of about 800 bytes to send and another to read."""
    numbers = count()

    def prepare() -> None:
        for writer in (other, desk):
            with writer.vault.write() as connection:
                writer.save(connection, [note(place.caseload, writer, next(numbers))])
        sync_now(other)

    found = _small(desk, prepare)
    assert (found.sent, found.received) == (1, 1)  # not held in a tray: then it would measure less
    return found


def _small(desk: Desk, prepare: Callable[[], None]) -> Small:
    took, reports, requests, up, down = [], [], 0, 0, 0
    for _ in range(ROUNDS):
        prepare()
        real = desk.transport
        way = desk.transport = Counting(real)
        with as_in_the_app():
            took.append(timed(lambda: reports.append(sync_now(desk))))
        desk.transport = real
        requests = max(requests, len(way.sent))
        up, down = max(up, _packed(way.sent)), max(down, _packed(way.answers))
    sent, received = (min(getattr(report, name) for report in reports) for name in ("sent", "received"))
    return Small(median(took), sent, received, requests, up, down)


def _packed(bodies: list[bytes]) -> int:
    return sum(len(pack(body)[0]) for body in bodies)


def _met(ours: float, most: float, raw: float, times: float) -> bool:
    return ours <= most and ours <= times * raw
