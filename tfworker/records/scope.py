"""Where records live: the names of scopes, and from a row to its scope.

A scope is fixed at a record's insert, so these functions read only `id` and fixed columns.
"""

from sync.policy import Fields

REFERENCE = "reference"  # what every worker may read: teams, workers, word lists, standards


def family(family_id: str) -> str:
    """The scope of everything that hangs off a family."""
    return f"family:{family_id}"


def person(person_id: str) -> str:
    """The scope of what belongs to one person in whichever family she lives."""
    return f"person:{person_id}"


def worker(worker_id: str) -> str:
    """The scope of what belongs to one worker: a concern that names no family."""
    return f"worker:{worker_id}"


def of_reference(row: Fields) -> str:
    return REFERENCE


def of_family(row: Fields) -> str:
    """For the family's own row."""
    return family(row["id"])


def of_family_record(row: Fields) -> str:
    """For records with a family_id."""
    return family(row["family_id"])


def of_person(row: Fields) -> str:
    """For the person's own row."""
    return person(row["id"])


def of_person_record(row: Fields) -> str:
    """For records with a person_id."""
    return person(row["person_id"])


def of_marker(row: Fields) -> str:
    """A marker on a family lives there; a marker on a person goes wherever she goes."""
    family_id = row.get("family_id")
    return family(family_id) if family_id else person(row["person_id"])


def of_concern(row: Fields) -> str:
    """A concern lives with its family; one that names no family with the worker who raised it."""
    family_id = row.get("family_id")
    return family(family_id) if family_id else worker(row["written_by"])


def of_concern_step(row: Fields) -> str:
    """A step lives where its concern lives, whoever takes the step."""
    family_id = row.get("family_id")
    return family(family_id) if family_id else worker(row["raised_by"])
