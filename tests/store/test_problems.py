"""What the disk does becomes a Problem in one place; what we do wrong stays an error."""

import errno

import pytest

from tfworker.errors import Problem
from tfworker.store import problems
from tfworker.store.problems import DiskFull, DiskTrouble, told_plainly

DISK = {errno.ENOSPC: DiskFull, errno.EDQUOT: DiskFull, errno.EIO: DiskTrouble, errno.EACCES: DiskTrouble}


@pytest.mark.parametrize("code, problem", DISK.items())
def test_a_failing_disk_is_told_plainly(code, problem):
    with pytest.raises(problem) as caught, told_plainly():
        raise OSError(code, "/some/path/of/a/family")

    assert "/some/path" not in str(caught.value)


def test_our_own_mistakes_are_not_dressed_up():
    with pytest.raises(KeyError), told_plainly():
        raise KeyError("x")


def test_a_problem_passes_through_as_it_is():
    with pytest.raises(problems.WrongPassphrase), told_plainly():
        raise problems.WrongPassphrase


def test_every_problem_says_what_to_do():
    kinds = [kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, Problem)]

    assert [kind for kind in kinds if kind is not Problem and not (kind.title and kind.advice)] == []
