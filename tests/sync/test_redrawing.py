"""Grants that begin and end by the clock reach laptops though nobody writes anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.hub import Hub
from sync.hub.redrawing import KIND
from sync.ports import Grant
from sync.sql import SqlHub
from tests.sync.agreeing import agree
from tests.sync.conftest import KINDS, LEVEL, Device, World


@dataclass
class Almanac:
    """A calendar by hand: what it says is drawn at the next asking."""

    world: World
    shelves: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: int = 0

    def is_due(self) -> bool:
        return bool(self.shelves)

    def due(self, connection: Any) -> Mapping[str, set[Grant]]:
        self.asked += 1
        for user, shelves in self.shelves.items():
            self.world.keeper.allow(user, *shelves)
        turned, self.shelves = self.shelves, {}
        return {
            user: {Grant(f"shelf:{s}", KINDS, LEVEL) for s in shelves} for user, shelves in turned.items()
        }


def with_almanac(world: World) -> Almanac:
    almanac = Almanac(world)
    world.hub = Hub(SqlHub(world.engine, world.schema), world.keeper, world.clock, almanac)
    return almanac


def begun(world: World) -> tuple[Almanac, Device, str]:
    almanac = with_almanac(world)
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    return almanac, ana, tool


def test_what_ends_by_the_clock_leaves_a_laptop_that_had_read_to_the_end(world: World) -> None:
    almanac, ana, _ = begun(world)
    almanac.shelves["ana"] = ("a",)

    drawn = world.hub.redraw()
    report = ana.sync()

    assert drawn
    assert (report.lost, ana.count("tool")) == (1, 0)
    assert [row["kind"] for row in world.ledger()][-1] == KIND
    agree(world, ana)


def test_what_begins_by_the_clock_arrives(world: World) -> None:
    almanac = with_almanac(world)
    world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a")
    ana.sync()
    almanac.shelves["ana"] = ("a", "b")

    world.hub.redraw()
    report = ana.sync()

    assert (report.gained, ana.count("tool")) == (1, 1)
    agree(world, ana)


def test_any_request_draws_what_is_due_first(small_world: World) -> None:
    almanac, ana, tool = begun(small_world)
    almanac.shelves["ana"] = ("a",)

    ana.sync()

    assert (ana.row(tool), almanac.asked) == (None, 1)


def test_a_drawing_that_changes_nothing_writes_nothing(small_world: World) -> None:
    almanac, _, _ = begun(small_world)
    before = small_world.ledger()
    almanac.shelves["ana"] = ("a", "b")

    drawn = small_world.hub.redraw()

    assert not drawn
    assert small_world.ledger() == before


def test_without_a_calendar_there_is_nothing_to_draw(small_world: World) -> None:
    assert not small_world.hub.redraw()
