"""What a corrected text looks like."""

import pytest

from tests.ui.sample import amendment, note_view
from tfworker.actions.values import Choice
from tfworker.ui.family.note_reader import NoteReader, corrected
from tfworker.ui.parts import Button, Chip

TEXT = "She pays £21 a week, then £30."
CASES = {
    "nothing was corrected": ([], TEXT),
    "one passage": (
        [("£21", "£12")],
        "She pays <s>£21</s> <u>£12</u> a week, then £30.",
    ),
    "two passages": (
        [("£21", "£12"), ("£30", "£15")],
        "She pays <s>£21</s> <u>£12</u> a week, then <s>£30</s> <u>£15</u>.",
    ),
    "the same words twice: the later one behind the earlier": (
        [("£21", "£12"), ("£21", "£11")],
        "She pays <s>£21</s> <u>£11</u> <u>£12</u> a week, then £30.",
    ),
    "words at the very beginning": (
        [("She", "Dana")],
        "<s>She</s> <u>Dana</u> pays £21 a week, then £30.",
    ),
    "words that are not in this part of the note": ([("the dog", "the cat")], TEXT),
}


def html(pieces):
    return "".join(piece if isinstance(piece, str) else piece.html() for piece in pieces)


@pytest.mark.parametrize("corrections, expected", CASES.values(), ids=CASES.keys())
def test_corrected(corrections, expected):
    amendments = [amendment(old_text=old, text=new) for old, new in corrections]

    assert html(corrected(TEXT, amendments)) == expected


def test_an_addition_changes_nothing_in_the_text():
    added = amendment(kind=Choice("addendum", "Added later"), old_text="", text="More")

    assert corrected(TEXT, [added]) == [TEXT]


def test_the_note_is_shown_with_who_was_there_and_that_it_was_late(qtbot):
    reader = NoteReader()
    qtbot.addWidget(reader)
    reader.show_note(note_view())

    chips = [chip.text() for chip in reader.findChildren(Chip)]
    assert {"Written up 3 days later", "Jay, 8 · spoken to alone", "Kit, 11 · not seen"} <= set(chips)
    assert "£21 a week" in reader.texts()[0]
    assert "£12 a week" in reader.texts()[0]


def test_a_note_that_was_tampered_with_says_so(qtbot):
    reader = NoteReader()
    qtbot.addWidget(reader)
    reader.show_note(note_view(unchanged=False))

    assert "No longer as it was locked" in [chip.text() for chip in reader.findChildren(Chip)]


def test_who_may_not_amend_is_not_offered_to(qtbot):
    reader = NoteReader()
    qtbot.addWidget(reader)
    reader.show_note(note_view(may_amend=False))

    assert [b.accessibleName() for b in reader.findChildren(Button)] == ["Back to the list"]
