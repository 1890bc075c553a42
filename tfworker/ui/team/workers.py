"""The team's workers with their caseloads; one of them opens to her families."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import Tone, WorkerRow
from tfworker.ui.parts import Card, Cell, Column, Kind, Rows, Table, meter_cell, plain, strong
from tfworker.ui.row import Row
from tfworker.ui.theme import current

GRAVEST = (Tone.DANGER, Tone.WARN, Tone.INFO, Tone.ACCENT, Tone.OK, Tone.PLAIN)


def columns() -> list[Column[WorkerRow]]:
    return [
        Column("Worker", lambda row: Cell(row.name, strong=True, tip=row.role.words), lambda row: row.name),
        Column("Caseload", _caseload, lambda row: row.caseload / (row.capacity or 1), 2),
        Column("Late", _late, lambda row: row.late_notes),
        Column("Last synced", lambda row: row.last_synced_words, _synced),
        Column("", _chips, share=1),
    ]


class Workers(QWidget):
    """family_opened(family_id)."""

    family_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: Rows[WorkerRow] = Rows(columns(), key=lambda row: row.worker_id)
        self.table = Table("Caseloads", self._rows, whole=True)
        self.table.setObjectName("workers")
        self.table.picked.connect(self._show_families)
        self.table.opened.connect(self._go_into)
        self._families = Card()
        self._families.setObjectName("families")
        self._families.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("m"))
        column.addWidget(Card("Caseloads").add(self.table))
        column.addWidget(self._families)

    def set_workers(self, workers: Sequence[WorkerRow]) -> None:
        """Show these; the one who was picked stays so."""
        self._rows.set_rows(workers)

    def _show_families(self, worker: WorkerRow | None) -> None:
        self._families.clear()
        self._families.setVisible(worker is not None)
        if worker is None:
            return
        self._families.set_title(f"Families of {worker.name}")
        self._families.set_note(worker.caseload_words)
        for family in worker.families:
            open_it = plain("Open")
            open_it.setObjectName(f"family:{family.family_id}")
            open_it.setAccessibleName(f"Open {family.label}")
            open_it.clicked.connect(lambda _, family_id=family.family_id: self.family_opened.emit(family_id))
            words = " · ".join(part for part in (family.role.words, family.status.words) if part)
            self._families.add(Row(strong(family.label), f" · {words}", after=(open_it,)))
        if not worker.families:
            self._families.say("None at present.", ink="muted")

    def _go_into(self, worker: WorkerRow) -> None:
        """Return on a worker: the focus goes to her first family."""
        if worker.families:
            first = self._families.findChild(QWidget, f"family:{worker.families[0].family_id}")
            if first is not None:
                first.setFocus()


def _caseload(row: WorkerRow) -> Cell:
    if row.capacity is None:
        return Cell(row.caseload_words, ink="muted", tip="No capacity has been agreed")
    return meter_cell(row.caseload, row.capacity)


def _late(row: WorkerRow) -> Cell | str:
    if not row.late_notes:
        return "–"
    return Cell(str(row.late_notes), Kind.WARN, tip="Visits without a finished note past the standard")


def _synced(row: WorkerRow) -> float:
    return row.last_synced_at.timestamp() if row.last_synced_at is not None else 0.0


def _chips(row: WorkerRow) -> Cell | str:
    """Her chips on one: there is room for one, in the gravest colour."""
    if not row.chips:
        return ""
    gravest = min((chip.tone for chip in row.chips), key=GRAVEST.index)
    words = " · ".join(chip.words for chip in row.chips)
    details = ". ".join(chip.detail for chip in row.chips if chip.detail)
    return Cell(words, Kind(gravest), tip=details or words)
