"""A laptop's store opened by a process of its own: the real vault, or SQLite as safe as the vault's.

Opening the vault here leaves out one thing only, the second that Argon2 takes: the master key was
unwrapped once, when the template was made. `upkeep` and `test_two_at_once` open with the passphrase.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from sync.memory import FakeClock
from sync.ops import Change
from sync.ports import Shelf
from sync.sql import Schema, SqlDevice, save
from sync.sql.files import SqlFiles, lay, note_file
from sync.sql.triggers import install
from tfworker.records import metadata
from tfworker.store import Vault, slots
from tfworker.store import device as devices
from tfworker.store.keys import FLOOR, keys_of
from tfworker.store.problems import told_plainly

PASSPHRASE = "kettle violet harbour 52"
VAULT, PLAIN = "vault", "plain"
STORES = (VAULT, PLAIN)
_FIRST: dict[str, Engine] = {}
Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass
class Notes:
    """What every process must know of a template; lies beside it as notes.json.

    ids: of records by what people call them. saved: {name: op ids} of the saves that were made before
    the scene begins.
    """

    worker: str = ""
    device: str = ""
    line: str = ""
    token: str = ""
    master: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    saved: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, folder: Path) -> None:
        (folder / "notes.json").write_text(json.dumps(asdict(self)))

    @classmethod
    def of(cls, folder: Path) -> "Notes":
        return cls(**json.loads((folder / "notes.json").read_text()))


class Laptop:
    """An open store. Made by `open_laptop`. shelf, files: of a vault; a plain store carries no bytes."""

    def __init__(
        self,
        write: Transaction,
        read: Transaction,
        schema: Schema,
        close: Callable[[], None],
        engine: Engine,
        shelf: Shelf | None = None,
    ) -> None:
        self.write, self.read, self.schema, self.close = write, read, schema, close
        self.engine = engine
        self.device = SqlDevice(write, read, schema)
        self.shelf = shelf
        self.files = None if shelf is None else SqlFiles(write, read, schema, shelf)
        self.clock = FakeClock()

    def save(self, changes: Sequence[Change]) -> list[str]:
        with self.write() as connection:
            return save(connection, self.schema, changes, clock=self.clock)

    def attach(self, change: Change, data: bytes) -> list[str]:
        """Save a record with its bytes, as `add_document` does."""
        assert self.shelf is not None, "a plain store has no shelf"
        blob = lay(self.shelf, data)
        with self.write() as connection:
            op_ids = save(connection, self.schema, [change], clock=self.clock)
            note_file(connection, self.schema, change.table, change.record, blob)
        return op_ids

    def broken(self) -> list[str]:
        """What SQLite, and SQLCipher below it, find wrong with the file; empty when all is well."""
        found: list[str] = []
        # The cipher's check reads the file past the log, which has what a kill tore while folding it.
        lent = self.engine.raw_connection()
        lent.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[union-attr]
        lent.close()
        with self.engine.connect() as connection:
            for check in ("cipher_integrity_check", "integrity_check"):
                if check == "integrity_check" or self.engine.dialect.dbapi.__name__ == "sqlcipher3.dbapi2":
                    rows = connection.exec_driver_sql(f"PRAGMA {check}")
                    found += [str(row[0]) for row in rows if row[0] != "ok"]
        return found


def open_laptop(folder: Path, kind: str) -> Laptop:
    """The store of this template, opened again. Raises as `Vault.open`."""
    if kind == PLAIN:
        return _plain(folder / "plain.db")
    with told_plainly():
        return _open_vault(folder)


def _open_vault(folder: Path) -> Laptop:
    place, master = folder / "laptop", bytes.fromhex(Notes.of(folder).master)
    store = slots.read_store(place)
    vault = Vault(place, store.store_id, devices.load(place, store.store_id, store.keystore), keys_of(master))
    vault._prepare()
    return _of(vault)


def make_laptop(folder: Path, kind: str, notes: Notes) -> Laptop:
    """A new, empty store."""
    if kind == PLAIN:
        laptop = _plain(folder / "plain.db")
        laptop.schema.metadata.create_all(laptop.engine)
        with laptop.write() as connection:
            install(connection, laptop.schema)
        return laptop
    place = folder / "laptop"
    vault = Vault.create(place, PASSPHRASE, cost=FLOOR)
    notes.master = slots.open_slot(slots.read_slots(place), PASSPHRASE, vault.device).hex()
    return _of(vault)


def _of(vault: Vault) -> Laptop:
    for engine in (vault.writer_engine, vault.reader_engine):
        share(engine)
    return Laptop(vault.write, vault.read, vault.schema, vault.close, vault.writer_engine, vault.attachments)


def _plain(path: Path) -> Laptop:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _open(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 10000",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writing(connection) else "BEGIN")

    share(engine)

    @contextmanager
    def write() -> Iterator[Connection]:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def read() -> Iterator[Connection]:
        with engine.connect() as connection, connection.begin():
            yield connection

    return Laptop(write, read, Schema(metadata), engine.dispose, engine)


def share(engine: Engine) -> None:
    """Let all engines of one kind in this process share what SQLAlchemy once compiled: a judge opens
    thousands of stores, and compiling would be most of its work."""
    first = _FIRST.setdefault(engine.dialect.dbapi.__name__, engine)
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


def _is_writing(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))
