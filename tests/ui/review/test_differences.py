"""What is underlined is what differs, and joined again it is what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfworker.ui.review.differences import differing

CASES = {
    "numbers by their common beginning": ("07700 900381", "07700 900318", "07700 9003[81]"),
    "and end": ("12 Mill Lane", "21 Mill Lane", "[12] Mill Lane"),
    "a day": ("20 Dec", "11 Dec", "[20] Dec"),
    "a word": ("Supported", "Closed", "[Support]ed"),
    "sentences word by word": (
        "The tenancy is safe since the hearing on Monday.",
        "The tenancy is not safe, the hearing is on Friday.",
        "The tenancy is safe[ since] the hearing on [Monday].",
    ),
    "equal ones in nothing": ("Dana", "Dana", "Dana"),
    "everything, beside nothing": ("07700 900381", "", "[07700 900381]"),
    "nothing, beside something": ("", "07700", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_the_difference_of(name: str) -> None:
    words, other, expected = CASES[name]

    assert (
        "".join(f"[{piece}]" if differs else piece for piece, differs in differing(words, other)) == expected
    )


@given(st.text(), st.text())
def test_the_pieces_are_the_words(words: str, other: str) -> None:
    pieces = differing(words, other)

    assert "".join(piece for piece, _ in pieces) == words
    assert all(piece for piece, _ in pieces)
    assert words != other or not any(differs for _, differs in pieces)
