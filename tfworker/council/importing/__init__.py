"""Bringing the council's central records in from a folder of files.

`reader` reads files and `cells` their cells; `central` says what a row asks for (`wanted`);
`sorting` says which rows go in, `plan` what changes that makes, `memory` keeps what was imported
before, `run` does it, `report` says what came of it.
"""

from tfworker.council.importing.report import BadRow, ImportReport
from tfworker.council.importing.run import import_central

__all__ = ["BadRow", "ImportReport", "import_central"]
