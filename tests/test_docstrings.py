"""Every public name says what it takes, gives and refuses, and most show it."""

import ast

import pytest
from numpydoc.docscrape import NumpyDocString

from helpers.book.reference import entries, sources

MODULES = sources()
pytestmark = pytest.mark.house


def parameters(node: ast.FunctionDef) -> list[str]:
    """Return the names that a caller gives."""
    args = node.args
    names = [one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    names += [one.arg for one in (args.vararg, args.kwarg) if one]
    return [name for name in names if name not in ("self", "cls")]


def documented(told: NumpyDocString, section: str) -> set[str]:
    return {part.strip().lstrip("*") for one in told[section] for part in one.name.split(",")}


def answers(node: ast.FunctionDef) -> bool:
    """Say whether a function is annotated to give something back."""
    none = isinstance(node.returns, ast.Constant) and node.returns.value is None
    is_property = any(
        isinstance(one, ast.Name) and one.id in ("property", "cached_property")
        for one in node.decorator_list
    )
    return node.returns is not None and not none and not is_property


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_parameters_and_answers_are_told(path):
    said = []
    for one in entries(path):
        told = NumpyDocString(ast.get_docstring(one.node) or "")
        if not " ".join(told["Summary"]).strip():
            said.append(f"{one.name} has no summary")
        if isinstance(one.node, ast.FunctionDef):
            silent = set(parameters(one.node)) - documented(told, "Parameters")
            said += [f"{one.name} does not tell its parameter {name}" for name in sorted(silent)]
            if answers(one.node) and not (told["Returns"] or told["Yields"]):
                said.append(f"{one.name} does not tell what it returns")
        elif fields := {
            part.target.id
            for part in one.node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        }:
            silent = {name for name in fields if not name.startswith("_")}
            silent -= documented(told, "Attributes") | documented(told, "Parameters")
            said += [f"{one.name} does not tell its attribute {name}" for name in sorted(silent)]
    assert said == []
