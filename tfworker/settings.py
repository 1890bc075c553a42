"""What a council may change without a release: settings, wording, standards. All of it is data.

Settings are declared here with their default, unit and meaning, and overridden by
`resources/settings.json` ({name: value}). Wording and standards lie in folders of `resources`, one
JSON file a subject, read when first asked for and kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from tfworker.paths import resource

Value = TypeVar("Value", bool, int, float, str)


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """One figure or word the product works by.

    unit: "s", "h", "days", "MiB" ...; empty for a word or a yes/no.
    meaning: what it does, as an administrator would read it.
    """

    name: str
    default: Value
    unit: str
    meaning: str

    @property
    def value(self) -> Value:
        """The council's value, else the default. Raises ValueError as `read` does."""
        return self.read(overrides())

    def read(self, values: Mapping[str, Any]) -> Value:
        """This setting's value among `values` ({name: value}), else its default.

        Raises ValueError when the value is not of the kind of the default.
        """
        given = values.get(self.name, self.default)
        kind = type(self.default)
        if kind is float and type(given) is int:
            return kind(given)
        if type(given) is not kind:
            raise ValueError(
                f"settings.json: {self.name} holds {given!r}; it should be of kind {kind.__name__}"
            )
        return given


AUTOSAVE_AFTER = Setting("autosave_after", 1.5, "s", "A draft is saved this long after the last key.")
LOCK_AFTER_IDLE = Setting(
    "lock_after_idle", 600, "s", "The screen locks after this long without a key or click."
)
SYNC_EVERY = Setting(
    "sync_every", 300, "s", "While the council can be reached, sync runs this often by itself."
)
UNLOCK_TAKES = Setting("unlock_takes", 1.0, "s", "How long turning the passphrase into a key should take.")
KDF_MEMORY = Setting("kdf_memory", 256, "MiB", "Memory one guess at a passphrase should cost, at most.")
NOTE_LATE_AFTER = Setting("note_late_after", 48, "h", "A note written up later than this is marked as late.")
LOG_SIZE = Setting("log_size", 1, "MiB", "A log file of this size is set aside and a new one begun.")
LOG_FILES = Setting("log_files", 4, "files", "Log files kept beside the present one.")
BACKUP_DAYS = Setting("backup_days", 14, "days", "A copy made before a change of format is kept this long.")
FILE_SIZE = Setting("file_size", 25, "MiB", "A document larger than this is not taken.")
FETCH_FILES_BELOW = Setting(
    "fetch_files_below", 5, "MiB", "Larger documents come to a laptop only when somebody opens them."
)
FILE_LATE_AFTER = Setting(
    "file_late_after", 7, "days", "A document whose file has not come by then is reported."
)

ALL: tuple[Setting[Any], ...] = (
    AUTOSAVE_AFTER,
    LOCK_AFTER_IDLE,
    SYNC_EVERY,
    UNLOCK_TAKES,
    KDF_MEMORY,
    NOTE_LATE_AFTER,
    LOG_SIZE,
    LOG_FILES,
    BACKUP_DAYS,
    FILE_SIZE,
    FETCH_FILES_BELOW,
    FILE_LATE_AFTER,
)


@cache
def overrides() -> Mapping[str, Any]:
    """What `resources/settings.json` says. Raises ValueError for a name that no setting has."""
    given = json.loads(resource("settings.json").read_text(encoding="utf-8"))
    unknown = given.keys() - {setting.name for setting in ALL}
    if unknown:
        raise ValueError(f"settings.json: there is no setting {', '.join(sorted(unknown))}")
    return MappingProxyType(given)


@cache
def subjects(*folder: str) -> Mapping[str, Any]:
    """Every JSON file of a folder of `resources`: {file name without .json: its content}."""
    files = sorted(resource(*folder).glob("*.json"))
    return MappingProxyType({path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files})


def wording() -> Mapping[str, Any]:
    """The words on the screen: {subject: {key: text}}, from `resources/wording`."""
    return subjects("wording")


def standards() -> Mapping[str, Any]:
    """Practice standards and the like: {subject: content}, from `resources/standards`."""
    return subjects("standards")
