"""What changed: one op per saved act, with the exact bytes it was saved as.

An op carries only the fields that were changed (`patch`) and what they were (`was`). Its content
is encoded once, at the save; every hash and commitment is over those bytes, whatever a later
version would have written.
"""

import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

import msgspec

DIGEST_MODULUS = 1 << 128  # digests of a scope are summed modulo this
CHAIN_START = "0" * 64  # what the first op of a generation is chained to


class Act(StrEnum):
    """What an op does to its record."""

    INSERT = "insert"
    UPDATE = "update"
    DECIDE = "decide"  # a person settles a card
    PURGE = "purge"  # hub only: content removed by a retention decision
    SEEN = "seen"  # a read without a network, one per family and unlock


# {what a person says of something in a tray: its state after that}
STATE_AFTER = {"admit": "admitted", "decline": "declined", "read": "read"}


class Outcome(StrEnum):
    """What became of an op. Ordered from best to worst by `OUTCOME_RANK`."""

    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    HELD = "held"
    REFUSED = "refused"


OUTCOME_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


class Reason(StrEnum):
    """Why an op was held, refused or put in the queue. Codes only: the words are the host's."""

    SAME_FIELD = "same_field"
    SAFER_STANDS = "safer_stands"
    NEEDS_REVIEW = "needs_review"
    ALREADY_DECIDED = "already_decided"  # somebody was quicker with what waits in a tray
    CARD_MOVED = "card_moved"  # decided, but the card or what stood had moved meanwhile
    RIVAL = "rival"  # clashes with another record; both stand
    REQUEST = "request"  # only the council changes this field
    NOT_YOURS_NOW = "not_yours_now"  # the author no longer has this scope
    NOT_ALLOWED = "not_allowed"
    WITHHELD = "withheld"  # a field this device was not given
    FINAL = "final"  # written once and finished
    NOT_AUTHOR = "not_author"
    UNKNOWN_RECORD = "unknown_record"
    UNKNOWN_TABLE = "unknown_table"
    ALREADY_THERE = "already_there"
    WRONG_SCOPE = "wrong_scope"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    GONE = "gone"  # offered again without its content, which the council has lost and nobody else kept
    ID_USED = "id_used"  # another op of another content has this id
    BAD_VALUE = "bad_value"
    FOLLOWS = "follows"  # needs an op that waits or was refused
    PURGED = "purged"  # its record was removed by a lawful decision
    TO_READ = "to_read"  # taken from somebody who has not got the scope any more; whoever has reads it
    CLOSED = "closed"  # taken though what it is about was closed meanwhile; somebody reads it
    SAME_ACT = "same_act"  # saved together with one that was held or refused


class Op(msgspec.Struct, frozen=True, kw_only=True):
    """One saved act on one record.

    op_id, record, act_id: ids as made by `new_id`.
    base_epoch, base_version: the council's row on this laptop when the record's oldest op without
        a receipt was made; ("", 0) if the council had none.
    content: the exact JSON bytes {"patch": {...}, "was": {...}} written at the save.
    knows: {card id: card version} of the open cards on this record that the author could see.
    made_at: device time, milliseconds since 1970 UTC; information only, never orders anything.
    salt: 32 hex digits; commits the ledger to content that may later be removed by law.
    """

    op_id: str
    kind: Act
    table: str
    record: str
    base_epoch: str
    base_version: int
    made_at: int
    act_id: str
    salt: str
    content: msgspec.Raw
    knows: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Change:
    """What a person did to one record: only the fields that changed.

    record: id; `new_id()` for an insert. patch: Python values by column name.
    was: what its author last knew of these columns, where that need not be what the record holds
        now (an import); the hub then settles by value. None: what the record holds.
    """

    table: str
    record: str
    patch: Mapping[str, Any]
    kind: Act = Act.UPDATE
    was: Mapping[str, Any] | None = None


class Content(msgspec.Struct, frozen=True, gc=False):
    """The decoded content of an op."""

    patch: dict[str, Any]
    was: dict[str, Any] = {}


class Effect(Content, frozen=True, gc=False):
    """What an op did to its row, kept at the hub where that is not simply its content.

    base: version of the record its author had made it on; what lies up to there she had seen.
    central: her line speaks for the council.
    """

    base: int = 0
    central: bool = False


_encode = msgspec.json.Encoder(order=None).encode
_decode_content = msgspec.json.Decoder(Content).decode
_decode_effect = msgspec.json.Decoder(Effect).decode


def encode_content(patch: Mapping[str, Any], was: Mapping[str, Any]) -> bytes:
    """The bytes an op is saved, hashed and sent as. Dates and times become ISO text.

    Raises ValueError for a text that no other machine could read back (a lone surrogate).
    """
    try:
        return _encode({"patch": patch, "was": was})
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a character pair and cannot be written") from error


def as_travelled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON holds them, the way `encode_content` writes them."""
    plain: dict[str, Any] = msgspec.to_builtins(dict(values))
    return plain


def decode_content(content: bytes | memoryview | msgspec.Raw) -> Content:
    """Raises msgspec.DecodeError when the bytes are not an op's content."""
    try:
        return _decode_content(content)
    except UnicodeDecodeError as error:  # of a raw part of a message nothing was read before
        raise msgspec.DecodeError("the content is not UTF-8") from error
    except RecursionError as error:
        raise msgspec.DecodeError("the content is nested too deep") from error


def encode_effect(effect: Effect) -> bytes:
    """The bytes an effect is kept as."""
    return _encode(effect)


def decode_effect(kept: bytes | memoryview) -> Effect:
    """Raises msgspec.DecodeError when the bytes are not an effect."""
    return _decode_effect(kept)


def commit(salt: str, content: bytes | memoryview) -> str:
    """What the ledger keeps for ever: HMAC-SHA-256 over the content, keyed with its salt.

    Without the salt (purged with the content) nothing can be guessed back from it.
    """
    return hmac.digest(bytes.fromhex(salt), content, "sha256").hex()


def chain(head: str, op_id: str, commitment: str) -> str:
    """The next link of a device's own chain of saves."""
    return hashlib.sha256(f"{head}|{op_id}|{commitment}".encode()).hexdigest()


def record_digest(record: str, version: int) -> int:
    """A record's share in the digest of its scope: the first 16 bytes of SHA-256(id, version)."""
    return int.from_bytes(hashlib.sha256(f"{record}:{version}".encode()).digest()[:16])


class Source:
    """Where ids and salts come from: the machine's random source and clock.

    A simulation puts one of its own in place (`draw_from`), so that a run can be had again.
    """

    def random(self, size: int) -> bytes:
        return os.urandom(size)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


_source = Source()
_last = 0
_lock = Lock()


def draw_from(source: Source) -> None:
    """From now on ids and salts come from this source; their order begins anew."""
    global _source, _last
    with _lock:
        _source, _last = source, 0


def new_salt() -> str:
    """32 hex digits from the random source."""
    return _source.random(16).hex()


def new_id(now_ms: int | None = None) -> str:
    """A UUIDv7 (RFC 9562) as 32 hex digits: unique, and in order of making within one process."""
    global _last
    with _lock:
        # 60 bits of time and counter: 48 bits of milliseconds, 12 that count up within one.
        moment = (now_ms if now_ms is not None else _source.now_ms()) << 12
        _last = moment = moment if moment > _last else _last + 1
    high = (moment >> 12 << 16) | 0x7000 | (moment & 0xFFF)
    low = (int.from_bytes(_source.random(8)) & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    return f"{high:016x}{low:016x}"
