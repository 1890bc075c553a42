"""Time as the council's tables keep it."""

from sync.ports import Clock

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def milliseconds(clock: Clock) -> int:
    """Milliseconds since 1970 UTC."""
    return int(clock.now().timestamp() * 1000)
