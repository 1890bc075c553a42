"""One run after another: a template copied, a process killed, everything opened again and compared."""

import gc
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Engine

from sync.device import run_round
from sync.errors import SyncProblem
from sync.memory import FakeClock
from sync.ports import Transport
from tests.processes import canaries, filing, judging, templates
from tests.processes.dying import DyingCouncil
from tests.processes.laptops import VAULT, Laptop, Notes, open_laptop, share
from tests.processes.nursery import Nursery, Order
from tests.processes.postgres import Server
from tests.processes.scenes import SCENES, Sitting, in_small_pages
from tests.processes.tracing import Stop, Told
from tests.processes.ways import way_to
from tests.processes.works import WORKS
from tfworker.council.database import connect
from tfworker.council.http import create_app
from tfworker.council.serve import Place, _listening, _url
from tfworker.council.service import Council
from tfworker.errors import Problem

QUIET_ROUNDS = 4  # a round that finds nothing more to do must come within so many
LAPTOP, COUNCIL = "laptop", "council"
AGAIN = "push"  # the scene that is one round and nothing else


@dataclass(frozen=True, slots=True)
class Case:
    """What is played, on which store, with which council's database, and who is killed."""

    scene: str
    store: str
    victim: str = LAPTOP
    database: str = "sqlite"

    def __str__(self) -> str:
        return f"{self.victim} killed: {self.scene}, {self.store}, {self.database}"


@dataclass
class Verdict:
    """What one run came to. lost, broken: in words; empty when all is well."""

    told: list[Told]
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.lost, *self.broken]


@dataclass
class Undisturbed:
    """How a case ends when nobody is killed: the points there are, each save's outcome, the end."""

    points: int
    outcomes: dict[str, list[tuple[str, str | None]]]
    state: dict[str, Any]


class Served:
    """One address whose council can be exchanged: what answers is always the present one."""

    def __init__(self) -> None:
        self.council: Council | None = None
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)

    def take(self, council: Council) -> None:
        self.drop()
        self.council, self._app = council, create_app(council)

    def drop(self) -> None:
        if self.council is not None:
            self.council.close()
            self.council = None


@contextmanager
def _served(app: Any) -> Iterator[str]:
    place = Place(port=0)
    with _listening(place) as listener:
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_keep_alive=75)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield _url(place, listener)
        finally:
            server.should_exit = True
            thread.join()


