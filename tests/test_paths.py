"""Where things lie, from a checkout and from a bundle."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tfworker import paths


def test_the_command_line_wins_over_the_environment(home, tmp_path):
    assert paths.home(tmp_path / "other") == tmp_path / "other"
    assert paths.home() == home


def test_without_either_it_is_the_users_own_folder(monkeypatch):
    monkeypatch.delenv("TFWORKER_HOME")

    assert paths.home().name == "tfworker"
    assert paths.home().is_relative_to(Path.home())


def test_a_relative_home_stays_where_it_was_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chosen = paths.home("here")
    monkeypatch.chdir("/")

    assert chosen == tmp_path / "here"


def test_nothing_is_made_by_asking(home):
    paths.home()

    assert not home.exists()


def test_a_resource_is_found():
    assert paths.resource("settings.json").is_file()


def test_a_resource_that_did_not_ship_is_our_fault():
    with pytest.raises(FileNotFoundError, match=r"resources/wording/none\.json is missing"):
        paths.resource("wording", "none.json")


def test_a_moved_folder_finds_its_own_resources(tmp_path):
    """As in a bundle: `tfworker` and `resources` side by side, anywhere."""
    (tmp_path / "tfworker").mkdir()
    shutil.copy(paths.__file__, tmp_path / "tfworker" / "paths.py")
    (tmp_path / "tfworker" / "__init__.py").touch()
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "settings.json").write_text("{}")
    ask = "from tfworker.paths import resource; print(resource('settings.json'))"
    found = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert Path(found.stdout.strip()) == tmp_path / "resources" / "settings.json"
