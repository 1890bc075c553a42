"""A day of Qt calls leaves None, True and False alive."""

import subprocess
import sys

CALLS = 200_000  # without the workaround Python 3.11 ends after some ten thousand
A_DAY = f"""
import tfworker.ui
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal(bool)

bell = Bell()
bell.rung.connect(lambda on: None)
for _ in range({CALLS}):
    bell.setObjectName("x")
    bell.rung.emit(True)
    bell.rung.emit(False)
"""


def test_many_calls_do_not_end_the_process():
    done = subprocess.run([sys.executable, "-c", A_DAY], capture_output=True, text=True, timeout=60)

    assert done.stderr == ""
    assert done.returncode == 0
