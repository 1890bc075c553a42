"""A note: drafted, finished in one act, locked for ever, added to but never changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sync.memory import FakeClock
from tests.actions.caseload_of import Caseload
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drafts, drop_draft, new_note, open_draft, save_draft
from tfworker.actions.notes import amend, finish_note, missing, note
from tfworker.actions.plan import plan
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.story import story
from tfworker.actions.values import ActionDraft, NoteDraft, Presence, Whereabouts
from tfworker.actions.visits import plan_visit, visits_and_notes
from tfworker.actions.wording import word
from tfworker.records.words import MemberRole
from tfworker.rules.notes import note_hash
from tfworker.store import drafts as stored


def written(desk: Desk, family_id: str, **changes: Any) -> NoteDraft:
    """A note of a home visit with everything it needs."""
    draft = new_note(desk, family_id)
    people = tuple(
        replace(p, present=True, seen=p.is_child, spoken_to_alone=p.name == "Jay") for p in draft.people
    )
    began = desk.now() - timedelta(hours=2)
    whole = replace(
        draft,
        people=people,
        started_at=began,
        ended_at=began + timedelta(minutes=50),
        what_happened="She rang the housing officer with me beside her.",
        child_means="Breakfast together.",
        significant=True,
    )
    return replace(whole, **changes)


def kinds_of_ops(desk: Desk) -> list[tuple[str, str]]:
    op = desk.schema.own("op")
    with desk.vault.read() as connection:
        found = connection.execute(select(op.c.kind, op.c.table_name).order_by(op.c.pos)).all()
    return [(row[0], row[1]) for row in found]


def test_a_new_note_holds_facts_and_no_text(desk: Desk, caseload: Caseload) -> None:
    draft = new_note(desk, caseload.families[0].family)

    assert [p.words for p in draft.people] == ["Dana, parent", "Kit, 11", "Jay, 8"]
    assert not any(p.present or p.seen for p in draft.people)
    assert [link.words for link in draft.goals] == ["Everyone out of the door by half past eight."]
    assert draft.what_happened == draft.child_means == ""
    assert draft.visit_type == "home"
    assert draft.significant is None


def test_autosave_makes_no_op_and_gives_the_draft_back(desk: Desk, caseload: Caseload) -> None:
    draft = replace(
        written(desk, caseload.families[0].family),
        actions=(ActionDraft("Ring back"),),
        next_visit_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        cursor=7,
    )

    saved_at = save_draft(desk, draft)

    assert open_draft(desk, draft.draft_id) == replace(draft, saved_at=saved_at)
    assert kinds_of_ops(desk) == []
    assert [(d.title, d.first_words[:9]) for d in drafts(desk)] == [("Home visit", "She rang ")]


def test_a_draft_of_its_family_is_listed_with_its_notes(desk: Desk, caseload: Caseload) -> None:
    draft = new_note(desk, caseload.families[0].family)
    save_draft(desk, draft)

    assert [d.draft_id for d in visits_and_notes(desk, caseload.families[0].family).drafts] == [
        draft.draft_id
    ]
    assert visits_and_notes(desk, caseload.families[1].family).drafts == ()


def kept_otherwise(desk: Desk, draft: NoteDraft, drop: str, **fields: Any) -> None:
    """The draft as another version of the program would have kept it."""
    save_draft(desk, draft)
    with desk.vault.write() as connection:
        found = stored.get(connection, draft.draft_id)
        assert found is not None
        body = {name: value for name, value in found.body.items() if name != drop}
        stored.put(connection, replace(found, body={**body, **fields}))


def test_a_draft_of_another_version_is_opened_and_listed_with_all_its_words(
    desk: Desk, caseload: Caseload
) -> None:
    family = caseload.families[0].family
    draft = written(desk, family, actions=(ActionDraft("Ring back"),))
    promises = [{"what": "Ring back", "said_to": "To Dana at the door."}]
    kept_otherwise(
        desk, draft, "visit_type", mood="Calmer than last week.", child_means=["Breakfast", "together."],
        started_at="yesterday", actions=promises,
    )  # fmt: skip

    opened = open_draft(desk, draft.draft_id)

    assert opened.what_happened.split("\n\n") == [
        "She rang the housing officer with me beside her.",
        "yesterday", "Breakfast", "together.", "Calmer than last week.", "To Dana at the door.",
    ]  # fmt: skip
    assert (opened.visit_type, opened.child_means, opened.actions) == ("", "", draft.actions)
    assert (opened.people, opened.goals) == (draft.people, draft.goals)
    assert [line.draft_id for line in drafts(desk)] == [draft.draft_id]


def test_its_words_stand_once_however_often_it_is_kept_again(desk: Desk, caseload: Caseload) -> None:
    draft = written(desk, caseload.families[0].family)
    kept_otherwise(desk, draft, "kind", mood="Calmer than last week.")
    opened = open_draft(desk, draft.draft_id)

    save_draft(desk, opened)

    assert open_draft(desk, draft.draft_id).what_happened == opened.what_happened
    assert opened.what_happened.count("Calmer than last week.") == 1


def test_a_dropped_draft_is_gone(desk: Desk, caseload: Caseload) -> None:
    draft = new_note(desk, caseload.families[0].family)
    save_draft(desk, draft)
    drop_draft(desk, draft.draft_id)

    with pytest.raises(NotHere):
        open_draft(desk, draft.draft_id)


def test_what_is_missing_is_asked_in_the_drafts_own_fields(desk: Desk, caseload: Caseload) -> None:
    draft = new_note(desk, caseload.families[0].family)

    assert [m.field for m in missing(desk, draft)] == [
        "people",
        "what_happened",
        "child_means",
        "significant",
    ]


def test_a_note_at_which_nobody_was_met_needs_less(desk: Desk, caseload: Caseload) -> None:
    draft = replace(new_note(desk, caseload.families[0].family), visit_type="no_reply")

    assert [m.field for m in missing(desk, draft)] == ["what_happened", "significant"]


def test_an_unfinished_note_keeps_its_draft(desk: Desk, caseload: Caseload) -> None:
    draft = written(desk, caseload.families[0].family, what_happened="  ")
    save_draft(desk, draft)

    with pytest.raises(BadInput) as refused:
        finish_note(desk, draft)

    assert refused.value.field == "what_happened"
    assert len(drafts(desk)) == 1
    assert kinds_of_ops(desk) == []


def test_finishing_is_one_act_and_the_draft_goes_with_it(desk: Desk, caseload: Caseload) -> None:
    draft = written(
        desk,
        caseload.families[0].family,
        actions=(ActionDraft("Confirm the plan", "agency", "Housing"),),
        next_visit_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    )
    save_draft(desk, draft)

    view = finish_note(desk, draft)

    assert kinds_of_ops(desk) == [
        ("insert", "visit"),
        ("insert", "visit_note"),
        ("insert", "action"),
        ("insert", "visit"),
    ]
    with desk.vault.read() as connection:
        acts = connection.execute(select(desk.schema.own("op").c.act_id)).scalars()
        assert len(set(acts)) == 1
    assert drafts(desk) == []
    assert view.actions == ("Confirm the plan",)
    assert view.whereabouts is Whereabouts.LAPTOP


def test_a_finished_note_reads_as_it_was_written(desk: Desk, caseload: Caseload) -> None:
    visitor = Presence(None, "neighbour", word(MemberRole, ""), "visitor: neighbour", False, True, True)
    draft = written(desk, caseload.families[0].family)
    view = finish_note(desk, replace(draft, people=(*draft.people, visitor)))

    assert (view.title, view.author, view.late_words) == ("Home visit, 50 minutes", "A. Bright", "")
    assert [(s.heading, s.text) for s in view.sections] == [
        ("What happened", "She rang the housing officer with me beside her."),
        ("What it means for the children", "Breakfast together."),
    ]
    assert [(p.words, p.seen, p.spoken_to_alone) for p in view.people] == [
        ("Dana, parent", False, False),
        ("Kit, 11", True, False),
        ("Jay, 8", True, True),
        ("visitor: neighbour", False, False),
    ]
    assert view.unchanged
    assert view.significant


def test_the_hash_is_over_what_is_stored(desk: Desk, caseload: Caseload) -> None:
    view = finish_note(desk, written(desk, caseload.families[0].family))
    table = desk.schema["visit_note"].table

    with desk.vault.read() as connection:
        row = dict(connection.execute(select(table).where(table.c.id == view.note_id)).mappings().one())

    assert row["original_hash"] == note_hash(row)
    assert row["device_name"] == "test laptop"


def test_a_significant_note_is_in_the_chronology(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    view = finish_note(desk, written(desk, family))

    newest = story(desk, family).chronology[0]

    assert (newest.note_id, newest.significant) == (view.note_id, True)


def test_a_planned_visit_is_brought_to_its_end(desk: Desk, caseload: Caseload, clock: FakeClock) -> None:
    ids = caseload.families[0]
    clock.advance(days=3, hours=8)
    draft = new_note(desk, ids.family, visit_id=ids.visit)
    assert draft.started_at == datetime(2026, 11, 19, 15, 30, tzinfo=UTC)

    view = finish_note(desk, written(desk, ids.family, visit_id=ids.visit, started_at=draft.started_at))

    assert view.visit_id == ids.visit
    assert visits_and_notes(desk, ids.family).planned == ()
    assert kinds_of_ops(desk)[0] == ("update", "visit")


def test_a_note_three_days_later_says_so(desk: Desk, caseload: Caseload) -> None:
    began = desk.now() - timedelta(days=3)
    view = finish_note(
        desk,
        written(desk, caseload.families[0].family, started_at=began, ended_at=began + timedelta(minutes=30)),
    )

    assert view.late_words == "Written up 3 days later"


TIMES = {
    "a visit tomorrow": ({"started_at": timedelta(days=1), "ended_at": None}, "started_at"),
    "an end before the beginning": ({"ended_at": timedelta(hours=-5)}, "ended_at"),
    "a next visit yesterday": ({"next_visit_at": timedelta(days=-1)}, "next_visit_at"),
}


@pytest.mark.parametrize("times, field", TIMES.values(), ids=TIMES.keys())
def test_times_that_cannot_be_name_their_field(
    desk: Desk, caseload: Caseload, times: dict[str, timedelta | None], field: str
) -> None:
    moved = {name: desk.now() + by if by is not None else None for name, by in times.items()}
    with pytest.raises(BadInput) as refused:
        finish_note(desk, written(desk, caseload.families[0].family, **moved))

    assert refused.value.field == field


def test_no_reply_asks_nobody_who_was_there(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    view = finish_note(desk, written(desk, family, visit_type="no_reply", child_means=""))

    assert view.title == "No access: No reply"
    assert view.people == ()
    newest = visits_and_notes(desk, family).notes[0]
    assert "No access" in [chip.words for chip in newest.chips]


def test_an_addition_comes_after_the_original(desk: Desk, caseload: Caseload, clock: FakeClock) -> None:
    view = finish_note(desk, written(desk, caseload.families[0].family))
    clock.advance(minutes=5)
    amend(desk, view.note_id, "addendum", "He rang back.")
    clock.advance(minutes=5)

    found = amend(
        desk,
        view.note_id,
        "correction",
        "the tenancy officer",
        old_text="the housing officer",
        reason="I mixed up the two of them",
    )

    assert [(a.kind.code, a.text, a.old_text) for a in found.amendments] == [
        ("addendum", "He rang back.", ""),
        ("correction", "the tenancy officer", "the housing officer"),
    ]
    assert found.sections == view.sections
    assert found.unchanged


AMENDMENTS = {
    "nothing said": ("addendum", " ", "", "", "text"),
    "a kind only the office may": ("redaction", "x", "because of the law", "", "kind"),
    "a correction without a reason": ("correction", "x", "short", "the housing officer", "reason"),
    "words that are not there": ("correction", "x", "a long enough reason", "the dentist", "old_text"),
}


@pytest.mark.parametrize("kind, text, reason, old, field", AMENDMENTS.values(), ids=AMENDMENTS.keys())
def test_an_addition_that_cannot_be_names_its_field(
    desk: Desk, caseload: Caseload, kind: str, text: str, reason: str, old: str, field: str
) -> None:
    view = finish_note(desk, written(desk, caseload.families[0].family))
    with pytest.raises(BadInput) as refused:
        amend(desk, view.note_id, kind, text, reason=reason, old_text=old)

    assert refused.value.field == field
    assert note(desk, view.note_id).amendments == ()


def test_promises_of_a_note_are_in_the_plan(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    finish_note(desk, written(desk, ids.family, actions=(ActionDraft("Take the form", goal_id=ids.goal),)))

    assert "Take the form" in [action.what for action in plan(desk, ids.family).goals[0].actions]


def test_an_empty_promise_stops_the_note(desk: Desk, caseload: Caseload) -> None:
    with pytest.raises(BadInput) as refused:
        finish_note(desk, written(desk, caseload.families[0].family, actions=(ActionDraft(" "),)))

    assert refused.value.field == "actions"
    assert kinds_of_ops(desk) == []


def test_a_leader_writes_a_managers_note_about_a_workers_family(
    leaders_desk: Desk, caseload: Caseload
) -> None:
    draft = new_note(leaders_desk, caseload.families[0].family)

    assert (draft.kind, draft.visit_type, draft.people) == ("management_oversight", "", ())
    view = finish_note(leaders_desk, replace(draft, what_happened="Agreed: two workers.", significant=True))
    assert view.title == "Manager's note"


def test_a_visit_is_planned_ahead(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    line = plan_visit(desk, family, datetime(2026, 11, 17, 9, 0, tzinfo=UTC), purpose="The chart")

    assert (line.title, line.at_words) == ("Planned: Home visit", "tomorrow 09:00")
    with pytest.raises(BadInput) as refused:
        plan_visit(desk, family, desk.now() - timedelta(minutes=1))
    assert refused.value.field == "at"
