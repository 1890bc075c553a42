"""The seven files of the council's central records: their columns, and what a row asks for. Pure.

The files and their order are `FILES`; a file's rows may name rows of the files before it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from tfworker.council.importing.cells import (
    choice_of,
    code_of,
    date_of,
    line_of,
    moment_of,
    name_of,
    percent_of,
    reference_of,
    text_of,
    yes_no,
)
from tfworker.council.importing.reader import FileShape
from tfworker.council.importing.wanted import Cells, Ref, Wanted
from tfworker.records import words

ADDRESS = ("address_line_1", "town", "postcode")


@dataclass(frozen=True, slots=True)
class CentralFile:
    """One file: its shape, the table of the record its key names, and what a row asks for.

    The first `Wanted` of a row is the row's own record; the others hang off it.
    """

    shape: FileShape
    table: str
    want: Callable[[Cells], list[Wanted]]


def choice(words_of: Any) -> Callable[[str], Any]:
    return partial(choice_of, choices=words_of)


def locality(cells: Cells) -> list[Wanted]:
    code = cells.take("code", reference_of)
    return [Wanted("locality", code, {"code": code, "name": cells.take("name", needed_line)})]


def needed_line(text: str) -> str | None:
    """A line that may not be empty."""
    return line_of(text) or reference_of(text)


def agency(cells: Cells, column: str) -> list[Wanted]:
    name = cells.take(column, name_of)
    return [Wanted("agency", name, {"name": name})] if name else []


def team(cells: Cells) -> list[Wanted]:
    code = cells.take("team", reference_of)
    values = {"code": code, "name": cells.take("name", needed_line)}
    if cells.has("district"):
        values["locality_id"] = cells.ref("locality", "district", is_essential=False)
    if cells.has("employing_agency"):
        values["employing_agency_id"] = cells.ref("agency", "employing_agency", is_essential=False)
    return [Wanted("team", code, values), *agency(cells, "employing_agency")]


def worker(cells: Cells) -> list[Wanted]:
    staff_no = cells.take("staff_no", reference_of)
    role = cells.take("role", choice(words.WorkerRole))
    if role is None and not cells.faults:
        cells.say("role", "empty, and the row cannot do without it")
    names = (cells.take("forenames", line_of), cells.take("family_name", needed_line))
    values: dict[str, Any] = {
        "staff_no": staff_no,
        "display_name": " ".join(name for name in names if name),
        "roles": [role],
    }
    for column, named, parse in (
        ("work_email", "email", line_of),
        ("work_phone", "phone", line_of),
        ("fte_percent", "fte", percent_of),
    ):
        if cells.has(named):
            values[column] = cells.take(named, parse)
    if cells.has("team"):
        values["team_id"] = cells.ref("team", "team", is_essential=False)
    if cells.has("employing_agency"):
        values["employing_agency_id"] = cells.ref("agency", "employing_agency", is_essential=False)
    return [Wanted("worker", staff_no, values), *agency(cells, "employing_agency")]


def family(cells: Cells) -> list[Wanted]:
    """The family, its household and its lead worker."""
    family_ref = cells.take("family_ref", reference_of)
    status = cells.take("status", choice(words.FamilyStatus))
    if status is None and not cells.faults:
        cells.say("status", "empty, and the row cannot do without it")
    opened_on, closed_on = cells.take("opened_on", date_of), cells.take("closed_on", date_of)
    if opened_on and closed_on and closed_on < opened_on:
        cells.say("closed_on", "before opened_on")
    values: dict[str, Any] = {
        "family_ref": family_ref,
        "label": cells.take("label", needed_line),
        "status": status,
        **cells.fields({"intensity": choice(words.Intensity), "attached_on": date_of}),
    }
    if cells.has("opened_on"):
        values["opened_on"] = opened_on
    if cells.has("closed_on"):
        values["status_on"] = closed_on
    if "attached_on" in values:
        values["attach_year"] = financial_year(values["attached_on"])
    if cells.has("district"):
        values["locality_id"] = cells.ref("locality", "district", is_essential=False)
    if cells.has("team"):
        values["team_id"] = cells.ref("team", "team", is_essential=False)
    own = Ref("family", family_ref, "family_ref")
    return [
        Wanted("family", family_ref, values),
        *household(cells, own),
        *lead(cells, own, (opened_on, closed_on)),
    ]


def financial_year(day: date | None) -> str | None:
    """1 April to 31 March, written 2016/17."""
    if day is None:
        return None
    start = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{start}/{(start + 1) % 100:02}"


def household(cells: Cells, family_ref: Ref) -> list[Wanted]:
    """Where they live. Without the column that says whether it is secret, no address is taken."""
    values: dict[str, Any] = {"family_id": family_ref, **cells.fields({"tenure": choice(words.Tenure)})}
    if cells.has("confidential"):
        lines = [cells.take(column, line_of) for column in ("address_line_1", "town")]
        if cells.has("address_line_1") or cells.has("town"):
            values["address_lines"] = "\n".join(line for line in lines if line) or None
        if cells.has("postcode"):
            values["postcode"] = cells.take("postcode", line_of)
        values["confidential"] = cells.take("confidential", yes_no)
        if values["confidential"] is None and any(cells.row.cells.get(column) for column in ADDRESS):
            cells.say("confidential", "an address needs yes or no here")
    return [
        Wanted("household", family_ref.reference, values, needs_any=("address_lines", "postcode", "tenure"))
    ]


def lead(cells: Cells, family_ref: Ref, dates: tuple[date | None, date | None]) -> list[Wanted]:
    """The lead worker's allocation; it ends with the family's closing."""
    if not cells.has("lead_worker"):
        return []
    worker_ref = cells.ref("worker", "lead_worker")
    opened_on, closed_on = dates
    values: dict[str, Any] = {
        "family_id": family_ref,
        "worker_id": worker_ref,
        "role": words.AllocationRole.LEAD.value,
    }
    if opened_on is not None:
        values["from_on"] = opened_on
    if cells.has("closed_on"):
        values["to_on"] = closed_on
    initial = {"reason": words.AllocationReason.NEW.value, "from_on": closed_on}
    reference = f"{family_ref.reference}/{worker_ref.reference if worker_ref else ''}"
    return [Wanted("allocation", reference, values, initial, needs_any=("worker_id",), may_wait=True)]


def person(cells: Cells) -> list[Wanted]:
    """The person, her membership of the family, and her number with whether it is safe to ring."""
    person_ref = cells.take("person_ref", reference_of)
    family_ref = cells.ref("family", "family_ref")
    if family_ref is None:
        cells.say("family_ref", "empty, and the row cannot do without it")
        return []
    role = cells.take("role", choice(words.MemberRole))
    if role is None and not cells.faults:
        cells.say("role", "empty, and the row cannot do without it")
    values = {"person_ref": person_ref, **cells.fields(PERSON_COLUMNS)}
    initial = {"dob_estimated": False, "interpreter_needed": False}
    own = Ref("person", person_ref, "person_ref")
    membership = {"family_id": family_ref, "person_id": own, "role": role}
    membership |= cells.fields({"lives_here": choice(words.LivesHere)})
    return [
        Wanted("person", person_ref, values, initial),
        Wanted("membership", f"{person_ref}/{family_ref.reference}", membership),
        *contact_point(cells, own),
    ]


PERSON_COLUMNS: dict[str, Callable[[str], Any]] = {
    "forenames": line_of,
    "family_name": needed_line,
    "known_as": line_of,
    "dob": date_of,
    "expected_date": date_of,
    "gender": line_of,
    "first_language": line_of,
    "nhs_number": line_of,
    "upn": line_of,
    "ni_number": line_of,
    "legal_status": choice(words.LegalStatus),
}


def contact_point(cells: Cells, person_ref: Ref) -> list[Wanted]:
    """A number. Without the column that says whether it is safe to ring, none is taken."""
    if not cells.has("phone", "safe_to_call"):
        return []
    number = cells.take("phone", line_of)
    safe = cells.take("safe_to_call", choice(words.SafeToCall))
    if number and safe is None and cells.row.cells["safe_to_call"] == "":
        cells.say("safe_to_call", "a number needs yes, only_when or no here")
    is_mobile = bool(number) and number.startswith(("07", "+447"))
    kind = (words.ContactKind.MOBILE if is_mobile else words.ContactKind.LANDLINE).value if number else None
    values = {"person_id": person_ref, "value": number, "safe_to_call": safe, "kind": kind}
    return [Wanted("contact_point", person_ref.reference, values, needs_any=("value",))]


def need(cells: Cells) -> list[Wanted]:
    family_ref, person_ref = cells.ref("family", "family_ref"), cells.ref("person", "person_ref")
    headline = cells.take("headline", reference_of)
    indicator = cells.take("indicator", code_of)
    if family_ref is None:
        cells.say("family_ref", "empty, and the row cannot do without it")
        return []
    values: dict[str, Any] = {
        "family_id": family_ref,
        "person_ids": [person_ref] if person_ref else [],
        "headline": headline,
        "indicator": indicator,
        **cells.fields(NEED_COLUMNS),
    }
    whose = person_ref.reference if person_ref else "-"
    reference = "/".join((family_ref.reference, whose, headline or "", indicator or "-"))
    return [Wanted("need", reference, values, {"status": words.NeedStatus.OPEN.value})]


NEED_COLUMNS: dict[str, Callable[[str], Any]] = {
    "identified_on": date_of,
    "source": choice(words.NeedSource),
    "severity": choice(words.NeedSeverity),
}


def note(cells: Cells) -> list[Wanted]:
    """A finished note. The files do not say when it was written, so that is when it happened."""
    note_ref = cells.take("note_ref", reference_of)
    family_ref, author = cells.ref("family", "family_ref"), cells.ref("worker", "author")
    happened_at = cells.take("happened_at", moment_of)
    text = cells.take("what_happened", text_of)
    for column in ("family_ref", "author", "happened_at", "what_happened"):
        if not cells.row.cells[column]:
            cells.say(column, "empty, and the row cannot do without it")
    kind = cells.take("kind", choice(words.NoteKind)) or words.NoteKind.OTHER.value
    values = {
        "family_id": family_ref,
        "note_ref": note_ref,
        "kind": kind,
        "happened_at": happened_at,
        "what_happened": text,
        "written_by": author,
        "written_at": happened_at,
        "finalised_at": happened_at,
        "finalised_by": author,
    }
    return [Wanted("visit_note", note_ref, values)]


LOCALITIES = FileShape("localities.csv", ("code", "name"), key="code")
TEAMS = FileShape("teams.csv", ("team", "name"), ("district", "employing_agency"), key="team")
WORKERS = FileShape(
    "workers.csv",
    ("staff_no", "family_name", "role"),
    ("forenames", "email", "team", "employing_agency", "fte", "phone"),
    key="staff_no",
)
FAMILIES = FileShape(
    "families.csv",
    ("family_ref", "label", "status"),
    (
        *("intensity", "district", "team", "lead_worker", *ADDRESS, "confidential", "tenure"),
        *("opened_on", "attached_on", "closed_on"),
    ),
    key="family_ref",
)
PEOPLE = FileShape(
    "people.csv",
    ("person_ref", "family_ref", "role", "family_name"),
    (*(c for c in PERSON_COLUMNS if c != "family_name"), "lives_here", "phone", "safe_to_call"),
    key="person_ref",
)
NEEDS = FileShape(
    "needs.csv",
    ("family_ref", "person_ref", "headline", "indicator"),
    ("identified_on", "source", "severity"),
)
NOTES = FileShape(
    "notes.csv",
    ("note_ref", "family_ref", "author", "happened_at", "what_happened"),
    ("kind",),
    key="note_ref",
)

FILES = (
    CentralFile(LOCALITIES, "locality", locality),
    CentralFile(TEAMS, "team", team),
    CentralFile(WORKERS, "worker", worker),
    CentralFile(FAMILIES, "family", family),
    CentralFile(PEOPLE, "person", person),
    CentralFile(NEEDS, "need", need),
    CentralFile(NOTES, "visit_note", note),
)
