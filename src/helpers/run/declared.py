"""The parameters that a notebook declares: the lines of its one cell tagged ``parameters``.

A run gives a notebook what it declares, and nothing else. The values in the cell are only those of
the published run; whoever changes them there would change no number, so that is refused, with the
way that does.
"""

import ast
import json
import re
import symtable
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.base.errors import InputError, did_you_mean
from helpers.run.canonical import INJECTED
from helpers.run.params import Params

TAG = "parameters"
NAMES = tuple(Params.model_fields)
QUERIED = re.compile(r"@([a-z_]+)\b")
Notebook = dict[str, Any]


def read_notebook(path: Path, where: str) -> Notebook:
    """Read a notebook of nbformat 4.

    Parameters
    ----------
    path : Path
        The file.
    where : str
        What a sentence calls it.

    Returns
    -------
    dict
        The notebook as JSON; each cell has a type, metadata and a source in one text.

    Raises
    ------
    InputError
        When there is no such file, or it is no notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            if not isinstance(cell["metadata"], dict) or not isinstance(cell["cell_type"], str):
                raise TypeError("a cell without type or metadata")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{where} is not a readable notebook ({type(error).__name__}: {error})"
        ) from None
    return notebook


def literal(value: Any) -> str:
    """Return a value as a line of a ``parameters`` cell spells it.

    Parameters
    ----------
    value : str, bool, int or list of str
        The value of a parameter.

    Returns
    -------
    str
        Python.

    Examples
    --------
    >>> [literal(one) for one in ("Utopia", True, 7, ["A", "B"])]
    ['"Utopia"', 'True', '7', '["A", "B"]']
    """
    return str(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def tagged(cells: list[dict[str, Any]], tag: str) -> list[int]:
    """Return the places of the cells that have a tag.

    Parameters
    ----------
    cells : list of dict
        The cells of a notebook.
    tag : str
        The tag.

    Returns
    -------
    list of int
        From 0.

    Examples
    --------
    >>> tagged([{"metadata": {}}, {"metadata": {"tags": ["parameters"]}}], TAG)
    [1]
    """
    return [
        n for n, cell in enumerate(cells) if tag in (cell.get("metadata", {}).get("tags") or ())
    ]


def declared(notebook: Notebook, where: str) -> dict[str, Any]:
    """Return what a notebook declares.

    Parameters
    ----------
    notebook : dict
        A source notebook as JSON.
    where : str
        What a sentence calls it.

    Returns
    -------
    dict
        Name to default; empty where no cell is tagged ``parameters``.

    Raises
    ------
    InputError
        When two cells are tagged, or the cell does more than to give names of :class:`Params` a
        plain value, each once.

    Examples
    --------
    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "seed = 1"}
    >>> declared({"cells": [cell]}, "03-trend.ipynb")
    {'seed': 1}
    >>> declared({"cells": [cell | {"source": "seed = 1\\nprint(seed)"}]}, "03-trend.ipynb")
    Traceback (most recent call last):
    helpers.base.errors.InputError: 03-trend.ipynb, cell 1, line 2: expected a line such as \
'seed = 1' in the cell tagged 'parameters', found 'print(seed)'; move it to a cell of its own
    """
    cells = notebook["cells"]
    if put_in := tagged(cells, INJECTED):
        raise InputError(
            f"{where}, cell {put_in[0] + 1} is what an earlier run put in (tagged '{INJECTED}'); "
            "delete it, since each run puts in its own"
        )
    places = tagged(cells, TAG)
    if len(places) > 1:
        raise InputError(
            f"{where}: cells {places[0] + 1} and {places[1] + 1} are both tagged '{TAG}', and a "
            "run sets those of one; put the lines into the first and take the tag from the other"
        )
    if not places:
        return {}
    place = f"{where}, cell {places[0] + 1}"
    cell = cells[places[0]]
    if cell["cell_type"] != "code":
        raise InputError(f"{place} is tagged '{TAG}' but holds no code; take the tag from it")
    return _assigned("".join(cell["source"]), place)


def _assigned(source: str, place: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line, name, node in _lines(source, place):
        if name not in NAMES:
            raise InputError(
                f"{place}, line {line}: '{name}' is no parameter"
                + (did_you_mean(name, NAMES) or f"; there are {', '.join(NAMES)}")
                + "; what is no parameter goes to a cell of its own"
            )
        if name in found:
            raise InputError(f"{place}, line {line}: '{name}' has a value already; drop one line")
        found[name] = ast.literal_eval(node)
    return found


def _lines(source: str, place: str) -> Iterator[tuple[int, str, ast.expr]]:
    """Yield line, name and value of each assignment; refuse what is none."""
    expected = f"expected a line such as 'seed = 1' in the cell tagged '{TAG}'"
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise InputError(f"{place}, line {line}: {expected} ({error})") from None
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _plain(value):
                yield node.lineno, name, value
            case _:
                said = source.splitlines()[node.lineno - 1].strip()
                raise InputError(
                    f"{place}, line {node.lineno}: {expected}, found '{said}'; move it to a cell "
                    "of its own"
                )


def _plain(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def names_read(sources: list[str]) -> set[str]:
    """Return the parameters that code reads.

    Parameters
    ----------
    sources : list of str
        Texts of Python, such as the code cells of a notebook below its parameters.

    Returns
    -------
    set of str
        Names of :class:`Params` that stand there for what the notebook has under this name, in a
        function too; not those of a function's own. Of a text that is no Python, none.

    Examples
    --------
    >>> sorted(names_read(["def one(seed): return seed + len(country)", "print('version')"]))
    ['country']
    """
    return {name for text in sources for name in _uses(text)[0]}


def _uses(source: str) -> tuple[set[str], set[str]]:
    """Return the parameters that a cell reads, and those to which it gives another value."""
    try:
        text = _python(source)
        top, tree = symtable.symtable(text, "cell", "exec"), ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()  # its stage will say so
    # A query of a table (of pandas) names what it reads in a text.
    texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)]
    told = " ".join(one for one in texts if isinstance(one, str))
    read, given = {name for name in QUERIED.findall(told) if name in NAMES}, set()
    waiting = [top]
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if name not in NAMES or not (table is top or symbol.is_global()):
                continue
            if symbol.is_referenced():
                read.add(name)
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                given.add(name)
    return read, given


def _python(source: str) -> str:
    """Return a cell as Python; magics are read as IPython reads them."""
    try:
        ast.parse(source)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        return TransformerManager().transform_cell(source)
    return source


def check_cells(notebook: Notebook, where: str) -> dict[str, Any]:
    """Refuse a notebook that would not get, or not keep, the parameters of a run.

    Parameters
    ----------
    notebook : dict
        A source notebook as JSON.
    where : str
        What a sentence calls it.

    Returns
    -------
    dict
        As of :func:`declared`.

    Raises
    ------
    InputError
        As of :func:`declared`; or when a cell reads a parameter that is not declared, or gives one
        another value.

    Examples
    --------
    >>> lost = {"cell_type": "code", "metadata": {}, "source": "seed = 1"}
    >>> check_cells({"cells": [lost]}, "03-trend.ipynb")
    Traceback (most recent call last):
    helpers.base.errors.InputError: 03-trend.ipynb, cell 1 gives the parameter 'seed' a value of \
