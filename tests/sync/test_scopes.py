"""Scopes gained, lost, shrunk and regained, with work waiting in them and rounds that stop anywhere."""

import pytest
from sqlalchemy import func, select

from sync.errors import Unreachable
from sync.ops import Outcome, new_id, record_digest
from sync.sql.triggers import open_gate, shut_gate
from tests.sync.agreeing import agree, in_turn
from tests.sync.conftest import HOLD, KINDS, Device, World
from tests.sync.granting import FEW, during, redraw


def put_back(world: World) -> None:
    """The council's database as if of another past: a new epoch over the same records."""
    head = world.schema.own("ledger_head")
    with world.engine.begin() as connection:
        connection.execute(head.update().values(epoch=new_id()))


def shadows(device: Device) -> int:
    shadow = device.schema.own("shadow")
    with device.engine.begin() as connection:
        return connection.execute(select(func.count()).select_from(shadow)).scalar_one()


def test_nothing_of_a_lost_scope_stays_beside_the_tables(small_world: World) -> None:
    """The council's row is kept beside waiting work; with the scope it goes too."""
    world = small_world
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    ana.edit(tool, name="last words")
    assert shadows(ana) == 1
    world.keeper.allow("ana", "a")
    world.keeper.rulings["ana"] = HOLD
    redraw(world)

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 1}
    assert (ana.count("tool"), shadows(ana)) == (0, 0)


