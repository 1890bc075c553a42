"""Looking up workers in the records: by login, and whether they work here today."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from sync.ports import Clock
from tfworker.council.database import metadata
from tfworker.council.standing import today_of


def worker_by_login(connection: Connection, login: str) -> Row[Any] | None:
    """The one worker with this staff number or e-mail; None when there is none, or several."""
    text = login.strip().lower()
    if not text or not text.isprintable():
        return None
    worker = metadata().tables["worker"]
    is_hers = or_(func.lower(worker.c.staff_no) == text, func.lower(worker.c.work_email) == text)
    found = connection.execute(select(worker).where(is_hers).limit(2)).all()
    return found[0] if len(found) == 1 else None


def is_active(worker: Mapping[Any, Any], clock: Clock) -> bool:
    """Whether today lies within the worker's time here (both days included)."""
    today = today_of(clock.now())
    begins, ends = worker["active_from"], worker["active_to"]
    return (begins is None or begins <= today) and (ends is None or today <= ends)


def council_and_programme(connection: Connection) -> tuple[str, str, list[dict[str, str]]]:
    """(council name, programme name, emergency numbers); empty when the programme is not set up."""
    programme = metadata().tables["programme"]
    found = connection.execute(select(programme).order_by(programme.c.id).limit(1)).one_or_none()
    if found is None:
        return "", "", []
    return found.council_name or "", found.name_local, list(found.emergency_numbers or ())
