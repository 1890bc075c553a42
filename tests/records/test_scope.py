"""Every record lives in one place for ever."""

import pytest

from tfworker.records import Record, metadata

# In one order, whatever the process: two workers of a test run must name the same tests.
TABLES = sorted((mapper.local_table for mapper in Record.registry.mappers), key=lambda table: table.name)


class Reading(dict):
    """A row that remembers which of its columns were asked for."""

    def __init__(self, row):
        super().__init__(row)
        self.asked = set()

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


def read_for_scope(table, **given):
    row = Reading({column.name: f"the-{column.name}" for column in table.columns} | given)
    table.info["sync"].scope(row)
    return row.asked


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("family_id", ["f", None], ids=["with a family", "without"])
def test_a_scope_depends_only_on_what_never_changes(table, family_id):
    given = {"family_id": family_id} if "family_id" in table.columns else {}
    asked = read_for_scope(table, **given)

    changing = {name for name in asked if name != "id" and not table.c[name].info.get("fixed")}
    assert changing == set()


@pytest.mark.parametrize(
    "name, row, scope",
    [
        ("family", {"id": "f1"}, "family:f1"),
        ("household", {"id": "h", "family_id": "f1"}, "family:f1"),
        ("membership", {"id": "m", "family_id": "f1", "person_id": "p1"}, "family:f1"),
        ("person", {"id": "p1"}, "person:p1"),
        ("contact_point", {"id": "c", "person_id": "p1"}, "person:p1"),
        ("allocation", {"id": "a", "family_id": "f1", "worker_id": "w1"}, "family:f1"),
        ("visit_note", {"id": "n", "family_id": "f1"}, "family:f1"),
        ("note_amendment", {"id": "n", "family_id": "f1"}, "family:f1"),
        ("risk_marker", {"id": "r", "family_id": "f1", "person_id": "p1"}, "family:f1"),
        ("risk_marker", {"id": "r", "family_id": None, "person_id": "p1"}, "person:p1"),
        ("risk_marker", {"id": "r", "person_id": "p1"}, "person:p1"),
        ("safeguarding_concern", {"id": "s", "family_id": "f1", "written_by": "w1"}, "family:f1"),
        ("safeguarding_concern", {"id": "s", "written_by": "w1"}, "worker:w1"),
        ("concern_step", {"id": "s", "family_id": "f1", "raised_by": "w1", "written_by": "w2"}, "family:f1"),
        ("concern_step", {"id": "s", "raised_by": "w1", "written_by": "w2"}, "worker:w1"),
        ("worker", {"id": "w1"}, "reference"),
        ("team", {"id": "t1"}, "reference"),
        ("practice_standard", {"id": "s1"}, "reference"),
    ],
)
def test_where_a_record_lives(name, row, scope):
    assert metadata.tables[name].info["sync"].scope(row) == scope


def test_a_scope_is_never_longer_than_its_column():
    for table in TABLES:
        row = {column.name: "f" * 32 for column in table.columns}

        assert len(table.info["sync"].scope(row)) <= table.c.scope.type.length
