"""Mutants that no test can kill, because they behave as the code does, each with why.

By (module, code before, code after), as `Mutant.key` has them.
"""

EQUIVALENT: dict[tuple[str, str, str], str] = {}
