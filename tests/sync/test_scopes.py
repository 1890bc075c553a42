"""Scopes gained, lost, shrunk and regained, with work waiting in them and rounds that stop anywhere."""

import pytest
from sqlalchemy import func, select

from sync.device.context import Context
from sync.device.pull import pull
from sync.device.push import push
from sync.errors import Unreachable
from sync.ops import Outcome, new_id, record_digest
from sync.sql.triggers import open_gate, shut_gate
from tests.sync.agreeing import agree, clash, in_turn
from tests.sync.conftest import HOLD, KINDS, Device, World

FEW = KINDS - {"journal"}


def redraw(world: World) -> None:
    """Any write lets the hub redraw its grants."""
    world.put("price", pence=3)


def put_back(world: World) -> None:
    """The council's database as if of another past: a new epoch over the same records."""
    head = world.schema.own("ledger_head")
    with world.engine.begin() as connection:
        connection.execute(head.update().values(epoch=new_id()))


def shadows(device: Device) -> int:
    shadow = device.schema.own("shadow")
    with device.engine.begin() as connection:
        return connection.execute(select(func.count()).select_from(shadow)).scalar_one()


def during(device: Device, step: str, act: object) -> None:
    """Do something once, while the answer to a step is on its way."""

    def hook(name: str, reply: bytes) -> None:
        if name == step:
            device.transport.after = None
            act()  # type: ignore[operator]

    device.transport.after = hook


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


def test_a_grant_that_shrinks_takes_the_kinds_with_it(small_world: World) -> None:
    world = small_world
    world.put("journal", shelf="a", text="private")
    world.put("tool", shelf="a", name="spade", number="0")
    ana = world.device("ana")
    ana.sync()
    world.keeper.allow("ana", "a", kinds=FEW, level=3)
    redraw(world)

    report = ana.sync()

    assert (ana.count("journal"), ana.count("tool")) == (0, 1)
    assert report.mismatched == []


def test_a_kind_lost_with_work_waiting_in_it_goes_once_that_went_up(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    note = ana.add("journal", shelf="a", text="lent")
    ana.sync()
    world.keeper.allow("ana", "a", kinds=FEW)
    redraw(world)

    def meanwhile() -> None:
        ana.edit(note, "journal", text="lent to Bo")

    during(ana, "pull", meanwhile)
    ana.sync()
    still_here = ana.row(note, "journal")["text"]
    ana.sync()

    assert still_here == "lent to Bo"
    assert world.row(note, "journal")["text"] == "lent to Bo"
    assert ana.count("journal") == 0


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


def test_what_was_written_where_one_has_nothing_does_not_stay(small_world: World) -> None:
    world = small_world
    ana = world.device("ana", "a")
    ana.sync()
    alarm = ana.add("alarm", shelf="b", text="fire")
    own = ana.add("alarm", shelf="a", text="smoke")

    ana.sync()

    assert world.row(alarm, "alarm")["text"] == "fire"
    assert ana.row(alarm, "alarm") is None
    assert ana.row(own, "alarm") == world.row(own, "alarm")


def test_what_was_written_of_a_kind_one_is_not_given_goes_though_the_round_was_cut(
    small_world: World,
) -> None:
    world = small_world
    for shelf in "ab":  # more scopes than one, so that the turn of the other comes first
        world.put("tool", shelf=shelf, name=shelf)
    world.keeper.allow("ana", "a", "b", kinds=KINDS - {"journal"})
    ana = world.device("ana")
    ana.sync()
    note = ana.add("journal", shelf="b", text="seen")

    def cut(step: str, body: bytes) -> None:
        if step == "pull":
            raise Unreachable("cut")

    ana.transport.before = cut
    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.before = None

    ana.sync()

    assert world.row(note, "journal") is not None
    assert ana.row(note, "journal") is None


def test_it_goes_with_the_reading_again_though_the_round_is_cut_before_the_check(
    small_world: World,
) -> None:
    world = small_world
    for shelf in "ab":
        world.put("tool", shelf=shelf, name=shelf)
    world.keeper.allow("ana", "a", "b", kinds=FEW)
    ana = world.device("ana")
    ana.sync()
    note = ana.add("journal", shelf="b", text="seen")
    context = Context(ana.store, ana.transport, ana.world.clock, None, None)

    push(context)
    pull(context, set())  # and here the power goes

    assert world.row(note, "journal") is not None
    assert ana.row(note, "journal") is None
    assert ana.count("tool") == 2


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


def test_a_grant_that_gives_cards_without_what_is_on_them(small_world: World) -> None:
    world = small_world
    clash(world)
    world.keeper.allow("clerk", "a", kinds=KINDS, level=3)
    clerk = world.device("clerk")

    assert clerk.sync().mismatched == []
    assert [(card["group_name"], card["sides"]) for card in clerk.cards()] == [("phone", None)]


def test_a_field_withheld_when_it_was_written_over_stays_though_it_is_given_now(world: World) -> None:
    """Its author never saw what stands there."""
    tool = world.put("tool", shelf="a", number="0", phone="1")
    world.keeper.allow("ana", "a", level=3)
    ana = world.device("ana")
    ana.sync()
    (over,) = ana.edit(tool, number="9")
    (beside,) = ana.edit(tool, phone="2")
    world.keeper.allow("ana", "a")
    redraw(world)

    ana.sync()

    assert ana.receipts()[over] == ("refused", "withheld")
    assert ana.receipts()[beside][0] in ("applied", "merged")
    assert (world.row(tool)["number"], world.row(tool)["phone"]) == ("0", "2")
    assert ana.row(tool)["number"] == "0"


def test_nor_may_she_write_over_what_somebody_changed_meanwhile_unseen_by_her(world: World) -> None:
    tool = world.put("tool", shelf="a", number="0")
    world.keeper.allow("ana", "a", level=3)
    ana, ben = world.device("ana"), world.device("ben")
    for each in (ana, ben):
        each.sync()
    (over,) = ana.edit(tool, number="9")
    ben.edit(tool, number="5")
    ben.sync()
    world.keeper.allow("ana", "a")
    redraw(world)

    ana.sync()

    assert ana.receipts()[over] == ("refused", "withheld")
    assert world.row(tool)["number"] == "5"


def test_what_she_saw_somebody_empty_she_may_fill_again(world: World) -> None:
    """Work of hers that waits keeps her base where it was, and there the field still held something."""
    tool = world.put("tool", shelf="a", number="0", phone="1")
    ana, ben = world.device("ana"), world.device("ben")
    for each in (ana, ben):
        each.sync()
    ben.edit(tool, number=None)
    ben.sync()
    ana.edit(tool, phone="2")
    pull(Context(ana.store, ana.transport, world.clock, None, None), set())

    (again,) = ana.edit(tool, number="9")
    ana.sync()

    assert ana.receipts()[again][0] == "conflict"  # with what emptied it, for a person to settle
