"""Bringing other systems' records in: the council's central records and our own reference data.

`reader` reads files and `cells` their cells; `central` says what a row asks for (`wanted`);
`sorting` says which rows go in, `plan` what changes that makes, `memory` keeps what was imported
before, `run` does it, `report` says what came of it. `reference` brings our own resources in.
"""

from tfworker.council.importing.report import BadRow, ImportReport
from tfworker.council.importing.run import import_central

__all__ = ["BadRow", "ImportReport", "import_central"]
