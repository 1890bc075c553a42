"""No laptop may drown out the others: a bucket of requests each, refilled all the time."""

from dataclasses import dataclass
from threading import Lock

from sync.ports import Clock
from tfworker.council.refusals import TooManyTries

BURST = 1_000  # requests at once: a first sync of 200,000 records takes about 100 pages
PER_SECOND = 20.0  # hundreds of times what a laptop at work asks
REMEMBERED = 10_000  # buckets; beyond that the full ones are forgotten


@dataclass(slots=True)
class Bucket:
    """left: requests; at: seconds since 1970 when that was counted."""

    left: float
    at: float


class Pace:
    """The buckets of one process. With several processes a laptop has one in each."""

    def __init__(
        self,
        clock: Clock,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        remembered: int = REMEMBERED,
    ) -> None:
        self._clock = clock
        self._burst = burst
        self._per_second = per_second
        self._remembered = remembered
        self._buckets: dict[str, Bucket] = {}
        self._lock = Lock()

    @property
    def size(self) -> int:
        """How many buckets are kept."""
        return len(self._buckets)

    def take(self, device: str) -> None:
        """Count one request. Raises TooManyTries with the seconds until the next is free."""
        now = self._clock.now().timestamp()
        with self._lock:
            bucket = self._buckets.setdefault(device, Bucket(self._burst, now))
            refilled = max(now - bucket.at, 0.0) * self._per_second
            bucket.left, bucket.at = min(bucket.left + refilled, self._burst), now
            if bucket.left < 1:
                raise TooManyTries((1 - bucket.left) / self._per_second)
            bucket.left -= 1
            if len(self._buckets) > self._remembered:
                self._forget_full(now)

    def _forget_full(self, now: float) -> None:
        full_after = self._burst / self._per_second
        self._buckets = {d: b for d, b in self._buckets.items() if now - b.at < full_after}
