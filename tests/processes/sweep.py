"""Every point of every scene once, then random points and moments until the number asked for is reached.

Two workers, each with a fork server of its own; what they find comes back line by line.
"""

import errno
import json
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TextIO

from tests.processes import bad_disk, templates
from tests.processes.judge import COUNCIL, LAPTOP, Case, Judge, Verdict
from tests.processes.laptops import PLAIN, VAULT
from tests.processes.scenes import SCENES
from tests.processes.tracing import Stop, supported

WORKERS = 2
TORN_SHARE, MOMENT_SHARE = 0.25, 0.2
ON_POSTGRESQL = ("push", "pull", "lost")
ON_PLAIN = ("save", "push", "pull by pages")
CHAIN = 3  # kills in a row, at most
PLAYS = 6  # how often a point is looked for: one play has a few calls more or fewer than the next


@dataclass
class Asked:
    """kills: so many, every point of the cases first; None: every point once and no more.

    disk: instead of killing, every write fails, and this share of those is tried.
    share: (k, n) of workers.
    """

    cases: Sequence[Case]
    kills: int | None
    seed: int
    disk: float = 0.0
    share: tuple[int, int] = (0, 1)


@dataclass
class Found:
    """Everything the workers told, added up."""

    kills: int = 0
    runs: int = 0
    points: int = 0
    covered: int = 0
    lost: list[str] = field(default_factory=list)
    inconsistent: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    by_scene: dict[str, int] = field(default_factory=dict)

    def add(self, told: dict[str, Any]) -> None:
        if "failed" in told:
            self.failed.append(told["failed"])
            return
        if "points" in told:
            self.points += told["points"]
            return
        self.runs += 1
        self.kills += told["kills"]
        self.covered += told["covered"]
        key = told["case"]
        self.by_scene[key] = self.by_scene.get(key, 0) + told["kills"]
        self.lost += [f"{key} at {told['stops']}: {words}" for words in told["lost"]]
        self.inconsistent += [f"{key} at {told['stops']}: {words}" for words in told["broken"]]


def all_cases() -> list[Case]:
    """Every scene with the vault's laptop killed and with SQLite's council killed; three scenes with
    the plain store's laptop, and four with PostgreSQL's council."""
    cases = [Case(scene, VAULT) for scene in SCENES] + [Case(scene, PLAIN) for scene in ON_PLAIN]
    with_rounds = [scene for scene in SCENES if scene != "save"]
    cases += [Case(scene, VAULT, COUNCIL, "sqlite") for scene in with_rounds]
    cases += [Case(scene, PLAIN, COUNCIL, "postgresql") for scene in ON_POSTGRESQL]
    cases.append(Case("documents", VAULT, COUNCIL, "postgresql"))
    return cases


def disk_cases() -> list[Case]:
    cases = [Case(scene, VAULT) for scene in bad_disk.ENDURED]
    return cases + [Case(scene, VAULT, COUNCIL) for scene in bad_disk.AT_THE_COUNCIL]


def make_templates(folder: Path, cases: Sequence[Case]) -> None:
    for store in sorted({case.store for case in cases}):
        base = folder / f"{store} base"
        templates.make_base(base, store)
        for scene in sorted({case.scene for case in cases if case.store == store}):
            templates.prepare(base, folder / f"{store} {scene}", store, SCENES[scene])


