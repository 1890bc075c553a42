"""What a family needs (domain 4.4): the words are its own, the codes are for counting."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import field
from tfworker.records import scope
from tfworker.records.base import Id, List, Record, Synced, Word, Written, column, of_family, synced


class Need(Written, Synced, Record):
    """A need of one or more people of a family.

    headline, indicator: codes of a headline problem; or local_type, of a local need type.
    person_ids: whose need it is; empty means the whole family's.
    """

    __tablename__ = "need"
    __table_args__ = (Index("ix_need_family_id", "family_id"), synced(scope.of_family_record))

    family_id: Mapped[Id] = of_family()
    person_ids: Mapped[List | None] = column(field(), 3)
    headline: Mapped[Word | None] = column(field(), 3)
    indicator: Mapped[Word | None] = column(field(), 3)
    local_type: Mapped[Word | None] = column(field(), 3)
    described_in_family_words: Mapped[str | None] = column(field(), 3)
    identified_on: Mapped[date | None] = column(field(), 3)
    source: Mapped[Word | None] = column(field(), 3)
    severity: Mapped[Word | None] = column(field(), 3)
    status: Mapped[Word | None] = column(field(), 3)
    counts_for_claim: Mapped[bool | None] = column(field(), 3)
