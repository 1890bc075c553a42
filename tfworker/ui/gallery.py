"""Pictures of every part and of the window, to be looked at: python -m tfworker.ui.gallery --out DIR

Offscreen, in light, dark and at 200 %. What is shown is invented.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tfworker.actions.values import Connection, EmergencyNumber, Place, Progress, Status
from tfworker.errors import Problem
from tfworker.ui import parts, theme
from tfworker.ui.lock.enrol_page import EnrolPage
from tfworker.ui.lock.unlock_page import UnlockPage
from tfworker.ui.parts import Card, Cell, Chip, ChipToggle, Column, Happening, Kind, Page, Rows, Scroll
from tfworker.ui.shell import Shell
from tfworker.ui.tasks import Tasks
from tfworker.ui.window import MainWindow

PLACE = Place(
    Path(), True, "Ashcombe", "Families Matter",
    (EmergencyNumber("Emergency", "999"), EmergencyNumber("Duty team", "01632 960 001")),
)  # fmt: skip
STATUS = Status(
    Connection.OFFLINE,
    "Offline",
    None,
    "Last synced today 08:42",
    3,
    "3 on this laptop only",
    3,
    "3 need you",
)
CASELOADS = (
    ("A. Bright", 8, 9, "", "today 08:42", ""),
    ("C. Dale", 11, 12, "2", "yesterday", "2 plan reviews late"),
    ("E. Firth", 6, 6, "", "today 09:05", ""),
    ("G. Hale", 13, 12, "1", "5 days ago", "unsent work since Friday"),
)
STORY = (
    Happening("9 Nov", "A. Bright", (("Visit", Kind.ACCENT),), "Home visit, 55 minutes",
              ("Mornings are calmer since the chart. Attendance letter is kinder than last time: 11 sessions "
               "missed, 24 before. ", parts.strong("For the children:"), " breakfast together."), 1),
    Happening("6 Nov", "Housing Services", (("Housing", Kind.INFO),), "Payment plan agreed",
              ("Arrears £640, £12 a week from 20 November.",), 2),
    Happening("2 Nov", "A. Bright", (("Team around the family", Kind.OK),), "Second meeting, four agencies",
              ("Goal 2 moved from 3 to 5.",), 3, "amended 3 Nov"),
)  # fmt: skip


def blank(shell: Shell) -> Page:
    return Page()


def family(shell: Shell) -> Page:
    page = Page("Pearce family", scrolls=False)
    page.set_chips(Chip("Caution: two workers", Kind.DANGER), Chip("Agreement: not yet J. Pearce", Kind.WARN))
    page.set_subtitle("Lead worker A. Bright · Next visit ", parts.strong("Thu 16 Nov 15:30"))
    page.set_actions(
        parts.plain("Print", icon_name="printer-outline"), parts.primary("New note", icon_name="plus")
    )
    story = Scroll()
    card = Card("Story so far", note="updated 2 Nov")
    card.say(
        "Two children, 8 and 11, living with their mother since March. School mornings and the threat to "
        "the tenancy were the worries in the summer. Attendance has turned; the tenancy is not yet safe."
    )
    story.body.addWidget(card)
    timeline = parts.Timeline()
    timeline.set_rows(STORY)
    story.body.addWidget(timeline)
    tabs = parts.Tabs()
    tabs.add("story", "Story", story)
    for words in ("People", "Needs and plan", "Visits and notes", "Consent and sharing", "Documents"):
        tabs.add(
            words, words, parts.Empty("Nothing here yet", "What comes will stand here.", icon_name="tray")
        )
    page.add(tabs)
    return page


def team(shell: Shell) -> Page:
    page = Page("Ashcombe Vale A")
    page.set_actions(parts.plain("Supervision", icon_name="account-voice"), parts.plain("Move a family"))
    page.add_row(
        parts.Figure("47", "families supported"),
        parts.Figure("41", "attached to the programme"),
        parts.Figure("3", "waiting for your decision"),
        parts.Figure("2", "versions to settle, oldest 1 day", "warn"),
    )
    columns: list[Column[tuple[str, int, int, str, str, str]]] = [
        Column("Worker", lambda row: Cell(row[0], strong=True), lambda row: row[0]),
        Column("Caseload", lambda row: parts.meter_cell(row[1], row[2]), lambda row: row[1] / row[2], 2),
        Column("Late", lambda row: Cell(row[3], Kind.WARN) if row[3] else "–", lambda row: row[3]),
        Column("Last synced", lambda row: row[4]),
        Column("", lambda row: Cell(row[5], Kind.DANGER if "unsent" in row[5] else Kind.WARN), share=1),
    ]
    rows: Rows[tuple[str, int, int, str, str, str]] = Rows(columns, key=lambda row: row[0])
    rows.set_rows(CASELOADS)
    table = parts.Table("Caseloads", rows, whole=True)
    table.pick("C. Dale")
    page.add(Card("Caseloads").add(table))
    page.add(Card("Reading").add(parts.Meter("School mornings", 5, 10, was=3), scale()))
    return page


def scale() -> QWidget:
    made = parts.Scale("School mornings", "as hard as it gets", "sorted", was=3)
    made.set_value(5)
    return made


def note(shell: Shell) -> Page:
    page = Page("Home visit", "Pearce family · Thursday 16 November 15:30 to 16:25")
    page.set_chips(Chip("Draft on this laptop", Kind.INFO))
    page.set_actions(parts.plain("Save for later"), parts.primary("Finish and lock"))
    there = parts.Flow(
        ChipToggle("Dana, mother", on=True),
        ChipToggle("child, 11", on=True),
        ChipToggle("child, 8 · spoken to alone"),
        ChipToggle("visitor", Kind.INFO, icon_name="plus"),
    )
    page.add(Card("Who was there").add(there))
    words = parts.NarrativeField(
        "What happened", "Visited at home by appointment. Mum and both boys there.\n\n", name_shown=False
    )
    page.add(Card("What happened", note="112 words").add(words))
    missing = parts.LineField("What it means for the children")
    missing.set_missing("Still missing before this note can be finished")
    page.add_row(
        parts.DateField("Date", date(2016, 11, 16)),
        parts.TimeField("From", time(15, 30)),
        parts.ChoiceField("Kind", [("home", "Home visit"), ("office", "At the office")], "home"),
    )
    page.add(missing, parts.Tick("Put in the chronology", True))
    page.show_problem(Problem("The council cannot be reached", "Your work is kept on this laptop."))
    return page


def every_part(shell: Shell) -> Page:
    page = Page("Parts", "Every kind of button, chip and banner")
    looks = [parts.Button(look.value.title(), look, icon_name="plus", hint="1") for look in parts.Look]
    off = parts.primary("Not now")
    off.setEnabled(False)
    page.add(parts.Flow(*looks, off))
    page.add(parts.Flow(*(Chip(kind.value, kind) for kind in Kind)))
    page.add(parts.ChipChoice("Show", [(1, "Significant"), (2, "Everything"), (3, "Child’s voice")]))
    for kind in (Kind.DANGER, Kind.WARN, Kind.INFO, Kind.OK):
        notice = parts.Notice(
            "What happened", "What can be done about it.", kind, action="Do it", on_action=page.save
        )
        page.show_notice(notice, kind.value)
    page.add(
        parts.Empty(
            "No families yet", "They come with the first sync.", parts.plain("Sync now"), "home-group"
        )
    )
    return page


def window(page: Callable[[Shell], Page], tasks: Tasks) -> MainWindow:
    shell = Shell(tasks)
    shell.register("today", "Today", "calendar-today", blank)
    shell.register("shown", "Caseload", "home-group", page)
    shell.register("search", "Search", "magnify", blank)
    shell.register("review", "Review", "call-split", blank)
    made = MainWindow(shell, "Families Matter", "Ashcombe Vale A")
    shell.go("shown")
    shell.set_count("review", 3)
    shell.set_status(STATUS)
    return made


def scenes(tasks: Tasks) -> dict[str, Callable[[], QWidget]]:
    def unlock() -> QWidget:
        made = UnlockPage(PLACE)
        made.show_problem(Problem("This passphrase does not open the laptop", "Try again."))
        return made

    def enrol() -> QWidget:
        return EnrolPage(PLACE)

    def first_sync() -> QWidget:
        made = EnrolPage(PLACE)
        made.show_progress(Progress("Fetching", 3400, 12_000, "Families 12 of 50 · 3,400 of 12,000 records"))
        return made

    def keys() -> QWidget:
        made = window(family, tasks)
        made.show_keys()
        return made

    pages = {"family": family, "team": team, "note": note, "parts": every_part}
    windows = {name: lambda page=page: window(page, tasks) for name, page in pages.items()}
    return {**windows, "keys": keys, "unlock": unlock, "enrol": enrol, "first-sync": first_sync}


def take(app: QApplication, out: Path) -> list[Path]:
    """Save a picture of every scene in every look. The files, in order."""
    out.mkdir(parents=True, exist_ok=True)
    tasks = Tasks()
    taken = []
    looks = (
        ("light", theme.Scheme.LIGHT, 1.0),
        ("dark", theme.Scheme.DARK, 1.0),
        ("large", theme.Scheme.LIGHT, 2.0),
    )
    for look, scheme, scale_by in looks:
        theme.install(app, scheme, scale_by)
        for name, make in scenes(tasks).items():
            widget = make()
            widget.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            widget.resize(1360, 850)
            widget.show()
            app.processEvents()
            taken.append(out / f"{name}-{look}.png")
            widget.grab().save(str(taken[-1]))
            widget.close()
    tasks.close()
    return taken


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out = arguments.parse_args().out
    for path in take(QApplication(sys.argv[:1]), out):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
