"""Bringing other systems' records in: the council's central records and our own reference data.

`reader` reads files, `central` says what their rows ask for, `plan` works out the changes,
`memory` keeps what was imported before, `run` does it, `report` says what came of it.
"""

from tfworker.council.importing.report import BadRow, ImportReport
from tfworker.council.importing.run import import_central

__all__ = ["BadRow", "ImportReport", "import_central"]
