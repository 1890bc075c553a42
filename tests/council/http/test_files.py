"""Bytes of documents over real HTTP, between real vaults: whole, permitted, within the limits."""

import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from sync.errors import SignedOut, TooLarge, TooOld, Unreachable
from sync.http.client import HubClient
from sync.http.packing import MAX_REQUEST
from sync.http.transport import PATHS, HttpTransport
from sync.memory import FakeClock
from sync.ports import Transport
from sync.wire import PART_BYTES, PROTOCOL, GetFile, GetReply, PutFile, PutReply, decode, encode
from tests.council.county import PASSWORD, County
from tfworker.actions.desk import Desk
from tfworker.actions.documents import add_document, documents, open_document
from tfworker.actions.opening import enrol, lock
from tfworker.actions.syncing import SyncTrouble, sync_now
from tfworker.actions.values import EnrolRequest
from tfworker.council.service import Council
from tfworker.store.keys import FLOOR

PASSPHRASE = "copper lantern orchard 7"
LETTER = {"kind": "document", "title": "Letter from the school"}


def pdf_of(size: int, seed: int = 1) -> bytes:
    return b"%PDF-1.7 " + random.Random(seed).randbytes(size - 9)


class CutAfter:
    """The way to the council, cut after so many requests of one kind."""

    def __init__(self, way: Transport, step: str, at: int) -> None:
        self.way, self.step, self.left = way, step, at

    def send(self, step: str, body: bytes) -> bytes:
        if step == self.step:
            if not self.left:
                raise Unreachable("cut")
            self.left -= 1
        return self.way.send(step, body)


Enrolling = Callable[[str], Desk]


@pytest.fixture
def desk_of(address: str, with_account: Council, tmp_path: Path, clock: FakeClock) -> Iterator[Enrolling]:
    """desk_of("W001"): a new laptop of this worker, enrolled and synced over HTTP."""
    with ExitStack() as closing:

        def made(staff_no: str) -> Desk:
            code = with_account.devices.make_code(staff_no)
            request = EnrolRequest(address, staff_no, PASSWORD, code, PASSPHRASE)
            place = tmp_path / f"laptop-{code}"
            desk = enrol(place, request, clock=clock, cost=FLOOR)
            closing.callback(lock, desk)
            return desk

        yield made


def test_a_document_goes_from_vault_to_vault_through_the_council(desk_of: Enrolling, county: County) -> None:
    worker, leader = desk_of("W001"), desk_of("W002")
    family, data = county.family["F-1"], pdf_of(2 * PART_BYTES + 77)
    document = add_document(worker, family, data, LETTER)

    sync_now(worker)
    sync_now(leader)

    assert documents(leader, family)[0].state.words == "Received by the council"
    assert open_document(leader, document) == data


def test_cut_in_the_middle_both_ways_it_goes_on(desk_of: Enrolling, county: County) -> None:
    worker, leader = desk_of("W001"), desk_of("W002")
    family, data = county.family["F-1"], pdf_of(4 * PART_BYTES)
    document = add_document(worker, family, data, LETTER)
    whole = worker.transport
    worker.transport = CutAfter(whole, "put", 2)
    with pytest.raises(SyncTrouble):
        sync_now(worker)
    sync_now(leader)
    away = documents(leader, family)[0].state.words
    worker.transport = CutAfter(whole, "put", 2)
    sync_now(worker)
    leader.transport = CutAfter(leader.transport, "get", 3)
    with pytest.raises(SyncTrouble):
        sync_now(leader)
    leader.transport.left = 1
    sync_now(leader)

    assert away == "File still on Dana Moss’s laptop"
    assert open_document(leader, document) == data


def test_forty_documents_go_in_one_round(desk_of: Enrolling, county: County) -> None:
    worker, leader = desk_of("W001"), desk_of("W002")
    family = county.family["F-1"]
    sent = {add_document(worker, family, pdf_of(2000 + n, n), LETTER): pdf_of(2000 + n, n) for n in range(40)}

    sync_now(worker)
    sync_now(leader)

    assert {document: open_document(leader, document) for document in sent} == sent


# -- the doors by hand ---------------------------------------------------------------------------


@pytest.fixture
def way(address: str, desk_of: Enrolling, with_account: Council) -> HttpTransport:
    """A signed-in way to the council as W001."""
    session = desk_of("W001").session
    assert session is not None
    return session.transport()


def put_of(document: str, **more: object) -> bytes:
    said = {"protocol": PROTOCOL, "table": "document", "record": document, "part": 0, "data": b"x"} | more
    return encode(PutFile(**said))  # type: ignore[arg-type]


def test_nobody_sends_or_fetches_without_signing_in(address: str) -> None:
    with HubClient(address) as client:
        for step in ("put", "get"):
            with pytest.raises(SignedOut):
                client.post_bytes(PATHS[step], put_of("0" * 32), "no such token")
    for step in ("put", "get"):
        reply = requests.post(address + PATHS[step], data=b"{}", timeout=10)
        assert (reply.status_code, reply.json()["code"]) == (401, "signed_out")


def test_another_workers_family_gives_nothing_away(
    way: HttpTransport, with_account: Council, county: County
) -> None:
    """The same answer whether she guessed a record that is there or one that is not hers."""
    desk, table = with_account.schema["document"].table, "document"
    with with_account.engine.begin() as connection:
        connection.execute(
            desk.insert(),
            {
                "id": "d" * 32, "version": 1, "scope": f"family:{county.family['F-3']}", "kind": table,
                "family_id": county.family["F-3"], "size_bytes": 1,
                "sha256": hashlib.sha256(b"x").hexdigest(), "received_at": with_account.clock.now(),
            },
        )  # fmt: skip
    got = decode(GetReply, way.send("get", encode(GetFile(protocol=PROTOCOL, table=table, record="d" * 32))))
    put = decode(PutReply, way.send("put", put_of("d" * 32)))

    assert (got.refused, got.data) == ("not_allowed", b"")
    assert put.refused == "not_allowed"


def test_a_version_the_council_does_not_speak_is_refused_before_anything(way: HttpTransport) -> None:
    for step in ("put", "get"):
        with pytest.raises(TooOld):
            way.send(step, encode({"protocol": 0, "what": "ever"}))


def test_a_part_larger_than_any_is_refused_by_its_size(way: HttpTransport) -> None:
    with pytest.raises(TooLarge):
        way.send("put", put_of("0" * 32, data=random.Random(1).randbytes(MAX_REQUEST)))


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"protocol":2,"table":1,"record":"x"}', b'{"protocol":2'])
def test_what_is_no_message_is_said_to_be_none(way: HttpTransport, body: bytes) -> None:
    for step in ("put", "get"):
        with pytest.raises(Exception, match=r"unreadable|could not read|cannot be read|400"):
            way.send(step, body)
