"""Ops that belong together: saved as one act, or needing one that waits or was refused.

An act stands or falls as a whole, but for what is taken only to be read: what somebody wrote once
and no longer has the scope of is never held back by the changes saved with it. What needs a record
whose insert waits, waits with it in the same tray, and is decided with it; what needs one that was
refused or declined is refused. An act over several scopes is one question, but each of its ops lies
in the tray of its own scope: nobody reads in her tray what she is not given.
"""

from collections.abc import Mapping, Sequence

from sync.hub.reading import HELD_TABLE, Reading
from sync.hub.settling import WorkingCopy
from sync.hub.store import Fallen, HubTransaction, Key
from sync.ops import OUTCOME_RANK, Act, Outcome, Reason
from sync.wire import Receipt, WireOp

HELD_RANK = OUTCOME_RANK[Outcome.HELD]
# The host may see by itself that an op names one that waits; which one, sync finds out.
MAY_FOLLOW = (None, Reason.FOLLOWS)


def bind(
    transaction: HubTransaction,
    copy: WorkingCopy,
    readings: Sequence[Reading],
    before: Sequence[tuple[WireOp, Receipt]],
) -> None:
    """Let every op of an act, and every op that needs one, wait or fall with what waits or fell.

    before: ops of this batch that came again, with their first receipts; an urgent one leaves the
        rest of its act behind.
    """
    acts = _fallen_before(transaction, before)
    inserts = transaction.fallen_inserts(_missing(copy, [r for r in readings if r.refusal in MAY_FOLLOW]))
    _refuse_unknown(copy, readings, inserts)
    again = True
    while again:  # what falls late takes along what lies before it
        again = False
        for reading in readings:
            if reading.refusal in MAY_FOLLOW and not (reading.table and reading.table.synced.urgent):
                _follow(reading, acts, inserts)
            if reading.refusal is None:
                continue
            again |= reading.op.act_id not in acts
            first = acts.setdefault(reading.op.act_id, _as_fallen(copy, reading))
            if reading.outcome is Outcome.HELD is first.outcome and first.op_id != reading.op.op_id:
                # One act is one question, though each of its ops may have a reason of its own to wait.
                reading.follows, reading.tray = first.op_id, first.tray
            if reading.kind is Act.INSERT and reading.key not in copy.rows:
                again |= reading.op.record not in inserts
                inserts.setdefault(reading.op.record, _as_fallen(copy, reading))
    _stay_at_home(transaction, copy, readings)


def _refuse_unknown(copy: WorkingCopy, readings: Sequence[Reading], inserts: Mapping[str, Fallen]) -> None:
    """Said before anything is taken: what was saved with a change of a record that the council does not
    have (any more) falls with it."""
    made: set[Key] = set()
    for reading in readings:
        if reading.kind is Act.INSERT:
            made.add(reading.key)
        # Where its insert waits or fell, it waits or falls with that.
        is_there = reading.key in copy.rows or reading.key in made or reading.op.record in inserts
        if reading.refusal is None and not is_there:
            reading.refusal = Reason.UNKNOWN_RECORD


def _stay_at_home(transaction: HubTransaction, copy: WorkingCopy, readings: Sequence[Reading]) -> None:
    """Whoever decides about the first decides what follows, and reads of it what is hers to read: an op
    in a scope that others have lies in that one's tray."""
    behind = [r for r in readings if r.outcome is Outcome.HELD and r.follows is not None]
    if not behind:
        return
    given = transaction.given_to_somebody({copy.scope_of(reading) for reading in behind})
    for reading in behind:
        if copy.scope_of(reading) in given:
            reading.tray = None


def _follow(reading: Reading, acts: Mapping[str, Fallen], inserts: Mapping[str, Fallen]) -> None:
    needed = _needs(reading, inserts)
    if reading.op.act_id in acts:
        if reading.refusal is None and not (reading.to_read and needed is None):
            _fall(reading, Reason.SAME_ACT, acts[reading.op.act_id])
    elif needed is not None:
        _fall(reading, Reason.FOLLOWS, inserts[needed])


def _fall(reading: Reading, reason: Reason, first: Fallen) -> None:
    reading.refusal, reading.outcome = reason, first.outcome
    reading.follows, reading.tray = first.op_id or None, first.tray or None


def _fallen_before(
    transaction: HubTransaction, before: Sequence[tuple[WireOp, Receipt]]
) -> dict[str, Fallen]:
    """{act: the op of it that waits or was refused} of ops that had their receipts already."""
    fallen = [(op, r) for op, r in before if OUTCOME_RANK[r.outcome] >= HELD_RANK]
    held = transaction.rows(HELD_TABLE, [op.op_id for op, _ in fallen]) if fallen else {}
    acts = {}
    for op, receipt in fallen:
        row = held.get(op.op_id)
        if row is not None and row["state"] == "waiting":
            acts[op.act_id] = Fallen(Outcome.HELD, row["follows"] or row["id"], row["scope"])
        elif receipt.outcome is Outcome.REFUSED or (row is not None and row["state"] == "declined"):
            acts[op.act_id] = Fallen(Outcome.REFUSED)
    return acts


def _as_fallen(copy: WorkingCopy, reading: Reading) -> Fallen:
    """This op as what others wait for, or fall with."""
    if reading.outcome is not Outcome.HELD:
        return Fallen(Outcome.REFUSED)
    tray = reading.tray or copy.scope_of(reading)
    return Fallen(Outcome.HELD, reading.follows or reading.op.op_id, tray)


def _missing(copy: WorkingCopy, readings: Sequence[Reading]) -> set[str]:
    """Records the ops need that are neither there nor made by this batch."""
    made = {r.op.record for r in readings if r.kind is Act.INSERT}
    needed = {r.op.record for r in readings if r.kind is not Act.INSERT and r.key not in copy.rows}
    for reading in readings:
        assert reading.table is not None  # what is of an unknown table has fallen for that already
        named = (reading.patch.get(c) for c in reading.table.refers)
        needed.update(name for name in named if isinstance(name, str))
    return needed - made


def _needs(reading: Reading, fallen: Mapping[str, Fallen]) -> str | None:
    """The record an op needs that was held or refused: its own, or one a field of it names."""
    if not fallen or reading.table is None:
        return None
    named = (reading.op.record, *(reading.patch.get(c) for c in reading.table.refers))
    return next((name for name in named if isinstance(name, str) and name in fallen), None)
