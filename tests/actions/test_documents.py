"""Documents: added without their place, listed with where the file is, opened to memory."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.errors import Unreachable
from sync.memory import MemoryTransport
from sync.sql.files import lay
from sync.wire import PART_BYTES
from tests.actions.caseload_of import BRIGHT, DALE, FIRTH
from tests.actions.desks import Office
from tests.rules.test_media import CANARY, JFIF, exif, jpeg
from tfworker.actions.caseload import caseload
from tfworker.actions.desk import Desk
from tfworker.actions.documents import FileAway, add_document, documents, open_document, size_words
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.syncing import SyncTrouble, status, sync_now
from tfworker.actions.values import DocumentLine, Progress, Tone
from tfworker.actions.work import safe_to_close, work
from tfworker.records.words import DocumentKind
from tfworker.settings import FILE_SIZE
from tfworker.store import AttachmentDamaged
from tfworker.store.attachments import FOLDER

PDF = b"%PDF-1.7 a letter from the school"
LETTER = {"kind": "document", "title": "Letter from the school"}
PHOTO = {
    "kind": "photo",
    "title": "The damp in the bedroom",
    "taken_at": datetime(2026, 11, 13, 15, 0, tzinfo=UTC),
    "consent_for_photo": True,
}


def pdf_of(size: int) -> bytes:
    return b"%PDF-1.7 " + random.Random(size).randbytes(size - 9)


def family_of(office: Office) -> str:
    return office.caseload.families[0].family


def state(desk: Desk, family: str) -> str:
    (line,) = documents(desk, family)
    return line.state.words


def transport(desk: Desk) -> MemoryTransport:
    assert isinstance(desk.transport, MemoryTransport)
    return desk.transport


def cut(step: str):  # type: ignore[no-untyped-def]
    def fail(asked: str, body: bytes) -> None:
        if asked == step:
            raise Unreachable("cut")

    return fail


def test_a_document_is_on_the_file_at_once_and_says_where_it_is(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    document = add_document(desk, family, PDF, LETTER)

    (line,) = documents(desk, family)
    assert line == DocumentLine(
        document_id=document,
        kind=line.kind,
        title="Letter from the school",
        file_name="document-1.pdf",
        media_type="application/pdf",
        size_bytes=len(PDF),
        size_words="1 KiB",
        added_at=office.clock.now(),
        added_words=line.added_words,
        state=line.state,
        can_open=True,
    )
    assert (line.kind.code, line.kind.words) == ("document", "Document")
    assert line.added_words.startswith("A. Bright, ")
    assert (line.state.words, line.state.tone) == ("On this laptop", Tone.WARN)
    assert open_document(desk, document) == PDF


def test_it_is_received_by_the_council_and_then_by_a_colleague(office: Office) -> None:
    desk, leader, family = office.desk(BRIGHT), office.desk(FIRTH), family_of(office)
    document = add_document(desk, family, PDF, LETTER)
    report = sync_now(desk)
    after = state(desk, family)
    sync_now(leader)

    assert report.words.startswith("Sent 1")
    assert after == state(leader, family) == "Received by the council"
    assert open_document(leader, document) == PDF


def test_while_the_file_is_away_the_colleague_reads_on_whose_laptop_it_is(office: Office) -> None:
    desk, other, leader = office.desk(BRIGHT), office.desk(BRIGHT), office.desk(FIRTH)
    family = family_of(office)
    document = add_document(desk, family, pdf_of(3 * PART_BYTES), LETTER)
    transport(desk).before = cut("put")
    with pytest.raises(SyncTrouble):
        sync_now(desk)
    for each in (other, leader):
        sync_now(each)

    assert state(leader, family) == "File still on A. Bright’s laptop"
    assert state(other, family) == "File still on your other laptop"
    assert state(desk, family) == "On this laptop"
    assert not documents(leader, family)[0].can_open
    with pytest.raises(FileAway):
        open_document(leader, document)


def test_a_file_not_sent_counts_in_the_status_line_and_with_its_family_and_once(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    add_document(desk, family, PDF, LETTER)
    before = status(desk).on_this_laptop_only
    transport(desk).before = cut("put")
    with pytest.raises(SyncTrouble):
        sync_now(desk)

    assert (before, status(desk).on_this_laptop_only) == (1, 1)
    assert [row.unsent for row in caseload(desk) if row.family_id == family] == [1]
    transport(desk).before = None
    sync_now(desk)
    assert status(desk).on_this_laptop_only == 0


def test_it_is_not_safe_to_close_while_a_file_is_here_only_and_it_is_named(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    add_document(desk, family, PDF, LETTER)
    transport(desk).before = cut("put")
    with pytest.raises(SyncTrouble):
        sync_now(desk)

    (item,) = work(desk).laptop
    closing = safe_to_close(desk)
    assert (item.what, item.family_id) == ("The file of “Letter from the school”", family)
    assert (closing.safe, closing.unsent, closing.items) == (False, 1, (item,))
    transport(desk).before = None
    sync_now(desk)
    assert safe_to_close(desk).safe


def test_progress_counts_in_megabytes(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    add_document(desk, family, pdf_of(2 * PART_BYTES), LETTER)
    told: list[Progress] = []

    sync_now(desk, told.append)

    counted = [progress for progress in told if progress.words == "Documents"]
    assert counted[0].detail == "0.0 of 2.0 MiB"
    assert counted[-1].detail == "2.0 of 2.0 MiB"


def test_a_large_file_comes_when_somebody_opens_it(office: Office) -> None:
    desk, leader, family = office.desk(BRIGHT), office.desk(FIRTH), family_of(office)
    data = pdf_of(6 * PART_BYTES)
    document = add_document(desk, family, data, LETTER)
    sync_now(desk)
    sync_now(leader)
    before = [step for step, _, _ in transport(leader).sent if step == "get"]
    told: list[Progress] = []

    assert before == []
    assert documents(leader, family)[0].can_open
    assert open_document(leader, document, told.append) == data
    assert told[-1].done == told[-1].total == len(data)
    transport(leader).online = False
    assert open_document(leader, document) == data


def test_a_large_file_without_a_network_says_so(office: Office) -> None:
    desk, leader, family = office.desk(BRIGHT), office.desk(FIRTH), family_of(office)
    document = add_document(desk, family, pdf_of(6 * PART_BYTES), LETTER)
    sync_now(desk)
    sync_now(leader)
    transport(leader).online = False

    with pytest.raises(SyncTrouble, match="cannot be reached"):
        open_document(leader, document)


def test_a_photo_loses_where_it_was_taken_before_it_is_kept(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    document = add_document(desk, family, jpeg(JFIF, exif("<", 6), behind=CANARY), PHOTO)

    kept = open_document(desk, document)
    (line,) = documents(desk, family)
    assert CANARY not in kept
    assert line.size_bytes == len(kept)
    assert (line.file_name, line.media_type) == ("photo-1.jpg", "image/jpeg")


def test_nothing_of_it_lies_readable_on_the_laptop(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    add_document(desk, family, PDF * 1000, LETTER)
    desk.vault.close()

    files = [path for path in desk.home.rglob("*") if path.is_file()]
    assert any(path.parent.name == FOLDER for path in files)
    assert not any(b"from the school" in path.read_bytes() for path in files)


BAD = {
    "a word file": (b"PK\x03\x04 word", LETTER, "file"),
    "nothing": (b"", LETTER, "file"),
    "a photo cut off": (jpeg(JFIF)[:60], PHOTO, "file"),
    "too large": (b"%PDF-" + bytes(FILE_SIZE.value * 1024 * 1024), LETTER, "file"),
    "no title": (PDF, LETTER | {"title": "  "}, "title"),
    "no kind": (PDF, {"title": "x"}, "kind"),
    "a kind there is not": (PDF, LETTER | {"kind": "film"}, "kind"),
    "something nobody asks for": (PDF, LETTER | {"sha256": "0"}, "sha256"),
    "a day where a moment is asked for": (PDF, LETTER | {"taken_at": "monday"}, "taken_at"),
}


@pytest.mark.parametrize("data, fields, field", BAD.values(), ids=BAD.keys())
def test_what_cannot_be_added_is_named_and_leaves_nothing(
    office: Office, data: bytes, fields: dict[str, object], field: str
) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)

    with pytest.raises(BadInput) as refused:
        add_document(desk, family, data, fields)
    assert refused.value.field == field
    assert documents(desk, family) == []
    assert not (desk.home / FOLDER).exists()


def test_a_family_that_is_not_here_takes_none(office: Office) -> None:
    with pytest.raises(NotHere):
        add_document(office.desk(DALE), family_of(office), PDF, LETTER)


def only_file(desk: Desk) -> Path:
    (path,) = (desk.home / FOLDER).iterdir()
    return path


def test_a_file_damaged_here_and_received_there_is_fetched_again(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    document = add_document(desk, family, PDF, LETTER)
    sync_now(desk)
    sync_now(desk)
    only_file(desk).write_bytes(b"rubbish")

    assert open_document(desk, document) == PDF


def test_the_only_copy_damaged_is_said_and_not_hidden(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    document = add_document(desk, family, PDF, LETTER)
    only_file(desk).write_bytes(b"rubbish")

    with pytest.raises(AttachmentDamaged):
        open_document(desk, document)
    sync_now(desk)
    assert state(desk, family) == "The file is damaged on this laptop"
    assert not documents(desk, family)[0].can_open


def test_a_file_the_council_does_not_take_is_kept_and_says_so(office: Office) -> None:
    office.council.hub.files.limit = 10
    desk, family = office.desk(BRIGHT), family_of(office)
    document = add_document(desk, family, PDF, LETTER)
    sync_now(desk)

    assert state(desk, family) == "The council has not taken the file"
    assert status(desk).on_this_laptop_only == 1
    assert open_document(desk, document) == PDF


def test_bytes_laid_down_without_a_record_are_swept_after_the_next_start(office: Office) -> None:
    desk = office.desk(BRIGHT)
    lay(desk.vault.attachments, PDF)
    sync_now(desk)
    young = list((desk.home / FOLDER).iterdir())
    desk.vault.attachments._begun.clear()  # as after a start
    sync_now(desk)

    assert len(young) == 1
    assert list((desk.home / FOLDER).iterdir()) == []


def test_every_kind_has_a_generic_name(office: Office) -> None:
    desk, family = office.desk(BRIGHT), family_of(office)
    for kind in DocumentKind:
        add_document(desk, family, PDF, {"kind": kind.value, "title": "x"})

    names = [line.file_name for line in documents(desk, family)]
    assert names == ["drawing-4.pdf", "consent-form-3.pdf", "document-2.pdf", "photo-1.pdf"]


SIZES = {0: "0 KiB", 1: "1 KiB", 1024: "1 KiB", 1025: "2 KiB", 1024 * 1024: "1.0 MiB", 1_500_000: "1.4 MiB"}


@pytest.mark.parametrize("size, words", SIZES.items())
def test_sizes_are_said_as_people_say_them(size: int, words: str) -> None:
    assert size_words(size) == words
