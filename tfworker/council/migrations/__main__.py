"""Write the next version from what the records say now: for developers only.

    python -m tfworker.council.migrations MESSAGE [TABLE ...]

With tables named, only those. Read what was written before it is committed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script

from tfworker.council import migrations
from tfworker.council.database import connect


def main(message: str, *only: str) -> None:
    """Compare a database at the newest version with the records and write the difference."""
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'scratch.db'}")
        with engine.begin() as connection:
            settings = migrations.config(connection, only)
            command.upgrade(settings, "head")
            number = f"{len(migrations.known()) + 1:04}"
            script = command.revision(settings, message, autogenerate=True, rev_id=number)
        engine.dispose()
    if isinstance(script, Script):
        tidy(Path(script.path))


def tidy(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if "# ###" not in line) + "\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "check", "--fix", "--quiet", path], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
