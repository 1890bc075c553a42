"""Everything that can go wrong between a device and the hub, seen from the device.

SyncProblem                 the world's fault: the queue is kept, a later round may succeed
├── Unreachable             no answer, half an answer, or an answer that is not the hub's
│   ├── TimedOut            the answer did not come in time: send and ask for less at once
│   └── Overlong            the answer was larger than this device takes: ask for less at once
├── SignedOut               401: the device must sign in again; nothing in the queue is judged by it
├── NotAllowed              403: the hub refuses this device as a whole
├── Busy                    429 or 503: try again after `retry_after_s`
├── TooLarge                413: send less at once
├── Unreadable              400: the hub could not read the message; nothing of it was taken
├── TooOld                  the hub no longer speaks this device's protocol version
├── TooNew                  the hub does not speak this device's protocol version yet
├── RejoinNeeded            the two no longer share a past (restored, cloned or rolled back)
├── UnexplainedRemoval      the hub would take away what no grant change or purge explains
├── Superseded              another round has begun on this vault; this one writes nothing more
└── Cancelled               the person stopped the round

A bug of ours is an ordinary exception and is never caught here.
"""


class SyncProblem(Exception):
    """Something outside the code stopped the round. Running it again is always safe."""


class Unreachable(SyncProblem):
    """The hub could not be reached, or what answered was not the hub (a captive portal, half a reply)."""


class TimedOut(Unreachable):
    """The hub did not answer in time. It may have taken what was sent: its receipts will say."""


class Overlong(Unreachable):
    """The answer was larger than this device is ready to hold."""


class SignedOut(SyncProblem):
    """The hub does not know this session any more."""


class NotAllowed(SyncProblem):
    """The hub refuses this device: revoked, disabled or suspended. The queue is kept."""


class Busy(SyncProblem):
    """The hub asks for patience."""

    def __init__(self, retry_after_s: float = 30.0) -> None:
        super().__init__(f"the hub asks to wait {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


class TooLarge(SyncProblem):
    """The batch was larger than the hub or something before it accepts."""


class Unreadable(SyncProblem):
    """The hub could not read the message, whatever is in it; what it holds is not judged by that."""


class TooNew(SyncProblem):
    """The hub is older than this device and does not speak its protocol yet. Nothing was taken."""


class TooOld(SyncProblem):
    """The hub serves newer protocol versions only. Refused before anything was taken."""


class RejoinNeeded(SyncProblem):
    """Cursor or chain does not match the hub's ledger. `reason` is a code for the log, no content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnexplainedRemoval(SyncProblem):
    """Records lie here that the council does not have, and nothing explains it: ask a person first.

    They are noted in the device's store (`aside.noticed`); `aside.set_aside` carries it out.
    """


class Superseded(SyncProblem):
    """Another round has begun on this vault meanwhile: this one must not write any more."""


class Cancelled(SyncProblem):
    """The person at the screen stopped the round; what was done so far stays done."""
