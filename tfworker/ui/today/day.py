"""What Today shows, gathered from the actions in one go."""

from dataclasses import dataclass
from datetime import date, timedelta

from tfworker.actions.caseload import caseload
from tfworker.actions.concerns import open_concerns
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drafts
from tfworker.actions.farewell import farewells
from tfworker.actions.jots import jots
from tfworker.actions.values import CaseRow, Closing, Concern, DraftLine, Jot, Remark
from tfworker.actions.work import safe_to_close
from tfworker.ui import dates


@dataclass(frozen=True)
class Day:
    """visits: families with a visit today or tomorrow, soonest first. late: with one that nobody wrote up.

    concerns: of this laptop, not acknowledged first. closing: whether the day can be ended here.
    farewells: what became of families that were moved to a colleague.
    """

    today: date
    name: str  # of the worker
    concerns: tuple[Concern, ...]
    visits: tuple[CaseRow, ...]
    late: tuple[CaseRow, ...]
    drafts: tuple[DraftLine, ...]
    jots: tuple[Jot, ...]
    closing: Closing
    farewells: tuple[Remark, ...] = ()


def read_day(desk: Desk) -> Day:
    """The day as the vault knows it now."""
    rows = caseload(desk)
    hers = [row for row in rows if row.my_role.code]  # not what a leader sees of her team
    now = desk.now()
    after = dates.local(now).date() + timedelta(days=2)
    dated = [(row.next_visit_at, row) for row in hers if row.next_visit_at is not None]
    planned = [row for at, row in sorted(dated, key=lambda pair: pair[0]) if at >= now]
    return Day(
        today=desk.today(),
        name=desk.me.name,
        concerns=tuple(open_concerns(desk)),
        visits=tuple(
            row for row in planned if row.next_visit_at and dates.local(row.next_visit_at).date() < after
        ),
        late=tuple(row for at, row in sorted(dated, key=lambda pair: pair[0]) if at < now),
        drafts=tuple(drafts(desk)),
        jots=tuple(jots(desk)),
        closing=safe_to_close(desk),
        farewells=tuple(farewells(desk)),
    )
