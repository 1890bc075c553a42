"""Every sentence an action says is in resources/wording, and every sentence there is said."""

import ast
from pathlib import Path

from sync.ops import Reason
from tfworker import settings
from tfworker.actions import fields, settled, syncing
from tfworker.actions.fields import ENUMS, FREE_TEXT, choices
from tfworker.actions.note_shown import TEXTS
from tfworker.actions.values import Connection
from tfworker.records import metadata

ACTIONS = Path(fields.__file__).parent
SCREENS = ACTIONS.parent / "ui"
RIVALS = ("", ".allocation", ".plan", ".person", ".family", ".membership", ".household")
# Keys put together from a code: what the code may be.
BUILT = {
    "status.{}": [connection.value for connection in Connection],
    "sync.{}": [key for key, _ in syncing.TROUBLES.values()],
    "sync.{}.advice": [key for key, _ in syncing.TROUBLES.values()],
    "hit.{}": ["family", "person", "goal", "note"],
    "note.heading.{}": TEXTS,
    "closing.why.{}": [connection.value for connection in Connection],
    "closing.do.{}": ["sync", "signed_out", "refused"],
    "review.rival{}": RIVALS,
    "review.rival_subject{}": RIVALS,
    "review.why.rival{}": RIVALS,
    "settled.how.{}": [*settled.HOW, "decided", "admitted", "declined", "read", "let_go"],
    "tray.reason.{}": ["request", "closed", "not_yours_now"],
    "work.{}": ["conflict", "held", "safeguarding_concern", "concern_step"],
    "plan.needs.{}": ["reason", "member_agreed_or_why_not", "no_other_active_plan", "newer_plan"],
}


def texts() -> set[str]:
    """Every text constant in the code of the actions, and of the screens, which say some of it."""
    files = [*ACTIONS.rglob("*.py"), *SCREENS.rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_sentence_is_said_and_every_key_is_there() -> None:
    wording = settings.wording()["actions"]
    said = texts() | {key.format(code) for key, codes in BUILT.items() for code in codes}
    bases = {key.removesuffix(".one").removesuffix(".many") for key in wording}

    assert sorted(key for key in bases if key not in said) == []
    built = [key.format(code) for key, codes in BUILT.items() for code in codes]
    assert [key for key in built if key not in wording] == []


def test_every_number_word_has_both_forms() -> None:
    wording = settings.wording()["actions"]
    counted = {key.rpartition(".")[0] for key in wording if key.endswith((".one", ".many"))}

    assert counted
    assert [base for base in counted if not {f"{base}.one", f"{base}.many"} <= wording.keys()] == []


def test_every_field_a_person_may_see_has_a_name() -> None:
    named = settings.wording()["fields"]
    known = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c}
    shorter = ("thing.", "need.type", "contact_point.value.")

    assert [key for key in named if not key.startswith(shorter) and key not in known] == []
    assert [key for key in {*ENUMS, *FREE_TEXT} if key not in known] == []


def test_every_choice_has_words() -> None:
    for what in ENUMS:
        assert all(choice.words for choice in choices(what)), what


def test_every_reason_of_the_council_has_a_sentence() -> None:
    assert set(settings.wording()["en"]["sync_reason"]) == {reason.value for reason in Reason}