def test_work_saved_while_its_scope_is_lost_goes_up_before_it_is_purged(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    world.keeper.allow("ana", "a")
    redraw(world)
    during(ana, "pull", lambda: ana.edit(tool, name="last words"))

    ana.sync()

    assert world.row(tool)["name"] == "last words"
    assert ana.count("tool") == 0


def test_what_goes_up_beside_the_last_words_is_read_in_the_same_round(small_world: World) -> None:
    """It came after the pull: what others did to it is still to be fetched, and what is of a kind she is
    not given goes again."""
    world = small_world
    leaving = world.put("tool", shelf="b", name="spade")
    staying = world.put("tool", shelf="a", name="rake")
    ana = world.device("ana", "a", "b")
    ana.sync()
    world.keeper.allow("ana", "a", kinds=FEW)
    redraw(world)

    def meanwhile() -> None:
        world.put("tool", staying, name="hoe")
        ana.edit(staying, colour="red")
        ana.add("journal", shelf="a", text="lent")
        ana.edit(leaving, name="last words")

    during(ana, "pull", meanwhile)
    ana.sync()

    assert world.row(leaving)["name"] == "last words"
    assert (ana.row(staying)["name"], ana.row(staying)["colour"]) == ("hoe", "red")
    assert (ana.count("tool"), ana.count("journal")) == (1, 0)


def test_what_is_saved_once_more_while_that_goes_up_waits_for_the_next_round(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    world.keeper.allow("ana", "a")
    redraw(world)

    def meanwhile() -> None:
        ana.edit(tool, name="last words")
        during(ana, "push", lambda: ana.edit(tool, name="the very last"))

    during(ana, "pull", meanwhile)
    ana.sync()
    ana.transport.after = None
    ana.sync()

    assert world.row(tool)["name"] == "the very last"
    assert ana.count("tool") == 0


def test_a_scope_lost_between_the_reading_and_the_reading_again_goes_in_the_same_round(
    small_world: World,
) -> None:
    world = small_world
    world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    with ana.engine.begin() as connection:
        open_gate(connection)
        connection.execute(ana.schema["tool"].table.update().values(version=9))
        shut_gate(connection)
    world.put("tool", shelf="b", name="axe")

    def lose() -> None:
        world.keeper.allow("ana", "a")
        redraw(world)

    during(ana, "pull", lose)
    report = ana.sync()

    assert report.mismatched == ["shelf:b"]
    assert report.lost == 1
    assert ana.count("tool") == 0


def test_a_scope_lost_and_regained_between_two_rounds_is_exactly_current(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    world.keeper.allow("ana", "a")
    redraw(world)
    world.put("tool", tool, name="axe")
    world.keeper.allow("ana", "a", "b")
    redraw(world)

    agree(world, ana)

    assert ana.row(tool)["name"] == "axe"


def test_a_scope_regained_while_its_work_waits_is_not_purged(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="b", name="spade", colour="red")
    ana = world.device("ana", "a", "b")
    ana.sync()
    world.keeper.allow("ana", "a")
    redraw(world)
    during(ana, "pull", lambda: ana.edit(tool, name="fork"))
    ana.sync()
    world.put("tool", tool, colour="blue")
    world.keeper.allow("ana", "a", "b")
    redraw(world)

    agree(world, ana)

    assert (ana.row(tool)["name"], ana.row(tool)["colour"]) == ("fork", "blue")


def test_a_scope_lost_while_the_two_had_to_rejoin_is_lost_all_the_same(small_world: World) -> None:
    world = small_world
    world.put("tool", shelf="a", name="spade")
    gone = world.put("tool", shelf="b", name="secret")
    ana = world.device("ana", "a", "b")
    ana.sync()
    put_back(world)
    world.keeper.allow("ana", "a")
    redraw(world)

    report = ana.sync()

    assert report.rejoined == "epoch"
    assert report.mismatched == []
    assert ana.row(gone) is None
    assert ana.count("tool") == 1


def test_a_council_put_back_to_a_lower_version_is_read_as_it_is(small_world: World) -> None:
    """After a restore the council's row is the older one; the laptop shows what the council has."""
    world = small_world
    tool = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    world.put("tool", tool, name="axe")
    ana.sync()
    table = world.schema["tool"].table
    tally = world.schema.own("tally")
    with world.engine.begin() as connection:
        connection.execute(table.update().values(name="spade", version=1))
        connection.execute(tally.delete())
    put_back(world)
    with world.engine.begin() as connection:
        connection.execute(
            tally.insert(),
            {"scope": "shelf:a", "kind": "tool", "records": 1, "digest": f"{record_digest(tool, 1):032x}"},
        )

    report = ana.sync()

    assert report.mismatched == []
    assert (ana.row(tool)["name"], ana.row(tool)["version"]) == ("spade", 1)


def test_an_edit_between_rejoining_and_filling_is_decided_by_value(small_world: World) -> None:
    """Its base is a version of the earlier epoch, even if the cursor is already of the new one."""
    world = small_world
    first = [world.put("tool", shelf="a", name=str(n)) for n in range(4)]
    tool = world.put("tool", shelf="a", phone="0")
    ana = world.device("ana")
    ana.sync()
    world.put("tool", tool, phone="X")
    put_back(world)

    def lose_the_fill(step: str, body: bytes) -> bytes:
        if step == "pull" and b'"fill":[[' in body and b'"main"' in body:
            raise Unreachable("the cable is cut")
        return body.replace(b'"page_rows":2000', b'"page_rows":2')

    ana.transport.before = lose_the_fill
    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.before = None
    assert (ana.row(tool)["phone"], ana.count("tool")) == ("0", len(first) + 1)
    table = ana.schema["tool"].table
    with ana.engine.begin() as connection:  # the number that the other past gave what is here
        open_gate(connection)
        connection.execute(table.update().where(table.c.id == tool).values(version=2))
        shut_gate(connection)
    ana.edit(tool, phone="1")

    ana.sync()
    (card,) = world.cards()

    assert world.row(tool)["phone"] == in_turn("phone", "X", "1")
    assert card["sides"]["laptop-ana"]["values"] == {"phone": "1"}


def test_a_grant_that_changes_while_its_scope_is_filled_starts_the_filling_again(small_world: World) -> None:
    world = small_world
    tools = [world.put("tool", shelf="a", name=str(n)) for n in range(3)]
    notes = [world.put("journal", shelf="a", text=str(n)) for n in range(3)]
    ana = world.device("ana")

    def shrink() -> None:
        world.keeper.allow("ana", "a", kinds=KINDS, level=3)
        redraw(world)

    def hook(name: str, body: bytes) -> bytes:
        """Small pages; the grant shrinks when the first page of filling has come."""
        if b'"fill":[["shelf:a"],"tool"' in body and not shrunk:
            shrunk.append(name)
            shrink()
        return body.replace(b'"page_rows":2000', b'"page_rows":2')

    shrunk: list[str] = []
    ana.transport.before = hook

    report = ana.sync()

    assert shrunk
    assert report.mismatched == []
    assert (ana.count("tool"), ana.count("journal")) == (len(tools), len(notes))


@pytest.mark.parametrize("requests", range(1, 6))
def test_filling_cut_off_anywhere_is_complete_in_the_end(small_world: World, requests: int) -> None:
    world = small_world
    for number in range(7):
        world.put("tool", shelf="ab"[number % 2], name=str(number))
    ana = world.device("ana", "a", "b")
    count = 0

    def hook(name: str, body: bytes) -> bytes:
        nonlocal count
        count += 1
        if count == requests:
            raise Unreachable("the cable is cut")
        return body.replace(b'"page_rows":2000', b'"page_rows":2')

    ana.transport.before = hook
    with pytest.raises(Unreachable):
        ana.sync()
    world.put("tool", shelf="a", name="new meanwhile")
    report = ana.sync()
    agree(world, ana)

    assert report.mismatched == []
    assert ana.count("tool") == 8


def test_an_answer_to_an_earlier_question_explains_no_removal_and_asks_nobody(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    earlier: list[bytes] = []
    ana.transport.after = lambda step, reply: earlier.append(reply) if step == "pull" else None
    ana.sync()
    ana.transport.after = lambda step, reply: earlier[-1] if step == "pull" else None
    ana.edit(tool, name="axe")

    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.after = None

    assert ana.sync().set_aside == 0
    assert ana.row(tool)["name"] == "axe"
