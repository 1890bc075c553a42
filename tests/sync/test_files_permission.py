"""Who may send and read bytes: whoever may the record, as long as she may; with the record they go."""

import pytest
from sqlalchemy import select

from sync.device import run_round
from sync.errors import Unreachable
from sync.ports import Verdict
from tests.sync.conftest import HOLD, KINDS, REFUSE
from tests.sync.pictures import (
    MIB,
    Cut,
    add,
    break_off,
    bytes_of,
    drop_at_hub,
    get,
    here,
    put,
    received,
    stored_parts,
    unsent,
)


def test_permission_is_by_the_record_never_by_the_hash(world):
    ana, eve = world.device("ana", "a"), world.device("eve", "b")
    data = bytes_of(10)
    hers, other = add(ana, data), add(eve, data, shelf="b")
    ana.sync()
    eve.sync()

    assert get(eve, hers).refused == "not_allowed"
    assert put(eve, hers, 0, data).refused == "not_allowed"
    assert get(eve, other).data == data
    assert eve.files.wanted("picture", hers) is None
    assert len(stored_parts(world, hers)) == len(stored_parts(world, other)) == 1


WITHOUT = {
    "not this kind": (KINDS - {"picture"}, 4),
    "not what is said of the file": (KINDS, 2),
}


@pytest.mark.parametrize("kinds, level", WITHOUT.values(), ids=WITHOUT.keys())
def test_a_grant_without_the_kind_or_the_level_gives_no_bytes(small_world, kinds, level):
    ana = small_world.device("ana")
    record = add(ana, b"x")
    ana.sync()
    small_world.keeper.allow("ben", "a", kinds=kinds, level=level)
    ben = small_world.device("ben")

    report = ben.sync()

    assert report.files_received == 0
    assert get(ben, record).refused == "not_allowed"
    assert put(ben, record, 0, b"x").refused == "not_allowed"


