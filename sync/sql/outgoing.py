"""Ops as they leave the laptop: as they travel, and as many of them as go at once."""

import base64
from collections.abc import Sequence
from typing import Any

import msgspec

from sync.device.push import enveloped
from sync.device.store import Waiting
from sync.wire import OP_BYTES, Missing, WireOp

# An op's columns as `wire_op` reads them: its place, then what travels.
TRAVELS = (
    "pos", "n", "chain", "op_id", "kind", "table_name", "record", "base_epoch", "base_version", "made_at",
    "act_id", "salt", "content", "knows", "commitment",
)  # fmt: skip


def wire_op(row: Sequence[Any]) -> WireOp:
    """An op, as a row of TRAVELS, as it travels; an envelope where its content cannot, or is not kept in
    clear."""
    # By place: by name, a row is asked fourteen times, which took longer than all the rest.
    (
        _,
        n,
        chain,
        op_id,
        kind,
        table,
        record,
        epoch,
        version,
        made_at,
        act,
        salt,
        content,
        knows,
        commitment,
    ) = row
    raw = msgspec.Raw(content)
    op = WireOp(n, chain, op_id, kind, table, record, epoch, version, made_at, act, salt, raw, knows)
    if commitment is not None:  # not kept in clear here any more
        sealed = base64.b64encode(content).decode() if content else None
        said = msgspec.Raw(msgspec.json.encode(sealed))
        return msgspec.structs.replace(op, content=said, commitment=commitment, missing=Missing.GONE)
    return enveloped(op, Missing.TOO_LARGE) if len(content) > OP_BYTES else op


def behind(sent: Waiting) -> tuple[int, int, str]:
    """(place, n, chain) of the last op of those."""
    last = sent.ops[-1]
    return sent.last_pos, last.n, last.chain


def fitting(ops: Sequence[WireOp], max_bytes: int) -> list[WireOp]:
    """As many as fit, one in any case."""
    size, fits = 0, 0
    for op in ops:
        size += len(bytes(op.content))
        if size > max_bytes:
            break
        fits += 1
    return list(ops[: max(fits, 1)])


def whole_acts(ops: Sequence[WireOp], max_ops: int, max_bytes: int) -> list[WireOp]:
    """As many ops as fit, whole acts only; the first act whole in any case."""
    size, fits = 0, 0
    for op in ops:
        size += len(bytes(op.content))
        if fits >= max_ops or size > max_bytes:
            break
        fits += 1
    if fits == len(ops):
        return list(ops)
    while fits and ops[fits].act_id == ops[fits - 1].act_id:
        fits -= 1
    return list(ops[:fits]) or [op for op in ops if op.act_id == ops[0].act_id]
