"""Words that the scenes write, and whether any file of a vault shows them (security.md, I16).

Looked for after every kill, before anything is opened: in the database, its log and journal, in what was
moved aside, copied or left half written.
"""

from collections.abc import Iterator
from pathlib import Path

WORDS = (
    "Rang her: ", " of many. ", "came back.", "Calmer mornings", "Reed and Moss", "Between family",
    "Act family", "Never after four", "tenancy hearing", "hearing is on Friday", "school meeting",
    "Both matter.", "Ask Dana about", "Side door.", "07700 900999",
    "Photo: ",
)  # fmt: skip
SPELLED = tuple((words, form) for words in WORDS for form in (words.encode(), words.encode("utf-16-le")))


def bare(folder: Path) -> Iterator[str]:
    """Which words can be read in which file, or in its name."""
    for path in sorted(folder.rglob("*")):
        content = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
        for words in dict.fromkeys(words for words, form in SPELLED if form in content):
            yield f"{path.relative_to(folder)} shows {words!r}"
