"""Two of everything at one vault: two programs, two processes that write, two threads."""

import multiprocessing
import shutil
import subprocess
import sys
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync.device import run_round
from sync.memory import FakeClock, MemoryTransport
from sync.ports import Caller
from tests.actions.desks import NoNetwork
from tests.processes import judging, templates
from tests.processes.laptops import PASSPHRASE, PLAIN, VAULT, Notes, open_laptop
from tests.processes.scenes import Sitting
from tfworker.council.service import Council
from tfworker.store import Vault

SAVES = 25
HOLDING = """
import sys
from pathlib import Path
from tfworker.store import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
print("open", flush=True)
sys.stdin.read()
"""
SECOND = """
import sys
from pathlib import Path
from tfworker.errors import Problem
from tfworker.store import Vault
try:
    Vault.open(Path(sys.argv[1]), sys.argv[2]).close()
    print("opened")
except Problem as problem:
    print(problem.title, problem.advice)
"""


def program(text: str, place: Path) -> list[str]:
    return [sys.executable, "-c", text, str(place), PASSPHRASE]


def test_a_second_program_is_told_so_and_may_come_in_once_the_first_was_killed(
    bases: Path, tmp_path: Path
) -> None:
    place = Path(shutil.copytree(bases / f"{VAULT} one save" / "laptop", tmp_path / "laptop"))
    with subprocess.Popen(
        program(HOLDING, place), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        second = subprocess.run(program(SECOND, place), capture_output=True, text=True, check=True)
        first.kill()
    third = subprocess.run(program(SECOND, place), capture_output=True, text=True, check=True)

    assert second.stdout.startswith("The program is already open Look for its other window.")
    assert third.stdout == "opened\n"


def _save_often(folder: Path, name: str, start: Event) -> None:
    laptop, notes = open_laptop(folder, PLAIN), Notes.of(folder)
    sitting = Sitting(laptop, notes, NoNetwork(), lambda *_: None)
    start.wait()
    for number in range(SAVES):
        sitting.note(f"{name} {number}")
    laptop.close()


def test_two_processes_that_write_wait_for_each_other(place: Path) -> None:
    together = multiprocessing.get_context("spawn")
    start = together.Event()
    writers = [together.Process(target=_save_often, args=(place, name, start)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    start.set()
    for writer in writers:
        writer.join(60)
    laptop = open_laptop(place, PLAIN)
    with laptop.read() as connection:
        waiting = len(judging.waiting(connection, laptop.schema))

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert waiting == 2 * SAVES
    assert judging.faults_of_store(laptop, set()) == []
    laptop.close()


@pytest.mark.timeout(120)
def test_threads_that_save_while_rounds_run(bases: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bases / f"{VAULT} push", tmp_path / "place"))
    laptop, notes = open_laptop(folder, VAULT), Notes.of(folder)
    with Council.open(templates.url_of(folder), FakeClock()) as council:
        transport = MemoryTransport(council.hub, Caller(notes.worker, notes.device, notes.line))
        saved: dict[str, list[str]] = {}
        sitting = Sitting(laptop, notes, transport, saved.__setitem__)

        def write(name: str) -> None:
            for number in range(SAVES):
                sitting.note(f"{name} {number}")

        writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            run_round(laptop.device, transport, laptop.clock)
        run_round(laptop.device, transport, laptop.clock)
        ledger = council.schema.own("ledger")
        with council.engine.connect() as connection:
            ops = [op_id for op_ids in saved.values() for op_id in op_ids]
            there = select(func.count()).where(ledger.c.op_id.in_(ops), ledger.c.outcome == "applied")
            kept = connection.execute(there).scalar_one()

        assert kept == len(ops) == 2 * SAVES
        assert judging.faults_of_store(laptop, set(ops)) == []
        assert judging.differences(laptop, council.engine, council.schema, notes.worker) == []
    laptop.close()


def test_two_threads_that_open_one_vault(bases: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(bases / f"{VAULT} one save" / "laptop", tmp_path / "laptop"))
    start, ends = threading.Barrier(2), []

    def open_it() -> None:
        start.wait()
        try:
            ends.append(Vault.open(place, PASSPHRASE))
        except Exception as error:
            ends.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (vault,) = [end for end in ends if isinstance(end, Vault)]
    vault.close()

    assert sorted(type(end).__name__ for end in ends) == ["Vault", "VaultInUse"]
