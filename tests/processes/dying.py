"""A council in a process of its own that is killed, or whose disk fails, and what is done about it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.ports import Transport
from tests.processes.laptops import Notes
from tests.processes.nursery import Order, Run
from tests.processes.tracing import Stop, Told
from tests.processes.ways import way_to

if TYPE_CHECKING:
    from tests.processes.judge import Case, Judge


class DyingCouncil:
    """The way to a council that comes to a stop, and is started again, as often as there are stops.

    stays_broken: whether one write failed, once, and the round after that did not go through either.
    """

    def __init__(self, judge: "Judge", case: "Case", stops: list[Stop]) -> None:
        self.judge, self.case, self.stops = judge, case, list(stops)
        self.notes = Notes.of(judge.folder)
        self.told: list[Told] = []
        self.run: Run | None = None
        self.stays_broken = False
        self._failed = False
        self._start()

    def recover(self) -> None:
        """A round has failed. A process that is gone is started again; one whose disk failed once goes on
        by itself; one whose disk stays full has room made for it, and is started again."""
        if self.stop.error and not self.stop.for_ever and not self._failed:
            self._failed = True
            return
        self.stays_broken = self.stays_broken or self._failed
        if self.run is not None:
            if self.stop.error:
                self.run.kill()
            self.told.append(self.run.end())
            self.run = None
        self._start()

    def _start(self) -> None:
        if not self.stops:
            self.stop = Stop()
            self.judge.take_council(self.case)
            self.way: Transport = way_to(self.judge.url, self.notes)
            return
        self.stop = replace(self.stops.pop(0), armed=True)
        given = {"database": self.judge.database(self.case)}
        self.run = self.judge.nursery.start(Order("serve", str(self.judge.folder), self.stop, given))
        words = self.run.line()
        if words.startswith("serving "):
            self.way = way_to(words.split()[1], self.notes)
            return
        self.told.append(self.run.end())
        self.run = None
        if not self.told[-1].killed and not self.stop.error:
            raise AssertionError(f"the council does not start: {self.told}")
        self._start()  # it ended before it served

    def send(self, step: str, body: bytes) -> bytes:
        return self.way.send(step, body)

    def end(self) -> list[Told]:
        """Ends a council that was not killed."""
        if self.run is not None:
            self.run.kill()
            self.told.append(self.run.end())
        return self.told
