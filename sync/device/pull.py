"""Pull: page by page, news first, then the filling of scopes gained; counts on the last page."""

from sync.device.context import Context, Step
from sync.errors import RejoinNeeded, Unreachable
from sync.wire import PROTOCOL, Count, FillAt, PullReply, PullRequest, decode_reply, encode

FILL_SCOPES = 400  # scopes filled by one request

Counts = dict[tuple[str, str], tuple[int, str]]


def pull(context: Context, check: set[str]) -> Counts:
    """Read everything new; gives the hub's {(scope, kind): (records, digest)} for the scopes
    touched and those in `check`. Raises RejoinNeeded, SyncProblem."""
    store = context.store
    generation = store.generation()
    wanted = set(check)
    fill: FillAt | None = None
    while True:
        if fill is None and (scopes := store.scopes_to_fill(FILL_SCOPES)):
            fill = FillAt(scopes)
            wanted.update(scopes)
        context.tell(Step.RECEIVING, context.report.received, 0)
        cursor = dict(store.cursor())
        request = PullRequest(
            protocol=PROTOCOL,
            generation=generation,
            cursor=cursor,
            fill=fill,
            check=sorted(wanted),
        )
        reply = decode_reply(PullReply, context.send("pull", encode(request)))
        if reply.rejoin is not None:
            raise RejoinNeeded(reply.rejoin)
        if any(at.seq > reply.cursor[head].seq for head, at in cursor.items() if head in reply.cursor):
            raise Unreachable("the answer is to an earlier question")
        context.report.skew_ms = context.now_ms - reply.now
        done = fill is not None and reply.fill is None and not reply.more
        anew = {g.scope for g in reply.gained}
        filled = [scope for scope in fill.scopes if scope not in anew] if fill is not None and done else []
        applied = store.apply_page(reply, filled)
        wanted |= applied.scopes
        context.report.received += applied.rows
        context.report.gained += len(reply.gained)
        # A grant that changed meanwhile: its scope is filled again from the start.
        fill = None if fill is not None and anew & set(fill.scopes) else reply.fill
        if reply.counts is not None and not store.scopes_to_fill(1):
            return _as_map(reply.counts, wanted)


def _as_map(counts: list[Count], wanted: set[str]) -> Counts:
    found = {(c.scope, c.kind): (c.records, c.digest) for c in counts}
    # A scope without any record has no count; say so, so that it is compared all the same.
    for scope in wanted - {scope for scope, _ in found}:
        found[scope, ""] = (0, "")
    return found
