"""The log holds ids and counts, never what a record says."""

import json
import logging
import os
import stat

import pytest

from tfworker import log

CANARY = "Zebedee Quillfeather, 12 Acacia Road"


@pytest.fixture
def lines(home):
    path = log.start(home)
    yield lambda: [json.loads(line) for line in path.read_text().splitlines()]
    log.stop()


def test_an_event_with_its_fields(lines):
    log.Log("store").info("vault opened", ms=120, rows=3)

    [line] = lines()
    assert line["event"] == "vault opened"
    assert line["from"] == "tfworker.store"
    assert (line["level"], line["ms"], line["rows"]) == ("info", 120, 3)
    assert line["at"].endswith("+00:00")


def test_a_field_that_is_not_allowed_is_dropped(lines):
    log.Log("store").info("saved", family_name=CANARY, note="seen", count=1)

    [line] = lines()
    assert line.keys() == {"at", "level", "from", "event", "count"}


@pytest.mark.parametrize("value", [CANARY, "a\nforged line", "", ["list"], {"a": 1}, b"bytes", "x" * 81])
def test_an_allowed_field_takes_ids_and_figures_only(lines, value):
    log.Log("store").info("saved", record=value)

    [line] = lines()
    assert line.get("record", "") == ""


def test_the_arguments_of_a_foreign_call_are_dropped(lines):
    logging.getLogger("sync.device").warning("lost %s", CANARY, extra={"count": 2, "name_of": CANARY})

    [line] = lines()
    assert line["event"] == "lost %s"
    assert line["count"] == 2
    assert CANARY not in json.dumps(line)


def test_an_error_is_named_and_placed_but_not_quoted(lines):
    def fail():
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(CANARY) from error

    try:
        fail()
    except ValueError as error:
        log.Log("ui").error("save failed", error, code="E7")

    [line] = lines()
    assert line["error"] == "ValueError < KeyError"
    assert line["where"][-1].startswith("test_log.py:")
    assert line["where"][-1].endswith(" fail")
    assert CANARY not in json.dumps(line)


def test_a_line_break_cannot_forge_a_line(lines):
    logging.getLogger("tfworker.x").warning('one\n{"event": "two"}')

    assert len(lines()) == 1


def test_only_the_user_can_read_it(home):
    path = log.start(home)
    log.stop()

    # Windows has no such bits; there the user's own folder is closed to others.
    assert stat.S_IMODE(path.stat().st_mode) == (0o600 if os.name == "posix" else 0o666)


def test_a_full_file_is_set_aside_and_old_ones_go(home):
    path = log.start(home)
    events = log.Log("sync")
    for n in range(60_000):
        events.info("a page was applied and this line is long enough to fill the file", page=n, rows=2000)
    log.stop()

    files = sorted(p.name for p in path.parent.iterdir())
    assert files == ["app.log", "app.log.1", "app.log.2", "app.log.3", "app.log.4"]


def test_a_second_start_moves_the_log(home, tmp_path):
    first = log.start(home)
    second = log.start(tmp_path / "other")
    log.Log("store").info("vault opened")
    log.stop()

    assert first.read_text() == ""
    assert "vault opened" in second.read_text()


def test_statements_of_the_database_are_never_logged(lines):
    assert not logging.getLogger("sqlalchemy.engine").isEnabledFor(logging.INFO)
