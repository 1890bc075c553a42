"""The reference data that comes with the product: headline problems, local needs, practice standards.

It is imported like any other source, so a number the council changed in its own records stands
until the files themselves say something new.
"""

from sync.ops import new_id
from tfworker import settings
from tfworker.council.database import problems, reading
from tfworker.council.importing.memory import adopt, recall
from tfworker.council.importing.plan import Planner
from tfworker.council.importing.run import apply
from tfworker.council.importing.sorting import Sorting
from tfworker.council.importing.wanted import Key, Wanted
from tfworker.council.service import Council
from tfworker.council.standing import today_of
from tfworker.rules import data

SOURCE = "resources"
RETIRES = ("headline_problem", "local_need_type")  # what is no longer in the files is no longer offered


def load_reference(council: Council) -> int:
    """Bring resources/rulesets and resources/standards into the council's records.

    Gives the number of records made or changed: 0 when the files say nothing new.
    Raises ValueError for a file that does not hold what it should, CouncilUnreachable.
    """
    wanted = reference_records()
    metadata = council.schema.metadata
    with problems(council.engine), reading(council.engine) as connection:
        recalled = recall(connection, metadata, SOURCE)
        codes = {one.reference for one in wanted if one.table == "local_need_type"}
        unknown = {code for code in codes if ("local_need_type", code) not in recalled}
        known = {**adopt(connection, metadata, {"local_need_type": unknown}), **recalled}
    retired = [_retired(key) for key in known.keys() - {one.key for one in wanted} if key[0] in RETIRES]
    sorting = Sorting(known)
    for one in (*wanted, *retired):
        sorting.keep(one)
    planned = Planner(sorting, new_id, today_of(council.clock.now())).work_out()
    return len(apply(council, SOURCE, planned, recalled))


def _retired(key: Key) -> Wanted:
    return Wanted(*key, {"active": False})


def reference_records() -> list[Wanted]:
    """Every record the files ask for."""
    rulesets = settings.subjects("rulesets")
    found = [
        Wanted(
            "headline_problem",
            f"{headline.rule_set}/{headline.code}",
            {
                "rule_set": headline.rule_set,
                "code": headline.code,
                "title": headline.title,
                "position": headline.position,
                "active": True,
                "indicators": [{"code": sign.code, "text": sign.text} for sign in headline.indicators],
            },
        )
        for headline in data.headlines(rulesets["needs"])
    ]
    found += [
        Wanted(
            "local_need_type",
            need.code,
            {
                "code": need.code,
                "title": need.title,
                "maps_to_headline": need.maps_to_headline,
                "active": True,
            },
        )
        for need in data.local_needs(rulesets["needs"])
    ]
    return found + [
        _standard(standard) for standard in data.standards(settings.standards()["practice"]).values()
    ]


def _standard(standard: data.Standard) -> Wanted:
    values = {
        "code": standard.code,
        "text": standard.text,
        "measure": standard.measure or None,
        "n": standard.n,
        "unit": standard.unit,
        "applies_to": standard.applies_to,
        "source": standard.source or None,
        "set_by": standard.set_by or None,
        "set_on": standard.set_on,
    }
    return Wanted("practice_standard", standard.code, values)
