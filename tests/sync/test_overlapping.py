"""Where the way allows it a laptop works while a request is on its way, and nothing changes for it."""

from collections.abc import Callable

import pytest

from sync.device import run_round
from sync.errors import Cancelled, SyncProblem, TooLarge, Unreachable
from sync.memory.transport import MemoryTransport
from sync.wire import PullRequest, PushReply, PushRequest, decode
from tests.sync.agreeing import agree
from tests.sync.conftest import Device, World, in_pages


class OnItsWay:
    """A request whose answer is there at once, or only when it is waited for."""

    def __init__(self, way: "Beside", ask: Callable[[], bytes]) -> None:
        way.travelling += 1
        self.way = way
        self.ask = ask
        self.answered: bytes | SyncProblem | None = None
        if way.quick:
            self._run()

    def _run(self) -> None:
        try:
            self.answered = self.ask()
        except SyncProblem as problem:
            self.answered = problem

    def answer(self) -> bytes:
        self.abandon()
        if isinstance(self.answered, SyncProblem):
            raise self.answered
        assert self.answered is not None
        return self.answered

    def abandon(self) -> None:
        if self.answered is None:
            self._run()
        self.way.travelling -= 1


class Beside(MemoryTransport):
    """A way to the hub over which requests overlap with the laptop's own work.

    quick: the hub is always done before the laptop goes on; else never before it waits.
    """

    def __init__(self, device: Device, *, quick: bool) -> None:
        super().__init__(device.world.hub, device.caller)
        self.quick = quick
        self.travelling = 0
        self.begun: list[str] = []

    def begin(self, step: str, body: bytes) -> OnItsWay:
        assert self.travelling == 0, "one request at a time"
        self.begun.append(step)
        return OnItsWay(self, lambda: self.send(step, body))


