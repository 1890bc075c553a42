"""Days, times, ages and counts as a person says them."""

from datetime import UTC, date, datetime

import pytest

from tfworker.actions import phrases

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday
TODAY = NOW.date()

MOMENTS = {
    "today": (datetime(2026, 11, 16, 8, 42, tzinfo=UTC), "today 08:42"),
    "yesterday": (datetime(2026, 11, 15, 16, 5, tzinfo=UTC), "yesterday 16:05"),
    "tomorrow": (datetime(2026, 11, 17, 10, 0, tzinfo=UTC), "tomorrow 10:00"),
    "this week": (datetime(2026, 11, 10, 10, 15, tzinfo=UTC), "Tue 10:15"),
    "a week ago": (datetime(2026, 11, 9, 10, 15, tzinfo=UTC), "9 Nov 10:15"),
    "next week": (datetime(2026, 11, 26, 15, 30, tzinfo=UTC), "Thu 26 Nov 15:30"),
    "in summer time": (datetime(2026, 8, 1, 12, 0, tzinfo=UTC), "1 Aug 13:00"),
    "years ago": (datetime(2015, 5, 8, 8, 15, tzinfo=UTC), "8 May 2015 09:15"),
}


@pytest.mark.parametrize("at, words", MOMENTS.values(), ids=MOMENTS.keys())
def test_moment(at: datetime, words: str) -> None:
    assert phrases.moment(at, NOW) == words


AGES = {
    "a schoolchild": (date(2018, 11, 17), False, None, "7"),
    "on her birthday": (date(2018, 11, 16), False, None, "8"),
    "born on 29 February": (date(2012, 2, 29), False, None, "14"),
    "a baby": (date(2026, 1, 1), False, None, "under 1"),
    "a guess": (date(1986, 1, 1), True, None, "about 40"),
    "unborn": (None, False, date(2027, 3, 4), "due March"),
    "nobody knows": (None, False, None, ""),
}


@pytest.mark.parametrize("dob, estimated, expected, words", AGES.values(), ids=AGES.keys())
def test_age(dob: date | None, estimated: bool, expected: date | None, words: str) -> None:
    assert phrases.age(dob, estimated, expected, TODAY) == words


INITIALS = {"Pearce family": "P.", "Featherstone-Lloyd family": "F. L.", "O’Brien": "O.", "": ""}


@pytest.mark.parametrize("label, initials", INITIALS.items())
def test_initials(label: str, initials: str) -> None:
    assert phrases.initials(label) == initials


CHILDREN = {
    "nobody": (0, [], ""),
    "one of each": (1, ["8"], "1 adult, 1 child (8)"),
    "ages unknown": (2, ["", ""], "2 adults, 2 children"),
    "children alone": (0, ["17", "9"], "2 children (17, 9)"),
}


@pytest.mark.parametrize("adults, ages, words", CHILDREN.values(), ids=CHILDREN.keys())
def test_members(adults: int, ages: list[str], words: str) -> None:
    assert phrases.members(adults, ages) == words


def test_working_days_leave_out_weekends() -> None:
    assert phrases.working_days(date(2026, 11, 12), 5) == date(2026, 11, 19)


def test_first_words_are_cut_between_words() -> None:
    assert phrases.first_words("one two\nthree", 9) == "one two…"
    assert phrases.first_words("one two", 9) == "one two"


def test_every_sentence_has_its_gaps_filled() -> None:
    assert phrases.count("days", 1) == "1 day"
    assert phrases.count("days", 3) == "3 days"
