"""From a cell's text to a value, or a reason in plain words that does not repeat it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from tfworker.council.importing import cells
from tfworker.records.words import Tenure

tenure = partial(cells.choice_of, choices=Tenure)

GOOD: list[tuple[Callable[[str], Any], str, Any]] = [
    (cells.date_of, "2016-02-29", date(2016, 2, 29)),
    (cells.date_of, "", None),
    (cells.moment_of, "2017-06-08T09:15", datetime(2017, 6, 8, 8, 15, tzinfo=UTC)),  # summer time
    (cells.moment_of, "2017-01-08T09:15:30", datetime(2017, 1, 8, 9, 15, 30, tzinfo=UTC)),
    (cells.moment_of, "2017-10-29T01:30", datetime(2017, 10, 29, 0, 30, tzinfo=UTC)),  # the first of two
    (cells.moment_of, "", None),
    (cells.line_of, "O'Hara", "O'Hara"),
    (cells.line_of, "", None),
    (cells.text_of, "one\r\ntwo\rthree", "one\ntwo\nthree"),
    (cells.reference_of, "ASH-00001", "ASH-00001"),
    (cells.code_of, "", None),
    (cells.yes_no, "yes", True),
    (cells.yes_no, "no", False),
    (cells.yes_no, "", None),
    (cells.percent_of, "0.6", 60),
    (cells.percent_of, "1.0", 100),
    (cells.percent_of, "", None),
    (tenure, "owned", "owned"),
    (tenure, "", None),
]


@pytest.mark.parametrize("parse, text, value", GOOD)
def test_a_good_cell_has_its_value(parse: Callable[[str], Any], text: str, value: Any) -> None:
    assert parse(text) == value


BAD: list[tuple[Callable[[str], Any], str, str]] = [
    (cells.date_of, "2016-02-30", "not a date written yyyy-mm-dd"),
    (cells.date_of, "31/12/2016", "not a date written yyyy-mm-dd"),
    (cells.date_of, "20161231", "not a date written yyyy-mm-dd"),
    (cells.date_of, "2016-W05-1", "not a date written yyyy-mm-dd"),
    (cells.date_of, "0216-02-03", "a date before 1890 or after 2100"),
    (cells.moment_of, "2017-06-08", "not a time written yyyy-mm-ddThh:mm"),
    (cells.moment_of, "2017-06-08T25:00", "not a time written yyyy-mm-ddThh:mm"),
    (cells.moment_of, "2017-06-31T09:00", "not a date written yyyy-mm-dd"),
    (cells.line_of, "one\ntwo", "one line expected"),
    (cells.line_of, "x" * 501, "longer than 500 characters"),
    (cells.name_of, "x" * 201, "longer than 200 characters"),
    (cells.text_of, "x" * 100_001, "longer than 100,000 characters"),
    (cells.reference_of, "", "empty, and the row cannot do without it"),
    (cells.reference_of, "no/slash", "not a reference (letters, digits, - and _, at most 40)"),
    (cells.yes_no, "Y", "not yes or no"),
    (cells.percent_of, "60%", "not a share of full time such as 0.6"),
    (cells.percent_of, "60", "not a share of full time such as 0.6"),
    (cells.percent_of, "nan", "not a share of full time such as 0.6"),
    (tenure, "castle", "not one of: social_rent, private_rent, owned, temporary, refuge, nfa, other"),
]


@pytest.mark.parametrize("parse, text, reason", BAD)
def test_a_bad_cell_says_why(parse: Callable[[str], Any], text: str, reason: str) -> None:
    with pytest.raises(cells.BadCell) as caught:
        parse(text)

    assert str(caught.value) == reason
