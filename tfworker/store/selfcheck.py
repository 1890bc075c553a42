"""Is this installation fit to keep records? Asked at every start, before anything is unlocked to it.

A wrong library would not show itself: records would simply lie there in the clear, or be damaged
one day. So every property the design relies on is looked at (security.md 5.2).
"""

import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from tfworker.log import Log
from tfworker.store.connection import open_raw
from tfworker.store.problems import UnfitInstallation

log = Log("store")

PLAIN_HEADER = b"SQLite format 3\x00"
NOT_A_DATABASE = 26
OLDEST_CIPHER = (4, 19)
OLDEST_SQLITE = (3, 51, 3)  # before it, two connections in WAL mode could damage a database


@dataclass(frozen=True, slots=True)
class Fact:
    """One property of the installation: what it is, what it must be, whether it is so."""

    name: str
    value: str
    wanted: str
    holds: bool


def check() -> tuple[Fact, ...]:
    """Every property, for the doctor's page; on a database of its own, with a key of its own."""
    with tempfile.TemporaryDirectory(prefix="tfworker-check-") as folder:
        path = Path(folder) / "check.db"
        raw = open_raw(path, secrets.token_bytes(32))
        try:
            raw.execute("CREATE TABLE probe (x)")
            facts = of_library(raw)
        finally:
            raw.close()
        return (*facts, *of_file(path))


def of_file(path: Path) -> tuple[Fact, ...]:
    """What shows from outside: the file is no plain SQLite file, and a wrong key opens nothing."""
    with path.open("rb") as file:
        header = file.read(16)
    encrypted = header != PLAIN_HEADER and len(header) == 16
    refused = _wrong_key_is_refused(path)
    return (
        Fact("file header", "encrypted" if encrypted else "readable", "encrypted", encrypted),
        Fact("wrong key", "refused" if refused else "accepted", "refused", refused),
    )


def require(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts, if all hold. Raises UnfitInstallation, naming in the log those that do not."""
    failed = [fact for fact in facts if not fact.holds]
    for fact in failed:
        log.error("self-check failed", code=fact.name.replace(" ", "_"), status=fact.value)
    if failed:
        raise UnfitInstallation
    return facts


def of_library(raw: Any) -> tuple[Fact, ...]:
    """What SQLCipher says of itself and of a connection made by our recipe."""

    def ask(pragma: str) -> str:
        row = raw.execute(f"PRAGMA {pragma}").fetchone()
        return "" if row is None else str(row[0])

    options = {row[0] for row in raw.execute("PRAGMA compile_options")}
    sqlite = raw.execute("SELECT sqlite_version()").fetchone()[0]
    cipher = ask("cipher_version")
    return (
        Fact("SQLCipher", cipher, _at_least(OLDEST_CIPHER), _numbers(cipher) >= OLDEST_CIPHER),
        Fact("SQLite", sqlite, _at_least(OLDEST_SQLITE), _numbers(sqlite) >= OLDEST_SQLITE),
        _option(options, "TEMP_STORE=2"),
        _option(options, "THREADSAFE=1"),
        _option(options, "ENABLE_FTS5"),
        _setting("memory wiped", ask("cipher_memory_security"), "1"),
        _setting("page check", ask("cipher_hmac_algorithm"), "HMAC_SHA512"),
        _setting("journal", ask("journal_mode"), "wal"),
        _setting("synchronous", ask("synchronous"), "2"),
        _setting("secure delete", ask("secure_delete"), "1"),
        _setting("temp store", ask("temp_store"), "2"),
    )


def _option(options: set[str], wanted: str) -> Fact:
    name = wanted.partition("=")[0]
    value = next((option for option in options if option.partition("=")[0] == name), "absent")
    return Fact(name, value, wanted, value == wanted)


def _setting(name: str, value: str, wanted: str) -> Fact:
    return Fact(name, value or "absent", wanted, value == wanted)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers a version begins with; () for what is none."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def _at_least(version: tuple[int, ...]) -> str:
    return "at least " + ".".join(map(str, version))


def _wrong_key_is_refused(path: Path) -> bool:
    try:
        open_raw(path, secrets.token_bytes(32)).close()
    except dbapi2.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", None) == NOT_A_DATABASE
    return False
