"""One round: push → pull → scopes → check → report."""

from sync.device.check import differences
from sync.device.context import Asking, Context, Report, Step, Telling
from sync.device.pull import pull
from sync.device.push import push
from sync.device.store import DeviceStore
from sync.errors import RejoinNeeded, UnexplainedRemoval
from sync.ports import Clock, Transport


def run_round(
    store: DeviceStore,
    transport: Transport,
    clock: Clock,
    *,
    progress: Telling | None = None,
    cancelled: Asking | None = None,
) -> Report:
    """Run one round. Safe to run again whatever happened to the last one.

    Raises sync.errors.SyncProblem for the world's faults; what was done so far stays done and the
    queue is kept.
    """
    context = Context(store, transport, clock, progress, cancelled)
    try:
        _round(context)
    except RejoinNeeded as why:
        # The two no longer share a past: read everything again, keep and re-offer every op without
        # a receipt. Once a round, so that a hub that never agrees cannot keep us here.
        context.report.rejoined = why.reason
        store.rejoin()
        _round(context)
    return context.report


def _round(context: Context) -> None:
    store, report = context.store, context.report
    touched = push(context)
    turn = store.scope_to_check()
    counts = pull(context, touched | ({turn} if turn else set()))
    report.lost += len(store.purge_lost())
    context.tell(Step.CHECKING, 0, 0)
    wrong = differences(store, counts)
    if wrong:
        report.mismatched = sorted(wrong)
        store.refill(report.mismatched)
        still = differences(store, pull(context, set(report.mismatched)))
        if still:
            # More here than at the council, and nothing explains it: a person decides, we do not.
            raise UnexplainedRemoval(f"{len(still)} scopes differ from the council's count")
    checked = sorted({scope for scope, _ in counts} | ({turn} if turn else set()))
    store.finish(context.now_ms, report.skew_ms, checked)
