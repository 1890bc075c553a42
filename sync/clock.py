"""The machine's own clock: what hosts give where a Clock is asked for (tests give sync.memory's)."""

from datetime import UTC, datetime


class SystemClock:
    """Jumps when somebody sets the machine right, as any wall clock does."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)
