"""The short form of the bench: every figure is measured, on few notes, and says whether it is met."""

import json
import subprocess
import sys

import pytest

from tests.bench.figure import Figure, p95


@pytest.mark.timeout(300)
def test_every_figure_is_measured_and_judged() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench", "--json", "--notes", "200"]
    command += ["--ledger", "20000"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures = json.loads(done.stdout)

    assert [figure["name"] for figure in figures] == [
        "B1", "B2", "B3", "B3", "B5", "B4", "B4", "B6", "B9", "B10", "B10",
    ]  # fmt: skip
    assert all(figure["ours"] > 0 and isinstance(figure["met"], bool) for figure in figures)
    assert all(figure["raw"] > 0 for figure in figures if figure["name"] in ("B1", "B2", "B4", "B5"))


def test_a_figure_gives_its_ratio_and_what_it_must_reach() -> None:
    figure = Figure("B5", "save a note", 3.0, 2.0, "≤ 2 × raw", True, "ms")

    assert figure.as_json()["ratio"] == 1.5
    assert "≤ 2 × raw" in figure.line()
    assert Figure("B6", "unlock", 3.0, None, "≤ 300 ms", False).ratio is None


def test_p95_is_the_value_that_95_of_100_stay_under() -> None:
    assert 95 <= p95([float(n) for n in range(1, 101)]) <= 96
