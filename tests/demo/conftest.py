"""The demo's council with its whole county, served; made once for the tests that need it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tfworker.demo.county import County
from tfworker.demo.stage import Stage
from tfworker.ui import theme


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    made = County(tmp_path_factory.mktemp("county"), print)
    yield made
    made.close()


@pytest.fixture(scope="session")
def port(county: County) -> int:
    """Where the council listens."""
    return county.serve()


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    """A stage in the product's look, its pictures in `tmp_path`."""
    theme.install(qapp, theme.Scheme.LIGHT)
    yield Stage(qapp, tmp_path / "pictures")
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
