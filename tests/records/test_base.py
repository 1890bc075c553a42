"""Every table says how it merges, how private it is and where it lives; and can be made."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, MetaData, String, Table, Text, create_engine, insert, inspect, select
from sqlalchemy.exc import StatementError

from sync.ops import new_id
from sync.policy import Policy, Rule, Synced, TablePolicy, field, group, safer
from tfworker.records import Household, Record, VisitNote, metadata
from tfworker.records.base import ENVELOPE

# Of the product's own tables only: sync adds its own to the same MetaData.
TABLES = {mapper.local_table.name: mapper.local_table for mapper in Record.registry.mappers}

AGREED = [
    "action",
    "agency",
    "allocation",
    "chronology_entry",
    "concern_step",
    "contact_point",
    "document",
    "family",
    "goal",
    "headline_problem",
    "household",
    "local_need_type",
    "locality",
    "membership",
    "need",
    "note_amendment",
    "person",
    "plan",
    "practice_standard",
    "programme",
    "risk_marker",
    "safeguarding_concern",
    "team",
    "visit",
    "visit_note",
    "worker",
]


NOTE = {"scope": "family:x", "family_id": "x", "kind": "visit"}


def said(table: Table) -> list[Column]:
    """The columns that must say something about themselves."""
    return [column for column in table.columns if column.name not in ENVELOPE]


def silent(tables: dict[str, Table]) -> list[str]:
    """Columns without a merge policy or a sensitivity class, and tables without a scope."""
    columns = [
        f"{table.name}.{column.name}"
        for table in tables.values()
        for column in said(table)
        if not isinstance(column.info.get("merge"), Policy) or column.info.get("sensitivity") not in range(5)
    ]
    return columns + [t.name for t in tables.values() if not isinstance(t.info.get("sync"), Synced)]


def must_be_there_but_may_be_withheld(tables: dict[str, Table]) -> list[str]:
    """NOT NULL columns, or columns with a default, that some worker is not given.

    Class 3 and above, what a boolean seals, and whatever shares a group with those: a group is
    withheld whole.
    """
    found = []
    for table in tables.values():
        policies = TablePolicy(table.name, {c.name: c.info["merge"] for c in said(table)})
        private = {c.name for c in said(table) if c.info["sensitivity"] >= 3 or "sealed_by" in c.info}
        groups = {policies.group_of(name) for name in private}
        found += [
            f"{table.name}.{column.name}"
            for column in said(table)
            if policies.group_of(column.name) in groups
            and not (column.nullable and column.default is None and column.server_default is None)
        ]
    return found


def made_up(*columns: Column, **info: object) -> dict[str, Table]:
    identity = Column("id", String(32), primary_key=True)
    return {"made_up": Table("made_up", MetaData(), identity, *columns, info=info)}


def test_the_tables_are_those_agreed():
    assert sorted(TABLES) == AGREED


def test_every_table_carries_the_envelope():
    for table in TABLES.values():
        assert [c.name for c in table.columns][: len(ENVELOPE)] == list(ENVELOPE), table.name
        assert not table.c.scope.nullable
        assert table.c.extra.nullable


def test_every_column_says_how_it_merges_and_how_private_it_is():
    assert silent(TABLES) == []


def test_a_column_that_says_nothing_is_found():
    half_said = Column("a", Text, info={"merge": field()})
    wrong_class = Column("b", Text, info={"merge": field(), "sensitivity": 5})

    assert silent(made_up(half_said, wrong_class, Column("c", Text))) == [
        "made_up.a",
        "made_up.b",
        "made_up.c",
        "made_up",
    ]


def test_what_may_be_withheld_may_be_empty():
    assert must_be_there_but_may_be_withheld(TABLES) == []


def test_a_withheld_column_that_must_be_there_is_found():
    phone = Column("phone", Text, nullable=False, info={"merge": group("calling"), "sensitivity": 4})
    safe = Column("safe", Text, nullable=False, info={"merge": safer(("yes",), "calling"), "sensitivity": 2})
    street = Column("street", Text, default="?", info={"merge": field(), "sensitivity": 2, "sealed_by": "x"})

    assert must_be_there_but_may_be_withheld(made_up(phone, safe, street)) == [
        "made_up.phone",
        "made_up.safe",
        "made_up.street",
    ]


def test_what_seals_a_column_is_a_protective_flag_of_its_row():
    for table in TABLES.values():
        for column in said(table):
            if "sealed_by" in column.info:
                seal = table.c[column.info["sealed_by"]]

                assert seal.info["merge"] == safer((False, True), "address")
                assert column.nullable


def test_no_record_is_tied_to_another_by_the_database():
    """A laptop holds parts: a constraint between scopes would refuse what the council sent."""
    assert [table.name for table in TABLES.values() if table.foreign_key_constraints] == []


def test_what_a_column_refers_to_exists():
    refers = {c.info["refers"] for table in TABLES.values() for c in said(table) if "refers" in c.info}

    assert refers <= set(TABLES)


def test_every_id_column_says_what_it_refers_to():
    silent_ids = [
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in said(table)
        if column.name.endswith("_id") and "refers" not in column.info
    ]

    assert silent_ids == []


def test_a_table_is_written_once_or_not():
    """A table with one append column is an append table: then all its columns must be, but for the
    one in which the council itself notes that a file's bytes have come."""
    for table in TABLES.values():
        file = table.info["sync"].file
        columns = [column for column in said(table) if file is None or column.name != file.received]
        rules = {column.info["merge"].rule for column in columns}

        assert Rule.APPEND not in rules or rules == {Rule.APPEND}, table.name