@pytest.fixture(params=[True, False], ids=["quick hub", "slow hub"])
def quick(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def beside(world: World, user: str, quick: bool) -> tuple[Device, Beside]:
    device = world.device(user)
    way = device.transport = Beside(device, quick=quick)
    return device, way


def shown(device: Device, most: int) -> None:
    """Ask for pages of at most so many rows."""
    device.store.begin()
    device.store.keep_sizes(most, most)


def test_many_batches_and_pages_arrive_as_ever(small_world: World, quick: bool) -> None:
    world = small_world
    ana, up = beside(world, "ana", quick)
    ben, down = beside(world, "ben", quick)
    tools = [ana.add("tool", shelf="a", name=str(number)) for number in range(30)]
    in_pages(ana, 4)

    sent = ana.sync()
    shown(ben, 4)
    received = ben.sync()

    assert (sent.sent, received.received) == (30, 30)
    assert "push" in up.begun
    assert "pull" in down.begun
    assert [ben.row(tool) for tool in tools] == [world.row(tool) for tool in tools]
    assert all(entry["n"] for entry in world.ledger() if entry["line"] == ana.caller.line)
    agree(world, ana, ben)
    assert ana.waiting() == 0


def test_a_batch_is_sent_only_once_the_one_before_it_has_its_answer(small_world: World, quick: bool) -> None:
    ana, way = beside(small_world, "ana", quick)
    for number in range(12):
        ana.add("tool", shelf="a", name=str(number))
    in_pages(ana, 3)
    seen: list[tuple[str, int]] = []

    def sent(step: str, body: bytes) -> None:
        if step == "push":
            seen.append(("sent", decode(PushRequest, body).after_n))

    def answered(step: str, body: bytes) -> None:
        if step == "push":
            seen.append(("answered", len(decode(PushReply, body).receipts)))

    way.before, way.after = sent, answered
    ana.sync()

    assert seen == [(what, n) for start in (0, 3, 6, 9) for what, n in (("sent", start), ("answered", 3))]


@pytest.mark.parametrize("lost", range(1, 5))
def test_a_lost_answer_loses_nothing_that_was_answered_before(
    small_world: World, quick: bool, lost: int
) -> None:
    world = small_world
    ana, way = beside(world, "ana", quick)
    tools = [ana.add("tool", shelf="a", name=str(number)) for number in range(12)]
    in_pages(ana, 3)
    pushes = 0

    def cut(step: str, body: bytes) -> None:
        nonlocal pushes
        pushes += step == "push"
        if pushes == lost and step == "push":
            raise Unreachable("the answer is lost")

    way.after = cut
    with pytest.raises(Unreachable):
        ana.sync()
    assert len(ana.receipts()) == 3 * (lost - 1)
    way.after = None
    agree(world, ana)

    assert (ana.waiting(), way.travelling) == (0, 0)
    assert [(world.row(tool) or {}).get("version") for tool in tools] == [1] * 12


def test_a_batch_too_large_for_the_way_drops_what_was_read_behind_it(small_world: World, quick: bool) -> None:
    world = small_world
    ana, way = beside(world, "ana", quick)
    tools = [ana.add("tool", shelf="a", name=str(number)) for number in range(14)]
    in_pages(ana, 6)

    def narrow(step: str, body: bytes) -> None:
        if step == "push" and len(decode(PushRequest, body).ops) > 2:
            raise TooLarge("the way takes less")

    way.before = narrow
    ana.sync()

    assert ana.waiting() == 0
    assert [entry["n"] for entry in world.ledger() if entry["record"] in tools] == list(range(1, 15))


@pytest.mark.parametrize("calls", range(1, 6))
def test_a_round_that_is_stopped_leaves_no_request_on_the_way(
    small_world: World, quick: bool, calls: int
) -> None:
    world = small_world
    for number in range(14):
        world.put("tool", shelf="a", name=f"council {number}")
    ana, way = beside(world, "ana", quick)
    for number in range(6):
        ana.add("tool", shelf="a", name=f"ana {number}")
    in_pages(ana, 3)
    shown(ana, 4)
    asked = iter(range(100))
    with pytest.raises(Cancelled):
        run_round(ana.store, way, world.clock, cancelled=lambda: next(asked) >= calls)
    assert way.travelling == 0
    agree(world, ana)

    assert (ana.waiting(), ana.count("tool")) == (0, 20)


def test_a_page_that_cannot_be_applied_takes_the_one_behind_it_along(small_world: World, quick: bool) -> None:
    world = small_world
    for number in range(20):
        world.put("tool", shelf="a", name=str(number))
    ana, way = beside(world, "ana", quick)
    shown(ana, 4)
    whole, applied = ana.store.apply_page, 0

    def full(reply: object, filled: object) -> object:
        nonlocal applied
        applied += 1
        if applied == 3:
            raise OSError("the disk is full")
        return whole(reply, filled)  # type: ignore[arg-type]

    ana.store.apply_page = full  # type: ignore[method-assign, assignment]
    with pytest.raises(OSError, match="full"):
        ana.sync()
    part = ana.count("tool")
    ana.store.apply_page = whole  # type: ignore[method-assign]
    assert (way.travelling, 0 < part < 20) == (0, True)
    agree(world, ana)

    assert ana.count("tool") == 20


@pytest.mark.parametrize("first", ["a", "b"])
def test_what_a_page_touched_while_the_last_was_asked_for_is_counted_too(
    small_world: World, quick: bool, first: str
) -> None:
    world = small_world
    ana = world.device("ana", "a", "b")
    ana.sync()
    for shelf in (first, "b" if first == "a" else "a"):
        for number in range(3):
            world.put("tool", shelf=shelf, name=str(number))
    way = ana.transport = Beside(ana, quick=quick)
    shown(ana, 3)
    asked: list[list[str]] = []

    def note(step: str, body: bytes) -> None:
        if step == "pull":
            asked.append(decode(PullRequest, body).check)

    way.before = note
    report = ana.sync()

    assert (report.mismatched, report.received) == ([], 6)
    assert f"shelf:{first}" in asked[-1]
    assert "pull" in way.begun
    agree(world, ana)
