"""From the format a vault was written in to today's: each step once, whole or not at all."""

import shutil
import subprocess
import sys

import pytest
from sqlalchemy import MetaData, inspect, text

from sync.sql import Schema
from sync.sql import tables as add_sync_tables
from tests.store.conftest import PASSPHRASE
from tfworker.records import metadata as records
from tfworker.store import Vault, VaultTooNew
from tfworker.store.connection import writer as writer_of
from tfworker.store.copies import FOLDER
from tfworker.store.migrations import Step, migrate, newest, split, steps
from tfworker.store.tables import metadata as own


@pytest.fixture
def writer(vault):
    return vault.writer_engine


def run(vault, known):
    return migrate(vault.writer_engine, vault.schema, backup=vault._keep_copy, known=known)


def names(engine, kind):
    with engine.begin() as connection:
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = :kind"), {"kind": kind})
        return set(found.scalars())


NEXT = len(steps()) + 1
ADD_COLUMN = Step(
    NEXT, "colour", ("ALTER TABLE family ADD COLUMN colour TEXT", "CREATE TABLE shade (x INTEGER)")
)
FAILS_LATE = Step(
    NEXT, "colour", ("ALTER TABLE family ADD COLUMN colour TEXT", "CREATE TABLE family (x INTEGER)")
)


def table_shape(inspector, table):
    columns = {
        c["name"]: (str(c["type"]), c["nullable"], bool(c["primary_key"]))
        for c in inspector.get_columns(table)
    }
    indexes = {
        (
            tuple(i["column_names"]),
            bool(i["unique"]),
            str(i.get("dialect_options", {}).get("sqlite_where", "")),
        )
        for i in inspector.get_indexes(table)
    }
    unique = {tuple(u["column_names"]) for u in inspector.get_unique_constraints(table)}
    return columns, indexes, unique


def test_the_frozen_steps_make_exactly_todays_tables(vault, tmp_path):
    """A new table or column needs a step of its own; until the first release, write_first_step."""
    from sqlalchemy import create_engine

    add_sync_tables(records)
    fresh = create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    for metadata in (records, own):
        metadata.create_all(fresh)
    wanted, present = inspect(fresh), inspect(vault.writer_engine)
    ours = {name for name in present.get_table_names() if name != "search" and not name.startswith("search_")}

    assert ours | {"search_stale"} == set(wanted.get_table_names())
    differing = [t for t in wanted.get_table_names() if table_shape(wanted, t) != table_shape(present, t)]
    assert differing == []
    fresh.dispose()


def test_every_trigger_is_in_place(vault):
    triggers = names(vault.writer_engine, "trigger")
    tables = {table.name for table in vault.schema}

    assert triggers >= {f"sync_guard_{t}_{verb}" for t in tables for verb in ("insert", "update", "delete")}
    assert {"search_visit_note_update", "search_visit_note_delete"} <= triggers


def test_the_version_of_the_tables_is_the_number_of_the_last_step(vault):
    assert vault.schema.version == newest() == len(steps())


def test_a_second_run_changes_nothing(vault):
    assert run(vault, steps()) == []


def test_a_step_runs_once_and_is_recorded(vault, put):
    put("family", label="Ames", status="active")
    first, second = run(vault, [*steps(), ADD_COLUMN]), run(vault, [*steps(), ADD_COLUMN])
    with vault.read() as connection:
        recorded = connection.execute(text("SELECT number, name FROM schema_step ORDER BY number")).all()
        label = connection.execute(text("SELECT label FROM family")).scalar_one()

    assert (first, second) == (["colour"], [])
    assert [tuple(row) for row in recorded] == [*((s.number, s.name) for s in steps()), (NEXT, "colour")]
    assert label == "Ames"


def test_triggers_and_search_are_back_after_a_step(vault, note):
    before = names(vault.writer_engine, "trigger")
    run(vault, [*steps(), ADD_COLUMN])

    assert names(vault.writer_engine, "trigger") == before
    note("The boiler is mended.")


def test_a_step_that_fails_leaves_the_old_format(vault):
    before = names(vault.writer_engine, "trigger")
    with pytest.raises(Exception, match="already exists"):
        run(vault, [*steps(), FAILS_LATE])
    columns = {column["name"] for column in inspect(vault.writer_engine).get_columns("family")}

    assert "colour" not in columns
    assert names(vault.writer_engine, "trigger") == before


def test_a_copy_is_made_before_a_vault_is_changed(vault, place, put):
    put("family", label="Ames", status="active")
    run(vault, [*steps(), ADD_COLUMN])
    [copy] = (place / FOLDER).iterdir()

    assert copy.name.startswith("case-")
    assert b"Ames" not in copy.read_bytes()


def test_the_copy_opens_with_the_same_passphrase(vault, place, put, passphrase):
    put("family", label="Ames", status="active")
    run(vault, [*steps(), ADD_COLUMN])
    [copy] = (place / FOLDER).iterdir()
    vault.close()
    shutil.copy(copy, place / "case.db")
    restored = Vault.open(place, passphrase)
    with restored.read() as connection:
        labels = connection.execute(text("SELECT label FROM family")).scalars().all()
    restored.close()

    assert labels == ["Ames"]


def test_a_new_vault_needs_no_copy(place):
    assert not (place / FOLDER).exists()


