"""A clock that only moves when told to."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Starts at `start` (default 16 November 2026, 09:00 UTC) and stands still."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, **amount: float) -> None:
        """Move on, as `timedelta(**amount)`: `clock.advance(minutes=5)`; negative goes back."""
        self._now += timedelta(**amount)
