"""The council's word on what a caller may make of a record: `sync.ports.Authority`, denied by default.

What the columns themselves forbid (central fields, rows written once) sync decides; here it is
about who, where, and what needs somebody else's word. The rules as a table: `access`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from sync.ops import Act, Reason
from sync.policy import Rule
from sync.ports import ADMIT, Caller, Clock, Grant, Proposed, Ruling, Verdict
from sync.sql.schema import Schema
from tfworker.council import access, rivals
from tfworker.council.access import CARD, TRAY, Reach
from tfworker.council.due_dates import DueDates
from tfworker.council.grants import CAUSES, new_grants
from tfworker.council.mass_removal import MassRemoval
from tfworker.council.requests import needs_word
from tfworker.council.standing import Loader, Loss, Standing, allows, split, today_of
from tfworker.records import scope
from tfworker.records.words import ConcernStepKind, VisitState

CONCERN, STEP = "safeguarding_concern", "concern_step"
# Columns that say who did something; a caller may name nobody but herself.
SIGNATURES = ("written_by", "finalised_by", "cleared_by", "story_by", "decided_by")
# What a leader may set in the family she makes; every other central field the council sets.
FIRST_OF_FAMILY = frozenset({"team_id", "locality_id", "opened_on"})


def refuse(reason: Reason) -> Verdict:
    return Verdict(Ruling.REFUSE, reason)


def hold(reason: Reason) -> Verdict:
    return Verdict(Ruling.HOLD, reason)


REQUEST = hold(Reason.REQUEST)
NOT_ALLOWED = refuse(Reason.NOT_ALLOWED)


class CouncilAuthority:
    """Judges proposals and draws grants; every call reads the council's own rows.

    Also `sync.ports.Calendar`: grants begin and end by date.
    """

    def __init__(self, schema: Schema, clock: Clock) -> None:
        self.schema = schema
        self.clock = clock
        self.due_dates = DueDates(schema)
        self.mass_removal = MassRemoval(schema)

    def judge(
        self, connection: Connection, caller: Caller, proposed: Sequence[Proposed]
    ) -> Sequence[Verdict]:
        """One verdict a proposal, in order. The council's own lines are admitted as they are."""
        if caller.central:
            return [ADMIT] * len(proposed)
        today = today_of(self.clock.now())
        standing = Loader(connection, self.schema, today).load(caller.user, proposed)
        bench = _Bench(self.schema, standing)
        verdicts = [bench.judge(proposal) for proposal in proposed]
        return rivals.named(connection, self.schema, proposed, verdicts)

    def grants(self, connection: Connection, touched: Mapping[str, set[str]]) -> Mapping[str, set[Grant]]:
        """See `grants.new_grants`; a removal of unusual size waits for the operator."""
        if not any(touched.get(table) for table in CAUSES):
            return {}
        # What waits may have been put right meanwhile.
        return self._drawn(connection, touched, self.mass_removal.users(connection), {})

    def is_due(self) -> bool:
        return self.due_dates.is_due(today_of(self.clock.now()))

    def due(self, connection: Connection) -> Mapping[str, set[Grant]]:
        """What the calendar changed, and what the operator has confirmed since."""
        today = today_of(self.clock.now())
        confirmed = self.mass_removal.take_confirmed(connection)
        users = self.due_dates.users(connection, today) | confirmed.keys()
        return self._drawn(connection, {}, users, confirmed)

    def _drawn(
        self,
        connection: Connection,
        touched: Mapping[str, set[str]],
        users: Collection[str],
        confirmed: Mapping[str, set[str]],
    ) -> Mapping[str, set[Grant]]:
        now = self.clock.now()
        drawn = new_grants(connection, self.schema, touched, today_of(now), users)
        return self.mass_removal.allowed(connection, drawn, now, confirmed) if drawn else {}


OVER = frozenset({VisitState.COMPLETED, VisitState.NO_REPLY, VisitState.REFUSED})


