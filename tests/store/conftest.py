"""Real vaults for the tests: made once a run with the cheapest passphrase allowed, then copied."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from sync.ops import new_id
from sync.sql.triggers import open_gate, shut_gate
from tfworker.store import Vault
from tfworker.store.keys import FLOOR

PASSPHRASE = "four plain words together"
NOW = datetime(2015, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def passphrase() -> str:
    return PASSPHRASE


@pytest.fixture(scope="session")
def made_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a vault as it is after its creation. Never opened: copy it."""
    place = tmp_path_factory.mktemp("made") / "place"
    Vault.create(place, PASSPHRASE, cost=FLOOR).close()
    return place


@pytest.fixture
def place(made_place: Path, tmp_path: Path) -> Path:
    """This test's own copy of a closed vault."""
    return Path(shutil.copytree(made_place, tmp_path / "place"))


@pytest.fixture
def vault(place: Path) -> Iterator[Vault]:
    """An open vault of this test's own."""
    vault = Vault.open(place, PASSPHRASE)
    yield vault
    vault.close()


@pytest.fixture
def put(vault: Vault) -> Callable[..., str]:
    """Puts a record in as a pull would: put("family", label="...") gives its id."""

    def put(table: str, **values: Any) -> str:
        record = values.pop("id", None) or new_id()
        row = {"id": record, "version": 1, "scope": "family:f", **values}
        with vault.write() as connection:
            open_gate(connection)
            connection.execute(insert(vault.schema[table].table), row)
            shut_gate(connection)
        return record

    return put


@pytest.fixture
def note(put: Callable[..., str]) -> Callable[..., str]:
    """Puts a visit note in: note("what happened")."""

    def note(what_happened: str, **values: Any) -> str:
        given = {"family_id": "f", "kind": "visit", "happened_at": NOW, **values}
        return put("visit_note", what_happened=what_happened, **given)

    return note
