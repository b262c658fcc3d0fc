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
holds. It is no part of the stage: ``make test`` runs it after that of the notebook's cells on whose
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
SHOW = ("record", "record_all", "figure", "table")  # methods of a stage that leave names alone
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


def _late(tree: ast.AST) -> set[str]:
    """Return the names that functions in code read when they are called, not when made."""
    bodies = (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.Lambda))
    parts = (one for body in bodies for one in ast.walk(body))
    return {one.id for one in parts if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def _acts(tree: ast.AST) -> bool:
    """Return whether code does more than give plain names a value and show what was found.

    What acts may change an object that goes by another name too.
    """
    match tree:
        case ast.Expr(value=ast.Constant()):
            return False
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="stage"), attr=verb))):
            return verb not in SHOW
        case ast.Subscript(ctx=ctx) | ast.Attribute(ctx=ctx):
            return not isinstance(ctx, ast.Load)
    return isinstance(tree, ast.Expr | ast.AugAssign)


def needed(cells: list[str], *codes: str) -> list[str]:
    """Return what code depends on in ``cells``, in order, through the names it reads.

    A name that is given a value anew before it is read depends on nothing that was called so
    before: these are the live variables of a compiler. Of a cell that gives such a name a value,
    those statements are left out that only give a value to names that nothing reads later, no
    function either, or show what was found. A call whose value goes to a name is taken to change
    nothing but the generator that it draws from.

    Parameters
    ----------
    cells : list of str
        The code of the cells of a notebook.
    *codes : str
        Code that runs after them; each on names of its own.

    Returns
    -------
    list of str
        The cells that any of ``codes`` needs, as far as it is needed.

    Examples
    --------
    >>> needed(["a = 1\\nstage.record('a', a)", "c = 3"], "assert a")
    ['a = 1']
    """
    wanted = set().union(*(_live(ast.parse(code).body) for code in codes))
    kept: list[str] = []
    trees = [ast.parse(cell) for cell in cells]
    late = set().union(*map(_late, trees))
    for cell, tree in zip(reversed(cells), reversed(trees)):
        if not wanted & set(_stored(tree)):
            continue
        body: list[ast.stmt] = []
        for statement in reversed(tree.body):
            if (wanted | late) & set(_stored(statement)) or any(map(_acts, ast.walk(statement))):
                body.insert(0, statement)
                wanted = _live([statement], wanted)
        whole = len(body) == len(tree.body)
        kept.insert(0, cell if whole else ast.unparse(ast.Module(body, [])))
    return kept
