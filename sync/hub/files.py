"""The bytes that records carry: taken in parts, given in parts, looked after.

Who may send or fetch a file is asked of its record (scope, kind, level), never of its hash: the same
bytes in two scopes are two files. A part, once taken, stays; a device that was cut off goes on where
the hub has got to. The last part brings the check of the whole, and the record's own column says to
everybody that the bytes are here.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from sync.hub.filing import Missing, Stored
from sync.hub.ledger import Ledger, Ruled, Written
from sync.hub.store import HubStore, HubTransaction, Key, Row
from sync.ops import (
    DIGEST_MODULUS,
    Act,
    Outcome,
    Reason,
    as_travelled,
    encode_content,
    new_id,
    new_salt,
    record_digest,
)
from sync.policy import FileColumns
from sync.ports import Caller, Clock
from sync.wire import FILE_BYTES, GetFile, GetReply, PutFile, PutReply, parts_of, size_of_part

DAY_MS = 24 * 60 * 60 * 1000
IDLE_MS = DAY_MS  # bytes without a record that nobody added to for so long are dropped


@dataclass(frozen=True, slots=True)
class Sweep:
    """What looking after the files came to, by record. dropped: bytes without a record. lost: bytes
    that were here and are not whole any more; laptops that have them are asked again. found: bytes
    that came before their record was let in. missing: the report on bytes that never came."""

    dropped: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a record says of its file. row: None while the record waits for a person."""

    key: Key
    columns: FileColumns
    size: int
    sha256: str
    row: Row | None


