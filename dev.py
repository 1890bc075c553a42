#!/usr/bin/env python3
"""Set-up and every developer command: demo, test, check, bench, simulate, build.

    python3 dev.py COMMAND [arguments handed on to it]

Each command first sets up, which the second time takes a blink: an own `.venv` with exactly
what `requirements.lock` pins, the project itself, and the system libraries that Qt needs.
Standard library only, since it runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent
VENV = TOP / ".venv"
LOCK = TOP / "requirements.lock"
STAMP = VENV / "set-up.stamp"  # there and right: the set-up reached its end
FORMAT = "1"  # raise it when a finished set-up of an older dev.py must be made anew
OLDEST = (3, 11)
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
WORKERS = "2"  # processes of pytest; each that needs PostgreSQL starts its own
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

# Qt loads these from the system: the file it asks for, and Debian's package that has it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
GOOD_FONTS = ("Inter", "Noto Sans")
FONT_PACKAGE = "fonts-inter"
# Opens Qt without a screen and names the fonts it finds, one a line.
QT_PROBE = """
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
app = QApplication([])
print(*QFontDatabase.families(), sep="\\n")
"""


class SetUpFailed(Exception):
    """What stopped the set-up, in words for the person at the terminal."""


def say(line: str) -> None:
    print(f"dev.py: {line}", file=sys.stderr, flush=True)


def set_up() -> None:
    """Make `.venv` what the lock says. Two that start at once wait for each other."""
    if read_stamp() == stamp():
        return
    with only_one():
        made = read_stamp()
        if made == stamp():
            return
        started = time.monotonic()
        if made.startswith(venv_kind()):
            STAMP.unlink()
        else:
            make_venv()
        install_locked()
        install_project()
        prepare_qt()
        STAMP.write_text(stamp())
        say(f"set-up done in {time.monotonic() - started:.0f} s")


def venv_kind() -> str:
    """What a `.venv` cannot outlive: dev.py's format, the Python and the place of the folder."""
    return f"{FORMAT} {dotted(sys.version_info[:2])} {TOP}\n"


def stamp() -> str:
    """What a set-up is made from: the lock, and those parts of pyproject.toml that are installed."""
    import tomllib  # only from Python 3.11

    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    installed = [project["build-system"], project["project"], project["tool"]["hatch"]]
    return venv_kind() + hashlib.sha256(LOCK.read_bytes() + repr(installed).encode()).hexdigest()