its own, which no run could change; a parameter gets its value in the one cell tagged 'parameters'
    """
    found = declared(notebook, where)
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code" or TAG in (cell.get("metadata", {}).get("tags") or ()):
            continue
        read, given = _uses("".join(cell["source"]))
        if given:
            raise InputError(
                f"{where}, cell {number} gives the parameter '{min(given)}' a value of its own, "
                f"which no run could change; a parameter gets its value in the one cell tagged "
                f"'{TAG}'"
            )
        if missing := sorted(read - set(found)):
            raise InputError(
                f"{where}, cell {number} reads the parameter '{missing[0]}', which no cell tagged "
                f"'{TAG}' declares; add a line '{missing[0]} = …' there, with the value of the "
                "published run"
            )
    return found


def check_same(found: Mapping[str, Any], expected: Mapping[str, Any], where: str) -> None:
    """Refuse defaults that differ from those of the published run.

    Parameters
    ----------
    found : mapping
        As of :func:`declared`.
    expected : mapping
        Name to the value of the published run.
    where : str
        What a sentence calls the notebook.

    Raises
    ------
    InputError
        With the line for a parameter file.

    Examples
    --------
    >>> check_same({"candidate": 1}, {"candidate": True}, "03-trend.ipynb")
    Traceback (most recent call last):
    helpers.base.errors.InputError: 03-trend.ipynb sets 'candidate' to 1, which no run would use, \
since a run has its parameters from a file: take True back, copy the file of the published run to \
params/mine.yml, write 'candidate: 1' there, and make report PARAMS=params/mine.yml
    """
    for name, value in found.items():
        if not same(value, expected[name]):
            raise InputError(
                f"{where} sets '{name}' to {literal(value)}, which no run would use, since a run "
                f"has its parameters from a file: take {literal(expected[name])} back, copy the "
                f"file of the published run to params/mine.yml, write '{name}: "
                f"{_yaml(value)}' there, and make report PARAMS=params/mine.yml"
            )


def same(one: Any, other: Any) -> bool:
    """Say whether two values are one; ``True`` and ``1`` are not.

    Parameters
    ----------
    one, other : Any
        Plain values.

    Returns
    -------
    bool

    Examples
    --------
    >>> same(True, 1), same(["A"], ["A"])
    (False, True)
    """
    return repr(one) == repr(other)


def _yaml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def assignments(source: str) -> dict[str, Any]:
    """Return what a cell of plain assignments assigns.

    Parameters
    ----------
    source : str
        Python, such as the cell that a run puts in.

    Returns
    -------
    dict
        Name to value.

    Raises
    ------
    InputError
        When it does anything else.

    Examples
    --------
    >>> assignments('# Parameters\\nseed = 2\\n')
    {'seed': 2}
    """
    return {name: ast.literal_eval(node) for _, name, node in _lines(source, "the cell")}


def with_values(source: str, values: Mapping[str, Any]) -> str:
    """Return the text of a ``parameters`` cell with other values, and its comments.

    Parameters
    ----------
    source : str
        The cell.
    values : mapping
        Name to value; a name that the cell does not have gets a line at its end.

    Returns
    -------
    str
        Python. A line whose value is the same stays as it is.

    Examples
    --------
    >>> print(with_values('seed = 1  # a seed\\ncandidate = True', {"seed": 20}))
    seed = 20  # a seed
    candidate = True
    """
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    found = list(_lines(source, "the cell"))
    # From the end, so that the places before stay; places are counted in bytes.
    for _, name, node in reversed(found):
        if name not in values or same(ast.literal_eval(node), values[name]):
            continue
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        lines[first : last + 1] = [before + literal(values[name]).encode() + after]
    own = {name for _, name, _ in found}
    more = [f"\n{name} = {literal(value)}" for name, value in values.items() if name not in own]
    return b"".join(lines).decode() + "".join(more)
