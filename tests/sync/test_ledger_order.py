"""Order of seq is order of commit: no cursor can skip a row."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from sync.hub.ledger import link
from sync.ops import CHAIN_START, commit
from sync.ports import ADMIT, Proposed, Verdict
from tests.sync.conftest import World


def test_the_ledger_is_one_unbroken_chain_and_commits_to_its_content(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", phone="0")
    ana.sync(), ben.sync()
    ana.edit(tool, phone="1")
    ben.edit(tool, phone="2")
    ana.sync(), ben.sync()
    content = world.schema.own("ledger_content")
    with world.engine.begin() as connection:
        kept = {row.seq: row for row in connection.execute(content.select())}

    head = CHAIN_START
    rows = world.ledger()
    for number, row in enumerate(rows, start=1):
        assert row["seq"] == number
        assert row["hash"] == link(head, row)
        assert row["commitment"] == commit(kept[number].salt, bytes(kept[number].content))
        head = row["hash"]


def test_a_changed_row_breaks_the_chain(small_world: World) -> None:
    world = small_world
    world.put("price", pence=1)
    (row,) = world.ledger()

    assert link(CHAIN_START, {**row, "author": "somebody else"}) != row["hash"]


def test_a_second_writer_waits_for_the_first_to_commit(world: World) -> None:
    """Scripted in the awkward order: the second starts while the first holds its place. It must get
    the later seq, and a reader in between must see neither."""
    holding, release = Event(), Event()

    def slow() -> int:
        with world.hub.store.writing() as transaction:
            head = transaction.head(lock=True)
            holding.set()
            release.wait(10)
            head.seq += 1
            transaction.set_head(head)
            return head.seq

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        assert holding.wait(10)
        second = pool.submit(lambda: world.put("price", pence=2))
        with world.engine.connect() as reader:
            seen = (
                reader.exec_driver_sql("SELECT seq FROM ledger_head").scalar() if _reads_freely(world) else 0
            )
        release.set()
        first.result(10)
        second.result(10)

    assert seen == 0
    assert first.result() == 1
    assert [row["seq"] for row in world.ledger()] == [2]


@pytest.mark.parametrize("fails", [False, True])
def test_a_push_that_dawdles_delays_the_feed_and_no_cursor_skips(world: World, fails: bool) -> None:
    """Ana's transaction begins first and ends last; Ben's waits behind it; Cora pulls in between."""
    ana, ben, cora = (world.device(user) for user in ("ana", "ben", "cora"))
    ana.sync(), ben.sync(), cora.sync()
    holding, release = Event(), Event()

    def dawdle(proposal: Proposed) -> Verdict:
        holding.set()
        assert release.wait(30)
        if fails and not dawdled:
            dawdled.append(proposal)
            raise InterruptedError
        return ADMIT

    dawdled: list[Proposed] = []
    world.keeper.judges["ana"] = dawdle
    first, second = (who.add("tool", shelf="a", name=who.user) for who in (ana, ben))
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(ana.sync)
        assert holding.wait(30)
        quick = pool.submit(ben.sync)
        between = cora.sync().received if _reads_freely(world) else 0
        release.set()
        quick.result(30)
        assert isinstance(slow.exception(30), InterruptedError) == fails
    ana.sync(), cora.sync()

    assert between == 0
    assert [cora.row(record)["name"] for record in (first, second)] == ["ana", "ben"]
    rows = world.ledger()
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    order = [row["record"] for row in rows if row["record"] in (first, second)]
    assert order == ([second, first] if fails else [first, second])


def _reads_freely(world: World) -> bool:
    """The test engine begins every SQLite transaction as a writer; PostgreSQL readers never wait."""
    return world.engine.dialect.name == "postgresql"


@pytest.mark.parametrize("writers", [4])
def test_many_writers_at_once_leave_no_gap(world: World, writers: int) -> None:
    def work(number: int) -> None:
        for _ in range(10):
            world.put("price", pence=number)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(work, range(writers)))

    assert [row["seq"] for row in world.ledger()] == list(range(1, writers * 10 + 1))
