"""What a stage shows is held against the tables that reach it and may not be passed on.

A stage may write such rows to its own tables (parquet), which never leave this machine. What it
prints, draws, records, says, or keeps for other runs may hold sums that the licence allows, and no
row. What cannot be looked through is refused.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from helpers.base.errors import InputError
from helpers.base.files import everything, sha256
from helpers.raw.grains import Grains
from helpers.raw.traces import Traces
from helpers.run.proof import FINISHED, HALF
from helpers.run.shown import NOTHING, Shown, of_file, of_html, of_json, of_text

PICTURES = ("image/png", "image/svg+xml")
Watchers = Sequence[tuple[Traces, Grains]]
Notebook = dict[str, Any]


class Part(NamedTuple):
    """A part of what a stage made.

    Attributes
    ----------
    cell : int or None
        The place of its cell in the notebook, from 0; None where no cell is known.
    what : str
        What it is, in words.
    shown : Shown
        What it shows.
    """

    cell: int | None
    what: str
    shown: Shown


def told(watchers: Watchers, shown: Shown) -> str:
    """Return why something may not be shown, empty where it may.

    Parameters
    ----------
    watchers : sequence of (Traces, Grains)
        As of :func:`helpers.run.restricted.watchers`.
    shown : Shown
        What is shown.

    Returns
    -------
    str
        What it shows and what to do, from the verb on; no cell of a table stands in it.
    """
    if shown.hidden and watchers:
        return (
            f"shows {shown.hidden}, in which rows of {watchers[0][0].name} could stand; "
            "show figures with stage.figure and texts as they are"
        )
    for traces, grains in watchers:
        allowed = traces.sidecar.aggregates
        instead = f"show {allowed.told()}" if allowed else "show nothing of it"
        for record in dict.fromkeys(shown.records):
            if trace := traces.found(record):
                return (
                    f"holds line {trace.line} of {traces.name} ({', '.join(trace.columns)}), whose "
                    f"rows may not be passed on; {instead}"
                )
        for header, rows in shown.tables:
            if not (sums := grains.found(header, rows)):
                continue
            by = " and ".join(sums.by)
            if not sums.few:
                why = f"holds sums of {traces.name} by {by} (column '{sums.column}')"
                return f"{why}, finer than its licence allows; {instead}"
            return (
                f"holds a sum of {traces.name} by {by} that is of {sums.few} (column "
                f"'{sums.column}'); sum more together or leave it out: {instead}"
            )
    return ""


def refuse(
    name: str,
    watchers: Watchers,
    notebook: Notebook,
    out: Path,
    number: Callable[[int], int],
) -> None:
    """Refuse what a stage made, where it shows what may not be passed on.

    Parameters
    ----------
    name : str
        The stage.
    watchers : sequence of (Traces, Grains)
        As of :func:`helpers.run.restricted.watchers`; nothing is looked at where there is none.
    notebook : dict
        The executed notebook as JSON.
    out : Path
        The folder in which the stage wrote.
    number : callable
        From the place of a cell, from 0, to its number as a person counts.

    Raises
    ------
    InputError
        For the first part that does, with the cell.
    """
    if not watchers:
        return
    for part in [*_files(out, notebook), *_cells(notebook, _names(out))]:
        if said := told(watchers, part.shown):
            where = f"{name}, cell {number(part.cell)}" if part.cell is not None else name
            raise InputError(f"{where}: {part.what} {said}, then run again")


def refuse_kept(name: str, watchers: Watchers, folder: Path, before: Mapping[Path, str]) -> None:
    """Remove and refuse what a stage put among the tables that runs share, as of :func:`refuse`.

    Parameters
    ----------
    name : str
        The stage.
    watchers : sequence of (Traces, Grains)
        As of :func:`helpers.run.restricted.watchers`.
    folder : Path
        The folder of those tables.
    before : mapping of Path to str
        Its files by hash when the stage began, as of :func:`files_of`.

    Raises
    ------
    InputError
        For the first file that shows what may not be passed on.
    """
    for path, now in files_of(folder).items() if watchers else ():
        if before.get(path) != now and (said := told(watchers, _file(path, path.name))):
            path.unlink()
            raise InputError(f"{name}: {path.name}, kept for other runs, {said}, then run again")


def files_of(folder: Path) -> dict[Path, str]:
    """Return the files of a folder, and of those in it, by hash.

    Parameters
    ----------
    folder : Path
        It need not exist.

    Returns
    -------
    dict of Path to str
        Path to SHA-256.
    """
    return {path: sha256(path) for path in everything(folder, deep=True) if path.is_file()}


def without(watchers: Watchers, notebook: Notebook) -> Notebook:
    """Return a notebook without the outputs and metadata that may not be passed on.

    Parameters
    ----------
    watchers : sequence of (Traces, Grains)
        As of :func:`helpers.run.restricted.watchers`.
    notebook : dict
        A notebook as JSON; it is not changed.

    Returns
    -------
    dict
        In the place of such outputs a line says that they were taken out.
    """
    gone = "what this cell showed holds rows that may not be passed on; it was taken out\n"
    note = {"output_type": "stream", "name": "stdout", "text": gone}
    cells = []
    for cell in notebook["cells"]:
        outputs = cell.get("outputs", [])
        if any(told(watchers, _output(one, frozenset())) for one in outputs):
            cell = {**cell, "outputs": [note]}
        if told(watchers, of_json(cell.get("metadata", {}))):
            cell = {**cell, "metadata": {}}
        if told(watchers, _source(cell)):
            cell = {**cell, "source": "# " + gone.strip()}
        cells.append(cell)
    metadata = notebook["metadata"]
    clean = {} if told(watchers, of_json(metadata)) else metadata
    return {**notebook, "cells": cells, "metadata": clean}


def _cells(notebook: Notebook, drawn: frozenset[str]) -> Iterator[Part]:
    for place, cell in enumerate(notebook["cells"]):
        yield Part(place, "what stands in it", _source(cell))
        yield Part(place, "its metadata", of_json(cell.get("metadata", {})))
        for output in cell.get("outputs", []):
            yield Part(place, "what it shows", _output(output, drawn))
    yield Part(None, "the metadata of the notebook", of_json(notebook.get("metadata", {})))


def _source(cell: dict[str, Any]) -> Shown:
    hidden = "a file that is attached to it" if cell.get("attachments") else ""
    return of_text("".join(cell["source"]), printed=False)._replace(hidden=hidden)


def _output(output: dict[str, Any], drawn: frozenset[str]) -> Shown:
    """Return what an output shows; of pictures only those of the stage's figures are looked at."""
    found = of_json(output.get("metadata", {}))
    for key in ("text", "traceback", "evalue"):
        if key in output:
            found += of_text("\n".join(_lines(output[key])))
    marked = (output.get("metadata", {}).get("compendium") or {}).get("figure")
    for kind, data in output.get("data", {}).items():
        if kind in PICTURES and marked in drawn:
            continue  # the same figure is looked through as SVG
        if kind in ("text/html", "image/svg+xml"):
            found += of_html("".join(data))
        elif kind.startswith("text/"):
            found += of_text("".join(data))
        elif not isinstance(data, str) and "json" in kind:
            found += of_json(data)
        else:
            found += NOTHING._replace(hidden=f"something of the kind {kind}")
    return found


