"""Looking after the bytes of documents: what is lost is asked from laptops, what is late is reported."""

from datetime import timedelta

from sync.hub.files import Sweep
from tfworker.council.service import DESK, Council
from tfworker.log import Log
from tfworker.settings import FILE_LATE_AFTER

EVERY = timedelta(days=1)

log = Log("council.files")


def look_after(council: Council, *, read_all: bool = False) -> Sweep:
    """Compare documents and bytes once, and put right what can be (see `sync.hub.files.Sweep`).

    read_all: read every byte again, to find what the disk has changed; as long as reading a backup.
    """
    swept = council.hub.files.sweep(DESK, missing_after_days=FILE_LATE_AFTER.value, read_all=read_all)
    log.info("files looked after", count=len(swept.lost), rows=len(swept.missing))
    return swept


class DailyLook:
    """Looks after the files once a day of the service's clock, the first time soon after it starts."""

    def __init__(self, council: Council) -> None:
        self._council = council
        self._due = council.clock.now()

    def once(self) -> Sweep | None:
        """None when it is not time yet."""
        now = self._council.clock.now()
        if now < self._due:
            return None
        self._due = now + EVERY
        return look_after(self._council)
