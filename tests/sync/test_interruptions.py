"""A round can stop anywhere and simply be run again: same end, nothing lost, nothing twice."""

from collections.abc import Callable
from typing import Any

import pytest

from sync.errors import SyncProblem, Unreachable
from sync.ops import CHAIN_START, Act, Outcome, chain, commit, new_id
from sync.sql import Change
from tests.sync.agreeing import agree
from tests.sync.conftest import Device, World, in_pages

STEPS = (
    "begin", "place", "waiting", "take_receipts", "cursor", "scopes_to_fill", "outset", "apply_page",
    "purge_lost", "held_counts", "refill", "note_extras", "keep_sizes", "finish",
)  # fmt: skip


class Killed(Exception):
    """The process ended here."""


class Killer:
    """Stands around a device's store and wire; ends the process at the k-th moment.

    Every call has two moments: before it, and after what it did is durable but nobody knows.
    """

    def __init__(self, device: Device, at: int) -> None:
        self.moments, self.at = 0, at
        store, transport = device.store, device.transport
        for name in STEPS:
            setattr(store, name, self._around(getattr(store, name)))
        transport.before = lambda step, body: self._moment()
        transport.after = lambda step, reply: self._moment()

    def _around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*given: Any) -> Any:
            self._moment()
            result = call(*given)
            self._moment()
            return result

        return stepped

    def _moment(self) -> None:
        self.moments += 1
        if self.moments == self.at:
            raise Killed


def revive(device: Device) -> None:
    for name in STEPS:
        device.store.__dict__.pop(name, None)
    device.transport.before = device.transport.after = None


def busy_day(world: World) -> tuple[Device, Device, dict[str, str]]:
    """Work of every kind waits with ana; ben's is already at the council."""
    ids = {name: world.put("tool", shelf="a", name=name, phone="0", number="0", safe="yes")
           for name in ("clash", "merge", "safer", "review", "quiet")}  # fmt: skip
    lost = world.put("tool", shelf="b", name="lost")
    ana, ben = world.device("ana", "a", "b"), world.device("ben", "a")
    ana.sync(), ben.sync()
    ben.edit(ids["clash"], phone="X")
    ben.edit(ids["merge"], colour="red")
    ben.edit(ids["safer"], safe="no")
    ben.edit(ids["review"], state="lent")
    ben.add("tool", shelf="a", name="ben's")
    ben.sync()
    ana.edit(ids["clash"], phone="1")
    ana.edit(ids["clash"], phone="2", name="clashed")
    ana.edit(ids["merge"], name="merged")
    ana.edit(ids["safer"], number="9")
    ana.edit(ids["review"], colour="blue")
    ana.edit(ids["quiet"], shelf="c")  # central: held
    ana.edit(lost, name="last words")
    new = ana.add("tool", shelf="a", name="new")
    ana.edit(new, name="newer")
    ana.save(
        Change("tool", ids["quiet"], {"name": "act"}),
        Change("journal", new_id(), {"shelf": "a", "tool_id": new, "text": "one act"}, Act.INSERT),
    )
    ana.add("alarm", shelf="a", text="fire")
    world.keeper.allow("ana", "a")
    world.put("price", pence=4)
    return ana, ben, ids


def state(world: World) -> list[tuple[str, Any]]:
    """What the council holds, without the ids that are made anew each time."""
    found = []
    for name in ("tool", "journal", "alarm"):
        with world.engine.begin() as connection:
            for row in connection.execute(world.schema[name].table.select()).mappings():
                found.append(
                    (name, sorted((k, str(v)) for k, v in row.items() if k not in ("id", "tool_id")))
                )
    for card in world.cards():
        sides = {line: side["values"] for line, side in card["sides"].items()}
        found.append(("card", (card["group_name"], card["kind"], str(sides), str(card["base"]))))
    return sorted(found, key=str)


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[tuple[str, Any]], dict[str, int], int]:
    folder = tmp_path_factory.mktemp("undisturbed")
    world = World(f"sqlite:///{folder}/hub.db", folder)
    ana, ben, _ = busy_day(world)
    in_pages(ana, 4)
    killer = Killer(ana, 0)
    ana.sync()
    moments = killer.moments
    revive(ana)
    agree(world, ana, ben)
    outcomes: dict[str, int] = {}
    for outcome, _reason in ana.receipts().values():
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    end = state(world)
    world.close()
    return end, outcomes, moments


@pytest.mark.parametrize("part", range(8))
def test_a_round_killed_at_any_moment_ends_the_same(
    undisturbed: tuple[list[tuple[str, Any]], dict[str, int], int], tmp_path: Any, part: int
) -> None:
    end, outcomes, moments = undisturbed
    for at in range(1 + part, moments + 1, 8):
        folder = tmp_path / str(at)
        folder.mkdir()
        world = World(f"sqlite:///{folder}/hub.db", folder)
        ana, ben, _ = busy_day(world)
        in_pages(ana, 4)
        Killer(ana, at)
        with pytest.raises(Killed):
            ana.sync()
        revive(ana)
        agree(world, ana, ben)
        found: dict[str, int] = {}
        for outcome, _reason in ana.receipts().values():
            found[outcome] = found.get(outcome, 0) + 1
        ops = [row["op_id"] for row in world.ledger()]

        assert ana.waiting() == 0, at
        assert state(world) == end, at
        assert found == outcomes, at
        assert len(ops) == len(set(ops)), at
        world.close()


