"""The chronology (domain 4.6): significant events only, good ones too."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import append
from tfworker.records import scope
from tfworker.records.base import Id, Record, Synced, Word, WrittenOnce, column, of_family_once, synced


class ChronologyEntry(WrittenOnce, Synced, Record):
    """One event of the family's story that no note tells: from an agency, or before we came.

    A significant note is part of the chronology by itself and is never copied here.
    happened_on, precision: for "month" the first of the month, for "year" the first of January.
    """

    __tablename__ = "chronology_entry"
    __table_args__ = (
        Index("ix_chronology_entry_family_id_happened_on", "family_id", "happened_on"),
        synced(scope.of_family_record),
    )

    family_id: Mapped[Id] = of_family_once()
    happened_on: Mapped[date] = column(append(), 2)
    precision: Mapped[Word | None] = column(append(), 2)
    event: Mapped[str | None] = column(append(), 3)
    impact_on_child: Mapped[str | None] = column(append(), 3)
    positive: Mapped[bool | None] = column(append(), 3)
    source: Mapped[Word | None] = column(append(), 3)
    source_name: Mapped[str | None] = column(append(), 3)
    note_id: Mapped[Id | None] = column(append(), 2, refers="visit_note")
    confidence: Mapped[Word | None] = column(append(), 3)
