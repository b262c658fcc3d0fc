"""When a stage counts as done: it is proved by what this run wrote, never inferred from silence."""

import json
from pathlib import Path
from typing import Any

from helpers.base.errors import InputError
from helpers.base.files import everything, sha256
from helpers.run.table import StageEntry

FINISHED = "finished.json"  # written by Stage.finish: its cell, and every file by hash
HALF = "half-run.ipynb"  # where papermill keeps the notebook while it runs
NARROW, MARKS = "narrow.svg", "marks.json"  # endings of what stands beside the SVG of a figure
FINISH = "let the last code cell of the notebook call stage.finish()"


def written_files(out: Path) -> dict[str, str]:
    """Return the files in the working folder of a stage by hash.

    Parameters
    ----------
    out : Path
        The folder.

    Returns
    -------
    dict of str to str
        Path in the folder to SHA-256, of all but what the run itself keeps there.
    """
    return {
        path.relative_to(out).as_posix(): sha256(path)
        for path in everything(out, deep=True)
        if path.is_file() and path not in (out / FINISHED, out / HALF)
    }


def prove(entry: StageEntry, notebook: dict[str, Any], out: Path) -> None:
    """Refuse a stage whose notebook did not run to its end, or did not finish there.

    Parameters
    ----------
    entry : StageEntry
        The stage.
    notebook : dict
        The executed notebook as JSON.
    out : Path
        The folder in which this run let it write.

    Raises
    ------
    InputError
        When a code cell did not run or shows an error, when :meth:`helpers.run.stage.Stage.finish`
        was not called by the last code cell, when something was written past it, or when the files
        are not those that were recorded and declared.
    """
    last = _refuse_cells(entry, notebook)
    try:
        finished = json.loads((out / FINISHED).read_text(encoding="utf-8"))
        cell, listed = finished["cell"], dict(finished["files"])
    except FileNotFoundError:
        raise InputError(f"{entry.name} ended without stage.finish(); {FINISH}") from None
    except (ValueError, KeyError, TypeError, OSError):
        raise InputError(
            f"{entry.name}: {FINISHED} is not what stage.finish() wrote; {FINISH}"
        ) from None
    if cell != last:
        raise InputError(
            f"{entry.name} calls stage.finish() in cell [{cell}], but cell [{last}] is its last; "
            + FINISH
        )
    found = written_files(out)
    declared = {f"stages/{entry.name}.json", *(f"{name}.parquet" for name in entry.writes)}
    if changed := sorted(
        name for name in found.keys() | listed.keys() if found.get(name) != listed.get(name)
    ):
        raise InputError(
            f"{entry.name}: {changed[0]} was written past stage.finish(); write it before, "
            "through the stage"
        )
    if missing := sorted(declared - found.keys()):
        raise InputError(f"{entry.name} declares but did not write {missing[0]}; {FINISH}")
    manifest = json.loads((out / f"stages/{entry.name}.json").read_text(encoding="utf-8"))
    if strange := sorted(found.keys() - declared - shown_names(manifest)):
        raise InputError(
            f"{entry.name} wrote {strange[0]}, which it does not declare; name the table in "
            "stages.toml and write it with stage.write"
        )


def shown_names(manifest: dict[str, Any]) -> set[str]:
    """Return the names of the files of the figures and tables that a stage shows.

    Parameters
    ----------
    manifest : dict
        What ``stages/NAME.json`` holds.

    Returns
    -------
    set of str
        The picture (SVG) or the table (HTML), its data (CSV) and its words (JSON); of a figure also
        its narrow drawing and its marks.

    Examples
    --------
    >>> sorted(shown_names({"figures": [], "tables": ["rise"]}))
    ['tables/rise.csv', 'tables/rise.html', 'tables/rise.json']
    """
    endings = {"figures": ("svg", NARROW, MARKS, "csv", "json"), "tables": ("html", "csv", "json")}
    return {
        f"{kind}/{name}.{ending}"
        for kind, kinds in endings.items()
        for name in manifest[kind]
        for ending in kinds
    }


def _refuse_cells(entry: StageEntry, notebook: dict[str, Any]) -> int:
    """Return the execution number of the last code cell, when each ran, in order, without error."""
    ran = 0
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code" or not "".join(cell["source"]).strip():
            continue
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                raise InputError(
                    f"{entry.name}, cell {number} ended with {output['ename']}; a notebook runs "
                    "from its first cell to its last: take out what stops it"
                )
        if cell["execution_count"] != ran + 1:
            raise InputError(
                f"{entry.name}, cell {number} did not run in its turn; take out what skips it "
                "or counts anew"
            )
        ran += 1
    if not ran:
        raise InputError(f"{entry.name}.ipynb has no code; {FINISH}")
    return ran
