"""Reading a file of the central records: what is read, what is bad, and in which words."""

from pathlib import Path

import pytest

from tfworker.council.importing.reader import FileShape, ReadFile, read_file

SHAPE = FileShape("things.csv", ("ref", "name"), ("colour", "text"), key="ref")
HEADER = b"ref,name,colour,text\n"


def read(folder: Path, content: bytes) -> ReadFile:
    (folder / SHAPE.name).write_bytes(content)
    return read_file(folder, SHAPE)


GOOD = {
    "plain": HEADER + b"1,Ann,red,hello\n",
    "with a byte order mark": b"\xef\xbb\xbf" + HEADER + b"1,Ann,red,hello\n",
    "with Windows line ends": HEADER.replace(b"\n", b"\r\n") + b"1,Ann,red,hello\r\n",
    "without a last line end": HEADER + b"1,Ann,red,hello",
    "with empty lines": b"\n" + HEADER + b"\n1,Ann,red,hello\n\n",
    "columns in another order": b"text,colour,name,ref\nhello,red,Ann,1\n",
    "with blanks around": b"ref , name,colour,text\n 1,Ann ,red,hello\n",
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_a_good_file_is_read(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, content)

    assert [dict(row.cells) for row in found.rows] == [
        {"ref": "1", "name": "Ann", "colour": "red", "text": "hello"}
    ]
    assert found.usable
    assert found.bad == ()


def test_a_cell_keeps_its_lines_and_a_row_its_first_line(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + b'1,Ann,red,"one\r\ntwo, ""three"""\n2,Bo,,\n')

    assert [(row.line, row.cells["text"]) for row in found.rows] == [(2, 'one\r\ntwo, "three"'), (4, "")]


def test_odd_line_separators_inside_a_cell_are_text(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "1,Ann,a\u2028b,c\x0bd\n".encode())

    assert found.rows[0].cells["colour"] == "a\u2028b"
    assert found.rows[0].cells["text"] == "c\x0bd"


NOTHING = ", so nothing of this file was imported"
WHOLE = {
    "no file": (None, 0, "", "the file is not in the folder"),
    "an empty file": (b"", 0, "", "the file is empty"),
    "UTF-16": ("ref,name\n".encode("utf-16"), 0, "", "the file is UTF-16; export it again as CSV UTF-8"),
    "a column missing": (
        b"ref,colour,text\n1,red,\n", 1, "name", f"the column is missing{NOTHING}",
    ),
    "two columns missing": (
        b"colour,text\nred,\n", 1, "", f"the columns ref, name are missing{NOTHING}",
    ),
    "a column twice": (
        b"ref,name,name,colour,text\n", 1, "name", f"the column is there twice{NOTHING}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("content, line, column, reason", WHOLE.values(), ids=WHOLE.keys())
def test_a_file_that_cannot_be_used_is_one_line(
    tmp_path: Path, content: bytes | None, line: int, column: str, reason: str
) -> None:
    found = read(tmp_path, content) if content is not None else read_file(tmp_path, SHAPE)

    assert not found.usable
    assert found.rows == ()
    assert [(bad.line, bad.column, bad.reason) for bad in found.bad] == [(line, column, reason)]


def test_a_missing_optional_column_is_one_line_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, b"ref,name,text\n1,Ann,hello\n")

    assert [str(bad) for bad in found.bad] == [
        "things.csv, line 1, colour: the column is missing; everything else was imported"
    ]
    assert "colour" not in found.rows[0].cells


def test_a_column_we_do_not_know_is_said_and_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, b"ref,name,colour,text,mood\n1,Ann,red,hello,good\n")

    assert [str(bad) for bad in found.bad] == [
        "things.csv, line 1: column 5 is not one we know; it was left out"
    ]
    assert len(found.rows) == 1


BYTE = "is not UTF-8, it looks like Windows-1252; export the file as CSV UTF-8"
BAD = {
    "a cp1252 byte": (b"1,Ann\x92s,red,x\n", 2, "name", f"byte 92 {BYTE}"),
    "a cp1252 byte in the second line of a cell": (
        b'1,Ann,red,"one\ntw\xf3"\n', 2, "text",
        "byte F3 is not UTF-8, it looks like Windows-1252 (on line 3); export the file as CSV UTF-8",
    ),
    "half a character": (b"1,Ann\xc3,red,x\n", 2, "name", f"byte C3 {BYTE}"),
    "a NUL": (b"1,An\x00n,red,x\n", 2, "name", "the cell holds a character that is no text (NUL)"),
    "too few cells": (b"1,Ann\n", 2, "", "the row has 2 cells, the header has 4"),
    "too many cells": (b"1,Ann,red,x,y\n", 2, "", "the row has 5 cells, the header has 4"),
    "text after a quotation mark": (
        b'1,"Ann"a,red,x\n', 2, "", "a quotation mark is open or misplaced; the line could not be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row, line, column, reason", BAD.values(), ids=BAD.keys())
def test_a_bad_row_is_named_and_its_neighbours_are_read(
    tmp_path: Path, row: bytes, line: int, column: str, reason: str
) -> None:
    found = read(tmp_path, HEADER + row + b"2,Bo,blue,fine\n")

    assert [(bad.line, bad.column, bad.reason) for bad in found.bad] == [(line, column, reason)]
    assert [r.cells["ref"] for r in found.rows] == ["2"]


def test_a_quotation_mark_left_open_spoils_the_row_it_broke_and_no_other(tmp_path: Path) -> None:
    broken = b'1,Ann,red,one"\n2,Bo,blue,"two\nand more\nand more\n3,Cy,green,"three\nlines"\n4,Di,,\n'

    found = read(tmp_path, HEADER + broken)

    assert [row.cells["ref"] for row in found.rows] == ["1", "3", "4"]
    assert [str(bad) for bad in found.bad] == [
        "things.csv, line 3: a quotation mark is open or misplaced; lines 3 to 5 could not be read"
    ]


def test_a_quotation_mark_open_to_the_end_spoils_its_own_line(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + b'1,"Ann,red,x\n2,Bo,blue,fine\n3,Cy,green,fine\n')

    assert [row.cells["ref"] for row in found.rows] == ["2", "3"]
    assert [bad.line for bad in found.bad] == [2]


def test_a_reason_never_repeats_what_a_cell_holds(tmp_path: Path) -> None:
    rows = b'SECRET,SECRET\nSECRET,"SECRET"x,SECRET,SECRET\nSECRET,SECRET\x92,SECRET,SECRET\n'

    found = read(tmp_path, b"ref,name,colour,SECRET\n" + rows)

    assert len(found.bad) == 5
    assert "SECRET" not in " ".join(map(str, found.bad))
