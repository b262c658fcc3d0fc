"""No notebook types a variance inflation: it is measured, or it decides verdicts unseen."""

import ast
import functools
import json
import re
from collections.abc import Iterator

import pytest

from helpers.base import paths

PACKAGE = paths.ROOT / "src" / "helpers"
SOLUTION = re.compile(r"```python\n(.*?)```", re.DOTALL)


def code_of(notebook):
    """Return the code of a notebook in order, solutions of exercises included."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    parts = []
    for one in cells:
        text = "".join(one["source"])
        parts += [text] if one["cell_type"] == "code" else SOLUTION.findall(text)
    return "\n".join(parts)


@functools.cache
def takers() -> dict[str, int]:
    """Return the functions of the package that take an inflation, and its place among arguments."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in node.args.args]
                if "inflation" in names:
                    found[node.name] = names.index("inflation")
    return found


def assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what is given to each name, where parts of a tuple go to several names apart."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            continue
        for target in targets:
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts))
            for name, given in pairs:
                if isinstance(name, ast.Subscript):  # table["deaths"] = 10
                    name = name.value
                if isinstance(name, ast.Name) and given is not None:
                    found.setdefault(name.id, []).append(given)
    return found


def typed(value: ast.expr | None, names: dict[str, list[ast.expr]], seen=frozenset()) -> bool:
    """Return whether a value may be a number that was typed."""

    def of(*parts: ast.expr | None) -> bool:
        return any(typed(part, names, seen) for part in parts)

    match value:
        case ast.Constant():
            return isinstance(value.value, int | float)
        case ast.Name(id=name):
            later = names.get(name, []) if name not in seen else []
            return any(typed(one, names, seen | {name}) for one in later)
        case ast.UnaryOp(operand=part):
            return of(part)
        case ast.BinOp(left=left, right=right):
            return typed(left, names, seen) and typed(right, names, seen)
        case ast.IfExp(body=yes, orelse=no):
            return of(yes, no)
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            return of(*parts)
        case ast.Dict(values=parts):
            return of(*parts)
        case ast.Subscript(value=whole):
            return of(whole)
        case ast.DictComp(value=part) | ast.ListComp(elt=part):
            return of(part)
        case ast.Call(func=ast.Name(id="Inflation" | "float" | "int" | "dict" | "max" | "min")):
            given = [*value.args[:1], *(one.value for one in value.keywords[:2])]
            return of(*given)
        case ast.Call(func=ast.Attribute(attr="get" | "fromkeys", value=whole), args=args):
            return of(whole, *args[1:])
    return False


def inflations(tree: ast.AST, where: dict[str, int]) -> Iterator[tuple[int, ast.expr]]:
    """Yield line and value of each inflation that is handed to a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):  # **{"inflation": 2}
            for key, value in zip(node.keys, node.values):
                if isinstance(key, ast.Constant) and key.value == "inflation":
                    yield node.lineno, value
        if not isinstance(node, ast.Call):
            continue
        yield from ((node.lineno, one.value) for one in node.keywords if one.arg == "inflation")
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in where and len(node.args) > where[name]:
            yield node.lineno, node.args[where[name]]


def found_in(code: str) -> list[int]:
    """Return the lines on which an inflation may be a number that was typed."""
    tree = ast.parse(code)
    names = assigned(tree)
    return sorted({line for line, value in inflations(tree, takers()) if typed(value, names)})


@pytest.mark.parametrize(
    "code",
    [
        "rate_ratio(a, b, inflation=2)",
        "rate_ratio(a, b, inflation=-(-2.5))",
        "phi = 10\nrate_ratio(a, b, inflation=phi)",
        "phi, other = 10, x\nrate_ratio(a, b, inflation=phi)",
        "phi = {'deaths': 10}\nrate_ratio(a, b, inflation=phi['deaths'])",
        "phi = {'deaths': 10}\nweight = phi[m]\nratio_of_ratios(a, b, c, d, inflation=weight)",
        "phi = {}\nphi['deaths'] = 10\nproportion(a, b, inflation=phi['deaths'])",
        "phi = {m: 4 for m in ms}\nproportion(a, b, inflation=phi.get(m))",
        "proportion(a, b, inflation=phi.get(m, 2))",
        "pairs = 2\nproportion(a, b, inflation=pairs if m == 'x' else measured)",
        "ratio = partial(rate_ratio, inflation=3)",
        "share_ratio(a, b, c, d, inflation=Inflation(4.0, degrees=9))",
        "about = {'inflation': 2}\nrate_ratio(a, b, **about)",
        "about = dict(inflation=2)\nrate_ratio(a, b, **about)",
        "comparison.with_ratios(table, {'deaths': 10, 'incidents': measured})",
        "phi = 2 * 3\ncomparison.lethality(table, phi)",
        "(phi := 7)\nshare_change(a, b, c, d, inflation=phi)",
        "phi: float = 4\nshare_change(a, b, c, d, inflation=phi)",
        "phi = max(2, measured)\nrate_ratio(a, b, inflation=phi)",
        "DEATHS = 10\nphi = [DEATHS, 2]\nrate_ratio(a, b, inflation=phi[0])",
    ],
)
def test_a_planted_number_is_found(code):
    assert found_in(code)


@pytest.mark.parametrize(
    "code",
    [
        "phi = months_inflation(y['2023'], y['2024'])\nrate_ratio(a, b, inflation=phi)",
        "phi = inflation.measured(pool, 'A', 'killed', years=[2023, 2024])\n"
        "rate_ratio(a, b, inflation=phi.months)",
        "rate_ratio(12, 20)",
        "holds = [phi for phi in range(1, 9) if rate_ratio(a, b, inflation=phi).low < 1]",
        "phi = {row.source: measured(row) for row in rows}\ncomparison.with_ratios(table, phi)",
        "wider = 2 * measured.value\nrate_ratio(a, b, inflation=wider)",
        "level = 0.9\nrate_ratio(a, b, inflation=phi, level=level)",
    ],
)
def test_a_measured_one_is_not(code):
    assert not found_in(code)


def test_the_functions_that_take_an_inflation_are_known():
    assert {"with_ratios", "lethality"} <= takers().keys()


@pytest.mark.house
@pytest.mark.parametrize("notebook", sorted(paths.NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_no_notebook_types_an_inflation(notebook):
    code = code_of(notebook)
    lines = code.splitlines()
    assert [lines[line - 1].strip() for line in found_in(code)] == []
