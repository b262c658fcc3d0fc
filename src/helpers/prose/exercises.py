"""Exercises at the end of a notebook, and how their solutions are run.

The convention, said here once. The last cell of a notebook is Markdown and begins with
``## Exercises``. It holds two or three exercises, each a paragraph that starts with
``**Exercise 1.**`` and changes a parameter or a decision of the chapter; after it stands its
solution, folded in the book and in JupyterLab alike::

    **Exercise 1.** What does the interval become when …?

    <details>
    <summary>Solution</summary>

    ```python
    wider = rate_ratio(after, before, inflation=20)
    assert wider.low < 1
    ```

    </details>

A solution starts from the names that the notebook has at its end and closes with an ``assert`` that
holds. It is no part of the stage: ``make test`` runs it after those cells of the notebook on whose
names the solutions depend (`helpers.prose.solving`).
"""

import ast
import json
import re
from collections.abc import Iterator, Set
from pathlib import Path
from typing import NamedTuple

from helpers.base.errors import InputError

HEADING = "## Exercises"
EXERCISE = re.compile(r"^\*\*Exercise (\d+)\.\*\*", re.MULTILINE)
SOLUTION = re.compile(
    r"<details>\n<summary>Solution</summary>\n\n```python\n(.*?)\n```\n\n</details>", re.DOTALL
)
QUERIED = re.compile(r"@(\w+)")  # names inside the text of a DataFrame.query


class Solution(NamedTuple):
    """The code that answers one exercise."""

    number: int
    code: str


def solutions(notebook: Path) -> list[Solution]:
    """Return the solutions of a notebook.

    Parameters
    ----------
    notebook : Path
        A notebook.

    Returns
    -------
    list of Solution
        In order; empty without exercises.

    Raises
    ------
    InputError
        For an exercise against the convention.
    """
    last = json.loads(notebook.read_text(encoding="utf-8"))["cells"][-1]
    text = "".join(last["source"])
    if last["cell_type"] != "markdown" or not text.startswith(HEADING):
        return []
    parts = EXERCISE.split(text)[1:]
    found = []
    for number, part in zip(parts[::2], parts[1::2]):
        codes = SOLUTION.findall(part)
        if len(codes) != 1 or not any(
            isinstance(node, ast.Assert) for node in ast.walk(ast.parse(codes[0]))
        ):
            raise InputError(
                f"{notebook.name}, exercise {number}: expected one folded solution that closes "
                "with an assert"
            )
        found.append(Solution(int(number), codes[0]))
    return found


def _targets(tree: ast.AST) -> set[str]:
    """Return the plain names that a target or its parts are."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _loaded(tree: ast.AST) -> set[str]:
    """Return the names that code reads from around it, those inside query texts with them."""

    def inside(*nodes: ast.AST) -> set[str]:
        return set().union(*map(_loaded, nodes))

    match tree:
        case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
            return {name} | inside(*ast.iter_child_nodes(tree))
        case ast.Constant(value=str(text)):
            return set(QUERIED.findall(text))
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            own = set().union(*(_targets(one.target) for one in tree.generators))
            return inside(tree.generators[0].iter) | (inside(*ast.iter_child_nodes(tree)) - own)
        case ast.Lambda(args=given, body=body):
            return inside(given) | (_loaded(body) - {one.arg for one in given.args})
        case ast.FunctionDef(args=given, body=body):
            own = {one.arg for one in [*given.args, *given.kwonlyargs]}
            return inside(given, *tree.decorator_list) | (_live(body) - own)
        case ast.For(target=target, iter=values, body=body, orelse=otherwise):
            around = inside(values, target) | (_live(body) - _targets(target))
            return around | _live(otherwise)
    return inside(*ast.iter_child_nodes(tree))


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value whatever happens."""
    match statement:
        case ast.Assign(targets=targets):
            return set().union(*map(_targets, targets))
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
            return set(_stored(statement))
    return set()


def _live(statements: list[ast.stmt], wanted: Set[str] = frozenset()) -> set[str]:
    """Return the names whose values statements need, where ``wanted`` ones are read after them."""
    live = set(wanted)
    for statement in reversed(statements):
        live = (live - _bound(statement)) | _loaded(statement)
    return live


def _stored(tree: ast.AST, inner: bool = False) -> Iterator[str]:
    """Yield the names that code makes or changes in place by assignment."""
    match tree:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            inner = True
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            inner = True
        case ast.alias():
            yield (tree.asname or tree.name).split(".")[0]
        case ast.Name(id=name, ctx=ast.Store()) if not inner:
            yield name
        case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
            whole: ast.AST = tree
            while isinstance(whole, (ast.Subscript, ast.Attribute)):
                whole = whole.value
            if isinstance(whole, ast.Name):
                yield whole.id
    for part in ast.iter_child_nodes(tree):
        yield from _stored(part, inner)


def needed(cells: list[str], code: str) -> list[str]:
    """Return those of ``cells``, in order, that ``code`` depends on through the names it reads.

    A name that is given a value anew before it is read depends on nothing that was called so
    before: these are the live variables of a compiler.
    """
    wanted, kept = _live(ast.parse(code).body), []
    for cell in reversed(cells):
        tree = ast.parse(cell)
        if wanted & set(_stored(tree)):
            kept.append(cell)
            wanted = _live(tree.body, wanted)
    return kept[::-1]
