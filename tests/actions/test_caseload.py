"""A caseload says what the records say, in a few questions whatever the number of families."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from sync.memory import FakeClock
from sync.ops import Change, new_id
from tests.actions.caseload_of import DALE, Caseload, caseload_of, insert
from tests.actions.desks import desk_alone, put, save
from tfworker.actions.caseload import caseload as rows_of
from tfworker.actions.desk import Desk
from tfworker.actions.story import set_priority, set_story
from tfworker.actions.values import CaseRow


def row_of(desk: Desk, family_id: str) -> CaseRow:
    return next(row for row in rows_of(desk) if row.family_id == family_id)


def test_a_family_in_one_line(desk: Desk, caseload: Caseload) -> None:
    row = row_of(desk, caseload.families[0].family)

    assert (row.label, row.initials, row.family_ref) == ("Reed family", "R.", "ASH-00000")
    assert (row.status.words, row.my_role.words, row.lead_worker) == ("Supported", "Lead worker", "A. Bright")
    assert row.people == "1 adult, 2 children (11, 8)"
    assert row.next_visit_words == "Thu 19 Nov 15:30"
    assert row.children_seen.words == "Children seen 9 Nov; Kit alone 9 Nov"
    assert [chip.words for chip in row.cautions] == ["Caution: two workers"]
    assert (row.unsent, row.disputed) == (0, 0)


def test_a_second_family_has_no_caution_of_the_first(desk: Desk, caseload: Caseload) -> None:
    assert row_of(desk, caseload.families[1].family).cautions == ()


def test_an_edit_without_a_receipt_counts_as_unsent_once_an_act(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    set_story(desk, family, "New words.")
    set_priority(desk, family, "The hearing.")

    assert row_of(desk, family).unsent == 2
    assert row_of(desk, caseload.families[1].family).unsent == 0


def test_a_marker_on_a_person_cautions_her_family(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[1]
    put(desk.vault, [insert("risk_marker", "a" * 32, person_id=ids.parent, kind="dog", state="raised")])

    assert [chip.words for chip in row_of(desk, ids.family).cautions] == ["Caution: dog"]


def test_a_confidential_address_is_a_caution(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[1]
    save(desk, Change("household", ids.household, {"confidential": True}))

    assert "Confidential address" in [chip.words for chip in row_of(desk, ids.family).cautions]


def test_a_visit_of_this_morning_stays_next_until_it_is_written_up(
    desk: Desk, caseload: Caseload, clock: FakeClock
) -> None:
    clock.advance(days=3, hours=10)

    assert row_of(desk, caseload.families[0].family).next_visit_words == "today 15:30"


def test_a_child_nobody_saw_lately_is_said_so(desk: Desk, caseload: Caseload, clock: FakeClock) -> None:
    clock.advance(weeks=14)

    seen = row_of(desk, caseload.families[0].family).children_seen

    assert seen.seen_on is None
    assert seen.words == "Children not seen in 13 weeks"


def test_a_plan_review_is_late_from_the_day_after(desk: Desk, caseload: Caseload, clock: FakeClock) -> None:
    clock.advance(days=15)
    assert not row_of(desk, caseload.families[0].family).plan_review_late

    clock.advance(days=1)
    assert row_of(desk, caseload.families[0].family).plan_review_late


def test_a_colleagues_family_is_listed_after_her_own(desk: Desk, caseload: Caseload) -> None:
    family, whose = new_id(), caseload.worker[DALE]
    taken = {"worker_id": whose, "role": "lead", "from_on": date(2026, 3, 2)}
    put(
        desk.vault,
        [
            insert("family", family, label="Aaron family", status="supported"),
            insert("allocation", new_id(), family_id=family, **taken),
        ],
    )

    assert [bool(row.my_role.code) for row in rows_of(desk)] == [True, True, True, False]


def test_a_closed_family_that_is_nobodys_is_not_listed(leaders_desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    save(leaders_desk, Change("family", family, {"status": "closed"}))

    assert family not in [row.family_id for row in rows_of(leaders_desk)]


@pytest.mark.parametrize("families", [2, 20])
def test_the_number_of_questions_does_not_grow_with_the_families(
    families: int, home: Path, clock: FakeClock
) -> None:
    desk = desk_alone(home, clock, caseload_of(families))
    asked = []
    event.listen(desk.vault.reader_engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    rows = rows_of(desk)

    assert len(rows) == families
    assert len(asked) <= 15
    desk.vault.close()


def test_no_question_reads_every_note(desk: Desk) -> None:
    asked: list[tuple[str, object]] = []
    event.listen(desk.vault.reader_engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    rows_of(desk)

    with desk.vault.read() as connection:
        plans = [
            str(step)
            for statement, parameters in list(asked)
            if "visit_note" in statement
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert plans
    assert not [plan for plan in plans if "SCAN visit_note" in plan]


def test_a_caseload_reads_only_the_notes_of_the_last_weeks(desk: Desk, caseload: Caseload) -> None:
    old = caseload.families[1]
    years_ago = desk.now() - timedelta(days=800)
    seen = [{"person_id": old.younger, "seen": True, "alone": True}]
    note = {"kind": "visit", "happened_at": years_ago, "finalised_at": years_ago, "children_seen": seen}
    put(desk.vault, [insert("visit_note", "b" * 32, family_id=old.family, **note)])

    assert row_of(desk, old.family).children_seen.alone_on is None
