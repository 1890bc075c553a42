"""The council looks after the bytes of documents: once a day by itself, and when told to."""

import hashlib

import pytest
from sqlalchemy import delete

from sync.memory import FakeClock
from sync.ops import Act, Change, new_id
from sync.ports import Caller
from sync.wire import PROTOCOL, PutFile, PutReply, decode, encode
from tests.council.county import County
from tfworker.cli import main
from tfworker.council.files import DailyLook, look_after
from tfworker.council.service import DESK, Council

LETTER = b"%PDF-1.7 a letter"


def document(council: Council, county: County, *, sent: bool = True) -> str:
    record = new_id()
    worker, family = county.worker["W001"], county.family["F-1"]
    fields = {
        "family_id": family, "kind": "document", "title": "a letter", "size_bytes": len(LETTER),
        "sha256": hashlib.sha256(LETTER).hexdigest(), "written_by": worker,
    }  # fmt: skip
    council.hub.apply(DESK, [Change("document", record, fields, Act.INSERT)])
    if sent:
        said = hashlib.sha256(LETTER).hexdigest()
        body = encode(PutFile(protocol=PROTOCOL, table="document", record=record, sha256=said, data=LETTER))
        reply = decode(PutReply, council.hub.put(Caller(user=worker, device="d", line="d"), body))
        assert reply.complete
    return record


def lose(council: Council) -> None:
    with council.engine.begin() as connection:
        connection.execute(delete(council.schema.own("file_part")))


def test_bytes_that_were_lost_are_found_out_and_asked_for(council: Council, county: County) -> None:
    record = document(council, county)
    whole = look_after(council, read_all=True)
    lose(council)
    swept = look_after(council)

    assert whole.lost == whole.missing == ()
    assert swept.lost == (record,)
    assert look_after(council).lost == ()


def test_it_is_done_once_a_day(council: Council, clock: FakeClock) -> None:
    daily = DailyLook(council)

    assert daily.once() is not None
    assert daily.once() is None
    clock.advance(hours=23)
    assert daily.once() is None
    clock.advance(hours=1)
    assert daily.once() is not None


def test_the_command_names_what_is_late_by_id_and_never_by_title(
    council: Council,
    council_url: str,
    county: County,
    clock: FakeClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lost = document(council, county)
    lose(council)
    clock.advance(days=-3000)  # the command goes by the real clock
    late = document(council, county, sent=False)

    code = main(["council", "files", "--database", council_url, "--read-all"])

    said = capsys.readouterr().out
    assert code == 1
    assert late in said
    assert lost in said
    assert "a letter" not in said


def test_the_command_says_when_all_is_well(
    council: Council, council_url: str, county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    document(council, county)

    assert main(["council", "files", "--database", council_url]) == 0
    assert "every file" in capsys.readouterr().out
