"""Documents of a family: photos, letters, consent forms, drawings (domain 4.6, Attachment)."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import FileColumns, append, central
from tfworker.records import scope
from tfworker.records.base import (
    Id,
    Record,
    Synced,
    Word,
    WrittenOnce,
    column,
    of_family_once,
    synced,
)


class Document(WrittenOnce, Synced, Record):
    """What was put on a family's file, once. Its bytes travel apart from it and after it.

    title: what it shows, in the worker's words. file_name: generic, never the one it had on disk.
    size_bytes, sha256: of the bytes as they were added. taken_at: of a photo or drawing.
    consent_for_photo: whether those on it agreed; None: not asked, or no photo.
    received_at: when the council had every byte; None: the file is still on a laptop.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_family_id", "family_id"),
        synced(scope.of_family_record, file=FileColumns("size_bytes", "sha256", "received_at")),
    )

    family_id: Mapped[Id] = of_family_once()
    kind: Mapped[Word] = column(append(), 2)
    title: Mapped[str | None] = column(append(), 3)
    file_name: Mapped[str | None] = column(append(), 3)
    media_type: Mapped[str | None] = column(append(), 2)
    size_bytes: Mapped[int | None] = column(append(), 2, fixed=True)
    sha256: Mapped[str | None] = column(append(), 3, fixed=True)
    taken_at: Mapped[datetime | None] = column(append(), 3)
    consent_for_photo: Mapped[bool | None] = column(append(), 3)
    received_at: Mapped[datetime | None] = column(central(), 2)
