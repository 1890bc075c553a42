"""A working day, played through the real windows: what the worker does, what the leader does, and
what must be true after each step."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tfworker.actions.values import Connection
from tfworker.demo import records, traces
from tfworker.demo.county import Cast, County
from tfworker.demo.laptop import Laptop, editor_of
from tfworker.demo.relay import Relay
from tfworker.demo.stage import Stage, StepFailed
from tfworker.ui.note import NotePage
from tfworker.ui.parts import Notice
from tfworker.ui.review import ReviewPage
from tfworker.ui.worried import WorriedPanel

MINE, THEIRS = "07700 900381", "07700 900318"
MY_GOAL = "We eat breakfast together every school day"
THEIR_GOAL = "We all sit down to breakfast before school"
STORY = "Mornings are calmer since the chart went up. The tenancy is not yet safe."
PRIORITY = "The tenancy hearing on Thursday."
NOTES = (
    ("visit", "Visited at home by appointment. She rang the housing officer with me beside her.",
     "Breakfast together on four of five school days."),
    ("phone", "Rang school. The pastoral lead says attendance has turned since half term.",
     "Somebody at school notices when they are there."),
    ("no_access", "Knocked twice and phoned. Left a card with the next date.", ""),
)  # fmt: skip
WORRY = "He said he would not be going home tonight, and would not say why."


@dataclass
class Day:
    """Everything the steps share. goal, phone: the records both people change."""

    stage: Stage
    county: County
    cast: Cast
    worker: Laptop
    leader: Laptop
    cable: Relay
    family: str
    goal: str
    phone: str


def play(stage: Stage, folder: Path, county: County) -> None:
    """Play the whole day. Raises StepFailed naming what was not so."""
    cast = county.cast()
    family = county.family_with_phone(cast.worker_families)
    phone, _ = records.phone_of(county.council, family)
    goal = records.begin_plan(county.council, family, cast.worker.worker_id)
    port = county.serve()
    with Relay(port) as cable, Relay(port) as office:
        stage.begin("1  A new laptop for the worker: enrolled with a one-time code, then its first round")
        worker = Laptop(stage, folder / "worker", cast.worker, cable)
        leader = Laptop(stage, folder / "leader", cast.leader, office)
        day = Day(stage, county, cast, worker, leader, cable, family, goal, phone)
        try:
            for step in STEPS:
                step(day)
        except StepFailed:
            stage.picture_all("failed")
            raise
        finally:
            worker.close()
            leader.close()


def enrol_worker(day: Day) -> None:
    stage, worker = day.stage, day.worker
    stage.picture(worker.app.gate, "enrol")
    worker.set_up()
    here = records.families_on(worker.vault)
    stage.check(
        here == day.cast.worker_families,
        f"the laptop holds exactly the {len(here)} families allocated to her",
    )


def enrol_leader(day: Day) -> None:
    stage, leader = day.stage, day.leader
    stage.begin("2  Her leader's laptop")
    leader.set_up()
    here = records.families_on(leader.vault)
    stage.check(here == day.cast.leader_families, f"it holds exactly the {len(here)} families of the team")


def unlock_without_network(day: Day) -> None:
    stage, worker = day.stage, day.worker
    stage.begin("3  In the field: no network. She unlocks her laptop")
    day.cable.cut()
    worker.lock()
    stage.picture(worker.app.gate, "locked")
    worker.unlock("not my passphrase at all")
    gate = worker.app.gate
    assert gate is not None
    stage.wait(lambda: not worker.app.tasks.is_busy, "an answer")
    stage.check(worker.app.window is None, "a wrong passphrase opens nothing")
    worker.unlock()
    worker.wait_open()
    worker.go("caseload")
    stage.picture(worker.window, "caseload")
    stage.check(records.families_on(worker.vault) == day.cast.worker_families, "her whole caseload is there")
    now = worker.sync()
    stage.check(now.connection is Connection.OFFLINE, f"the status line says: {now.words}")


def read_family(day: Day) -> None:
    stage, worker = day.stage, day.worker
    stage.begin("4  She opens a family and reads")
    for tab in ("story", "people", "plan", "notes"):
        worker.family(day.family, tab)
        stage.picture(worker.window, f"family-{tab}")
    stage.check(worker.window.windowTitle() == "Families Matter", "the window's title names no family")


def write_notes(day: Day) -> None:
    stage, worker = day.stage, day.worker
    stage.begin("5  She writes up three visits, and locks each note")
    for number, (kind, happened, meaning) in enumerate(NOTES, 1):
        page = worker.go("note", family_id=day.family, kind=kind)
        assert isinstance(page, NotePage)
        what = page.findChild(QWidget, "what_happened")
        assert what is not None
        stage.type(editor_of(what), happened)
        means = page.findChild(QWidget, "child_means")
        if means is not None and means.isVisible() and meaning:
            stage.type(editor_of(means), meaning)
        there = next((b for b in page.findChildren(QWidget) if _is_person(b)), None)
        if there is not None and kind != "no_access":
            stage.press(page, there.objectName())
        if stage.has(page, "chronology_yes"):
            stage.press(page, "chronology_yes")
        stage.wait(partial(_is_saved, page), "the draft to be saved by itself")
        if number == 1:
            stage.picture(worker.window, "note-editor")
        stage.press(page, "finish")
        worker.idle()
        stage.wait(partial(_is_locked, page), f"note {number} to be locked")
        if number == 1:
            stage.picture(worker.window, "note-locked")
    waiting = worker.sync().on_this_laptop_only
    stage.check(
        waiting >= len(NOTES), f"{waiting} saves wait on this laptop; nothing was lost to the network"
    )


def _is_saved(page: NotePage) -> bool:
    return not page.is_unsaved


def _is_locked(page: NotePage) -> bool:
    return page.draft() is None


def _is_person(widget: QWidget) -> bool:
    return widget.objectName().startswith("there:") and widget.isVisible()


def raise_concern(day: Day) -> None:
    stage, worker = day.stage, day.worker
    stage.begin("6  She is worried, and says so at once")
    worker.family(day.family, "story")
    stage.keys(worker.window, "Ctrl+Shift+W")
    panel = worker.panel()
    assert isinstance(panel, WorriedPanel)
    stage.type(panel.seen.editor, WORRY)
    stage.type(panel.told.editor, "Duty team, by phone")
    stage.press(panel, "worried_tell")
    worker.idle()
    stage.wait(lambda: bool(panel.said()), "the concern to be kept")
    stage.picture(worker.window, "worried")
    stage.check("ring" in panel.said(), f"while unsent it says: {panel.said()}")
    stage.keys(panel, "Esc")
    worker.idle()


def change_records(laptop: Laptop, day: Day, number: str, goal: str) -> None:
    """Change the phone number and the goal, through the forms beside the family's page."""
    people = laptop.family(day.family, "people")
    with laptop.vault.read() as connection:
        point = laptop.vault.schema["contact_point"].table
        kind_of = connection.execute(point.select().where(point.c.id == day.phone)).mappings().one()
    assert kind_of["value"]
    button = next(
        b.accessibleName()
        for b in people.findChildren(QWidget)
        if b.accessibleName().startswith("Change ") and _beside(b, str(kind_of["value"]))
    )
    laptop.answer(people, button, value=number)
    plan = laptop.family(day.family, "plan")
    laptop.answer(plan, "Change goal 1", statement=goal)


