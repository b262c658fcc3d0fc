"""The canonical form of an executed notebook: the same run gives the same bytes."""

import json
import re
from typing import Any

INJECTED = "injected-parameters"
DROPPED_CELL = ("papermill", "execution", "collapsed", "scrolled")
# An object by its place in memory, which is another in each run, or a part of a figure: what a call
# returned that happened to end a cell.
BY_CHANCE = re.compile(r" at 0x[0-9a-f]+>|^[\[(]*Text\(|<\w*Container object")


def canonical(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook without times, paths and random ids.

    Dropped are the metadata of papermill and of the client, the version of the language, what was
    written to stderr, and values at the end of a cell that are told by their place in memory or are
    parts of a figure. The cell of injected parameters, whose id is drawn at random, gets a
    fixed one.

    Parameters
    ----------
    notebook : dict
        A notebook of nbformat 4 as JSON; it is not changed.

    Returns
    -------
    dict
        A copy in nbformat 4.5 that is the same for every run of the same code on the same data.

    Examples
    --------
    >>> timed = {"papermill": {"duration": 0.2}}
    >>> cell = {"cell_type": "markdown", "metadata": timed, "source": "Hi"}
    >>> canonical({"cells": [cell], "metadata": {"language_info": {"version": "3.11"}}})["cells"]
    [{'cell_type': 'markdown', 'metadata': {}, 'source': 'Hi'}]
    """
    metadata = {
        key: notebook["metadata"][key] for key in ("kernelspec",) if key in notebook["metadata"]
    }
    cells = [_cell(cell) for cell in notebook["cells"]]
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    cell = dict(cell)
    cell["metadata"] = {
        key: value for key, value in cell["metadata"].items() if key not in DROPPED_CELL
    }
    if INJECTED in cell["metadata"].get("tags", ()):
        cell["id"] = INJECTED
    if cell["cell_type"] == "code":
        cell["outputs"] = [
            output
            for output in cell["outputs"]
            if output.get("name") != "stderr" and not _by_chance(output)
        ]
    return cell


def _by_chance(output: dict[str, Any]) -> bool:
    """Return whether an output is a plain value that no two runs or no reader would miss."""
    data = output.get("data", {})
    if output.get("output_type") != "execute_result" or set(data) != {"text/plain"}:
        return False
    return bool(BY_CHANCE.search("".join(data["text/plain"])))


def write_notebook(notebook: dict[str, Any]) -> str:
    """Return the text of a notebook as it is stored: sorted keys, one space of indent.

    Parameters
    ----------
    notebook : dict
        A notebook as JSON.

    Returns
    -------
    str
        JSON that ends with a line break; letters beyond ASCII stand as they are.

    Examples
    --------
    >>> print(write_notebook({"nbformat": 4, "cells": []}), end="")
    {
     "cells": [],
     "nbformat": 4
    }
    """
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
