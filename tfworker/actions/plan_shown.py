"""Needs, plans, goals and promises as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tfworker.actions import phrases
from tfworker.actions.disputes import NONE, Marks
from tfworker.actions.phrases import day, say
from tfworker.actions.values import ActionLine, Choice, GoalLine, NeedLine, PlanCard, Whereabouts
from tfworker.actions.wording import lifecycles, word
from tfworker.records.words import (
    ActionState,
    GoalState,
    NeedSeverity,
    NeedSource,
    NeedStatus,
    OwnerKind,
    PlanState,
)
from tfworker.rules.lifecycle import Answer, steps

Record = Mapping[str, Any]  # {column: value}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known beside the rows. titles: {need type: its title}. roles: the worker's own."""

    marks: Mapping[str, Marks]
    places: Mapping[str, Whereabouts]
    name_of: Mapping[str, str]
    titles: Mapping[str, str]
    roles: Sequence[str]
    today: date

    def need(self, need: Record, goals: Sequence[Record]) -> NeedLine:
        """goals: of the present plan."""
        return NeedLine(
            id=need["id"],
            title=self._need_title(need),
            own_words=need["described_in_family_words"] or "",
            people=phrases.names(need["person_ids"] or [], self.name_of),
            severity=word(NeedSeverity, need["severity"]),
            status=word(NeedStatus, need["status"]),
            identified_on=need["identified_on"],
            source=word(NeedSource, need["source"]).words,
            goal_ids=tuple(g["id"] for g in goals if need["id"] in (g["need_ids"] or ())),
            whereabouts=self._where(need),
            disputed=self._marks(need),
        )

    def plan(self, plan: Record) -> PlanCard:
        due, state = plan["review_due"], plan["state"]
        late = due is not None and due < self.today
        key = "plan.no_review" if due is None else "plan.review_late" if late else "plan.review_due"
        waits = state == PlanState.AGREED and PlanState.ACTIVE not in {
            c.code for c in self._next("plan", plan)
        }
        return PlanCard(
            id=plan["id"],
            number=plan["number"] or 1,
            aims=plan["aims_in_family_words"] or "",
            members=phrases.names(plan["members_covered"] or [], self.name_of),
            state=word(PlanState, state),
            state_note=say("plan.waits_leader") if waits else "",
            next_states=self._next("plan", plan),
            review_due=due,
            review_words=say(key, day=day(due, self.today) if due else ""),
            review_late=late,
            whereabouts=self._where(plan),
            disputed=self._marks(plan),
        )

    def goal(self, goal: Record, actions: Sequence[Record]) -> GoalLine:
        """actions: of the whole family; the goal takes its own."""
        settled = goal["state"] in (GoalState.ACHIEVED, GoalState.STOPPED)
        return GoalLine(
            id=goal["id"],
            statement=goal["statement"] or "",
            measure=goal["measure"] or "",
            need_ids=tuple(goal["need_ids"] or ()),
            baseline=goal["baseline_0_10"],
            current=goal["current_0_10"],
            target=goal["target_0_10"],
            due=goal["due"],
            due_words=self._due(goal["due"], settled),
            state=word(GoalState, goal["state"]),
            next_states=self._next("goal", goal),
            actions=tuple(self.action(a) for a in actions if a["goal_id"] == goal["id"]),
            whereabouts=self._where(goal),
            disputed=self._marks(goal),
        )

    def action(self, action: Record) -> ActionLine:
        is_open = action["state"] == ActionState.OPEN
        return ActionLine(
            id=action["id"],
            goal_id=action["goal_id"],
            what=action["what"] or "",
            owner_kind=word(OwnerKind, action["owner_kind"]),
            owner_name=action["owner_name"] or self.name_of.get(action["owner_person_id"] or "", ""),
            due=action["due"],
            due_words=self._due(action["due"], not is_open),
            overdue=is_open and action["due"] is not None and action["due"] < self.today,
            state=word(ActionState, action["state"]),
            done_on=action["done_on"],
            visible_to_family=bool(action["visible_to_family"]),
            whereabouts=self._where(action),
            disputed=self._marks(action),
        )

    def _need_title(self, need: Record) -> str:
        for prefix, column in (("h", "headline"), ("l", "local_type")):
            if need[column]:
                return self.titles.get(f"{prefix}:{need[column]}") or need[column].replace("_", " ")
        return say("plan.need_other")

    def _due(self, due: date | None, settled: bool) -> str:
        if due is None:
            return say("plan.no_day")
        late = due < self.today and not settled
        return say("plan.overdue" if late else "plan.due", day=day(due, self.today))

    def _next(self, table: str, record: Record) -> tuple[Choice, ...]:
        """What it may become now by this worker herself; what she may only ask for is left out."""
        kind = {"plan": PlanState, "goal": GoalState}[table]
        found = steps(lifecycles()[table], record["state"] or "", self.roles)
        return tuple(word(kind, step.to) for step in found if step.answer is Answer.YES)

    def _where(self, record: Record) -> Whereabouts:
        return self.places.get(record["id"], Whereabouts.COUNCIL)

    def _marks(self, record: Record) -> Marks:
        return self.marks.get(record["id"], NONE)