def test_somebody_revoked_in_the_middle_gets_no_further_part(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    record = add(ana, bytes_of(3 * MIB))
    ana.sync()
    ben.transport.after = Cut("get", 2)
    with pytest.raises(Unreachable):
        ben.sync()
    ben.transport.after = None
    small_world.keeper.allow("ben", "b")
    small_world.put("price", pence=2)

    refused = get(ben, record, 2).refused
    ben.sync()
    ben.shelf.open_again()
    ben.sync()

    assert refused == "not_allowed"
    assert ben.row(record, "picture") is None
    assert here(ben, record) is None
    assert ben.shelf.parts == {}


def test_bytes_of_a_scope_that_was_lost_go_up_before_it_is_purged(world):
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync()
    data = bytes_of(2 * MIB)
    record = add(ana, data)
    ana.transport.before = Cut("put", 2)
    with pytest.raises(Unreachable):
        ana.sync()
    world.keeper.allow("ana", "b")
    world.put("price", pence=2)
    with pytest.raises(Unreachable):
        ana.transport.before = Cut("put", 1)
        ana.sync()
    waits = ana.row(record, "picture") is not None and here(ana, record) is not None
    ana.transport.before = None

    report = ana.sync()
    ben.sync()

    assert waits
    assert report.lost == 1
    assert ana.row(record, "picture") is None
    assert here(ana, record) is None
    assert ben.files.read(record) == data


def test_a_picture_taken_after_the_scope_was_lost_still_arrives(world):
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync()
    ben.sync()
    world.keeper.allow("ana", "b")
    world.put("price", pence=2)
    record = add(ana, b"taken offline")

    ana.sync()
    ben.sync()

    assert ben.files.read(record) == b"taken offline"
    assert ana.count("picture") == 0
    assert here(ana, record) is None


def test_bytes_of_a_record_that_was_refused_stay_with_its_text_and_are_not_offered_every_round(small_world):
    ana = small_world.device("ana")
    small_world.keeper.rulings["ana"] = REFUSE
    record = add(ana, bytes_of(2 * MIB))

    ana.sync()
    ana.transport.sent.clear()
    ana.sync()

    assert here(ana, record).refused == "unknown_record"
    assert sum(up for step, up, _ in ana.transport.sent if step == "put") < 1000
    assert ana.files.read(record) == bytes_of(2 * MIB)


def test_bytes_of_a_record_that_waits_for_a_person_go_up_and_count_once_it_is_let_in(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    small_world.keeper.rulings["ana"] = HOLD
    record = add(ana, b"held")

    ana.sync()

    assert unsent(ana) == []
    assert stored_parts(small_world, record) == [0]
    assert get(ben, record).refused == "unknown_record"


def test_bytes_that_rot_while_their_record_waits_are_not_said_to_be_there_when_they_are_sent_again(
    small_world,
):
    """No record speaks of them, so whoever sends them would be told that there is nothing left to do."""
    ana = small_world.device("ana")
    small_world.keeper.rulings["ana"] = HOLD
    record = add(ana, b"held")
    ana.sync()
    drop_at_hub(small_world, record, 0)

    swept = small_world.hub.files.sweep(small_world.desk)
    reply = put(ana, record, 0, b"held")

    assert swept.lost == (record,)
    assert reply.complete
    assert stored_parts(small_world, record) == [0]


@pytest.mark.parametrize("seals", [True, False])
def test_a_file_the_council_refused_is_put_away_when_its_scope_goes_not_thrown_away(small_world, seals):
    ana = small_world.device("ana")
    ana.store.seal = (lambda content: b"sealed" + content[::-1]) if seals else None
    small_world.hub.files.limit = 10
    record = add(ana, b"larger than ten")
    ana.sync()
    small_world.keeper.allow("ana", "b")
    small_world.put("price", pence=2)

    ana.sync()
    ana.shelf.open_again()
    ana.sync()

    state = ana.schema.own("file_state")
    with ana.writing() as connection:
        (row,) = connection.execute(select(state)).all()
    assert ana.row(record, "picture") is None
    assert b"larger than ten" in ana.shelf.parts.values()
    assert row.sealed is seals
    if seals:
        assert row.blob_key.startswith(b"sealed")
        assert here(ana, record) is None
        with pytest.raises(LookupError):
            ana.files.read(record)


def test_what_was_put_away_goes_up_when_its_scope_comes_back(small_world):
    ana = small_world.device("ana")
    small_world.hub.files.limit = 10
    record = add(ana, b"larger than ten")
    ana.sync()
    small_world.keeper.allow("ana", "b")
    small_world.put("price", pence=2)
    ana.sync()
    small_world.hub.files.limit = 100
    small_world.keeper.allow("ana", "a")
    small_world.put("price", pence=3)

    ana.sync()
    ana.sync()

    assert received(ana, record)
    assert ana.files.read(record) == b"larger than ten"


def test_bytes_of_a_refused_record_are_put_away_and_stay_though_its_scope_comes_back(small_world):
    """Nobody else has them: the council took neither the record nor a part."""
    ana = small_world.device("ana")
    ana.sync()
    small_world.keeper.rulings["ana"] = Verdict(REFUSE.ruling, REFUSE.reason)
    record = add(ana, b"hers alone")
    ana.sync()
    for shelf, pence in (("b", 2), ("a", 3)):
        small_world.keeper.allow("ana", shelf)
        small_world.put("price", pence=pence)
        ana.sync()
    ana.shelf.open_again()
    ana.sync()

    assert ana.row(record, "picture") is None
    assert b"hers alone" in ana.shelf.parts.values()


def test_a_purge_takes_the_bytes_from_the_council_and_from_the_laptops(world):
    ana, ben = world.device("ana"), world.device("ben")
    record = add(ana, b"gone")
    ana.sync()
    ben.sync()

    world.hub.purge(world.desk, {("picture", record)})
    for device in (ana, ben):
        device.sync()
        device.shelf.open_again()
        device.sync()

    assert stored_parts(world, record) == []
    assert [here(device, record) for device in (ana, ben)] == [None, None]
    assert [device.shelf.parts for device in (ana, ben)] == [{}, {}]


def test_a_purge_ends_the_key_with_the_record_before_any_bytes_travel(small_world):
    ana = small_world.device("ana")
    record = add(ana, b"gone")
    ana.sync()
    small_world.hub.purge(small_world.desk, {("picture", record)})

    run_round(ana.store, ana.transport, small_world.clock)

    assert here(ana, record) is None
    with pytest.raises(LookupError):
        ana.files.read(record)


def test_two_records_with_the_same_bytes_are_two_files(small_world):
    ana = small_world.device("ana")
    one, two = add(ana, b"same"), add(ana, b"same")
    ana.sync()

    small_world.hub.purge(small_world.desk, {("picture", one)})
    ana.sync()

    assert stored_parts(small_world, one) == []
    assert get(ana, two).data == b"same"


def test_verdicts_about_records_say_nothing_about_parts(small_world):
    """The bytes follow the record: the authority is not asked a second time."""
    ana = small_world.device("ana")
    record = add(ana, b"x")
    break_off(ana)
    small_world.keeper.rulings["ana"] = Verdict(REFUSE.ruling, REFUSE.reason)
    ana.transport.before = None

    ana.sync()

    assert stored_parts(small_world, record) == [0]
