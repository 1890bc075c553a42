"""What the council takes, holds or refuses, and what goes with it."""

from datetime import date

from sync.ops import Act, Outcome, new_id
from sync.sql import Change
from tests.sync.agreeing import agree
from tests.sync.conftest import HOLD, REFUSE, World


def test_a_device_edit_of_a_central_field_is_held_as_a_request(world: World) -> None:
    ana = world.device("ana")
    price = world.put("price", pence=100)
    world.keeper.allow("ana", "a", "common")
    world.put("price", pence=2)
    ana.sync()
    ana.edit(price, "price", pence=50)

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 1}
    assert world.row(price, "price")["pence"] == ana.row(price, "price")["pence"] == 100


def test_what_the_authority_refuses_goes_back_with_its_reason_and_leaves_the_record(world: World) -> None:
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    world.keeper.rulings["ana"] = REFUSE
    (op,) = ana.edit(tool, name="axe")

    ana.sync()

    assert ana.receipts()[op] == ("refused", "not_allowed")
    assert ana.row(tool)["name"] == world.row(tool)["name"] == "spade"
    assert ana.waiting() == 0


def test_a_refused_insert_leaves_the_table_and_its_text_stays_in_the_op(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    world.keeper.rulings["ana"] = REFUSE
    tool = ana.add("tool", shelf="a", name="a text worth keeping")
    ana.sync()
    op = ana.schema.own("op")
    with ana.engine.begin() as connection:
        (content,) = connection.execute(op.select().with_only_columns(op.c.content)).scalars()

    assert ana.row(tool) is None
    assert b"a text worth keeping" in bytes(content)


def test_an_op_that_needs_one_that_was_held_waits_with_it(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    world.keeper.rulings["ana"] = HOLD
    tool = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    del world.keeper.rulings["ana"]
    journal = ana.add("journal", tool_id=tool, shelf="a", text="on loan")
    ana.sync()

    reasons = {reason for _, reason in ana.receipts().values()}

    assert "follows" in reasons
    assert ana.row(journal, "journal") is None


def test_what_is_urgent_never_waits_for_anything_else(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    alarm = new_id()
    ana.save(
        Change("tool", tool, {"shelf": "b"}),  # central: held
        Change("alarm", alarm, {"shelf": "a", "text": "the shed is on fire"}, Act.INSERT),
    )

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 1, Outcome.APPLIED: 1}
    assert world.row(alarm, "alarm")["text"] == "the shed is on fire"


def test_changes_saved_together_stand_or_fall_together(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    ana.save(
        Change("tool", tool, {"name": "fork"}),
        Change("tool", tool, {"shelf": "b"}),  # central: held
    )

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 2}
    assert ana.row(tool)["name"] == "spade"


def test_a_row_written_once_takes_no_second_author_and_no_change_once_closed(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    note = ana.add("journal", shelf="a", text="lent")
    ana.sync(), ben.sync()
    (mine,) = ana.edit(note, "journal", text="lent to Bo")
    (theirs,) = ben.edit(note, "journal", text="not so")
    ana.sync(), ben.sync()
    ana.edit(note, "journal", closed_on=date(2026, 11, 16))
    ana.sync()
    (late,) = ana.edit(note, "journal", text="changed afterwards")
    agree(world, ana, ben)

    assert ana.receipts()[mine][0] == "applied"
    assert ben.receipts()[theirs] == ("refused", "not_author")
    assert ana.receipts()[late] == ("refused", "final")
    assert world.row(note, "journal")["text"] == "lent to Bo"


def test_a_row_written_once_is_still_its_authors_before_its_first_push(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    note = ana.add("journal", shelf="a", text="lent")
    ana.edit(note, "journal", text="lent to Bo")
    ana.edit(note, "journal", closed_on=date(2026, 11, 16))
    (late,) = ana.edit(note, "journal", text="changed afterwards")
    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 3, Outcome.REFUSED: 1}
    assert ana.receipts()[late] == ("refused", "final")
    assert world.row(note, "journal")["text"] == "lent to Bo"


def test_poison_the_database_will_not_take_is_refused_alone(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    good = [ana.add("tool", shelf="a", name=str(n)) for n in range(5)]
    bad = ana.add("tool", shelf="a" * 200, name="too long a shelf")
    more = [ana.add("tool", shelf="a", name=str(n)) for n in range(5)]
    ana.sync()

    assert all(world.row(tool) for tool in (*good, *more))
    if "postgresql" in str(world.engine.url):
        assert world.row(bad) is None
