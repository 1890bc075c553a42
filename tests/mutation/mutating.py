"""Small faults in a module's code, one at a time: what a slip of the pen would make of it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
}
CALLED = {
    "min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "bisect_right": "bisect_left",
}  # fmt: skip
DROPPED = (ast.Expr, ast.AugAssign, ast.Continue, ast.Break, ast.Raise, ast.Delete)


@dataclass(frozen=True)
class Mutant:
    """One fault. line: its first line in the file. before, after: the code there; within: the first
    line of the statement it is part of.

    node, variant: which node of `ast.walk`, and which of its faults.
    """

    module: str
    line: int
    within: str
    before: str
    after: str
    node: int
    variant: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, wherever its line has got to."""
        return self.module, self.within, self.before, self.after

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.before}  ->  {self.after}"


def mutants(module: str, source: str) -> list[Mutant]:
    """Every fault this knows to make in a module, in the order of its lines."""
    tree = ast.parse(source)
    kept = set(_left_alone(tree))
    within = _statements(tree)
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if node in kept or not hasattr(node, "lineno"):
            continue
        before = _first_line(node)
        for variant, fault in enumerate(_faults(node)):
            after = _first_line(fault)
            found.append(Mutant(module, node.lineno, within[node], before, after, number, variant))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.node, mutant.variant))


def mutated(source: str, mutant: Mutant) -> str:
    """The module's source with the fault in it."""
    tree = ast.parse(source)
    node = list(ast.walk(tree))[mutant.node]
    fault = list(_faults(node))[mutant.variant]
    return ast.unparse(ast.fix_missing_locations(_Putting(node, fault).visit(tree)))


class _Putting(ast.NodeTransformer):
    def __init__(self, node: ast.AST, fault: ast.AST) -> None:
        self.node, self.fault = node, fault

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.node:
            return self.fault
        return self.generic_visit(node)


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]


def _statements(tree: ast.Module) -> dict[ast.AST, str]:
    """{node: the first line of the innermost statement around it}."""
    found: dict[ast.AST, str] = {}
    for node in ast.walk(tree):  # from the outside in: the innermost says it last
        if isinstance(node, ast.stmt):
            found |= dict.fromkeys(ast.walk(node), _first_line(node))
    return found


def _left_alone(tree: ast.Module) -> Iterator[ast.AST]:
    """What says nothing about how the code behaves: docstrings, annotations, decorators, imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield from ast.walk(first)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            yield from ast.walk(node)
        if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom):
            yield from ast.walk(node)
        for name in ("annotation", "returns"):
            if (part := getattr(node, name, None)) is not None:
                yield from ast.walk(part)
        for part in getattr(node, "decorator_list", ()):
            yield from ast.walk(part)


def _faults(node: ast.AST) -> Iterator[ast.AST]:
    """What to put in the node's place, one fault at a time. The node itself stays as it is."""
    if isinstance(node, ast.Compare):
        yield from _compared(node)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp):
        yield from _reckoned(node)
    elif isinstance(node, ast.Constant):
        yield from _said(node)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLED:
        yield ast.Call(ast.Name(CALLED[node.func.id], ast.Load()), node.args, _keywords(node))
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.If):
        yield ast.If(_not(node.test), node.body, node.orelse)
    elif isinstance(node, ast.Dict) and node.keys[:2] == [None, None]:
        turned = [node.values[1], node.values[0], *node.values[2:]]
        yield ast.Dict(node.keys, turned)
    elif isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
        yield from _without_ifs(node)
    elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node) != "return None":
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Slice):
        yield from _sliced(node)
    elif isinstance(node, DROPPED) or _sets_a_part(node):
        yield ast.Pass()


def _not(test: ast.expr) -> ast.expr:
    return test.operand if isinstance(test, ast.UnaryOp) else ast.UnaryOp(ast.Not(), test)


def _keywords(node: ast.Call) -> list[ast.keyword]:
    """`list` takes no key and no direction."""
    assert isinstance(node.func, ast.Name)
    return [] if node.func.id == "sorted" else node.keywords


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in COMPARED[type(operator)]:
            operators = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, operators, node.comparators)


def _reckoned(node: ast.BinOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.BitOr):
        # Of two maps the second wins: in the other order, the first; and each alone.
        yield ast.BinOp(node.right, node.op, node.left)
        yield node.left
        yield node.right
    elif type(node.op) in COUNTED:
        yield ast.BinOp(node.left, COUNTED[type(node.op)](), node.right)


def _said(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str):
        yield ast.Constant("" if node.value else "other")


def _without_ifs(
    node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp,
) -> Iterator[ast.AST]:
    for place, part in enumerate(node.generators):
        for test in part.ifs:
            ifs = [_not(one) if one is test else one for one in part.ifs]
            for new in (ifs, [one for one in part.ifs if one is not test]):
                other = ast.comprehension(part.target, part.iter, new, part.is_async)
                generators = [*node.generators[:place], other, *node.generators[place + 1 :]]
                if isinstance(node, ast.DictComp):
                    yield ast.DictComp(node.key, node.value, generators)
                else:
                    yield type(node)(node.elt, generators)


def _sliced(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)


def _sets_a_part(node: ast.AST) -> bool:
    """An assignment to something that is there already: without it the rest still runs."""
    parts = ast.Attribute | ast.Subscript
    return isinstance(node, ast.Assign) and all(isinstance(target, parts) for target in node.targets)
