"""Ops as they leave the laptop: as they travel, and as many of them as go at once."""

import base64
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row

from sync.device.push import enveloped
from sync.device.store import Waiting
from sync.wire import OP_BYTES, Missing, WireOp


def wire_op(row: Row[*tuple[Any, ...]]) -> WireOp:
    """An op as it travels; an envelope where its content cannot, or is not kept in clear."""
    op = WireOp(
        n=row.n,
        chain=row.chain,
        op_id=row.op_id,
        kind=row.kind,
        table=row.table_name,
        record=row.record,
        base_epoch=row.base_epoch,
        base_version=row.base_version,
        made_at=row.made_at,
        act_id=row.act_id,
        salt=row.salt,
        content=msgspec.Raw(row.content),
        knows=row.knows,
    )
    if row.commitment is not None:  # not kept in clear here any more
        sealed = base64.b64encode(row.content).decode() if row.content else None
        content = msgspec.Raw(msgspec.json.encode(sealed))
        return msgspec.structs.replace(op, content=content, commitment=row.commitment, missing=Missing.GONE)
    return enveloped(op, Missing.TOO_LARGE) if len(row.content) > OP_BYTES else op


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
