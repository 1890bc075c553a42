"""Time as the council's tables keep it."""

from datetime import UTC, datetime

from sync.ports import Clock

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)


def milliseconds(clock: Clock) -> int:
    """Milliseconds since 1970 UTC."""
    return int(clock.now().timestamp() * 1000)
