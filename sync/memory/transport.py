"""A transport that calls the hub directly, in the same process, with the real bytes."""

from collections.abc import Callable

from sync.errors import Unreachable, Unreadable
from sync.hub import Hub
from sync.hub.past import BadMessage
from sync.ports import Caller

Fault = Callable[[str, bytes], bytes | None]


class MemoryTransport:
    """One device's way to a hub.

    online: False behaves like a cut cable. Two hooks let a test play the network: `before` sees the
    request and may raise or change it; `after` sees the reply and may raise (the answer is lost
    though the hub has committed) or change it (a truncated one). Both return bytes, or None to
    leave them as they are.
    """

    def __init__(self, hub: Hub, caller: Caller) -> None:
        self.hub = hub
        self.caller = caller
        self.online = True
        self.before: Fault | None = None
        self.after: Fault | None = None
        self.sent: list[tuple[str, int, int]] = []  # (step, bytes up, bytes down)

    def send(self, step: str, body: bytes) -> bytes:
        if not self.online:
            raise Unreachable("the cable is cut")
        if self.before is not None:
            body = self.before(step, body) or body
        steps = {"push": self.hub.push, "pull": self.hub.pull, "put": self.hub.put, "get": self.hub.get}
        try:
            reply = steps[step](self.caller, body)
        except BadMessage as error:
            raise Unreadable("the hub could not read the message") from error
        self.sent.append((step, len(body), len(reply)))
        if self.after is not None:
            reply = self.after(step, reply) or reply
        return reply
