"""Bytes on their way: after everything else, cut anywhere, changed on the line; the file arrives whole or
does not count as there."""

import hashlib

import pytest
from sqlalchemy import update

from sync.device import Step, run_round
from sync.errors import Cancelled, Unreachable
from sync.ports import FileDamaged
from sync.wire import (
    PROTOCOL,
    PutFile,
    decode,
    encode,
)
from tests.sync.pictures import (
    MIB,
    Cut,
    add,
    break_off,
    bytes_of,
    get,
    here,
    put,
    received,
    steps,
    stored_parts,
    unsent,
)

# -- the way there and back ----------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 5])
def test_a_file_goes_up_with_its_record_and_comes_down_to_the_others(small_world, size):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    data = bytes_of(size)
    record = add(ana, data)

    sent = ana.sync()
    first = ben.sync()

    assert (sent.files_sent, first.files_received) == (1, 1)
    assert received(ben, record)
    assert ben.files.read(record) == data
    assert unsent(ana) == []


def test_the_others_read_that_the_file_is_still_away_until_every_byte_has_come(world):
    ana, ben = world.device("ana"), world.device("ben")
    record = add(ana, bytes_of(3 * MIB))
    ana.transport.before = Cut("put", 3)

    with pytest.raises(Unreachable):
        ana.sync()
    ben.sync()

    assert ben.row(record, "picture")["title"] == "a picture"
    assert not received(ben, record)
    assert unsent(ana) == [record]

    ana.sync()
    ben.sync()

    assert received(ben, record)
    assert ben.files.read(record) == bytes_of(3 * MIB)


def test_its_own_laptop_learns_by_the_ordinary_pull_that_the_file_is_there(small_world):
    ana = small_world.device("ana")
    record = add(ana, b"x")

    ana.sync()
    ana.sync()

    assert received(ana, record)
    assert ana.sync().mismatched == []


def test_a_record_that_waits_does_not_send_its_bytes_ahead(small_world):
    ana = small_world.device("ana")
    record = add(ana, b"x")
    ana.transport.before = Cut("push", 1)
    early = ana.files.to_send()

    with pytest.raises(Unreachable):
        ana.sync()

    assert early == []
    assert steps(ana, "put") == 0
    assert stored_parts(small_world, record) == []


def test_bytes_go_last_and_small_before_large_and_new_before_old(small_world):
    ana = small_world.device("ana")
    old, large, new = add(ana, b"old"), add(ana, bytes_of(2 * MIB)), add(ana, b"new")
    order = []

    def note(step: str, body: bytes) -> None:
        order.append(decode(PutFile, body).record if step == "put" else step)

    ana.transport.before = note
    ana.sync()

    assert order[-4:] == [new, old, large, large]
    assert "put" not in order


def test_what_is_saved_while_bytes_travel_goes_first(small_world):
    ana = small_world.device("ana")
    record = add(ana, bytes_of(4 * MIB))
    order = []

    def save_in_the_middle(step: str, body: bytes) -> None:
        order.append(step)
        if order.count("put") == 2 and step == "put":
            ana.add("alarm", shelf="a", text="now")

    ana.transport.before = save_in_the_middle
    report = ana.sync()

    first, second = order.index("put"), order.index("push", order.index("put"))
    assert order[first:second] == ["put", "put"]
    assert order[-2:] == ["put", "put"]
    assert (report.files_sent, ana.waiting(), unsent(ana)) == (1, 0, [])
    assert stored_parts(small_world, record) == [0, 1, 2, 3]


def test_progress_counts_bytes_up_to_all_of_them(small_world):
    ana = small_world.device("ana")
    add(ana, bytes_of(2 * MIB + 7))
    told = []

    run_round(
        ana.store, ana.transport, small_world.clock, files=ana.files, progress=lambda *at: told.append(at)
    )

    counted = [(done, total) for step, done, total in told if step is Step.FILES]
    assert counted[0] == (0, 2 * MIB + 7)
    assert counted[-1] == (2 * MIB + 7, 2 * MIB + 7)
    assert counted == sorted(counted)


def test_cancel_stops_between_two_parts_and_the_next_round_goes_on_from_there(small_world):
    ana = small_world.device("ana")
    record = add(ana, bytes_of(4 * MIB))
    asked = iter(range(1000))

    def cancelled() -> bool:
        return bool(stored_parts(small_world, record)) and next(asked) >= 2

    with pytest.raises(Cancelled):
        run_round(ana.store, ana.transport, small_world.clock, files=ana.files, cancelled=cancelled)
    done = len(stored_parts(small_world, record))
    ana.transport.sent.clear()
    ana.sync()

    assert 0 < done < 4
    assert steps(ana, "put") == 4 - done


# -- cut anywhere --------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(1, 6))
@pytest.mark.parametrize("where", ["before", "after"])
def test_an_upload_cut_at_any_part_goes_on_and_sends_no_part_twice(small_world, part, where):
    ana = small_world.device("ana")
    data = bytes_of(4 * MIB + 1)
    record = add(ana, data)
    setattr(ana.transport, where, Cut("put", part))

    with pytest.raises(Unreachable):
        ana.sync()
    setattr(ana.transport, where, None)
    ana.transport.sent.clear()
    ana.sync()

    # An answer that was lost costs one part sent again, no more.
    assert steps(ana, "put") <= 5 - part + 1
    assert stored_parts(small_world, record) == [0, 1, 2, 3, 4]
    assert unsent(ana) == []


