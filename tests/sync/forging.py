"""A device that says what it likes to the hub."""

from typing import Any

import msgspec

from sync.ops import CHAIN_START, chain, commit, new_id, new_salt
from sync.wire import PROTOCOL, PushReply, PushRequest, Receipt, WireOp, decode, encode
from tests.sync.conftest import Device

GOOD = {"kind": "insert", "content": b'{"patch":{"shelf":"a","name":"spade"}}'}


class Forger:
    """Speaks to the hub as a device would, op by op, with whatever it likes in them."""

    def __init__(self, device: Device) -> None:
        self.world, self.caller = device.world, device.caller
        self.generation, self.n, self.chain = new_id(), 0, CHAIN_START

    def push(self, *wanted: dict[str, Any]) -> list[Receipt]:
        before, ops = (self.n, self.chain), []
        for named in wanted:
            content = named.pop("content", b'{"patch":{},"was":{}}')
            op_id, salt = named.pop("op_id", None) or new_id(), named.pop("salt", new_salt())
            self.n, self.chain = self.n + 1, chain(self.chain, op_id, commit(salt, content))
            op: dict[str, Any] = {
                "n": self.n, "chain": self.chain, "op_id": op_id, "kind": "update", "table": "tool",
                "record": new_id(), "base_epoch": "", "base_version": 0, "made_at": 1, "act_id": new_id(),
                "salt": salt, "content": msgspec.Raw(content), **named,
            }  # fmt: skip
            ops.append(WireOp(**op))
        request = PushRequest(
            protocol=PROTOCOL, generation=self.generation, after_n=before[0], after_chain=before[1], ops=ops
        )
        reply = decode(PushReply, self.world.hub.push(self.caller, encode(request)))
        assert reply.rejoin is None
        return reply.receipts
