"""What the council does with bytes: it looks after them, asks for lost ones again, and takes nothing that
cannot be of the file."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import update

from sync.errors import TooLarge, Unreachable
from sync.hub.files import Sweep
from sync.ops import new_id
from sync.sql.files import SqlFiles, TooBig, lay
from sync.wire import (
    FILE_BYTES,
    PROTOCOL,
    GetFile,
    GetReply,
    PutFile,
    PutReply,
    decode_reply,
    encode,
)
from tests.sync.conftest import World
from tests.sync.old_copies import copy_of, put_back
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
    steps,
    stored_parts,
    unsent,
)


def rot_at_hub(world: World, record: str) -> None:
    part = world.schema.own("file_part")
    with world.engine.begin() as connection:
        connection.execute(update(part).where(part.c.record == record).values(data=b"rotten"))


LOSSES: dict[str, Callable[[World, str], None]] = {
    "every byte": drop_at_hub,
    "one part": lambda world, record: drop_at_hub(world, record, 0),
    "a flipped bit": rot_at_hub,
}


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES.keys())
def test_bytes_lost_at_the_hub_are_noticed_when_asked_for_and_come_again_from_a_laptop(world, lose):
    ana, ben = world.device("ana"), world.device("ben")
    record = add(ana, b"sixsix")
    ana.sync()
    ana.sync()
    lose(world, record)

    first = ben.sync()
    ben.sync()
    away = not received(ben, record)
    again = ana.sync()
    ben.sync()

    assert first.files_received == 0
    assert away
    assert again.files_sent == 1
    assert ben.files.read(record) == b"sixsix"


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES.keys())
def test_the_sweeper_notices_what_nobody_asked_for(small_world, lose):
    ana = small_world.device("ana")
    record = add(ana, b"sixsix")
    ana.sync()
    lose(small_world, record)

    swept = small_world.hub.files.sweep(small_world.desk, read_all=True)
    ana.sync()
    report = ana.sync()

    assert swept.lost == (record,)
    assert ana.files.read(record) == b"sixsix"
    assert get(ana, record).data == b"sixsix"
    assert report.mismatched == []


def test_any_laptop_that_has_the_bytes_sends_them_again(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    record = add(ana, b"x")
    ana.sync()
    ben.sync()
    drop_at_hub(small_world, record)
    small_world.hub.files.sweep(small_world.desk)

    report = ben.sync()

    assert report.files_sent == 1
    assert stored_parts(small_world, record) == [0]


def test_the_sweeper_reports_files_that_never_came_and_drops_bytes_without_a_record(small_world):
    ana = small_world.device("ana")
    late = add(ana, b"late")
    break_off(ana)
    file, part = small_world.schema.own("file"), small_world.schema.own("file_part")
    alone = new_id()
    with small_world.engine.begin() as connection:
        connection.execute(
            file.insert(),
            {"record": alone, "table_name": "picture", "size": 1, "complete": True, "touched_at": 1},
        )
        connection.execute(part.insert(), {"record": alone, "part": 0, "sha256": "0", "data": b"x"})

    early = small_world.hub.files.sweep(small_world.desk)
    small_world.clock.advance(days=8)
    swept = small_world.hub.files.sweep(small_world.desk)

    assert early.missing == ()
    assert early.dropped == (alone,)
    assert [(m.record, m.author) for m in swept.missing] == [(late, "ana")]
    assert stored_parts(small_world, alone) == []


def test_a_sweep_over_what_is_well_changes_nothing(world):
    ana = world.device("ana")
    add(ana, b"x")
    ana.sync()
    before = world.ledger()

    swept = world.hub.files.sweep(world.desk, read_all=True)

    assert swept == Sweep()
    assert world.ledger() == before


def test_a_hub_put_back_to_an_earlier_state_is_sent_the_bytes_again(small_world):
    ana = small_world.device("ana")
    record = add(ana, b"x")
    ana.sync()
    drop_at_hub(small_world, record)
    picture, head = small_world.schema["picture"].table, small_world.schema.own("ledger_head")
    with small_world.engine.begin() as connection:
        connection.execute(update(picture).values(received_at=None, version=1))
        connection.execute(update(head).values(epoch=new_id()))

    ana.sync()
    ana.sync()

    assert stored_parts(small_world, record) == [0]


def test_a_hub_put_back_in_silence_is_sent_what_it_said_it_has(small_world):
    """The laptop had not read yet that the record says so, and so nothing it has read is lost there."""
    ana = small_world.device("ana")
    record = add(ana, b"x")
    break_off(ana)
    copy = copy_of(small_world.engine, small_world.folder / "copy.db")
    ana.transport.before = None
    ana.sync()
    put_back(small_world, copy)

    report = ana.sync()

    assert report.rejoined is None
    assert stored_parts(small_world, record) == [0]


def test_a_file_the_hub_has_is_not_sent_twice_for_a_record_that_does_not_say_so_yet(small_world):
    ana = small_world.device("ana")
    record = add(ana, b"x")
    ana.sync()
    ana.sync()

    assert steps(ana, "put") == 1
    assert received(ana, record)


def test_the_answer_about_another_file_is_not_taken_for_this_ones(small_world):
    ana = small_world.device("ana")
    records = [add(ana, bytes([number])) for number in range(2)]
    answers: list[bytes] = []

    def earlier(step: str, answer: bytes) -> bytes | None:
        if step != "put":
            return None
        answers.append(answer)
        return answers[0]

    ana.transport.after = earlier
    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.after = None
    kept = unsent(ana)
    ana.sync()

    assert len(answers) == 2
    assert kept == records[:1]
    assert [stored_parts(small_world, record) for record in records] == [[0], [0]]


# -- limits --------------------------------------------------------------------------------------


def test_a_file_over_the_limit_is_refused_before_it_is_laid_down(small_world):
    ana = small_world.device("ana")

    with pytest.raises(TooBig):
        lay(ana.shelf, bytes(FILE_BYTES + 1))
    assert ana.shelf.parts == {}


def test_the_council_may_set_a_lower_limit_and_the_file_stays_on_the_laptop(small_world):
    small_world.hub.files.limit = MIB
    ana = small_world.device("ana")
    record = add(ana, bytes_of(MIB + 1))

    report = ana.sync()

    assert report.files_sent == 0
    assert here(ana, record).refused == "too_large"
    assert here(ana, record).is_unsent


def test_a_part_that_something_on_the_way_finds_too_large_stops_only_its_file(small_world):
    ana = small_world.device("ana")
    large, small = add(ana, bytes_of(2 * MIB)), add(ana, b"small")

    def narrow(step: str, body: bytes) -> None:
        if len(body) > 100_000:
            raise TooLarge("413")

    ana.transport.before = narrow
    report = ana.sync()

    assert report.files_sent == 1
    assert here(ana, small).received
    assert here(ana, large).refused == "too_large"
    ana.transport.before = None
    assert ana.sync().files_sent == 1


ILL = {
    "a part before the first": {"part": -1, "data": b"x"},
    "a part behind the last": {"part": 1, "data": b"x"},
    "a part too short": {"part": 0, "data": b""},
    "a part too long": {"part": 0, "data": b"xx"},
}


@pytest.mark.parametrize("said", ILL.values(), ids=ILL.keys())
def test_parts_that_cannot_be_of_this_file_are_refused(small_world, said):
    ana = small_world.device("ana")
    record = add(ana, b"x")
    break_off(ana)

    assert put(ana, record, **said).refused == "bad_value"
    assert stored_parts(small_world, record) == []


def test_tables_without_files_and_records_unknown_are_refused(small_world):
    ana = small_world.device("ana")
    tool = ana.add("tool", shelf="a")
    ana.sync()
    for table, record, reason in (("tool", tool, "unknown_table"), ("picture", new_id(), "unknown_record")):
        request = PutFile(protocol=PROTOCOL, table=table, record=record, data=b"x")
        asked = GetFile(protocol=PROTOCOL, table=table, record=record)

        assert decode_reply(PutReply, ana.transport.send("put", encode(request))).refused == reason
        assert decode_reply(GetReply, ana.transport.send("get", encode(asked))).refused == reason


def test_a_claim_that_the_bytes_are_here_is_found_out_and_taken_back(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    record = add(ana, b"x")
    break_off(ana)
    picture = small_world.schema["picture"].table
    with small_world.engine.begin() as connection:
        connection.execute(update(picture).values(received_at=small_world.clock.now()))

    ben.sync()
    ben.sync()

    assert not received(ben, record)


def test_large_files_come_only_when_asked_for(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    small, large = add(ana, b"small"), add(ana, bytes_of(2 * MIB))
    ana.sync()
    ben.files = SqlFiles(ben.engine.begin, ben.engine.begin, ben.schema, ben.shelf, fetch_below=MIB)

    report = ben.sync()

    assert report.files_received == 1
    assert ben.files.read(small) == b"small"
    with pytest.raises(LookupError):
        ben.files.read(large)
    assert ben.files.wanted("picture", large) is not None


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_cut_lost_and_restarted_every_file_arrives_once_it_is_quiet(small_world, seed):
    """Three laptops, a bad line, a council that loses bytes, laptops that start again."""
    world = small_world
    chance = random.Random(seed)
    people = [world.device(name, "a") for name in ("ana", "ben", "eve")]
    files: dict[str, bytes] = {}
    for _ in range(25):
        device = chance.choice(people)
        match chance.randrange(8):
            case 0 | 1:
                data = bytes_of(chance.choice([1, MIB, 2 * MIB + 3]), chance.randrange(5))
                files[add(device, data)] = data
            case 2 if files:
                drop_at_hub(world, chance.choice(list(files)), chance.choice([None, 0]))
            case 3:
                device.shelf.open_again()
                device.files.tidy()
            case 4:
                world.hub.files.sweep(world.desk, read_all=chance.random() < 0.5)
            case _:
                hook = chance.choice(["before", "after"])
                step = chance.choice(["put", "get", "push", "pull"])
                setattr(device.transport, hook, Cut(step, chance.randrange(1, 4)))
                with suppress(Unreachable):
                    device.sync()
                setattr(device.transport, hook, None)

    for _ in range(3):
        for device in people:
            device.sync()
        world.hub.files.sweep(world.desk, read_all=True)
    for device in people:
        assert {record: device.files.read(record) for record in files} == files
        assert unsent(device) == []
        assert all(received(device, record) for record in files)
        assert device.sync().mismatched == []