def test_a_vault_of_a_newer_version_is_refused_and_not_changed(vault, place, passphrase):
    run(vault, [*steps(), ADD_COLUMN])
    vault.close()
    before = (place / "case.db").read_bytes()

    with pytest.raises(VaultTooNew, match="Ask IT to update"):
        Vault.open(place, passphrase)
    assert (place / "case.db").read_bytes() == before


def test_another_definition_of_a_trigger_is_put_in_place_at_the_next_start(vault, place, passphrase, put):
    with vault.write() as connection:
        connection.execute(text("DROP TRIGGER search_family_update"))
        connection.execute(text("UPDATE fact SET value = '\"older\"' WHERE name = '~derived'"))
    vault.close()
    reopened = Vault.open(place, passphrase)
    triggers = names(reopened.writer_engine, "trigger")
    reopened.close()

    assert "search_family_update" in triggers


def test_another_definition_of_the_index_is_filled_from_the_records(vault, place, passphrase, note):
    from tfworker.store import search

    note_id = note("The boiler is mended.")
    with vault.write() as connection:
        connection.execute(text("DROP TABLE search"))
        connection.execute(text("CREATE VIRTUAL TABLE search USING fts5(name, words, content='')"))
        connection.execute(text("UPDATE fact SET value = '\"older\"' WHERE name IN ('~derived', '~search')"))
    vault.close()
    reopened = Vault.open(place, passphrase)
    with reopened.read() as connection:
        hits = search.find(connection, "boiler")
    reopened.close()

    assert [hit.record for hit in hits] == [note_id]


KILLED_STEP = """
import os, sys
from pathlib import Path
from tfworker.store import Vault
from tfworker.store.migrations import Step, migrate, steps

vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
at = int(sys.argv[3])
raw = vault.writer_engine.raw_connection()
raw.driver_connection.create_function("die", 0, lambda: os._exit(9))
raw.close()
statements = ["ALTER TABLE family ADD COLUMN colour TEXT", "CREATE TABLE shade (x INTEGER)",
              "CREATE INDEX shade_x ON shade (x)"]
statements.insert(at, "SELECT die()")
migrate(vault.writer_engine, vault.schema, backup=vault._keep_copy,
        known=[*steps(), Step(len(steps()) + 1, "colour", tuple(statements))])
"""


@pytest.mark.parametrize("at", range(4))
def test_killed_at_any_statement_the_old_format_is_whole(place, at):
    killed = subprocess.run([sys.executable, "-c", KILLED_STEP, str(place), PASSPHRASE, str(at)], check=False)
    vault = Vault.open(place, PASSPHRASE)
    columns = {column["name"] for column in inspect(vault.writer_engine).get_columns("family")}
    tables = names(vault.writer_engine, "table")
    damage = vault.damage()
    vault.close()

    assert killed.returncode == 9
    assert "colour" not in columns
    assert "shade" not in tables
    assert damage == []


OLD_OP = (
    "INSERT INTO op (op_id, n, chain, kind, table_name, record, scope, base_epoch, base_version, made_at, "
    "act_id, salt, content, urgent, waiting) "
    "VALUES (?, ?, 'c', 'insert', 'visit_note', ?, 'family:1', '', 0, 0, 'a', 's', ?, 0, ?)"
)


def test_what_waited_in_the_first_format_waits_in_todays(tmp_path):
    add_sync_tables(records)
    old = writer_of(tmp_path / "old.db", bytes(32))
    with old.begin() as connection:
        for statement in steps()[0].statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(OLD_OP, [("o1", 1, "r1", b"{1}", 0), ("o2", 2, "r2", b"{2}", 1)])
        connection.exec_driver_sql(OLD_OP, ("o3", 3, "r1", b"{3}", 1))
        connection.exec_driver_sql("INSERT INTO schema_step VALUES (1, 'first', '2026-11-02 09:00:00')")
    migrate(old, Schema(records), backup=lambda: None)
    with old.begin() as connection:
        waits = connection.exec_driver_sql(
            "SELECT op_id, content, queue.record, queue.scope FROM queue JOIN op USING (pos) ORDER BY pos"
        ).all()
        kept = connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()
    old.dispose()

    assert [tuple(row) for row in waits] == [
        ("o2", b"{2}", "r2", "family:1"),
        ("o3", b"{3}", "r1", "family:1"),
    ]
    assert kept == 3


def test_a_script_is_split_at_its_statements():
    script = """\
-- a comment
CREATE TABLE a (
    x TEXT DEFAULT ';'
);

CREATE TRIGGER t AFTER INSERT ON a BEGIN
    DELETE FROM a; DELETE FROM a;
END;
-- the end
"""

    assert [statement.split()[1] for statement in split(script)] == ["TABLE", "TRIGGER"]


def test_a_script_that_breaks_off_is_our_slip():
    with pytest.raises(ValueError, match="does not end"):
        split("CREATE TABLE a (x TEXT)")


def test_every_step_can_be_read():
    assert [step.number for step in steps()] == list(range(1, len(steps()) + 1))
    assert all(step.statements for step in steps())


def test_the_schema_of_a_vault_is_that_of_the_records(vault):
    assert {table.name for table in vault.schema} == {table.name for table in Schema(records)}
    assert not set(own.tables) & set(records.tables)
    assert isinstance(own, MetaData)
