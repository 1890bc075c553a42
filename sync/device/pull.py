"""Pull: page by page, news first, then the filling of scopes gained; counts on the last page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.device.context import Context, Step
from sync.device.pacing import grown, halved
from sync.errors import Overlong, RejoinNeeded, Unreachable
from sync.wire import PAGE_ROWS, PROTOCOL, Count, FillAt, Listed, PullReply, PullRequest, decode_reply, encode

FILL_SCOPES = 400  # scopes filled by one request

Counts = dict[tuple[str, str], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What the hub said on its last page.

    counts: {(scope, kind): (records, digest)} of the scopes touched and those asked for.
    listed: every record of the scopes asked to be listed; None: it did not list any.
    """

    counts: Counts
    listed: Sequence[Listed] | None


def pull(context: Context, check: set[str], listed: Sequence[str] = ()) -> Pulled:
    """Read everything new. check: scopes to count besides those touched; listed: scopes of which
    every record is wanted by its id. Raises RejoinNeeded, SyncProblem."""
    store = context.store
    wanted = set(check)
    fill: FillAt | None = None
    total = 0  # records there will be once what is being filled is here; 0 while nobody has said
    while True:
        if fill is None and (scopes := store.scopes_to_fill(FILL_SCOPES)):
            fill = FillAt(scopes)
            wanted.update(scopes)
        # News that comes in between is not in the total; it may not be less than what is here.
        context.tell(Step.RECEIVING, context.report.received, total and max(total, context.report.received))
        reply = _ask(context, fill, wanted, listed)
        if reply is None:
            continue
        context.report.skew_ms = context.now_ms - reply.now
        if reply.filling is not None:
            total = context.report.received + reply.filling
        done = fill is not None and reply.fill is None and not reply.more
        anew = {g.scope for g in reply.gained}
        filled = [scope for scope in fill.scopes if scope not in anew] if fill is not None and done else []
        applied = store.apply_page(reply, filled)
        wanted |= applied.scopes
        context.report.received += applied.rows
        context.report.parked += applied.parked
        context.report.gained += len(reply.gained)
        context.page_rows = grown(context.page_rows, PAGE_ROWS)
        # A grant that changed meanwhile: its scope is filled again from the start.
        fill = None if fill is not None and anew & set(fill.scopes) else reply.fill
        if reply.counts is not None and not store.scopes_to_fill(1):
            return Pulled(_as_map(reply.counts, wanted), reply.listed)


def _ask(context: Context, fill: FillAt | None, wanted: set[str], listed: Sequence[str]) -> PullReply | None:
    """One page; None where it was too large to hold and half as much is to be asked for."""
    cursor, place = dict(context.store.cursor()), context.store.place()
    request = PullRequest(
        protocol=PROTOCOL,
        generation=place.generation,
        cursor=cursor,
        fill=fill,
        check=sorted(wanted),
        page_rows=context.page_rows,
        sent_n=place.sent_n,
        sent_chain=place.sent_chain,
        made_n=place.made_n,
        listed=list(listed),
    )
    try:
        reply = decode_reply(PullReply, context.send("pull", encode(request)))
    except Overlong:
        if context.page_rows == 1:
            raise
        context.page_rows = halved(context.page_rows)
        return None
    if reply.rejoin is not None:
        raise RejoinNeeded(reply.rejoin)
    if any(at.seq > reply.cursor[head].seq for head, at in cursor.items() if head in reply.cursor):
        raise Unreachable("the answer is to an earlier question")
    return reply


def _as_map(counts: list[Count], wanted: set[str]) -> Counts:
    found = {(c.scope, c.kind): (c.records, c.digest) for c in counts}
    # A scope without any record has no count; say so, so that it is compared all the same.
    for scope in wanted - {scope for scope, _ in found}:
        found[scope, ""] = (0, "")
    return found
