"""Documents of a family: put on the file, listed with where their bytes are, opened to memory.

Nothing is ever written to the disk in the clear. A photo's place is taken off before it is kept.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sync.device import fetch_file
from sync.errors import SyncProblem
from sync.ports import FileDamaged
from sync.sql import SqlDevice
from sync.sql.files import SqlFiles, lay, note_file
from sync.sql.files_here import FileHere, files_here
from tfworker.actions import receipts
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk, colleagues, named
from tfworker.actions.phrases import moment, say
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.rows import row, rows_of
from tfworker.actions.syncing import trouble_of
from tfworker.actions.values import (
    Asking,
    Chip,
    DocumentLine,
    Progress,
    Telling,
    Tone,
    Whereabouts,
    never_cancelled,
    tell_nobody,
)
from tfworker.actions.wording import word
from tfworker.errors import Problem
from tfworker.records import Family, scope
from tfworker.records.words import DocumentKind
from tfworker.rules.media import ENDINGS, Media, NotAPicture, media_of, without_place
from tfworker.settings import FILE_SIZE

TABLE = "document"
MIB = 1024 * 1024
ASKED = ("kind", "title", "taken_at", "consent_for_photo")  # what the worker says of it


class FileAway(Problem):
    """The document's file is on another laptop, and the council has not got it yet."""


def add_document(desk: Desk, family_id: str, data: bytes, fields: Mapping[str, Any]) -> str:
    """Put a document on a family's file; gives its id.

    data: a JPEG, PNG or PDF; what a photo says of its place is taken off. fields: kind (a
    DocumentKind), title, and of a photo taken_at (aware) and consent_for_photo.
    Raises BadInput ("file", or the field), NotHere, DiskFull, DiskTrouble: then nothing was kept.
    """
    patch = patch_of(TABLE, fields, ASKED, needed=("kind", "title"))
    media, bare = _checked(data)
    with desk.vault.read() as connection:
        if connection.execute(select(Family.id).where(Family.id == family_id)).first() is None:
            raise NotHere
        number = len(rows_of(connection, TABLE, family_id=family_id)) + 1
    about = {
        "family_id": family_id,
        "file_name": f"{patch['kind'].replace('_', '-')}-{number}.{ENDINGS[media]}",
        "media_type": media.value,
        "size_bytes": len(bare),
        "sha256": hashlib.sha256(bare).hexdigest(),
    }
    change = desk.insert(TABLE, {**patch, **about})
    # The bytes first: a record never stands here without them. Cut off between, a sweep takes them.
    blob = lay(desk.vault.attachments, bare)
    with desk.vault.write() as connection:
        desk.save(connection, [change])
        note_file(connection, desk.schema, TABLE, change.record, blob)
    return change.record


def _checked(data: bytes) -> tuple[Media, bytes]:
    media = media_of(data)
    if media is None:
        raise BadInput("file", say("document.kind"), say("document.kind.advice"))
    if len(data) > FILE_SIZE.value * MIB:
        raise BadInput("file", say("document.large", most=FILE_SIZE.value), say("document.large.advice"))
    try:
        return media, without_place(data, media)
    except NotAPicture as error:
        raise BadInput("file", say("document.broken"), say("document.broken.advice")) from error


def documents(desk: Desk, family_id: str) -> list[DocumentLine]:
    """Everything on a family's file, the newest first."""
    with desk.vault.read() as connection:
        rows = rows_of(connection, TABLE, family_id=family_id)
        in_scope = [scope.family(family_id)]
        here = files_here(connection, desk.schema, in_scope)
        places = receipts.whereabouts(connection, desk.schema, in_scope)
        names = colleagues(connection)
    rows.sort(key=lambda found: found["id"], reverse=True)
    return [_line(desk, found, here.get(found["id"]), places, names) for found in rows]


def _line(
    desk: Desk,
    found: Mapping[str, Any],
    here: FileHere | None,
    places: Mapping[str, Whereabouts],
    names: Mapping[str, str],
) -> DocumentLine:
    by = named(found["written_by"], names)
    added: datetime | None = found["written_at"]
    size = found["size_bytes"] or 0
    is_here = here is not None and here.whole and not here.damaged
    return DocumentLine(
        document_id=found["id"],
        kind=word(DocumentKind, found["kind"]),
        title=found["title"] or "",
        file_name=found["file_name"] or "",
        media_type=found["media_type"] or "",
        size_bytes=size,
        size_words=size_words(size),
        added_at=added,
        added_words=say("document.added", who=by, moment=moment(added, desk.now())) if added else by,
        state=_state(desk, found, here, places.get(found["id"])),
        can_open=is_here or found["received_at"] is not None,
    )


def _state(desk: Desk, found: Mapping[str, Any], here: FileHere | None, place: Whereabouts | None) -> Chip:
    """Where the file is, from what the council said and from what lies here."""
    if place is Whereabouts.PERSON:
        return Chip(say("document.person"), Tone.WARN)
    if here is not None and here.damaged and not here.received:
        return Chip(say("document.damaged"), Tone.DANGER, say("document.damaged.advice"))
    if place is Whereabouts.LAPTOP or (here is not None and here.is_unsent):
        if here is not None and here.refused is not None:
            return Chip(say("document.refused"), Tone.WARN, say("document.refused.advice"))
        return Chip(say("document.laptop"), Tone.WARN)
    if found["received_at"] is not None or (here is not None and here.received):
        return Chip(say("document.council"), Tone.OK)
    if found["written_by"] == desk.me.worker_id:
        return Chip(say("document.other_laptop"), Tone.INFO)
    with desk.vault.read() as connection:
        by = named(found["written_by"], colleagues(connection))
    return Chip(say("document.away", who=by), Tone.INFO)


def size_words(size: int) -> str:
    """ "640 KiB", "1.4 MiB"."""
    return f"{size / MIB:.1f} MiB" if size >= MIB else f"{-(-size // 1024)} KiB"


def open_document(
    desk: Desk, document_id: str, progress: Telling = tell_nobody, cancelled: Asking = never_cancelled
) -> bytes:
    """The bytes of a document, in memory; fetched from the council if they are not here.

    Raises NotHere, FileAway, SyncTrouble, and AttachmentDamaged where the only copy was here.
    """
    with desk.vault.read() as connection:
        found = row(connection, TABLE, document_id)
        here = files_here(connection, desk.schema, [found["scope"]]).get(document_id)
    files = desk.files
    if here is not None and here.whole and not here.damaged:
        try:
            return files.read(document_id)
        except FileDamaged:
            files.note_damaged(document_id)
            if not here.received:
                raise
    if not _fetch(desk, files, document_id, progress, cancelled):
        raise FileAway(say("document.away.title"), say("document.away.advice"))
    return files.read(document_id)


def _fetch(desk: Desk, files: SqlFiles, document_id: str, progress: Telling, cancelled: Asking) -> bool:
    with desk.syncing:
        file = files.wanted(TABLE, document_id)
        if file is None:
            return False
        store = SqlDevice(desk.vault.write, desk.vault.read, desk.schema)

        def tell(_step: object, done: int, total: int) -> None:
            progress(Progress(say("sync.files"), done, total or None))

        try:
            return fetch_file(
                store, desk.transport, desk.clock, files, file, progress=tell, cancelled=cancelled
            )
        except SyncProblem as error:
            raise trouble_of(error) from error
