"""What has grown large enough for a second look: files, functions, classes, parameters.

`python -m tests.house.sizes` prints them; only a file over the limit makes it fail.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FILE_LINES = 400
FUNCTION_LINES = 40
CLASS_METHODS = 15
PARAMETERS = 5  # self and cls not counted

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (TOP / folder).rglob("*.py"))


def long_files(paths: list[Path]) -> list[str]:
    counted = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths)
    return [f"{path.relative_to(TOP)}: {lines} lines" for path, lines in counted if lines > FILE_LINES]


def large_parts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function | ast.ClassDef):
            for finding in class_size(node) if isinstance(node, ast.ClassDef) else function_size(node):
                yield f"{path.relative_to(TOP)}:{node.lineno}: {node.name} {finding}"


def class_size(node: ast.ClassDef) -> Iterator[str]:
    methods = sum(isinstance(child, Function) for child in node.body)
    if methods > CLASS_METHODS:
        yield f"has {methods} methods"


def function_size(node: Function) -> Iterator[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > FUNCTION_LINES:
        yield f"has {lines} lines"
    given = node.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    parameters = len([name for name in names if name not in ("self", "cls")])
    if parameters > PARAMETERS:
        yield f"has {parameters} parameters"


def main() -> int:
    product = sources("tfworker", "sync")
    everything = [*product, *sources("tests"), TOP / "dev.py"]
    for finding in [*long_files(everything), *(part for path in everything for part in large_parts(path))]:
        print(finding)
    return 1 if long_files(product) else 0


if __name__ == "__main__":
    sys.exit(main())