class _Bench:
    """Judges one batch in order; what an earlier op makes, a later one may name."""

    def __init__(self, schema: Schema, standing: Standing) -> None:
        self.schema = schema
        self.standing = standing

    def judge(self, proposal: Proposed) -> Verdict:
        verdict = self._in_a_tray(proposal, self._judge(proposal))
        # Whatever becomes of it: sync itself makes the ops behind a fallen one wait or fall with it.
        if proposal.kind is Act.INSERT and proposal.before is None:
            self.standing.learn(proposal.table, proposal.record, proposal.scope, proposal.row)
        return verdict

    def _judge(self, proposal: Proposed) -> Verdict:
        table = self.schema.get(proposal.table)
        if table is None:
            return refuse(Reason.UNKNOWN_TABLE)
        if proposal.before is None and proposal.kind is not Act.INSERT:
            # Nothing to judge: sync answers that the record is unknown, or that its insert waits.
            return ADMIT if self.standing.rights else NOT_ALLOWED
        if proposal.table not in (CARD, TRAY) and table.synced.scope(proposal.row) != proposal.scope:
            return refuse(Reason.WRONG_SCOPE)
        if proposal.table == TRAY:
            return self._tray(proposal)
        if proposal.author is not None:
            return self._admitted(proposal)
        if proposal.kind is Act.SEEN:
            return ADMIT if self.standing.sees(proposal.table, proposal.scope) else NOT_ALLOWED
        if proposal.table == CONCERN and self._may(proposal):
            return ADMIT
        found = self._who(proposal) or self._names(proposal) or self._what(proposal)
        return found or self._after_closing(proposal) or ADMIT

    def _after_closing(self, proposal: Proposed) -> Verdict | None:
        """What was written of a family that is closed goes on the record, and its leader reads it:
        the family may have to be opened again (domain 4.8.9, closed_while_offline)."""
        kind, family = split(proposal.scope)
        written = proposal.kind is Act.INSERT and self.schema[proposal.table].policy.is_append
        if kind != "family" or not written or family not in self.standing.closed:
            return None
        leads = Reach.TEAM in self.standing.reaches(proposal.scope)
        return None if leads else Verdict(to_read=True, reason=Reason.CLOSED)

    # -- what waits in a tray --------------------------------------------------------------------

    def _in_a_tray(self, proposal: Proposed, verdict: Verdict) -> Verdict:
        """Nobody has a family or person that is not there yet: what is held of one waits where the
        author's leaders find it, beside her other things."""
        if verdict.ruling is not Ruling.HOLD:
            return verdict
        kind, record = split(proposal.scope)
        unknown = (kind == "family" and record not in self.standing.families) or (
            kind == "person" and not self.standing.people.get(record)
        )
        return replace(verdict, tray=scope.worker(self.standing.user)) if unknown else verdict

    def _tray(self, proposal: Proposed) -> Verdict:
        """Who has the family decides what came for it from somebody else, and never from herself. What
        needed a leader's word needs a leader's."""
        item = proposal.row
        is_hers = self._may_there(proposal)
        if not is_hers or item["author"] == self.standing.user:
            return NOT_ALLOWED
        if item["reason"] != Reason.REQUEST.value:
            return ADMIT
        return ADMIT if Reach.TEAM in self.standing.reaches(proposal.scope) else NOT_ALLOWED

    def _admitted(self, proposal: Proposed) -> Verdict:
        """An op out of a tray, its author's own: who lets it in could do as much herself, or leads."""
        leads = self._leads(proposal)
        if not leads and not self._may_there(proposal):
            return NOT_ALLOWED  # decided with one in her family, and itself in another
        named = self._names(proposal)
        if named is not None and named != REQUEST:
            return named
        # A note or a step says what its author saw; it is not judged as if the leader had written it.
        own = None if proposal.table in ("visit_note", STEP) else self._what(proposal)
        if REQUEST in (named, own) and not leads:
            return NOT_ALLOWED
        return Verdict(central=leads)

    def _leads(self, proposal: Proposed) -> bool:
        if proposal.table == "family" and proposal.before is None:
            return proposal.row.get("team_id") in self.standing.led
        return Reach.TEAM in self.standing.reaches(proposal.scope)

    # -- who, and where --------------------------------------------------------------------------

    def _who(self, proposal: Proposed) -> Verdict | None:
        """Whether she may write this kind of record in this scope; None if so."""
        standing = self.standing
        is_family = proposal.table == "family" and proposal.before is None
        if self._may(proposal) if is_family else self._may_there(proposal):
            return self._signed(proposal)
        if not self._may(proposal):
            # Asking for another worker or a new family is a request, not a right.
            asks = is_family or (
                proposal.table == "allocation" and Reach.OWN in standing.reaches(proposal.scope)
            )
            may_ask = any(right.reach is Reach.OWN for right in standing.rights)
            if not (asks and may_ask):
                return NOT_ALLOWED
            return REQUEST
        loss = standing.loss(proposal.scope)
        if loss is Loss.NEVER:
            return NOT_ALLOWED
        signed = self._signed(proposal)
        if signed is not None or loss is Loss.LONG_AGO:
            return signed or hold(Reason.NOT_YOURS_NOW)
        if _tells(proposal) or self.schema[proposal.table].policy.is_append:
            return self._names(proposal) or self._what(proposal) or Verdict(to_read=True)
        return hold(Reason.NOT_YOURS_NOW)

    def _may(self, proposal: Proposed) -> bool:
        """Whether any of her rights, wherever it reaches, is to write this kind of record."""
        return allows(self.standing.rights, proposal.table, makes=_makes(proposal))

    def _may_there(self, proposal: Proposed) -> bool:
        return self.standing.may(proposal.table, proposal.scope, makes=_makes(proposal))

    def _signed(self, proposal: Proposed) -> Verdict | None:
        for column in SIGNATURES:
            if column in proposal.changed and proposal.row.get(column) not in (None, self.standing.user):
                return refuse(Reason.NOT_AUTHOR)
        return None

    # -- what the row names ----------------------------------------------------------------------

    def _names(self, proposal: Proposed) -> Verdict | None:
        """Every record the row names is there and hers to see; None if so."""
        for column, table in self.schema[proposal.table].refers.items():
            record = proposal.row.get(column)
            if column not in proposal.changed or record is None:
                continue
            if proposal.before is not None and proposal.before.get(column) == record:
                continue
            verdict = self._named(proposal, table, str(record))
            if verdict is not None:
                return verdict
        return None

    def _named(self, proposal: Proposed, table: str, record: str) -> Verdict | None:
        standing = self.standing
        scope = standing.scopes.get((table, record))
        if scope is None:
            return hold(Reason.FOLLOWS) if record in standing.waiting else refuse(Reason.UNKNOWN_RECORD)
        if proposal.table == STEP:
            # A step goes where its concern is, which she may have raised on any family.
            return None if table != CONCERN or scope == proposal.scope else refuse(Reason.WRONG_SCOPE)
        if standing.sees(table, scope) or table == split(proposal.scope)[0]:
            return None
        # Joining a person to a family would give her a person she does not have: a leader looks first.
        return REQUEST if proposal.table == "membership" else refuse(Reason.UNKNOWN_RECORD)

    # -- what needs somebody else's word ---------------------------------------------------------

    def _what(self, proposal: Proposed) -> Verdict | None:
        """Rules of single tables; None when nothing more is to be said."""
        reaches = self.standing.reaches(proposal.scope)
        match proposal.table:
            case "allocation":
                return self._allocation(proposal)
            case "family" if proposal.before is None:
                return self._family(proposal)
            case "concern_step":
                return self._step(proposal, reaches)
            case "visit_note":
                return self._note(proposal, reaches)
            case "conflict":
                return self._card(proposal, reaches)
        if proposal.before is None and self._sets_central(proposal, frozenset()):
            return REQUEST
        role = self.standing.allocated.get(split(proposal.scope)[1])
        return REQUEST if needs_word(proposal, self.standing, reaches, role) else None

    def _sets_central(self, proposal: Proposed, but: frozenset[str]) -> bool:
        policies = self.schema[proposal.table].policy.policies
        return any(
            policies[column].rule is Rule.CENTRAL and proposal.row.get(column) is not None
            for column in proposal.changed - but
            if column in policies
        )

    def _allocation(self, proposal: Proposed) -> Verdict:
        """A leader allocates her team's families to her team's workers; anything else is a request."""
        worker = proposal.row.get("worker_id")
        is_hers = self.standing.workers.get(str(worker)) in self.standing.led
        return Verdict(central=True) if is_hers else REQUEST

    def _family(self, proposal: Proposed) -> Verdict:
        """A leader makes a family of her team."""
        is_hers = proposal.row.get("team_id") in self.standing.led
        if not is_hers or self._sets_central(proposal, FIRST_OF_FAMILY):
            return REQUEST
        return Verdict(central=True)

    def _step(self, proposal: Proposed, reaches: frozenset[Reach]) -> Verdict | None:
        """Whom she told anybody may add; acknowledging is for the leader or duty (domain 4.8.11)."""
        if proposal.row.get("step") == ConcernStepKind.TOLD:
            return None
        for_others = [r for r in self.standing.rights if r.reach is not Reach.OWN and r.reach in reaches]
        answers = any(STEP in right.makes and STEP in right.gives for right in for_others)
        return None if answers else NOT_ALLOWED

    def _note(self, proposal: Proposed, reaches: frozenset[Reach]) -> Verdict | None:
        """On families not her own a leader writes oversight and a duty worker what she was told."""
        if proposal.before is not None and proposal.before.get("written_by") != self.standing.user:
            return refuse(Reason.NOT_AUTHOR)
        kind = proposal.row.get("kind")
        if Reach.OWN in reaches or self.standing.loss(proposal.scope) is not Loss.NEVER:
            leads = any(right.reach is Reach.TEAM for right in self.standing.rights)
            return REQUEST if kind in access.LEADER_NOTES and not leads else None
        kinds = set(access.LEADER_NOTES) if Reach.TEAM in reaches else set()
        if access.COUNTY_CARD in self.standing.rights:
            kinds |= access.DUTY_NOTES
        return None if kind in kinds else NOT_ALLOWED

    def _card(self, proposal: Proposed, reaches: frozenset[Reach]) -> Verdict | None:
        """A worker decides what two people typed; states, cautions and rivals are the leader's (4.8.9)."""
        card = proposal.row
        about, group = card["table_name"], card["group_name"]
        for_leader = card["kind"] == "rival" or (about, group) in access.LEADERS_CARDS
        return REQUEST if for_leader and Reach.TEAM not in reaches else None


def _makes(proposal: Proposed) -> bool:
    return proposal.kind is Act.INSERT and proposal.before is None


def _tells(proposal: Proposed) -> bool:
    """Whether a new record says what has happened, though its fields may change later: a caution, or a
    visit that is over, without which its note would have nothing to name."""
    if proposal.kind is not Act.INSERT:
        return False
    return proposal.table == "risk_marker" or (
        proposal.table == "visit" and proposal.row.get("state") in OVER
    )
