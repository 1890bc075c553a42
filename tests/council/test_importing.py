"""The council's central records come in: everything that is good, once, and every bad row by name."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.ops import Act, Change
from sync.ports import Grant
from tests.council.central_files import swap, write
from tests.council.imported import bad, ledger_length, one, rows
from tfworker import paths
from tfworker.council.importing import import_central
from tfworker.council.service import DESK, Council
from tfworker.rules.notes import is_as_finished

# -- what goes in -----------------------------------------------------------------------------------


def test_everything_good_goes_in(empty: Council, folder: Path) -> None:
    report = import_central(empty, folder)

    assert report.bad == ()
    assert report.read == report.taken
    assert report.read == {
        "localities.csv": 1, "teams.csv": 2, "workers.csv": 3, "families.csv": 3,
        "people.csv": 3, "needs.csv": 2, "notes.csv": 2,
    }  # fmt: skip
    assert report.added == {
        "locality": 1, "agency": 1, "team": 2, "worker": 3, "family": 3, "household": 3,
        "allocation": 2, "person": 3, "membership": 3, "contact_point": 1, "need": 2, "visit_note": 2,
    }  # fmt: skip


def test_a_second_run_changes_nothing(empty: Council, folder: Path) -> None:
    import_central(empty, folder)
    before = ledger_length(empty)

    report = import_central(empty, folder)

    assert (report.changes, report.bad) == (0, ())
    assert ledger_length(empty) == before


def test_a_family_as_it_comes(small: Council, folder: Path) -> None:
    import_central(small, folder)
    locality, team = one(small, "locality"), one(small, "team", code="T01")
    worker = one(small, "worker", staff_no="W2")

    family = one(small, "family", family_ref="F-1")
    home = one(small, "household", family_id=family["id"])
    allocation = one(small, "allocation", family_id=family["id"])

    assert (family["label"], family["status"], family["intensity"]) == (
        "Reed family",
        "supported",
        "intensive",
    )
    assert (family["locality_id"], family["team_id"]) == (locality["id"], team["id"])
    assert (family["opened_on"], family["attached_on"]) == (date(2016, 9, 13), date(2017, 4, 1))
    assert family["attach_year"] == "2017/18"
    assert (home["address_lines"], home["postcode"]) == ("Flat 1, 2 High Street\nHolm", "ZZ1 1AA")
    assert (home["confidential"], home["tenure"]) == (False, "social_rent")
    assert (allocation["worker_id"], allocation["role"]) == (worker["id"], "lead")
    assert (allocation["from_on"], allocation["to_on"]) == (date(2016, 9, 13), None)


def test_a_closed_family_is_nobodys_any_more(small: Council, folder: Path) -> None:
    import_central(small, folder)

    family = one(small, "family", family_ref="F-2")
    allocation = one(small, "allocation", family_id=family["id"])

    assert (family["status"], family["status_on"]) == ("closed", date(2015, 12, 10))
    assert family["attach_year"] == "2015/16"
    assert allocation["to_on"] == date(2015, 12, 10)


def test_workers_and_their_teams(small: Council, folder: Path) -> None:
    import_central(small, folder)

    worker = one(small, "worker", staff_no="W3")
    team = one(small, "team", code="T01")

    assert (worker["display_name"], worker["roles"], worker["fte_percent"]) == ("Zoë O'Hara", ["fip"], 50)
    assert worker["team_id"] == team["id"]
    assert worker["employing_agency_id"] == team["employing_agency_id"] == one(small, "agency")["id"]
    assert team["leader_id"] == one(small, "worker", staff_no="W1")["id"]
    assert one(small, "team", code="T02")["leader_id"] is None


def test_people_and_how_to_reach_them(small: Council, folder: Path) -> None:
    import_central(small, folder)

    parent, unborn = one(small, "person", person_ref="P-1"), one(small, "person", person_ref="P-3")
    number = one(small, "contact_point")
    child = one(small, "person", person_ref="P-2")

    assert (parent["forenames"], parent["known_as"], parent["dob"]) == ("Mary-Jane", "MJ", date(1980, 2, 29))
    assert (unborn["dob"], unborn["expected_date"]) == (None, date(2018, 5, 20))
    assert child["legal_status"] == "CP plan"
    assert one(small, "membership", person_id=child["id"])["lives_here"] == "part"
    assert (number["person_id"], number["value"]) == (parent["id"], "07700 900001")
    assert (number["safe_to_call"], number["kind"]) == ("only_when", "mobile")


def test_needs_name_their_person_or_the_whole_family(small: Council, folder: Path) -> None:
    import_central(small, folder)

    whose = {row["headline"]: row["person_ids"] for row in rows(small, "need")}

    assert whose == {"education": [one(small, "person", person_ref="P-2")["id"]], "work_finance": []}
    assert {row["status"] for row in rows(small, "need")} == {"open"}


def test_notes_come_in_finished_and_hashed(empty: Council, folder: Path) -> None:
    import_central(empty, folder)

    note = one(empty, "visit_note", note_ref="N-1")

    assert note["what_happened"] == "Met at school.\nThe kitchen was clean."
    assert note["happened_at"] == note["finalised_at"] == datetime(2017, 6, 8, 8, 15, tzinfo=UTC)
    assert note["written_by"] == note["finalised_by"] == one(empty, "worker", staff_no="W2")["id"]
    assert is_as_finished(note) is True


def test_the_import_is_a_line_of_its_own_in_the_ledger(small: Council, folder: Path) -> None:
    import_central(small, folder)
    ledger = small.schema.own("ledger")

    with small.engine.connect() as connection:
        found = connection.execute(select(ledger.c.author, ledger.c.line).distinct()).all()

    assert ("import", "import:central") in [tuple(row) for row in found]


def test_after_an_import_everybody_has_her_grants(empty: Council, folder: Path) -> None:
    import_central(empty, folder)

    assert families_of(empty, "W1") == {"F-1", "F-2", "F-3"}
    assert families_of(empty, "W2") == {"F-1"}
    assert families_of(empty, "W3") == set()


def families_of(council: Council, staff_no: str) -> set[str]:
    grant = council.schema.own("scope_grant")
    user = one(council, "worker", staff_no=staff_no)["id"]
    with council.engine.connect() as connection:
        found = connection.execute(
            select(grant).where(grant.c.user_id == user, grant.c.to_seq.is_(None))
        ).all()
    names = {f"family:{row['id']}": row["family_ref"] for row in rows(council, "family")}
    return {names[g.scope] for g in (Grant(r.scope, frozenset(), r.level) for r in found) if g.scope in names}


# -- what changed since -----------------------------------------------------------------------------


def test_only_what_the_file_says_anew_changes(empty: Council, folder: Path) -> None:
    import_central(empty, folder)
    write(folder, people=swap("07700 900001,only_when", "07700 900001,no"))

    report = import_central(empty, folder)

    assert (report.added, report.changed) == ({}, {"contact_point": 1})
    assert one(empty, "contact_point")["safe_to_call"] == "no"


def test_an_edit_made_here_stands_while_the_file_says_nothing_new(small: Council, folder: Path) -> None:
    import_central(small, folder)
    person = one(small, "person", person_ref="P-1")["id"]
    small.hub.apply(DESK, [Change("person", person, {"known_as": "Em"})])
    write(folder, people=swap("1980-02-29,,Female,English", "1980-02-29,,Female,Welsh"))

    report = import_central(small, folder)

    assert report.changed == {"person": 1}
    assert one(small, "person", person_ref="P-1")["known_as"] == "Em"
    assert one(small, "person", person_ref="P-1")["first_language"] == "Welsh"


def test_an_edit_made_here_and_a_new_word_of_the_file_wait_for_a_person(small: Council, folder: Path) -> None:
    import_central(small, folder)
    person = one(small, "person", person_ref="P-1")["id"]
    small.hub.apply(DESK, [Change("person", person, {"first_language": "Polish"})])
    write(folder, people=swap("1980-02-29,,Female,English", "1980-02-29,,Female,Welsh"))

    report = import_central(small, folder)
    again = import_central(small, folder)
    card = one(small, "conflict", record=person)

    assert (report.queued, again.changes) == (1, 0)
    # Until then what somebody wrote here stands: a file overwrites nobody.
    assert one(small, "person", person_ref="P-1")["first_language"] == "Polish"
    assert card["base"] == {"first_language": "English"}
    assert {side["values"]["first_language"] for side in card["sides"].values()} == {"Polish", "Welsh"}


def test_a_column_that_is_gone_says_nothing_about_its_field(small: Council, folder: Path) -> None:
    import_central(small, folder)
    write(folder, workers=lambda text: "\n".join(line.rpartition(",")[0] for line in text.splitlines()))

    report = import_central(small, folder)

    assert report.changes == 0
    assert bad(report) == ["workers.csv, line 1, phone: the column is missing; everything else was imported"]
    assert one(small, "worker", staff_no="W2")["work_phone"] == "01632 960012"


def test_an_emptied_cell_empties_the_field(small: Council, folder: Path) -> None:
    import_central(small, folder)
    write(folder, people=swap("07700 900001,only_when", ","))

    assert import_central(small, folder).changed == {"contact_point": 1}
    assert one(small, "contact_point")["value"] is None
    assert import_central(small, folder).changes == 0


def test_a_new_lead_worker_takes_over_today(empty: Council, folder: Path) -> None:
    import_central(empty, folder)
    write(folder, families=swap("T01,W2,", "T01,W3,"))

    report = import_central(empty, folder)

    family = one(empty, "family", family_ref="F-1")["id"]
    leads = {row["worker_id"]: row for row in rows(empty, "allocation") if row["family_id"] == family}
    old, new = (leads[one(empty, "worker", staff_no=staff_no)["id"]] for staff_no in ("W2", "W3"))
    assert (report.added, report.changed) == ({"allocation": 1}, {"allocation": 1})
    assert (old["to_on"], new["from_on"], new["to_on"]) == (date(2026, 11, 16), date(2026, 11, 16), None)
    assert import_central(empty, folder).changes == 0


def test_a_family_without_lead_worker_any_more(small: Council, folder: Path) -> None:
    import_central(small, folder)
    write(folder, families=swap("T01,W2,", "T01,,"))

    assert import_central(small, folder).changed == {"allocation": 1}
    assert {row["to_on"] for row in rows(small, "allocation")} == {date(2026, 11, 16), date(2015, 12, 10)}
    assert import_central(small, folder).changes == 0


def test_a_finished_note_is_not_rewritten(small: Council, folder: Path) -> None:
    import_central(small, folder)
    write(folder, notes=swap("The kitchen was clean.", "The kitchen was not clean."))

    for _ in range(2):
        report = import_central(small, folder)

        assert report.changes == 0
        assert bad(report) == [
            "notes.csv, line 2: the note is finished and cannot be changed; add what is new as a correction"
        ]
    assert one(small, "visit_note", note_ref="N-1")["what_happened"].endswith("was clean.")


def test_a_record_that_is_here_already_is_met_by_its_reference(small: Council, folder: Path) -> None:
    """Not imported before, but the council's desk has given it the reference."""
    agency = {"name": "Ashcombe County Council", "type": "county"}
    small.hub.apply(DESK, [Change("agency", "a" * 32, agency, Act.INSERT)])
    worker = {"staff_no": "W2", "display_name": "Owen Hale", "roles": ["fsw"]}
    small.hub.apply(DESK, [Change("worker", "b" * 32, worker, Act.INSERT)])

    report = import_central(small, folder)

    assert report.bad == ()
    assert (one(small, "agency")["id"], one(small, "agency")["type"]) == ("a" * 32, "county")
    assert one(small, "worker", staff_no="W2")["id"] == "b" * 32
    assert one(small, "worker", staff_no="W2")["fte_percent"] == 60
    assert import_central(small, folder).changes == 0


