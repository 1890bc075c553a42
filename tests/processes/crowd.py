"""Many processes at one council's ledger at once: `python -m tests.processes.crowd FOLDER URL`.

Some push, some read the ledger from a cursor on, some are laptops that run one round after another.
Prints what was acknowledged as JSON: {op id: seq}.
"""

import json
import os
import shutil
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from sync.device import run_round
from sync.memory import FakeClock, MemoryTransport
from sync.ops import Act, Change, Outcome, new_id
from sync.ports import Caller
from tests.processes.laptops import PLAIN, Notes, open_laptop
from tfworker.council.service import Council

PUSHERS, WATCHERS, LAPTOPS = 4, 2, 2
BATCHES, BATCH = 12, 5


def push(folder: Path, url: str, number: int) -> None:
    """Apply batches on a line of its own; keep what the ledger answered."""
    line = f"line-{number}"
    caller = Caller(user="council", device=line, line=line, central=True)
    shared = Notes.of(folder).ids["family"]
    answered = {}
    with Council.open(url, FakeClock()) as council:
        for batch in range(BATCHES):
            changes = [
                Change("agency", new_id(), {"name": f"{line} {batch} {n}", "type": "other"}, Act.INSERT)
                for n in range(BATCH - 1)
            ]
            changes.append(Change("family", shared, {"priority_now": f"{line} was here {batch}"}))
            receipts = council.hub.apply(caller, changes)
            assert Outcome.REFUSED not in {receipt.outcome for receipt in receipts}
            answered |= {receipt.op_id: receipt.seq for receipt in receipts}
    (folder / f"answered-{number}").write_text(json.dumps(answered))


def watch(folder: Path, url: str, number: int) -> None:
    """What came into sight up to a cursor must be all there ever is up to it."""
    cursor = seen = 0
    with Council.open(url, FakeClock()) as council:
        seqs = council.schema.own("ledger").c.seq
        while not (folder / "enough").exists():
            with council.hub.store.reading() as transaction:
                head = transaction.head(lock=False).seq
                between = select(func.count()).where(seqs > cursor, seqs <= head)
                seen += transaction.connection.execute(between).scalar_one()
            cursor = head
            assert seen == cursor, f"{cursor - seen} rows came behind the cursor {cursor}"


def sync(folder: Path, url: str, number: int) -> None:
    """A laptop whose every round ends with the council's own count of what it has."""
    own = folder / f"laptop-{number}"
    own.mkdir()
    for name in ("plain.db", "notes.json"):
        shutil.copy(folder / name, own / name)
    notes = Notes.of(own)
    laptop = open_laptop(own, PLAIN)
    with Council.open(url, FakeClock()) as council:
        transport = MemoryTransport(council.hub, Caller(notes.worker, notes.device, notes.line))
        last = False
        while not last:
            last = (folder / "enough").exists()  # one more round after everything was pushed
            report = run_round(laptop.device, transport, laptop.clock)
            assert report.mismatched == [], "a round's count differs"
    laptop.close()


def forked(work: Callable[[Path, str, int], None], folder: Path, url: str, number: int) -> int:
    """The process id of one at work."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(folder, url, number)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main(place: str, url: str) -> int:
    warnings.simplefilter("ignore")
    folder = Path(place)
    readers = [forked(watch, folder, url, number) for number in range(WATCHERS)]
    readers += [forked(sync, folder, url, number) for number in range(LAPTOPS)]
    writers = [forked(push, folder, url, number) for number in range(PUSHERS)]
    failed = sum(os.waitpid(child, 0)[1] != 0 for child in writers)
    (folder / "enough").touch()
    failed += sum(os.waitpid(child, 0)[1] != 0 for child in readers)
    answered: dict[str, int] = {}
    for number in range(PUSHERS):
        answered |= json.loads((folder / f"answered-{number}").read_text())
    print(json.dumps(answered))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