@pytest.mark.parametrize(
    "name, columns",
    {
        "household.address": {"address_lines", "postcode", "uprn", "confidential"},
        "contact_point.calling": {
            "kind", "value", "safe_to_call", "safe_note", "do_not_leave_message", "valid_from", "valid_to",
        },
        "family.status": {"status", "status_on", "status_reason", "status_review_on"},
        "plan.state": {"state", "state_on", "state_reason", "superseded_by"},
        "risk_marker.state": {"state", "cleared_on", "cleared_by", "cleared_why"},
    }.items(),
)  # fmt: skip
def test_what_only_makes_sense_together_is_one_group(name, columns):
    table, group_name = name.split(".")
    policies = TablePolicy(table, {c.name: c.info["merge"] for c in said(TABLES[table])})

    assert set(policies.columns_of(group_name)) == columns


@pytest.mark.parametrize(
    "table, name, safest",
    [
        ("contact_point", "safe_to_call", "no"),
        ("contact_point", "do_not_leave_message", True),
        ("household", "confidential", True),
        ("risk_marker", "state", "raised"),
    ],
)
def test_the_most_protective_value_ranks_highest(table, name, safest):
    policy = TABLES[table].c[name].info["merge"]

    assert policy.rule is Rule.SAFER
    assert max((*policy.order, None), key=policy.rank) == safest


def test_concerns_travel_first():
    urgent = {table.name for table in TABLES.values() if table.info["sync"].urgent}

    assert urgent == {"safeguarding_concern", "concern_step"}


def test_only_a_note_can_be_changed_until_it_is_final():
    finals = {table.name: table.info["sync"].final for table in TABLES.values() if table.info["sync"].final}

    assert finals == {"visit_note": "finalised_at"}
    assert "finalised_at" in VisitNote.__table__.columns


def test_the_database_can_be_made_and_keeps_what_it_was_given(database_url):
    engine = create_engine(database_url)
    metadata.create_all(engine)
    told = {"name": "the neighbour", "role": "neighbour", "is_visitor": True}
    at = datetime(2017, 11, 16, 16, 30, tzinfo=timezone(timedelta(hours=1)))
    row = NOTE | {"id": new_id(), "happened_at": at, "present": [told], "next_date": date(2017, 11, 20)}
    with engine.begin() as connection:
        connection.execute(insert(VisitNote).values(row))

    with engine.connect() as connection:
        kept = connection.execute(select(VisitNote.__table__)).mappings().one()

    assert kept["happened_at"] == datetime(2017, 11, 16, 15, 30, tzinfo=UTC)
    assert kept["happened_at"].tzinfo is UTC
    assert kept["present"] == [told]
    assert kept["next_date"] == date(2017, 11, 20)
    assert kept["version"] == 0
    assert kept["extra"] is None
    assert set(inspect(engine).get_table_names()) >= set(TABLES)
    engine.dispose()


def test_a_moment_without_a_zone_is_refused():
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    row = NOTE | {"id": new_id(), "happened_at": datetime(2017, 11, 16)}  # noqa: DTZ001

    with engine.begin() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(insert(VisitNote).values(row))
    engine.dispose()


def test_an_empty_list_and_no_list_are_two_things():
    """None in a JSON column is SQL's NULL, so that "not given" can be asked for."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        for extra in (None, {}):
            row = {"id": new_id(), "scope": "family:x", "family_id": "x", "extra": extra}
            connection.execute(insert(Household).values(row))
        empty = connection.execute(select(Household.id).where(Household.extra.is_(None))).all()

    assert len(empty) == 1
    engine.dispose()
