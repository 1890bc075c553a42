"""The forms of a family's page: what each asks, and the action it ends in. No widgets here."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from tfworker.actions import cautions, notes, people, plan, visits
from tfworker.actions.desk import Desk
from tfworker.actions.fields import choices
from tfworker.actions.problems import BadInput
from tfworker.actions.values import (
    ActionLine,
    Choice,
    ContactPoint,
    GoalLine,
    HouseholdCard,
    PeopleTab,
    PersonCard,
    PlanCard,
    PlanTab,
)
from tfworker.records.words import ActionState, AmendmentKind, VisitType
from tfworker.ui import dates
from tfworker.ui.family.blank import Asks, Blank
from tfworker.ui.family.form import Form

Answers = Mapping[str, Any]
LISTS = (
    "membership.role", "membership.lives_here", "membership.parental_responsibility", "contact_point.kind",
    "contact_point.safe_to_call", "household.tenure", "need.severity", "action.owner_kind", "action.state",
    "risk_marker.kind", "visit.type",
)  # fmt: skip
# A visit is planned to somewhere; how one ended is said when it is written up.
PLANNED = frozenset({VisitType.HOME, VisitType.OFFICE, VisitType.COMMUNITY, VisitType.SCHOOL, VisitType.PHONE,
                     VisitType.VIDEO})  # fmt: skip


def load_lists() -> None:
    """Read the words of every list the forms offer, on the vault's thread; later they are at hand."""
    for what in LISTS:
        choices(what)


def person_form(family_id: str, person: PersonCard | None) -> Form:
    """A new person, or changes to one."""

    def act(desk: Desk, answers: Answers) -> object:
        if person is None:
            return people.add_person(desk, family_id, answers)
        return people.change_person(desk, family_id, person.id, answers)

    def was(field: str) -> Any:
        value = getattr(person, field, None)
        return value.code if isinstance(value, Choice) else value

    place = f"person/{person.id}" if person else f"new-person/{family_id}"
    return Form(place, f"Change {person.name}" if person else "Add a person", (
        Blank("forenames", "Forenames", before=was("forenames")),
        Blank("family_name", "Family name", before=was("family_name")),
        Blank("known_as", "Name they go by", before=was("known_as")),
        Blank("role", "Role in the family", Asks.CHOICE, was("role"), choices("membership.role")),
        Blank("dob", "Date of birth", Asks.DATE, was("dob")),
        Blank("expected_date", "Expected date, for an unborn child", Asks.DATE, was("expected_date")),
        Blank("lives_here", "Lives here", Asks.CHOICE, was("lives_here"), choices("membership.lives_here")),
        Blank("parental_responsibility", "Parental responsibility", Asks.CHOICE,
              was("parental_responsibility"), choices("membership.parental_responsibility")),
        Blank("school", "School", before=was("school")),
        Blank("pronouns", "Pronouns", before=was("pronouns")),
        Blank("first_language", "First language", before=was("first_language")),
        Blank("interpreter_needed", "An interpreter is needed", Asks.TICK, was("interpreter_needed")),
        Blank("communication_needs", "How best to communicate", Asks.TEXT, was("communication_needs")),
    ), act, is_new=person is None)  # fmt: skip


def contact_form(family_id: str, person: PersonCard, point: ContactPoint | None) -> Form:
    """A new way to reach somebody, or changes to one."""

    def act(desk: Desk, answers: Answers) -> object:
        if point is None:
            return people.add_contact_point(desk, family_id, person.id, answers)
        return people.change_contact_point(desk, family_id, point.id, answers)

    blanks = [
        Blank("kind", "Kind", Asks.CHOICE, point.kind.code if point else "mobile",
              choices("contact_point.kind")),
        Blank("value", "Number or address", before=point.value if point else None),
        Blank("safe_to_call", "Safe to call", Asks.CHOICE, point.safe_to_call.code if point else None,
              choices("contact_point.safe_to_call"), help="Ask; do not guess. Somebody else may answer."),
        Blank("safe_note", "When it is safe", before=point.safe_note if point else None,
              help="Such as: weekdays 10 to 2, not when he is home"),
        Blank("do_not_leave_message", "Leave no message", Asks.TICK,
              point.do_not_leave_message if point else False),
    ]  # fmt: skip
    if point is not None:
        blanks.append(Blank("valid_to", "Used until", Asks.DATE, help="Fill in when it is no longer right"))
    place = f"contact/{point.id}" if point else f"new-contact/{person.id}"
    title = f"{person.name}’s {point.kind.words.lower()}" if point else f"A way to reach {person.name}"
    return Form(place, title, tuple(blanks), act, is_new=point is None)