def _beside(button: QWidget, value: str) -> bool:
    """Whether a button belongs to the line that shows this number."""
    line = button.parentWidget()
    while line is not None and not line.accessibleName():
        line = line.parentWidget()
    return line is not None and value in line.accessibleName()


def change_plan(day: Day) -> None:
    stage, worker = day.stage, day.worker
    stage.begin("7  She changes the plan, the mobile number and the story, still without a network")
    change_records(worker, day, MINE, MY_GOAL)
    page = worker.family(day.family, "story")
    stage.keys(page, "Ctrl+E")
    worker.idle()
    stage.type(page.sheets.story.story.field.editor, STORY)
    stage.keys(worker.window, "Ctrl+S")
    worker.idle()
    worker.family(day.family, "plan")
    stage.picture(worker.window, "plan-changed")
    stage.say(f"{worker.sync().on_this_laptop_only} saves wait")


def leader_changes(day: Day) -> None:
    stage, leader = day.stage, day.leader
    stage.begin("8  Meanwhile her leader changes the same number and the same goal, and what matters now")
    change_records(leader, day, THEIRS, THEIR_GOAL)
    page = leader.family(day.family, "story")
    stage.press(page.sheets.story.priority, "Edit what matters now")
    leader.idle()
    stage.type(page.sheets.story.priority.field.editor, PRIORITY)
    stage.keys(leader.window, "Ctrl+S")
    leader.idle()
    now = leader.sync()
    stage.check(now.on_this_laptop_only == 0, "the council has the leader's changes")