class _Refused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Files:
    """The hub's door for bytes. limit: of one file."""

    store: HubStore
    clock: Clock
    limit: int = FILE_BYTES

    @property
    def now_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    # -- taking ----------------------------------------------------------------------------------

    def put(self, caller: Caller, request: PutFile) -> PutReply:
        """Take one part. The head of the ledger is held only to note that a file is whole, so that
        bytes never make an op wait."""
        return replace(self._put(caller, request), record=request.record)

    def _put(self, caller: Caller, request: PutFile) -> PutReply:
        with self.store.filing() as transaction:
            epoch, now = transaction.head(lock=False).epoch, self.now_ms
            try:
                promise = self._promised(transaction, caller, request.table, request.record)
                self._take(transaction, promise, request, now)
            except _Refused as refused:
                return PutReply(epoch=epoch, now=now, refused=refused.reason.value)
            stored = transaction.files.stored(request.record)
            reply = PutReply(
                epoch=epoch,
                now=now,
                next=_first_missing(stored, promise.size),
                complete=_is_complete(stored, promise),
                version=_version(promise.row),
            )
            if reply.complete or reply.next < parts_of(promise.size):
                return reply
            assert stored is not None
            if not _is_whole(transaction, stored, promise):
                transaction.files.drop([request.record])
                return PutReply(epoch=epoch, now=now, again=True)
        return self._complete(caller, stored)

    def _promised(self, transaction: HubTransaction, caller: Caller, table: str, record: str) -> _Promise:
        """What the record says, if this caller may send its bytes: whoever has the record now, and
        whoever made it, so that a file is not lost with its scope. Raises _Refused."""
        columns = self._columns(table)
        row = transaction.rows(table, [record]).get(record)
        author = transaction.files.author(record)
        said = row if row is not None else transaction.files.waiting(table, record)
        if said is None:
            raise _Refused(Reason.UNKNOWN_RECORD)
        has = row is not None and self._has(transaction, caller, table, row, columns)
        if not has and author != caller.user:
            raise _Refused(Reason.NOT_ALLOWED)
        size, sha256 = said.get(columns.size), said.get(columns.sha256)
        if not isinstance(size, int) or size < 0 or not isinstance(sha256, str):
            raise _Refused(Reason.BAD_VALUE)
        if size > self.limit:
            raise _Refused(Reason.TOO_LARGE)
        return _Promise((table, record), columns, size, sha256, row)

    def _columns(self, table: str) -> FileColumns:
        described = self.store.tables.get(table)
        if described is None or described.synced.file is None:
            raise _Refused(Reason.UNKNOWN_TABLE)
        return described.synced.file

    def _has(
        self, transaction: HubTransaction, caller: Caller, table: str, row: Row, columns: FileColumns
    ) -> bool:
        """Whether the caller is given this record with what it says of its file."""
        grant = transaction.files.grant(caller.user, row["scope"])
        if grant is None or table not in grant.kinds:
            return False
        hidden = self.store.tables[table].hidden(row, grant.level)
        return not {columns.size, columns.sha256} & set(hidden)

    def _take(self, transaction: HubTransaction, promise: _Promise, request: PutFile, now: int) -> None:
        if request.data is None:
            return
        data, part = request.data, request.part
        if not 0 <= part < parts_of(promise.size) or len(data) != size_of_part(promise.size, part):
            raise _Refused(Reason.BAD_VALUE)
        # A part that was changed on the way is not kept; `next` then asks for it again.
        if hashlib.sha256(data).hexdigest() == request.sha256:
            transaction.files.add_part(
                Stored(*promise.key, promise.size, False, now, {}), part, data, request.sha256
            )

    def _complete(self, caller: Caller, checked: Stored) -> PutReply:
        """Note that the whole file is here, if its parts are still those that were checked."""
        with self.store.writing() as transaction:
            ledger = Ledger(transaction.head(lock=True), caller, self.now_ms)
            stored = transaction.files.stored(checked.record)
            reply = PutReply(epoch=ledger.head.epoch, now=ledger.now_ms)
            if stored is None or stored.parts != checked.parts:
                return reply
            transaction.files.set_complete(checked.record)
            row = transaction.rows(checked.table, [checked.record]).get(checked.record)
            if row is not None:
                self._mark(transaction, ledger, [(checked.table, row, self.clock.now())])
            return PutReply(
                epoch=ledger.head.epoch,
                now=ledger.now_ms,
                next=len(stored.parts),
                complete=True,
                version=_version(row),
            )

    def _mark(
        self, transaction: HubTransaction, ledger: Ledger, marks: Sequence[tuple[str, Row, Any]]
    ) -> None:
        """Write into records whether their bytes are here. The rows carry no device, so that every
        laptop that has the record learns of it."""
        tally: dict[Key, tuple[int, int]] = {}
        for table, row, moment in marks:
            column = self._columns(table).received
            was, version = row[column], row["version"]
            row[column], row["version"] = moment, version + 1
            content = encode_content(as_travelled({column: moment}), as_travelled({column: was}))
            written = Written(
                new_id(), Act.UPDATE, table, row["id"], row["scope"], 0, ledger.now_ms, new_salt(), content
            )
            ledger.add(written, Ruled(Outcome.APPLIED, version + 1), by_hub=True)
            records, digest = tally.get((row["scope"], table), (0, 0))
            digest += record_digest(row["id"], version + 1) - record_digest(row["id"], version)
            tally[row["scope"], table] = (records, digest % DIGEST_MODULUS)
            transaction.update_rows(table, [column], [row])
        transaction.append_ledger(ledger.entries)
        transaction.add_tally(tally)
        transaction.set_head(ledger.head)

    # -- giving ----------------------------------------------------------------------------------

    def get(self, caller: Caller, request: GetFile) -> GetReply:
        """Give one part to whoever is given the record. A part that is not what was taken is not
        given: the file counts as lost, and the record says so from now on."""
        return replace(self._get(caller, request), record=request.record)

    def _get(self, caller: Caller, request: GetFile) -> GetReply:
        with self.store.reading() as transaction:
            epoch, now = transaction.head(lock=False).epoch, self.now_ms
            try:
                columns = self._columns(request.table)
                row = transaction.rows(request.table, [request.record]).get(request.record)
                if row is None:
                    raise _Refused(Reason.UNKNOWN_RECORD)
                if not self._has(transaction, caller, request.table, row, columns):
                    raise _Refused(Reason.NOT_ALLOWED)
            except _Refused as refused:
                return GetReply(epoch=epoch, now=now, refused=refused.reason.value)
            stored = transaction.files.stored(request.record)
            complete = stored is not None and stored.complete
            data = transaction.files.part(request.record, request.part) if complete else None
            if stored is not None and data is not None:
                digest = hashlib.sha256(data).hexdigest()
                if digest == stored.parts.get(request.part):
                    last = request.part == parts_of(stored.size) - 1
                    return GetReply(epoch=epoch, now=now, data=data, sha256=digest, last=last)
            inside = stored is None or 0 <= request.part < parts_of(stored.size)
        if row[columns.received] is not None and (inside or not complete):
            self._lose(caller, {request.table: [request.record]})
        return GetReply(epoch=epoch, now=now, missing=True)

    def _lose(self, caller: Caller, records: dict[str, list[str]]) -> None:
        """Bytes that were here are not: drop what is left and ask the laptops."""
        with self.store.writing() as transaction:
            ledger = Ledger(transaction.head(lock=True), caller, self.now_ms)
            marks = []
            for table, ids in records.items():
                column = self._columns(table).received
                rows = transaction.rows(table, ids).values()
                marks += [(table, row, None) for row in rows if row[column] is not None]
                transaction.files.drop(ids)
            if marks:
                self._mark(transaction, ledger, marks)

    # -- looking after ---------------------------------------------------------------------------

    def sweep(self, caller: Caller, *, missing_after_days: int = 7, read_all: bool = False) -> Sweep:
        """Compare records and bytes, and put right what can be; for the host's clock to run daily.

        caller: under whose name the records say what changed (the host's own desk).
        read_all: read every byte again and compare it with its hash (a weekly matter).
        """
        with self.store.reading() as transaction:
            stored = {each.record: each for each in transaction.files.everything()}
            now = self.now_ms
            whole = {r for r, s in stored.items() if s.complete and _all_there(s)}
            if read_all:
                whole = {r for r in whole if _reads_back(transaction, stored[r])}
            lost: dict[str, list[str]] = {}
            found: dict[str, list[str]] = {}
            absent: list[Missing] = []
            known: set[str] = set()
            for name, described in self.store.tables.items():
                if described.synced.file is None:
                    continue
                column = described.synced.file.received
                said = transaction.files.received(name, column)
                unsaid = transaction.files.unreceived(name, column)
                # Also what no record speaks of (yet): a laptop that sends it would be told that it is here.
                broken = {r for r, s in stored.items() if s.table == name and s.complete} - whole
                lost[name] = [*(r for r in said if r not in whole), *sorted(broken - set(said))]
                found[name] = [each.record for each in unsaid if each.record in whole]
                late = (each for each in unsaid if each.record not in whole)
                absent += [each for each in late if now - each.since > missing_after_days * DAY_MS]
                known |= {*said, *(each.record for each in unsaid)}
            alone = [
                each.record for each in stored.values()
                if each.record not in known
                and now - each.touched_at > IDLE_MS
                and transaction.files.waiting(each.table, each.record) is None
            ]  # fmt: skip
        self._put_right(caller, lost, found, alone)
        return Sweep(tuple(alone), _flat(lost), _flat(found), tuple(absent))

    def _put_right(
        self, caller: Caller, lost: dict[str, list[str]], found: dict[str, list[str]], alone: list[str]
    ) -> None:
        if any(lost.values()):
            self._lose(caller, lost)
        if not alone and not any(found.values()):
            return
        with self.store.writing() as transaction:
            ledger = Ledger(transaction.head(lock=True), caller, self.now_ms)
            transaction.files.drop(alone)
            marks = [
                (table, row, self.clock.now())
                for table, ids in found.items()
                for row in transaction.rows(table, ids).values()
                if row[self._columns(table).received] is None
            ]
            if marks:
                self._mark(transaction, ledger, marks)


