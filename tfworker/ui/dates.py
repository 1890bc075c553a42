"""Dates as people read and write them: "9 Nov" on a page, 09/11/2016 in a form, "today 08:42".

Instants are aware datetimes; they are shown in the time of the county, Europe/London. English
month names are ours, so that a laptop set to another language shows the same words.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR_DAYS = 183  # further away than half a year, "9 Nov" could be either year


def now() -> datetime:
    """This moment by the machine's clock, for what no action's clock reaches."""
    return datetime.now(UTC)


def today() -> date:
    """The county's day by the machine's clock."""
    return now().astimezone(ZONE).date()


def local(instant: datetime) -> datetime:
    """An instant in the county's time. ValueError if it has no zone: that would be a guess."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(ZONE)


def instant(day: date, at: time) -> datetime:
    """A day and time of the county as an aware UTC datetime."""
    return datetime.combine(day, at, tzinfo=ZONE).astimezone(UTC)


def near(day: date, today: date) -> str:
    """ "9 Nov", or "9 Nov 2016" when it is more than half a year away."""
    short = f"{day.day} {MONTHS[day.month - 1][:3]}"
    return short if abs((day - today).days) <= NEAR_DAYS else f"{short} {day.year}"


def near_day(day: date, today: date) -> str:
    """ "today", "yesterday", "tomorrow", else "Thu 16 Nov" (with its year when far away)."""
    words = {0: "today", -1: "yesterday", 1: "tomorrow"}
    return words.get((day - today).days) or f"{DAYS[day.weekday()][:3]} {near(day, today)}"


def long_day(day: date) -> str:
    """ "Thursday 16 November"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def form(day: date) -> str:
    """ "09/11/2016", as in forms."""
    return f"{day:%d/%m/%Y}"


def clock(at: time | datetime) -> str:
    """ "08:42". A datetime is taken to the county's time first."""
    if isinstance(at, datetime):
        at = local(at).time()
    return f"{at:%H:%M}"


def moment(when: datetime, now: datetime) -> str:
    """ "today 08:42", "yesterday 16:05", "Tue 10:15" within a week back, else "9 Nov 08:42"."""
    day, today = local(when).date(), local(now).date()
    back = (today - day).days
    if back in (0, 1, -1):
        return f"{near_day(day, today)} {clock(when)}"
    if 1 < back < 7:
        return f"{DAYS[day.weekday()][:3]} {clock(when)}"
    return f"{near(day, today)} {clock(when)}"


def visit_time(when: datetime, now: datetime) -> str:
    """ "Thu 16 Nov 15:30", for a visit ahead; "today 15:30" and "tomorrow 09:00" when they are."""
    return f"{near_day(local(when).date(), local(now).date())} {clock(when)}"


def ago(when: datetime, now: datetime) -> str:
    """ "just now", "1 minute ago", "40 minutes ago"; from an hour on as `moment`."""
    minutes = int((now - when).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} minute{'s' if minutes > 1 else ''} ago"
    return moment(when, now)


def parse_date(text: str, today: date) -> date | None:
    """The date somebody typed, or None if it is none.

    Taken: 09/11/2016, 9.11.16, 9-11, 09112016, "9 Nov", "9 November 2016", today, yesterday, tomorrow.
    Day before month, always. A year of two digits is in the century that puts it within 80 years
    back or 20 ahead; without a year it is this year's.
    """
    words = text.strip().lower()
    shift = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(words)
    if shift is not None:
        return today + timedelta(days=shift)
    found = re.fullmatch(r"(\d{1,2})\s*[/. -]?\s*(\d{1,2}|[a-z]{3,9})(?:\s*[/. -]?\s*(\d{4}|\d{2}))?", words)
    if found is None or (words.isdigit() and len(words) not in (6, 8)):
        return None
    if words.isdigit():
        day_text, month_text, year_text = words[:2], words[2:4], words[4:]
    else:
        day_text, month_text, year_text = found[1], found[2], found[3] or str(today.year)
    month = _month(month_text)
    if month is None:
        return None
    try:
        return date(_year(year_text, today), month, int(day_text))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """The time of day somebody typed, or None: 15:30, 1530, 15.30, 9, 3pm, 3.30 pm."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", text.strip().lower())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    return next((at for at, name in enumerate(MONTHS, 1) if name.lower().startswith(text)), None)


def _year(text: str, today: date) -> int:
    if len(text) == 4:
        return int(text)
    year = today.year - today.year % 100 + int(text)
    if year > today.year + 20:
        return year - 100
    return year + 100 if year < today.year - 80 else year
