"""A visit at a quarter past midnight in summer was not the day before."""

from datetime import UTC, date, datetime

import pytest

from tfworker.rules.dates import day_of


def test_the_day_is_the_familys_day():
    assert day_of(datetime(2017, 6, 30, 23, 15, tzinfo=UTC)) == date(2017, 7, 1)
    assert day_of(datetime(2017, 12, 31, 23, 15, tzinfo=UTC)) == date(2017, 12, 31)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2017, 6, 30, 23, 15))  # noqa: DTZ001
