"""The canonical form of an executed notebook: the same run gives the same bytes."""

from typing import Any

INJECTED = "injected-parameters"
DROPPED_CELL = ("papermill", "execution", "collapsed", "scrolled")


def canonical(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of ``notebook`` (nbformat 4 as a dict) without times, paths and random ids.

    Dropped: papermill's and the client's metadata, the version of the language, output on
    stderr. The injected parameters get a fixed id.
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
        cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
    return cell


def write_notebook(notebook: dict[str, Any]) -> str:
    """Return the text of a notebook as it is stored: sorted keys, one space of indent."""
    import json

    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
