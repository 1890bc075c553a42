from datetime import UTC, date, datetime, time, timedelta

import pytest

from tfworker.ui import dates

TODAY = date(2016, 11, 16)
NOW = datetime(2016, 11, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "day, words",
    [
        (date(2016, 11, 9), "9 Nov"),
        (date(2017, 2, 1), "1 Feb"),
        (date(2016, 5, 1), "1 May 2016"),
        (date(2017, 11, 9), "9 Nov 2017"),
    ],
)
def test_a_near_date_has_no_year_and_a_far_one_has(day, words):
    assert dates.near(day, TODAY) == words


@pytest.mark.parametrize(
    "shift, words", [(0, "today"), (-1, "yesterday"), (1, "tomorrow"), (2, "Fri 18 Nov"), (-7, "Wed 9 Nov")]
)
def test_a_near_day_is_said_as_people_say_it(shift, words):
    assert dates.near_day(TODAY + timedelta(days=shift), TODAY) == words


def test_forms_have_day_month_year():
    assert dates.form(date(2016, 11, 9)) == "09/11/2016"


def test_a_long_day():
    assert dates.long_day(TODAY) == "Wednesday 16 November"


@pytest.mark.parametrize(
    "when, words",
    [
        (datetime(2016, 11, 16, 8, 42, tzinfo=UTC), "today 08:42"),
        (datetime(2016, 11, 15, 16, 5, tzinfo=UTC), "yesterday 16:05"),
        (datetime(2016, 11, 14, 10, 15, tzinfo=UTC), "Mon 10:15"),
        (datetime(2016, 11, 9, 8, 42, tzinfo=UTC), "9 Nov 08:42"),
        (datetime(2016, 7, 9, 23, 30, tzinfo=UTC), "10 Jul 00:30"),  # summer time, past midnight
    ],
)
def test_a_moment_is_told_in_the_countys_time(when, words):
    assert dates.moment(when, NOW) == words


def test_a_visit_ahead_names_its_day():
    assert dates.visit_time(datetime(2016, 11, 17, 15, 30, tzinfo=UTC), NOW) == "tomorrow 15:30"
    assert dates.visit_time(datetime(2016, 11, 24, 15, 30, tzinfo=UTC), NOW) == "Thu 24 Nov 15:30"


@pytest.mark.parametrize(
    "minutes, words",
    [(0, "just now"), (1, "1 minute ago"), (40, "40 minutes ago"), (60, "today 11:00")],
)
def test_ago_counts_minutes_up_to_an_hour(minutes, words):
    assert dates.ago(NOW - timedelta(minutes=minutes), NOW) == words


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        dates.local(datetime(2016, 11, 16, 12))  # noqa: DTZ001


def test_a_local_day_and_time_become_an_instant():
    assert dates.instant(date(2016, 7, 1), time(9)) == datetime(2016, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text, day",
    [
        ("09/11/2016", date(2016, 11, 9)),
        ("9/11/16", date(2016, 11, 9)),
        ("9.11.16", date(2016, 11, 9)),
        ("9-11", date(2016, 11, 9)),
        ("09112016", date(2016, 11, 9)),
        ("091116", date(2016, 11, 9)),
        ("9 Nov", date(2016, 11, 9)),
        (" 9 november 2015 ", date(2015, 11, 9)),
        ("1/2/85", date(1985, 2, 1)),
        ("1/2/30", date(2030, 2, 1)),
        ("today", TODAY),
        ("Yesterday", date(2016, 11, 15)),
        ("29/2/2016", date(2016, 2, 29)),
    ],
)
def test_what_people_type_for_a_date(text, day):
    assert dates.parse_date(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "soon", "31/2/2016", "13/13/2016", "9", "911", "9 No", "2016-11-09"])
def test_what_is_no_date(text):
    assert dates.parse_date(text, TODAY) is None


@pytest.mark.parametrize(
    "text, at",
    [
        ("15:30", time(15, 30)),
        ("1530", time(15, 30)),
        ("15.30", time(15, 30)),
        ("9", time(9)),
        ("3pm", time(15)),
        ("3.30 pm", time(15, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
    ],
)
def test_what_people_type_for_a_time(text, at):
    assert dates.parse_time(text) == at


@pytest.mark.parametrize("text", ["", "noon", "25:00", "9:75", "13pm", "0am"])
def test_what_is_no_time(text):
    assert dates.parse_time(text) is None


@pytest.mark.parametrize("shift", range(0, 400, 7))
def test_a_date_in_a_form_is_read_back(shift):
    day = TODAY + timedelta(days=shift)

    assert dates.parse_date(dates.form(day), TODAY) == day
