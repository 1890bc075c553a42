"""Puts known bugs into a copy of `sync`, one at a time, and lets the simulator find them.

A bug is a small file in `zoo/`: a title, the story it comes from, what a run needs to meet it, and for
each place the text there is and the text that makes the bug. One whose text is not there any more is
an error: it has to be brought after the code.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.simulation.plan import Rare, draw
from tests.simulation.run import play

ZOO = Path(__file__).parent / "zoo"
TOP = Path(__file__).resolve().parents[2]
SEEDS = 80  # at most so many runs until a bug must be caught
WORKERS = 2
STEPS = 200


@dataclass(frozen=True, slots=True)
class Place:
    """One change: file under the top, the text there is, the text in its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Bug:
    """needs: rare faults every run must have for this one to show, with commas."""

    name: str
    title: str
    story: str
    needs: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Caught:
    """How a bug ended: seed and invariant that caught it; None: it was not caught. problem: why it
    could not be tried at all."""

    bug: Bug
    seconds: float
    runs: int = 0
    seed: int | None = None
    invariant: str | None = None
    problem: str | None = None


def bugs() -> list[Bug]:
    return [read(path) for path in sorted(ZOO.glob("*.bug"))]


def read(path: Path) -> Bug:
    """A bug file: lines "name: value", then blocks of <<<<, ====, >>>> under a "file:" line."""
    head: dict[str, str] = {}
    places: list[Place] = []
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line == "<<<<":
            old = _until(lines, "====")
            places.append(Place(head["file"], old, _until(lines, ">>>>")))
        elif line.strip():
            name, _, value = line.partition(":")
            head[name.strip()] = value.strip()
    return Bug(path.stem, head["title"], head["story"], head.get("needs", ""), tuple(places))


def _until(lines: Any, end: str) -> str:
    taken = []
    for line in lines:
        if line == end:
            return "\n".join(taken)
        taken.append(line)
    raise ValueError(f"a block without its {end}")


def infest(bug: Bug, folder: Path) -> None:
    """Copy `sync` there and put the bug in. Raises ValueError when its text is not there."""
    shutil.copytree(TOP / "sync", folder / "sync", ignore=shutil.ignore_patterns("__pycache__"))
    for place in bug.places:
        file = folder / place.file
        text = file.read_text(encoding="utf-8")
        if text.count(place.old) != 1:
            raise ValueError(f"{place.file} has its text {text.count(place.old)} times")
        file.write_text(text.replace(place.old, place.new), encoding="utf-8")


def catch(bug: Bug, seeds: int = SEEDS) -> Caught:
    """Run seeds on the copy until the bug is caught."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            infest(bug, folder)
        except (ValueError, OSError) as error:
            return Caught(bug, time.monotonic() - started, problem=str(error))
        return _hunt(bug, name, seeds, started)


def _hunt(bug: Bug, name: str, seeds: int, started: float) -> Caught:
    """Play seeds on the copy in this folder until one breaks that holds without the bug."""
    first = 1
    while True:
        command = [
            sys.executable, "-m", "tests.simulation", "--until-caught", "--workers", "1", "--shrink", "0",
            "--first", str(first), "--seeds", str(seeds + 1 - first), "--always", bug.needs,
        ]  # fmt: skip
        paths = os.pathsep.join([name, str(TOP)])
        environment = os.environ | {
            "PYTHONPATH": paths,
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = subprocess.run(command, env=environment, cwd=name, text=True, capture_output=True, check=False)
        caught = _read_answer(bug, done, time.monotonic() - started)
        if caught.seed is None or caught.seed >= seeds:
            return caught
        always = frozenset(bug.needs.split(",")) if bug.needs else frozenset()
        if play(draw(caught.seed, STEPS, Rare(always=always))).violation is None:
            return caught
        first = caught.seed + 1  # it breaks without the bug too, and proves nothing


def _read_answer(bug: Bug, done: subprocess.CompletedProcess[str], seconds: float) -> Caught:
    try:
        told = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return Caught(bug, seconds, problem=done.stderr.strip()[-300:] or "the run said nothing")
    violated = told["violated"]
    seed = violated["seeds"][0] if violated["seeds"] else None
    return Caught(bug, seconds, told["seeds"], seed, next(iter(violated["invariants"]), None))


def catch_all(names: list[str], seeds: int = SEEDS) -> int:
    """Try all bugs, or those named; print a line each and JSON last. 0 when every one was caught."""
    chosen = [bug for bug in bugs() if not names or bug.name in names]
    started = time.monotonic()
    found: list[Caught] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for caught in pool.map(lambda bug: catch(bug, seeds), chosen):
            found.append(caught)
            print(_line(caught), flush=True)
    missed = [c.bug.name for c in found if c.seed is None]
    told = {
        "bugs": len(found),
        "caught": len(found) - len(missed),
        "missed": missed,
        "times": {c.bug.name: round(c.seconds, 1) for c in found},
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(told))
    return 1 if missed or not found else 0


def _line(caught: Caught) -> str:
    if caught.problem is not None:
        return f"{caught.bug.name:28} CANNOT BE TRIED: {caught.problem}"
    if caught.seed is None:
        return f"{caught.bug.name:28} NOT CAUGHT in {caught.runs} runs, {caught.seconds:.1f} s"
    how = f"seed {caught.seed:3} {caught.invariant:8} {caught.seconds:5.1f} s"
    return f"{caught.bug.name:28} {how}  {caught.bug.title}"
