"""The tool that makes small faults: it makes them, sees them caught, and says what got away."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutating import mutants, mutated
from tests.mutation.running import TOP

FAULTS = {
    "a == b": ["a != b"],
    "a < b": ["a <= b", "a >= b"],
    "a is None": ["a is not None"],
    "a in b": ["a not in b"],
    "a and b": ["a or b"],
    "not a": ["a"],
    "a + b": ["a - b"],
    "a | b": ["b | a", "a", "b"],
    "min(a, b)": ["max(a, b)"],
    "sorted(a, key=b)": ["list(a)"],
    "any(a)": ["all(a)"],
    "a[1:2]": ["a[:2]", "a[1:]", "a[2:2]", "a[1:3]"],
    "a if b else c": ["c if b else a"],
    "{**a, **b}": ["{**b, **a}"],
    "[x for x in a if x]": ["[x for x in a if not x]", "[x for x in a]"],
    "True": ["False"],
    "7": ["8"],
    "'a'": ["''"],
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_of_every_kind(code: str) -> None:
    source = f"value = {code}\n"
    made = [mutated(source, mutant).removeprefix("value = ").strip() for mutant in mutants("m", source)]

    assert made == FAULTS[code]


def test_a_statement_left_out_a_condition_turned_and_a_value_not_given_back() -> None:
    source = "def f(a):\n    if a:\n        a.clear()\n        a.size = b\n    return a\n"
    made = [mutated(source, mutant) for mutant in mutants("m", source)]

    assert "def f(a):\n    if not a:\n        a.clear()\n        a.size = b\n    return a" in made
    assert "def f(a):\n    if a:\n        pass\n        a.size = b\n    return a" in made
    assert "def f(a):\n    if a:\n        a.clear()\n        pass\n    return a" in made
    assert "def f(a):\n    if a:\n        a.clear()\n        a.size = b\n    return None" in made
    assert len(made) == 4


def test_what_says_nothing_about_behaviour_is_left_alone() -> None:
    source = (
        '"""Words."""\nimport a\n__all__ = ["b"]\n\n@c(frozen=True)\nclass D:\n    """More."""\n    e: "F"\n'
    )

    assert mutants("m", source) == []


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "tests.mutation", *arguments]
    result = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    told: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return result.returncode, told


def test_a_fault_is_caught_and_one_that_gets_away_is_named() -> None:
    code, told = run("--module", "tests.mutation.sample", "--tests", "tests/mutation/check_sample.py")

    assert (told["mutants"], told["killed"], told["survived"]) == (3, 2, 1)
    assert told["survivors"] == ["tests.mutation.sample:6: value > limit  ->  value >= limit"]
    assert code == 1


def test_a_handful_of_faults_in_what_stands_is_caught() -> None:
    code, told = run("--module", "sync.standing", "--tests", "tests/sync/test_standing.py", "--most", "3")

    assert told["killed"] == told["mutants"] == 3
    assert code == 0


def test_every_equivalent_has_its_reason() -> None:
    assert all(reason.strip() for reason in EQUIVALENT.values())
