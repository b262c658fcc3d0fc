"""The code cells of a notebook, read as IPython reads them, and where one is no code."""

import ast
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from helpers.base.errors import InputError

# Magics, as calls, whose output is another one each time.
TIMED = re.compile(r"run_(?:line|cell)_magic\('(time|timeit|prun|lprun)'")


class Cell(NamedTuple):
    """A code cell.

    Attributes
    ----------
    number : int
        Its place among all cells of the notebook, from 1.
    source : str
        What stands in it.
    """

    number: int
    source: str


def read_cells(notebook: Path) -> list[Cell]:
    """Return the code cells of a notebook.

    Parameters
    ----------
    notebook : Path
        A notebook of nbformat 4.

    Returns
    -------
    list of Cell
        In order; empty ones too.

    Raises
    ------
    InputError
        When the file is missing or is no notebook.

    Examples
    --------
    >>> read_cells(Path("nowhere.ipynb"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    helpers.base.errors.InputError: nowhere.ipynb is not a readable notebook (FileNotFoundError: ...
    """
    try:
        cells: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return [
            Cell(number, "".join(cell["source"]))
            for number, cell in enumerate(cells, start=1)
            if cell["cell_type"] == "code"
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{notebook.name} is not a readable notebook "
            f"({type(error).__name__}: {' '.join(str(error).split())}); "
            "restore it, or save it anew in JupyterLab"
        ) from None


def python(source: str) -> str:
    """Return the Python that IPython makes of a cell; magics become calls.

    Parameters
    ----------
    source : str
        A cell.

    Returns
    -------
    str
        The cell itself where it is Python already.

    Raises
    ------
    SyntaxError
        When IPython too could make no Python of it.

    Examples
    --------
    >>> python("x = 1")
    'x = 1'
    >>> python("%matplotlib inline")
    "get_ipython().run_line_magic('matplotlib', 'inline')\\n"
    """
    try:
        _parsed(source)
        return source
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager  # rarely needed, and slow

        made = TransformerManager().transform_cell(source)
        _parsed(made)
        return made


def _parsed(source: str) -> None:
    """Parse; what the parser cannot take for other reasons than syntax is told as syntax too."""
    try:
        ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:  # such as a NUL, or 1,000 brackets
        raise SyntaxError(str(error) or "too deep") from None


def read_python(notebook: Path) -> list[str]:
    """Return the code cells of a notebook as Python.

    Parameters
    ----------
    notebook : Path
        A notebook of nbformat 4.

    Returns
    -------
    list of str
        One text a cell, as of :func:`python`.

    Raises
    ------
    InputError
        When the file is no notebook, a cell is no code, with the cell and the line in it, or a cell
        has a magic that shows times.
    """
    made = []
    for number, source in read_cells(notebook):
        try:
            text = python(source)
            if timed := TIMED.search(text):
                raise InputError(
                    f"{notebook.name}, cell {number}: %{timed[1]} shows how long something took, "
                    "which differs with each run; leave it out"
                )
            made.append(text)
        except SyntaxError as error:
            raise InputError(
                f"{notebook.name}, cell {number}, line {error.lineno or 1}: {error.msg}; "
                "mend the cell, and run again"
            ) from None
    return made