def _lines(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else ["".join(text)] if text else []


def _files(out: Path, notebook: Notebook) -> Iterator[Part]:
    """Yield the files that a stage wrote, but its own tables and what the run keeps there."""
    places = _places(notebook)
    for path in everything(out, deep=True):
        if path.is_dir() or path.suffix == ".parquet" or path.name in (FINISHED, HALF):
            continue
        name = path.relative_to(out).as_posix()
        if path.parent.name == "stages":
            yield from _results(json.loads(path.read_text(encoding="utf-8")), notebook)
        else:
            shown = _file(path, name)
            if path.suffix == ".svg":  # matplotlib draws a raster of a map as a picture inside
                shown = shown._replace(hidden="")
            yield Part(places.get(path.name.partition(".")[0]), name, shown)


def _results(manifest: dict[str, Any], notebook: Notebook) -> Iterator[Part]:
    counts = {one.get("execution_count"): at for at, one in enumerate(notebook["cells"])}
    for key, result in manifest["results"].items():
        place = counts.get(manifest["cells"].get(key, {}).get("number"))
        yield Part(place, f"the result '{key}'", of_json({key: result}))
    values = {key: one["value"] for key, one in manifest["results"].items()}
    yield Part(None, "the list of its results", of_json([[*one] for one in values.items()]))


def _file(path: Path, name: str) -> Shown:
    try:
        return of_file(name, path.read_text(encoding="utf-8"))
    except ValueError:
        return NOTHING._replace(hidden=f"{name}, which is no text")


def _names(out: Path) -> frozenset[str]:
    return frozenset(path.stem for path in everything(out / "figures") if path.suffix == ".svg")


def _places(notebook: Notebook) -> dict[str, int]:
    """Return the places of the cells that showed each figure and table."""
    return {
        name: place
        for place, cell in enumerate(notebook["cells"])
        for output in cell.get("outputs", [])
        for name in (output.get("metadata", {}).get("compendium") or {}).values()
        if isinstance(name, str)
    }


def said_of(watchers: Watchers, name: str, said: str) -> str:
    """Return what an error said, or, where that gives rows away, only its name.

    Parameters
    ----------
    watchers : sequence of (Traces, Grains)
        As of :func:`helpers.run.restricted.watchers`.
    name : str
        The name of the error.
    said : str
        Its words.

    Returns
    -------
    str
    """
    if told(watchers, of_text(said)):
        return f"{name}: its words hold rows that may not be passed on, and are not shown"
    return said
