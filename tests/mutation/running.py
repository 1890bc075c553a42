"""Running the tests on a mutant: a process of its own each, forked from one that has read the rest."""

import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest
from hypothesis import settings

from tests.mutation.mutating import Mutant, mutated

TOP = __file__.rsplit("/tests/", 1)[0]
PYTEST = [
    "-x", "-q", "--no-header", "--hypothesis-profile", "brief",
    *(part for name in ("cacheprovider", "xdist", "schemathesis", "faker", "anyio", "platformdirs")
      for part in ("-p", f"no:{name}")),
    # What is read once, before the fork, cannot be read again with its assertions spelt out.
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
]  # fmt: skip
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Stage:
    """Some tests, quick ones first: what survives the first stage meets the next.

    chosen: pytest's own choice among them (-k).
    """

    files: Sequence[str]
    chosen: str = ""


@dataclass
class Run:
    """One mutant (None: the code as it is) on its way through the stages."""

    mutant: Mutant | None
    source: str
    stage: int = 0
    pid: int = 0
    until: float = 0.0
    killed: bool = field(default=False)


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another source than its file has."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        origin = f"{TOP}/{fullname.replace('.', '/')}.py"
        return importlib.util.spec_from_file_location(fullname, origin, loader=self)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, f"<mutant of {self.module}>", "exec"), module.__dict__)


def preload() -> None:
    """Read what every run needs and no mutant changes."""
    for name in (
        "msgspec",
        "psycopg",
        "sqlalchemy.dialects.sqlite",
        "pytestqt.plugin",
        "hypothesis.stateful",
    ):
        importlib.import_module(name)
    settings.register_profile("brief", deadline=None, max_examples=20, derandomize=True, database=None)
    assert not [name for name in sys.modules if name == "sync" or name.startswith("sync.")]


def survivors(
    mutants: Sequence[Mutant],
    sources: dict[str, str],
    stages: Sequence[Stage],
    seconds: float,
    at_once: int = 2,
) -> Iterator[Run]:
    """Each mutant with its end, as they end. One that hangs longer than `seconds` counts as killed."""
    waiting = [Run(mutant, sources[mutant.module]) for mutant in reversed(mutants)]
    running: list[Run] = []
    while waiting or running:
        while waiting and len(running) < at_once:
            running.append(_start(waiting.pop(), stages, seconds))
        time.sleep(0.01)
        for run in list(running):
            ended = _ended(run)
            if ended is None:
                continue
            running.remove(run)
            run.killed = ended != PASSED
            if run.killed or run.stage + 1 == len(stages):
                yield run
            else:
                run.stage += 1
                waiting.append(run)


def passes(stages: Sequence[Stage], seconds: float) -> bool:
    """Whether the code as it is passes every stage."""
    for number in range(len(stages)):
        run = _start(Run(None, "", number), stages, seconds)
        while (ended := _ended(run)) is None:
            time.sleep(0.05)
        if ended != PASSED:
            return False
    return True


def _start(run: Run, stages: Sequence[Stage], seconds: float) -> Run:
    run.until = time.monotonic() + seconds
    run.pid = os.fork()
    if run.pid == 0:
        code = FAILED
        try:
            code = _test(run, stages[run.stage])
        finally:
            os._exit(code)
    return run


def _test(run: Run, stage: Stage) -> int:
    """In the child: the tests, silent."""
    os.setpgid(0, 0)
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    if run.mutant is not None:
        sys.meta_path.insert(0, _Instead(run.mutant.module, mutated(run.source, run.mutant)))
    chosen = ["-k", stage.chosen] if stage.chosen else []
    return int(pytest.main([*PYTEST, *chosen, *stage.files]))


def _ended(run: Run) -> int | None:
    """How it ended; None while it runs."""
    pid, status = os.waitpid(run.pid, os.WNOHANG)
    if pid:
        return os.waitstatus_to_exitcode(status)
    if time.monotonic() < run.until:
        return None
    os.killpg(run.pid, signal.SIGKILL)
    os.waitpid(run.pid, 0)
    return FAILED
