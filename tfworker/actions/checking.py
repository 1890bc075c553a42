"""What a worker typed, as a patch that can be saved; or the field that cannot, named."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from tfworker.actions.fields import ENUMS, label
from tfworker.actions.phrases import say
from tfworker.actions.problems import BadInput
from tfworker.records import metadata

SCORES = frozenset({"baseline_0_10", "target_0_10", "current_0_10"})
LONGEST_TEXT = 100_000  # characters; one op must stay well under what the council takes at once


def patch_of(
    table: str, fields: Mapping[str, Any], allowed: Collection[str], *, needed: Collection[str] = ()
) -> dict[str, Any]:
    """The fields as they are stored: text without blanks around it, "" as None, codes and dates checked.

    allowed: the columns this act may set. needed: those that may not be empty.
    Raises BadInput naming the field.
    """
    for name in fields:
        if name not in allowed:
            raise BadInput(name, say("bad.unknown"))
    patch = {name: _stored(table, name, value) for name, value in fields.items()}
    for name in needed:
        if patch.get(name) in (None, []):
            raise BadInput(name, _sentence("bad.empty", table, name), say("bad.empty.advice"))
    return patch


def _stored(table: str, name: str, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip() or None
    if value is None:
        return None
    if f"{table}.{name}" in ENUMS:
        return _code(table, name, value)
    kind = metadata.tables[table].c[name].type.python_type
    if name in SCORES and not (type(value) is int and 0 <= value <= 10):
        raise BadInput(name, _sentence("bad.range", table, name))
    # A datetime is a date to Python, and True a number; here neither is what was asked for.
    fits = isinstance(value, kind) and not (kind is date and isinstance(value, datetime))
    if not fits or (kind is int and isinstance(value, bool)):
        raise BadInput(name, _sentence("bad.type", table, name), say("bad.type.advice"))
    if isinstance(value, str):
        _check_text(table, name, value)
    return value


def _code(table: str, name: str, value: Any) -> str:
    if value not in set(ENUMS[f"{table}.{name}"]):
        raise BadInput(name, _sentence("bad.choice", table, name), say("bad.choice.advice"))
    return str(value)


def _check_text(table: str, name: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise BadInput(name, _sentence("bad.long", table, name, most=LONGEST_TEXT))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(name, _sentence("bad.type", table, name), say("bad.type.advice")) from error


def _sentence(key: str, table: str, name: str, **parts: object) -> str:
    words = label(table, name)
    return say(key, field=words[:1].upper() + words[1:], **parts)
