"""Team: concerns to acknowledge, four figures, the caseloads, and what waits for the leader."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout

from tfworker.actions.concerns import acknowledge
from tfworker.actions.desk import Desk
from tfworker.actions.team import team_page
from tfworker.actions.values import Concern
from tfworker.actions.values import TeamPage as Team
from tfworker.ui.parts import Card, Chip, Figure, Kind, Label, Page, plain
from tfworker.ui.row import Row
from tfworker.ui.tasks import Task, Tasks
from tfworker.ui.team.concerns import Concerns
from tfworker.ui.team.workers import Workers
from tfworker.ui.theme import current

NARROW = 640  # px at 100 %: below this the figures stand two and two


class TeamPage(Page):
    """family_opened(family_id). review_wanted(): to the versions to settle.

    acknowledged(): a concern was, on this laptop; its author should hear of it at once.
    """

    family_opened = Signal(str)
    review_wanted = Signal()
    acknowledged = Signal()

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__("Team")
        self.setObjectName("team")
        self._tasks, self._desk = tasks, desk_source
        self._loading: Task | None = None
        self.concerns, self.workers = Concerns(), Workers()
        self._figures = [Figure("–", words) for words in _figure_words("")]
        self._grid = QGridLayout()
        self._grid.setSpacing(current().space("m"))
        self._waiting = Card("Waiting for you")
        self._waiting.setObjectName("waiting")
        self.concerns.acknowledge_asked.connect(self._acknowledge)
        self.workers.family_opened.connect(self.family_opened)
        self.add(self.concerns)
        self.body.addLayout(self._grid)
        self._unsent = Label(size="small", ink="muted")
        self.add(self.workers, self._unsent, self._waiting)
        self._place_figures(narrow=False)

    def arrive(self, **where: object) -> None:
        self.refresh()
        self.workers.table.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.scroller is not None:
            # The focus drew the table into sight; a concern stays on top of everything.
            self.scroller.verticalScrollBar().setValue(0)

    def refresh(self) -> None:
        """Read the team again; what shows stays until the news is there."""
        if self._loading is not None:
            self._loading.drop()
        desk = self._desk()
        self._loading = self._tasks.run(
            lambda: (team_page(desk), desk.me.name), done=self.show_team, failed=self.show_problem
        )

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("A", "Acknowledge the uppermost concern"), ("Return", "Into the families of a worker"))

    def show_team(self, read: tuple[Team, str]) -> None:
        """Show this team in place of the one before, to the leader of this name."""
        self._loading = None
        team, name = read
        self.set_title(team.team_name)
        self.concerns.set_concerns(team.concerns, name)
        numbers = (team.supported, team.attached, team.to_decide, team.to_settle)
        for figure, number, words in zip(
            self._figures, numbers, _figure_words(team.oldest_words), strict=True
        ):
            figure.set_figure(str(number), words)
        self.workers.set_workers(team.workers)
        self._show_waiting(team)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_figures(narrow=self.width() < current().px(NARROW))

    def _place_figures(self, *, narrow: bool) -> None:
        across = 2 if narrow else 4
        for place, figure in enumerate(self._figures):
            self._grid.addWidget(figure, place // across, place % across)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < across else 0)

    def _show_waiting(self, team: Team) -> None:
        self._waiting.clear()
        for sentence in team.waiting:
            self._waiting.add(Row(sentence))
        for words, late in team.tray:
            self._waiting.add(self._to_review(words, late))
        if team.to_settle:
            words = f"{team.settle_words}; {team.oldest_words}"
            self._waiting.add(self._to_review(words, team.late_words, "go_to_review"))
        if not team.waiting and not team.to_settle and not team.tray:
            self._waiting.say("Nothing waits for you.", ink="muted")
        self._unsent.set_words(team.unsent_words)

    def _to_review(self, words: str, late: str, name: str = "") -> Row:
        go = plain("Go to Review")
        go.setObjectName(name or "to_tray")
        go.setAccessibleName(f"Go to Review: {words}")
        go.clicked.connect(self.review_wanted)
        return Row(words, after=(*((Chip(late, Kind.WARN),) if late else ()), go))

    def _acknowledge(self, concern_id: str) -> None:
        desk = self._desk()
        self._tasks.run(
            lambda: acknowledge(desk, concern_id), done=self._on_acknowledged, failed=self.show_problem
        )

    def _on_acknowledged(self, _: Concern) -> None:
        self.refresh()
        self.acknowledged.emit()


def _figure_words(oldest: str) -> tuple[str, ...]:
    settle = f"versions to settle, {oldest}" if oldest else "versions to settle"
    return ("families supported", "attached to the programme", "waiting for your decision", settle)
