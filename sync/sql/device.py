"""The device's store over SQLAlchemy (SQLCipher or SQLite): each method one short transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager

from msgspec.json import decode, encode
from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from sync.device.store import Applied, Counted, Outset, Place, Waiting
from sync.errors import Superseded
from sync.ops import CHAIN_START
from sync.ports import Sealer
from sync.sql.applying import PageWriter
from sync.sql.aside import set_aside
from sync.sql.counting import counts, note_extras
from sync.sql.farewell import OnLost, OnPurge, leave
from sync.sql.files import scopes_with_bytes
from sync.sql.outgoing import TRAVELS, behind, fitting, whole_acts, wire_op
from sync.sql.parking import Parking, is_poison
from sync.sql.receiving import Receiving
from sync.sql.rejoining import forget_received, rejoin
from sync.sql.saving import device_state
from sync.sql.schema import Schema, SyncedTable
from sync.sql.triggers import open_gate, shut_gate
from sync.wire import CursorAt, Listed, PullReply, PushReply, WireOp

OUTSET = """
SELECT generation, past, sent_n, sent_chain, n, batch_ops, page_rows, last_round_at,
    EXISTS (SELECT 1 FROM op WHERE op.pos > device_state.sent_pos AND op.n > 0) AS waits,
    EXISTS (SELECT 1 FROM held_scope WHERE NOT filled AND NOT lost) AS to_fill,
    EXISTS (SELECT 1 FROM held_scope WHERE lost) AS leaving
