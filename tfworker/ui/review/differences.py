"""Where two versions differ, to be underlined."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

SHORT = 40  # characters; above this whole words are compared, since letters by chance make no sense


def differing(words: str, other: str) -> list[tuple[str, bool]]:
    """`words` in pieces: (piece, whether it differs from `other`). Joined, they are `words`.

    Short values (a number, a postcode) are told apart by what lies between their common beginning
    and end; sentences word by word. Equal ones have no differing piece.
    """
    if max(len(words), len(other)) <= SHORT and " " not in words.strip():
        return _between(words, other)
    if max(len(words), len(other)) <= SHORT and _has_digits(words) and _has_digits(other):
        return _between(words, other)
    return _joined(_by_word(_tokens(words), _tokens(other)))


def _between(words: str, other: str) -> list[tuple[str, bool]]:
    least = min(len(words), len(other))
    start = next((at for at in range(least) if words[at] != other[at]), least)
    end = next((at for at in range(least - start) if words[-1 - at] != other[-1 - at]), least - start)
    middle = len(words) - end
    pieces = [(words[:start], False), (words[start:middle], True), (words[middle:], False)]
    return [piece for piece in pieces if piece[0]]


def _by_word(mine: Sequence[str], other: Sequence[str]) -> list[tuple[str, bool]]:
    matcher = SequenceMatcher(None, mine, other, autojunk=False)
    return [
        ("".join(mine[start:end]), kind != "equal")
        for kind, start, end, _, _ in matcher.get_opcodes()
        if end > start
    ]


def _joined(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """A blank between two differing words is not worth an interruption."""
    found: list[tuple[str, bool]] = []
    for piece, differs in pieces:
        if found and found[-1][1] == differs:
            found[-1] = (found[-1][0] + piece, differs)
        else:
            found.append((piece, differs))
    return found


def _tokens(words: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", words)


def _has_digits(words: str) -> bool:
    return sum(letter.isdigit() for letter in words) * 2 >= len(words)