class Judge:
    """Runs cases in a folder of its own. Make it before anything is opened: it forks."""

    def __init__(self, templates_at: Path, folder: Path) -> None:
        self.templates_at = templates_at
        self.folder = folder / "run"
        folder.mkdir(parents=True, exist_ok=True)
        self.nursery = Nursery(WORKS)
        self.served = Served()
        self.expected: dict[Case, Undisturbed] = {}
        self._postgres: Server | None = None
        self._url = ""
        self._engines: dict[str, Engine] = {}
        self.took: dict[Case, float] = {}
        self._serving = _served(self.served)
        self.url = self._serving.__enter__()
        self._runs = 0
        self.stays_broken = False  # the council of the last run, after one write that failed
        gc.freeze()
        gc.disable()  # collected between runs instead

    def close(self) -> None:
        self._serving.__exit__(None, None, None)
        self.served.drop()
        self.nursery.close()
        if self._postgres is not None:
            self._postgres.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- one run ---------------------------------------------------------------------------------

    def undisturbed(self, case: Case) -> Undisturbed:
        """The same case with nobody killed; asked once."""
        if case not in self.expected:
            verdict = self._settled(case, self._play(case, [Stop()]))
            if (
                verdict.told[0].exit not in (0, -signal.SIGKILL if case.victim == COUNCIL else 0)
                or verdict.faults
            ):
                words = (self.folder / "words").read_text()[-3000:]
                raise AssertionError(f"{case} fails with nobody killed: {verdict}\n{words}")
        return self.expected[case]

    def kill(self, case: Case, *stops: Stop) -> Verdict:
        """Kill once at each stop, each time in a process that goes on where the last one ended."""
        self.undisturbed(case)
        return self._settled(case, self._play(case, list(stops)))

    def endure(self, case: Case, stop: Stop) -> Verdict:
        """Play a scene on a disk that fails at the stop; everything must be there afterwards."""
        self.undisturbed(case)
        self._lay_out(case)
        if case.victim == COUNCIL:
            verdict = self._settled(case, self._kill_council(case, [stop]))
            if self.stays_broken:
                verdict.broken.append("the council does not go on after one write that failed")
            return verdict
        self.take_council(case)
        given = {"scene": case.scene, "url": self.url}
        told = self.nursery.start(Order("endure", str(self.folder), stop, given)).end()
        verdict = self._settled(case, [told])
        if told.exit != 0:
            verdict.broken.append((self.folder / "words").read_text()[-1500:])
        missing = self.expected[case].outcomes.keys() - self._saved().keys()
        verdict.lost += [f"{name} was never saved" for name in missing]
        return verdict

    def _play(self, case: Case, stops: list[Stop]) -> list[Told]:
        self._lay_out(case)
        return self._kill_laptop(case, stops) if case.victim == LAPTOP else self._kill_council(case, stops)

    def _lay_out(self, case: Case) -> None:
        """A fresh copy of the template."""
        self.served.drop()
        template = self.templates_at / f"{case.store} {case.scene}"
        templates.copy(template, self.folder)
        if case.database == "postgresql":
            self._postgres = self._postgres or Server()
            self._url = self._postgres.fresh(template)

    def _kill_laptop(self, case: Case, stops: list[Stop]) -> list[Told]:
        self.take_council(case)
        given = {"scene": case.scene, "store": case.store, "url": self.url}
        told = []
        for stop in stops:
            began = time.monotonic()
            told.append(self.nursery.start(Order("play", str(self.folder), stop, given)).end())
            self.took[case] = time.monotonic() - began
            given = {**given, "scene": AGAIN}  # what was saved is there; the rest is a round
        return told

    def _kill_council(self, case: Case, stops: list[Stop]) -> list[Told]:
        """The laptop is played here; where the council dies it is started again, to die again or not."""
        self.served.drop()
        dying = DyingCouncil(self, case, stops)
        notes = Notes.of(self.folder)
        laptop = open_laptop(self.folder, case.store)
        sitting = Sitting(laptop, notes, dying, self._say)
        scene = SCENES[case.scene]
        if scene.small:
            in_small_pages(sitting)
        sync = sitting.sync

        def keep_trying() -> None:
            for _ in range(len(stops) + 1):
                try:
                    return sync()
                except SyncProblem:
                    dying.recover()
            sync()

        sitting.sync = keep_trying  # type: ignore[method-assign]
        try:
            scene.play(sitting)
        finally:
            laptop.close()
            told = dying.end()
        self.stays_broken = dying.stays_broken
        return told

    def _say(self, name: str, op_ids: list[str]) -> None:
        with (self.folder / "said").open("a") as file:
            file.write("\t".join([name, *op_ids]) + "\n")

    # -- afterwards ------------------------------------------------------------------------------

    def _saved(self) -> dict[str, list[str]]:
        """{name: op ids} of every save that was acknowledged."""
        saved = dict(Notes.of(self.folder).saved)
        said = self.folder / "said"
        for line in said.read_text().splitlines() if said.exists() else ():
            name, *op_ids = line.split("\t")
            saved[name] = op_ids
        return saved

    def _settled(self, case: Case, told: list[Told]) -> Verdict:
        """Open everything again, look at it, sync to quiet, compare."""
        verdict = Verdict(told)
        if case.store == VAULT:
            verdict.broken += canaries.bare(self.folder / "laptop")
        self._runs += 1
        if self._runs % 20 == 0:
            gc.collect()
        saved = self._saved()
        acknowledged = {op_id for ids in saved.values() for op_id in ids}
        council = self.served.council
        if council is None:
            council = self.take_council(case)
        try:
            laptop = open_laptop(self.folder, case.store)
        except Problem as problem:
            verdict.broken.append(f"it does not open: {problem.title}")
            return verdict
        try:
            for fault in (*judging.faults_of_store(laptop, acknowledged), *filing.faults_of_shelf(laptop)):
                (verdict.lost if "gone" in fault else verdict.broken).append(fault)
            if case.victim == COUNCIL:
                verdict.broken += judging.faults_of_hub(council.engine, council.schema)
            notes = Notes.of(self.folder)
            verdict.broken += to_quiet(laptop, way_to(self.url, notes), patient=self._runs % 4 == 0)
            verdict.broken += judging.differences(laptop, council.engine, council.schema, notes.worker)
            verdict.lost += filing.faults_at_rest(laptop, council.engine, council.schema, self.folder)
            verdict.broken += judging.faults_of_hub(council.engine, council.schema)
            self._compare(case, council, saved, verdict)
        finally:
            laptop.close()
        return verdict

    def _compare(self, case: Case, council: Council, saved: dict[str, list[str]], verdict: Verdict) -> None:
        expected = self.expected.get(case)
        engine, schema = council.engine, council.schema
        found = judging.outcomes(engine, schema, saved)
        end = judging.state(engine, schema)
        if expected is None:
            expected = self.expected[case] = Undisturbed(verdict.told[0].points, found, end)
        for name, became in found.items():
            if became != expected.outcomes[name] or any("times" in outcome for outcome, _ in became):
                words = f"{name}: {became}, undisturbed {expected.outcomes[name]}"
                (verdict.lost if any("times" in o for o, _ in became) else verdict.broken).append(words)
        if saved.keys() == expected.outcomes.keys():
            verdict.broken += [f"{name} ends otherwise" for name in end if end[name] != expected.state[name]]

    def take_council(self, case: Case) -> Council:
        """Serve a council on this run's database, as new; only the engine is kept, for its compiled
        queries."""
        self.served.drop()
        url = self.database(case)
        if url not in self._engines:
            self._engines[url] = connect(url)
            share(self._engines[url])
        council = Council(self._engines[url], FakeClock())
        self.served.take(council)
        return council

    def database(self, case: Case) -> str:
        """The address of this run's council database."""
        return self._url if case.database == "postgresql" else templates.url_of(self.folder)


def to_quiet(laptop: Laptop, transport: Transport, *, patient: bool = True) -> list[str]:
    """Rounds until nothing moves; unless patient the last one, which finds nothing, is left out."""
    for _ in range(QUIET_ROUNDS):
        try:
            report = run_round(laptop.device, transport, laptop.clock, files=laptop.files)
        except SyncProblem as problem:
            return [f"a round afterwards stops: {type(problem).__name__} {problem}"]
        if report.mismatched:
            return ["the check finds a difference"]
        moved = report.sent + report.received + report.lost + report.gained + report.files_received
        if report.files_sent:
            continue  # that the council has them is read in the next round
        if not patient or not moved:
            return []
    return ["it never comes to rest"]
