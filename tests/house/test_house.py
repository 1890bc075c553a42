"""The house keeps its own rules: what lies where, how it is started, what it depends on."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.sizes import TOP, long_files, sources

ALLOWED_AT_THE_TOP = {
    "README.md",
    "build.spec",
    "dev.py",
    "pyproject.toml",
    "requirements.lock",
    "resources",
    "sync",
    "tests",
    "tfworker",
}
# Folders of tests about the whole: they mirror no code.
TESTS_OF_THE_WHOLE = {"bench", "house", "old", "simulation", "mutation", "processes"}
# In pieces, so that this file does not name them either.
REGISTRY_HOSTS = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "deb.deb" + "ian.org"]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file that git keeps, and is still there."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True)
    return [Path(name) for name in listing.stdout.split("\0") if name and (TOP / name).is_file()]


def test_the_top_holds_only_what_is_agreed(tracked):
    tops = {path.parts[0] for path in tracked}

    assert {name for name in tops if not name.startswith(".")} <= ALLOWED_AT_THE_TOP


def test_every_folder_of_tests_mirrors_the_code(tracked):
    folders = {path.parent.relative_to("tests") for path in tracked if path.parts[0] == "tests"}
    mirrors = [folder for folder in folders if folder.parts and folder.parts[0] not in TESTS_OF_THE_WHOLE]

    assert [str(folder) for folder in mirrors if not mirrored(folder)] == []


def mirrored(folder: Path) -> bool:
    code = TOP / folder if folder.parts[0] == "sync" else TOP / "tfworker" / folder
    return code.is_dir() or code.with_suffix(".py").is_file()


def test_no_file_of_the_product_is_too_long():
    assert long_files(sources("tfworker", "sync")) == []


def test_the_readme_has_its_two_commands_first():
    first_block = re.search(r"```\w*\n(.*?)```", (TOP / "README.md").read_text(encoding="utf-8"), re.S)

    assert first_block
    assert [line.split("  #")[0].strip() for line in first_block[1].splitlines()] == [
        "python3 dev.py demo",
        "python3 dev.py test",
    ]


def test_ci_runs_exactly_the_tests():
    lines = (TOP / ".ci/run").read_text(encoding="utf-8").splitlines()

    assert lines == [
        "#!/usr/bin/env bash",
        "set -eu",
        'cd "$(dirname "$0")/.."',
        "exec python3 dev.py test",
    ]
    assert os.access(TOP / ".ci/run", os.X_OK) or sys.platform == "win32"


def test_no_file_names_a_registry_or_this_folder(tracked):
    unwanted = [name.encode() for name in (*REGISTRY_HOSTS, f"{TOP}/")]
    files = {path: (TOP / path).read_bytes() for path in tracked}

    assert [(str(path), name) for path, data in files.items() for name in unwanted if name in data] == []


def test_the_contracts_between_the_floors_are_kept():
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def locked_blocks() -> dict[str, str]:
    """{package: its block in the lock}; a package may have one block for each Python."""
    text = (TOP / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "#" not in line]
    blocks = re.split(r"\n(?=\S)", "\n".join(lines))
    return {f"{number} {block.split('==')[0]}": block for number, block in enumerate(blocks)}


def test_every_package_is_pinned_with_its_hashes():
    blocks = locked_blocks()

    assert [name for name, block in blocks.items() if not re.match(r"[\w.-]+==\S+", block)] == []
    assert [name for name, block in blocks.items() if "--hash=sha256:" not in block] == []


def test_the_lock_holds_all_that_the_project_asks_for():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {
        re.match(r"[\w.-]+", line)[0].lower()
        for line in project["dependencies"] + extras["council"] + extras["dev"]
        if not line.startswith("tfworker[")
    }

    assert wanted - {name.split()[1] for name in locked_blocks()} == set()
