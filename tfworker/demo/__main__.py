"""`python -m tfworker.demo`: with a display, two laptops to try; without one, a day played by itself."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from PySide6.QtWidgets import QApplication

from tfworker.demo.by_hand import run
from tfworker.demo.county import County
from tfworker.demo.day import play
from tfworker.demo.stage import Stage, StepFailed, application, leave

OK = "main job: ok"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when everything came out as it must; 1 names the step that did not."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description="a council and two laptops")
    parser.add_argument("--headless", action="store_true", help="play a day through the windows, unseen")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep a picture of each step here")
    parser.add_argument("--dark", action="store_true", help="in the dark colours")
    asked = parser.parse_args(arguments)
    if asked.headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # The laptops of a demo are thrown away; their secrets must not stay in the person's own keystore.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    try:
        with ExitStack() as undo:
            folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="tfworker-demo-")))
            app = application(is_dark=asked.dark)
            undo.callback(leave, app)
            if asked.headless:
                return _play(Stage(app, asked.out), folder, undo)
            return _open(app, folder, undo)
    except KeyboardInterrupt:
        print("stopped; nothing is left behind")
        return 1


def _play(stage: Stage, folder: Path, undo: ExitStack) -> int:
    stage.begin("0  A council with the invented county of Ashcombe")
    county = County(folder, stage.say)
    undo.callback(county.close)
    return played(stage, lambda: play(stage, folder, county))


def played(stage: Stage, day: Callable[[], None]) -> int:
    """Play a day and say how it ended; gives the exit code."""
    start = monotonic()
    try:
        day()
    except StepFailed as failure:
        print(f"\nfailed at step {stage.step.strip()}: {failure}", flush=True)
        return 1
    print(f"\nplayed in {monotonic() - start:.0f} s, {stage.pictures} pictures")
    print(OK, flush=True)
    return 0


def _open(app: QApplication, folder: Path, undo: ExitStack) -> int:
    print("Setting up the council of the invented county of Ashcombe (a few seconds) ...", flush=True)
    county = County(folder, print)
    undo.callback(county.close)
    return run(app, folder, county)


if __name__ == "__main__":
    sys.exit(main())