# -- killed in the middle, and real size ------------------------------------------------------------


class PowerCut(Exception):
    """Whatever stops a program without asking it."""


@pytest.mark.parametrize("after", [1, 2])
def test_a_run_that_is_killed_is_simply_run_again(small: Council, tmp_path: Path, after: int) -> None:
    """4,100 notes more, so that there are three transactions to die between."""
    many = "".join(f"M-{n},F-1,W2,2017-06-08T09:15,visit,Note number {n}.\n" for n in range(4100))
    folder = write(tmp_path / "large", notes=lambda text: text + many)
    calls = []

    def die(done: int, to_do: int) -> None:
        calls.append((done, to_do))
        if len(calls) == after:
            raise PowerCut

    with pytest.raises(PowerCut):
        import_central(small, folder, die)
    assert rows(small, "family") == []
    report = import_central(small, folder)

    assert report.bad == ()
    assert {table: len(rows(small, table)) for table in ("family", "person", "visit_note", "membership")} == {
        "family": 3, "person": 3, "visit_note": 4102, "membership": 3,
    }  # fmt: skip
    assert families_of(small, "W1") == {"F-1", "F-2", "F-3"}
    assert import_central(small, folder).changes == 0


def test_the_county_goes_in_with_fifteen_seconds_of_work_and_a_second_time_changes_nothing(
    empty: Council,
) -> None:
    """1,660 families, 6,971 people, 148 workers, 6,000 notes. Work, not waiting: other tests run beside."""
    begun = time.process_time()
    report = import_central(empty, paths.resource("sample", "ashcombe"))
    took_s = time.process_time() - begun

    assert report.bad == ()
    assert {table: report.added[table] for table in ("family", "person", "worker", "visit_note")} == {
        "family": 1660, "person": 6971, "worker": 148, "visit_note": 6000,
    }  # fmt: skip
    assert import_central(empty, paths.resource("sample", "ashcombe")).changes == 0
    assert took_s < 15
