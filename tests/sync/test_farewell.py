"""A scope leaves a laptop: last work goes up, everything of it goes, a receipt in numbers stays."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from sync.errors import Unreachable
from sync.ops import CHAIN_START, Act, Outcome, chain, commit, new_id
from sync.ports import Proposed, Verdict
from sync.sql import Change, SqlDevice, save
from tests.sync.conftest import HOLD, Device, World


def farewells(device: Device) -> dict[str, dict[str, Any]]:
    table = device.schema.own("farewell")
    with device.engine.begin() as connection:
        found = connection.execute(select(table)).mappings()
        return {row["scope"]: dict(row) for row in found}


def judge(proposal: Proposed) -> Verdict:
    """As a host says of one who lost the shelf: what is written once is taken, the rest waits."""
    return Verdict(to_read=True) if proposal.table == "journal" else HOLD


def lose(world: World, device: Device) -> None:
    """Everything but shelf a is taken from its user."""
    world.keeper.allow(device.user, "a")
    world.keeper.judges[device.user] = judge
    world.clock.advance(minutes=5)
    world.put("price", pence=3)


def everything(device: Device) -> str:
    """All that lies in the laptop's database, as text."""
    with device.engine.begin() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        rows = [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names.all()]
    return repr(rows)


def test_a_scope_leaves_with_everything_and_a_receipt_stays(world: World) -> None:
    tools = [world.put("tool", shelf="b", name=f"Zwetschge {n}") for n in range(3)]
    ana = world.device("ana", "a", "b")
    note = ana.add("journal", shelf="b", text="Zwetschge was lent")
    ana.sync()
    ana.edit(tools[0], name="Zwetschge mended")
    ana.edit(tools[1], name="Zwetschge broken")
    ana.add("journal", shelf="b", text="Zwetschge seen again")
    lose(world, ana)

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 2, Outcome.APPLIED: 1}
    assert "Zwetschge" not in everything(ana)
    said = farewells(ana)["shelf:b"]
    lost_at, purged_at = said.pop("lost_at"), said.pop("purged_at")
    assert said == {
        "scope": "shelf:b", "records": 5, "applied": 1, "to_read": 1, "held": 2, "refused": 0, "files": 0,
    }  # fmt: skip
    assert lost_at == purged_at == int(world.clock.now().timestamp() * 1000)
    assert world.row(note, "journal")["text"] == "Zwetschge was lent"


def test_a_scope_that_stays_leaves_no_receipt(small_world: World) -> None:
    world = small_world
    world.put("tool", shelf="a", name="spade")
    ana = world.device("ana", "a")
    ana.sync()

    assert farewells(ana) == {}


