"""What travels between device and hub: msgspec structs as JSON, compressed by the transport.

Rows travel as arrays beside a list of their columns, ops as arrays with their content as the exact
bytes it was saved as. Additive only: a field is never removed and never changes its meaning.
"""

from typing import Annotated, Any, TypeVar

import msgspec

from sync.errors import Unreachable
from sync.ops import Act, Outcome, Reason

# Protocol versions. The hub serves the newest and the two before it.
#   1  2026-11  first
PROTOCOL = 1
SERVED = (1,)

PUSH_OPS = 2_000  # at most so many ops in a batch,
PUSH_BYTES = 4 * 1024 * 1024  # and at most so many bytes of content
PAGE_ROWS = 2_000  # rows in one page of a pull
OP_BYTES = 256 * 1024  # content of one op


Id = Annotated[str, msgspec.Meta(min_length=32, max_length=32)]


class WireOp(msgspec.Struct, array_like=True, frozen=True):
    """An op in its envelope. n counts the device's ops within its generation; chain is the link of
    the device's own chain at this op."""

    n: int
    chain: str
    op_id: Id
    kind: str
    table: str
    record: str
    base_epoch: str
    base_version: int
    made_at: int
    act_id: str
    salt: Id
    content: msgspec.Raw
    knows: dict[str, int] | None = None


class PushRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Ops in order of n. urgent: ops that must be taken first, whatever lies before them; they
    come again in their place, where the receipt answers. after: (n, chain) before the first op."""

    protocol: int
    generation: str
    after_n: int
    after_chain: str
    ops: list[WireOp]
    urgent: list[WireOp] = []


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """The council's answer to one op. version: of the record after it; 0 if it has no row.
    fields: {column: outcome} where not all share the op's outcome."""

    op_id: str
    seq: int
    version: int
    outcome: Outcome
    reason: Reason | None = None
    fields: dict[str, Outcome] | None = None


class PushReply(msgspec.Struct, frozen=True, kw_only=True):
    """now: the hub's clock, milliseconds UTC. rejoin: why nothing was taken; None normally."""

    epoch: str
    now: int
    receipts: list[Receipt] = []
    rejoin: str | None = None


class CursorAt(msgspec.Struct, array_like=True, frozen=True):
    """How far a device has read one ledger head: the row at `seq` had `hash`."""

    epoch: str
    seq: int
    hash: str
    schema_version: int


class FillAt(msgspec.Struct, array_like=True, frozen=True):
    """Where the filling of newly gained scopes stands: everything up to (table, scope, record) is
    on the device. Empty strings at the start."""

    scopes: list[str]
    table: str = ""
    scope: str = ""
    record: str = ""


class PullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """cursor: {head: CursorAt}, empty at first. check: scopes to count at the end of the pull."""

    protocol: int
    generation: str
    cursor: dict[str, CursorAt]
    fill: FillAt | None = None
    check: list[str] = []
    page_rows: int = PAGE_ROWS


class Rows(msgspec.Struct, array_like=True, frozen=True):
    """Whole visible rows of one table at their present version, as arrays in order of `columns`."""

    table: str
    columns: list[str]
    rows: msgspec.Raw


class Gained(msgspec.Struct, array_like=True, frozen=True):
    """A scope the device now holds; a changed grant is the same scope again."""

    scope: str
    kinds: list[str]
    level: int


class Count(msgspec.Struct, array_like=True, frozen=True):
    """How many records of a kind the hub has in a scope, and their digest (32 hex digits)."""

    scope: str
    kind: str
    records: int
    digest: str


class Gone(msgspec.Struct, array_like=True, frozen=True):
    """A record that the council removed by a lawful decision (a purge): it goes here too."""

    table: str
    record: str


class PullReply(msgspec.Struct, frozen=True, kw_only=True):
    """One page. cursor: where the device stands once the page is applied.

    more: news is left, ask again. fill: where filling stands, None when done.
    counts: only on the last page, read in the same transaction as the cursor.
    """

    epoch: str
    now: int
    cursor: dict[str, CursorAt] = {}
    rows: list[Rows] = []
    gained: list[Gained] = []
    lost: list[str] = []
    gone: list[Gone] = []
    more: bool = False
    fill: FillAt | None = None
    counts: list[Count] | None = None
    rejoin: str | None = None


encode = msgspec.json.Encoder().encode
T = TypeVar("T")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decode(kind: type[T], body: bytes) -> T:
    """Read a message. Raises msgspec.DecodeError for bytes that are not one."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    result: T = decoder.decode(body)
    return result


def decode_reply(kind: type[T], body: bytes) -> T:
    """Read the hub's answer; anything that is not one (a captive portal's page, half a reply)
    counts as no answer: raises Unreachable."""
    try:
        return decode(kind, body)
    except msgspec.DecodeError as error:
        raise Unreachable("the answer was not the hub's") from error


def envelope_kind(kind: str) -> Act | None:
    """The kind of act an envelope names; None for one this version does not know."""
    return Act(kind) if kind in Act._value2member_map_ else None
