"""Fixtures for the actions, and for the screens: `from tests.actions.desks import desk_alone`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.memory import FakeClock
from tests.actions.caseload_of import FIRTH, Caseload, caseload_of
from tests.actions.desks import Office, desk_alone
from tfworker.actions.desk import Desk


@pytest.fixture
def caseload() -> Caseload:
    """Three invented families of A. Bright."""
    return caseload_of(3)


@pytest.fixture
def desk(home: Path, clock: FakeClock, caseload: Caseload) -> Iterator[Desk]:
    """A. Bright's desk with the caseload on it and the network down."""
    desk = desk_alone(home, clock, caseload)
    yield desk
    desk.vault.close()


@pytest.fixture
def leaders_desk(tmp_path: Path, clock: FakeClock, caseload: Caseload) -> Iterator[Desk]:
    """E. Firth's desk with the same families, the network down."""
    desk = desk_alone(tmp_path / "leader", clock, caseload, FIRTH)
    yield desk
    desk.vault.close()


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    """A council with two families, reached in memory."""
    office = Office(tmp_path, clock)
    yield office
    office.close()
