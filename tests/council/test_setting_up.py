"""Setting a council up: what it is called, and the reference records that come from files."""

from sqlalchemy import select

from sync.memory import FakeClock
from tests.council.conftest import FACTS
from tfworker.council import database, reference
from tfworker.council.database import metadata
from tfworker.council.service import Council
from tfworker.council.setting_up import ProgrammeFacts, set_up


def ledger_length(council: Council) -> int:
    with database.reading(council.engine) as connection:
        return len(connection.execute(select(metadata().tables["ledger"].c.seq)).all())


def test_the_programme_is_named_and_in_the_ledger(council: Council) -> None:
    programme, ledger = metadata().tables["programme"], metadata().tables["ledger"]
    with database.reading(council.engine) as connection:
        row = connection.execute(select(programme)).one()
        first = connection.execute(select(ledger).where(ledger.c.record == row.id)).one()

    assert (row.name_local, row.council_name) == ("Families Matter", "Ashcombe County Council")
    assert row.emergency_numbers == [{"name": "Duty team", "phone": "01632 960001"}]
    assert (first.author, first.line, first.outcome) == ("council", "council", "applied")


def test_setting_up_again_changes_nothing(council: Council, council_url: str, clock: FakeClock) -> None:
    before = ledger_length(council)
    set_up(council_url, FACTS, clock).close()
    set_up(council_url, ProgrammeFacts(), clock).close()

    assert ledger_length(council) == before


def test_a_new_name_is_one_change(council: Council, council_url: str, clock: FakeClock) -> None:
    before = ledger_length(council)
    set_up(council_url, ProgrammeFacts(programme_name="Stronger Together"), clock).close()

    assert ledger_length(council) == before + 1


def test_reference_records_say_what_the_files_say(council: Council) -> None:
    with database.reading(council.engine) as connection:
        assert reference.changes(connection) == []
        for table, rows in reference.wanted().items():
            codes = set(connection.execute(select(metadata().tables[table].c.code)).scalars())
            assert codes == {str(row["code"]) for row in rows.values()}
