"""What travels between device and hub: msgspec structs as JSON, compressed by the transport.

Rows travel as arrays beside a list of their columns, ops as arrays with their content as the exact
bytes it was saved as. Additive only: a field is never removed and never changes its meaning.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, TypeVar

import msgspec

from sync.errors import Unreachable
from sync.ops import Act, Outcome, commit

# Protocol versions. The hub serves the newest and the two before it; PROTOCOL.md says what each brought.
#   1  2026-11  first
#   2  2026-11  envelopes, the device's past in both requests, lists for the check, purges
PROTOCOL = 2
SERVED = (2, 1)

PUSH_OPS = 2_000  # at most so many ops in a batch,
PUSH_BYTES = 4 * 1024 * 1024  # and at most so many bytes of content
PAGE_ROWS = 2_000  # rows in one page of a pull
OP_BYTES = 256 * 1024  # content of one op
PART_BYTES = 1024 * 1024  # of a file; all its parts but the last have exactly this many
FILE_BYTES = 25 * 1024 * 1024  # one file, unless the council's setting says otherwise
MAIN = "main"  # the only ledger head there is yet; cursors are maps from day one
PAST_GENERATIONS = 32  # earlier generations that a device names, the latest ones


Id = Annotated[str, msgspec.Meta(min_length=32, max_length=32)]
Short = Annotated[str, msgspec.Meta(max_length=32, pattern=r"\A[^\x00]*\Z")]  # what a database keeps as an id
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class CursorAt(msgspec.Struct, array_like=True, frozen=True):
    """How far a device has read one ledger head: the row at `seq` had `hash`.

    schema_version: of the device's own tables when it read so far; what it could not keep then it
        puts in place once it can.
    """

    epoch: str
    seq: int
    hash: str
    schema_version: int


class Rejoin(StrEnum):
    """Why the two no longer share a past. The first four: the hub was put back, and what rests on
    the past it lost is decided by value."""

    EPOCH = "epoch"  # the hub's database was made anew or restored
    AHEAD = "ahead"  # the device has read further than this ledger goes
    ROLLED_BACK = "rolled_back"  # the ledger has another row where the device has read to
    GAP = "gap"  # the device has receipts for ops that the hub does not have
    GENERATION = "generation"  # of a generation that was replaced, or not from its start
    CHAIN = "chain"  # the ops do not chain to each other
    FORK = "fork"  # other ops than these were taken under their numbers
    PUT_BACK = "put_back"  # the hub has ops of this generation that the device never made


class Missing(StrEnum):
    """Why an envelope travels without the content it was sealed for."""

    TOO_LARGE = "too_large"  # over OP_BYTES, or something on the way takes no message that large
    UNREADABLE = "unreadable"  # the hub could not read the message it was in
    GONE = "gone"  # offered again after its scope was lost or its record purged: not kept here


class WireOp(msgspec.Struct, array_like=True, frozen=True, dict=True):
    """An op in its envelope. n counts the device's ops within its generation; chain is the link of
    the device's own chain at this op.

    commitment: what `ops.commit` gave for a content that cannot travel; content is then `null`, or
        a text that only the council's recovery key opens. None: the content is there.
    missing: why it is not there.
    """

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
    commitment: Hash | None = None
    missing: Missing | None = None

    @cached_property
    def committed(self) -> str:
        """The commitment to its content. Raises ValueError for a salt that is not hex."""
        if self.commitment is not None:
            return self.commitment
        return commit(self.salt, bytes(self.content))


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """What every request says first of all, in every version there will be."""

    protocol: int


class PushRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Ops in order of n. urgent: ops that must be taken first, whatever lies before them; they
    come again in their place, where the receipt answers. after: (n, chain) before the first op.

    cursor: as in a pull: nothing is taken from a device that has read another past.
    past: generations this one replaced, the latest last.
    """

    protocol: int
    generation: Short
    after_n: int
    after_chain: str
    ops: list[WireOp]
    urgent: list[WireOp] = []
    cursor: dict[str, CursorAt] = {}
    past: list[str] = []


