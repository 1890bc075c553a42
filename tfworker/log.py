"""The product's own log: what happened, with ids and counts, never a record's contents.

One JSON line an event in `<home>/logs/app.log`, readable by the user alone. A line holds the event's
fixed words and the fields of `ALLOWED`; whatever else is passed is dropped, arguments to `%s` and
texts of exceptions too, since those are where contents leak. JSON keeps a line break in a value from
forging a line.
"""

import json
import logging
import logging.handlers
import os
import re
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from tfworker import paths, settings

ALLOWED = frozenset({
    "act_id", "attempt", "backup", "bytes", "card", "code", "concern", "count", "device", "epoch", "error",
    "facts", "keystore", "kind", "line", "ms", "op_id", "outcome", "page", "pulled", "pushed",
    "reason", "record", "refused", "request", "rows", "scope", "seq", "status", "step", "store_id", "table",
    "user", "version", "waiting", "where",
})  # fmt: skip

# Ids, codes and versions look like this; a name, an address or a note does not get through with a blank.
_PLAIN = re.compile(r"[A-Za-z0-9_.:@+<>/-]{0,80}")
_OURS = ("tfworker", "sync")


class Log:
    """Writes events of one part of the product: log = Log("store"); log.info("vault opened", ms=120)."""

    def __init__(self, part: str) -> None:
        self._logger = logging.getLogger(f"tfworker.{part}")

    def info(self, event: str, **fields: object) -> None:
        """event: fixed words in lower case; never built from data."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, error: BaseException | None = None, **fields: object) -> None:
        """error: its class and the lines of code it passed are written, its text is not."""
        self._write(logging.ERROR, event, fields, error)

    def _write(
        self, level: int, event: str, fields: dict[str, object], error: BaseException | None = None
    ) -> None:
        kept = {name: value for name, value in fields.items() if name in ALLOWED}
        self._logger.log(level, event, extra=kept, exc_info=error)


class _Lines(logging.Formatter):
    """A LogRecord as one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": moment,
            "level": record.levelname.lower(),
            "from": record.name,
            # The template, never the arguments.
            "event": str(record.msg),
        }
        given = vars(record)
        line |= {name: given[name] for name in sorted(ALLOWED & given.keys()) if _is_plain(given[name])}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _chain(record.exc_info[1])
            line["where"] = _path(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None
    return value is None or isinstance(value, bool | int | float)


def _chain(error: BaseException) -> str:
    """The classes of an error and of what it came from."""
    names = [type(error).__name__]
    while (cause := error.__cause__ or error.__context__) is not None and len(names) < 5:
        names.append(type(cause).__name__)
        error = cause
    return " < ".join(names)


def _path(error: BaseException) -> list[str]:
    """The innermost lines of code, without the line's text: it may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


class _OwnFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only the user can read, from its first byte."""

    def _open(self) -> TextIOWrapper:
        number = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(number, "a", encoding="utf-8")


def start(home: Path) -> Path:
    """Begin to write the log of this home; gives the file. A second call moves it there.

    Raises OSError when the folder cannot be written.
    """
    stop()
    folder = paths.logs(home)
    # `parents` would make the home with the usual mode, open to others, before the vault closes it.
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "app.log"
    size = settings.LOG_SIZE.value * 2**20
    handler = _OwnFile(path, maxBytes=size, backupCount=settings.LOG_FILES.value, encoding="utf-8")
    handler.setFormatter(_Lines())
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        # Nothing of ours may reach a handler that prints arguments.
        logger.propagate = False
        logger.addHandler(handler)
    # Statements of SQLAlchemy would carry contents; no level but a warning is ever of use to us.
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    return path


def stop() -> None:
    """Close the log file, if one is open. Events are dropped until the next `start`."""
    for name in _OURS:
        logger = logging.getLogger(name)
        for handler in [h for h in logger.handlers if isinstance(h, _OwnFile)]:
            logger.removeHandler(handler)
            handler.close()
        logger.propagate = True