def test_a_round_cut_off_before_the_farewell_says_it_in_the_next(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    ana.edit(tool, name="axe")
    lose(world, ana)

    def cut(step: str, body: bytes) -> bytes:
        if step == "pull":
            raise Unreachable("the cable is cut")
        return body

    ana.transport.before = cut
    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.before = None
    before = farewells(ana)
    ana.sync()

    assert before == {}
    assert (farewells(ana)["shelf:b"]["held"], ana.count("tool")) == (1, 0)


def test_lost_again_it_is_said_anew(small_world: World) -> None:
    world = small_world
    world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    lose(world, ana)
    ana.sync()
    first = farewells(ana)["shelf:b"]
    world.keeper.allow("ana", "a", "b")
    world.put("tool", shelf="b", name="axe")
    ana.sync()
    lose(world, ana)
    ana.sync()

    again = farewells(ana)["shelf:b"]

    assert (first["records"], again["records"]) == (1, 2)
    assert again["lost_at"] > first["lost_at"]


def test_the_host_saves_what_is_not_saved_yet_and_it_goes_up_first(small_world: World) -> None:
    """A draft becomes a record of the new owner's to read, in the round that takes the scope away."""
    world = small_world
    world.put("tool", shelf="b", name="spade")
    ana, bo = world.device("ana", "a", "b"), world.device("bo", "b")
    ana.sync()
    drafts = ["half a sentence"]
    gone: list[str] = []

    def on_lost(connection: Connection, scopes: Any) -> None:
        while drafts:
            text = {"shelf": "b", "text": drafts.pop()}
            save(connection, ana.schema, [Change("journal", new_id(), text, Act.INSERT)], clock=world.clock)

    def on_purge(connection: Connection, scopes: Any) -> None:
        gone.extend(scopes)
        connection.execute(delete(ana.schema.own("shadow")))

    ana.store = SqlDevice(ana.engine.begin, ana.engine.begin, ana.schema, on_lost=on_lost, on_purge=on_purge)
    lose(world, ana)

    report = ana.sync()
    bo.sync()

    assert (report.outcomes, gone) == ({Outcome.APPLIED: 1}, ["shelf:b"])
    assert "half a sentence" not in everything(ana)
    assert "half a sentence" in everything(bo)
    assert farewells(ana)["shelf:b"]["to_read"] == 1


def test_a_purge_the_host_cannot_follow_takes_nothing_away(small_world: World) -> None:
    """One transaction: what the host keeps beside the tables goes with them, or both stay."""
    world = small_world
    world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    lose(world, ana)

    def on_purge(connection: Connection, scopes: Any) -> None:
        raise OSError("the disk is full")

    ana.store = SqlDevice(ana.engine.begin, ana.engine.begin, ana.schema, on_purge=on_purge)
    with pytest.raises(OSError, match="disk is full"):
        ana.sync()
    here = ana.count("tool")
    ana.store = SqlDevice(ana.engine.begin, ana.engine.begin, ana.schema)
    ana.sync()

    assert here == 1
    assert (ana.count("tool"), farewells(ana)["shelf:b"]["records"]) == (0, 1)


def test_what_the_host_keeps_while_last_words_go_up_goes_up_before_the_scope_leaves(
    small_world: World,
) -> None:
    """Somebody types on through the round that takes the scope away."""
    world = small_world
    world.put("tool", shelf="b", name="spade")
    ana, bo = world.device("ana", "a", "b"), world.device("bo", "b")
    ana.sync()
    drafts = ["half a sentence"]

    def on_lost(connection: Connection, scopes: Any) -> None:
        while drafts:
            text = {"shelf": "b", "text": drafts.pop()}
            save(connection, ana.schema, [Change("journal", new_id(), text, Act.INSERT)], clock=world.clock)

    def on_purge(connection: Connection, scopes: Any) -> None:
        drafts.clear()

    def types_on(step: str, body: bytes) -> bytes:
        if step == "push":
            drafts.append("and the other half")
            ana.transport.before = None
        return body

    ana.store = SqlDevice(ana.engine.begin, ana.engine.begin, ana.schema, on_lost=on_lost, on_purge=on_purge)
    lose(world, ana)
    ana.transport.before = types_on
    ana.sync()
    before = farewells(ana)
    ana.sync()
    bo.sync()

    assert (before, farewells(ana)["shelf:b"]["to_read"]) == ({}, 2)
    assert "and the other half" not in everything(ana)
    assert "and the other half" in everything(bo)


def test_what_the_council_wrote_down_nowhere_stays_its_authors_though_the_scope_leaves(
    small_world: World,
) -> None:
    """Its op bears the id of another, so the ledger has no row for it: its text is on this laptop alone."""
    world = small_world
    world.put("tool", shelf="b", name="spade")
    ana, ben = world.device("ana", "a", "b"), world.device("ben", "b")
    ana.sync()
    ana.add("journal", shelf="b", text="Zwetschge")
    ben.add("journal", shelf="b", text="another")
    bear_the_id_of(ana, ben)
    ben.sync()
    lose(world, ana)

    ana.sync()

    assert list(ana.receipts().values()) == [("refused", "id_used")]
    assert farewells(ana)["shelf:b"]["refused"] == 1
    assert "Zwetschge" in everything(ana)


def bear_the_id_of(ana: Device, ben: Device) -> None:
    """Ana's one op gets the id of Ben's one, and the chain that follows from it."""
    op, state = ana.schema.own("op"), ana.schema.own("device_state")
    with ben.engine.begin() as connection:
        op_id = connection.execute(select(op.c.op_id)).scalar_one()
    with ana.engine.begin() as connection:
        row = connection.execute(select(op.c.salt, op.c.content)).one()
        head = chain(CHAIN_START, op_id, commit(row.salt, bytes(row.content)))
        connection.execute(update(op).values(op_id=op_id, chain=head))
        connection.execute(update(state).values(chain=head))
