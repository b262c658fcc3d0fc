"""``make lab``: JupyterLab on a working copy of the notebooks, so that originals stay clean.

The copies stand in ``work/`` (ignored by git). A copy that nobody has edited follows its original;
an edited one is never overwritten. What a copy writes goes to ``work/out``; what it reads are the
tables of the last ``make report``.
"""

import json
import os
import sys

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import listed, sha256, write_json, write_text
from helpers.run.canonical import canonical, write_notebook
from helpers.run.declared import Notebook, check_cells, check_same, declared, read_notebook
from helpers.run.params import read_params
from helpers.run.run import default_params
from helpers.run.stage import OUT, WORK
from helpers.run.table import read_stages

NUMBERED = "[0-9][0-9]-*.ipynb"
COPIED = WORK / ".copied.json"  # the hash of each original when it was copied


def copy_notebooks() -> list[str]:
    """Copy the notebooks to ``work/``, except where a copy has been edited.

    Returns
    -------
    list of str
        One sentence for each edited copy whose original has changed since.
    """
    copied = json.loads(COPIED.read_text(encoding="utf-8")) if COPIED.exists() else {}
    said = []
    for original in listed(paths.NOTEBOOKS, NUMBERED):
        copy, now = WORK / original.name, sha256(original)
        if not copy.exists() or sha256(copy) == copied.get(original.name):
            write_text(copy, original.read_text(encoding="utf-8"))
            copied[original.name] = now
        elif now != copied.get(original.name):
            said.append(
                f"kept your work/{original.name}, though its original has changed; "
                "move it away to get the new one"
            )
    write_json(COPIED, copied)
    return said


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
        values than the original's, which no run would use; the original then stays.
    """
    copies = {path.stem: path for path in listed(WORK, NUMBERED)}
    if name not in copies:
        raise InputError(
            f"there is no work/{name}.ipynb" + (did_you_mean(name, copies) or "; make lab first")
        )
    copy = read_notebook(copies[name], f"work/{name}.ipynb")
    _check_parameters(copy, name)
    notebook = canonical(copy)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    notebook["metadata"]["language_info"] = {"name": "python"}
    write_text(paths.NOTEBOOKS / f"{name}.ipynb", write_notebook(notebook))


def _check_parameters(copy: Notebook, name: str) -> None:
    where, original = f"work/{name}.ipynb", paths.NOTEBOOKS / f"{name}.ipynb"
    published = read_params(default_params(), read_stages()).model_dump()
    before = declared(read_notebook(original, original.name), original.name)
    check_same(check_cells(copy, where), published | before, where)


def lab() -> None:
    """Open JupyterLab on ``work/``; the process becomes JupyterLab and does not return."""
    os.environ[OUT] = str(WORK / "out")
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", f"--notebook-dir={WORK}"])
