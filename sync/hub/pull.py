"""One page of a pull, read in one snapshot: news since the cursor, gained and lost scopes, a page
of filling, and on the last page the counts.

Each record comes once, whole and at its present version, however often it changed. Columns above
the grant's level are left out by name, a group whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import msgspec

from sync.errors import RejoinNeeded
from sync.hub.past import check_pull
from sync.hub.store import Described, Fill, HubStore, HubTransaction, News, Row
from sync.ports import Caller, Grant
from sync.wire import (
    MAIN,
    Count,
    CursorAt,
    FillAt,
    Gained,
    Gone,
    Listed,
    PullReply,
    PullRequest,
    Rows,
    encode,
)

ENVELOPE = ("id", "version", "scope", "extra")
ID, SCOPE = ENVELOPE.index("id"), ENVELOPE.index("scope")
WITHHELD = "~withheld"
MAX_PAGE = 5_000


def pull(
    transaction: HubTransaction, store: HubStore, caller: Caller, request: PullRequest, now_ms: int
) -> PullReply:
    """Answer one pull request."""
    head = transaction.head(lock=False)
    cursor = request.cursor.get(MAIN) or CursorAt(head.epoch, 0, "", store.schema_version)
    try:
        has_own = check_pull(transaction, head, caller.device, request)
    except RejoinNeeded as why:
        return PullReply(epoch=head.epoch, now=now_ms, rejoin=why.reason)
    page = _Page(transaction, store, caller, request.check, has_own=has_own)
    limit = max(1, min(request.page_rows, MAX_PAGE))
    upto, more = page.news(cursor.seq, head.seq, limit)
    fill = page.fill(request.fill, limit) if request.fill is not None and not more else request.fill
    last = not more and fill is None and not page.gained
    hash_there = head.hash if upto == head.seq else transaction.hash_at(upto) or ""
    where = CursorAt(head.epoch, upto, hash_there, store.schema_version)
    return PullReply(
        epoch=head.epoch,
        now=now_ms,
        cursor={MAIN: where},
        rows=page.rows,
        gained=page.gained,
        lost=page.lost,
        gone=page.gone,
        more=more,
        fill=fill,
        filling=page.filling,
        counts=page.counts({*request.check, *page.touched}) if last else None,
        listed=page.listed(request.listed) if last and request.listed else None,
    )


class _Page:
    def __init__(
        self,
        transaction: HubTransaction,
        store: HubStore,
        caller: Caller,
        checked: Iterable[str],
        *,
        has_own: bool,
    ) -> None:
        self.transaction = transaction
        self.store = store
        self.caller = caller
        self.checked = set(checked)
        self.knows = caller.device if has_own else None  # whose plainly applied rows it has already
        self.grants: dict[str, Grant] = {}  # of the scopes that came up so far
        self.asked: set[str] = set()
        self.rows: list[Rows] = []
        self.gained: list[Gained] = []
        self.lost: list[str] = []
        self.gone: list[Gone] = []
        self.touched: set[str] = set()
        self.filling: int | None = None

    def news(self, after: int, head: int, limit: int) -> tuple[int, bool]:
        """Add the rows with news; gives (seq reached, whether more is left)."""
        if 0 < after == head:
            return head, False  # grants begin and end with a row of the ledger: nothing is new
        gained, lost = self.transaction.grants_since(self.caller.user, after)
        self.gained = [Gained(g.scope, sorted(g.kinds), g.level) for g in gained]
        self.lost = lost
        fresh = {g.scope for g in gained}
        found = self.transaction.news(News(self.caller.user, self.knows, after, head, limit + 1))
        more = len(found) > limit
        wanted: dict[str, set[str]] = defaultdict(set)
        self.given({scope for *_, scope in found[:limit]})
        for _, table, record, scope in found[:limit]:
            grant = self.grants.get(scope)
            # A scope gained just now is filled whole; its news would only come twice.
            if grant is not None and scope not in fresh and table in grant.kinds:
                wanted[table].add(record)
        for table, ids in wanted.items():
            rows = self.transaction.rows(table, ids)
            columns = (*ENVELOPE, *self.store.tables[table].columns)
            self._add(table, [tuple(row[c] for c in columns) for row in rows.values()])
            missing = ids - rows.keys()
            self.touched |= {scope for _, name, record, scope in found if name == table and record in missing}
            self._say_gone(table, missing)
        return (found[limit - 1][0] if more else head), more

    def given(self, scopes: Iterable[str]) -> list[str]:
        """Those of the scopes that this user is given now, in their order."""
        wanted = list(scopes)
        new = set(wanted) - self.asked
        if new:
            new |= self.checked - self.asked  # they are asked about on the last page in any case
            self.asked |= new
            self.grants.update(self.transaction.grants_in(self.caller.user, new))
        return [scope for scope in wanted if scope in self.grants]

    def fill(self, at: FillAt, limit: int) -> FillAt | None:
        """Add a page of the scopes being filled; gives where it got to, None when all is there."""
        scopes = self.given(at.scopes)
        names = list(self.store.tables)
        start = names.index(at.table) if at.table in names else 0
        after = (at.scope, at.record)
        room = limit
        if not at.table:
            # What was purged before the device's cursor may still lie there.
            past = self.transaction.purging.purged_in(scopes)
            self.gone += [Gone(p.table, p.record) for p in past if p.table in self.grants[p.scope].kinds]
            # What a person who waits is told: how many records there will be.
            self.filling = sum(count.records for count in self.counts(scopes))
        for name in names[start:]:
            allowed = [s for s in scopes if name in self.grants[s].kinds]
            if allowed:
                rows = self.transaction.fill(name, Fill(allowed, *after, room))
                self._add(name, rows)
                room -= len(rows)
                if room <= 0:
                    return FillAt(at.scopes, name, rows[-1][SCOPE], rows[-1][ID])
            after = ("", "")
        self.touched.update(scopes)
        return None

    def counts(self, scopes: Iterable[str]) -> list[Count]:
        """Counts and digests of the scopes that are this user's, of the kinds she is given."""
        mine = sorted(self.given(scopes))
        return [
            Count(scope, kind, records, digest)
            for scope, kind, records, digest in self.transaction.counts(mine)
            if kind in self.grants[scope].kinds
        ]

    def listed(self, scopes: Iterable[str]) -> list[Listed]:
        """Every record of these scopes, of the kinds this user is given, by id and version."""
        mine = sorted(set(self.given(scopes)))
        return [
            Listed(scope, kind, records)
            for (scope, kind), records in self.transaction.listed(mine).items()
            if kind in self.grants[scope].kinds
        ]

    def _say_gone(self, table: str, missing: Collection[str]) -> None:
        """Records with news and no row: purged, unless their insert was never taken."""
        self.gone += [Gone(table, record) for record in sorted(self.transaction.purging.purged(missing))]

    def _add(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Append rows (whole, the envelope first) as they travel."""
        if not rows:
            return
        described = self.store.tables[table]
        columns = [*ENVELOPE, *described.columns]
        scopes = {str(row[SCOPE]) for row in rows}
        self.touched |= scopes
        levels = {scope: self.grants[scope].level for scope in scopes}
        # Most tables show all they have to most who are given them: then no row is looked at.
        if any(described.hides(level) for level in set(levels.values())):
            rows = [self._shown(described, columns, row, levels[str(row[SCOPE])]) for row in rows]
        self.rows.append(Rows(table, columns, msgspec.Raw(encode(rows))))

    @staticmethod
    def _shown(
        described: Described, columns: Sequence[str], row: tuple[object, ...], level: int
    ) -> tuple[object, ...]:
        """The row with what this level does not show left empty, and those fields named, so that
        empty is not "none"."""
        named = dict(zip(columns, row, strict=True))
        names = described.hidden(named, level)
        if not names:
            return row
        extra: Row = named["extra"] or {}  # type: ignore[assignment]
        named |= {**dict.fromkeys(names), "extra": {**extra, WITHHELD: sorted(set(names))}}
        return tuple(named.values())