def back_at_the_office(day: Day) -> None:
    stage, worker = day.stage, day.worker
    stage.begin("9  At the office: the cable is plugged in, and F5")
    before = records.outcomes_on(worker.vault)
    day.cable.mend()
    now = worker.sync()
    after = records.outcomes_on(worker.vault)
    clashes = after["conflict"] - before["conflict"]
    merges = after["merged"] - before["merged"]
    stage.check(now.on_this_laptop_only == 0, "everything has the council's receipt")
    stage.check(now.connection is Connection.ONLINE, f"the status line says: {now.words}")
    warnings = [notice for notice in worker.window.findChildren(Notice) if notice.isVisible()]
    stage.check(not warnings, "no warning stands on a page whose cause is over")
    stage.check(clashes == 2, "two things were changed by both: each waits as one card")
    stage.check(merges == 1, "one change of the same family met another and both stand")
    worker.go("review")
    stage.picture(worker.window, "review-worker")
    worker.family(day.family, "people")
    stage.picture(worker.window, "check-before-ringing")


def leader_hears(day: Day) -> None:
    stage, leader = day.stage, day.leader
    stage.begin("10 The leader's page: the concern stands on top until somebody acknowledges it by name")
    leader.sync()
    page = leader.go("team")
    stage.picture(leader.window, "team-concern")
    stage.check(any(_is_acknowledge(b) for b in page.findChildren(QWidget)), "the concern is on top")
    name = next(b.objectName() for b in page.findChildren(QWidget) if _is_acknowledge(b))
    stage.press(page, name)
    leader.idle()
    leader.sync()
    page = leader.go("team")
    stage.check(not any(_is_acknowledge(b) for b in page.findChildren(QWidget)), "acknowledged, by name")
    stage.picture(leader.window, "team-acknowledged")


def _is_acknowledge(widget: QWidget) -> bool:
    return widget.objectName().startswith("acknowledge:") and widget.isVisible()


def settle(day: Day) -> None:
    stage = day.stage
    stage.begin("11 Two people settle one card each")
    _decide(day.leader, "goal", 1)
    day.leader.sync()
    day.worker.sync()
    _decide(day.worker, "contact_point", 1)
    day.worker.sync()
    day.leader.sync()
    for who, laptop in (("worker", day.worker), ("leader", day.leader)):
        page = laptop.go("review")
        assert isinstance(page, ReviewPage)
        stage.check(laptop.sync().needs_you == 0, f"nothing is left for the {who} to settle")
    stage.picture(day.worker.window, "review-empty")


def _decide(laptop: Laptop, table: str, number: int) -> None:
    """Settle the card about a table with the number key and Enter, as the page says."""
    cards = laptop.vault.schema["conflict"].table
    with laptop.vault.read() as connection:
        query = cards.select().where(cards.c.state == "open", cards.c.table_name == table)
        card_id = connection.execute(query).mappings().one()["id"]
    page = laptop.go("review", card_id=card_id)
    laptop.stage.picture(laptop.window, f"settle-{table.replace('_', '-')}")
    laptop.stage.press(page, f"use:{number}")
    laptop.stage.press(page, "save")
    laptop.idle()


def agree(day: Day) -> None:
    stage, council = day.stage, day.county.council
    stage.begin("12 Do all three agree?")
    for who, laptop in (("worker's laptop", day.worker), ("leader's laptop", day.leader)):
        laptop.sync()
        wrong = records.differences(laptop.vault, council)
        count = len(records.scopes_held(laptop.vault))
        stage.check(not wrong, f"the {who} and the council agree record for record, in {count} scopes")
        if wrong:
            stage.say(f"different: {', '.join(wrong)}")
    arrived = records.written_by(council, day.cast.worker.worker_id)
    wanted = {"visit_note": len(NOTES), "safeguarding_concern": 1, "goal": 1}
    stage.check(
        all(arrived.get(table, 0) == count for table, count in wanted.items()),
        "three notes, a concern and the change of the plan are in the council's ledger",
    )
    stage.say("the audit trail of the mobile number, from the council's ledger:")
    for line in records.trail(council, day.phone, "value"):
        stage.say(line)
    day.worker.go("caseload")
    day.worker.family(day.family, "story")
    stage.picture(day.worker.window, "family-after")  # resources/help/app.png is this one


def close_the_laptops(day: Day) -> None:
    stage = day.stage
    stage.begin("13 The laptops are closed. What could a thief read?")
    for who, laptop in (("worker's", day.worker), ("leader's", day.leader)):
        words = traces.secrets_of(laptop.vault)
        home = laptop.app.home
        laptop.close()
        found = traces.files_naming(home, words)
        files = sum(1 for path in home.rglob("*") if path.is_file())
        stage.check(
            not found, f"none of {len(words):,} names, numbers and lines stands in the {who} {files} files"
        )


STEPS = (
    enrol_worker,
    enrol_leader,
    unlock_without_network,
    read_family,
    write_notes,
    raise_concern,
    change_plan,
    leader_changes,
    back_at_the_office,
    leader_hears,
    settle,
    agree,
    close_the_laptops,
)
