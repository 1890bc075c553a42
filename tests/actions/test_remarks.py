"""What to look at that no card is about: the words stay, and a person chooses again."""

from pathlib import Path

import pytest
from sqlalchemy import update

from sync.memory import FakeClock
from sync.sql.triggers import open_gate, shut_gate
from tests.actions.caseload_of import Caseload
from tfworker.actions.desk import Desk
from tfworker.actions.remarks import mark_read, remarks
from tfworker.records import LocalNeedType


@pytest.fixture
def retired(desk: Desk) -> Desk:
    """The council has taken rent arrears out of its list of needs."""
    with desk.vault.write() as connection:
        open_gate(connection)
        connection.execute(update(LocalNeedType).values(active=False))
        shut_gate(connection)
    return desk


def test_with_every_kind_in_the_list_there_is_nothing_to_say(desk: Desk) -> None:
    assert remarks(desk) == []


def test_a_need_whose_kind_is_gone_keeps_its_words_and_asks_for_another(
    retired: Desk, caseload: Caseload
) -> None:
    found = remarks(retired)

    assert len(found) == len(caseload.families)
    assert found[0].title == "“Rent arrears” is no longer in the list of needs"
    assert (found[0].tab, found[0].dismissible) == ("plan", False)
    assert {remark.family_id for remark in found} == {ids.family for ids in caseload.families}


def test_a_leader_is_not_asked_about_families_others_have(
    leaders_desk: Desk, tmp_path: Path, clock: FakeClock
) -> None:
    with leaders_desk.vault.write() as connection:
        open_gate(connection)
        connection.execute(update(LocalNeedType).values(active=False))
        shut_gate(connection)

    assert remarks(leaders_desk) == []


def test_what_was_read_is_not_listed_again(retired: Desk) -> None:
    first, *others = remarks(retired)
    mark_read(retired, first.key)
    mark_read(retired, first.key)

    assert remarks(retired) == others
