"""The team as its leader sees it: facts from her laptop, and nothing for anybody else."""

import pytest

from sync.memory import FakeClock
from sync.ops import Change
from tests.actions.caseload_of import BRIGHT, Caseload
from tests.actions.desks import Office, save
from tests.actions.test_review import clash
from tfworker.actions.concerns import acknowledge, raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.problems import NotYours
from tfworker.actions.syncing import sync_now
from tfworker.actions.team import team_page


def test_caseloads_beside_capacity(leaders_desk: Desk, caseload: Caseload) -> None:
    page = team_page(leaders_desk)
    rows = {row.name: row for row in page.workers}

    assert (page.team_name, page.supported, page.attached) == ("Ashcombe Vale A", 3, 2)
    assert rows["A. Bright"].caseload_words == "3 of 15"
    assert [family.label for family in rows["A. Bright"].families] == [
        "Lark family",
        "Oakes family",
        "Reed family",
    ]
    assert rows["A. Bright"].families[0].role.words == "Lead worker"
    assert rows["C. Dale"].caseload_words == "0 of 15"
    assert "E. Firth" not in rows


def test_hours_and_intensity_make_capacity(leaders_desk: Desk, caseload: Caseload) -> None:
    with leaders_desk.vault.write() as connection:
        changes = [Change("family", ids.family, {"intensity": "intensive"}) for ids in caseload.families]
        leaders_desk.save(connection, changes)
        half = Change("worker", caseload.worker[BRIGHT], {"fte_percent": 50})
        leaders_desk.save(connection, [half])

    row = next(row for row in team_page(leaders_desk).workers if row.name == "A. Bright")

    assert (row.caseload_words, row.over) == ("3 of 3", False)
    assert [chip.words for chip in row.chips] == ["full"]


def test_more_than_a_worker_should_carry_is_said_in_words(leaders_desk: Desk, caseload: Caseload) -> None:
    save(leaders_desk, Change("worker", caseload.worker[BRIGHT], {"fte_percent": 10}))

    row = next(row for row in team_page(leaders_desk).workers if row.name == "A. Bright")

    assert (row.caseload_words, row.over) == ("3 of 2", True)
    assert [chip.words for chip in row.chips] == ["1 over"]


def test_late_notes_and_late_reviews_are_counted(
    leaders_desk: Desk, caseload: Caseload, clock: FakeClock
) -> None:
    clock.advance(days=5, hours=4)
    assert next(r for r in team_page(leaders_desk).workers if r.name == "A. Bright").late_notes == 0

    clock.advance(days=14)
    row = next(row for row in team_page(leaders_desk).workers if row.name == "A. Bright")
    assert row.late_notes == 3
    assert [chip.words for chip in row.chips] == ["3 plan reviews late"]


def test_what_waits_for_the_leader(office: Office) -> None:
    worker, leader = clash(office, {"value": "07700 900381"}, {"value": "07700 900318"})
    concern = raise_concern(worker, office.caseload.families[0].family, "A bruise.")
    sync_now(worker)
    sync_now(leader)
    page = team_page(leader)

    assert (page.to_settle, page.oldest_words, page.to_acknowledge) == (1, "oldest today", 1)
    office.clock.advance(days=2)
    acknowledge(leader, concern.concern_id)
    later = team_page(leader)
    assert (later.to_acknowledge, later.oldest_words) == (0, "oldest 2 days")
    assert later.concerns[0].acknowledged_by == "E. Firth"


def test_an_agreed_plan_waits_for_her_word(leaders_desk: Desk, caseload: Caseload) -> None:
    plan = caseload.families[0].plan
    save(leaders_desk, Change("plan", plan, {"state": "agreed"}))

    assert team_page(leaders_desk).waiting == ("Agree plan 1, Reed family",)


def test_closed_families_are_not_counted(leaders_desk: Desk, caseload: Caseload) -> None:
    save(leaders_desk, Change("family", caseload.families[0].family, {"status": "closed"}))
    page = team_page(leaders_desk)

    assert (page.supported, page.attached) == (2, 1)


def test_a_worker_has_no_team_page(desk: Desk) -> None:
    with pytest.raises(NotYours):
        team_page(desk)
