"""The encrypted vault of one worker on one laptop: made once, opened with her passphrase.

    vault = Vault.open(place, passphrase)
    with vault.write() as connection: ...      # one transaction: all of it, or none
    with vault.read() as connection: ...       # one moment of the database
    vault.close()

Every method may be called from any thread. Keys are held as long as the vault is open; the master
key and the passphrase are not held at all.
"""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from sync.sql.on_sqlite import asked
from sync.sql.schema import Schema
from tfworker.log import Log
from tfworker.records import metadata
from tfworker.store import device as devices
from tfworker.store import search, selfcheck, slots
from tfworker.store.attachments import FOLDER, Attachments
from tfworker.store.connection import reader, writer
from tfworker.store.copies import keep_copy, remove_old_copies
from tfworker.store.device import Device
from tfworker.store.facts import Facts
from tfworker.store.files import PRIVATE_FILE, PlaceLock, make_private, set_aside
from tfworker.store.keys import Cost, Keys, calibrate, keys_of, new_master
from tfworker.store.migrations import migrate, newest
from tfworker.store.problems import NoVault, VaultDamaged, VaultThere, told_plainly
from tfworker.store.selfcheck import Fact
from tfworker.store.slots import SlotFile, Store

log = Log("store")
DATABASE = "case.db"


def exists(place: Path) -> bool:
    """Whether a vault was made in this place. Half a creation does not count."""
    return slots.exists(place)


def public_facts(place: Path) -> Mapping[str, Any]:
    """What may be known before unlock (council's name, numbers to ring). {} where no vault is.

    Raises VaultDamaged, VaultTooNew; DiskTrouble.
    """
    with told_plainly():
        return slots.read_store(place).facts if slots.exists(place) else {}


def device_of(place: Path) -> Device:
    """The laptop's identity, of a vault that may be locked. Raises NoVault, DeviceSecretMissing."""
    with told_plainly():
        store = slots.read_store(place)
        return devices.load(place, store.store_id, store.keystore)


