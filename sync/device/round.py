"""One round: push → pull → scopes → check → report → files."""

from sync.device.check import differences
from sync.device.context import Asking, Context, Report, Step, Telling
from sync.device.files import DeviceFiles, carry
from sync.device.pull import pull
from sync.device.push import push
from sync.device.store import DeviceStore
from sync.errors import RejoinNeeded, UnexplainedRemoval, Unreachable
from sync.ports import Clock, Transport
from sync.wire import PAGE_ROWS, PUSH_OPS


def run_round(
    store: DeviceStore,
    transport: Transport,
    clock: Clock,
    *,
    files: DeviceFiles | None = None,
    progress: Telling | None = None,
    cancelled: Asking | None = None,
) -> Report:
    """Run one round. Safe to run again whatever happened to the last one.

    Raises sync.errors.SyncProblem for the world's faults; what was done so far stays done and the
    queue is kept.
    """
    context = Context(store, transport, clock, progress, cancelled)
    context.known = store.begin()
    place = context.known.place
    context.batch_ops = place.batch_ops or PUSH_OPS
    context.page_rows = place.page_rows or PAGE_ROWS
    try:
        _round(context)
    except RejoinNeeded as why:
        # The two no longer share a past: read everything again, keep and re-offer every op the hub
        # may not have. Once a round, so that a hub that never agrees cannot keep us here.
        context.report.rejoined = why.reason
        store.rejoin(why.reason)
        context.wrote()
        _round(context)
    if (context.batch_ops, context.page_rows) != (place.batch_ops or PUSH_OPS, place.page_rows or PAGE_ROWS):
        store.keep_sizes(context.batch_ops, context.page_rows)
    if files is not None:
        _files(context, files)
    return context.report


def _files(context: Context, files: DeviceFiles) -> None:
    """Bytes go when everything else is done, and stand back for what is saved while they travel. A
    scope that was lost may have waited for them."""
    if files.is_idle(since=context.changed):
        return
    while not carry(context, files):
        context.known = None
        _round(context)
    context.report.lost += len(context.store.purge_lost(context.now_ms))
    files.tidy()


def _round(context: Context) -> None:
    store, report = context.store, context.report
    touched = push(context) if context.outset().waits else set()
    turn = context.outset().turn
    counts = pull(context, touched | ({turn} if turn else set())).counts
    leaving = context.outset().leaving
    if leaving and store.before_leaving():
        # What was saved where one has nothing any more goes up before anything of it goes away, and
        # whatever waits beside it; what became of that is read like the rest.
        context.known = None
        late = push(context)
        counts = {**counts, **pull(context, late).counts}
    if leaving:
        report.lost += len(store.purge_lost(context.now_ms))
        context.wrote()
    context.tell(Step.CHECKING, 0, 0)
    wrong = differences(store, counts)
    open_still = _read_again(context, sorted(wrong)) if wrong else set()
    if wrong and context.outset().leaving:
        # A scope may have been taken away between the first reading and the second.
        report.lost += len(store.purge_lost(context.now_ms))
        context.wrote()
    checked = sorted(({scope for scope, _ in counts} | ({turn} if turn else set())) - open_still)
    store.finish(context.now_ms, report.skew_ms, checked)


def _read_again(context: Context, wrong: list[str]) -> set[str]:
    """Read scopes again whose counts differ; gives those that differ all the same.

    Raises UnexplainedRemoval where more lies here than at the council and nothing explains it: a
    person decides, we do not. Unreachable where the answer is not to what was asked.
    """
    context.report.mismatched = wrong
    context.store.refill(wrong)
    context.wrote()
    again = pull(context, set(wrong), wrong)
    still = differences(context.store, again.counts)
    if not still:
        return still
    if again.listed is None:
        raise Unreachable("the answer is to an earlier question")  # this one asked for a list
    # By the records themselves: a count of the council's that is wrong takes nothing away here.
    extras = context.store.note_extras(sorted(still), again.listed, context.now_ms)
    if extras:
        # What others wrote and a restored council has lost comes again when they offer it again.
        context.report.set_aside = context.store.set_aside_lost(context.now_ms)
    if extras > context.report.set_aside:
        raise UnexplainedRemoval(f"{extras} records lie here that the council does not have")
    return still