def test_the_same_push_sent_again_and_again_has_one_effect(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    tool = ana.add("tool", shelf="a", name="spade")
    bodies: list[bytes] = []
    ana.transport.before = lambda step, body: bodies.append(body) if step == "push" else None
    ana.sync()
    ana.edit(tool, name="fork")
    ana.sync()
    ledger = len(world.ledger())
    for body in (*bodies, *bodies, *reversed(bodies)):
        world.hub.push(ana.caller, body)

    assert len(world.ledger()) == ledger
    assert world.row(tool)["version"] == 2
    ana.edit(tool, name="axe")
    assert ana.sync().rejoined is None


def test_an_answer_to_an_earlier_push_is_no_answer(small_world: World) -> None:
    """Nothing may leave the queue without a receipt of its own."""
    ana = small_world.device("ana")
    ana.sync()
    replies: list[bytes] = []
    ana.transport.after = lambda step, reply: replies.append(reply) if step == "push" else None
    ana.add("tool", shelf="a", name="spade")
    ana.sync()
    second = ana.add("tool", shelf="a", name="fork")
    ana.transport.after = lambda step, reply: replies[0] if step == "push" else None
    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.after = None
    ana.sync()

    assert ana.waiting() == 0
    assert small_world.row(second)["name"] == "fork"
    assert len(ana.receipts()) == 2


def test_an_answer_to_an_earlier_pull_is_no_answer(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    replies: list[bytes] = []
    world.put("tool", shelf="a", name="spade")
    ana.transport.after = lambda step, reply: replies.append(reply) if step == "pull" else None
    ana.sync()
    world.put("tool", shelf="a", name="fork")
    ana.sync()
    before = ana.store.cursor()
    ana.transport.after = lambda step, reply: replies[0] if step == "pull" else None
    world.put("tool", shelf="a", name="axe")
    with pytest.raises(Unreachable):
        ana.sync()

    assert ana.store.cursor() == before


def test_an_edit_saved_between_push_and_pull_waits_over_what_the_council_has(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade", phone="0")
    ana.sync(), ben.sync()
    ben.edit(tool, phone="X")
    ben.sync()
    ana.edit(tool, phone="1")

    def hook(step: str, body: bytes) -> None:
        if step == "pull":
            ana.transport.before = None
            ana.edit(tool, phone="2", name="fork")

    ana.transport.before = hook
    ana.sync()
    shown = ana.row(tool)
    agree(world, ana, ben)
    (card,) = world.cards()

    assert (shown["phone"], shown["name"]) == ("2", "fork")
    assert (world.row(tool)["phone"], world.row(tool)["name"]) == ("X", "fork")
    assert card["sides"]["laptop-ana"]["values"] == {"phone": "2"}


def test_an_urgent_op_that_went_ahead_of_a_crash_is_not_sent_twice(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    for number in range(10):
        ana.add("tool", shelf="a", name=str(number))
    alarm = ana.add("alarm", shelf="a", text="fire")
    in_pages(ana, 3)

    def lose(step: str, reply: bytes) -> None:
        raise Unreachable("the answer was lost")

    ana.transport.after = lose
    for _ in range(3):
        with pytest.raises(SyncProblem):
            ana.sync()
    ana.transport.after = None
    report = ana.sync()
    kinds = [row["table_name"] for row in world.ledger() if row["table_name"] in ("tool", "alarm")]

    assert kinds == ["alarm", *["tool"] * 10]
    assert report.outcomes == {Outcome.APPLIED: 11}
    assert world.row(alarm, "alarm")["version"] == ana.row(alarm, "alarm")["version"] == 1


def test_a_laptop_put_back_to_an_earlier_state_rejoins_before_anything_is_taken(
    small_world: World,
) -> None:
    """Its next saves have the numbers of ops that the council has already taken."""
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    ana.edit(tool, name="one")
    ana.sync()
    for name in ("two", "three", "four"):
        ana.edit(tool, name=name)
    ana.sync()
    op, state_ = ana.schema.own("op"), ana.schema.own("device_state")
    with ana.engine.begin() as connection:  # as the copy has it: one op known, the rest never made
        kept = connection.execute(op.select().where(op.c.n == 1)).one()
        connection.execute(op.delete().where(op.c.n > 1))
        connection.execute(
            state_.update().values(n=1, chain=kept.chain, sent_pos=kept.pos, sent_n=1, sent_chain=kept.chain)
        )
    (late,) = ana.edit(tool, colour="red")

    report = ana.sync()
    agree(world, ana)

    assert report.rejoined == "fork"
    assert ana.receipts()[late][0] in ("applied", "merged")
    assert (world.row(tool)["name"], world.row(tool)["colour"]) == ("four", "red")


def test_receipts_take_effect_in_the_order_of_the_saves(small_world: World) -> None:
    """A clock put back makes later ops with smaller ids."""
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="0")
    ana.sync()
    ana.edit(tool, name="1")
    ana.edit(tool, name="2")
    op, queue = ana.schema.own("op"), ana.schema.own("queue")
    with ana.engine.begin() as connection:
        head = CHAIN_START
        waiting = connection.execute(op.select().where(op.c.pos == queue.c.pos).order_by(op.c.pos)).all()
        for row, op_id in zip(waiting, ("f" * 32, "0" * 32), strict=True):
            head = chain(head, op_id, commit(row.salt, bytes(row.content)))
            connection.execute(op.update().where(op.c.pos == row.pos).values(op_id=op_id, chain=head))
        connection.execute(ana.schema.own("device_state").update().values(chain=head))

    report = ana.sync()

    assert ana.row(tool)["version"] == world.row(tool)["version"] == 3
    assert report.mismatched == []
