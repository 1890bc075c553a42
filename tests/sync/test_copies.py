"""A laptop put back to an old copy, and two laptops of the same files."""

from sync.errors import NotAllowed
from sync.wire import Rejoin
from tests.sync.agreeing import agree
from tests.sync.conftest import World
from tests.sync.old_copies import copy_of, names, second


def test_a_laptop_put_back_with_nothing_to_send_is_noticed(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    copy = copy_of(ana.engine, world.folder / "old.db")
    ana.edit(tool, name="axe")
    ana.sync()
    old = second(ana, copy)

    report = old.sync()

    assert report.rejoined == Rejoin.PUT_BACK
    assert old.row(tool)["name"] == "axe"
    assert old.sync().rejoined is None


def test_a_laptop_put_back_before_its_last_rejoin_is_noticed(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    copy = copy_of(ana.engine, world.folder / "old.db")
    ana.add("tool", shelf="a", name="one")
    ana.store.rejoin(Rejoin.FORK)
    ana.sync()
    old = second(ana, copy)
    late = old.add("tool", shelf="a", name="late")

    report = old.sync()
    agree(world, old)

    assert report.rejoined is not None
    assert world.row(late)["name"] == "late"
    assert old.sync().rejoined is None


def test_two_laptops_with_the_same_files_lose_nothing_and_are_found_out(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.add("tool", shelf="a", name="before")
    ana.sync()
    twin = second(ana, copy_of(ana.engine, world.folder / "copy.db"))
    written = {"before"}
    frozen: set[str] = set()
    for number in range(4):
        for laptop, name in ((ana, "ana"), (twin, "twin")):
            laptop.add("tool", shelf="a", name=f"{name} {number}")
            written.add(f"{name} {number}")
            try:
                laptop.sync()
            except NotAllowed:
                frozen.add(name)

    assert names(world) >= written
    assert frozen == {"ana", "twin"}
    assert (ana.waiting(), twin.waiting()) == (0, 0)


def test_a_copy_that_only_reads_is_sent_what_the_other_wrote_since(small_world: World) -> None:
    """Both are the same laptop to the council, which leaves out what a laptop wrote itself."""
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    twin = second(ana, copy_of(ana.engine, world.folder / "copy.db"))
    ana.edit(tool, name="axe")
    ana.sync()
    assert twin.sync().rejoined == Rejoin.PUT_BACK
    ana.edit(tool, name="saw")
    ana.sync()

    report = twin.sync()

    assert twin.row(tool)["name"] == "saw"
    assert (report.rejoined, report.mismatched) == (None, [])


def test_a_copy_that_writes_after_reading_reads_again_what_the_other_wrote_since(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool, other = world.put("tool", shelf="a", name="spade"), world.put("tool", shelf="a", name="hoe")
    ana.sync()
    twin = second(ana, copy_of(ana.engine, world.folder / "copy.db"))
    ana.edit(tool, name="axe")
    ana.sync()
    twin.sync()
    ana.edit(tool, name="saw")
    ana.sync()
    twin.edit(other, name="rake")

    report = twin.sync()

    assert report.rejoined == Rejoin.GENERATION
    assert report.mismatched == []
    assert (twin.row(tool)["name"], world.row(other)["name"]) == ("saw", "rake")


def test_a_laptop_put_back_twice_is_no_clone(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.add("tool", shelf="a", name="before")
    ana.sync()
    copy = copy_of(ana.engine, world.folder / "copy.db")
    current = ana
    for number in range(3):
        current.add("tool", shelf="a", name=f"one {number}")
        current.sync()
        current = second(ana, copy, name=f"restored-{number}")
        current.add("tool", shelf="a", name=f"two {number}")
        current.sync()
        copy = copy_of(current.engine, world.folder / f"copy-{number}.db")

    assert names(world) >= {f"{word} {number}" for word in ("one", "two") for number in range(3)}
