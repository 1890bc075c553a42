"""Where your work is: what the status line counts, as a list of exactly those things."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal

from tfworker.actions.aside import LostRecord, agree, asked_about
from tfworker.actions.desk import Desk
from tfworker.actions.phrases import count, say
from tfworker.actions.syncing import status
from tfworker.actions.values import Status, WorkItem, WorkList
from tfworker.actions.work import work
from tfworker.ui.lines import Lines
from tfworker.ui.parts import Card, Chip, Notice, Page, primary
from tfworker.ui.parts.status import KINDS
from tfworker.ui.tasks import Task, Tasks
from tfworker.ui.theme import current
from tfworker.ui.work.item_line import Heading, Item, ItemLine

LOST = "lost"  # topic of the question about records the council does not have
LOST_SHOWN = 5  # named in it


class WorkPage(Page):
    """family_opened(family_id), note_opened(note_id, family_id), review_wanted(card_id or ""): that one.

    sync_wanted(): the person asks for a round.
    """

    family_opened = Signal(str)
    note_opened = Signal(str, str)
    review_wanted = Signal(str)
    sync_wanted = Signal()

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__(say("work.title"), scrolls=False)
        self.setObjectName("work")
        self._tasks, self._desk = tasks, desk_source
        self._loading: Task | None = None
        self.lines = Lines(say("work.title"), ItemLine())
        self.lines.opened.connect(self._open)
        self._sheet = Card(fills=True)
        self._sheet.body.setContentsMargins(*[current().px(6)] * 4)
        self._sheet.body.addWidget(self.lines, 1)
        self.add(self._sheet)
        self._sync = primary(say("work.sync"), icon_name="sync", hint="F5")
        self._sync.setObjectName("sync_now")
        self._sync.clicked.connect(self.sync_wanted)
        self.set_actions(self._sync)

    def arrive(self, **where: object) -> None:
        """where: group, "laptop" or "person", to have its first line chosen."""
        self._wanted = str(where.get("group") or "")
        self.lines.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def refresh(self) -> None:
        """Look again where everything is; what shows stays until the news is there."""
        if self._loading is not None:
            self._loading.drop()
        desk = self._desk()
        self._loading = self._tasks.run(
            lambda: (work(desk), status(desk)), done=self.show_work, failed=self.show_problem
        )
        self._tasks.run(lambda: asked_about(desk), done=self.show_lost, failed=self.show_problem)

    def show_lost(self, lost: Sequence[LostRecord]) -> None:
        """Ask about records the council does not have. Nothing happens to them until she agrees."""
        if not lost:
            self.drop_notice(LOST)
            return
        named = [say("work.lost_one", what=one.what, family=one.family_label) for one in lost[:LOST_SHOWN]]
        advice = say("work.lost.advice", what=", ".join(named))
        self.show_notice(
            Notice(
                count("work.lost", len(lost)), advice, action=say("work.lost.agree"), on_action=self._agree
            ),
            LOST,
        )

    def _agree(self) -> None:
        desk = self._desk()
        self._tasks.run(lambda: agree(desk), done=self._on_agreed, failed=self.show_problem)

    def _on_agreed(self, _count: int) -> None:
        self.drop_notice(LOST)
        self.sync_wanted.emit()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Down, Up, Enter", say("work.keys")),)

    def show_work(self, read: tuple[WorkList, Status]) -> None:
        """Show this list, and how things stand with the council."""
        self._loading = None
        found, now = read
        self._say_head(now)
        self.lines.set_items(_items(found))
        group = {"laptop": found.laptop, "person": found.person}.get(self._wanted)
        if group:
            self.lines.choose(group[0].key)
        elif self.lines.chosen() is None and not self.lines.choose_first() and self.lines.hasFocus():
            # An empty list has no line to show the focus on.
            self._sync.setFocus(Qt.FocusReason.OtherFocusReason)
        self._wanted = ""

    def _say_head(self, now: Status) -> None:
        self.set_chips(Chip(now.words, KINDS[now.connection]))
        said = (now.last_synced_words, now.trouble, now.again_words, now.advice)
        self.set_subtitle(" · ".join(part for part in said if part))

    def _open(self, item: WorkItem) -> None:
        if item.card_id or item.op_id or item.held_id:
            self.review_wanted.emit(item.card_id or item.op_id or item.held_id)
        elif item.note_id and item.family_id:
            self.note_opened.emit(item.note_id, item.family_id)
        elif item.family_id:
            self.family_opened.emit(item.family_id)


def _items(found: WorkList) -> list[Item]:
    """The three states, each under its heading; an empty one says so in its note."""
    hers = sum(item.hers for item in found.person)
    others = len(found.person) - hers
    needs = [count("work.needs_you", hers)] if hers else []
    needs += [count("work.needs_other", others)] if others else []
    shown = len(found.received)
    received = say("work.newest", n=shown, total=f"{found.received_total:,}")
    groups: tuple[tuple[str, str, Sequence[WorkItem]], ...] = (
        (say("work.group.laptop"), _number(len(found.laptop), "work.no_laptop"), found.laptop),
        (say("work.group.person"), ", ".join(needs) or say("work.no_person"), found.person),
        (
            say("work.group.council"),
            received if found.received_total > shown else _number(shown, "work.no_council"),
            found.received,
        ),
    )
    items: list[Item] = []
    for words, note, some in groups:
        items += [Heading(words, note), *some]
    return items


def _number(n: int, none: str) -> str:
    """none: the key of what is said instead of 0."""
    return str(n) if n else say(none)