FROM device_state
"""
TURN = "SELECT scope FROM held_scope WHERE filled AND NOT lost ORDER BY checked_at, scope LIMIT 1"
HOUR_MS = 3600 * 1000
# By the index of the few urgent ones there ever were, not through all that wait.
URGENT = (
    "SELECT pos FROM op INDEXED BY op_urgent WHERE urgent = 1 AND pos > ? "
    "AND EXISTS (SELECT 1 FROM queue WHERE queue.pos = op.pos) ORDER BY pos LIMIT ?"
)

UNSENT = "WHERE pos > ? AND n > 0"
SENT = "SELECT sent_pos, sent_n, sent_chain FROM device_state"
SET_SENT = "UPDATE device_state SET sent_pos = ?, sent_n = ?, sent_chain = ?"
TAKE_FLIGHT = "UPDATE device_state SET flight = ? WHERE flight = ?"
LEFT = "SELECT count(*) FROM queue WHERE pos > ?"
# In one text each: a round in which little happens would spend its time on putting statements together.
ENDED = "UPDATE device_state SET last_round_at = ?, skew_ms = ?, put_back = NULL"
CHECKED = "UPDATE held_scope SET checked_at = ? WHERE scope IN (SELECT value FROM json_each(?))"
# One that was checked while this laptop's clock was ahead would have no turn for as long as it was.
CHECKED_AHEAD = "UPDATE held_scope SET checked_at = NULL WHERE checked_at > ?"
# These agree now: nobody has to be asked about them any more.
AGREED = "DELETE FROM set_aside WHERE agreed_at IS NULL AND scope IN (SELECT value FROM json_each(?))"

Transaction = Callable[[], AbstractContextManager[Connection]]


class SqlDevice:
    """See `sync.device.store.DeviceStore`.

    write, read: the host's own context managers; each gives a connection inside a transaction.
    """

    def __init__(
        self,
        write: Transaction,
        read: Transaction,
        schema: Schema,
        *,
        lightly: Transaction | None = None,
        seal: Sealer | None = None,
        on_lost: OnLost | None = None,
        on_purge: OnPurge | None = None,
    ) -> None:
        """lightly: as `write`, where a power cut may take back what the council gives again: receipts,
            pages with their cursor, and when a round ended. None: `write`.
        seal: makes contents of lost scopes readable to the council's recovery key alone.

        on_lost(connection, scopes): lets the host save what must still go up (drafts) of scopes that
            were taken away. on_purge(connection, scopes): lets it remove what it keeps of them beside
            sync's tables. Both run inside a transaction of the round.
        """
        self.write = write
        self.lightly = lightly or write
        self.read = read
        self.schema = schema
        self.seal = seal
        self.on_lost = on_lost
        self.on_purge = on_purge
        self._flight: int | None = None
        self._ended_at: int | None = None  # when the round before this one ended, by the laptop's clock
        self._turn: str | None = None  # as it was when the round began
        self._after: Outset | None = None  # how it stood at the end of the last transaction that wrote

    @contextmanager
    def _writing(self, write: Transaction | None = None, *, asks: bool = False) -> Iterator[Connection]:
        """A transaction of this round. Raises Superseded when another store has written in a round of
        its own since this one began (a second window, or a round that was thought dead).

        asks: the round asks next how the device stands; here the pages that tell are still in memory.
        """
        after = self._after = None
        with (write or self.write)() as connection:
            mine = (self._flight + 1, self._flight) if self._flight is not None else None
            if mine is not None and connection.exec_driver_sql(TAKE_FLIGHT, mine).rowcount == 0:
                raise Superseded("another round has begun on this vault")
            yield connection
            if asks:
                after = self._outset(connection)
        self._after = after
        if self._flight is not None:
            self._flight += 1

    def begin(self) -> Outset:
        with self.read() as connection:
            flight = connection.exec_driver_sql("SELECT flight FROM device_state").scalar()
            self._turn = connection.exec_driver_sql(TURN).scalar()
            outset = None if flight is None else self._outset(connection)
            waits = connection.exec_driver_sql("SELECT DISTINCT table_name FROM parked").scalars().all()
        self._after = None
        if outset is None:
            with self.write() as connection:
                device_state(connection, self.schema)
                outset = self._outset(connection)
        self._flight = flight or 0
        other = any(at.schema_version != self.schema.version for at in outset.cursor.values())
        if other or any(self.schema.get(name) is not None for name in waits):
            self._heal()
            return self.outset()
        return outset

    def outset(self) -> Outset:
        """What was saved since the last transaction of this round goes with the next one."""
        after, self._after = self._after, None
        if after is not None:
            return after
        with self.read() as connection:
            return self._outset(connection)

    def _outset(self, connection: Connection) -> Outset:
        """In the driver's own words: every round asks, and most have nothing else to do."""
        row = connection.exec_driver_sql(OUTSET).one()
        self._ended_at = row.last_round_at
        place = Place(
            generation=row.generation,
            past=decode(row.past) if row.past else (),
            sent_n=row.sent_n or 0,
            sent_chain=row.sent_chain or CHAIN_START,
            made_n=row.n,
            batch_ops=row.batch_ops,
            page_rows=row.page_rows,
        )
        cursor = connection.exec_driver_sql("SELECT head, epoch, seq, hash, schema_version FROM cursor")
        return Outset(
            place=place,
            cursor={head: CursorAt(*at) for head, *at in cursor},
            waits=bool(row.waits),
            to_fill=bool(row.to_fill),
            leaving=bool(row.leaving),
            turn=self._turn,
        )

    def _heal(self) -> None:
        with self._writing() as connection:
            if not Parking(connection, self.schema).ready() and not self._was_older(connection):
                return
            open_gate(connection)
            PageWriter(connection, self.schema, careful=True).heal()
            shut_gate(connection)

    def _was_older(self, connection: Connection) -> bool:
        version = connection.execute(select(self.schema.own("cursor").c.schema_version)).scalar()
        return version is not None and version != self.schema.version

    def place(self) -> Place:
        with self.read() as connection:
            c = self.schema.own("device_state").c
            row = connection.execute(
                select(c.generation, c.past, c.sent_n, c.sent_chain, c.n, c.batch_ops, c.page_rows)
            ).one()
        return Place(
            generation=row.generation,
            past=row.past or (),
            sent_n=row.sent_n or 0,
            sent_chain=row.sent_chain or CHAIN_START,
            made_n=row.n,
            batch_ops=row.batch_ops,
            page_rows=row.page_rows,
        )

    def waiting(self, max_ops: int, max_bytes: int, after: Waiting | None = None) -> Waiting:
        """An urgent op that went ahead has its receipt and comes again in its place, so that the
        chain has no gap; the hub answers it with the same receipt."""
        # Behind others that are on their way, where their receipts are written: there what was read is still
        # decrypted when its own come, while the other connection drops all it has after every write.
        with (self.read if after is None else self.lightly)() as connection:
            travelling = self.schema.bulk("op", connection.dialect, TRAVELS)
            sent, n, head = behind(after) if after is not None else self._sent(connection)
            rows = travelling.select(connection, f"{UNSENT} ORDER BY pos LIMIT ?", (sent, max_ops + 1))
            if not rows:
                return Waiting((), (), n, head, 0, sent)
            ops = [wire_op(row) for row in rows]
            total, are_all = len(rows), len(rows) <= max_ops
            if not are_all:
                total = max(total, connection.exec_driver_sql(LEFT, (sent,)).scalar_one())
                if len({op.act_id for op in ops}) == 1:  # larger than a page: it goes alone, whole
                    whole = f"{UNSENT} AND act_id = ? ORDER BY pos"
                    rows = travelling.select(connection, whole, (sent, ops[0].act_id))
                    ops = [wire_op(row) for row in rows]
            page = whole_acts(ops, max_ops, max_bytes)
            last: int = rows[len(page) - 1][0]
            urgent: list[WireOp] = []
            if not are_all or len(page) < len(rows):
                ahead = connection.exec_driver_sql(URGENT, (last, max_ops)).scalars().all()
                among, given = travelling.among("pos", ahead)
                hurry = travelling.select(connection, f"WHERE {among} ORDER BY pos", given) if ahead else []
                urgent = [wire_op(row) for row in hurry]
        return Waiting(page, fitting(urgent, max_bytes), n, head, total, last)

    def _sent(self, connection: Connection) -> tuple[int, int, str]:
        """(place, n, chain) of the last op that has its receipt in its turn."""
        here = connection.exec_driver_sql(SENT).one_or_none()
        if here is None:
            return 0, 0, CHAIN_START
        return here.sent_pos, here.sent_n or 0, here.sent_chain or CHAIN_START

    def take_receipts(self, reply: PushReply, sent: Waiting) -> set[str]:
        last = sent.ops[-1]
        with self._writing(self.lightly, asks=True) as connection:
            open_gate(connection)
            scopes = Receiving(connection, self.schema).take(reply)
            connection.exec_driver_sql(SET_SENT, (sent.last_pos, last.n, last.chain))
            shut_gate(connection)
            return scopes

    # -- pull ------------------------------------------------------------------------------------

    def cursor(self) -> Mapping[str, CursorAt]:
        table = self.schema.own("cursor")
        with self.read() as connection:
            return {
                row.head: CursorAt(row.epoch, row.seq, row.hash, row.schema_version)
                for row in connection.execute(select(table))
            }

    def scopes_to_fill(self, limit: int) -> list[str]:
        table = self.schema.own("held_scope")
        query = select(table.c.scope).where(~table.c.filled, ~table.c.lost).order_by(table.c.scope)
        with self.read() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def apply_page(self, reply: PullReply, filled: Sequence[str]) -> Applied:
        try:
            return self._apply(reply, filled, careful=False)
        except Exception as error:
            if not is_poison(error):
                raise
        # Everything was rolled back. Row by row, so that the one that cannot be kept is parked alone.
        return self._apply(reply, filled, careful=True)

    def _apply(self, reply: PullReply, filled: Sequence[str], *, careful: bool) -> Applied:
        with self._writing(self.lightly, asks=True) as connection:
            open_gate(connection)
            writer = PageWriter(connection, self.schema, careful=careful, seal=self.seal)
            applied = writer.apply(reply, filled)
            shut_gate(connection)
            return applied

    # -- scopes ----------------------------------------------------------------------------------

    def before_leaving(self) -> bool:
        """Let the host save what must still go up of scopes that were taken away; whether anything in
        them waits to be sent."""
        scope, queue = self.schema.own("held_scope"), self.schema.own("queue")
        with self.read() as connection:
            lost = list(connection.execute(select(scope.c.scope).where(scope.c.lost)).scalars())
        if not lost:
            return False
        if self.on_lost is not None:
            with self._writing() as connection:
                self.on_lost(connection, lost)
        with self.read() as connection:
            waits = select(queue.c.pos).where(queue.c.scope.in_(lost)).limit(1)
            return connection.execute(waits).first() is not None

    def purge_lost(self, now_ms: int) -> list[str]:
        """Remove what there is of scopes that were taken away, once nothing in them waits to be sent:
        nor anything that the host has begun to keep there since `before_leaving`."""
        scope, queue = self.schema.own("held_scope"), self.schema.own("queue")
        query = select(scope.c.scope).where(scope.c.lost, scope.c.scope.not_in(select(queue.c.scope)))
        with self.read() as connection:
            if connection.execute(query.limit(1)).first() is None:
                return []
        with self._writing() as connection:
            # Asked again: somebody may have saved in between, or typed on.
            if self.on_lost is not None:
                self.on_lost(connection, list(connection.execute(query).scalars()))
            gone = list(connection.execute(query).scalars())
            # Bytes go up at the end of a round; what waits for them goes right after.
            gone = sorted(set(gone) - scopes_with_bytes(connection, self.schema))
            if not gone:
                return []
            open_gate(connection)
            leave(connection, self.schema, gone, now_ms, seal=self.seal, on_purge=self.on_purge)
            shut_gate(connection)
        return gone

    def _remove(self, connection: Connection, table: SyncedTable, where: ColumnElement[bool]) -> None:
        """Remove rows and the council's rows kept beside them."""
        shadow = self.schema.own("shadow")
        going = select(table.table.c.id).where(where)
        beside = (shadow.c.table_name == table.name, shadow.c.record.in_(going))
        connection.execute(delete(shadow).where(*beside))
        connection.execute(delete(table.table).where(where))

    # -- check -----------------------------------------------------------------------------------

    def held_counts(self, scopes: Iterable[str]) -> tuple[set[str], Counted]:
        with self.read() as connection:
            return counts(connection, self.schema, scopes)

    def note_extras(self, scopes: Sequence[str], listed: Sequence[Listed], now_ms: int) -> int:
        with self._writing() as connection:
            return note_extras(connection, self.schema, scopes, listed, now_ms)

    def set_aside_lost(self, now_ms: int) -> int:
        state = self.schema.own("device_state")
        with self._writing() as connection:
            if not connection.execute(select(state.c.put_back)).scalar():
                return 0
            return set_aside(connection, self.schema, now_ms)

    def refill(self, scopes: Sequence[str]) -> None:
        """Read these scopes again. What is of a kind no longer given, left here for work that waited
        when the grant changed, goes now."""
        held = self.schema.own("held_scope")
        busy = select(self.schema.own("queue").c.record)
        with self._writing() as connection:
            open_gate(connection)
            for scope, kinds in connection.execute(
                select(held.c.scope, held.c.kinds).where(held.c.scope.in_(scopes))
            ).all():
                for table in self.schema:
                    if table.name not in kinds:
                        c = table.table.c
                        self._remove(connection, table, and_(c.scope == scope, c.id.not_in(busy)))
            parked = Parking(connection, self.schema)
            parked.leave_where(parked.table.c.scope.in_(scopes))  # it comes again
            connection.execute(update(held).where(held.c.scope.in_(scopes)).values(filled=False))
            shut_gate(connection)

    def rejoin(self, reason: str) -> None:
        with self._writing() as connection:
            rejoin(connection, self.schema, reason)

    def keep_sizes(self, batch_ops: int, page_rows: int) -> None:
        state = self.schema.own("device_state")
        with self._writing() as connection:
            connection.execute(update(state).values(batch_ops=batch_ops, page_rows=page_rows))

    def finish(self, now_ms: int, skew_ms: int, checked: Sequence[str]) -> None:
        with self._writing(self.lightly) as connection:
            ended = (now_ms, skew_ms)
            if connection.exec_driver_sql(ENDED, ended).rowcount == 0:
                device_state(connection, self.schema)
                connection.exec_driver_sql(ENDED, ended)
            if self._ended_at is not None and self._ended_at > now_ms:
                connection.exec_driver_sql(CHECKED_AHEAD, (now_ms,))
            if checked:
                among = encode(list(checked)).decode()
                connection.exec_driver_sql(CHECKED, (now_ms, among))
                connection.exec_driver_sql(AGREED, (among,))
            # Once an hour is often enough for what is kept 30 days.
            if self._ended_at is None or self._ended_at // HOUR_MS != now_ms // HOUR_MS:
                forget_received(connection, self.schema, now_ms - skew_ms)