@pytest.mark.parametrize("part", range(1, 6))
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_download_cut_at_any_part_goes_on_from_there(small_world, part, where):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    data = bytes_of(4 * MIB + 1)
    record = add(ana, data)
    ana.sync()
    setattr(ben.transport, where, Cut("get", part))

    with pytest.raises(Unreachable):
        ben.sync()
    setattr(ben.transport, where, None)
    ben.transport.sent.clear()
    ben.sync()

    assert steps(ben, "get") == 5 - part + 1
    assert ben.files.read(record) == data


def test_a_device_killed_before_it_noted_what_it_sent_is_told_where_to_go_on(small_world):
    ana = small_world.device("ana")
    record = add(ana, bytes_of(3 * MIB))
    ana.transport.after = Cut("put", 2)
    with pytest.raises(Unreachable):
        ana.sync()
    ana.files.note_sent(record, 0)
    ana.transport.after = None
    ana.transport.sent.clear()

    ana.sync()

    assert steps(ana, "put") == 2
    assert unsent(ana) == []


def test_a_part_that_comes_twice_or_by_two_laptops_is_kept_once(world):
    ana, ben = world.device("ana"), world.device("ben")
    data = bytes_of(2 * MIB)
    record = add(ana, data)
    break_off(ana)
    ben.sync()

    replies = [put(device, record, 0, data[:MIB]) for device in (ana, ana, ben)]
    last = [put(device, record, 1, data[MIB:]) for device in (ben, ana)]

    assert [reply.next for reply in replies] == [1, 1, 1]
    assert [reply.complete for reply in last] == [True, True]
    assert stored_parts(world, record) == [0, 1]


def test_parts_may_come_in_any_order(small_world):
    ana = small_world.device("ana")
    data = bytes_of(3 * MIB)
    record = add(ana, data)
    break_off(ana)

    replies = [put(ana, record, part, data[part * MIB : (part + 1) * MIB]) for part in (2, 0, 1)]

    assert [(reply.next, reply.complete) for reply in replies] == [(0, False), (1, False), (3, True)]


# -- wrong bytes ---------------------------------------------------------------------------------


def test_a_part_changed_on_the_way_is_not_kept_and_goes_again(small_world):
    ana = small_world.device("ana")
    record = add(ana, bytes_of(2 * MIB))
    seen = []

    def spoil(step: str, body: bytes) -> bytes | None:
        seen.append(step)
        if step == "put" and seen.count("put") == 1:
            request = decode(PutFile, body)
            return encode(
                PutFile(
                    protocol=PROTOCOL, table="picture", record=record, part=0,
                    sha256=request.sha256, data=bytes(MIB),
                )
            )  # fmt: skip
        return None

    ana.transport.before = spoil
    report = ana.sync()

    assert report.files_sent == 1
    assert steps(ana, "put") == 3


def test_parts_that_together_are_not_what_was_promised_are_dropped_and_sent_anew(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    data = bytes_of(2 * MIB)
    record = add(ana, data)
    break_off(ana)
    ben.sync()
    put(ben, record, 0, bytes(MIB))  # a true hash of the wrong bytes

    reply = put(ana, record, 1, data[MIB:])
    empty = stored_parts(small_world, record)
    ana.transport.before = None
    ana.sync()

    assert reply.again
    assert empty == []
    assert get(ana, record, 0).data == data[:MIB]
    assert unsent(ana) == []


def test_a_file_that_is_not_what_its_record_promises_is_never_taken_and_said_to_be_damaged(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    record = add(ana, bytes_of(MIB + 1), sha256="0" * 64)

    ana.sync()
    ana.transport.sent.clear()
    ana.sync()
    ben.sync()

    assert here(ana, record).damaged
    assert steps(ana, "put") == 0
    assert not received(ben, record)
    assert stored_parts(small_world, record) == []


def test_a_file_damaged_on_the_laptop_holds_up_no_other(small_world):
    ana = small_world.device("ana")
    bad, good = add(ana, b"bad"), add(ana, bytes_of(2 * MIB))
    (name,) = [n for (n, part), data in ana.shelf.parts.items() if data == b"bad"]
    del ana.shelf.parts[name, 0]

    report = ana.sync()

    assert report.files_sent == 1
    assert here(ana, bad).damaged
    assert here(ana, good).received
    with pytest.raises(FileDamaged):
        ana.files.read(bad)


def test_a_download_that_is_not_what_the_record_promises_is_not_kept(small_world):
    ana, ben = small_world.device("ana"), small_world.device("ben")
    record = add(ana, b"truth")
    ana.sync()
    part = small_world.schema.own("file_part")
    with small_world.engine.begin() as connection:
        connection.execute(update(part).values(data=b"lies!", sha256=hashlib.sha256(b"lies!").hexdigest()))

    report = ben.sync()

    assert report.files_received == 0
    assert here(ben, record) is None
    ben.shelf.open_again()
    ben.files.tidy()
    assert ben.shelf.parts == {}
