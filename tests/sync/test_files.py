"""Bytes that records carry: cut anywhere, lost anywhere, sent by the wrong person; the file arrives
whole or does not count as there."""

import hashlib
import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import delete, select, update

from sync.device import Step, run_round
from sync.errors import Cancelled, TooLarge, Unreachable
from sync.hub.files import Sweep
from sync.ops import Act, new_id
from sync.ports import FileDamaged, Verdict
from sync.sql import Change, save
from sync.sql.files import SqlFiles, TooBig, lay, note_file
from sync.sql.files_here import files_here, unsent_files
from sync.wire import (
    FILE_BYTES,
    PART_BYTES,
    PROTOCOL,
    GetFile,
    GetReply,
    PutFile,
    PutReply,
    decode,
    decode_reply,
    encode,
)
from tests.sync.conftest import HOLD, KINDS, REFUSE, Device, World

MIB = PART_BYTES


def bytes_of(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def add(device: Device, data: bytes, shelf: str = "a", sha256: str | None = None) -> str:
    """A picture with its bytes, saved as an app does it."""
    record = new_id()
    blob = lay(device.shelf, data)
    fields = {
        "shelf": shelf, "title": "a picture", "size": len(data),
        "sha256": sha256 or hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    with device.writing() as connection:
        change = Change("picture", record, fields, Act.INSERT)
        save(connection, device.schema, [change], clock=device.world.clock)
        note_file(connection, device.schema, "picture", record, blob)
    return record


def received(device: Device, record: str) -> bool:
    row = device.row(record, "picture")
    return row is not None and row["received_at"] is not None


def unsent(device: Device) -> list[str]:
    with device.writing() as connection:
        return [file.record for file in unsent_files(connection, device.schema)]


def here(device: Device, record: str):
    with device.writing() as connection:
        return files_here(connection, device.schema).get(record)


def stored_parts(world: World, record: str) -> list[int]:
    part = world.schema.own("file_part")
    with world.engine.begin() as connection:
        query = select(part.c.part).where(part.c.record == record).order_by(part.c.part)
        return list(connection.execute(query).scalars())


def put(device: Device, record: str, part: int, data: bytes | None, sha256: str | None = None) -> PutReply:
    """One part sent by hand."""
    said = sha256 or hashlib.sha256(data or b"").hexdigest()
    request = PutFile(protocol=PROTOCOL, table="picture", record=record, part=part, sha256=said, data=data)
    return decode_reply(PutReply, device.transport.send("put", encode(request)))


def get(device: Device, record: str, part: int = 0) -> GetReply:
    request = GetFile(protocol=PROTOCOL, table="picture", record=record, part=part)
    return decode_reply(GetReply, device.transport.send("get", encode(request)))


def steps(device: Device, kind: str) -> int:
    return sum(step == kind for step, _, _ in device.transport.sent)


class Cut:
    """Cuts the line at the nth request or answer of one kind."""

    def __init__(self, step: str, at: int) -> None:
        self.step = step
        self.at = at
        self.seen = 0

    def __call__(self, step: str, body: bytes) -> bytes | None:
        if step == self.step:
            self.seen += 1
            if self.seen == self.at:
                raise Unreachable("cut")
        return None


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
    ana.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        ana.sync()
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
    ana.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        ana.sync()

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
    ana.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        ana.sync()
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


# -- who may -------------------------------------------------------------------------------------


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


# -- lost and looked after -----------------------------------------------------------------------


def drop_at_hub(world: World, record: str, part: int | None = None) -> None:
    file, file_part = world.schema.own("file"), world.schema.own("file_part")
    with world.engine.begin() as connection:
        where = [file_part.c.record == record] + ([] if part is None else [file_part.c.part == part])
        connection.execute(delete(file_part).where(*where))
        if part is None:
            connection.execute(delete(file).where(file.c.record == record))


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
    ana.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        ana.sync()
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
    ana.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        ana.sync()

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
    ana.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        ana.sync()
    picture = small_world.schema["picture"].table
    with small_world.engine.begin() as connection:
        connection.execute(update(picture).values(received_at=small_world.clock.now()))

    ben.sync()
    ben.sync()

    assert not received(ben, record)


# -- what is fetched -----------------------------------------------------------------------------


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
    ana.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        ana.sync()
    small_world.keeper.rulings["ana"] = Verdict(REFUSE.ruling, REFUSE.reason)
    ana.transport.before = None

    ana.sync()

    assert stored_parts(small_world, record) == [0]


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
