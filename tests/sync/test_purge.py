"""A purge: what a record said goes everywhere, that it was there stays proved, and it never comes back."""

from itertools import pairwise

from msgspec.structs import replace
from sqlalchemy import select

from sync.hub.ledger import link
from sync.ops import Act, Outcome, Reason
from sync.sql import Change
from sync.wire import PullReply, decode_reply, encode
from tests.sync.agreeing import agree, clash
from tests.sync.conftest import REFUSE, Device, World
from tests.sync.granting import said_here
from tests.sync.trays import REQUEST


def contents(world: World, record: str) -> list[bytes]:
    ledger, content = world.schema.own("ledger"), world.schema.own("ledger_content")
    query = select(content.c.content).join(ledger, ledger.c.seq == content.c.seq)
    with world.engine.begin() as connection:
        found = connection.execute(query.where(ledger.c.record == record, ledger.c.kind != "purge"))
        return [bytes(each) for each in found.scalars()]


def test_a_purged_record_leaves_the_council_and_every_laptop(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    ben.sync()
    assert ben.row(spade) is not None

    receipts = world.hub.purge(world.desk, [("tool", spade)])
    ana.sync()
    ben.sync()

    assert [r.outcome for r in receipts] == [Outcome.APPLIED]
    assert world.row(spade) is ana.row(spade) is ben.row(spade) is None
    assert contents(world, spade) == []
    assert said_here(ana, spade) == [b""]
    agree(world, ana, ben)


def purged_beside(world: World) -> tuple[str, Device]:
    """A spade of two tools was purged. Ben has both, and the shelf they lie on is not the one whose turn
    it is to be counted without being touched."""
    ana, ben = world.device("ana"), world.device("ben", "a", "b")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.add("tool", shelf="a", name="rake")
    ana.sync()
    ben.sync()
    world.clock.advance(minutes=1)
    ben.sync()
    world.hub.purge(world.desk, [("tool", spade)])
    return spade, ben


def test_what_is_left_beside_a_purged_record_is_counted_and_not_read_again(world: World) -> None:
    spade, ben = purged_beside(world)

    report = ben.sync()

    assert (report.mismatched, report.requests) == ([], 1)
    assert ben.row(spade) is None


def test_a_scope_that_the_hub_did_not_count_is_asked_about_and_not_taken_for_empty(world: World) -> None:
    _, ben = purged_beside(world)
    ben.transport.after = _uncounted

    report = ben.sync()

    assert (report.mismatched, report.requests) == ([], 2)


def _uncounted(step: str, answer: bytes) -> bytes:
    """A hub that does not say where what it purged lay."""
    reply = decode_reply(PullReply, answer)
    elsewhere = [count for count in reply.counts or () if count.scope != "shelf:a"]
    return encode(replace(reply, counts=elsewhere)) if reply.gone else answer


def test_the_ledger_keeps_the_proof_and_its_chain(world: World) -> None:
    ana = world.device("ana")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    world.hub.purge(world.desk, [("tool", spade)])

    rows = world.ledger()
    assert [row["kind"] for row in rows if row["record"] == spade] == [Act.INSERT, Act.PURGE]
    assert all(row["hash"] == link(before["hash"], row) for before, row in pairwise(rows))


def test_its_cards_go_with_it(world: World) -> None:
    ana, ben, tool = clash(world)
    assert len(world.cards()) == 1

    world.hub.purge(world.desk, [("tool", tool)])
    ana.sync()
    ben.sync()

    assert world.cards() == ana.cards() == ben.cards() == []
    agree(world, ana, ben)


def test_work_that_was_waiting_on_it_comes_back_to_its_author(world: World) -> None:
    ana = world.device("ana")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    [op] = ana.edit(spade, name="shovel")
    world.hub.purge(world.desk, [("tool", spade)])

    report = ana.sync()

    assert report.outcomes == {Outcome.REFUSED: 1}
    assert ana.receipts()[op] == (Outcome.REFUSED, Reason.PURGED)
    assert ana.row(spade) is None
    agree(world, ana)


def test_what_is_saved_on_it_while_its_purge_arrives_asks_nobody_about_it(world: World) -> None:
    ana = world.device("ana")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    world.hub.purge(world.desk, [("tool", spade)])

    def save_behind_the_push(step: str, body: bytes) -> None:
        ana.transport.before = None
        ana.edit(spade, name="mine")

    ana.transport.before = save_behind_the_push
    first = ana.sync()
    assert ana.row(spade) is not None

    ana.sync()

    assert first.mismatched == []
    assert ana.row(spade) is None
    assert ana.waiting() == 0


def test_it_does_not_come_back_under_its_old_id(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    world.hub.purge(world.desk, [("tool", spade)])
    ben.save(_insert(spade))

    ben.sync()

    assert world.row(spade) is ben.row(spade) is None
    assert [reason for _, reason in ben.receipts().values()] == [Reason.PURGED]


def test_a_laptop_that_reads_everything_anew_learns_of_it_too(world: World) -> None:
    ana = world.device("ana")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    world.hub.purge(world.desk, [("tool", spade)])
    ana.store.rejoin("epoch")

    ana.sync()

    assert ana.row(spade) is None
    agree(world, ana)


def test_a_purge_of_what_is_not_there_changes_nothing(world: World) -> None:
    before = world.ledger()

    assert world.hub.purge(world.desk, [("tool", "0" * 32)]) == []
    assert world.ledger() == before


def _insert(record: str) -> Change:
    return Change("tool", record, {"shelf": "a", "name": "spade again"}, Act.INSERT)


def test_what_only_waits_in_a_tray_is_purged_by_its_record_too(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    world.keeper.judges["ana"] = lambda proposal: REQUEST
    asked = ana.add("tool", shelf="a", name="asked for")
    ana.sync()
    ben.sync()

    receipts = world.hub.purge(world.desk, [("tool", asked)])
    ana.sync()
    ben.sync()
    [again] = world.hub.apply(ana.caller, [Change("tool", asked, {"shelf": "a"}, Act.INSERT)])

    held = world.schema["held"].table
    assert len(receipts) == 2
    with world.engine.begin() as connection:
        assert connection.execute(select(held)).all() == []
    assert contents(world, asked)[:-1] == []
    assert said_here(ana, asked) == [b""]
    assert [device.count("held") for device in (ana, ben)] == [0, 0]
    assert again.reason == Reason.PURGED
    agree(world, ana, ben)


def test_what_was_refused_of_a_record_that_never_came_is_purged_by_its_id(world: World) -> None:
    ana = world.device("ana")
    world.keeper.rulings["ana"] = REFUSE
    never = ana.add("tool", shelf="a", name="never let in")
    ana.sync()
    before = contents(world, never)
    del world.keeper.rulings["ana"]

    receipts = world.hub.purge(world.desk, [("tool", never)])
    ana.sync()

    assert b"never let in" in before[0]
    assert (len(receipts), contents(world, never), said_here(ana, never)) == (1, [], [b""])
    assert world.hub.purge(world.desk, [("tool", never)]) == []
    agree(world, ana)