def _flat(by_table: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(record for records in by_table.values() for record in records)


def _version(row: Row | None) -> int:
    return int(row["version"]) if row is not None else 0


def _first_missing(stored: Stored | None, size: int) -> int:
    have = stored.parts if stored is not None else {}
    return next((n for n in range(parts_of(size)) if n not in have), parts_of(size))


def _is_complete(stored: Stored | None, promise: _Promise) -> bool:
    """Whether there is nothing left to do: all here, and the record (if it is in) says so."""
    said = promise.row is None or promise.row[promise.columns.received] is not None
    return stored is not None and stored.complete and said


def _all_there(stored: Stored) -> bool:
    return stored.parts.keys() == set(range(parts_of(stored.size)))


def _is_whole(transaction: HubTransaction, stored: Stored, promise: _Promise) -> bool:
    digest = hashlib.sha256()
    for part in range(parts_of(promise.size)):
        digest.update(transaction.files.part(stored.record, part) or b"")
    return digest.hexdigest() == promise.sha256


def _reads_back(transaction: HubTransaction, stored: Stored) -> bool:
    """Whether every part is still what was taken."""
    return all(
        hashlib.sha256(transaction.files.part(stored.record, part) or b"").hexdigest() == sha256
        for part, sha256 in stored.parts.items()
    )