class Receipt(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The council's answer to one op. version: of the record after it; 0 if it has no row.
    fields: {column: outcome} where not all share the op's outcome."""

    op_id: str
    seq: int
    version: int
    outcome: Outcome
    # A Reason; plain text, so that a reason this version does not know is only a word it cannot say.
    reason: str | None = None
    fields: dict[str, Outcome] | None = None


class PushReply(msgspec.Struct, frozen=True, kw_only=True):
    """now: the hub's clock, milliseconds UTC. rejoin: why nothing was taken; None normally."""

    epoch: str
    now: int
    receipts: list[Receipt] = []
    rejoin: str | None = None


class FillAt(msgspec.Struct, array_like=True, frozen=True):
    """Where the filling of newly gained scopes stands: everything up to (table, scope, record) is
    on the device. Empty strings at the start."""

    scopes: list[str]
    table: str = ""
    scope: str = ""
    record: str = ""


class PullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """cursor: {head: CursorAt}, empty at first. check: scopes to count at the end of the pull.

    sent_n, sent_chain: the last op of this generation that has its receipt here; None: not said.
    made_n: the last op of this generation that was saved here.
    listed: scopes of which the last page lists every record, for what the counts left open.
    """

    protocol: int
    generation: str
    cursor: dict[str, CursorAt]
    fill: FillAt | None = None
    check: list[str] = []
    page_rows: int = PAGE_ROWS
    sent_n: int | None = None
    sent_chain: str = ""
    made_n: int | None = None
    listed: list[str] = []


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


class Listed(msgspec.Struct, array_like=True, frozen=True):
    """Every record of a kind that the device is given in a scope: [id, version]."""

    scope: str
    kind: str
    records: list[tuple[str, int]]


class Gone(msgspec.Struct, array_like=True, frozen=True):
    """A record that the council removed by a lawful decision (a purge): it goes here too."""

    table: str
    record: str


class PullReply(msgspec.Struct, frozen=True, kw_only=True):
    """One page. cursor: where the device stands once the page is applied.

    more: news is left, ask again. fill: where filling stands, None when done.
    counts: only on the last page, read in the same transaction as the cursor; listed likewise.
    filling: on the first page of a filling, how many records it will bring in all.
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
    listed: list[Listed] | None = None
    filling: int | None = None


class PutFile(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the bytes a record carries. part: counts from 0. sha256: of this part.
    data None: only asks how far the hub has got."""

    protocol: int
    table: str
    record: str
    part: int = 0
    sha256: str = ""
    data: bytes | None = None


class PutReply(msgspec.Struct, frozen=True, kw_only=True):
    """next: the first part the hub has not got. again: together the parts were not what the record
    promises; all were dropped. complete: the hub has the whole file; version: of the record since
    then, 0 while the record waits for a person. refused: why it takes none of it. record: what was
    asked about, so that the answer to an earlier question is not taken for this one's; "": not said."""

    epoch: str
    now: int
    record: str = ""
    next: int = 0
    again: bool = False
    complete: bool = False
    version: int = 0
    refused: str | None = None  # a Reason


class GetFile(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for one part of the bytes a record carries."""

    protocol: int
    table: str
    record: str
    part: int = 0


class GetReply(msgspec.Struct, frozen=True, kw_only=True):
    """data: the part. missing: the hub has not got the file (yet, or any more). record: as in PutReply."""

    epoch: str
    now: int
    record: str = ""
    data: bytes = b""
    sha256: str = ""
    last: bool = False
    missing: bool = False
    refused: str | None = None  # a Reason


def parts_of(size: int) -> int:
    """How many parts a file of so many bytes has; one of none at all has one."""
    return max(1, -(-size // PART_BYTES))


def size_of_part(size: int, part: int) -> int:
    """Bytes in one part of a file."""
    return min(PART_BYTES, size - part * PART_BYTES)


encode = msgspec.json.Encoder().encode
T = TypeVar("T")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decode(kind: type[T], body: bytes) -> T:
    """Read a message. Raises msgspec.DecodeError for bytes that are not one."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        result: T = decoder.decode(body)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError("the message is not UTF-8") from error
    return result


def decode_reply(kind: type[T], body: bytes) -> T:
    """Read the hub's answer; anything that is not one (a captive portal's page, half a reply)
    counts as no answer: raises Unreachable."""
    try:
        return decode(kind, body)
    except msgspec.DecodeError as error:
        raise Unreachable("the answer was not the hub's") from error


KINDS = {kind.value: kind for kind in Act}


def envelope_kind(kind: str) -> Act | None:
    """The kind of act an envelope names; None for one this version does not know."""
    return KINDS.get(kind)
