"""The versions of the council's database, oldest first, each a frozen step (Alembic).

`python -m tfworker.council.migrations MESSAGE` writes the next step from what the records
say now; read it before it is committed. A released step is never changed.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def config(connection: Connection | None = None, only: Sequence[str] = ()) -> Config:
    """Alembic's settings. No file of settings exists: the database is named on the command line.

    only: the tables to compare when a step is written; () for all.
    """
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    settings.attributes["connection"] = connection
    settings.attributes["only"] = only
    return settings


def known() -> frozenset[str]:
    """The names of all versions this program knows."""
    return frozenset(step.revision for step in ScriptDirectory.from_config(config()).walk_revisions())


def newest() -> str:
    """The name of the version this program works with."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    if head is None:
        raise LookupError("there is no version at all")
    return head


def upgrade(connection: Connection) -> None:
    """Run the steps that are missing, inside the transaction of `connection`."""
    command.upgrade(config(connection), "head")
