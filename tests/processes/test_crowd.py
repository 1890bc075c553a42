"""Order of seq is order of commit, however many processes push at once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from sync.sql import Schema
from tests.processes import judging
from tests.processes.crowd import BATCH, BATCHES, PUSHERS
from tfworker.council.database import metadata


@pytest.mark.timeout(180)
def test_many_processes_at_once_make_one_ledger_that_no_cursor_skips_in(
    place: Path, council_url: str, council_engine: Engine
) -> None:
    command = [sys.executable, "-m", "tests.processes.crowd", str(place), council_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answered = json.loads(done.stdout.splitlines()[-1])

    schema = Schema(metadata())
    ledger = schema.own("ledger")
    with council_engine.connect() as connection:
        rows = connection.execute(select(ledger.c.op_id, ledger.c.seq))
        kept = {row.op_id: row.seq for row in rows}
    assert len(answered) == PUSHERS * BATCHES * BATCH
    assert answered.items() <= kept.items()
    assert judging.faults_of_hub(council_engine, schema) == []
