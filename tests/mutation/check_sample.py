"""Tests of the sample that miss what happens just at the limit, on purpose."""

from tests.mutation.sample import is_over


def test_far_from_the_limit() -> None:
    assert is_over(3, 5)
    assert is_over(3, 1) is False
