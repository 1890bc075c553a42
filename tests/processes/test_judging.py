"""The judge sees what it is there to see: each fault, planted, is named."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, update

from sync.memory import FakeClock, MemoryTransport
from sync.ports import Caller
from sync.sql import Schema
from sync.sql.triggers import open_gate, shut_gate
from tests.processes import canaries, judging, scenes, templates
from tests.processes.laptops import PLAIN, VAULT, Laptop, Notes, open_laptop
from tests.processes.scenes import Sitting
from tfworker.council.service import Council

Plant = Callable[[Connection, Schema], object]

ON_LAPTOP: dict[str, Plant] = {
    "is gone": lambda c, s: c.execute(delete(s.own("op"))),
    "breaks the chain": lambda c, s: c.execute(update(s.own("op")).values(content=b'{"patch":{},"was":{}}')),
    "follows op": lambda c, s: c.execute(delete(s.own("op")).where(s.own("op").c.n == 3)),
    "not the last op": lambda c, s: c.execute(update(s.own("device_state")).values(n=1)),
    "does not show its waiting ops": lambda c, s: c.execute(
        update(s["family"].table).values(label="Another")
    ),
    "has a row without its op": lambda c, s: c.execute(delete(s.own("queue"))),
    "is not there": lambda c, s: c.execute(delete(s["visit_note"].table)),
}
AT_COUNCIL: dict[str, Plant] = {
    "breaks the chain": lambda c, s: c.execute(update(s.own("ledger")).values(line="another")),
    "does not commit to its content": lambda c, s: c.execute(
        update(s.own("ledger_content")).values(salt="00")
    ),
    "the tally of goal counts wrong": lambda c, s: c.execute(update(s["goal"].table).values(version=9)),
    "the head of the ledger is not its end": lambda c, s: c.execute(
        update(s.own("ledger_head")).values(seq=1)
    ),
    "th": lambda c, s: c.execute(delete(s.own("ledger")).where(s.own("ledger").c.seq == 5)),
}


@pytest.fixture
def laptop(bases: Path, tmp_path: Path) -> Iterator[Laptop]:
    """A laptop on which work of every kind waits."""
    laptop = open_laptop(Path(shutil.copytree(bases / f"{PLAIN} push", tmp_path / "waiting")), PLAIN)
    yield laptop
    laptop.close()


@pytest.fixture
def council(place: Path) -> Iterator[Council]:
    with Council.open(templates.url_of(place), FakeClock()) as council:
        yield council


@pytest.mark.parametrize("words", ON_LAPTOP)
def test_what_is_wrong_on_a_laptop_is_named(laptop: Laptop, tmp_path: Path, words: str) -> None:
    saved = {op_id for op_ids in Notes.of(tmp_path / "waiting").saved.values() for op_id in op_ids}
    before = judging.faults_of_store(laptop, saved)
    with laptop.write() as connection:
        open_gate(connection)
        ON_LAPTOP[words](connection, laptop.schema)
        shut_gate(connection)

    assert before == []
    assert any(words in fault for fault in judging.faults_of_store(laptop, saved))


@pytest.mark.parametrize("words", AT_COUNCIL)
def test_what_is_wrong_at_the_council_is_named(council: Council, words: str) -> None:
    before = judging.faults_of_hub(council.engine, council.schema)
    with council.engine.begin() as connection:
        AT_COUNCIL[words](connection, council.schema)

    assert before == []
    assert any(words in fault for fault in judging.faults_of_hub(council.engine, council.schema))


def test_what_differs_between_the_two_is_named(place: Path, council: Council) -> None:
    laptop, notes = open_laptop(place, PLAIN), Notes.of(place)
    transport = MemoryTransport(council.hub, Caller(notes.worker, notes.device, notes.line))
    sitting = Sitting(laptop, notes, transport, lambda *_: None)
    at_rest = judging.differences(laptop, council.engine, council.schema, notes.worker)
    sitting.note("not sent")
    with council.engine.begin() as connection:
        connection.execute(update(council.schema["goal"].table).values(statement="Another"))
        connection.execute(delete(council.schema["plan"].table))
    found = set(judging.differences(laptop, council.engine, council.schema, notes.worker))
    laptop.close()

    assert at_rest == []
    assert found >= {
        "visit_note: a record too many",
        "goal.statement differs",
        "plan: a record too many",
        "ops wait for ever",
    }


def test_words_that_a_file_shows_are_named(bases: Path, tmp_path: Path) -> None:
    """A plain store shows what was saved in it; a vault nothing, until a file beside it does."""
    plain = set(canaries.bare(bases / f"{PLAIN} push"))
    sealed = Path(shutil.copytree(bases / f"{VAULT} push" / "laptop", tmp_path / "laptop"))
    before = list(canaries.bare(sealed))
    (sealed / "case.db-journal").write_bytes(b"\x00" + "The tenancy hearing moved.".encode("utf-16-le"))
    (sealed / "aside").mkdir()
    (sealed / "aside" / "case.db.old").write_bytes(b"07700 900999")

    assert plain >= {"plain.db shows 'tenancy hearing'", "plain.db shows 'Rang her: '"}
    assert before == []
    assert set(canaries.bare(sealed)) == {
        "case.db-journal shows 'tenancy hearing'",
        "aside/case.db.old shows '07700 900999'",
    }


def test_the_words_looked_for_are_words_that_the_scenes_write() -> None:
    written = Path(str(scenes.__file__)).read_text()

    assert [words for words in canaries.WORDS if words not in written] == []
