"""Days, times, ages and counts as a person says them. Pure; the words are resources/wording/actions.json."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tfworker import settings

HERE = ZoneInfo("Europe/London")
NEAR_DAYS = 183  # further away than half a year, "9 Nov" could be either year
# Ours, so that a laptop set to another language shows the same words.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def say(key: str, /, **parts: object) -> str:
    """The words under `key` in resources/wording/actions.json, with their gaps filled."""
    text: str = settings.wording()["actions"][key]
    return text.format(**parts)


def count(key: str, n: int, **parts: object) -> str:
    """As `say`, of the singular (`key.one`) or plural (`key.many`) words."""
    return say(f"{key}.one" if n == 1 else f"{key}.many", n=n, **parts)


def local(at: datetime) -> datetime:
    """A moment as a clock on the wall shows it."""
    return at.astimezone(HERE)


def day(on: date, today: date) -> str:
    """ "9 Nov"; "9 Nov 2015" when that is long ago or far ahead."""
    short = f"{on.day} {MONTHS[on.month - 1][:3]}"
    return short if abs((on - today).days) <= NEAR_DAYS else f"{short} {on.year}"


def moment(at: datetime, now: datetime) -> str:
    """ "today 08:42", "yesterday 16:10", "Tue 10:15" within a week, else "9 Nov 15:30"."""
    there, today = local(at), local(now).date()
    clock = f"{there:%H:%M}"
    days = (today - there.date()).days
    if days == 0:
        return say("today_at", clock=clock)
    if days == 1:
        return say("yesterday_at", clock=clock)
    if days == -1:
        return say("tomorrow_at", clock=clock)
    if 1 < days < 7:
        return f"{DAYS[there.weekday()]} {clock}"
    if -14 < days < 0:
        return f"{DAYS[there.weekday()]} {day(there.date(), today)} {clock}"
    return f"{day(there.date(), today)} {clock}"


def since(at: datetime, now: datetime) -> str:
    """How long something has been so: "since today 08:42", "since Tue 10:15"."""
    return say("since", moment=moment(at, now))


def age_in_days(at: datetime, now: datetime) -> str:
    """ "today", "1 day", "5 days"."""
    days = (local(now).date() - local(at).date()).days
    return say("today") if days <= 0 else count("days", days)


def years(dob: date, today: date) -> int:
    """A person's age in whole years. Somebody born on 29 February turns on 1 March."""
    return today.year - dob.year - ((today.month, today.day) < (dob.month, dob.day))


def age(dob: date | None, estimated: bool, expected: date | None, today: date) -> str:
    """ "8", "under 1", "about 40", "due March"; "" when nobody knows."""
    if dob is None:
        return "" if expected is None else say("due_month", month=MONTHS[expected.month - 1])
    number = years(dob, today)
    if number < 1:
        return say("under_one")
    return say("about", n=number) if estimated else str(number)


def is_child(dob: date | None, role: str, today: date) -> bool:
    """Under 18 today, or unborn; without a date of birth the role in the family says it."""
    if role == "unborn":
        return True
    return role == "child" if dob is None else years(dob, today) < 18


def initials(label: str) -> str:
    """What privacy mode shows instead of a family's name: "P." for "Pearce family"."""
    name = label.removesuffix(" family").strip()
    return " ".join(f"{part[0].upper()}." for part in name.replace("-", " ").split() if part)


def members(adults: int, children: Sequence[str]) -> str:
    """ "1 adult, 2 children (8, 11)"; children: their ages in words, "" for unknown."""
    said = []
    if adults:
        said.append(count("adults", adults))
    if children:
        ages = ", ".join(a for a in children if a)
        said.append(count("children", len(children)) + (f" ({ages})" if ages else ""))
    return ", ".join(said)


def working_days(start: date, n: int) -> date:
    """The day n working days after `start`: Mondays to Fridays, bank holidays counted as worked."""
    on, left = start, n
    while left > 0:
        on += timedelta(days=1)
        left -= on.weekday() < 5
    return on


def names(ids: Sequence[str], name_by_id: Mapping[str, str]) -> tuple[str, ...]:
    """The names this laptop knows, in order; an id it does not know is left out."""
    return tuple(name_by_id[i] for i in ids if i in name_by_id)


def first_words(text: str, most: int = 80) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0] + "…"
