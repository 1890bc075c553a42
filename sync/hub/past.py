"""Whether a device and this hub share a past. Asked before anything is taken or given.

A device counts its ops (n) within a generation and chains them; the hub keeps the last link it took
(`Peer`), and the device keeps the place in the ledger it has read to (its cursor). What does not fit
together means that one of the two was restored, cloned or rolled back; then the device rejoins: a new
generation, everything read and offered again. It never means that an edit is dropped.
"""

from collections.abc import Mapping
from dataclasses import replace

from sync.errors import NotAllowed, RejoinNeeded
from sync.hub.store import Head, HubTransaction, Peer
from sync.ops import CHAIN_START, chain
from sync.wire import MAIN, CursorAt, PullRequest, PushRequest, Rejoin

REPLACED = 64  # earlier generations remembered for a device, the latest ones


class BadMessage(ValueError):
    """The bytes are not a message of this protocol. The queue they came from is not judged by it."""


def push_end(transaction: HubTransaction, head: Head, device: str, request: PushRequest, now_ms: int) -> Peer:
    """Where the device stands once the ops of this push are taken.

    Raises RejoinNeeded, after writing down what it shows of a clone; BadMessage.
    """
    peer = _met(transaction, head, device, request.cursor)
    if peer is None:
        peer = Peer(request.generation, 0, CHAIN_START, tuple(request.past))
    elif request.generation != peer.generation:
        peer = _next_generation(transaction, peer, device, request, now_ms)
    end = follow(peer, request)
    if request.generation == peer.generation and end.n:
        _no_second_past(transaction, peer, request)
    return end


def _met(transaction: HubTransaction, head: Head, device: str, cursor: Mapping[str, CursorAt]) -> Peer | None:
    """Where the device stands. Raises RejoinNeeded where it has read a past that is not this ledger's."""
    at = cursor.get(MAIN)
    # At the ledger's end the head itself says what lies there.
    within = at is not None and at.epoch == head.epoch and 0 < at.seq < head.seq
    peer, there = transaction.meet(device, at.seq if at is not None and within else 0)
    if at is None:
        return peer
    if at.epoch != head.epoch:
        raise RejoinNeeded(Rejoin.EPOCH)
    if at.seq > head.seq:
        raise RejoinNeeded(Rejoin.AHEAD)
    if at.seq and at.hash != (head.hash if at.seq == head.seq else there):
        raise RejoinNeeded(Rejoin.ROLLED_BACK)
    return peer


def check_pull(transaction: HubTransaction, head: Head, device: str, request: PullRequest) -> bool:
    """Whether what this hub took of the device came from where the question comes from: then it has its
    own `applied`. What came under another generation, an old request or a copy of it sent.

    Raises RejoinNeeded where what the device has read or sent is not what this hub has; NotAllowed for
    one of which there are two.
    """
    peer = _met(transaction, head, device, request.cursor)
    if request.sent_n is None:
        return False  # protocol 1 does not say: it may have been put back to before what came from it
    if peer is None:
        if request.sent_n:
            raise RejoinNeeded(Rejoin.GAP)
        return True
    if peer.cloned_at is not None:
        raise NotAllowed("two laptops speak as this one; it must be enrolled again")
    if request.generation != peer.generation:
        if request.sent_n or _is_replaced(peer, request.generation):
            raise RejoinNeeded(Rejoin.GENERATION)
        return False
    if request.sent_n > peer.n:
        raise RejoinNeeded(Rejoin.GAP)
    if request.sent_n == peer.n and request.sent_chain != peer.chain:
        raise RejoinNeeded(Rejoin.FORK)
    if request.made_n is not None and request.made_n < peer.n:
        raise RejoinNeeded(Rejoin.PUT_BACK)
    return True


def follow(peer: Peer, request: PushRequest) -> Peer:
    """Check that the ops continue the device's own chain; gives its new end.

    A device may send ops again that the hub already has (a lost answer); it may not leave a gap,
    fork, or go back. Raises RejoinNeeded, BadMessage.
    """
    n, head = request.after_n, request.after_chain
    if n > peer.n:
        raise RejoinNeeded(Rejoin.GAP)
    last = peer.n, peer.chain
    for op in request.ops:
        try:
            n, head = n + 1, chain(head, op.op_id, op.committed)
        except ValueError as error:
            raise BadMessage("a salt is not hex") from error
        if op.n != n or op.chain != head:
            raise RejoinNeeded(Rejoin.CHAIN)
        if n == peer.n and head != peer.chain:
            raise RejoinNeeded(Rejoin.FORK)
        if n > peer.n:
            last = n, head
    if request.after_n == peer.n and request.after_chain != peer.chain:
        raise RejoinNeeded(Rejoin.FORK)
    return replace(peer, n=last[0], chain=last[1])


def _next_generation(
    transaction: HubTransaction, peer: Peer, device: str, request: PushRequest, now_ms: int
) -> Peer:
    """A device that comes with another generation than last time: one that rejoined begins a new
    chain; one that was already replaced is an old copy, or a request that lay on the way."""
    if _is_replaced(peer, request.generation):
        new = [op.op_id for op in (*request.urgent, *request.ops)]
        is_alive = len(transaction.taken(new)) < len(set(new))
        # The one that took its place does not come from it, and both write: there are two of them.
        if is_alive and peer.past and request.generation not in peer.past and peer.cloned_at is None:
            transaction.set_peer(device, replace(peer, cloned_at=now_ms), now_ms)
        raise RejoinNeeded(Rejoin.GENERATION)
    if request.after_n != 0:
        raise RejoinNeeded(Rejoin.GENERATION)
    at = request.cursor.get(MAIN)
    if at is not None and transaction.wrote_since(device, at.seq):
        raise RejoinNeeded(Rejoin.GENERATION)  # under its name, and it was not sent that: it reads it all
    replaced = (*peer.replaced, peer.generation)[-REPLACED:]
    return Peer(request.generation, 0, CHAIN_START, tuple(request.past), replaced, peer.cloned_at)


def _is_replaced(peer: Peer, generation: str) -> bool:
    """Whether another generation of the device has taken this one's place."""
    return generation in peer.replaced or generation in peer.past


def _no_second_past(transaction: HubTransaction, peer: Peer, request: PushRequest) -> None:
    """A laptop put back to an earlier state counts on from there: its new ops have the numbers of
    others that the hub has already taken. Raises RejoinNeeded."""
    again = [op.op_id for op in request.ops if op.n <= peer.n]
    if again and len(transaction.taken(again)) < len(again):
        raise RejoinNeeded(Rejoin.FORK)