def household_form(family_id: str, home: HouseholdCard) -> Form:
    """A changed address. One that is confidential shows only in its own fields."""
    return Form(f"household/{home.id}", "Where they live", (
        Blank("address_lines", "Address", Asks.TEXT, home.address_lines),
        Blank("postcode", "Postcode", before=home.postcode),
        Blank("confidential", "This address is confidential", Asks.TICK, home.confidential),
        Blank("tenure", "How they live there", Asks.CHOICE, home.tenure.code, choices("household.tenure")),
        Blank("access_note", "At the door", Asks.TEXT, home.access_note,
              help="What to know before ringing: side entrance, dog, intercom"),
    ), lambda desk, answers: people.change_household(desk, family_id, home.id, answers))  # fmt: skip


def caution_form(family_id: str, members: PeopleTab) -> Form:
    """A caution on the family or one of its people."""

    def act(desk: Desk, answers: Answers) -> object:
        return cautions.add_risk_marker(
            desk,
            family_id,
            answers.get("kind", ""),
            answers.get("detail", ""),
            answers.get("review_on"),
            person_id=answers.get("person_id"),
        )

    whom = tuple(Choice(person.id, person.name) for person in members.people)
    return Form(f"new-caution/{family_id}", "Add a caution", (
        Blank("kind", "Kind of caution", Asks.CHOICE, choices=choices("risk_marker.kind")),
        Blank("detail", "What to do", Asks.TEXT, help="Facts and what to do; everybody who visits reads it"),
        Blank("person_id", "About one person", Asks.CHOICE, choices=whom),
        Blank("review_on", "Look at it again on", Asks.DATE, help="Half a year from today when left empty"),
    ), act, is_new=True, subtitle="In force at once; it goes out with the next sync.")  # fmt: skip


def need_form(family_id: str, tab: PlanTab, members: PeopleTab) -> Form:
    """A new need."""
    whom = tuple(Choice(person.id, person.name) for person in members.people)
    return Form(f"new-need/{family_id}", "Add a need", (
        Blank("type", "What kind of need", Asks.CHOICE, choices=tab.need_types),
        Blank("described_in_family_words", "In the family’s words", Asks.TEXT),
        Blank("person_ids", "Whose need", Asks.PICKS, choices=whom),
        Blank("severity", "How serious", Asks.CHOICE, choices=choices("need.severity")),
    ), lambda desk, answers: plan.add_need(desk, family_id, answers), is_new=True)  # fmt: skip


def plan_form(family_id: str, card: PlanCard | None, members: PeopleTab) -> Form:
    """A first plan, or changes to the present one."""

    def act(desk: Desk, answers: Answers) -> object:
        if card is None:
            return plan.start_plan(desk, family_id, answers)
        return plan.change_plan(desk, family_id, card.id, answers)

    covered = [p.id for p in members.people if card is None or p.name in card.members]
    whom = tuple(Choice(person.id, person.name) for person in members.people)
    place = f"plan/{card.id}" if card else f"new-plan/{family_id}"
    return Form(place, f"Plan {card.number}" if card else "Start a plan", (
        Blank("aims_in_family_words", "Aims, in the family’s words", Asks.TEXT, card.aims if card else None),
        Blank("members_covered", "Whom it covers", Asks.PICKS, covered, whom),
        Blank("review_due", "Review due", Asks.DATE, card.review_due if card else None),
    ), act, is_new=card is None)  # fmt: skip


def step_form(family_id: str, card: PlanCard) -> Form:
    """The plan's next state."""

    def act(desk: Desk, answers: Answers) -> object:
        return plan.change_plan_state(
            desk, family_id, card.id, answers.get("state", ""), why=answers.get("why", "")
        )

    only = card.next_states[0].code if len(card.next_states) == 1 else None
    return Form(f"plan-step/{card.id}", f"Plan {card.number}: next step", (
        Blank("state", "It becomes", Asks.CHOICE, only, card.next_states),
        Blank("why", "Why, or who agrees", Asks.TEXT),
    ), act, is_new=True, subtitle=f"Now: {card.state.words}")  # fmt: skip


