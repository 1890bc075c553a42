"""Many rows at once: what is stored is what was given, whichever columns of a batch are empty; and what
is looked up is found through the index."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.exc import IntegrityError

from sync.sql.bulk import FEW, Bulk

THING = Table(
    "thing",
    MetaData(),
    Column("id", String(32), primary_key=True),
    Column("name", String(32), nullable=False),
    Column("note", String),
    Column("seen", Boolean),
    Column("more", JSON(none_as_null=True)),
    Column("at", DateTime(timezone=True)),
    Column("place", Integer, server_default="7"),
    Index("thing_name", "name", "place"),
)
NAMES = tuple(column.name for column in THING.c)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MANY = FEW * 4


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    THING.metadata.create_all(engine)
    yield engine
    engine.dispose()


def thing(number: int, **values: Any) -> tuple[Any, ...]:
    row = {**dict.fromkeys(NAMES), "id": f"{number:032x}", "name": f"thing {number}", **values}
    return tuple(row[name] for name in NAMES)


def put(engine: Engine, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What lies there once they were put in, in the order of their ids."""
    bulk = Bulk(THING, NAMES, engine.dialect)
    with engine.begin() as connection:
        bulk.insert(connection, rows)
        return bulk.select(connection, "ORDER BY id", ())


@pytest.mark.parametrize("rows", [1, FEW, FEW + 1, MANY])
def test_columns_that_are_empty_in_every_row_stay_empty(engine: Engine, rows: int) -> None:
    given = [thing(number) for number in range(rows)]

    assert put(engine, given) == given  # `place` too: nothing was said is not the same as the default


@pytest.mark.parametrize("full", [0, MANY // 2, MANY - 1])
def test_one_full_field_is_kept_whichever_row_it_is_in(engine: Engine, full: int) -> None:
    given = [thing(number) for number in range(MANY)]
    given[full] = thing(full, note="", seen=False, more=[], place=0)

    assert put(engine, given) == given


def test_every_kind_of_value_comes_back(engine: Engine) -> None:
    given = [
        thing(number, note="é’", seen=bool(number % 2), more={"a": [1, None]}, place=number)
        for number in range(MANY)
    ]

    assert put(engine, given) == given


def test_a_moment_is_the_same_moment(engine: Engine) -> None:
    rows = put(engine, [thing(number, at=NOON if number else None) for number in range(MANY)])

    found = [row[NAMES.index("at")] for row in rows]
    assert found[0] is None
    assert {moment.replace(tzinfo=moment.tzinfo or UTC) for moment in found[1:]} == {NOON}


@pytest.mark.parametrize("rows", [FEW, MANY])
def test_a_field_that_may_not_be_empty_is_refused_when_all_are(engine: Engine, rows: int) -> None:
    with pytest.raises(IntegrityError):
        put(engine, [thing(number, name=None) for number in range(rows)])


def test_nothing_is_put_in_for_nothing(engine: Engine) -> None:
    assert put(engine, []) == []


@pytest.mark.parametrize("name", ["thing 3", 'with "quotes"', "back\\slash", "{brace}", "", "NULL", "a,b"])
def test_looking_up_finds_the_rows_with_one_of_these_values(engine: Engine, name: str) -> None:
    put(engine, [thing(number) for number in range(MANY)] + [thing(99, name=name, place=1)])
    bulk = Bulk(THING, ("id", "name"), engine.dialect)

    with engine.begin() as connection:
        found = bulk.look_up(connection, "name", [name, "thing 1", "nobody"])
        placed = bulk.look_up(connection, "name", [name, "thing 1", "nobody"], "place = 1")

    assert {row[1] for row in found} == {name, "thing 1"}
    assert placed == [(f"{99:032x}", name)]


def test_a_number_is_looked_up_too_and_what_is_asked_for_twice_comes_once(engine: Engine) -> None:
    put(engine, [thing(number, place=number) for number in range(MANY)])
    bulk = Bulk(THING, ("place", "name"), engine.dialect)

    with engine.begin() as connection:
        assert bulk.look_up(connection, "place", [3, 3, -1]) == [(3, "thing 3")]
        assert bulk.look_up(connection, "name", ["thing 2", "thing 2"]) == [(2, "thing 2")]
        assert bulk.look_up(connection, "name", []) == []


def test_a_table_the_database_has_not_yet_looked_at_is_looked_up_through_its_index(engine: Engine) -> None:
    put(engine, [thing(number) for number in range(20_000)])
    bulk = Bulk(THING, ("id", "name"), engine.dialect)
    asked: list[tuple[str, Any]] = []

    with engine.begin() as connection:
        with _listening(connection, asked):
            bulk.look_up(connection, "name", [f"thing {number}" for number in range(0, 20_000, 40)])
        plan = _plan(connection, *asked[0])

    assert "thing_name" in plan
    assert "Seq Scan" not in plan
    assert "SCAN thing" not in plan


@contextmanager
def _listening(connection: Connection, asked: list[tuple[str, Any]]) -> Iterator[None]:
    """Keeps the statements that go out, with what they are given."""

    def keep(_connection: Connection, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        asked.append((statement, given))

    event.listen(connection, "before_cursor_execute", keep)
    yield
    event.remove(connection, "before_cursor_execute", keep)


def _plan(connection: Connection, statement: str, given: Any) -> str:
    """How the database would find it, in its own words."""
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", given))
