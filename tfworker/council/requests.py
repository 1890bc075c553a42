"""What a worker may write down but somebody else must allow: it waits as a request.

The lifecycles (resources/rulesets/lifecycles.json) say who may move a record to which state; the
rest is domain 4.8.7 (hiding text) and 4.9 (closing, cautions somebody else set).
"""

from collections.abc import Mapping
from functools import cache

from sync.ports import Proposed
from tfworker import settings
from tfworker.council.access import APPROVED_AMENDMENTS, CLOSING_STATUSES, MAY_CLOSE, Reach
from tfworker.council.standing import Standing
from tfworker.records.words import MarkerState, WorkerRole
from tfworker.rules.data import lifecycles
from tfworker.rules.lifecycle import Answer, Lifecycle, judge

STATE_COLUMN = {"family": "status", "plan": "state", "goal": "state", "action": "state", "visit": "state"}


@cache
def _lifecycles() -> Mapping[str, Lifecycle]:
    return lifecycles(settings.subjects("rulesets")["lifecycles"])


def needs_word(
    proposal: Proposed, standing: Standing, reaches: frozenset[Reach], allocated_as: str | None
) -> bool:
    """Whether this change waits until somebody else allows it.

    reaches: where the record lies for its author; allocated_as: her role in the family, if any.
    """
    if proposal.table in STATE_COLUMN:
        return _moves_too_far(proposal, _roles_here(standing, reaches)) or _closes(
            proposal, reaches, allocated_as
        )
    if proposal.table == "note_amendment":
        return proposal.row.get("kind") in APPROVED_AMENDMENTS or proposal.row.get("approved_by") is not None
    if proposal.table == "risk_marker":
        return Reach.TEAM not in reaches and _clears_anothers(proposal, standing.user)
    return False


def _roles_here(standing: Standing, reaches: frozenset[Reach]) -> set[str]:
    """Her roles towards this family: outside her team a leader who was given it is its worker."""
    roles = set(standing.roles)
    if Reach.TEAM not in reaches and WorkerRole.TEAM_LEADER in roles:
        roles = (roles - {WorkerRole.TEAM_LEADER}) | {WorkerRole.FSW}
    return roles


def _moves_too_far(proposal: Proposed, roles: set[str]) -> bool:
    column = STATE_COLUMN[proposal.table]
    lifecycle = _lifecycles()[proposal.table]
    to = proposal.row.get(column)
    if column not in proposal.changed or to not in lifecycle.states:
        return False
    was = proposal.before.get(column) if proposal.before is not None else None
    answer = judge(lifecycle, was, to, roles).answer
    if answer in (Answer.YES, Answer.ASK):
        return answer is Answer.ASK
    # It does not follow from what stands here now, perhaps because somebody moved it meanwhile: that
    # is for the queue to show. It waits only if nobody in her role ever makes this move.
    return to not in lifecycle.first and not any(m.to == to and m.by & roles for m in lifecycle.moves)


def _closes(proposal: Proposed, reaches: frozenset[Reach], allocated_as: str | None) -> bool:
    return (
        proposal.table == "family"
        and "status" in proposal.changed
        and proposal.row.get("status") in CLOSING_STATUSES
        and Reach.TEAM not in reaches
        and allocated_as not in MAY_CLOSE
    )


def _clears_anothers(proposal: Proposed, user: str) -> bool:
    before = proposal.before
    if before is None or "state" not in proposal.changed:
        return False
    return proposal.row.get("state") == MarkerState.CLEARED and before.get("written_by") != user
