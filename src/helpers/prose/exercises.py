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
names it depends.
"""

import ast
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from helpers.base.errors import InputError
from helpers.run.fingerprint import code_cells

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


def _loaded(tree: ast.AST) -> set[str]:
    """Return the names that code reads, those inside query texts with them."""
    names = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    texts = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return names | {name for text in texts for name in QUERIED.findall(text)}


def _stored(tree: ast.AST) -> Iterator[str]:
    """Yield the names that code makes or changes in place by assignment."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)) and isinstance(
            node.ctx, ast.Store
        ):
            while isinstance(node, (ast.Subscript, ast.Attribute)):
                node = node.value
            if isinstance(node, ast.Name):
                yield node.id


def needed(cells: list[str], code: str) -> list[str]:
    """Return those of ``cells``, in order, that ``code`` depends on through the names it reads."""
    wanted, kept = _loaded(ast.parse(code)), []
    for cell in reversed(cells):
        tree = ast.parse(cell)
        if wanted & set(_stored(tree)):
            kept.append(cell)
            wanted |= _loaded(tree)
    return kept[::-1]


def run(notebook: Path, solution: Solution) -> dict[str, Any]:
    """Run a solution after the cells it needs and return the names that it leaves."""
    space: dict[str, Any] = {"__name__": "__main__"}
    parts = [*needed(code_cells(notebook), solution.code), solution.code]
    with redirect_stdout(StringIO()):  # outside a kernel a shown figure is printed as text
        for number, code in enumerate(parts, start=1):
            exec(
                compile(
                    code,
                    f"{notebook.name}, exercise {solution.number}, part {number} of {len(parts)}",
                    "exec",
                ),
                space,
            )
    return space
