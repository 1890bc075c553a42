"""The working day: played whole as a command, and able to fail."""

import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton

from tfworker.demo.__main__ import OK, played
from tfworker.demo.stage import Stage, StepFailed

PICTURES = 10  # at least
STEPS = 13
COLOURS = 30  # of a window that shows something; an empty one has a few


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The whole day, in a process of its own as `dev.py demo` starts it; and its pictures."""
    out = tmp_path_factory.mktemp("day")
    command = [sys.executable, "-m", "tfworker.demo", "--headless", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, env=os.environ)
    return done, sorted(out.glob("*.png"))


@pytest.mark.timeout(300)
def test_the_main_job_is_done_end_to_end(day):
    done, _ = day
    said = done.stdout.splitlines()

    assert said[-1] == OK == "main job: ok", done.stdout + done.stderr
    assert done.returncode == 0
    assert done.stderr == ""
    assert [line.split()[0] for line in said if line[:1].isdigit()] == [str(n) for n in range(STEPS + 1)]


@pytest.mark.timeout(300)
def test_it_leaves_a_picture_of_what_each_step_showed(day):
    _, pictures = day

    assert len(pictures) >= PICTURES
    for path in pictures:
        picture = QImage(str(path))
        seen = {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, 800, 40)}
        assert (picture.width(), picture.height()) == (1360, 850), path.name
        assert len(seen) >= COLOURS, path.name


def test_a_step_that_is_not_so_ends_the_day_and_is_named(stage, capsys):
    def day() -> None:
        stage.begin("9  At the office")
        stage.check(2 > 1, "two are more than one")
        stage.check(2 > 3, "everything has the council's receipt")

    assert played(stage, day) == 1
    said = capsys.readouterr().out
    assert "failed at step 9  At the office: everything has the council's receipt" in said
    assert OK not in said


def test_a_day_in_which_all_is_so_is_ok(stage, capsys):
    assert played(stage, lambda: stage.check(True, "all is well")) == 0
    assert capsys.readouterr().out.splitlines()[-1] == OK


def test_what_does_not_come_is_not_waited_for_for_ever(qapp):
    hasty = Stage(qapp, None, patience_s=0.02)

    with pytest.raises(StepFailed, match="in vain for: the bus"):
        hasty.wait(lambda: False, "the bus")


def test_a_button_out_of_sight_cannot_be_pressed(qapp, qtbot):
    hasty = Stage(qapp, None, patience_s=0.02)
    button = QPushButton("Save")
    qtbot.addWidget(button)
    pressed = []
    button.clicked.connect(pressed.append)

    with pytest.raises(StepFailed, match="the button 'Save'"):
        hasty.press(button, "Save")
    assert pressed == []
