"""Central records with something wrong in them: every bad row by name, and the rest goes in."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.council.central_files import swap, write
from tests.council.imported import bad, rows
from tfworker.council.importing import import_central
from tfworker.council.importing.run import NothingToImport
from tfworker.council.service import Council

Changes = Mapping[str, Callable[[str], str] | None]
SLIPS: dict[str, tuple[Changes, list[str]]] = {
    "a missing column": (
        {"families": lambda text: re.sub(",(tenure|social_rent|owned|private_rent)", "", text)},
        ["families.csv, line 1, tenure: the column is missing; everything else was imported"],
    ),
    "a bad date": (
        {"needs": swap("2016-09-13", "2016-09-31")},
        ["needs.csv, line 2, identified_on: not a date written yyyy-mm-dd"],
    ),
    "an unknown team": (
        {"workers": swap("fip,T01", "fip,T99")},
        ["workers.csv, line 4, team: there is no such team (waiting for it: notes.csv line 4)"],
    ),
    "a duplicated reference": (
        {"people": lambda text: text + text.splitlines()[3] + "\n"},
        ["people.csv, line 5, person_ref: the same reference is already on line 4; that row was kept"],
    ),
    "an unknown word": (
        {"families": swap("supported,intensive", "helped,intensive")},
        [
            "families.csv, line 2, status: not one of: candidate, profiling, awaiting_decision, accepted, "
            "agreement_sought, assessment, supported, stepping_down, closed, re_opened, declined, "
            "not_accepted, moved_away, on_hold, deceased_child_hold (waiting for it: needs.csv lines 2, 3; "
            "notes.csv lines 2, 4; people.csv lines 2, 3)"
        ],
    ),
    "an unknown lead worker": (
        {"families": swap("T01,W2,3 Low Road", "T01,W9,3 Low Road")},
        ["families.csv, line 3, lead_worker: there is no such worker (waiting for it: people.csv line 4)"],
    ),
    "a lead worker whose own row is bad": (
        {"workers": swap("fsw,T01,Ashcombe County Council,0.6", "fsw,T01,Ashcombe County Council,six")},
        [
            "workers.csv, line 3, fte: not a share of full time such as 0.6 (waiting for it: "
            "families.csv (lead worker) lines 2, 3; notes.csv line 2)"
        ],
    ),
    "a closing before the opening": (
        {"families": swap("2015-12-10", "2015-01-10")},
        ["families.csv, line 3, closed_on: before opened_on (waiting for it: people.csv line 4)"],
    ),
    "an address that does not say whether it is secret": (
        {"families": swap("ZZ1 1AB,yes", "ZZ1 1AB,")},
        [
            "families.csv, line 3, confidential: an address needs yes or no here "
            "(waiting for it: people.csv line 4)"
        ],
    ),
    "a number that does not say whether it is safe": (
        {"people": swap("900001,only_when", "900001,")},
        [
            "people.csv, line 2, safe_to_call: a number needs yes, only_when or no here"
        ],
    ),
    "a need of somebody in another family": (
        {"needs": swap("F-1,P-2", "F-1,P-3")},
        ["needs.csv, line 2, person_ref: this person is in another family"],
    ),
    "a whole file that cannot be used": (
        {"families": swap("family_ref,", "reference,")},
        [
            "families.csv, line 1, family_ref: the column is missing, so nothing of this file was imported "
            "(waiting for it: needs.csv lines 2, 3; notes.csv lines 2, 4; people.csv lines 2, 3, 4)"
        ],
    ),
    "a file that is not there": ({"needs": None}, ["needs.csv: the file is not in the folder"]),
}  # fmt: skip


@pytest.mark.parametrize("changes, expected", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_one_line_and_putting_it_right_brings_the_rest(
    small: Council, folder: Path, changes: Changes, expected: list[str]
) -> None:
    write(folder, **changes)
    report = import_central(small, folder)
    assert bad(report) == expected
    again = import_central(small, folder)
    assert (again.changes, bad(again)) == (0, expected)

    write(folder)
    repaired = import_central(small, folder)

    assert repaired.bad == ()
    assert {table: len(rows(small, table)) for table in ("family", "person", "need", "visit_note")} == {
        "family": 3, "person": 3, "need": 2, "visit_note": 2,
    }  # fmt: skip
    assert len(rows(small, "allocation")) == 2


def test_without_the_column_that_says_what_is_secret_no_address_comes_in(
    small: Council, folder: Path
) -> None:
    def without(text: str) -> str:
        return text.replace("confidential,", "").replace("ZZ1 1AA,no", "ZZ1 1AA").replace(
            "ZZ1 1AB,yes", "ZZ1 1AB").replace("Holm,,no", "Holm,")  # fmt: skip

    write(folder, families=without)
    report = import_central(small, folder)

    assert len(report.bad) == 1
    assert {row["address_lines"] for row in rows(small, "household")} == {None}


def test_a_folder_with_nothing_in_it_is_a_problem_in_words(small: Council, tmp_path: Path) -> None:
    with pytest.raises(NothingToImport):
        import_central(small, tmp_path / "nowhere")


def test_the_report_reads_like_this(small: Council, folder: Path) -> None:
    write(folder, needs=swap("2016-09-13", "soon"))

    assert import_central(small, folder).lines() == [
        "localities.csv: 1 of 1 rows",
        "teams.csv: 2 of 2 rows",
        "workers.csv: 3 of 3 rows",
        "families.csv: 3 of 3 rows",
        "people.csv: 3 of 3 rows",
        "needs.csv: 1 of 2 rows",
        "notes.csv: 2 of 2 rows",
        "25 records added, 0 changed",
        "needs.csv, line 2, identified_on: not a date written yyyy-mm-dd",
    ]