def sweep(asked: Asked, judge: Judge) -> Iterator[dict[str, Any]]:
    """This worker's share: points of all cases dealt out in turn, then chance."""
    number, of = asked.share
    draw = random.Random(asked.seed * 1000 + number)
    mine = asked.cases[number::of]
    if asked.disk:
        yield from _bad_disks(judge, mine, draw, asked.disk)
        return
    points = {case: judge.undisturbed(case).points for case in mine}
    yield {"points": sum(points.values())}
    everything = [(case, at) for case in mine for at in range(1, points[case] + 1)]
    share = len(everything) if asked.kills is None else -(-asked.kills // of)
    # Cases are dealt out, not points: one worker may have more of these than its share of the kills, and
    # none is left out while there are kills enough for all of its own.
    if asked.kills is not None and asked.kills < len(everything):
        everything = sorted(draw.sample(everything, share), key=str)
    # A hub that has nothing to do in a scene reaches no point in it.
    may_die = [case for case in mine if points[case] or case.victim == LAPTOP]
    done = 0
    for case, at in everything:
        for _ in range(PLAYS):
            told = _one(judge, case, [Stop(at)], covers=True)
            done += told["kills"]
            yield told
            if told["kills"]:
                break
    while done < share:
        case = draw.choice(may_die)
        told = _one(judge, case, _by_chance(draw, judge, case, points[case]), covers=False)
        done += told["kills"]
        yield told


def _bad_disks(
    judge: Judge, cases: Sequence[Case], draw: random.Random, share: float
) -> Iterator[dict[str, Any]]:
    for case in cases:
        untroubled = judge.endure(case, Stop(error=errno.EIO))
        everything = list(bad_disk.stops(untroubled.told[0].points))
        yield {"points": len(everything)}
        for stop in everything:
            # The first is where the database is opened, and how it fails there lasts; a sample must have it.
            if draw.random() < share or stop.at == 1:
                verdict = judge.endure(case, stop)
                at = f"{errno.errorcode[stop.error]} at {stop.at}" + (", for ever" if stop.for_ever else "")
                yield _as_told(case, verdict, [at], kills=0, covered=1)


def _by_chance(draw: random.Random, judge: Judge, case: Case, points: int) -> list[Stop]:
    if case.victim == LAPTOP and (not points or draw.random() < MOMENT_SHARE):
        return [Stop(after_s=draw.uniform(0.001, judge.took[case]))]
    return [
        Stop(draw.randint(1, points), torn=draw.random() < TORN_SHARE) for _ in range(draw.randint(1, CHAIN))
    ]


def _one(judge: Judge, case: Case, stops: list[Stop], *, covers: bool) -> dict[str, Any]:
    verdict = judge.kill(case, *stops)
    kills = sum(told.killed for told in verdict.told)
    at = [f"{told.points} {told.last}" for told in verdict.told]
    return _as_told(case, verdict, at, kills=kills, covered=int(covers and kills > 0))


def _as_told(case: Case, verdict: Verdict, at: list[str], *, kills: int, covered: int) -> dict[str, Any]:
    return {
        "case": str(case), "kills": kills, "covered": covered, "stops": at,
        "lost": verdict.lost, "broken": verdict.broken,
    }  # fmt: skip


def work(folder: Path, asked: Asked, out: TextIO) -> None:
    """One worker's whole life."""
    judge = Judge(folder / "templates", folder / f"worker {asked.share[0]}")
    try:
        for told in sweep(asked, judge):
            print(json.dumps(told), file=out, flush=True)
    except Exception:
        print(json.dumps({"failed": traceback.format_exc()}), file=out, flush=True)
    finally:
        judge.close()


def _become_worker(folder: Path, asked: Asked, writing: int) -> NoReturn:
    try:
        with os.fdopen(writing, "w") as out:
            work(folder, asked, out)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def run(
    cases: Sequence[Case], kills: int | None, *, seed: int, disk: float = 0.0, workers: int = WORKERS
) -> Found:
    """Kill so often (see `Asked`), and say on stderr how it goes."""
    cases, found = list(cases), Found()
    workers = min(workers, len(cases))
    if not supported():
        raise SystemExit("points can be followed on Linux on x86-64 only")
    with tempfile.TemporaryDirectory(prefix="tfworker-kills-") as name:
        folder = Path(name)
        make_templates(folder / "templates", cases)
        random.Random(seed).shuffle(cases)
        reading, writing = os.pipe()
        pids = []
        for number in range(workers):
            pid = os.fork()
            if pid == 0:
                os.close(reading)
                _become_worker(folder, Asked(cases, kills, seed, disk, (number, workers)), writing)
            pids.append(pid)
        os.close(writing)
        _listen(reading, found)
        for pid in pids:
            os.waitpid(pid, 0)
    return found


def _listen(reading: int, found: Found) -> None:
    began = told_at = time.monotonic()
    with os.fdopen(reading) as lines:
        for line in lines:
            found.add(json.loads(line))
            if time.monotonic() - told_at > 10:
                told_at = time.monotonic()
                print(
                    f"{found.kills} kills, {found.covered} of {found.points} points, "
                    f"{len(found.lost)} lost, {len(found.inconsistent)} inconsistent, "
                    f"{told_at - began:.0f} s",
                    file=sys.stderr, flush=True,
                )  # fmt: skip
