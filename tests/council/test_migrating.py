"""A council of an earlier version brought up to date: what waited there waits in today's trays."""

import json
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, select, text

from sync.ops import record_digest
from tfworker.council import database, migrations

PLAN, GOAL, NOTE = "a" * 32, "b" * 32, "c" * 32
FAMILY = "family:" + "f" * 32
# (seq, op id, kind, table, record, scope, reason, state, content)
WAITED = [
    (1, "1" * 32, "insert", "plan", PLAN, FAMILY, "request", "waiting", {"state": "active"}),
    (2, "2" * 32, "update", "plan", PLAN, "", "follows", "waiting", {"aims_in_family_words": "More."}),
    (3, "3" * 32, "insert", "visit_note", NOTE, FAMILY, "to_read", "to_read", {"what_happened": "Seen."}),
    (4, "4" * 32, "update", "goal", GOAL, FAMILY, "not_yours_now", "waiting", {"statement": "Words."}),
]


@pytest.fixture
def old(database_url: str) -> Iterator[Engine]:
    """A database as the version before left it, with ops that wait."""
    engine = database.connect(database_url)
    with engine.begin() as connection:
        command.upgrade(migrations.config(connection), "0006")
        for row in WAITED:
            _put(connection, *row)
    yield engine
    engine.dispose()


def _put(
    connection: Connection, seq: int, op_id: str, kind: str, table: str, record: str, *rest: object
) -> None:
    scope, reason, state, patch = rest
    about = {"seq": seq, "op": op_id, "kind": kind, "tab": table, "rec": record, "scope": scope}
    said = {"reason": reason, "state": state, "text": json.dumps({"patch": patch, "was": {}}).encode()}
    statements = (
        "INSERT INTO ledger (seq, op_id, kind, table_name, record, version, scope, author, device, line, n, "
        "made_at, received_at, outcome, commitment, hash) VALUES (:seq, :op, :kind, :tab, :rec, 0, :scope, "
        "'ana', 'laptop', 'line', 1, 5, 6, 'held', '', '')",
        "INSERT INTO ledger_content (seq, salt, content) VALUES (:seq, '', :text)",
        "INSERT INTO held (op_id, seq, table_name, record, scope, author, line, made_at, reason, state) "
        "VALUES (:op, :seq, :tab, :rec, :scope, 'ana', 'line', 5, :reason, :state)",
    )
    for statement in statements:
        connection.execute(text(statement), about | said)


def test_what_waited_waits_in_todays_trays_with_its_text(old: Engine) -> None:
    database.upgrade(old)
    held = database.metadata().tables["held"]
    with old.connect() as connection:
        rows = connection.execute(select(held).order_by(held.c.id)).mappings().all()

    assert [(r["id"][0], r["kind"], r["state"], r["reason"]) for r in rows] == [
        ("1", "insert", "waiting", "request"),
        ("2", "update", "waiting", "follows"),
        ("3", "insert", "to_read", "to_read"),
        ("4", "update", "waiting", "not_yours_now"),
    ]
    assert [r["patch"] for r in rows] == [WAITED[0][8], WAITED[1][8], None, WAITED[3][8]]
    # What followed an insert lies in its tray, and is decided with it.
    assert [r["follows"] for r in rows] == [None, "1" * 32, None, None]
    assert {(r["scope"], r["author"], r["line"], r["made_at"], r["version"]) for r in rows} == {
        (FAMILY, "ana", "line", 5, 1)
    }


def test_the_trays_are_counted_as_laptops_will_count_them(old: Engine) -> None:
    database.upgrade(old)
    tally = database.metadata().tables["tally"]
    with old.connect() as connection:
        (row,) = connection.execute(select(tally).where(tally.c.kind == "held")).mappings()

    digest = sum(record_digest(op_id, 1) for _, op_id, *_ in WAITED) % (1 << 128)
    assert (row["scope"], row["records"], row["digest"]) == (FAMILY, 4, f"{digest:032x}")


def test_a_council_where_nothing_waited_is_brought_up_to_date(database_url: str) -> None:
    engine = database.connect(database_url)
    with engine.begin() as connection:
        command.upgrade(migrations.config(connection), "0006")
    database.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(select(database.metadata().tables["held"])).all() == []
    engine.dispose()
