"""Pictures: records that carry bytes, saved as an app does it; what became of them; parts sent by hand."""

import hashlib
import random

import pytest
from sqlalchemy import delete, select

from sync.errors import Unreachable
from sync.ops import Act, new_id
from sync.sql import Change, save
from sync.sql.files import lay, note_file
from sync.sql.files_here import FileHere, files_here, unsent_files
from sync.wire import PART_BYTES, PROTOCOL, GetFile, GetReply, PutFile, PutReply, decode_reply, encode
from tests.sync.conftest import Device, World

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


def here(device: Device, record: str) -> FileHere | None:
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


def drop_at_hub(world: World, record: str, part: int | None = None) -> None:
    file, file_part = world.schema.own("file"), world.schema.own("file_part")
    with world.engine.begin() as connection:
        where = [file_part.c.record == record] + ([] if part is None else [file_part.c.part == part])
        connection.execute(delete(file_part).where(*where))
        if part is None:
            connection.execute(delete(file).where(file.c.record == record))


def break_off(device: Device) -> None:
    """A round whose line is cut at the first part of a file, and stays so."""
    device.transport.before = Cut("put", 1)
    with pytest.raises(Unreachable):
        device.sync()
