"""Everything that can go wrong between a device and the hub, seen from the device.

SyncProblem                 the world's fault: the queue is kept, a later round may succeed
├── Unreachable             no answer, half an answer, or an answer that is not the hub's
├── SignedOut               401: the device must sign in again; nothing in the queue is judged by it
├── NotAllowed              403: the hub refuses this device as a whole
├── Busy                    429 or 503: try again after `retry_after_s`
├── TooLarge                413: send less at once
├── TooOld                  the hub no longer speaks this device's protocol version
├── RejoinNeeded            the two no longer share a past (restored, cloned or rolled back)
├── UnexplainedRemoval      the hub would take away what no grant change or purge explains
└── Cancelled               the person stopped the round

A bug of ours is an ordinary exception and is never caught here.
"""


class SyncProblem(Exception):
    """Something outside the code stopped the round. Running it again is always safe."""


class Unreachable(SyncProblem):
    """The hub could not be reached, or what answered was not the hub (a captive portal, half a reply)."""


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


class TooOld(SyncProblem):
    """The hub serves newer protocol versions only. Refused before anything was taken."""


class RejoinNeeded(SyncProblem):
    """Cursor or chain does not match the hub's ledger. `reason` is a code for the log, no content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnexplainedRemoval(SyncProblem):
    """The count-and-digest check would remove records that nothing explains: ask a person first."""


class Cancelled(SyncProblem):
    """The person at the screen stopped the round; what was done so far stays done."""
