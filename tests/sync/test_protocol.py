"""sync/PROTOCOL.md says what is there: every message, field, code, limit, version and error."""

import inspect
import re
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest

from sync import errors, ops, wire
from sync.http import packing
from sync.ops import Act, Outcome, Reason
from sync.wire import Missing, Rejoin

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "sync" / "PROTOCOL.md").read_text(encoding="utf-8")
STRUCTS = [
    kind
    for _, kind in inspect.getmembers(wire, inspect.isclass)
    if issubclass(kind, msgspec.Struct) and kind.__module__ == wire.__name__
]
CODES: list[type[StrEnum]] = [Act, Outcome, Reason, Missing, Rejoin]
PROBLEMS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.SyncProblem) and kind is not errors.SyncProblem
]


def section(title: str) -> str:
    """The text under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}( \(array\))?$\n(.*?)(?=^#|\Z)", PAGE, re.M | re.S)
    assert found is not None, f"no section {title}"
    return found[2]


def table(title: str) -> list[list[str]]:
    """The rows of a section's table, without its heading; a bar within a cell is written \\|."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def named(cell: str) -> str:
    return cell.strip("`")


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda kind: kind.__name__)
def test_every_message_is_described_field_by_field_in_order(struct: type[msgspec.Struct]) -> None:
    rows = table(f"`{struct.__name__}`")

    assert [named(row[0]) for row in rows] == list(struct.__struct_fields__)
    assert all(len(row) == 2 and row[1] for row in rows)
    is_array = f"### `{struct.__name__}` (array)" in PAGE
    assert is_array is bool(struct.__struct_config__.array_like)


def test_no_message_is_described_that_there_is_not() -> None:
    titles = re.findall(r"^### `(\w+)`", PAGE, re.M)

    assert set(titles) == {kind.__name__ for kind in (*STRUCTS, *CODES)}


@pytest.mark.parametrize("codes", CODES, ids=lambda kind: kind.__name__)
def test_every_code_is_described_in_order(codes: type[StrEnum]) -> None:
    rows = table(f"`{codes.__name__}`")

    assert [named(row[0]) for row in rows] == [code.value for code in codes]
    assert all(row[1] for row in rows)


def test_every_limit_has_its_number() -> None:
    said = {named(row[0]): int(row[1]) for row in table("Limits")}
    limits = {
        name: value
        for module in (wire, packing)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int) and name != "PROTOCOL"
    }
    told_elsewhere = {"SMALLEST", "LEVEL", "ENVELOPE_BYTES"}

    assert said == {name: value for name, value in limits.items() if name not in told_elsewhere}
    assert f"from {packing.SMALLEST} bytes on" in PAGE


def test_every_version_has_its_row() -> None:
    versions = [int(row[0]) for row in table("Versions")]

    assert versions == list(range(1, wire.PROTOCOL + 1))
    assert wire.SERVED[0] == wire.PROTOCOL
    assert list(wire.SERVED) == list(range(wire.PROTOCOL, max(0, wire.PROTOCOL - 3), -1))


def test_every_error_has_its_row() -> None:
    assert {named(row[0]) for row in table("Errors")} == {kind.__name__ for kind in PROBLEMS}


def test_every_kind_of_bad_input_has_its_outcome_and_a_test_that_shows_it() -> None:
    rows = table("Bad input")
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    missing = [row[2] for row in rows if f"def {named(row[2])}(" not in tests]

    assert missing == []
    assert all(row[1] for row in rows)
    assert len(rows) >= 15


def test_it_names_no_code_that_there_is_not() -> None:
    """Every word in backquotes in the outcomes of bad input is a code or an error."""
    known = {code.value for codes in CODES for code in codes}
    known |= {kind.__name__ for kind in (*PROBLEMS, Rejoin)} | {"OP_BYTES"}
    said = {word for row in table("Bad input") for word in re.findall(r"`(\w+)`", row[1])}

    assert said <= known


def test_ops_are_described_by_the_same_words_as_they_are_made() -> None:
    fields = {named(row[0]) for row in table("`WireOp`")}

    assert set(ops.Op.__struct_fields__) <= fields
