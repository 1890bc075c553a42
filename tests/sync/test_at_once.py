"""Two people who decide the same at the same moment, each over a line of her own (F32)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.sync.conftest import Device, World
from tests.sync.trays import at_hub, moved, say

TIMES = 6  # the moment they meet in differs


def sync_at_once(*devices: Device) -> None:
    barrier = Barrier(len(devices))

    def go(device: Device) -> None:
        barrier.wait()
        device.sync()

    with ThreadPoolExecutor(len(devices)) as pool:
        list(pool.map(go, devices))


def test_of_two_decisions_about_a_card_one_counts_and_the_other_opens_it_again(server_world: World) -> None:
    ana, bo = server_world.device("ana"), server_world.device("bo")
    for _ in range(TIMES):
        tool = server_world.put("tool", shelf="a", name="spade")
        for device in (ana, bo):
            device.sync()
        ana.edit(tool, name="rake")
        bo.edit(tool, name="hoe")
        for device in (ana, bo, ana):
            device.sync()
        card = next(found["id"] for found in server_world.cards() if found["record"] == tool)
        (first,) = ana.decide(card, "edited", name="axe")
        (second,) = bo.decide(card, "edited", name="fork")

        sync_at_once(ana, bo)

        became = {ana.receipts()[first], bo.receipts()[second]}
        assert became == {("applied", None), ("conflict", "card_moved")}
        (opened,) = [found for found in server_world.cards() if found["record"] == tool]
        assert opened["id"] == card
        assert {"axe", "fork"} <= {side["values"]["name"] for side in opened["sides"].values()}


def test_of_two_who_empty_a_tray_one_counts_and_the_other_is_told(server_world: World) -> None:
    tools = [server_world.put("tool", shelf="b", name="spade") for _ in range(TIMES)]
    _, ana, bo = moved(server_world)
    col = server_world.device("col", "b")
    items = [op_id for tool in tools for op_id in ana.edit(tool, name="axe")]
    for device in (ana, bo, col):
        device.sync()
    for item in items:
        (first,) = say(bo, item, "admit")
        (second,) = say(col, item, "decline")

        sync_at_once(bo, col)

        became = {"admitted": bo.receipts()[first], "declined": col.receipts()[second]}
        assert became.pop(at_hub(server_world, item)["state"]) == ("applied", None)
        assert set(became.values()) == {("refused", "already_decided")}
