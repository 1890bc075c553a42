"""How a vault gets from the format it was written in to today's: numbered steps, each run once.

The tables come from frozen SQL files (`0001_first.sql`): what ran on a thousand laptops must never
change because a model did. What can be made anew from today's code (triggers, the search index) is
not in the files: it is put in place after the last step, and whenever its definition has changed.
A step and the record that it ran are one transaction, so a kill leaves the old format or the new.
A step never changes a value of a synced table: that takes an op.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from sqlite3 import complete_statement

from sqlalchemy import Connection, Engine, insert, inspect, select

from sync.sql.schema import Schema
from sync.sql.triggers import install as install_guards
from sync.sql.triggers import statements as guard_statements
from tfworker.log import Log
from tfworker.store import facts, search
from tfworker.store.connection import fingerprint
from tfworker.store.problems import VaultTooNew
from tfworker.store.tables import fact, schema_step

log = Log("store")
_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
DERIVED = "~derived"  # fact: fingerprint of the triggers and the index in place
SEARCH = "~search"  # fact: fingerprint of the search index in place


@dataclass(frozen=True, slots=True)
class Step:
    """One frozen change of format."""

    number: int
    name: str
    statements: tuple[str, ...]


def steps() -> list[Step]:
    """All steps this version knows, in order. Numbers count from 1 without a gap."""
    found = []
    for file in resources.files(__package__).iterdir():
        if match := _NAME.fullmatch(file.name):
            text = file.read_text(encoding="utf-8")
            found.append(Step(int(match[1]), match[2], tuple(split(text))))
    found.sort(key=lambda step: step.number)
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise AssertionError("migrations do not count from 1 without a gap")
    return found


def newest() -> int:
    """The number of the last step this version knows: the version of its tables."""
    names = (_NAME.fullmatch(file.name) for file in resources.files(__package__).iterdir())
    return max(int(match[1]) for match in names if match)


def split(script: str) -> list[str]:
    """A script as single statements; lines that are only a comment go."""
    statements, waiting = [], ""
    for line in script.splitlines():
        if not waiting and (not line.strip() or line.lstrip().startswith("--")):
            continue
        waiting += line + "\n"
        if complete_statement(waiting):
            statements.append(waiting.strip())
            waiting = ""
    if waiting.strip():
        raise ValueError("the last statement of a migration does not end")
    return statements


def migrate(
    writer: Engine, schema: Schema, *, backup: Callable[[], None], known: Sequence[Step] | None = None
) -> list[str]:
    """Bring the database to today's format; gives the names of the steps that ran.

    backup: called once before the first step on a database that already holds something.
    Raises VaultTooNew, changing nothing, when a newer version was here; Problem for the disk.
    """
    all_steps = steps() if known is None else known
    with writer.begin() as connection:
        done = _done(connection)
    if done > len(all_steps):
        raise VaultTooNew
    waiting = all_steps[done:]
    if waiting and done:
        backup()
    for step in waiting:
        with writer.begin() as connection:
            _run(connection, step)
            if step is waiting[-1]:
                _put_derived_in_place(connection, schema)
        log.info("vault migrated", step=step.number)
    if not waiting:
        with writer.begin() as connection:
            if facts.get(connection, DERIVED) != _derived(schema):
                _put_derived_in_place(connection, schema)
    return [step.name for step in waiting]


def _done(connection: Connection) -> int:
    """The number of the last step that ran; 0 for an empty database."""
    if not inspect(connection).has_table(schema_step.name):
        return 0
    numbers = connection.execute(select(schema_step.c.number)).scalars()
    return max(numbers, default=0)


def _run(connection: Connection, step: Step) -> None:
    # A trigger may name what the step changes; all of them are put back after the last step.
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for statement in step.statements:
        connection.exec_driver_sql(statement)
    if inspect(connection).has_table(fact.name):
        facts.drop(connection, DERIVED)
    connection.execute(
        insert(schema_step).values(number=step.number, name=step.name, ran_at=datetime.now(UTC))
    )


def _derived(schema: Schema) -> str:
    return fingerprint(*guard_statements(schema), *search.statements())


def _put_derived_in_place(connection: Connection, schema: Schema) -> None:
    """Sync's guards and the search index with its triggers; the index is rebuilt only if it changed."""
    install_guards(connection, schema)
    search.install(connection)
    wanted = fingerprint(*search.statements())
    if facts.get(connection, SEARCH) != wanted:
        search.rebuild(connection)
    facts.put(connection, {DERIVED: _derived(schema), SEARCH: wanted})
