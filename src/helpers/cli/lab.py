"""``make lab``: JupyterLab on a working copy of the notebooks, so that originals stay clean.

The copies stand in ``work/`` (ignored by git), those of another run than the published one, such as
that of another country, in ``work/runs/NAME`` with its parameters. A copy that nobody has edited
follows its original; an edited one is never overwritten. What a copy writes goes to ``out`` beside
it; what it reads are the tables of the last ``make report`` of that run, and what its prose shows
in the place of roles are the results of it (:mod:`helpers.cli.filled`).
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
from helpers.run.declared import (
    TAG,
    Notebook,
    check_cells,
    check_same,
    declared,
    read_notebook,
    tagged,
    with_values,
)
from helpers.run.params import read_params
from helpers.run.run import Run, default_params, open_run
from helpers.run.stage import COUNTRY, IN, OUT, WORK
from helpers.run.table import read_stages

NUMBERED = "[0-9][0-9]-*.ipynb"
# For each copy the hash of the original that it was made of, and that of the copy as made.
COPIED = ".copied.json"
NO_RESULTS = "there is no report yet, so prose shows codes such as {{num}}; {} first"


def folder_of(run: Run) -> Path:
    """Return where the working copies of a run stand.

    Parameters
    ----------
    run : Run
        Its parameters and places.

    Returns
    -------
    Path
        ``work`` for the published run, ``work/runs/NAME`` for another.
    """
    return WORK if run.is_default else WORK / "runs" / run.name


def copy_notebooks(run: Run | None = None) -> list[str]:
    """Copy the notebooks to their folder, except where a copy has been edited.

    Parameters
    ----------
    run : Run, optional
        Whose parameters and results they show; the published one's where none is given. For that
        all notebooks are copied, for another those that it runs.

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
    run = run or open_run(default_params())
    folder = folder_of(run)
    copied = _copied(folder)
    path = run.processed / "results.json"
    results = read_json(path) if path.exists() else {}
    shows = _shows(run, results)
    said = [] if results else [NO_RESULTS.format(_verb("report", run))]
    for original in listed(paths.NOTEBOOKS, NUMBERED):
        if not run.is_default and original.stem not in shows:
            continue
        copy, now = folder / original.name, sha256(original)
        of, made = copied.get(original.name, ("", ""))
        if not copy.exists() or sha256(copy) == made:
            write_text(copy, _shown(original, run, shows.get(original.stem, _nothing)))
            copied[original.name] = now, sha256(copy)
        elif now != of:
            said.append(
                f"kept your {paths.relative(copy)}, though its original has changed; "
                "move it away to get the new one"
            )
    write_json(folder / COPIED, copied)
    return said


def _verb(verb: str, run: Run) -> str:
    return f"make {verb}" + ("" if run.is_default else f" PARAMS=params/{run.name}.yml")


def _copied(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the two hashes of each copy; once there was one, of original and copy alike."""
    path = folder / COPIED
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: (one, one) if isinstance(one, str) else tuple(one) for name, one in told.items()}


def _shows(run: Run, results: dict[str, Any]) -> dict[str, Shows]:
    """Return what roles show, by the notebooks of the run; others have no results."""
    from helpers.book.cited import cited

    shows = words_of(results, cited)
    return {one.name: shows for one in run.table.stage}


def _nothing(name: str, text: str) -> None:
    return None


def _shown(original: Path, run: Run, shows: Shows) -> str:
    """Return the text of a notebook with the run's parameters, whose prose shows its results."""
    notebook = read_notebook(original, original.name)
    before = [one["source"] for one in notebook["cells"]]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = filled(cell["source"], shows)
    if not run.is_default:
        _set_parameters(notebook, _values(run, notebook, original.name))
    if [one["source"] for one in notebook["cells"]] == before:
        return original.read_text(encoding="utf-8")
    return _stored(notebook)


def _values(run: Run, notebook: Notebook, where: str) -> dict[str, Any]:
    """Return the parameters of a run that a notebook declares."""
    names = declared(notebook, where)
    return {name: one for name, one in run.params.model_dump().items() if name in names}


def _set_parameters(notebook: Notebook, values: dict[str, Any]) -> None:
    for place in tagged(notebook["cells"], TAG):
        cell = notebook["cells"][place]
        cell["source"] = with_values(cell["source"], values)


def _stored(notebook: Notebook) -> str:
    """Return the text of a notebook with one line of a cell on a line, as editors store it."""
    lines = [one | {"source": one["source"].splitlines(keepends=True)} for one in notebook["cells"]]
    return write_notebook(notebook | {"cells": lines})


def take(name: str, run: Run | None = None) -> None:
    """Put a working copy, without outputs, in place of its original; ``make report`` then runs it.

    Parameters
    ----------
    name : str
        A notebook, without its ending.
    run : Run, optional
        Whose copy it is, the published one's where none is given; the original keeps the
        parameters that it had.

    Raises
    ------
    InputError
        When there is no such copy, or it is no notebook, or its ``parameters`` cell has other
        values than the run's, which no run would use, or somebody typed over what a role shows;
        the original then stays.
    """
    run = run or open_run(default_params())
    folder = folder_of(run)
    copies = {path.stem: path for path in listed(folder, NUMBERED)}
    if name not in copies:
        there = str(paths.relative(folder / f"{name}.ipynb"))
        first = f"; {_verb('lab', run)} first"
        raise InputError(f"there is no {there}" + (did_you_mean(name, copies) or first))
    where = str(paths.relative(copies[name]))
    copy = read_notebook(copies[name], where)
    _parameters_back(copy, name, run, where)
    for number, cell in enumerate(copy["cells"], start=1):
        if cell["cell_type"] == "markdown":
            cell["source"] = roles_back(cell["source"], f"{where}, cell {number}")
    notebook = canonical(copy)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    notebook["metadata"]["language_info"] = {"name": "python"}
    write_text(paths.NOTEBOOKS / f"{name}.ipynb", _stored(notebook))


def _parameters_back(copy: Notebook, name: str, run: Run, where: str) -> None:
    """Put in the place of the run's parameters those of the original; refuse any other value."""
    original = read_notebook(paths.NOTEBOOKS / f"{name}.ipynb", f"notebooks/{name}.ipynb")
    before = declared(original, f"notebooks/{name}.ipynb")
    published = read_params(default_params(), read_stages()).model_dump()
    here = before if run.is_default else run.params.model_dump()
    check_same(check_cells(copy, where), published | here, where)
    if run.is_default:
        return
    stood = [original["cells"][place]["source"] for place in tagged(original["cells"], TAG)]
    _set_parameters(original, _values(run, original, name))
    made = [original["cells"][place]["source"] for place in tagged(original["cells"], TAG)]
    places = tagged(copy["cells"], TAG)
    if [copy["cells"][place]["source"] for place in places] == made:
        for place, source in zip(places, stood, strict=True):  # as it was typed, to the letter
            copy["cells"][place]["source"] = source
    else:
        names = declared(copy, where)
        _set_parameters(copy, {name: (published | before)[name] for name in names})


def lab(run: Run) -> None:
    """Open JupyterLab on the copies; the process becomes JupyterLab and does not return.

    Parameters
    ----------
    run : Run
        Whose tables the copies read.
    """
    folder = folder_of(run)
    os.environ[OUT] = str(folder / "out")
    if not run.is_default:
        os.environ |= {IN: str(run.processed), COUNTRY: run.params.country}
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder}"])
