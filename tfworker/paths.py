"""Where things lie: the laptop's place for one worker, and the files that ship with the product."""

import os
from pathlib import Path

import platformdirs

# In a checkout, an installed wheel and a PyInstaller folder alike, `resources` lies beside `tfworker`.
_TOP = Path(__file__).resolve().parent.parent


def home(override: Path | str | None = None) -> Path:
    """The laptop's place: vault, drafts and log. Not made here, and may not exist yet.

    The first of: `override` (the command line's --home), TFWORKER_HOME, the user's own folder for
    application data (not the roaming one: a vault must never travel with a Windows profile).
    """
    chosen = override or os.environ.get("TFWORKER_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path("tfworker", appauthor=False, roaming=False)


def logs(place: Path) -> Path:
    """The folder of the log inside a laptop's place."""
    return place / "logs"


def resource(*parts: str) -> Path:
    """A file or folder under `resources`: resource("wording", "note.json").

    Raises FileNotFoundError when it did not ship: a fault of ours.
    """
    path = _TOP.joinpath("resources", *parts)
    if not path.exists():
        raise FileNotFoundError(f"resources/{'/'.join(parts)} is missing from this installation")
    return path
