"""A council and an enrolled laptop to start from, made once a run and copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.processes import templates
from tests.processes.laptops import PLAIN, VAULT
from tests.processes.postgres import fill
from tests.processes.scenes import SCENES
from tfworker.council.database import connect


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Templates: `vault base`, `plain base`, and each of them after a first round: `vault one save` ..."""
    folder = tmp_path_factory.mktemp("templates") / "bases"
    for kind in (VAULT, PLAIN):
        templates.make_base(folder / f"{kind} base", kind)
        for scene in ("one save", "push"):
            templates.prepare(folder / f"{kind} base", folder / f"{kind} {scene}", kind, SCENES[scene])
    return folder


@pytest.fixture
def place(bases: Path, tmp_path: Path) -> Path:
    """This test's own copy of a plain laptop at rest, with its council."""
    return Path(shutil.copytree(bases / "plain one save", tmp_path / "place"))


@pytest.fixture(params=["sqlite", "postgresql"])
def council_url(request: pytest.FixtureRequest, place: Path) -> str:
    """The address of the council of `place`, as it lies there or moved to PostgreSQL."""
    if request.param == "sqlite":
        return templates.url_of(place)
    url = str(request.getfixturevalue("postgres_url"))
    fill(templates.url_of(place), url)
    return url


@pytest.fixture
def council_engine(council_url: str) -> Iterator[Engine]:
    engine = connect(council_url)
    yield engine
    engine.dispose()
