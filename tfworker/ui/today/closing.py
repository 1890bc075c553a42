"""At the end of the day: is it safe to close? Everything received, or what is not, why, and what to do."""

from PySide6.QtCore import Signal

from tfworker.actions.phrases import say
from tfworker.actions.values import Closing
from tfworker.ui.parts import Card, Chip, Flow, Kind, plain, quiet, strong
from tfworker.ui.row import Row


class ClosingCard(Card):
    """sync_wanted(): a round now. list_wanted(): everything that is on this laptop only."""

    sync_wanted = Signal()
    list_wanted = Signal()

    def __init__(self, closing: Closing) -> None:
        super().__init__(say("closing.title"))
        self.setObjectName("closing")
        self.add(Flow(Chip(closing.title, Kind.OK if closing.safe else Kind.WARN)))
        if closing.safe:
            return
        for item in closing.items:
            about = " · ".join(part for part in (item.family_label, item.since_words) if part)
            self.add(Row(strong(item.what[:1].upper() + item.what[1:]), f" · {about}"))
        self.say(closing.advice)
        sync, show = plain(say("work.sync"), icon_name="sync"), quiet(say("closing.all", n=closing.unsent))
        sync.setObjectName("closing_sync")
        show.setObjectName("closing_list")
        sync.clicked.connect(self.sync_wanted)
        show.clicked.connect(self.list_wanted)
        self.add(Flow(sync, show))
