"""``make lab``: JupyterLab on a working copy of the notebooks, so that originals stay clean.

The copies stand in ``work/`` (ignored by git). A copy that nobody has edited follows its original;
an edited one is never overwritten. What a copy writes goes to ``work/out``; what it reads are the
tables of the last ``make report``, and what its prose shows in the place of roles are the results
of it (:mod:`helpers.cli.filled`).
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import listed, sha256, write_json, write_text
from helpers.base.reading import read_json
from helpers.cli.filled import Shows, filled, roles_back, words_of
from helpers.run.canonical import canonical, write_notebook
from helpers.run.declared import Notebook, check_cells, check_same, declared, read_notebook
from helpers.run.params import read_params
from helpers.run.run import default_params, published_country
from helpers.run.stage import OUT, WORK
from helpers.run.table import read_stages

NUMBERED = "[0-9][0-9]-*.ipynb"
# For each copy the hash of the original that it was made of, and that of the copy as made.
COPIED = WORK / ".copied.json"
RESULTS = paths.PROCESSED / "results.json"
NO_RESULTS = "there is no report yet, so prose shows codes such as {num}; make report first"


def copy_notebooks() -> list[str]:
    """Copy the notebooks to ``work/``, except where a copy has been edited.

    Returns
    -------
    list of str
        One sentence for each edited copy whose original has changed since, and one where no report
        has been made whose results the prose could show.

    Raises
    ------
    InputError
        When a notebook or the results cannot be read.
    """
    copied = _copied()
    results = read_json(RESULTS) if RESULTS.exists() else {}
    shows = _shows(results)
    said = [] if results else [NO_RESULTS]
    for original in listed(paths.NOTEBOOKS, NUMBERED):
        copy, now = WORK / original.name, sha256(original)
        of, made = copied.get(original.name, ("", ""))
        if not copy.exists() or sha256(copy) == made:
            write_text(copy, _shown(original, shows.get(original.stem)))
            copied[original.name] = now, sha256(copy)
        elif now != of:
            said.append(
                f"kept your work/{original.name}, though its original has changed; "
                "move it away to get the new one"
            )
    write_json(COPIED, copied)
    return said


def _copied() -> dict[str, tuple[str, str]]:
    """Return the two hashes of each copy; once there was one, of original and copy alike."""
    told = json.loads(COPIED.read_text(encoding="utf-8")) if COPIED.exists() else {}
    return {name: (one, one) if isinstance(one, str) else tuple(one) for name, one in told.items()}


def _shows(results: dict[str, Any]) -> dict[str, Shows]:
    """Return what roles show, by the notebooks of the published run; others have no results."""
    from helpers.book.cited import cited

    shows = words_of(results, cited)
    return {one.name: shows for one in read_stages().of(published_country()).stage}


def _shown(original: Path, shows: Shows | None) -> str:
    """Return the text of a notebook whose prose shows what its roles show."""
    notebook = read_notebook(original, original.name)
    cells = [one for one in notebook["cells"] if one["cell_type"] == "markdown"]
    before = [one["source"] for one in cells]
    for cell in cells:
        cell["source"] = filled(cell["source"], shows or (lambda name, text: None))
    if [one["source"] for one in cells] == before:
        return original.read_text(encoding="utf-8")
    return _stored(notebook)


def _stored(notebook: Notebook) -> str:
    """Return the text of a notebook with one line of a cell on a line, as editors store it."""
    lines = [one | {"source": one["source"].splitlines(keepends=True)} for one in notebook["cells"]]
    return write_notebook(notebook | {"cells": lines})


def take(name: str) -> None:
    """Put a working copy, without outputs, in place of its original; ``make report`` then runs it.

    Parameters
    ----------
    name : str
        A notebook, without its ending.

    Raises
    ------
    InputError
        When there is no such copy, or it is no notebook, or its ``parameters`` cell has other
        values than the original's, which no run would use, or somebody typed over what a role
        shows; the original then stays.
    """
    copies = {path.stem: path for path in listed(WORK, NUMBERED)}
    if name not in copies:
        raise InputError(
            f"there is no work/{name}.ipynb" + (did_you_mean(name, copies) or "; make lab first")
        )
    copy = read_notebook(copies[name], f"work/{name}.ipynb")
    _check_parameters(copy, name)
    for number, cell in enumerate(copy["cells"], start=1):
        if cell["cell_type"] == "markdown":
            cell["source"] = roles_back(cell["source"], f"work/{name}.ipynb, cell {number}")
    notebook = canonical(copy)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    notebook["metadata"]["language_info"] = {"name": "python"}
    write_text(paths.NOTEBOOKS / f"{name}.ipynb", _stored(notebook))


def _check_parameters(copy: Notebook, name: str) -> None:
    where, original = f"work/{name}.ipynb", paths.NOTEBOOKS / f"{name}.ipynb"
    published = read_params(default_params(), read_stages()).model_dump()
    before = declared(read_notebook(original, original.name), original.name)
    check_same(check_cells(copy, where), published | before, where)


def lab() -> None:
    """Open JupyterLab on ``work/``; the process becomes JupyterLab and does not return."""
    os.environ[OUT] = str(WORK / "out")
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", f"--notebook-dir={WORK}"])
