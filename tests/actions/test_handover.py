"""What was being written about a family that was taken away reaches whoever has it now."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from sync.ops import Act, Change, new_id
from tests.actions.caseload_of import BRIGHT, DALE
from tests.actions.desks import Office
from tfworker.actions.drafting import drafts, new_note, save_draft
from tfworker.actions.jots import jot_to_note, jots, save_jot
from tfworker.actions.syncing import sync_now
from tfworker.actions.unfinished import keep, kept
from tfworker.council.service import DESK
from tfworker.records import VisitNote
from tfworker.store import drafts as stored


def texts(office: Office, family: str) -> set[str]:
    with office.council.engine.begin() as connection:
        query = select(VisitNote.what_happened).where(VisitNote.family_id == family)
        return set(connection.execute(query).scalars())


def moves(office: Office) -> str:
    family = office.caseload.families[0].family
    table = office.council.schema["allocation"].table
    with office.council.engine.begin() as connection:
        row = connection.execute(select(table).where(table.c.family_id == family)).mappings().one()
    who = {"family_id": family, "worker_id": office.caseload.worker[DALE], "role": "lead", "reason": "moved"}
    ended = Change("allocation", row["id"], {"to_on": date(2026, 11, 15)})
    begun = Change("allocation", new_id(), {**who, "from_on": date(2026, 11, 16)}, Act.INSERT)
    office.council.hub.apply(DESK, [ended, begun])
    return family


def test_a_form_with_words_in_it_goes_up_and_an_empty_draft_just_goes(office: Office) -> None:
    desk = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    keep(desk, "goal/new", {"goal_id": new_id(), "statement": "Plums every day.", "n": 3}, family_id=family)
    save_draft(desk, new_note(desk, family))
    before = texts(office, family)
    moves(office)

    sync_now(desk)

    assert texts(office, family) - before == {"Plums every day."}
    assert (kept(desk, "goal/new"), drafts(desk)) == (None, [])


def test_a_note_that_another_version_kept_in_a_form_of_its_own_goes_up_with_its_words(
    office: Office,
) -> None:
    desk = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    draft = new_note(desk, family)
    save_draft(desk, replace(draft, what_happened="Plums every day."))
    with desk.vault.write() as connection:
        found = stored.get(connection, draft.draft_id)
        assert found is not None
        body = {name: value for name, value in found.body.items() if name != "visit_type"}
        stored.put(connection, replace(found, body=body))
    moves(office)

    sync_now(desk)

    assert any("Plums every day." in (text or "") for text in texts(office, family))


def test_somebody_who_types_on_as_the_family_leaves_loses_nothing(office: Office) -> None:
    desk = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    draft = replace(new_note(desk, family), what_happened="Still typing.")
    moves(office)
    sync_now(desk)
    save_draft(desk, draft)

    sync_now(desk)

    assert "Still typing." in texts(office, family)
    assert drafts(desk) == []


def test_drafts_of_families_that_stay_are_left_alone(office: Office) -> None:
    desk = office.desk(BRIGHT)
    stays = office.caseload.families[1].family
    save_draft(desk, replace(new_note(desk, stays), what_happened="Half."))
    moves(office)

    sync_now(desk)

    assert [line.family_id for line in drafts(desk)] == [stays]


def test_a_jot_whose_note_was_emptied_again_goes_up_itself(office: Office) -> None:
    desk = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    begun = jot_to_note(desk, save_jot(desk, "Plums every day.", family_id=family).jot_id)
    save_draft(desk, replace(begun, what_happened=""))
    before = texts(office, family)
    moves(office)

    sync_now(desk)

    assert texts(office, family) - before == {"Plums every day."}
    assert (jots(desk), drafts(desk)) == ([], [])
