"""Real HTTP over a line that cuts, doubles, delays and drips: nothing is lost, nothing is doubled."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from sync.device import run_round
from sync.errors import SyncProblem
from sync.memory import FakeClock
from tests.processes import judging, templates
from tests.processes.judge import to_quiet
from tests.processes.laptops import PLAIN, Notes, open_laptop
from tests.processes.proxy import BadLine, Fault
from tests.processes.scenes import Sitting, in_small_pages
from tests.processes.ways import way_to
from tfworker.council.serve import serving
from tfworker.council.service import Council

SEEDS, ROUNDS = 8, 12
Outcomes = dict[str, list[tuple[str, str | None]]]


def day(folder: Path, seed: int | None) -> tuple[Outcomes, Counter[str], list[str]]:
    """Work of every kind goes out in small pages, with a save between any two rounds."""
    notes, laptop = Notes.of(folder), open_laptop(folder, PLAIN)
    with (
        Council.open(templates.url_of(folder), FakeClock()) as council,
        serving(council) as url,
        BadLine(url, seed or 0) as line,
    ):
        if seed is None:
            line.heal()
        saved = dict(notes.saved)
        sitting = Sitting(laptop, notes, way_to(line.url, notes), saved.__setitem__)
        in_small_pages(sitting)
        for number in range(ROUNDS):
            sitting.note(f"between {number}")
            try:
                run_round(laptop.device, sitting.transport, laptop.clock)
            except SyncProblem:
                continue
        line.heal()
        words = to_quiet(laptop, sitting.transport)
        words += judging.faults_of_hub(council.engine, council.schema)
        words += judging.differences(laptop, council.engine, council.schema, notes.worker)
        became = judging.outcomes(council.engine, council.schema, saved)
    laptop.close()
    return became, line.faults, words


@pytest.mark.timeout(300)
def test_rounds_over_a_bad_line_come_to_the_same_end(bases: Path, tmp_path: Path) -> None:
    template = bases / f"{PLAIN} push"
    faults: Counter[str] = Counter()
    expected, _, words = day(Path(shutil.copytree(template, tmp_path / "good")), None)
    assert words == []
    for seed in range(1, SEEDS + 1):
        became, met, words = day(Path(shutil.copytree(template, tmp_path / str(seed))), seed)
        faults += met

        assert words == [], seed
        assert became == expected, seed
    assert faults.keys() == {fault.value for fault in Fault}