def read_stamp() -> str:
    """What the last finished set-up left; nothing if it broke off half-way."""
    try:
        return STAMP.read_text() if PYTHON.exists() else ""
    except FileNotFoundError:
        return ""


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Wait until no other dev.py sets this folder up. The lock goes with its process, even a killed one."""
    with (TOP / ".venv.lock").open("w") as file:
        if not take(file.fileno()):
            say("another set-up is running here; waiting for it")
            while not take(file.fileno()):
                time.sleep(0.5)
        yield


def take(fileno: int) -> bool:
    try:
        if WINDOWS:
            import msvcrt

            msvcrt.locking(fileno, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(fileno, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make_venv() -> None:
    say(f"making .venv with Python {dotted(sys.version_info[:3])}")
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{dotted(sys.version_info[:2])}-venv"
        if not apt_install([package]):
            raise SetUpFailed(
                f"this Python cannot make a .venv. On Debian or Ubuntu run:\n    {apt_line([package])}"
            )
    if VENV.exists():
        shutil.rmtree(VENV)
    venv.EnvBuilder(with_pip=True, symlinks=not WINDOWS).create(VENV)


def install_locked() -> None:
    """Install every pinned package, each checked against its hash."""
    blocks = re.split(r"\n(?=\w)", LOCK.read_text())
    # The lock's pip does the rest of the work, and its setuptools builds the one package without a wheel.
    with tempfile.TemporaryDirectory() as folder:
        early = Path(folder, "early.txt")
        early.write_text("\n".join(b for b in blocks if b.startswith(("pip==", "setuptools=="))))
        pip("--require-hashes", "--no-deps", "-r", str(early))
    say(f"installing {len(blocks)} pinned packages")
    pip("--require-hashes", "--no-deps", "--no-build-isolation", "--no-compile", "-r", str(LOCK))
    say("compiling them")
    run([PYTHON, "-m", "compileall", "-qq", "-j", "0", VENV / ("Lib" if WINDOWS else "lib")])


def install_project() -> None:
    """Put `tfworker` and `sync` on the path of `.venv` as they lie here, and the command beside them."""
    pip("--no-deps", "--no-build-isolation", "--no-index", "-e", str(TOP))


def pip(*arguments: str) -> None:
    """Run pip's install; show a line now and then, and everything it said if it fails."""
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    lines = []
    collected = 0
    with subprocess.Popen(
        [*command, *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=TOP
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if line.startswith("Collecting "):
                collected += 1
                if collected % 20 == 0:
                    say(f"  {collected} fetched")
            elif line.startswith("Installing collected"):
                say(f"  {line.count(',') + 1} to put in place")
    if process.returncode:
        raise SetUpFailed("pip could not install:\n" + "".join(lines[-30:]))


# What Qt needs from the system


def prepare_qt() -> None:
    """See that Qt opens here and has a font worth looking at; install what is missing where we may."""
    missing = missing_libraries(QT_LIBRARIES) if LINUX else []
    if missing and not apt_install(missing):
        say(f"not all of Qt's system libraries are here. On Debian or Ubuntu run:\n    {apt_line(missing)}")
    fonts = probe_qt()
    if LINUX and not set(GOOD_FONTS) & set(fonts) and not apt_install([FONT_PACKAGE]):
        say(f"neither {' nor '.join(GOOD_FONTS)} is installed; pictures look better with {FONT_PACKAGE}")


def missing_libraries(package_by_library: dict[str, str]) -> list[str]:
    """Debian's packages for those system libraries that do not load here."""
    packages = []
    for library, package in package_by_library.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


def probe_qt() -> list[str]:
    """Open Qt without a screen. The families of fonts it finds."""
    result = subprocess.run(
        [PYTHON, "-c", QT_PROBE], env=os.environ | OFFSCREEN, text=True, capture_output=True, check=False
    )
    if result.returncode:
        raise SetUpFailed(f"Qt does not start here:\n{result.stderr.strip()}")
    return result.stdout.splitlines()


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages where we may (root, apt-get here); whether it worked."""
    if not (LINUX and shutil.which("apt-get") and os.geteuid() == 0):
        return False
    say(f"apt-get install {' '.join(packages)}")
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    # An update that fails is no reason to stop: the install itself will tell.
    for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        result = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    if result.returncode:
        say(f"apt-get could not:\n{result.stderr.strip()}")
    return result.returncode == 0


def apt_line(packages: Sequence[str]) -> str:
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"


# The commands


def demo(arguments: list[str]) -> int:
    """The product at work on an invented county: a council, two laptops, the app (--headless, --out DIR)."""
    environment = {}
    if LINUX and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        environment = OFFSCREEN
        if "--headless" not in arguments:
            arguments = ["--headless", *arguments]
    return become([PYTHON, "-m", "tfworker.demo", *arguments], environment)


def test(arguments: list[str]) -> int:
    """All tests, or those that pytest's own arguments choose."""
    return become(pytest_command(arguments), OFFSCREEN)


def pytest_command(arguments: Sequence[str]) -> list[Path | str]:
    parallel = ["-n", WORKERS, "--dist", "loadfile"]
    if any(re.match("-n|--numprocesses|--pdb|--trace", argument) for argument in arguments):
        parallel = []
    return [PYTHON, "-m", "pytest", *parallel, *arguments]


def check(arguments: list[str]) -> int:
    """Format, lint, types, contracts, sizes, then the tests."""
    bin_folder = PYTHON.parent
    steps = {
        "format": [bin_folder / "ruff", "format", "--check", "."],
        "lint": [bin_folder / "ruff", "check", "."],
        "types": [PYTHON, "-m", "mypy", "--strict", "tfworker", "sync"],
        "contracts": [bin_folder / "lint-imports"],
        "sizes": [PYTHON, "-m", "tests.house.sizes"],
        "tests": pytest_command(arguments),
    }
    failed = []
    for name, command in steps.items():
        say(name)
        if run(command, OFFSCREEN):
            failed.append(name)
    say(f"to mend: {', '.join(failed)}" if failed else "all good")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """How quick it is, beside the raw parts."""
    return module_of_tests("bench", arguments)


def simulate(arguments: list[str]) -> int:
    """Many seeded weeks of devices, faults and repairs."""
    return module_of_tests("simulation", arguments)


def module_of_tests(name: str, arguments: list[str]) -> int:
    if not (TOP / "tests" / name / "__main__.py").exists():
        say(f"tests/{name} is not written yet")
        return 2
    return become([PYTHON, "-m", f"tests.{name}", *arguments], OFFSCREEN)


def build(arguments: list[str]) -> int:
    """The app as one folder to hand out, in dist/."""
    return become([PYTHON, "-m", "PyInstaller", "--noconfirm", "build.spec", *arguments])


COMMANDS = {command.__name__: command for command in (demo, test, check, bench, simulate, build)}


def run(command: Sequence[Path | str], environment: dict[str, str] | None = None) -> int:
    """Run a command here and wait; its exit code."""
    return subprocess.call([str(part) for part in command], env=os.environ | (environment or {}), cwd=TOP)


def become(command: Sequence[Path | str], environment: dict[str, str] | None = None) -> int:
    """Hand this process over to the command, so that it gets Ctrl+C and signals itself."""
    if WINDOWS:  # its exec gives the prompt back before the command ends
        return run(command, environment)
    os.chdir(TOP)
    sys.stdout.flush()
    os.execve(command[0], [str(part) for part in command], os.environ | (environment or {}))


def usage() -> str:
    lines = [f"  {name:10}{command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: python3 dev.py COMMAND [arguments handed on to it]", "", *lines])


def too_old(version: tuple[int, ...]) -> str:
    """What to do about a Python that is too old for us; empty if it is new enough."""
    if version >= OLDEST:
        return ""
    newer = [f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1) if shutil.which(f"python3.{minor}")]
    advice = f"Try: {newer[0]} dev.py" if newer else "Please install a newer one."
    return f"this needs Python {dotted(OLDEST)} or newer; this is {dotted(version)}. {advice}"


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def main() -> int:
    complaint = too_old(sys.version_info[:3])
    if complaint:
        say(complaint)
        return 1
    name, *arguments = sys.argv[1:] or ["--help"]
    if name not in COMMANDS:
        print(usage())
        return 0 if name in ("-h", "--help") else 2
    try:
        set_up()
        return COMMANDS[name](arguments)
    except SetUpFailed as failure:
        say(f"set-up stopped: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