def goal_form(family_id: str, tab: PlanTab, goal: GoalLine | None) -> Form:
    """A new goal of the present plan, or changes to one."""

    def act(desk: Desk, answers: Answers) -> object:
        if goal is not None:
            return plan.change_goal(desk, family_id, goal.id, answers)
        assert tab.plan is not None
        return plan.add_goal(desk, family_id, tab.plan.id, answers)

    needs = tuple(Choice(need.id, need.title) for need in tab.needs)
    blanks = [
        Blank("statement", "The goal, in the family’s words", Asks.TEXT, goal.statement if goal else None),
        Blank("current_0_10", "Where it is now, 0 to 10", Asks.SCORE, goal.current if goal else None),
        Blank("measure", "What will be different", Asks.TEXT, goal.measure if goal else None),
        Blank("baseline_0_10", "Where it began", Asks.SCORE, goal.baseline if goal else None),
        Blank("target_0_10", "Where it should be", Asks.SCORE, goal.target if goal else None),
        Blank("due", "By when", Asks.DATE, goal.due if goal else None),
        Blank("need_ids", "Needs it answers", Asks.PICKS, list(goal.need_ids) if goal else [], needs),
    ]
    if goal is not None:
        states = (goal.state, *(c for c in goal.next_states if c.code != goal.state.code))
        blanks.append(Blank("state", "How it stands", Asks.CHOICE, goal.state.code, states))
    place = f"goal/{goal.id}" if goal else f"new-goal/{family_id}"
    return Form(place, "Change the goal" if goal else "Add a goal", tuple(blanks), act, is_new=goal is None)


def action_form(family_id: str, tab: PlanTab, goal: GoalLine | None) -> Form:
    """A new promise, for a goal or outside any."""
    goals = tuple(Choice(line.id, line.statement) for line in tab.goals)
    place = f"new-action/{goal.id if goal else family_id}"
    return Form(place, "Add an action", (
        Blank("what", "What is to be done", Asks.TEXT),
        Blank("owner_kind", "Who does it", Asks.CHOICE, "worker", choices("action.owner_kind")),
        Blank("owner_name", "Name", help="Left empty, a worker’s action is yours"),
        Blank("due", "By when", Asks.DATE),
        Blank("goal_id", "For the goal", Asks.CHOICE, goal.id if goal else None, goals),
        Blank("visible_to_family", "The family sees it", Asks.TICK, True),
    ), lambda desk, answers: plan.add_action(desk, family_id, answers), is_new=True)  # fmt: skip


def ending_form(family_id: str, action: ActionLine) -> Form:
    """A promise that ended some other way than done."""

    def act(desk: Desk, answers: Answers) -> object:
        state, why = answers.get("state", ""), answers.get("why", "")
        return plan.finish_action(desk, family_id, action.id, state, why=why)

    ends = tuple(
        c for c in choices("action.state") if c.code in (ActionState.NOT_DONE, ActionState.CANCELLED)
    )
    return Form(f"action-end/{action.id}", "How did it end?", (
        Blank("state", "It was", Asks.CHOICE, ActionState.NOT_DONE.value, ends),
        Blank("why", "Why", Asks.TEXT),
    ), act, is_new=True, subtitle=action.what)  # fmt: skip


def visit_form(family_id: str) -> Form:
    """A visit to come."""

    def act(desk: Desk, answers: Answers) -> object:
        day: date | None = answers.get("day")
        at: time | None = answers.get("at")
        if day is None or at is None:
            raise BadInput("day" if day is None else "at", "Say the day and the time")
        moment = dates.instant(day, at)
        kind, purpose = answers.get("type", ""), answers.get("purpose", "")
        return visits.plan_visit(desk, family_id, moment, visit_type=kind, purpose=purpose)

    kinds = tuple(c for c in choices("visit.type") if c.code in PLANNED)
    return Form(f"new-visit/{family_id}", "Plan a visit", (
        Blank("day", "Day", Asks.DATE),
        Blank("at", "Time", Asks.TIME),
        Blank("type", "Kind", Asks.CHOICE, VisitType.HOME.value, kinds),
        Blank("purpose", "What for", Asks.TEXT),
    ), act, is_new=True)  # fmt: skip


def amendment_form(note_id: str, kind: str, marked: str) -> Form:
    """An addition to a finished note, or a correction of words in it."""
    is_correction = kind == AmendmentKind.CORRECTION

    def act(desk: Desk, answers: Answers) -> object:
        return notes.amend(
            desk,
            note_id,
            kind,
            answers.get("text", ""),
            reason=answers.get("reason", ""),
            old_text=answers.get("old_text", ""),
        )

    if not is_correction:
        return Form(f"addendum/{note_id}", "Add to the note", (
            Blank("text", "What is added", Asks.TEXT),
            Blank("reason", "Why, if it matters"),
        ), act, is_new=True, subtitle="It stands below the note, with your name and the time.")  # fmt: skip
    return Form(f"correction/{note_id}", "Correct the note", (
        Blank("old_text", "The words that are wrong", Asks.TEXT, marked,
              help="Exactly as they stand in the note; mark them there and they come by themselves"),
        Blank("text", "What is right", Asks.TEXT),
        Blank("reason", "Why", Asks.TEXT),
    ), act, is_new=True, subtitle="The original stays readable, struck through.")  # fmt: skip
