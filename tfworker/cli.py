"""The command line: `tfworker` opens the app; `doctor` and `council …` are for administrators.

Exit codes: 0 done, 1 the world stood in the way (one line says why), 2 not understood.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tfworker.errors import Problem

Check = Callable[[Path], str]  # gives what it found; raises Problem for what must be put right
FREE_MIB = 500  # a vault of 100,000 notes, its copy before a migration, and some air


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code. What is not needed for it is not loaded."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.run(given)
    except Problem as problem:
        print(f"tfworker: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tfworker: stopped", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tfworker",
        description="Case notes for family support workers. Without a command, the app opens.",
    )
    parser.add_argument("--home", metavar="DIR", help="the laptop's place (or set TFWORKER_HOME)")
    parser.set_defaults(run=_app)
    commands = parser.add_subparsers(metavar="COMMAND")
    words = "look whether this machine is fit for the app"
    commands.add_parser("doctor", help=words, description=words).set_defaults(run=_doctor)
    council = commands.add_parser(
        "council", help="the central records: set up, import, serve, users, laptops"
    )
    from tfworker.council.command_line import add_commands

    add_commands(council)
    return parser


def _app(given: argparse.Namespace) -> int:
    from tfworker import app, paths

    return app.main(paths.home(given.home))


def _doctor(given: argparse.Namespace) -> int:
    """Print one line a check; 1 when something must be put right."""
    from tfworker import paths

    home = paths.home(given.home)
    is_fit = True
    for name, check in CHECKS.items():
        try:
            print(f"ok      {name}: {check(home)}")
        except Problem as problem:
            is_fit = False
            print(f"problem {name}: {problem}")
    return 0 if is_fit else 1


def _place(home: Path) -> str:
    """Whether the place can be written, by its owner alone."""
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(nearest, os.W_OK):
        raise Problem(
            "The place for the app's files cannot be written", f"Look at {nearest}, or give --home."
        )
    if sys.platform != "win32" and home.exists() and home.stat().st_mode & 0o077:
        raise Problem("Others on this machine can look into the place of the app", f"Run: chmod 700 {home}")
    return str(home)


def _space(home: Path) -> str:
    import shutil

    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(nearest).free // 2**20
    if free < FREE_MIB:
        raise Problem(f"Only {free} MiB are free on the disk", f"Make room: {FREE_MIB} MiB are needed.")
    return f"{free:,} MiB free"


def _vault(_home: Path) -> str:
    """Whether the encryption is the one the vault needs: the vault's own start-up check."""
    from tfworker.store import selfcheck

    facts = selfcheck.check()
    wrong = [f"{fact.name} is {fact.value}, should be {fact.wanted}" for fact in facts if not fact.holds]
    if wrong:
        raise Problem("This installation is not fit to keep records", "; ".join(wrong))
    return ", ".join(fact.value for fact in facts[:2])


def _keystore(_home: Path) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        backend = keyring.get_keyring()
    except KeyringError as error:
        raise Problem("The system's keystore does not answer") from error
    name = f"{type(backend).__module__.removeprefix('keyring.backends.')}.{type(backend).__name__}"
    if backend.priority < 1:
        return f"none ({name}): the laptop's keys will lie in a file of their own, readable by you alone"
    return name


def _screen(_home: Path) -> str:
    from importlib.metadata import PackageNotFoundError, version

    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise Problem("There is no screen", "Start it from a desktop, or set QT_QPA_PLATFORM=offscreen.")
    try:
        return f"Qt {version('PySide6-Essentials')}"
    except PackageNotFoundError as error:
        raise Problem("Qt is not installed", "Install the package PySide6-Essentials.") from error


CHECKS: dict[str, Check] = {
    "place": _place,
    "disk": _space,
    "vault": _vault,
    "keystore": _keystore,
    "screen": _screen,
}
