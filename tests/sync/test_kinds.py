"""Kinds of record that are given in a scope, or no longer."""

from sync.device.context import Context
from sync.device.pull import pull
from sync.device.push import push
from tests.sync.agreeing import clash, cut_before_pull
from tests.sync.conftest import KINDS, REFUSE, World
from tests.sync.granting import FEW, during, redraw, said_here


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
    assert said_here(ana, note) == [b"", b""]


def test_what_she_said_of_a_kind_that_was_taken_away_is_not_readable_any_more(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    note = ana.add("journal", shelf="a", text="lent")
    spade = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    world.keeper.allow("ana", "a", kinds=FEW)
    redraw(world)

    ana.sync()

    assert said_here(ana, note) == [b""]
    assert b"spade" in said_here(ana, spade)[0]


def test_what_was_not_taken_of_a_kind_one_is_not_given_stays_its_authors(small_world: World) -> None:
    world = small_world
    world.keeper.allow("ana", "a", kinds=FEW)
    world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    world.keeper.rulings["ana"] = REFUSE
    note = ana.add("journal", shelf="a", text="seen")
    ana.sync()
    del world.keeper.rulings["ana"]
    taken = ana.add("journal", shelf="a", text="heard")  # has the scope read again

    ana.sync()

    assert b"seen" in said_here(ana, note)[0]
    assert said_here(ana, taken) == [b""]


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
    world.keeper.allow("ana", "a", "b", kinds=FEW)
    ana = world.device("ana")
    ana.sync()
    note = ana.add("journal", shelf="b", text="seen")

    cut_before_pull(ana)

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


def test_a_grant_that_gives_cards_without_what_is_on_them(small_world: World) -> None:
    world = small_world
    clash(world)
    world.keeper.allow("clerk", "a", kinds=KINDS, level=3)
    clerk = world.device("clerk")

    assert clerk.sync().mismatched == []
    assert [(card["group_name"], card["sides"]) for card in clerk.cards()] == [("phone", None)]
