"""Pull: page by page, news first, then the filling of scopes gained; counts on the last page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from sync.device.context import Context, Step
from sync.device.pacing import grown, halved
from sync.errors import Overlong, RejoinNeeded, Unreachable
from sync.wire import (
    PAGE_ROWS,
    PROTOCOL,
    Count,
    CursorAt,
    FillAt,
    Listed,
    PullReply,
    PullRequest,
    decode_reply,
    encode,
)

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
    return _Pulling(context, check, listed).run()


class _Pulling:
    """Asks for page after page and applies them in their order.

    Where the way allows it, the page behind is asked for while one is applied: where it begins is
    known from the one before. Two pages at most are here at once, and one that is not applied is
    asked for again.
    """

    def __init__(self, context: Context, check: set[str], listed: Sequence[str]) -> None:
        self.context = context
        self.listed = list(listed)
        self.wanted = set(check)
        self.fill: FillAt | None = None
        self.total = 0  # records there will be once what is being filled is here; 0: nobody has said
        self.page: tuple[PullReply, list[str]] | None = None  # here and not applied yet; what it fills

    def run(self) -> Pulled:
        while True:
            if self.page is None:
                self._find_to_fill()
                self._tell()
            asked = set(self.wanted)
            reply = self._ask()
            if reply is None:
                continue
            self._take(reply)
            if not self._may_ask_ahead(reply):
                self._apply()
            if reply.counts is None or self.context.outset().to_fill:
                continue
            # Nobody counted the scopes of a page that was applied meanwhile, or of what the hub does not
            # say any more where it lay: without a count they would look empty.
            if self.wanted <= asked | {count.scope for count in reply.counts}:
                return Pulled(_as_map(reply.counts, self.wanted), reply.listed)

    def _find_to_fill(self) -> None:
        context = self.context
        to_fill = self.fill is None and context.outset().to_fill
        if to_fill and (scopes := context.store.scopes_to_fill(FILL_SCOPES)):
            self.fill = FillAt(scopes)
            self.wanted.update(scopes)

    def _tell(self) -> None:
        done = self.context.report.received
        # News that comes in between is not in the total; it may not be less than what is here.
        self.context.tell(Step.RECEIVING, done, self.total and max(self.total, done))

    def _take(self, reply: PullReply) -> None:
        """Note what a page that has come means for the next one."""
        context, fill = self.context, self.fill
        context.report.skew_ms = context.now_ms - reply.now
        if reply.filling is not None:
            self.total = context.report.received + reply.filling
        done = fill is not None and reply.fill is None and not reply.more
        anew = {g.scope for g in reply.gained}
        filled = [scope for scope in fill.scopes if scope not in anew] if fill is not None and done else []
        self.page = reply, filled
        context.report.gained += len(reply.gained)
        context.page_rows = grown(context.page_rows, PAGE_ROWS)
        # A grant that changed meanwhile: its scope is filled again from the start.
        self.fill = None if fill is not None and anew & set(fill.scopes) else reply.fill

    def _may_ask_ahead(self, reply: PullReply) -> bool:
        """Whether the next question follows from the page alone: what it fills, and from where."""
        goes_on = reply.counts is None and (reply.more or reply.fill is not None)
        return goes_on and not reply.gained and self.context.overlaps and bool(self.context.outset().cursor)

    def _apply(self) -> None:
        """Apply the page that is here."""
        if self.page is None:
            return
        context, (reply, filled) = self.context, self.page
        self.page = None
        if not changes(reply, filled, context.outset().cursor):
            return
        applied = context.store.apply_page(reply, filled)
        context.wrote()
        self.wanted |= applied.scopes
        context.report.touched |= applied.scopes
        context.report.received += applied.rows
        context.report.parked += applied.parked

    def _work_beside(self) -> None:
        """What is done while a question is on its way."""
        self._apply()
        self._tell()

    def _cursor(self) -> dict[str, CursorAt]:
        """Where the next page begins."""
        cursor = dict(self.context.outset().cursor)
        if self.page is not None:
            for head, at in self.page[0].cursor.items():
                here = cursor.get(head, at).schema_version
                cursor[head] = msgspec.structs.replace(at, schema_version=here)
        return cursor

    def _ask(self) -> PullReply | None:
        """One page; None where it was too large to hold and half as much is to be asked for."""
        context, cursor, place = self.context, self._cursor(), self.context.outset().place
        request = PullRequest(
            protocol=PROTOCOL,
            generation=place.generation,
            cursor=cursor,
            fill=self.fill,
            check=sorted(self.wanted),
            page_rows=context.page_rows,
            sent_n=place.sent_n,
            sent_chain=place.sent_chain,
            made_n=place.made_n,
            listed=self.listed,
        )
        beside = self._work_beside if self.page is not None else None
        try:
            reply = decode_reply(PullReply, context.send("pull", encode(request), beside))
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


def changes(reply: PullReply, filled: Sequence[str], cursor: Mapping[str, CursorAt]) -> bool:
    """Whether a page brings anything, if only a later place in the ledger."""
    brings = reply.rows or reply.gained or reply.lost or reply.gone or filled
    return bool(brings) or _places(reply.cursor) != _places(cursor)


def _places(cursor: Mapping[str, CursorAt]) -> dict[str, tuple[str, int, str]]:
    return {head: (at.epoch, at.seq, at.hash) for head, at in cursor.items()}


def _as_map(counts: list[Count], wanted: set[str]) -> Counts:
    found = {(c.scope, c.kind): (c.records, c.digest) for c in counts}
    # A scope without any record has no count; say so, so that it is compared all the same.
    for scope in wanted - {scope for scope, _ in found}:
        found[scope, ""] = (0, "")
    return found
