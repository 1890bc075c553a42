"""Laptops and councils of other releases: messages of an older protocol, and a hub that does not speak
every version its laptops do.

A laptop of protocol 1 says and reads exactly what that protocol has (`sync/PROTOCOL.md`, "Versions");
what lies on its disk is today's. Safety holds for it at every turn as for any other. Left open while
it is so old, and over with its update:

- An act that cannot travel has no envelope: it waits, and all behind it (L1).
- It is not told what was purged, and has no list to find what it has too much: where a record it
  holds was purged its rounds end at the check (L1, L2, L3).

At the healing those that may have met one of these are updated; the others must be served as they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

import msgspec

from sync.errors import TooLarge, TooNew, TooOld
from sync.hub import hub as door
from sync.wire import (
    PROTOCOL,
    SERVED,
    Count,
    CursorAt,
    FillAt,
    Gained,
    GetFile,
    PullRequest,
    PushReply,
    PushRequest,
    PutFile,
    Rows,
    Spoken,
    decode,
    encode,
)
from tests.simulation.ghost import Violation
from tests.simulation.schema import NEWEST

if TYPE_CHECKING:
    from tests.simulation.device import Device
    from tests.simulation.world import World

FIRST = 1
OTHER_RELEASES = ((FIRST,), (FIRST,), (PROTOCOL,))  # what a hub of another release serves: older, or newer
NO_WORDS = {
    "purge", "413", "laptop put back", "profile cloned", "council put back", "council rolled back", "revoked",
}  # fmt: skip


# -- laptops: the messages as protocol 1 had them ------------------------------------------------------


class _Op(msgspec.Struct, array_like=True):
    n: int
    chain: str
    op_id: str
    kind: str
    table: str
    record: str
    base_epoch: str
    base_version: int
    made_at: int
    act_id: str
    salt: str
    content: msgspec.Raw  # the bytes it was saved as: they are hashed
    knows: dict[str, int] | None = None


class _Push(msgspec.Struct):
    protocol: int
    generation: str
    after_n: int
    after_chain: str
    ops: list[_Op]
    urgent: list[_Op] = []


class _Pull(msgspec.Struct):
    protocol: int
    generation: str
    cursor: dict[str, CursorAt]
    fill: FillAt | None = None
    check: list[str] = []
    page_rows: int = 0


class _Page(msgspec.Struct):
    epoch: str
    now: int
    cursor: dict[str, CursorAt] = {}
    rows: list[Rows] = []
    gained: list[Gained] = []
    lost: list[str] = []
    more: bool = False
    fill: FillAt | None = None
    counts: list[Count] | None = None
    rejoin: str | None = None


def said(protocol: int, step: str, body: bytes) -> bytes:
    """A request as a laptop of this protocol says it. Raises TooLarge for an act it has no envelopes for."""
    if protocol >= PROTOCOL:
        return body
    if step == "push" and any(op.commitment is not None for op in decode(PushRequest, body).ops):
        raise TooLarge("this version has no envelopes")
    if step in ("put", "get"):
        return encode(
            msgspec.structs.replace(decode(PutFile if step == "put" else GetFile, body), protocol=protocol)
        )
    asked = decode(_Push, body) if step == "push" else decode(_Pull, body)
    asked.protocol = protocol
    return encode(asked)


def read(protocol: int, step: str, reply: bytes) -> bytes:
    """An answer as a laptop of this protocol reads it: it passes over what it does not know."""
    if protocol >= PROTOCOL or step in ("put", "get"):
        return reply
    try:
        return encode(decode(PushReply if step == "push" else _Page, reply))
    except msgspec.DecodeError:
        return reply  # a captive portal, or half an answer


def paged(body: bytes, page_rows: int) -> bytes:
    """A pull that asks for so many rows at once, in the words of its own version."""
    kind = PullRequest if decode(Spoken, body).protocol >= PROTOCOL else _Pull
    return encode(msgspec.structs.replace(decode(kind, body), page_rows=page_rows))


def is_old(device: "Device") -> bool:
    return device.version < NEWEST or device.protocol < PROTOCOL


# -- the hub -------------------------------------------------------------------------------------------


def old_hub(world: "World", device: "Device", rng: Random) -> None:
    """The council runs another release for a while, older than some of its laptops or newer."""
    if world.serves != SERVED:
        world.serves = SERVED
        return
    world.serves = rng.choice(OTHER_RELEASES)
    world.fault("hub is older" if PROTOCOL not in world.serves else "hub is newer")


def hub_update(world: "World", device: "Device", rng: Random) -> None:
    """The council, whose tables were older than its laptops', is updated."""
    if world.hub_version < NEWEST:
        world.fault("hub updated")
        world.update_hub()


@contextmanager
def as_released(world: "World", body: bytes) -> Iterator[None]:
    """The hub takes one message as the release it runs does: what it does not serve it refuses by name,
    before it took anything; what it serves it does not refuse."""
    raw = world.hub_disk.raw
    before, served = raw.total_changes, decode(Spoken, body).protocol in world.serves
    setattr(door, "SERVED", world.serves)  # noqa: B010 - a constant, which only another release has otherwise
    try:
        yield
    except (TooNew, TooOld) as problem:
        expected = TooNew if decode(Spoken, body).protocol > max(world.serves) else TooOld
        if served or type(problem) is not expected:
            raise Violation("versions", f"the hub serves {world.serves} and says {problem!r}") from problem
        if raw.total_changes != before:
            raise Violation("versions", "the hub took something of what it does not serve") from problem
        raise
    else:
        if not served:
            raise Violation("versions", f"the hub serves {world.serves} and took another version")
    finally:
        setattr(door, "SERVED", SERVED)  # noqa: B010


def heal(world: "World") -> list["Device"]:
    """The council runs the present release again, and laptops that may miss what theirs had no words for
    are updated; gives all that ever were."""
    world.serves = SERVED
    if world.hub_version < NEWEST:
        world.update_hub()
    for device in world.devices:
        if device.protocol < PROTOCOL and NO_WORDS & set(world.faults):
            world.update(device)
    return [device for device in world.devices if device.was_old]
