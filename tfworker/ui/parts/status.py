"""The line at the bottom that is always there: connected or not, since when, and what is not yet received."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from tfworker.ui import dates
from tfworker.ui.parts.chip import Chip, Kind
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.label import Label
from tfworker.ui.theme import current


class Link(StrEnum):
    ONLINE = "Online"
    OFFLINE = "Offline"
    SYNCING = "Syncing.."
    SIGNED_OUT = "Sign in needed"


KINDS = {Link.ONLINE: Kind.OK, Link.OFFLINE: Kind.WARN, Link.SYNCING: Kind.INFO, Link.SIGNED_OUT: Kind.WARN}


@dataclass(frozen=True)
class Standing:
    """How this laptop stands to the council, proved by receipts.

    last_synced: end of the last whole round, aware; None if there was none yet.
    unsent: items that are on this laptop only. need_you: cards, held and refused items for this person.
    """

    link: Link
    last_synced: datetime | None
    unsent: int
    need_you: int

    def words(self, now: datetime) -> list[str]:
        """The words of the status line, left to right."""
        synced = (
            f"Last synced {dates.moment(self.last_synced, now)}" if self.last_synced else "Not synced yet"
        )
        sent = f"{self.unsent} on this laptop only" if self.unsent else "Everything received by the council"
        if not self.unsent and not self.last_synced:
            sent = ""
        need = f"{self.need_you} need{'s' if self.need_you == 1 else ''} you" if self.need_you else ""
        return [words for words in (synced, sent, need) if words]


class StatusLine(QFrame):
    """The status line. hints: the keys worth knowing, at the right."""

    def __init__(self, hints: str = "") -> None:
        super().__init__()
        theme = current()
        self.setProperty("part", "status")
        self.setAccessibleName("Status")
        self._chip = Chip(Link.OFFLINE, Kind.WARN)
        self._said = Flow(gap=theme.px(14))
        self._hints = Label(hints, size="small", ink="muted").one_line()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(18), theme.px(7), theme.px(18), theme.px(7))
        row.addWidget(self._said, 1)
        row.addWidget(self._hints, 0, Qt.AlignmentFlag.AlignVCenter)
        self._said.add(self._chip)
        self._words: list[Label] = []

    def set_standing(self, standing: Standing, now: datetime) -> None:
        """Show how things stand. now: for "today" and "yesterday"."""
        self._chip.set_state(standing.link.value, KINDS[standing.link])
        words = standing.words(now)
        while len(self._words) < len(words):
            label = Label(size="small", ink="muted").one_line()
            self._words.append(label)
            self._said.add(label)
        for place, label in enumerate(self._words):
            label.set_words(words[place] if place < len(words) else "")
            label.setVisible(place < len(words))
        self.setAccessibleDescription(". ".join((standing.link.value, *words)))

    def said(self) -> list[str]:
        """What the line says now, chip first."""
        return [self._chip.text(), *(label.words() for label in self._words if label.words())]

    def set_hints(self, hints: str) -> None:
        self._hints.set_words(hints)

    def set_narrow(self, narrow: bool) -> None:
        """Leave the hints out where there is no room for them; F1 has them all."""
        self._hints.setVisible(not narrow)
