"""Importing a folder of the council's central records. Running it again changes nothing."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from sync.hub import Hub
from sync.ops import Act, Change, Outcome, Reason, new_id
from sync.ports import Caller
from sync.wire import Receipt
from tfworker.council.database import problems, reading
from tfworker.council.importing.central import FILES, CentralFile
from tfworker.council.importing.memory import NATURAL_KEY, Memory, Remembering
from tfworker.council.importing.plan import NAMED_AHEAD, Planned, Planner
from tfworker.council.importing.reader import ReadFile, read_file
from tfworker.council.importing.report import BadRow, ImportReport
from tfworker.council.importing.sorting import Sorting
from tfworker.council.importing.wanted import Key, Known
from tfworker.council.service import Council
from tfworker.council.standing import today_of
from tfworker.errors import Problem

CENTRAL = "central"
Progress = Callable[[int, int], None]  # (records done, records to do)
WHY_REFUSED: dict[str, str] = {
    Reason.FINAL: "the note is finished and cannot be changed; add what is new as a correction",
    Reason.BAD_VALUE: "the database cannot hold a value of this row",
}

log = logging.getLogger(__name__)


class NothingToImport(Problem):
    """The folder is not there, or none of the files we know is in it."""

    title = "There is nothing to import in this folder"
    advice = f"It should hold {', '.join(file.shape.name for file in FILES)}."


class TwoImports(Problem):
    """Something else made a record that this import was about to make."""

    title = "The records changed while they were being imported"
    advice = "What was imported is whole. Run the same import again; it does the rest."


def import_central(council: Council, folder: Path, progress: Progress | None = None) -> ImportReport:
    """Bring the seven files of a folder into the council's records.

    Bad rows are listed in the report and left out; everything else goes in. Only what a file says
    differently from its last import makes a change, so a worker's edit since then stands. A run
    that is killed has done whole batches and can simply be run again.

    Raises NothingToImport, TwoImports, CouncilUnreachable.
    """
    files = [(file, read_file(folder, file.shape)) for file in FILES]
    if not any((folder / file.shape.name).is_file() for file in FILES):
        raise NothingToImport
    return import_files(council, files, CENTRAL, progress)


def import_files(
    council: Council,
    files: Sequence[tuple[CentralFile, ReadFile]],
    source: str,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files already read, under the name of a source. See `import_central`."""
    memory = Memory(council.schema.metadata, source)
    with problems(council.engine), reading(council.engine) as connection:
        memory.recall(connection)
        met = memory.meet(connection, _references(files, memory.known))
    sorting = Sorting({**met, **memory.known})
    for file, read in files:
        sorting.take_file(file, read)
    today = today_of(council.clock.now())
    planned = Planner(sorting, lambda key: memory.set_aside.get(key) or new_id(), today).work_out()
    log.info("import %s: %d changes planned", source, len(planned))
    receipts = _apply(council, memory, planned, progress)
    return _report(files, sorting, list(zip(planned, receipts, strict=True)))


def _references(
    files: Sequence[tuple[CentralFile, ReadFile]], known: Mapping[Key, Known]
) -> dict[str, set[str]]:
    """References in the files that were never imported from this source."""
    found: dict[str, set[str]] = {}
    for file, read in files:
        for row in read.rows:
            cells = [(file.table, file.shape.key), ("agency", "employing_agency")]
            for table, column in cells:
                reference = row.cells.get(column)
                if reference and table in NATURAL_KEY and (table, reference) not in known:
                    found.setdefault(table, set()).add(reference)
    return found


def _apply(
    council: Council, memory: Memory, planned: Sequence[Planned], progress: Progress | None
) -> list[Receipt]:
    """Make the changes as a line of the source's own, and remember them; one receipt a change."""
    line = f"import:{memory.source}"
    caller = Caller(user="import", device=line, line=line, central=True)
    authority = Remembering(council.hub.authority, memory, planned)
    hub = Hub(council.hub.store, authority, council.clock)
    changes = [Change(one.table, one.record, one.patch, one.kind, one.was) for one in planned]
    ahead = [one for one in planned if one.kind is Act.INSERT and one.table in NAMED_AHEAD]
    with problems(council.engine):
        try:
            with council.engine.begin() as connection:
                memory.set_ids_aside(connection, ahead)
            receipts = hub.apply(caller, changes, progress)
        except IntegrityError as error:
            raise TwoImports from error
    # What the record said already, or what met another's change and waits, was the source's word too.
    heard = [
        one
        for one, receipt in zip(planned, receipts, strict=True)
        if receipt.outcome is not Outcome.REFUSED and (one.table, one.record) in authority.planned
    ]
    with problems(council.engine), council.engine.begin() as connection:
        memory.remember(connection, heard)
    return receipts


def _report(
    files: Sequence[tuple[CentralFile, ReadFile]], sorting: Sorting, done: Sequence[tuple[Planned, Receipt]]
) -> ImportReport:
    added: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    refused: list[BadRow] = []
    queued = 0
    for one, receipt in done:
        if receipt.outcome in (Outcome.REFUSED, Outcome.HELD):
            reason = WHY_REFUSED.get(receipt.reason or Reason.BAD_VALUE, "the council's records refuse it")
            refused.append(BadRow(one.file, one.line, "", reason))
            continue
        (added if one.kind is Act.INSERT else changed)[one.table] += 1
        queued += receipt.outcome is Outcome.CONFLICT
    order = {file.shape.name: place for place, (file, _) in enumerate(files)}
    bad = sorted([*sorting.bad(), *refused], key=lambda b: (order[b.file], b.line))
    return ImportReport(
        read={read.name: len(read.rows) + sum(b.line > 1 for b in read.bad) for _, read in files},
        taken=sorting.taken,
        added=dict(added),
        changed=dict(changed),
        bad=tuple(bad),
        queued=queued,
    )