class Vault:
    """An open vault. Made by `create` and `open`; not usable after `close`.

    writer_engine, reader_engine: the two connections as SQLAlchemy engines; `write` and `read` are
        built on them, and nobody else should need them.
    store_id: random, names this vault in the keystore. device: what belongs to this laptop.
    schema: what the records say about themselves, as sync reads it.
    facts: this laptop's place in the world, by name. attachments: the bytes of files.
    checked: the self-check at opening.
    """

    def __init__(self, place: Path, store_id: str, device: Device, keys: Keys) -> None:
        self.place = place
        self.store_id = store_id
        self.device = device
        # What an older version could not keep is put in place when this number has risen.
        self.schema = Schema(metadata, version=newest())
        self.checked: tuple[Fact, ...] = ()
        # For what makes anchors; the database key is with SQLCipher alone, that of files with them.
        self.anchor_key = keys.anchor
        self._mine = threading.local()  # the transaction this thread is in, if any
        self._closed = False
        path = place / DATABASE
        with ExitStack() as undo:
            self.writer_engine = writer(path, keys.database)
            undo.callback(self.writer_engine.dispose)
            self.reader_engine = reader(path, keys.database)
            undo.callback(self.reader_engine.dispose)
            self._undo = undo.pop_all()
        self.facts = Facts(self.write, self.read)
        self.attachments = Attachments(place, store_id, keys.blob)

    # -- making and opening ----------------------------------------------------------------------

    @classmethod
    def create(cls, place: Path, passphrase: str, *, cost: Cost | None = None) -> "Vault":
        """Make a vault and open it. Takes a second or two, since the passphrase is made dear to guess.

        cost: what one guess costs; None: as much as takes about a second on this machine.
        Raises VaultThere, VaultInUse, UnfitInstallation, DiskFull, DiskTrouble. A creation that
        was cut short leaves no vault: the next one sets its remains aside.
        """
        with told_plainly(), ExitStack() as undo:
            make_private(place)
            lock = PlaceLock(place)
            undo.callback(lock.release)
            if slots.exists(place):
                raise VaultThere
            database = (DATABASE + end for end in ("", "-wal", "-shm"))
            set_aside(place, [devices.FILE, *slots.SLOTS, FOLDER, *database])
            store_id, master = secrets.token_hex(16), new_master()
            device = devices.make(place, store_id)
            slot = slots.new_slot(passphrase, device, store_id, master, cost or calibrate())
            slots.write_slots(place, SlotFile(store_id, 1, (slot,)), master)
            (place / DATABASE).touch(mode=PRIVATE_FILE)  # SQLite gives its -wal and -shm the same mode
            vault = cls(place, store_id, device, keys_of(master))
            undo.callback(vault._undo.close)
            vault._prepare()
            # Last: from here on the vault is there.
            slots.write_store(place, Store(store_id, device.where, {}))
            vault._undo = undo.pop_all()
        log.info("vault made", store_id=store_id, keystore=device.where)
        return vault

    @classmethod
    def open(cls, place: Path, passphrase: str) -> "Vault":
        """Open the vault of this place, bringing it to today's format if an older version wrote it.

        Raises WrongPassphrase, and then nothing was changed and trying again is safe; NoVault,
        VaultInUse, VaultTooNew, VaultDamaged, WeakLock, DeviceSecretMissing, UnfitInstallation,
        DiskFull, DiskTrouble.
        """
        with told_plainly(), ExitStack() as undo:
            if not slots.exists(place):
                raise NoVault
            lock = PlaceLock(place)
            undo.callback(lock.release)
            store, found = slots.read_store(place), slots.read_slots(place)
            # SQLite would make a missing file anew, and the worker would see an empty caseload.
            if store.store_id != found.store_id or not (place / DATABASE).exists():
                raise VaultDamaged
            device = devices.load(place, store.store_id, store.keystore)
            master = slots.open_slot(found, passphrase, device)
            slots.mend_slots(place, found, master)
            vault = cls(place, store.store_id, device, keys_of(master))
            undo.callback(vault._undo.close)
            vault._prepare()
            vault._undo = undo.pop_all()
        log.info("vault opened", store_id=vault.store_id, keystore=device.where)
        return vault

    def _prepare(self) -> None:
        """See that the installation is fit, then bring the file to today's format."""
        with self._alone(self.writer_engine) as raw:
            facts = selfcheck.of_library(raw)
        selfcheck.require(facts)
        migrate(self.writer_engine, self.schema, backup=self._keep_copy)
        event.listen(self.writer_engine, "begin", search.begin)
        event.listen(self.writer_engine, "commit", search.catch_up)
        event.listen(self.writer_engine, "rollback", search.forget)
        self.checked = selfcheck.require((*facts, *selfcheck.of_file(self.place / DATABASE)))
        remove_old_copies(self.place)

    def close(self) -> None:
        """Close it once running transactions have ended. A second call does nothing; later use of
        the vault raises RuntimeError."""
        if self._closed:
            return
        self._closed = True
        with told_plainly(), self._undo:
            self._fold_log()
        log.info("vault closed", store_id=self.store_id)

    # -- using -----------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside one transaction, alone: committed at the end, undone by an exception.

        Inside another `write` of the same thread it is that same transaction, which only its
        outermost end commits. Raises DiskFull, DiskTrouble, VaultDamaged; what was to be saved is
        then still with the caller.
        """
        with self._transaction("writing", self.writer_engine) as connection:
            yield connection

    @contextmanager
    def write_lightly(self) -> Iterator[Connection]:
        """As `write`, for what the council gives again if it is lost: nobody waits for the disk. A power
        cut, not a crash, may take it back; never anything that `write` committed, before or after."""
        if getattr(self._mine, "writing", None) is not None:
            with self.write() as connection:
                yield connection
            return
        self._check_open()
        with self.writer_engine.connect() as connection:
            # A later commit that waits for the disk brings this one there with it: they share one log.
            asked(connection, "PRAGMA synchronous = NORMAL")
            try:
                with connection.begin():
                    self._mine.writing = connection
                    try:
                        yield connection
                    finally:
                        self._mine.writing = None
            finally:
                asked(connection, "PRAGMA synchronous = FULL")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that cannot write and sees one moment of the database: what was committed
        when it first read, and not what an open `write` is about to. Raises as `write`."""
        with self._transaction("reading", self.reader_engine) as connection:
            yield connection

    @contextmanager
    def _transaction(self, mine: str, engine: Engine) -> Iterator[Connection]:
        present = getattr(self._mine, mine, None)
        if present is not None:
            yield present
            return
        self._check_open()
        with engine.begin() as connection:
            setattr(self._mine, mine, connection)
            try:
                yield connection
            finally:
                setattr(self._mine, mine, None)

    def change_passphrase(self, old: str, new: str, *, cost: Cost | None = None) -> None:
        """Wrap the master key anew; the database is not touched. Killed at any moment, the vault
        opens with the old passphrase or the new one. Raises WrongPassphrase for a wrong `old`."""
        self._check_open()
        with told_plainly():
            found = slots.read_slots(self.place)
            master = slots.open_slot(found, old, self.device)
            slot = slots.new_slot(new, self.device, self.store_id, master, cost or calibrate())
            slots.write_slots(self.place, slots.with_user_slot(found, slot), master)
        log.info("passphrase changed", store_id=self.store_id)

    def set_public_facts(self, facts: Mapping[str, Any]) -> None:
        """Add to what may be known before unlock. Never anything personal: it lies in the clear."""
        with told_plainly():
            store = slots.read_store(self.place)
            whole = {**store.facts, **facts}
            if whole != store.facts:  # a file is written and synced for it
                slots.write_store(self.place, replace(store, facts=whole))

    def damage(self) -> list[str]:
        """Read and check every page; empty when all is well. Takes seconds on a full vault."""
        with told_plainly():
            # It reads the file past the log: a page that a kill tore while the log was being folded is
            # whole in there, and no damage.
            self._fold_log()
        with told_plainly(), self._alone(self.writer_engine) as raw:
            found = [str(row[0]) for row in raw.execute("PRAGMA cipher_integrity_check")]
            # Over pages that do not decrypt it would only fail.
            if not found:
                found = [str(row[0]) for row in raw.execute("PRAGMA quick_check")]
        return [line for line in found if line != "ok"]

    # -- inside ----------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("this vault has been closed")

    @contextmanager
    def _alone(self, engine: Engine) -> Iterator[Any]:
        """The driver's own connection, once nobody else has it, for PRAGMAs outside transactions."""
        lent = engine.raw_connection()
        try:
            yield lent.driver_connection
        finally:
            lent.close()

    def _fold_log(self) -> None:
        """With nobody in the middle of anything, move what the write-ahead log holds into the file."""
        with self._alone(self.reader_engine), self._alone(self.writer_engine) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _keep_copy(self) -> None:
        self._fold_log()
        keep_copy(self.place, self.place / DATABASE)
