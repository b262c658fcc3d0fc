"""Habits of a notebook that reads like an article, measured on formatted, joined code.

Joined is how a reader meets code: cells that no prose parts are one. The limits come from published
notebooks of textbooks and lectures.
"""

import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.reading import read_yaml
from helpers.prose import digits
from helpers.prose.exercises import solutions
from helpers.run.declared import TAG, check_cells, check_same, names_read
from helpers.run.run import default_params

# Lines of joined code, as the formatter writes them; comments and empty lines do not count.
MEDIAN, NINETIETH, LONGEST = 8, 25, 30
WORDS = (800, 2000)  # words of prose in a notebook
CODE = re.compile(r"^```python\n.*?^```$", re.MULTILINE | re.DOTALL)  # a solution in an exercise
RATIO = 8  # words of prose for each line of code
# One page of many is read beside the others, not as an article.
SHORTER, LESS = (250, 2000), 4


def _code_lines(source: str) -> int:
    return sum(
        1 for line in source.splitlines() if line.strip() and not line.strip().startswith("#")
    )


def formatted(sources: list[str]) -> list[str]:
    """Return code cells as the formatter writes them, so that wide lines hide nothing.

    Parameters
    ----------
    sources : list of str
        Code cells in order.

    Returns
    -------
    list of str
        The same cells, formatted by ruff with the project's settings.

    Raises
    ------
    InputError
        When a cell is no Python.
    """
    cells: list[dict] = [
        {"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": []}
        | {"source": source}
        for n, source in enumerate(sources)
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    command = [
        *(sys.executable, "-m", "ruff", "format", "--config", str(paths.ROOT / "pyproject.toml")),
        *("--stdin-filename", "x.ipynb", "-"),
    ]
    run = subprocess.run(command, input=json.dumps(notebook), capture_output=True, text=True)
    if run.returncode:
        raise InputError(f"a code cell cannot be formatted: {' '.join(run.stderr.split())[:200]}")
    return ["".join(cell["source"]) for cell in json.loads(run.stdout)["cells"]]


def joined(kinds: list[str], lines: list[int]) -> list[int]:
    """Return the lines of runs of code cells that no prose parts.

    Parameters
    ----------
    kinds : list of str
        ``code`` or ``markdown`` for each cell of a notebook.
    lines : list of int
        Code lines of each code cell, in order.

    Returns
    -------
    list of int
        Code lines of each run.

    Examples
    --------
    >>> joined(["markdown", "code", "code", "markdown", "code"], [3, 4, 5])
    [7, 5]
    """
    runs: list[int] = []
    left, before = iter(lines), ""
    for kind in kinds:
        if kind == "code":
            count = next(left)
            if before == "code":
                runs[-1] += count
            else:
                runs.append(count)
        before = kind
    return runs


def _tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def _parameters(notebook: dict, path: Path) -> list[str]:
    """Return what is wrong with the parameters: each that is read is declared, and no other."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    others = ["".join(cell["source"]) for cell in cells if TAG not in _tags(cell)]
    published = read_yaml(default_params())  # held to the tables where a run begins
    try:
        found = check_cells(notebook, "the notebook")
        check_same(found, published, "the notebook")
    except InputError as error:
        return [str(error)]
    read = names_read([*others, *(one.code for one in solutions(path))])
    return [
        f"no cell reads the parameter '{name}'; drop its line" for name in found if name not in read
    ]


def findings(path: Path, among_many: bool = False) -> list[str]:
    """Return what a notebook does against the habits.

    Parameters
    ----------
    path : Path
        The notebook.
    among_many : bool, default False
        Whether it is read beside others of its kind, as the pages of a sweep are.

    Returns
    -------
    list of str
        One sentence each; empty when there is nothing.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    texts = (
        "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    )
    prose = [CODE.sub("", text) for text in texts]
    kinds = [cell["cell_type"] for cell in notebook["cells"] if cell["cell_type"] != "raw"]
    said = [
        *_form(notebook, code, prose),
        *_parameters(notebook, path),
        *_sizes(kinds, code, prose, among_many),
    ]
    return [f"{path.name}: {sentence}" for sentence in said]


def _form(notebook: dict, code: list[dict], prose: list[str]) -> list[str]:
    said = []
    if any(cell.get("outputs") or cell.get("execution_count") for cell in code):
        said.append("outputs or execution counts are stored; clear them")
    if sum(len(re.findall(r"^# ", text, flags=re.MULTILINE)) for text in prose) != 1:
        said.append("expected exactly one title (a line that starts with '# ')")
    own = [place for place, cell in enumerate(code) if TAG in _tags(cell)]
    if any(own):
        said.append(f"the cell tagged '{TAG}' is not the first of the code cells")
    for line in "".join(code[0]["source"]).splitlines() if own else []:
        if "=" in line and "#" not in line:
            said.append(f"the parameter '{line.split('=')[0].strip()}' has no comment")
    if "".join(code[-1]["source"]).strip() != "stage.finish()":
        said.append("the last code cell is not 'stage.finish()'")
    if any(
        re.search(r"^\s*(import|from) ", "".join(cell["source"]), flags=re.MULTILINE)
        for cell in code[len(own) + 1 :]
    ):
        said.append("an import stands after the cell of imports; imports go up front")
    return said


def _sizes(kinds: list[str], code: list[dict], prose: list[str], among_many: bool) -> list[str]:
    least, ratio = (SHORTER, LESS) if among_many else (WORDS, RATIO)
    cells = [_code_lines(one) for one in formatted(["".join(cell["source"]) for cell in code])]
    lines = joined(kinds, cells)
    words = sum(len(re.findall(r"\b[\w'’-]+\b", digits.prose(text))) for text in prose)
    ninetieth = sorted(lines)[int(0.9 * (len(lines) - 1))]
    measured = [
        (
            statistics.median(lines) > MEDIAN,
            f"the median run of code has {statistics.median(lines):g} lines, at most {MEDIAN}",
        ),
        (
            ninetieth > NINETIETH,
            f"nine in ten runs of code reach {ninetieth} lines, at most {NINETIETH}",
        ),
        (
            max(lines) > LONGEST,
            f"the longest run of code has {max(lines)} lines, at most {LONGEST}; part it by prose",
        ),
        (
            not least[0] <= words <= least[1],
            f"{words} words of prose, expected {least[0]} to {least[1]}",
        ),
        (
            words < ratio * sum(lines),
            f"{words / sum(lines):.1f} words for a line of code, at least {ratio}",
        ),
    ]
    return [sentence for wrong, sentence in measured if wrong]
