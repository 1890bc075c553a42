"""Beside the cards: what to look at that no card is about, and what was settled lately."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from tfworker.actions.phrases import say
from tfworker.actions.values import Remark, Settled
from tfworker.ui.parts import Card, Chip, Flow, plain, quiet, strong
from tfworker.ui.row import Row

SHOWN = 4  # settled things in sight at first


class RemarkCard(Card):
    """look_wanted(family_id, note_id, tab): where it is. read(key): she has seen it."""

    look_wanted = Signal(str, str, str)
    read = Signal(str)

    def __init__(self, remark: Remark) -> None:
        super().__init__()
        self.remark = remark
        self.setObjectName(f"remark:{remark.key}")
        buttons = []
        if remark.family_id:
            look = plain(say("remark.look"))
            look.setObjectName("look")
            look.setAccessibleName(f"{say('remark.look')}: {remark.title}")
            look.clicked.connect(lambda: self.look_wanted.emit(remark.family_id, remark.note_id, remark.tab))
            buttons.append(look)
        if remark.dismissible:
            seen = plain(say("tray.mark_read"), icon_name="check")
            seen.setObjectName("seen")
            seen.setAccessibleName(f"{say('tray.mark_read')}: {remark.title}")
            seen.clicked.connect(lambda: self.read.emit(remark.key))
            buttons.append(seen)
        about = f"\n{remark.family_label}" if remark.family_label else ""
        self.add(Flow(Chip.of(remark.chip)), Row(strong(remark.title), about, after=buttons))
        self.say(remark.advice, ink="muted")


class SettledCard(Card):
    """What was settled in the last 30 days, newest first; the older ones behind a key."""

    def __init__(self, settled: Sequence[Settled]) -> None:
        super().__init__(say("settled.title"), note=str(len(settled)))
        self.setObjectName("settled")
        for one in settled[:SHOWN]:
            self._say(one)
        rest = settled[SHOWN:]
        if rest:
            more = quiet(say("settled.more", n=len(rest)))
            more.setObjectName("more_settled")
            self.add(more)

            def show() -> None:
                more.hide()
                for one in rest:
                    self._say(one)

            more.clicked.connect(show)

    def _say(self, one: Settled) -> None:
        what = one.what[:1].upper() + one.what[1:]
        about = " · ".join(part for part in (one.family_label, one.how, one.at_words) if part)
        why = f" · “{one.why}”" if one.why else ""
        self.add(Row(strong(what), f"\n{about}{why}"))
